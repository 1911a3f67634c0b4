// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sysfs.c - reading the kernel's iSCSI sessions.
 *
 * Objects vanish while they are read; what is gone is left out. No locks, no state.
 */
#include "sysfs.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "shared/cleanup.h"
#include "shared/number.h"

#define LINK_SIZE 1024
#define GROUP	  16 /* sessions that are read at a time */
/* Of a logical unit as long as it is not known. */
#define NO_SESSION UINT32_MAX

/* A state being read. */
struct reading {
	struct sysfs *now;
	const struct sysfs *before;
	int root;
	struct array sessions, connections, lus;
};

struct connection {
	uint32_t sid, cid;
};

/* --- Names ------------------------------------------------------------------------------ */

/* The digits at *text as a number; moves *text behind them. */
static bool take_number(const char **text, uint64_t max, uint64_t *number)
{
	uint64_t n = 0;

	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); (*text)++) {
		unsigned int digit = (unsigned int)(**text - '0');

		if (n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	return true;
}

static bool take_u32(const char **text, uint32_t *number)
{
	uint64_t n;

	if (!take_number(text, UINT32_MAX, &n))
		return false;
	*number = (uint32_t)n;
	return true;
}

static bool take_char(const char **text, char c)
{
	return **text == c && (*text)++;
}

static bool take_word(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*text, word, n))
		return false;
	*text += n;
	return true;
}

static bool take_hctl(const char **text, struct hctl *at)
{
	return take_u32(text, &at->host) && take_char(text, ':') &&
	       take_u32(text, &at->channel) && take_char(text, ':') &&
	       take_u32(text, &at->id) && take_char(text, ':') &&
	       take_number(text, UINT64_MAX, &at->lun);
}

static bool parse_session(const char *name, uint32_t *sid)
{
	return take_word(&name, "session") && take_u32(&name, sid) && !*name;
}

static bool parse_connection(const char *name, struct connection *c)
{
	return take_word(&name, "connection") && take_u32(&name, &c->sid) &&
	       take_char(&name, ':') && take_u32(&name, &c->cid) && !*name;
}

/* A number that follows a word at the start of a part of a path: "/session" in ".../session7/". */
static bool find_number(const char *path, const char *word, uint32_t *number)
{
	for (const char *at = strstr(path, word); at; at = strstr(at + 1, word)) {
		const char *rest = at + strlen(word);

		if (take_u32(&rest, number) && (*rest == '/' || !*rest))
			return true;
	}
	return false;
}

/* The part of a device path that is a SCSI address. */
static bool find_hctl(const char *path, struct hctl *at)
{
	for (const char *part = strchr(path, '/'); part; part = strchr(part + 1, '/')) {
		const char *text = part + 1;

		if (take_hctl(&text, at) && (*text == '/' || !*text))
			return true;
	}
	return false;
}

/* --- Order ------------------------------------------------------------------------------ */

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_hctl(const struct hctl *a, const struct hctl *b)
{
	int diff = order(a->host, b->host);

	if (!diff)
		diff = order(a->channel, b->channel);
	if (!diff)
		diff = order(a->id, b->id);
	return diff ? diff : order(a->lun, b->lun);
}

static int compare_lus_by_address(const void *a, const void *b)
{
	const struct sys_lu *x = a, *y = b;

	return compare_hctl(&x->at, &y->at);
}

static int compare_lus_by_session(const void *a, const void *b)
{
	const struct sys_lu *x = a, *y = b;
	int diff = order(x->sid, y->sid);

	return diff ? diff : compare_hctl(&x->at, &y->at);
}

static int compare_sessions(const void *a, const void *b)
{
	const struct sys_session *x = a, *y = b;

	return order(x->sid, y->sid);
}

static int compare_connections(const void *a, const void *b)
{
	const struct connection *x = a, *y = b;
	int diff = order(x->sid, y->sid);

	return diff ? diff : order(x->cid, y->cid);
}

static void sort(const struct array *array, size_t element,
		 int (*compare)(const void *, const void *))
{
	if (array->count)
		qsort(array->data, array->count, element, compare);
}

/* --- Reading ---------------------------------------------------------------------------- */

static int list_class(int root, const char *path, struct names *names)
{
	int err = names_read(root, path, names);

	return attr_is_gone(err) || err == -EACCES ? 0 : err;
}

static const char *keep(struct reading *r, const char *text)
{
	return arena_text(&r->now->arena, text, strlen(text));
}

static int add_session(struct reading *r, uint32_t sid, const char *target,
		       const char *iface)
{
	struct sys_session *s = array_add(&r->sessions, sizeof(*s));

	if (!s)
		return -ENOMEM;
	*s = (struct sys_session){ .sid = sid };
	s->target = keep(r, target);
	s->iface = keep(r, iface);
	return s->target && s->iface ? 0 : -ENOMEM;
}

/* Sessions that nothing is known of yet, to be read together. */
struct group {
	uint32_t sids[GROUP];
	struct attr attrs[2 * GROUP]; /* target and interface of each */
	size_t count;
};

static int take_session(struct reading *r, uint32_t sid, const struct attr *target,
			const struct attr *iface)
{
	/* Between creation and login a session has no target name. */
	r->now->incomplete |= target->length == -ENODATA;
	if (target->length < 0 || (iface->length < 0 && iface->length != -ENODATA))
		return 0;
	return add_session(r, sid, target->text,
			   iface->length < 0 ? "default" : iface->text);
}

static int read_group(struct reading *r, struct group *group)
{
	int err = 0;

	attrs_read(group->attrs, 2 * group->count);
	for (size_t i = 0; i < group->count && !err; i++)
		err = take_session(r, group->sids[i], &group->attrs[2 * i],
				   &group->attrs[2 * i + 1]);
	group->count = 0;
	return err;
}

static int add_to_group(struct reading *r, struct group *group, uint32_t sid)
{
	static const char *const names[] = { "targetname", "ifacename" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct attr *attr = &group->attrs[2 * group->count + i];

		attr->dir = r->root;
		session_attr_path(sid, names[i], attr->path, sizeof(attr->path));
	}
	group->sids[group->count++] = sid;
	return group->count == GROUP ? read_group(r, group) : 0;
}

/* Whose target and interface are known does not change them any more. */
static int read_session(struct reading *r, struct group *group, uint32_t sid)
{
	const struct sys_session *known = NULL;

	if (r->before)
		known = sysfs_session(r->before, sid);
	return known ? add_session(r, sid, known->target, known->iface)
		     : add_to_group(r, group, sid);
}

static int read_sessions(struct reading *r)
{
	struct names _cleanup_names_ names = { 0 };
	int err = list_class(r->root, "class/iscsi_session", &names);
	struct group group;
	uint32_t sid;

	group.count = 0;
	for (size_t i = 0; i < names.count && !err; i++)
		if (parse_session(names.list[i].text, &sid))
			err = read_session(r, &group, sid);
	if (!err)
		err = read_group(r, &group);
	sort(&r->sessions, sizeof(struct sys_session), compare_sessions);
	return err;
}

static int read_connections(struct reading *r)
{
	struct names _cleanup_names_ names = { 0 };
	int err = list_class(r->root, "class/iscsi_connection", &names);

	for (size_t i = 0; i < names.count && !err; i++) {
		struct connection connection, *added;

		if (!parse_connection(names.list[i].text, &connection))
			continue;
		added = array_add(&r->connections, sizeof(connection));
		if (!added)
			return -ENOMEM;
		*added = connection;
	}
	sort(&r->connections, sizeof(struct connection), compare_connections);
	return err;
}

static int read_lu_names(struct reading *r)
{
	struct names _cleanup_names_ names = { 0 };
	int err = list_class(r->root, "class/scsi_device", &names);

	for (size_t i = 0; i < names.count && !err; i++) {
		const char *text = names.list[i].text;
		struct sys_lu lu = { .sid = NO_SESSION }, *added;

		if (!take_hctl(&text, &lu.at) || *text)
			continue;
		added = array_add(&r->lus, sizeof(lu));
		if (!added)
			return -ENOMEM;
		*added = lu;
	}
	sort(&r->lus, sizeof(struct sys_lu), compare_lus_by_address);
	return err;
}

static bool same_scsi_target(const struct hctl *a, const struct hctl *b)
{
	return a->host == b->host && a->channel == b->channel && a->id == b->id;
}

static uint32_t session_of_device(int root, const struct hctl *at)
{
	char path[128], link[LINK_SIZE];
	uint32_t sid;

	snprintf(path, sizeof(path), "class/scsi_device/%u:%u:%u:%" PRIu64, at->host,
		 at->channel, at->id, at->lun);
	return attr_link(root, path, link, sizeof(link)) > 0 &&
			       find_number(link, "/session", &sid)
		       ? sid
		       : NO_SESSION;
}

/* All LUs of a SCSI target belong to one session; those of other transports are dropped. */
static void assign_lus(struct reading *r)
{
	struct sys_lu *list = r->lus.data;
	size_t kept = 0;

	for (size_t i = 0; i < r->lus.count; i++) {
		struct sys_lu lu = list[i];

		if (lu.sid == NO_SESSION && kept &&
		    same_scsi_target(&lu.at, &list[kept - 1].at))
			lu.sid = list[kept - 1].sid;
		else if (lu.sid == NO_SESSION)
			lu.sid = session_of_device(r->root, &lu.at);
		if (lu.sid != NO_SESSION)
			list[kept++] = lu;
	}
	r->lus.count = kept;
}

static struct sys_lu *find_lu(struct reading *r, const struct hctl *at)
{
	struct sys_lu key = { .at = *at };

	if (!r->lus.count)
		return NULL;
	return bsearch(&key, r->lus.data, r->lus.count, sizeof(key),
		       compare_lus_by_address);
}

static bool is_numbered(const char *name, const char *word)
{
	uint32_t number;

	return take_word(&name, word) && take_u32(&name, &number) && !*name;
}

static bool is_device_name(const char *name)
{
	return !strncmp(name, "sd", 2) || is_numbered(name, "sr") ||
	       is_numbered(name, "st");
}

/* Devices of a class get their names onto the LUs their links lead to, which name the session too. */
static int read_devices(struct reading *r, const char *folder)
{
	struct names _cleanup_names_ names = { 0 };
	int err = list_class(r->root, folder, &names);

	for (size_t i = 0; i < names.count && !err; i++) {
		const char *name = names.list[i].text;
		char path[300], link[LINK_SIZE];
		struct hctl at;
		struct sys_lu *lu;

		if (!is_device_name(name) || strlen(name) > 200)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		if (attr_link(r->root, path, link, sizeof(link)) < 0 ||
		    !find_hctl(link, &at))
			continue;
		lu = find_lu(r, &at);
		if (!lu)
			continue;
		find_number(link, "/session", &lu->sid);
		lu->device = keep(r, name);
		if (!lu->device)
			return -ENOMEM;
	}
	return err;
}

static int read_lus(struct reading *r)
{
	int err = read_lu_names(r);

	if (err || !r->lus.count)
		return err;
	err = read_devices(r, "block");
	if (!err)
		err = read_devices(r, "class/scsi_tape");
	assign_lus(r);
	sort(&r->lus, sizeof(struct sys_lu), compare_lus_by_session);
	return err;
}

/* --- All of it --------------------------------------------------------------------------- */

static void hand_out_lus(struct reading *r)
{
	const struct sys_lu *lus = r->lus.data;
	struct sys_session *sessions = r->sessions.data;
	size_t at = 0;

	for (size_t i = 0; i < r->sessions.count; i++) {
		while (at < r->lus.count && lus[at].sid < sessions[i].sid)
			at++;
		sessions[i].lus = lus + at;
		while (at < r->lus.count && lus[at].sid == sessions[i].sid)
			at++;
		sessions[i].lu_count = (size_t)(lus + at - sessions[i].lus);
	}
}

static int hand_out_connections(struct reading *r)
{
	const struct connection *list = r->connections.data;
	struct sys_session *sessions = r->sessions.data;
	uint32_t *cids = calloc(r->connections.count + 1, sizeof(*cids));
	size_t at = 0;

	if (!cids)
		return -ENOMEM;
	r->now->cids = cids;
	for (size_t i = 0; i < r->connections.count; i++)
		cids[i] = list[i].cid;
	for (size_t i = 0; i < r->sessions.count; i++) {
		while (at < r->connections.count && list[at].sid < sessions[i].sid)
			at++;
		sessions[i].cids = cids + at;
		while (at < r->connections.count && list[at].sid == sessions[i].sid)
			at++;
		sessions[i].cid_count = (size_t)(cids + at - sessions[i].cids);
	}
	return 0;
}

int sysfs_read(int root, const struct sysfs *before, struct sysfs *now)
{
	struct sysfs made = { 0 };
	struct reading r = { .now = &made, .before = before, .root = root };
	int err = read_sessions(&r);

	if (!err)
		err = read_connections(&r);
	if (!err && r.sessions.count)
		err = read_lus(&r);
	if (!err)
		err = hand_out_connections(&r);
	hand_out_lus(&r);
	array_free(&r.connections);
	made.sessions = r.sessions.data;
	made.session_count = r.sessions.count;
	made.lus = r.lus.data;
	made.lu_count = r.lus.count;
	if (err)
		sysfs_free(&made);
	else
		*now = made;
	return err;
}

void sysfs_free(struct sysfs *sysfs)
{
	free(sysfs->sessions);
	free(sysfs->lus);
	free(sysfs->cids);
	arena_free(&sysfs->arena);
	*sysfs = (struct sysfs){ 0 };
}

const struct sys_session *sysfs_session(const struct sysfs *sysfs, uint32_t sid)
{
	struct sys_session key = { .sid = sid };

	if (!sysfs->session_count)
		return NULL;
	return bsearch(&key, sysfs->sessions, sysfs->session_count, sizeof(key),
		       compare_sessions);
}

bool sysfs_has_transport(int root)
{
	return faccessat(root, "class/iscsi_transport", F_OK, 0) == 0;
}

/* --- Attributes -------------------------------------------------------------------------- */

static int check_length(int n, size_t size)
{
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int session_attr_path(uint32_t sid, const char *attr, char *path, size_t size)
{
	return check_length(
		snprintf(path, size, "class/iscsi_session/session%u/%s", sid, attr),
		size);
}

int connection_attr_path(uint32_t sid, uint32_t cid, const char *attr, char *path,
			 size_t size)
{
	return check_length(snprintf(path, size,
				     "class/iscsi_connection/connection%u:%u/%s", sid,
				     cid, attr),
			    size);
}

int lu_attr_path(const struct hctl *at, const char *attr, char *path, size_t size)
{
	return check_length(snprintf(path, size,
				     "class/scsi_device/%u:%u:%u:%" PRIu64 "/device/%s",
				     at->host, at->channel, at->id, at->lun, attr),
			    size);
}

int session_attr(int root, uint32_t sid, const char *attr, char *text, size_t size)
{
	char path[128];
	int err = session_attr_path(sid, attr, path, sizeof(path));

	return err ? err : attr_read(root, path, text, size);
}

int session_number(int root, uint32_t sid, const char *attr, uint64_t max,
		   uint64_t *value)
{
	char path[128];
	int err = session_attr_path(sid, attr, path, sizeof(path));

	return err ? err : attr_number(root, path, max, value);
}

int connection_attr(int root, uint32_t sid, uint32_t cid, const char *attr, char *text,
		    size_t size)
{
	char path[128];
	int err = connection_attr_path(sid, cid, attr, path, sizeof(path));

	return err ? err : attr_read(root, path, text, size);
}

int connection_number(int root, uint32_t sid, uint32_t cid, const char *attr,
		      uint64_t max, uint64_t *value)
{
	char path[128];
	int err = connection_attr_path(sid, cid, attr, path, sizeof(path));

	return err ? err : attr_number(root, path, max, value);
}

int session_host(int root, uint32_t sid, uint32_t *host)
{
	char path[64], link[LINK_SIZE];
	int n;

	snprintf(path, sizeof(path), "class/iscsi_session/session%u", sid);
	n = attr_link(root, path, link, sizeof(link));
	if (n < 0)
		return n;
	return find_number(link, "/host", host) ? 0 : -ENOENT;
}

int lu_generic(int root, const struct hctl *at, char *name, size_t size)
{
	char path[128], link[LINK_SIZE];
	const char *slash;
	int n = lu_attr_path(at, "generic", path, sizeof(path));

	if (n)
		return n;
	n = attr_link(root, path, link, sizeof(link));
	if (n < 0)
		return n;
	slash = strrchr(link, '/');
	slash = slash ? slash + 1 : link;
	if (strlen(slash) >= size)
		return -ENAMETOOLONG;
	memcpy(name, slash, strlen(slash) + 1);
	return 0;
}

bool device_path_hctl(const char *path, struct hctl *at)
{
	return find_hctl(path, at);
}

bool hctl_equal(const struct hctl *a, const struct hctl *b)
{
	return !compare_hctl(a, b);
}

void hctl_format(const struct hctl *at, char text[HCTL_TEXT])
{
	snprintf(text, HCTL_TEXT, "%u:%u:%u:%" PRIu64, at->host, at->channel, at->id,
		 at->lun);
}
