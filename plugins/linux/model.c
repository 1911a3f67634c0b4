// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * model.c - making the objects of the API from a state of sysfs and the database.
 */
#include "model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "build.h"
#include "record.h"
#include "shared/cleanup.h"

/* --- Small helpers ---------------------------------------------------------------------- */

static int attach(struct builder *b, struct item *item, IMA_OBJECT_TYPE type,
		  const char *key)
{
	return items_attach(&b->model->items, b->table, item, type, key);
}

void key_of_target(const char *iface, const char *target, char key[KEY_SIZE])
{
	snprintf(key, KEY_SIZE, "%s\x1f%s", iface, target);
}

void key_of_lu(const struct target *target, uint64_t lun, char key[KEY_SIZE])
{
	snprintf(key, KEY_SIZE, "%s\x1f%s\x1f%" PRIx64, target->lhba->name, target->name,
		 lun);
}

/* --- Nodes and LHBAs --------------------------------------------------------------------- */

static struct node *find_node(struct builder *b, const char *name)
{
	for_each_item(struct node, node, &b->model->nodes)
		if (!strcmp(node->name, name))
			return node;
	return NULL;
}

/* The node of an interface: one of its own only if it has a name of its own. */
static int node_of_iface(struct builder *b, const struct db_iface *record,
			 const struct node **result)
{
	const char *name = record ? record->initiator_name : NULL;
	struct node *node;

	*result = NULL;
	if (!name || (b->model->shared_name && !strcmp(name, b->model->shared_name)))
		return 0;
	node = find_node(b, name);
	if (!node) {
		node = arena_alloc(&b->model->arena, sizeof(*node));
		if (!node || attach(b, &node->item, IMA_OBJECT_TYPE_NODE, name) ||
		    array_add_pointer(&b->model->nodes, node))
			return -ENOMEM;
		node->name = name;
	}
	*result = node;
	return 0;
}

static const struct db_iface *find_record(const struct nodedb *db, const char *name)
{
	for (size_t i = 0; i < db->iface_count; i++)
		if (!strcmp(db->ifaces[i].name, name))
			return &db->ifaces[i];
	return NULL;
}

static uint64_t facts_of_lhba(const struct builder *b, const struct lhba *lhba)
{
	const struct db_iface *r = lhba->record;
	uint64_t facts = facts_mix(b->config_facts, "", 1);

	if (!r)
		return facts;
	facts = facts_mix_text(facts_mix_text(facts, r->transport), r->initiator_name);
	facts = facts_mix_text(facts_mix_text(facts, r->hwaddress), r->netdev);
	return facts_mix_text(facts, r->ipaddress);
}

static int add_lhba(struct builder *b, const char *name)
{
	struct lhba *lhba = arena_alloc(&b->model->arena, sizeof(*lhba));

	if (!lhba || array_add_pointer(&b->model->lhbas, lhba))
		return -ENOMEM;
	lhba->name = name;
	lhba->record = find_record(b->db, name);
	if (attach(b, &lhba->item, IMA_OBJECT_TYPE_LHBA, name))
		return -ENOMEM;
	lhba->item.facts = facts_of_lhba(b, lhba);
	return node_of_iface(b, lhba->record, &lhba->node);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int collect_names(struct builder *b, struct array *names)
{
	int err = 0;

	for (size_t i = 0; i < b->db->iface_count && !err; i++)
		err = array_add_pointer(names, b->db->ifaces[i].name);
	for (size_t i = 0; i < b->db->node_count && !err; i++)
		if (!i || strcmp(b->db->nodes[i - 1].iface, b->db->nodes[i].iface))
			err = array_add_pointer(names, b->db->nodes[i].iface);
	for (size_t i = 0; i < b->sys->session_count && !err; i++)
		err = array_add_pointer(names, b->sys->sessions[i].iface);
	return err;
}

/* "default" first, then the others by name. */
static int build_lhbas(struct builder *b)
{
	struct array _cleanup_(array_free) names = { 0 };
	int err = collect_names(b, &names);
	const char **list = names.data;
	bool has_default = b->available;

	if (names.count)
		qsort(list, names.count, sizeof(*list), compare_names);
	for (size_t i = 0; i < names.count; i++)
		has_default |= !strcmp(list[i], "default");
	if (!err && has_default)
		err = add_lhba(b, "default");
	for (size_t i = 0; i < names.count && !err; i++)
		if (strcmp(list[i], "default") && (!i || strcmp(list[i - 1], list[i])))
			err = add_lhba(b, list[i]);
	return err;
}

static struct lhba *find_lhba(struct builder *b, const char *name)
{
	for_each_item(struct lhba, lhba, &b->model->lhbas)
		if (!strcmp(lhba->name, name))
			return lhba;
	return NULL;
}

/* --- Targets ----------------------------------------------------------------------------- */

/* What makes a target known: a record or a session. */
struct reason {
	const char *iface, *target;
	const struct db_node *node;
	const struct sys_session *session;
};

/* Sessions after records, each in its own order: their places in memory. */
static int compare_reasons(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;
	int order = strcmp(x->iface, y->iface);

	if (!order)
		order = strcmp(x->target, y->target);
	if (!order)
		order = (x->node < y->node) - (x->node > y->node);
	if (!order)
		order = (x->session > y->session) - (x->session < y->session);
	return order;
}

static int collect_reasons(struct builder *b, struct array *reasons)
{
	for (size_t i = 0; i < b->db->node_count; i++) {
		struct reason *r = array_add(reasons, sizeof(*r));

		if (!r)
			return -ENOMEM;
		r->node = &b->db->nodes[i];
		r->iface = r->node->iface;
		r->target = r->node->target;
	}
	for (size_t i = 0; i < b->sys->session_count; i++) {
		struct reason *r = array_add(reasons, sizeof(*r));

		if (!r)
			return -ENOMEM;
		r->session = &b->sys->sessions[i];
		r->iface = r->session->iface;
		r->target = r->session->target;
	}
	if (reasons->count)
		qsort(reasons->data, reasons->count, sizeof(struct reason),
		      compare_reasons);
	return 0;
}

static int build_connections(struct builder *b, struct session *s)
{
	char key[KEY_SIZE];

	s->connections = arena_alloc(&b->model->arena,
				     (s->sys->cid_count + 1) * sizeof(*s->connections));
	if (!s->connections)
		return -ENOMEM;
	for (size_t i = 0; i < s->sys->cid_count; i++) {
		struct connection_item *c = &s->connections[i];

		c->session = s;
		c->cid = s->sys->cids[i];
		snprintf(key, sizeof(key), "%u:%u", s->sys->sid, c->cid);
		if (attach(b, &c->item, IMA_OBJECT_TYPE_CONNECTION, key))
			return -ENOMEM;
	}
	return 0;
}

static int build_session(struct builder *b, struct target *t,
			 const struct sys_session *sys)
{
	struct session *s = arena_alloc(&b->model->arena, sizeof(*s));
	char key[KEY_SIZE];

	if (!s || array_add_pointer(&b->model->sessions, s))
		return -ENOMEM;
	s->target = t;
	s->sys = sys;
	t->sessions[t->session_count++] = s;
	snprintf(key, sizeof(key), "%u", sys->sid);
	if (attach(b, &s->item, IMA_OBJECT_TYPE_SESSION, key))
		return -ENOMEM;
	return build_connections(b, s);
}

static uint64_t facts_of_target(const struct target *t)
{
	uint64_t facts = t->node_count;

	for (size_t i = 0; i < t->node_count; i++) {
		const struct db_node *n = &t->nodes[i];

		facts = facts_mix_text(facts, n->portal.host);
		facts = facts_mix(facts, &n->portal.port, sizeof(n->portal.port));
		facts = facts_mix(facts, &n->portal.tpgt, sizeof(n->portal.tpgt));
		facts = facts_mix(facts, &n->methods, sizeof(n->methods));
		facts = facts_mix(facts, &n->found, sizeof(n->found));
	}
	for (size_t i = 0; i < t->session_count; i++)
		facts = facts_mix(facts, &t->sessions[i]->sys->sid, sizeof(uint32_t));
	return facts;
}

static int build_target(struct builder *b, const struct reason *reasons, size_t count)
{
	struct target *t = arena_alloc(&b->model->arena, sizeof(*t));
	char key[KEY_SIZE];
	int err = 0;

	if (!t || array_add_pointer(&b->model->targets, t))
		return -ENOMEM;
	t->lhba = find_lhba(b, reasons->iface);
	t->name = reasons->target;
	t->sessions = arena_alloc(&b->model->arena, (count + 1) * sizeof(*t->sessions));
	key_of_target(reasons->iface, reasons->target, key);
	if (!t->sessions || attach(b, &t->item, IMA_OBJECT_TYPE_TARGET, key))
		return -ENOMEM;
	for (size_t i = 0; i < count && !err; i++) {
		if (reasons[i].session) {
			err = build_session(b, t, reasons[i].session);
			continue;
		}
		/* Records come in descending order of their place: the last is the first. */
		t->nodes = reasons[i].node;
		t->node_count++;
	}
	t->item.facts = facts_of_target(t);
	return err;
}

static void assign_targets(struct builder *b)
{
	struct target **list = b->model->targets.data;
	size_t at = 0;

	while (at < b->model->targets.count) {
		struct lhba *lhba = list[at]->lhba;

		lhba->targets = list + at;
		while (at < b->model->targets.count && list[at]->lhba == lhba)
			at++;
		lhba->target_count = (size_t)(list + at - lhba->targets);
	}
}

static int build_targets(struct builder *b)
{
	struct array _cleanup_(array_free) reasons = { 0 };
	int err = collect_reasons(b, &reasons);
	const struct reason *list = reasons.data;
	size_t first = 0;

	while (!err && first < reasons.count) {
		size_t end = first + 1;

		while (end < reasons.count &&
		       !strcmp(list[end].iface, list[first].iface) &&
		       !strcmp(list[end].target, list[first].target))
			end++;
		err = build_target(b, list + first, end - first);
		first = end;
	}
	assign_targets(b);
	return err;
}

/* --- LUs ----------------------------------------------------------------------------------- */

/* One path to a LU: for sorting. */
struct path {
	uint64_t lun;
	const struct sys_lu *lu; /* NULL: not exposed, but kept */
};

/* A path of an older session comes first; one that is only kept comes last. */
static int compare_paths(const void *a, const void *b)
{
	const struct path *x = a, *y = b;

	if (x->lun != y->lun)
		return x->lun < y->lun ? -1 : 1;
	if (!x->lu || !y->lu)
		return !x->lu - !y->lu;
	return (x->lu > y->lu) - (x->lu < y->lu);
}

static int collect_paths(struct builder *b, const struct target *t, struct array *paths)
{
	const struct kept_lu *kept = b->kept->data;

	for (size_t s = 0; s < t->session_count; s++) {
		const struct sys_session *sys = t->sessions[s]->sys;

		for (size_t i = 0; i < sys->lu_count; i++) {
			struct path *p = array_add(paths, sizeof(*p));

			if (!p)
				return -ENOMEM;
			*p = (struct path){ sys->lus[i].at.lun, &sys->lus[i] };
		}
	}
	for (size_t i = 0; i < b->kept->count; i++) {
		struct path *p;

		if (kept[i].target != t->item.object)
			continue;
		p = array_add(paths, sizeof(*p));
		if (!p)
			return -ENOMEM;
		*p = (struct path){ kept[i].lun, NULL };
	}
	if (paths->count)
		qsort(paths->data, paths->count, sizeof(struct path), compare_paths);
	return 0;
}

/* Where a path leads and what it is called. */
static uint64_t facts_of_path(uint64_t facts, const struct sys_lu *path)
{
	char address[HCTL_TEXT];

	hctl_format(&path->at, address);
	return facts_mix_text(facts_mix_text(facts, address), path->device);
}

static int build_lu(struct builder *b, struct target *t, const struct path *paths,
		    size_t count)
{
	struct lu *lu = arena_alloc(&b->model->arena, sizeof(*lu));
	char key[KEY_SIZE];

	if (!lu || array_add_pointer(&b->model->lus, lu))
		return -ENOMEM;
	lu->target = t;
	lu->lun = paths->lun;
	lu->paths = arena_alloc(&b->model->arena, (count + 1) * sizeof(*lu->paths));
	key_of_lu(t, lu->lun, key);
	if (!lu->paths || attach(b, &lu->item, IMA_OBJECT_TYPE_LU, key))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (!paths[i].lu)
			continue;
		lu->paths[lu->path_count++] = paths[i].lu;
		lu->item.facts = facts_of_path(lu->item.facts, paths[i].lu);
	}
	/* Kept without being exposed: it is there, but nobody sees it. */
	lu->item.hidden = !lu->path_count;
	return 0;
}

static int build_lus_of(struct builder *b, struct target *t)
{
	struct array _cleanup_(array_free) paths = { 0 };
	int err = collect_paths(b, t, &paths);
	const struct path *list = paths.data;

	for (size_t first = 0, end; !err && first < paths.count; first = end) {
		for (end = first + 1;
		     end < paths.count && list[end].lun == list[first].lun;)
			end++;
		err = build_lu(b, t, list + first, end - first);
		t->lu_count++;
	}
	return err;
}

static int build_lus(struct builder *b)
{
	struct lu **list;
	int err = 0;

	for_each_item(struct target, t, &b->model->targets)
		if (!err && (t->session_count || b->kept->count))
			err = build_lus_of(b, t);
	if (err)
		return err;
	/* The array does not move any more: targets get their parts of it. */
	list = b->model->lus.data;
	for_each_item(struct target, t, &b->model->targets) {
		t->lus = list;
		list += t->lu_count;
	}
	return 0;
}

/* --- Addresses and static targets ---------------------------------------------------------- */

static int build_addresses(struct builder *b)
{
	char key[KEY_SIZE];

	for_each_item(struct lhba, lhba, &b->model->lhbas)
		for (size_t i = 0; i < b->db->send_targets_count; i++) {
			struct discovery_address *a = arena_alloc(&b->model->arena,
								  sizeof(*a));

			if (!a || array_add_pointer(&b->model->addresses, a))
				return -ENOMEM;
			a->lhba = lhba;
			a->source = &b->db->send_targets[i];
			snprintf(key, sizeof(key), "%s\x1f%s,%u", lhba->name,
				 a->source->portal.host, a->source->portal.port);
			if (attach(b, &a->item, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, key))
				return -ENOMEM;
		}
	return 0;
}

static int build_static(struct builder *b, struct target *t, const struct db_node *node)
{
	struct static_target *s = arena_alloc(&b->model->arena, sizeof(*s));
	char key[KEY_SIZE];

	if (!s || array_add_pointer(&b->model->static_targets, s))
		return -ENOMEM;
	s->target = t;
	s->node = node;
	snprintf(key, sizeof(key), "%s\x1f%s\x1f%s,%u,%d", t->lhba->name, t->name,
		 node->portal.host, node->portal.port, node->portal.tpgt);
	return attach(b, &s->item, IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET, key);
}

static int build_static_targets(struct builder *b)
{
	int err = 0;

	for_each_item(struct target, t, &b->model->targets)
		for (size_t i = 0; i < t->node_count && !err; i++)
			if (t->nodes[i].methods & DB_METHOD_BY_HAND)
				err = build_static(b, t, &t->nodes[i]);
	return err;
}

/* --- All of it ------------------------------------------------------------------------------ */

static int build_all(struct builder *b)
{
	static int (*const steps[])(struct builder *) = {
		build_lhbas,	 build_targets,	       build_lus,
		build_addresses, build_static_targets,
	};
	int err = 0;

	if (b->shared_name) {
		b->model->shared_name = arena_text(&b->model->arena, b->shared_name,
						   strlen(b->shared_name));
		err = b->model->shared_name ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < ARRAY_SIZE(steps) && !err; i++)
		err = steps[i](b);
	return err;
}

int model_build(struct builder *b, struct model **result)
{
	int err;

	b->model = calloc(1, sizeof(*b->model));
	if (!b->model)
		return -ENOMEM;
	err = build_all(b);
	if (err) {
		items_undo(&b->model->items);
		model_free(b->model);
		return err;
	}
	*result = b->model;
	return 0;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	items_free(&m->items);
	array_free(&m->lhbas);
	array_free(&m->targets);
	array_free(&m->lus);
	array_free(&m->sessions);
	array_free(&m->addresses);
	array_free(&m->static_targets);
	array_free(&m->nodes);
	arena_free(&m->arena);
	free(m);
}
