// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * nodedb.c - reading the names in open-iscsi's database.
 *
 * The lock of open-iscsi is not taken: folders and links are made and removed one by one by
 * it, and a reader of names sees the state before or after each. No locks, no state.
 */
#include "nodedb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attr.h"
#include "ima.h"
#include "record.h"
#include "shared/cleanup.h"
#include "shared/number.h"

/* What a link of discovery says. */
struct link {
	const char *target, *iface;
	struct portal portal;
	uint8_t method;
};

/* A database being read. */
struct reading {
	struct nodedb *db;
	int root;
	struct array links, nodes, send_targets, isns, ifaces;
};

static const struct {
	const char *folder;
	bool sources; /* one folder per source in it */
	uint8_t method;
} link_folders[] = {
	{ "send_targets", true, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS },
	{ "isns", true, IMA_TARGET_DISCOVERY_METHOD_ISNS },
	{ "static", false, IMA_TARGET_DISCOVERY_METHOD_STATIC | DB_METHOD_BY_HAND },
	{ "fw", false, IMA_TARGET_DISCOVERY_METHOD_STATIC },
	{ "slp", false, IMA_TARGET_DISCOVERY_METHOD_SLP },
};

/* A missing part is empty, and so is one that this user may not read. */
static int tolerate(struct reading *r, int err)
{
	if (err == -EACCES || err == -EPERM)
		r->db->denied = true;
	else if (!attr_is_gone(err) && err != -ENOTDIR)
		return err;
	return 0;
}

static int parse_number(const char *text, const char *end, uint64_t max, uint64_t *value)
{
	char number[24];
	size_t n = (size_t)(end - text);

	if (n >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, n);
	number[n] = 0;
	return number_parse(number, 0, max, value);
}

/* Port and TPGT, separated by a comma or with the TPGT missing. */
static int parse_port(const char *text, const char *end, struct portal *portal)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));
	uint64_t port, tpgt;

	if (parse_number(text, comma ? comma : end, UINT16_MAX, &port))
		return -EINVAL;
	portal->port = (uint16_t)port;
	portal->tpgt = PORTAL_NO_TPGT;
	/* What is no 16-bit tag ("-1", "4294967295") stands for an unknown one. */
	if (comma && !parse_number(comma + 1, end, UINT16_MAX, &tpgt))
		portal->tpgt = (int32_t)tpgt;
	return 0;
}

/* "HOST,PORT,TPGT" or "HOST,PORT". */
static int parse_portal(struct arena *arena, const char *text, const char *end,
			struct portal *portal)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));

	if (!comma || comma == text || comma - text >= PORTAL_HOST)
		return -EINVAL;
	if (parse_port(comma + 1, end, portal))
		return -EINVAL;
	portal->host = arena_text(arena, text, (size_t)(comma - text));
	return portal->host ? 0 : -ENOMEM;
}

/* "TARGET,HOST,PORT,TPGT,IFACE". -EINVAL: something else that lies in the folder. */
static int parse_link(struct arena *arena, const char *text, struct link *link)
{
	const char *comma[4], *at = text;
	int err;

	for (int i = 0; i < 4; i++) {
		comma[i] = strchr(at, ',');
		if (!comma[i])
			return -EINVAL;
		at = comma[i] + 1;
	}
	if (comma[0] == text || !*at)
		return -EINVAL;
	err = parse_portal(arena, comma[0] + 1, comma[3], &link->portal);
	if (err)
		return err;
	link->target = arena_text(arena, text, (size_t)(comma[0] - text));
	link->iface = arena_text(arena, at, strlen(at));
	return link->target && link->iface ? 0 : -ENOMEM;
}

static int compare_portals(const struct portal *a, const struct portal *b)
{
	int order = strcmp(a->host, b->host);

	if (order)
		return order;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return (a->tpgt > b->tpgt) - (a->tpgt < b->tpgt);
}

static int compare_links(const void *a, const void *b)
{
	const struct link *x = a, *y = b;
	int order = strcmp(x->target, y->target);

	if (!order)
		order = compare_portals(&x->portal, &y->portal);
	return order ? order : strcmp(x->iface, y->iface);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct db_node *x = a, *y = b;
	int order = strcmp(x->iface, y->iface);

	if (!order)
		order = strcmp(x->target, y->target);
	return order ? order : compare_portals(&x->portal, &y->portal);
}

static int compare_sources(const void *a, const void *b)
{
	const struct db_source *x = a, *y = b;

	return compare_portals(&x->portal, &y->portal);
}

static int compare_ifaces(const void *a, const void *b)
{
	const struct db_iface *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void sort(const struct array *array, size_t element,
		 int (*compare)(const void *, const void *))
{
	if (array->count)
		qsort(array->data, array->count, element, compare);
}

/* --- Links ------------------------------------------------------------------------------ */

static int read_links(struct reading *r, const char *path, uint8_t method)
{
	struct names _cleanup_names_ names = { 0 };
	int err = names_read(r->root, path, &names);

	for (size_t i = 0; i < names.count && !err; i++) {
		struct link link = { .method = method }, *added;

		err = parse_link(&r->db->arena, names.list[i].text, &link);
		if (err == -EINVAL) {
			err = 0;
			continue;
		}
		added = err ? NULL : array_add(&r->links, sizeof(link));
		if (!added)
			return -ENOMEM;
		*added = link;
	}
	return tolerate(r, err);
}

static int read_source(struct reading *r, const char *folder, const char *name,
		       uint8_t method)
{
	struct array *sources = method == IMA_TARGET_DISCOVERY_METHOD_ISNS
					? &r->isns
					: &r->send_targets;
	char path[64 + PORTAL_HOST];
	struct db_source source, *added;
	int err;

	if (strlen(folder) + strlen(name) + 2 > sizeof(path))
		return 0;
	stpcpy(stpcpy(stpcpy(path, folder), "/"), name);
	err = parse_portal(&r->db->arena, name, name + strlen(name), &source.portal);
	if (err)
		return err == -EINVAL ? 0 : err;
	added = array_add(sources, sizeof(source));
	if (!added)
		return -ENOMEM;
	*added = source;
	return read_links(r, path, method);
}

static int read_sources(struct reading *r, const char *folder, uint8_t method)
{
	struct names _cleanup_names_ names = { 0 };
	int err = names_read(r->root, folder, &names);

	if (err)
		return tolerate(r, err);
	for (size_t i = 0; i < names.count && !err; i++)
		err = read_source(r, folder, names.list[i].text, method);
	return err;
}

/* Links to the same record from several sources become one that has all their methods. */
static void merge_links(struct array *links)
{
	struct link *list = links->data;
	size_t kept = 0;

	for (size_t i = 0; i < links->count; i++) {
		if (kept && !compare_links(&list[kept - 1], &list[i]))
			list[kept - 1].method |= list[i].method;
		else
			list[kept++] = list[i];
	}
	links->count = kept;
}

static int read_all_links(struct reading *r)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(link_folders) && !err; i++)
		err = link_folders[i].sources ? read_sources(r, link_folders[i].folder,
							     link_folders[i].method)
					      : read_links(r, link_folders[i].folder,
							   link_folders[i].method);
	sort(&r->links, sizeof(struct link), compare_links);
	merge_links(&r->links);
	return err;
}

/* --- Nodes ------------------------------------------------------------------------------ */

static uint8_t methods_of(const struct reading *r, const struct db_node *node)
{
	struct link key = { node->target, node->iface, node->portal, 0 };
	const struct link *found = NULL;

	if (r->links.count)
		found = bsearch(&key, r->links.data, r->links.count, sizeof(key),
				compare_links);
	return found ? found->method : 0;
}

static int add_node(struct reading *r, struct db_node node)
{
	struct db_node *added = array_add(&r->nodes, sizeof(node));

	if (!added || !node.target || !node.iface)
		return -ENOMEM;
	node.methods |= methods_of(r, &node);
	*added = node;
	return 0;
}

static const char *keep(struct reading *r, const char *text)
{
	return arena_text(&r->db->arena, text, strlen(text));
}

/* Records of the old form have no links. */
static uint8_t method_of_record(const struct record *record)
{
	static const struct {
		const char *type;
		uint8_t method;
	} types[] = {
		{ "static", IMA_TARGET_DISCOVERY_METHOD_STATIC | DB_METHOD_BY_HAND },
		{ "send_targets", IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS },
		{ "isns", IMA_TARGET_DISCOVERY_METHOD_ISNS },
		{ "slp", IMA_TARGET_DISCOVERY_METHOD_SLP },
		{ "fw", IMA_TARGET_DISCOVERY_METHOD_STATIC },
	};
	const char *type = record_get(record, "node.discovery_type");

	for (size_t i = 0; type && i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].type, type))
			return types[i].method;
	return 0;
}

/* nodes/TARGET/HOST,PORT is a record itself; only its text says for which interface. */
static int read_old_form(struct reading *r, struct db_node node)
{
	struct record _cleanup_record_ record = { 0 };
	const char *iface;
	char path[512];
	int err;

	node.old_form = true;
	err = node_path(&node, path, sizeof(path));
	if (!err)
		err = record_read(r->root, path, &record);
	if (err == -EFBIG || err == -ENAMETOOLONG || err == -EINVAL)
		return 0;
	if (err)
		return tolerate(r, err);
	iface = record_get(&record, "iface.iscsi_ifacename");
	node.iface = keep(r, iface ? iface : "default");
	node.methods = method_of_record(&record);
	return add_node(r, node);
}

static int read_portal(struct reading *r, const char *target, const struct name *name)
{
	struct names _cleanup_names_ ifaces = { 0 };
	struct db_node node = { .target = target };
	char path[512];
	int err = parse_portal(&r->db->arena, name->text, name->text + strlen(name->text),
			       &node.portal);

	if (err || strlen(target) + strlen(name->text) + 8 > sizeof(path))
		return err == -ENOMEM ? err : 0;
	if (name->type == DT_REG)
		return read_old_form(r, node);
	stpcpy(stpcpy(stpcpy(stpcpy(path, "nodes/"), target), "/"), name->text);
	err = names_read(r->root, path, &ifaces);
	if (err == -ENOTDIR)
		return read_old_form(r, node);
	for (size_t i = 0; i < ifaces.count && !err; i++) {
		node.iface = keep(r, ifaces.list[i].text);
		err = add_node(r, node);
	}
	return tolerate(r, err);
}

static int walk_target(struct reading *r, const char *name)
{
	struct names _cleanup_names_ portals = { 0 };
	const char *target = keep(r, name);
	char path[512];
	int err;

	if (!target)
		return -ENOMEM;
	stpcpy(stpcpy(path, "nodes/"), target);
	err = names_read(r->root, path, &portals);
	for (size_t i = 0; i < portals.count && !err; i++)
		err = read_portal(r, target, &portals.list[i]);
	return tolerate(r, err);
}

/* The links of one target: a part of the sorted list. */
static size_t find_links(const struct reading *r, const char *target, size_t *first)
{
	const struct link *list = r->links.data;
	size_t low = 0, high = r->links.count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list[middle].target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < r->links.count && !strcmp(list[end].target, target);)
		end++;
	*first = low;
	return end - low;
}

/* links: how many the folder of the target has. */
static bool links_explain(const struct link *list, size_t count, int links)
{
	size_t folders = 0;

	for (size_t i = 0; i < count; i++)
		folders += i == 0 ||
			   compare_portals(&list[i - 1].portal, &list[i].portal);
	/* Each folder in a folder is one more name of it; file systems that do not count say 1. */
	return count && links >= 0 && (size_t)links == folders + 2;
}

static int believe_links(struct reading *r, const char *target, int links)
{
	const struct link *list = r->links.data;
	size_t first, count = find_links(r, target, &first);
	int err = 0;

	if (!links_explain(list + first, count, links))
		return walk_target(r, target);
	for (size_t i = first; i < first + count && !err; i++)
		err = add_node(r, (struct db_node){ .iface = list[i].iface,
						    .target = list[i].target,
						    .portal = list[i].portal });
	return err;
}

/* Longer ones are no names of targets. */
static void drop_long_names(struct names *names)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->list[i].text) <= 255)
			names->list[kept++] = names->list[i];
	names->count = kept;
}

static int walk_targets(struct reading *r, const struct names *targets)
{
	int err = 0;

	for (size_t i = 0; i < targets->count && !err; i++)
		err = walk_target(r, targets->list[i].text);
	return err;
}

/* Few system calls for many targets: how many folders each has is asked for all at once. */
static int believe_targets(struct reading *r, int nodes, const struct names *targets)
{
	_cleanup_free_ const char **paths = calloc(targets->count, sizeof(*paths));
	_cleanup_free_ int *links = calloc(targets->count, sizeof(*links));
	int err = paths && links ? 0 : -ENOMEM;

	for (size_t i = 0; i < targets->count && !err; i++)
		paths[i] = targets->list[i].text;
	if (!err)
		link_counts(nodes, paths, targets->count, links);
	for (size_t i = 0; i < targets->count && !err; i++)
		err = believe_links(r, paths[i], links[i]);
	return err;
}

static int read_nodes(struct reading *r)
{
	int _cleanup_close_ nodes = openat(r->root, "nodes", O_PATH | O_CLOEXEC);
	struct names _cleanup_names_ targets = { 0 };
	int err = names_read(r->root, "nodes", &targets);

	if (err)
		return tolerate(r, err);
	drop_long_names(&targets);
	return nodes >= 0 && targets.count > NODEDB_WALK_MAX
		       ? believe_targets(r, nodes, &targets)
		       : walk_targets(r, &targets);
}

/* --- Interfaces -------------------------------------------------------------------------- */

static const char *keep_value(struct reading *r, const struct record *record,
			      const char *key)
{
	const char *value = record_get(record, key);

	return value ? keep(r, value) : NULL;
}

static int read_iface(struct reading *r, const char *name)
{
	struct record _cleanup_record_ record = { 0 };
	struct db_iface *iface;
	char path[300];
	int err;

	if (strlen(name) > 255)
		return 0;
	stpcpy(stpcpy(path, "ifaces/"), name);
	err = record_read(r->root, path, &record);
	if (err)
		return err == -ENOMEM ? err : tolerate(r, err == -EINVAL ? -ENOENT : err);
	iface = array_add(&r->ifaces, sizeof(*iface));
	if (!iface)
		return -ENOMEM;
	iface->name = keep(r, name);
	iface->transport = keep_value(r, &record, "iface.transport_name");
	iface->initiator_name = keep_value(r, &record, "iface.initiatorname");
	iface->hwaddress = keep_value(r, &record, "iface.hwaddress");
	iface->netdev = keep_value(r, &record, "iface.net_ifacename");
	iface->ipaddress = keep_value(r, &record, "iface.ipaddress");
	return iface->name ? 0 : -ENOMEM;
}

static int read_ifaces(struct reading *r)
{
	struct names _cleanup_names_ names = { 0 };
	int err = names_read(r->root, "ifaces", &names);

	if (err)
		return tolerate(r, err);
	for (size_t i = 0; i < names.count && !err; i++)
		err = read_iface(r, names.list[i].text);
	return err;
}

/* --- All of it --------------------------------------------------------------------------- */

static void hand_over(struct reading *r)
{
	struct nodedb *db = r->db;

	sort(&r->nodes, sizeof(struct db_node), compare_nodes);
	sort(&r->send_targets, sizeof(struct db_source), compare_sources);
	sort(&r->isns, sizeof(struct db_source), compare_sources);
	sort(&r->ifaces, sizeof(struct db_iface), compare_ifaces);
	db->nodes = r->nodes.data;
	db->node_count = r->nodes.count;
	db->send_targets = r->send_targets.data;
	db->send_targets_count = r->send_targets.count;
	db->isns = r->isns.data;
	db->isns_count = r->isns.count;
	db->ifaces = r->ifaces.data;
	db->iface_count = r->ifaces.count;
}

int nodedb_read(int root, struct nodedb *db)
{
	struct nodedb made = { 0 };
	struct reading r = { .db = &made, .root = root };
	int err = read_all_links(&r);

	if (!err)
		err = read_nodes(&r);
	if (!err)
		err = read_ifaces(&r);
	array_free(&r.links);
	hand_over(&r);
	if (err)
		nodedb_free(&made);
	else
		*db = made;
	return err;
}

void nodedb_free(struct nodedb *db)
{
	free(db->nodes);
	free(db->send_targets);
	free(db->isns);
	free(db->ifaces);
	arena_free(&db->arena);
	*db = (struct nodedb){ 0 };
}

/* --- Stamps ------------------------------------------------------------------------------ */

static void stamp_folder(int root, const char *path, struct db_stamp *stamp)
{
	struct stat st;
	uint64_t value;

	if (fstatat(root, path, &st, 0) < 0)
		return;
	if (st.st_mtim.tv_sec > stamp->newest.tv_sec ||
	    (st.st_mtim.tv_sec == stamp->newest.tv_sec &&
	     st.st_mtim.tv_nsec > stamp->newest.tv_nsec))
		stamp->newest = st.st_mtim;
	value = (uint64_t)st.st_mtim.tv_sec * 1000000007u + (uint64_t)st.st_mtim.tv_nsec;
	stamp->sum = (stamp->sum ^ value ^ st.st_ino) * 0x9E3779B97F4A7C15u;
}

static int stamp_parts(int root, const char *folder, struct db_stamp *stamp)
{
	struct names _cleanup_names_ names = { 0 };
	int err = names_read(root, folder, &names);

	for (size_t i = 0; i < names.count; i++) {
		char path[512];

		if (strlen(folder) + strlen(names.list[i].text) + 2 > sizeof(path))
			continue;
		stpcpy(stpcpy(stpcpy(path, folder), "/"), names.list[i].text);
		stamp_folder(root, path, stamp);
	}
	return err == -ENOMEM ? err : 0;
}

int nodedb_stamp(int root, struct db_stamp *stamp)
{
	struct db_stamp made = { 0 };
	int err = 0;

	stamp_folder(root, "nodes", &made);
	stamp_folder(root, "ifaces", &made);
	err = stamp_parts(root, "ifaces", &made);
	for (size_t i = 0; i < ARRAY_SIZE(link_folders) && !err; i++) {
		stamp_folder(root, link_folders[i].folder, &made);
		if (link_folders[i].sources)
			err = stamp_parts(root, link_folders[i].folder, &made);
	}
	if (!err)
		*stamp = made;
	return err;
}

int node_path(const struct db_node *node, char *path, size_t size)
{
	const char *iface = node->old_form ? "" : node->iface;
	int n;

	if (node->portal.tpgt == PORTAL_NO_TPGT)
		n = snprintf(path, size, "nodes/%s/%s,%u%s%s", node->target,
			     node->portal.host, node->portal.port, *iface ? "/" : "",
			     iface);
	else
		n = snprintf(path, size, "nodes/%s/%s,%u,%d%s%s", node->target,
			     node->portal.host, node->portal.port, node->portal.tpgt,
			     *iface ? "/" : "", iface);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}
