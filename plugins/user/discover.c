// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * discover.c - asking sources for targets, and keeping what they say.
 *
 * All sources are asked side by side; one that is dead costs its own deadline only, and what
 * it said before stays. Nothing is written if the answers are what is stored already.
 */
#include "discover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "net.h"
#include "user.h"

/* --- What to ask ------------------------------------------------------------------------- */

void run_free(struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		ask_release(&run->asks[i]);
	free(run->asks);
}

/* In the gate: the iSNS server or SLP agents, if they are in use. */
static IMA_STATUS plan_service(struct run *run, int64_t source, uint64_t deadline)
{
	const struct state *state = &user.state;

	if (source == SOURCE_ISNS && state->use_isns)
		return ask_plan_isns(&run->asks[run->count++], deadline);
	if (source == SOURCE_SLP && state->use_slp)
		return ask_plan_slp(&run->asks[run->count++], deadline);
	return IMA_STATUS_SUCCESS;
}

/* In the gate: the addresses of the LHBA, if SendTargets is in use. */
static IMA_STATUS plan_addresses(struct run *run, uint64_t deadline)
{
	const struct vector *addresses = &user.state.addresses;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (size_t i = 0; !status && user.state.use_send_targets && i < addresses->count;
	     i++)
		status = ask_plan_send_targets(&run->asks[run->count++],
					       addresses->items[i], deadline);
	return status;
}

static bool make_asks(struct run *run, size_t count)
{
	run->asks = calloc(count, sizeof(*run->asks));
	return run->asks != NULL;
}

static IMA_STATUS plan_all(struct run *run)
{
	uint64_t deadline = net_deadline();
	IMA_STATUS status;

	run->with_static_targets = user.state.use_static;
	run->only_while_on = true;
	if (!make_asks(run, user.state.addresses.count + 2))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	status = plan_addresses(run, deadline);
	if (!status)
		status = plan_service(run, SOURCE_ISNS, deadline);
	return status ? status : plan_service(run, SOURCE_SLP, deadline);
}

static IMA_STATUS plan_address(struct run *run, const struct discovery_address *known)
{
	if (!make_asks(run, 1))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	return ask_plan_send_targets(&run->asks[run->count++], known, net_deadline());
}

IMA_STATUS run_plan(struct run *run, IMA_OID oid)
{
	VISIT visit = visit_begin();
	const struct discovery_address *known;

	if (visit.status)
		return visit.status;
	if (is_lhba(oid))
		return plan_all(run);
	known = object_table_data(user.objects, oid);
	return known ? plan_address(run, known) : not_found(oid);
}

static const struct discovery_address *address_by_source(int64_t source)
{
	for (size_t i = 0; i < user.state.addresses.count; i++) {
		const struct discovery_address *known = user.state.addresses.items[i];

		if (known->id == source)
			return known;
	}
	return NULL;
}

IMA_STATUS run_plan_source(struct run *run, int64_t source)
{
	VISIT visit = visit_begin();
	const struct discovery_address *known;
	IMA_STATUS status;

	if (visit.status)
		return visit.status;
	run->only_while_on = true;
	known = address_by_source(source);
	if (known && user.state.use_send_targets)
		return plan_address(run, known);
	if (!make_asks(run, 1))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	status = plan_service(run, source, net_deadline());
	return status || run->count ? status : IMA_ERROR_OBJECT_NOT_FOUND;
}

static void wake_waiter(struct ask *ask)
{
	waiter_done(ask->user);
}

static IMA_STATUS ask_all(struct run *run)
{
	struct waiter waiter;
	struct iscsi_loop *loop;
	int err;

	if (!run->count)
		return IMA_STATUS_SUCCESS;
	loop = net_loop(&err);
	if (!loop)
		return failure_local(err);
	waiter_init(&waiter, (unsigned int)run->count);
	for (size_t i = 0; i < run->count; i++) {
		run->asks[i].finished = wake_waiter;
		run->asks[i].user = &waiter;
		ask_start(&run->asks[i], loop);
	}
	waiter_wait(&waiter);
	return IMA_STATUS_SUCCESS;
}

/* --- What to keep ------------------------------------------------------------------------- */

static bool is_good(const struct ask *ask)
{
	return ask->error.kind == ISCSI_FAILED_NOTHING;
}

/* Whether a target has exactly these portals from this source. */
static bool has_portals(const struct target *target, int64_t source,
			const struct found *found)
{
	size_t next = 0;

	for (size_t i = 0; i < target->portal_count; i++) {
		const struct portal *portal = &target->portals[i];

		if (portal->source != source)
			continue;
		if (next == found->portal_count ||
		    portal->address.port != found->portals[next].port ||
		    strcmp(portal->address.host, found->portals[next].host) != 0)
			return false;
		next++;
	}
	return next == found->portal_count;
}

static size_t count_from(int64_t source)
{
	size_t count = 0;

	for (size_t i = 0; i < user.state.targets.count; i++) {
		const struct target *target = user.state.targets.items[i];
		size_t j = 0;

		while (j < target->portal_count && target->portals[j].source != source)
			j++;
		count += j < target->portal_count;
	}
	return count;
}

/* In the gate: whether the state says what the address said. */
static bool is_known(const struct ask *ask)
{
	if (count_from(ask->source) != ask->found.count)
		return false;
	for (size_t i = 0; i < ask->found.count; i++) {
		const struct found *found = ask->found.items[i];
		const struct object *object = object_table_by_key(
			user.objects, IMA_OBJECT_TYPE_TARGET, found->name);

		if (!object || !has_portals(object->data, ask->source, found))
			return false;
	}
	return true;
}

static bool same_address(const struct address *a, const struct address *b)
{
	return a->port == b->port && !strcmp(a->host, b->host);
}

static bool is_same_server(const struct ask *ask)
{
	const struct state *state = &user.state;

	return state->isns_method == IMA_ISNS_DISCOVERY_METHOD_STATIC
		       ? same_address(&state->isns_server, &ask->address)
		       : !ask->address.host[0];
}

/* When the answer that is stored was asked for; in the gate. */
static uint64_t *stored_answer(const struct ask *ask)
{
	static uint64_t isns, slp;

	return ask->source == SOURCE_SLP ? &slp : &isns;
}

/* An answer that was overtaken by a later one is old. */
static bool is_service_wanted(const struct ask *ask)
{
	if (ask->begun < *stored_answer(ask))
		return false;
	if (ask->source == SOURCE_SLP)
		return user.state.use_slp;
	return user.state.use_isns && is_same_server(ask);
}

/* Somebody may have removed the source meanwhile, or switched the method off. */
static bool is_wanted(const struct run *run, const struct ask *ask)
{
	const struct discovery_address *known;

	if (ask->source < 0)
		return is_service_wanted(ask);
	if (run->only_while_on && !user.state.use_send_targets)
		return false;
	known = address_by_source(ask->source);
	return known && same_address(&known->address, &ask->address);
}

static bool is_all_known(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (is_good(&run->asks[i]) && is_wanted(run, &run->asks[i]) &&
		    !is_known(&run->asks[i]))
			return false;
	return true;
}

static int write_found(int64_t source, const struct found *found, int64_t *place)
{
	enum store_statement add = source < 0 ? STORE_ADD_SERVICE_PORTAL
					      : STORE_ADD_PORTAL;
	char text[ADDRESS_TEXT_SIZE];
	int64_t id;
	int err = store_target_row(user.store, found->name, &id);

	for (size_t i = 0; !err && i < found->portal_count; i++) {
		address_format(&found->portals[i], text);
		err = store_run(user.store, add, "iiiti", id, source, (*place)++, text,
				(int64_t)-1);
	}
	if (!err && found->alias)
		err = store_run(user.store, STORE_SUGGEST_ALIAS, "it", id, found->alias);
	return err;
}

static int write_ask(const struct ask *ask)
{
	enum store_statement remove = ask->source < 0 ? STORE_REMOVE_SERVICE_PORTALS
						      : STORE_REMOVE_PORTALS;
	int64_t place = 0;
	int err = store_run(user.store, remove, "i", ask->source);

	for (size_t i = 0; !err && i < ask->found.count; i++)
		err = write_found(ask->source, ask->found.items[i], &place);
	if (!err && ask->source < 0)
		*stored_answer(ask) = ask->begun;
	return err;
}

static int write_all(const struct run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->count; i++)
		if (is_good(&run->asks[i]) && is_wanted(run, &run->asks[i]))
			err = write_ask(&run->asks[i]);
	return err ? err : store_run(user.store, STORE_REMOVE_LOST_TARGETS, "");
}

static IMA_STATUS keep(const struct run *run)
{
	VISIT visit = visit_begin_change();
	int err;

	if (visit.status)
		return visit.status;
	err = write_all(run);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

static bool is_news(const struct run *run)
{
	VISIT visit = visit_begin();

	return !visit.status && !is_all_known(run);
}

/* --- What to answer ------------------------------------------------------------------------ */

/* Lists a target once, if it is there: scratch says that it is listed. */
static int list_target(const char *name, struct vector *listed, struct oid_list *list)
{
	struct object *object = object_table_by_key(user.objects, IMA_OBJECT_TYPE_TARGET,
						    name);
	int err;

	if (!object || object->scratch)
		return 0;
	err = vector_add(listed, object);
	if (!err)
		err = oid_list_add(list, object->oid);
	if (!err)
		object->scratch = object;
	return err;
}

static int list_found(const struct run *run, struct vector *listed, struct oid_list *list)
{
	const struct vector *static_targets = &user.state.static_targets;
	int err = 0;

	for (size_t i = 0; i < run->count; i++) {
		const struct vector *found = &run->asks[i].found;

		for (size_t j = 0; !err && is_good(&run->asks[i]) && j < found->count;
		     j++)
			err = list_target(((struct found *)found->items[j])->name, listed,
					  list);
	}
	for (size_t i = 0; !err && run->with_static_targets && i < static_targets->count;
	     i++)
		err = list_target(
			((struct static_target *)static_targets->items[i])->name, listed,
			list);
	return err;
}

static IMA_STATUS give_list(const struct run *run, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	struct vector listed = { 0 };
	VISIT visit = visit_begin();
	int err;

	if (visit.status)
		return visit.status;
	err = list_found(run, &listed, &list);
	for (size_t i = 0; i < listed.count; i++)
		((struct object *)listed.items[i])->scratch = NULL;
	vector_free(&listed);
	return status_from_errno(err ? err : oid_list_end(&list, ppList));
}

/* Of several failures: a refusal before silence. */
static const struct iscsi_error *worst(const struct run *run)
{
	const struct iscsi_error *error = &run->asks[0].error;

	for (size_t i = 1; i < run->count; i++)
		if (failure_code(error) != IMA_ERROR_LOGIN_REJECTED &&
		    failure_code(&run->asks[i].error) != IMA_ERROR_TARGET_TIMEOUT)
			error = &run->asks[i].error;
	return error;
}

/* A source has answered, or there is none. Configured static targets are a source. */
static IMA_STATUS outcome(const struct run *run)
{
	bool is_any_good = !run->count;

	for (size_t i = 0; i < run->count; i++) {
		if (is_good(&run->asks[i]))
			is_any_good = true;
		else
			host_log(IMAX_LOG_WARNING, "%s", run->asks[i].error.text);
	}
	return is_any_good ? IMA_STATUS_SUCCESS : failure_status(worst(run));
}

IMA_STATUS run_keep(const struct run *run)
{
	IMA_STATUS status = outcome(run);

	return status || !is_news(run) ? status : keep(run);
}

IMA_STATUS IMAX_DiscoverTargets(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct run run = { 0 };
	IMA_STATUS status = run_plan(&run, oid);

	*ppList = NULL;
	if (!status)
		status = ask_all(&run);
	if (!status)
		status = run_keep(&run);
	if (!status)
		status = give_list(&run, ppList);
	run_free(&run);
	return status;
}
