// SPDX-License-Identifier: LGPL-2.1-or-later
#include "state.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "discovery-protocols/isns.h"
#include "keys.h"
#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "shared/iscsi-name.h"
#include "statistics.h"
#include "store.h"

/* What the row functions work on. */
struct loading {
	struct state *state;
	struct object_table *objects;
};

void target_free(struct target *target)
{
	free(target->alias);
	free(target->portals);
	free(target->switches.lus);
	free(target);
}

static void drop_all(struct vector *vector)
{
	for (size_t i = 0; i < vector->count; i++)
		free(vector->items[i]);
	vector_free(vector);
}

void state_drop(struct state *state)
{
	drop_all(&state->addresses);
	drop_all(&state->static_targets);
	for (size_t i = 0; i < state->targets.count; i++) {
		struct target *target = state->targets.items[i];

		/* Where get_target() put it: the next load must not find it there. */
		target->object->scratch = NULL;
		target_free(target);
	}
	vector_free(&state->targets);
}

void state_clear(struct state *state)
{
	memset(state, 0, sizeof(*state));
	state->use_send_targets = true;
	state->use_static = true;
	state->auth.methods[0] = IMA_AUTHMETHOD_NONE;
	state->auth.method_count = 1;
}

bool portals_equal(const struct target *a, const struct target *b)
{
	if (a->portal_count != b->portal_count)
		return false;
	for (size_t i = 0; i < a->portal_count; i++)
		if (a->portals[i].address.port != b->portals[i].address.port ||
		    a->portals[i].tag != b->portals[i].tag ||
		    strcmp(a->portals[i].address.host, b->portals[i].address.host) != 0)
			return false;
	return true;
}

/* The store may hold anything: what is not valid is left out, not believed. */
static int skip(const char *what, const char *text)
{
	host_log(IMAX_LOG_WARNING, "user.db: %s \"%.200s\" is not valid and is ignored",
		 what, text);
	return 0;
}

static bool set_isns(struct state *state, const char *name, const char *value)
{
	if (!strcmp(name, "isns-method"))
		state->isns_method = !strcmp(value, "slp")
					     ? IMA_ISNS_DISCOVERY_METHOD_SLP
					     : IMA_ISNS_DISCOVERY_METHOD_STATIC;
	else if (strcmp(name, "isns-server") != 0 ||
		 address_parse(value, ISNS_PORT, &state->isns_server))
		return false;
	return true;
}

static bool set_switch(struct state *state, const char *name, const char *value)
{
	static const struct {
		const char *name;
		size_t offset;
	} switches[] = {
		{ "isns", offsetof(struct state, use_isns) },
		{ "send-targets", offsetof(struct state, use_send_targets) },
		{ "slp", offsetof(struct state, use_slp) },
		{ "static", offsetof(struct state, use_static) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (!strcmp(name, switches[i].name)) {
			bool *on = (bool *)((char *)state + switches[i].offset);

			/* What is neither on nor off leaves what is the default. */
			*on = *on ? strcmp(value, "off") != 0 : !strcmp(value, "on");
			return true;
		}
	return false;
}

static int add_setting(const struct store_row *row, void *user)
{
	struct state *state = ((struct loading *)user)->state;
	const char *name = store_text(row, 0), *value = store_text(row, 1);

	if (set_switch(state, name, value) || set_isns(state, name, value))
		return 0;
	if (!strcmp(name, "node-name") && !iscsi_name_check(value, NULL))
		snprintf(state->name, sizeof(state->name), "%s", value);
	else if (!strcmp(name, "node-alias") && strlen(value) <= ISCSI_ALIAS_MAX)
		snprintf(state->alias, sizeof(state->alias), "%s", value);
	else
		return skip("setting", name);
	return 0;
}

struct discovery_address *state_make_address(struct object_table *objects,
					     const char *text, int64_t id)
{
	struct discovery_address *made = calloc(1, sizeof(*made));

	if (!made)
		return NULL;
	made->id = id;
	made->object = object_table_get(objects, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, text);
	if (made->object && !address_parse(text, 0, &made->address))
		return made;
	free(made);
	return NULL;
}

static int add_address(const struct store_row *row, void *user)
{
	struct loading *loading = user;
	struct discovery_address *made;
	struct address address;
	const char *text = store_text(row, 1);

	if (address_parse(text, 0, &address))
		return skip("discovery address", text);
	made = state_make_address(loading->objects, text, store_integer(row, 0, 0));
	if (!made || vector_add(&loading->state->addresses, made)) {
		free(made);
		return -ENOMEM;
	}
	return 0;
}

struct static_target *state_make_static(struct object_table *objects, const char *name,
					const char *text, int64_t id)
{
	struct static_target *made = calloc(1, sizeof(*made));
	char key[ISCSI_NAME_MAX + ADDRESS_TEXT_SIZE + 2];

	if (!made)
		return NULL;
	made->id = id;
	snprintf(made->name, sizeof(made->name), "%s", name);
	snprintf(key, sizeof(key), "%s %s", name, text);
	made->object = object_table_get(objects, IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET,
					key);
	if (made->object && !address_parse(text, 0, &made->address))
		return made;
	free(made);
	return NULL;
}

static int add_static(const struct store_row *row, void *user)
{
	struct loading *loading = user;
	const char *name = store_text(row, 1), *text = store_text(row, 2);
	struct static_target *made;
	struct address address;

	if (iscsi_name_check(name, NULL) || address_parse(text, 0, &address))
		return skip("static target", name);
	made = state_make_static(loading->objects, name, text, store_integer(row, 0, 0));
	if (!made || vector_add(&loading->state->static_targets, made)) {
		free(made);
		return -ENOMEM;
	}
	return 0;
}

/* The target with this name in the state that is being loaded; NULL: no memory. */
static struct target *get_target(struct loading *loading, const char *name)
{
	struct object *object = object_table_get(loading->objects, IMA_OBJECT_TYPE_TARGET,
						 name);
	struct target *made;

	if (!object || object->scratch)
		return object ? object->scratch : NULL;
	made = calloc(1, sizeof(*made));
	if (!made || vector_add(&loading->state->targets, made)) {
		free(made);
		return NULL;
	}
	made->object = object;
	object->scratch = made;
	return made;
}

static IMA_UINT32 method_of(int64_t source)
{
	if (source == SOURCE_STATIC)
		return IMA_TARGET_DISCOVERY_METHOD_STATIC;
	return source < 0 ? (IMA_UINT32)-source : IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS;
}

int target_add_portal(struct target *target, const struct address *address, int32_t tag,
		      int64_t source)
{
	struct portal *portals = reallocarray(target->portals, target->portal_count + 1,
					      sizeof(*portals));

	if (!portals)
		return -ENOMEM;
	target->portals = portals;
	portals[target->portal_count++] = (struct portal){ .address = *address,
							   .tag = tag,
							   .source = source };
	target->methods |= method_of(source);
	return 0;
}

static int set_row(struct target *target, const struct store_row *row)
{
	const char *alias = store_text(row, 2);

	if (target->id)
		return 0;
	target->id = store_integer(row, 0, 0);
	if (!*alias || strlen(alias) > ISCSI_ALIAS_MAX)
		return 0;
	target->alias = strdup(alias);
	return target->alias ? 0 : -ENOMEM;
}

/* A row is a target with one of its portals, or without if it has none. */
static int add_target(const struct store_row *row, void *user)
{
	struct loading *loading = user;
	const char *name = store_text(row, 1), *text = store_text(row, 4);
	int64_t source = store_integer(row, 3, 0);
	int64_t tag = store_integer(row, 5, -1);
	struct target *target;
	struct address address;
	int err;

	if (iscsi_name_check(name, NULL))
		return skip("target", name);
	target = get_target(loading, name);
	err = target ? set_row(target, row) : -ENOMEM;
	if (err || !source)
		return err;
	if (address_parse(text, 0, &address))
		return skip("portal", text);
	return target_add_portal(target, &address,
				 tag < 0 || tag > UINT16_MAX ? -1 : (int)tag, source);
}

/* A portal that an iSNS server or SLP agents reported. */
static int add_service_portal(const struct store_row *row, void *user)
{
	struct loading *loading = user;
	const char *name = store_text(row, 0), *text = store_text(row, 2);
	int64_t source = store_integer(row, 1, 0), tag = store_integer(row, 3, -1);
	struct target *target;
	struct address address;

	if (iscsi_name_check(name, NULL) || address_parse(text, 0, &address) ||
	    (source != SOURCE_ISNS && source != SOURCE_SLP))
		return skip("portal", text);
	target = get_target(loading, name);
	if (!target)
		return -ENOMEM;
	return target_add_portal(target, &address,
				 tag < 0 || tag > UINT16_MAX ? -1 : (int)tag, source);
}

static int add_static_portals(struct loading *loading)
{
	struct vector *static_targets = &loading->state->static_targets;

	for (size_t i = 0; loading->state->use_static && i < static_targets->count; i++) {
		struct static_target *known = static_targets->items[i];
		struct target *target = get_target(loading, known->name);

		if (!target || target_add_portal(target, &known->address, -1, 0))
			return -ENOMEM;
	}
	return 0;
}

static int add_param(const struct store_row *row, void *user)
{
	struct loading *loading = user;
	const char *name = store_text(row, 0);
	int64_t value = store_integer(row, 2, -1);
	struct params *own = &loading->state->own;
	enum iscsi_param param;

	if (key_by_name(store_text(row, 1), &param) || !key_allows(param, value))
		return skip("login key", store_text(row, 1));
	if (*name) {
		struct target *target = get_target(loading, name);

		if (!target)
			return -ENOMEM;
		own = &target->own;
	}
	own->set |= 1U << param;
	own->value[param] = (uint32_t)value;
	return 0;
}

static int add_switch(const struct store_row *row, void *user)
{
	const char *lun = store_text(row, 1);
	bool is_off = !store_integer(row, 2, 1);
	struct target *target = get_target(user, store_text(row, 0));

	if (!target)
		return -ENOMEM;
	if (*lun)
		return switches_set_lu(&target->switches, lun, is_off) ? skip("LUN", lun)
								       : 0;
	target->switches.is_off = is_off;
	return 0;
}

static int add_method(const struct store_row *row, void *user)
{
	struct auth *auth = &((struct loading *)user)->state->auth;
	int64_t method = store_integer(row, 0, -1);

	if (method != IMA_AUTHMETHOD_NONE && method != IMA_AUTHMETHOD_CHAP)
		return skip("authentication method", store_text(row, 0));
	if (auth->method_count < USER_METHODS)
		auth->methods[auth->method_count++] = (IMA_AUTHMETHOD)method;
	return 0;
}

/* Whose setting a row is: *auth stays NULL if there is no such thing. */
static int find_auth(struct loading *loading, const struct store_row *row,
		     struct auth **auth)
{
	const char *target = store_text(row, 1), *address = store_text(row, 3);
	const struct vector *addresses = &loading->state->addresses;
	struct target *found;

	*auth = NULL;
	if (store_integer(row, 0, 0) && !iscsi_name_check(target, NULL)) {
		found = get_target(loading, target);
		*auth = found ? &found->auth : NULL;
		return found ? 0 : -ENOMEM;
	}
	for (size_t i = 0; store_integer(row, 2, 0) && i < addresses->count; i++) {
		struct discovery_address *known = addresses->items[i];

		if (!strcmp(known->object->key, address))
			*auth = &known->auth;
	}
	if (!store_integer(row, 0, 0) && !store_integer(row, 2, 0))
		*auth = &loading->state->auth;
	return 0;
}

static int add_own_setting(const struct store_row *row, void *user)
{
	const char *name = store_text(row, 4);
	struct auth *auth;
	int err = find_auth(user, row, &auth);

	if (err)
		return err;
	return auth && !auth_setting_parse(auth, name, store_text(row, 5))
		       ? 0
		       : skip("setting", name);
}

static int load_rows(struct store *store, struct loading *loading)
{
	static const struct {
		enum store_statement statement;
		int (*row)(const struct store_row *row, void *user);
	} tables[] = {
		{ STORE_SETTINGS, add_setting },
		{ STORE_ADDRESSES, add_address },
		{ STORE_STATICS, add_static },
		{ STORE_TARGETS, add_target },
		{ STORE_PARAMS, add_param },
		{ STORE_METHODS, add_method },
		{ STORE_SERVICE_PORTALS, add_service_portal },
		{ STORE_STATISTICS, add_switch },
		{ STORE_OWN_SETTINGS, add_own_setting },
	};
	struct auth *auth = &loading->state->auth;
	int err = 0;

	auth->method_count = 0;
	for (size_t i = 0; !err && i < ARRAY_SIZE(tables); i++)
		err = store_select(store, tables[i].statement, tables[i].row, loading,
				   "");
	if (!auth->method_count)
		auth->methods[auth->method_count++] = IMA_AUTHMETHOD_NONE;
	return err ? err : add_static_portals(loading);
}

/* Rows of targets nobody finds any more stay in the store, but there is no such target. */
static void forget_unknown(struct state *state)
{
	struct vector *targets = &state->targets;
	size_t kept = 0;

	for (size_t i = 0; i < targets->count; i++) {
		struct target *target = targets->items[i];

		target->object->scratch = NULL;
		if (target->methods)
			targets->items[kept++] = target;
		else
			target_free(target);
	}
	state->stale = targets->count - kept;
	targets->count = kept;
}

int state_load(struct store *store, struct object_table *objects, struct state *state)
{
	struct loading loading = { .state = state, .objects = objects };
	int err;

	state_clear(state);
	err = store ? load_rows(store, &loading) : 0;
	forget_unknown(state);
	return err;
}
