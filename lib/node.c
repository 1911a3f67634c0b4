// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node.c - the shared node: its name and alias live in a file and are told to the plugins.
 *
 * The file is read for every question, because other processes write it too. It is written by
 * one process at a time (node.lock), and within a process by one call at a time (busy). No mutex
 * is held while plugins are asked or told.
 *
 * A name that nobody ever set is the one the first plugin reports, or else a generated one.
 */
#include "node.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "call.h"
#include "config.h"
#include "events.h"
#include "log.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/node-name.h"
#include "shared/state-dir.h"
#include "shared/utf8.h"
#include "status.h"

static const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

static bool is_shared_node(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_NODE && !oid.ownerId &&
	       !oid.objectSequenceNumber;
}

/*
 * The text of the file.
 */

static const char *parse_name(struct node_state *state, const char *value)
{
	const char *why;

	if (state->name[0])
		return "is a second name";
	if (iscsi_name_check(value, &why))
		return "holds no valid iSCSI name";
	memcpy(state->name, value, strlen(value) + 1);
	return NULL;
}

/* Not what an iSCSI text or a line of the file cannot hold. */
static bool is_alias_text(const char *text)
{
	wchar_t wide[IMA_NODE_ALIAS_LEN];

	if (strlen(text) > NODE_ALIAS_MAX ||
	    utf8_to_wide(text, wide, ARRAY_SIZE(wide)) < 0)
		return false;
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

static const char *parse_alias(struct node_state *state, const char *value)
{
	if (state->alias[0])
		return "is a second alias";
	if (!*value || !is_alias_text(value))
		return "holds no alias of 1 to 255 bytes in UTF-8, without control "
		       "characters";
	memcpy(state->alias, value, strlen(value) + 1);
	return NULL;
}

static const char *parse_line(struct node_state *state, const char *line)
{
	if (!*line || *line == '#')
		return NULL;
	if (!strncmp(line, "name=", 5))
		return parse_name(state, line + 5);
	if (!strncmp(line, "alias=", 6))
		return parse_alias(state, line + 6);
	return "is neither name=... nor alias=...";
}

int node_state_parse(struct node_state *state, const char *text, size_t size,
		     unsigned *line, const char **why)
{
	struct node_state found = { 0 };
	char copy[512];

	*line = 1;
	for (size_t at = 0; at < size; ++*line) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - text) - at : size - at;

		*why = "is too long or holds a zero byte";
		if (length >= sizeof(copy) || memchr(text + at, 0, length))
			return -EINVAL;
		memcpy(copy, text + at, length);
		copy[length] = 0;
		*why = parse_line(&found, copy);
		if (*why)
			return -EINVAL;
		at += length + 1;
	}
	*state = found;
	return 0;
}

size_t node_state_format(const struct node_state *state, char text[NODE_STATE_TEXT_MAX])
{
	int n = snprintf(text, NODE_STATE_TEXT_MAX,
			 "# Written by libima: the shared iSCSI node.\n");

	if (state->name[0])
		n += snprintf(text + n, NODE_STATE_TEXT_MAX - (size_t)n, "name=%s\n",
			      state->name);
	if (state->alias[0])
		n += snprintf(text + n, NODE_STATE_TEXT_MAX - (size_t)n, "alias=%s\n",
			      state->alias);
	return (size_t)n;
}

/*
 * The file.
 */

/* Where the file is, and what went wrong with it, for people. */
struct node_file {
	char folder[PATH_MAX - 16];
	char path[PATH_MAX];
	char why[512];
};

static int explain(struct node_file *file, const char *path, int err)
{
	snprintf(file->why, sizeof(file->why), "%.400s: %s", path, strerror(-err));
	return err;
}

static int find_file(struct node_file *file)
{
	int err = state_dir_path(file->folder, sizeof(file->folder));

	if (err)
		return explain(file, "no folder for the state", err);
	snprintf(file->path, sizeof(file->path), "%s/node", file->folder);
	return 0;
}

static int read_path(struct node_file *file, const char *path, struct node_state *state)
{
	char _cleanup_free_ *text = NULL;
	const char *why;
	unsigned line;
	size_t size;
	int err = atomic_file_read(path, 64 * 1024, &text, &size);

	if (err)
		return explain(file, path, err);
	err = node_state_parse(state, text, size, &line, &why);
	if (err)
		snprintf(file->why, sizeof(file->why), "%.400s:%u: this line %s", path,
			 line, why);
	return err;
}

/* No file: nothing is set. A user without a file of his own sees that of the system. */
static int read_state(struct node_file *file, struct node_state *state)
{
	int err = find_file(file);

	memset(state, 0, sizeof(*state));
	if (!err)
		err = read_path(file, file->path, state);
	if (err == -ENOENT && !secure_getenv("IMA_STATE_DIR"))
		err = read_path(file, IMA_STATE_DIRECTORY "/node", state);
	return err == -ENOENT ? 0 : err;
}

/* Whether the file could be written; to know before the plugins are told. */
static int check_writable(struct node_file *file)
{
	int err = find_file(file);

	if (err)
		return err;
	err = state_dir_make(file->folder);
	if (!err && access(file->folder, W_OK | X_OK))
		err = -errno;
	return err ? explain(file, file->folder, err) : 0;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/* Keeps other processes from writing until the result is closed. */
static int lock_file(const struct node_file *file)
{
	static const struct timespec pause = { 0, 5000000 };
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/node.lock", file->folder);
	/* Nobody else may open it: everybody who can may lock it. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		int err = errno == EWOULDBLOCK && now() >= call_deadline() ? ETIMEDOUT
									   : errno;

		if (err != EWOULDBLOCK && err != EINTR) {
			close(fd);
			return -err;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

/* Stores one of the two texts and leaves the other as it is. */
static int store(struct node_file *file, bool is_alias, const char *value)
{
	int _cleanup_close_ fd = lock_file(file);
	char text[NODE_STATE_TEXT_MAX];
	struct node_state state;
	int err;

	if (fd < 0)
		return explain(file, file->folder, fd);
	err = read_state(file, &state);
	if (err)
		return err;
	if (is_alias)
		snprintf(state.alias, sizeof(state.alias), "%s", value);
	else
		snprintf(state.name, sizeof(state.name), "%s", value);
	err = atomic_file_write(file->path, text, node_state_format(&state, text), 0644);
	return err ? explain(file, file->path, err) : 0;
}

/*
 * What the plugins say.
 */

/* The shared node as the library and its plugins see it together. */
struct view {
	struct node_state state;
	bool is_stored; /* the name comes from the file */
	bool is_initiator, is_target, is_settable, is_inconsistent;
};

static bool is_same_text(const wchar_t *wide, size_t count, IMA_BOOL valid,
			 const char *text)
{
	char theirs[4 * IMA_NODE_ALIAS_LEN];

	if (!valid)
		return !*text;
	return utf8_from_wide(wide, count, theirs, sizeof(theirs)) >= 0 &&
	       !strcasecmp(theirs, text);
}

static bool agrees(const struct view *view, const IMA_NODE_PROPERTIES *theirs)
{
	/* A plugin need not know a name that nobody ever set. */
	bool is_same_name = (!theirs->nameValid && !view->is_stored) ||
			    is_same_text(theirs->name, IMA_NODE_NAME_LEN,
					 theirs->nameValid, view->state.name);

	return is_same_name && is_same_text(theirs->alias, IMA_NODE_ALIAS_LEN,
					    theirs->aliasValid, view->state.alias);
}

/* Takes name and alias of the first plugin that has a name, if none is stored. */
static void adopt(struct view *view, const IMA_NODE_PROPERTIES *theirs)
{
	struct node_state *state = &view->state;
	char name[sizeof(state->name)], alias[sizeof(state->alias)];

	if (state->name[0] || !theirs->nameValid ||
	    utf8_from_wide(theirs->name, IMA_NODE_NAME_LEN, name, sizeof(name)) < 0 ||
	    iscsi_name_check(name, NULL))
		return;
	memcpy(state->name, name, sizeof(name));
	if (!state->alias[0] && theirs->aliasValid &&
	    utf8_from_wide(theirs->alias, IMA_NODE_ALIAS_LEN, alias, sizeof(alias)) >= 0)
		memcpy(state->alias, alias, sizeof(alias));
}

/* True if the plugin takes part in the shared node and says how. */
static bool ask(struct call *call, struct plugin *plugin, IMA_NODE_PROPERTIES *theirs)
{
	IMA_STATUS status;

	memset(theirs, 0, sizeof(*theirs));
	if (!plugin->calls.IMA_GetNodeProperties)
		return false;
	call->plugin = plugin;
	status = plugin->calls.IMA_GetNodeProperties(shared_node, theirs);
	call->plugin = NULL;
	return !IMA_ERROR(status);
}

static void look_at_plugin(struct view *view, struct call *call, struct plugin *plugin)
{
	IMA_NODE_PROPERTIES theirs;

	if (!ask(call, plugin, &theirs)) {
		view->is_inconsistent |= atomic_load(&plugin->refused_node);
		return;
	}
	adopt(view, &theirs);
	view->is_initiator |= theirs.runningInInitiatorMode == IMA_TRUE;
	view->is_target |= theirs.runningInTargetMode == IMA_TRUE;
	view->is_settable &= theirs.nameAndAliasSettable == IMA_TRUE;
	if (agrees(view, &theirs))
		atomic_store(&plugin->refused_node, false);
	else
		view->is_inconsistent = true;
}

/* 0 or -errno with the reason in file. */
static int look(struct view *view, struct call *call, struct node_file *file)
{
	struct plugin *plugin;
	int err = read_state(file, &view->state);

	if (err)
		return err;
	view->is_stored = view->state.name[0];
	view->is_settable = true;
	for_each_plugin(plugin, registry_get())
		look_at_plugin(view, call, plugin);
	if (!view->state.name[0])
		err = node_name_generate(NULL, view->state.name);
	return err ? explain(file, "a generated name", err) : 0;
}

static void fill_properties(IMA_NODE_PROPERTIES *props, const struct view *view)
{
	memset(props, 0, sizeof(*props));
	props->runningInInitiatorMode = view->is_initiator;
	props->runningInTargetMode = view->is_target;
	props->nameValid = IMA_TRUE;
	utf8_to_wide(view->state.name, props->name, ARRAY_SIZE(props->name));
	props->aliasValid = view->state.alias[0] != 0;
	utf8_to_wide(view->state.alias, props->alias, ARRAY_SIZE(props->alias));
	props->nameAndAliasSettable = view->is_settable;
}

static IMA_STATUS get_shared(struct call *call, IMA_NODE_PROPERTIES *props)
{
	struct view view = { 0 };
	struct node_file file;
	int err;

	call_begin(call, "IMA_GetNodeProperties", &shared_node);
	err = look(&view, call, &file);
	call->plugin = NULL;
	if (err) {
		call->why = file.why;
		return call_end(call, status_from_errno(err));
	}
	fill_properties(props, &view);
	return call_end(call, view.is_inconsistent
				      ? IMA_STATUS_INCONSISTENT_NODE_PROPERTIES
				      : IMA_STATUS_SUCCESS);
}

IMA_STATUS IMA_GetNodeProperties(IMA_OID nodeOid, IMA_NODE_PROPERTIES *pProps)
{
	struct call call;
	IMA_STATUS status;

	if (!pProps)
		return call_refuse(__func__, &nodeOid, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the properties is NULL");
	if (is_shared_node(nodeOid))
		return get_shared(&call, pProps);
	status = call_enter(&call, __func__, nodeOid, NODE);
	if (status)
		return status;
	return call_leave(
		&call, CALL_PLUGIN(call, IMA_GetNodeProperties, MUST, nodeOid, pProps));
}

/*
 * Setting.
 */

/* What the plugins made of a new name or alias. */
struct answers {
	unsigned good, bad;
	bool needs_reboot;
	IMA_STATUS error; /* of the first that failed, with its reason */
	const struct plugin *failed;
};

/* wide is NULL for an alias that is deleted. True if the plugin was told. */
static bool tell(const struct plugin *plugin, bool is_alias, const wchar_t *wide,
		 IMA_STATUS *status)
{
	if (is_alias && plugin->calls.IMA_SetNodeAlias)
		*status = plugin->calls.IMA_SetNodeAlias(shared_node, wide);
	else if (!is_alias && plugin->calls.IMA_SetNodeName)
		*status = plugin->calls.IMA_SetNodeName(shared_node, wide);
	else
		return false;
	*status = (IMA_UINT32)*status;
	/* A plugin that only has nodes of its own. */
	return *status != IMA_ERROR_NOT_SUPPORTED;
}

static void note_answer(struct answers *answers, struct call *call, struct plugin *plugin,
			IMA_STATUS status)
{
	atomic_store(&plugin->refused_node, IMA_ERROR(status));
	if (!IMA_ERROR(status)) {
		answers->good++;
		answers->needs_reboot |= status == IMA_STATUS_REBOOT_NECESSARY;
		return;
	}
	log_warning("plugin %s does not take the new name or alias: %s", plugin->name,
		    IMAX_StatusName(status));
	answers->bad++;
	if (!answers->error) {
		answers->error = status;
		answers->failed = plugin;
		call->told_enough = true;
	}
}

static void tell_all(struct answers *answers, struct call *call, bool is_alias,
		     const wchar_t *wide)
{
	struct plugin *plugin;
	IMA_STATUS status;

	for_each_plugin(plugin, registry_get()) {
		call->plugin = plugin;
		if (!call->told_enough)
			call->told = false;
		if (tell(plugin, is_alias, wide, &status))
			note_answer(answers, call, plugin, status);
	}
	call->plugin = answers->failed;
}

/* One call at a time sets the shared node; it says which thread that is. */
static pthread_mutex_t busy_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t busy_changed;
static bool is_busy;
static pthread_t busy_thread;

static void make_busy_changed(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&busy_changed, &attributes);
	pthread_condattr_destroy(&attributes);
}

static int busy_begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint64_t deadline = call_deadline();
	struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000U),
				  .tv_nsec = (long)(deadline % 1000000000U) };

	pthread_once(&once, make_busy_changed);
	LOCKED(&busy_lock);
	while (is_busy) {
		/* A plugin that is being told calls back: it would wait for itself. */
		if (pthread_equal(busy_thread, pthread_self()) ||
		    pthread_cond_timedwait(&busy_changed, &busy_lock, &until) ==
			    ETIMEDOUT)
			return -ETIMEDOUT;
	}
	is_busy = true;
	busy_thread = pthread_self();
	return 0;
}

static void busy_end(void)
{
	LOCKED(&busy_lock);
	is_busy = false;
	pthread_cond_signal(&busy_changed);
}

/* Check, tell every plugin, store, in this order. */
static IMA_STATUS change(struct call *call, struct node_file *file, bool is_alias,
			 const char *value, const wchar_t *wide)
{
	struct answers answers = { 0 };
	int err = check_writable(file);

	if (!err) {
		tell_all(&answers, call, is_alias, wide);
		if (answers.bad && !answers.good)
			return answers.error;
		call->plugin = NULL;
		err = store(file, is_alias, value);
	}
	if (err) {
		call->why = file->why;
		return status_from_errno(err);
	}
	events_property_changed(&shared_node);
	return answers.needs_reboot ? IMA_STATUS_REBOOT_NECESSARY : IMA_STATUS_SUCCESS;
}

/* Ends a call because of its name. */
static IMA_STATUS refuse_name(struct call *call, const char *name, const char *why)
{
	char text[ISCSI_NAME_MAX + 128];

	snprintf(text, sizeof(text), "the name '%s' %s", name, why);
	call->why = text;
	return call_leave(call, IMA_ERROR_INVALID_PARAMETER);
}

static IMA_STATUS set_shared(struct call *call, const char *name, bool is_alias,
			     const char *value)
{
	wchar_t wide[IMA_NODE_ALIAS_LEN];
	struct node_file file;
	IMA_STATUS status;
	const char *why;

	call_begin(call, name, &shared_node);
	if (!is_alias && iscsi_name_check(value, &why))
		return refuse_name(call, value, why);
	if (is_alias && !is_alias_text(value)) {
		call->why = "the alias holds a control character";
		return call_end(call, IMA_ERROR_INVALID_PARAMETER);
	}
	utf8_to_wide(value, wide, ARRAY_SIZE(wide));
	if (busy_begin()) {
		call->why = "another call is still setting the shared node";
		return call_end(call, IMA_ERROR_SYNC_TIMEOUT);
	}
	status = change(call, &file, is_alias, value, *value ? wide : NULL);
	busy_end();
	return call_end(call, status);
}

/* The UTF-8 form of a name or alias; an error if it has none or is too long. */
static IMA_STATUS take_text(const char *function, IMA_OID node, const wchar_t *wide,
			    size_t count, char *text)
{
	int n = utf8_from_wide(wide, count, text, count);

	if (n == -ENAMETOOLONG)
		return call_refuse(
			function, &node, IMA_ERROR_NAME_TOO_LONG,
			count == IMA_NODE_NAME_LEN
				? "the name has more than 223 bytes in UTF-8"
				: "the alias has more than 255 bytes in UTF-8");
	if (n < 0)
		return call_refuse(function, &node, IMA_ERROR_INVALID_PARAMETER,
				   "the text holds a value that is no Unicode character");
	return IMA_STATUS_SUCCESS;
}

/* A new name or alias for a node; the pointer is good. */
static IMA_STATUS take_new_text(struct call *call, const char *function, IMA_OID node,
				const wchar_t *wide, bool is_alias)
{
	char text[IMA_NODE_ALIAS_LEN];
	IMA_STATUS status = take_text(function, node, wide,
				      is_alias ? IMA_NODE_ALIAS_LEN : IMA_NODE_NAME_LEN,
				      text);
	const char *why;

	if (status)
		return status;
	if (is_shared_node(node))
		return set_shared(call, function, is_alias, text);
	status = call_enter(call, function, node, NODE);
	if (status)
		return status;
	if (!is_alias && iscsi_name_check(text, &why))
		return refuse_name(call, text, why);
	return call_leave(
		call, is_alias ? CALL_PLUGIN(*call, IMA_SetNodeAlias, MUST, node, wide)
			       : CALL_PLUGIN(*call, IMA_SetNodeName, MUST, node, wide));
}

IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName)
{
	struct call call;

	if (!newName || !*newName)
		return call_refuse(__func__, &nodeOid, IMA_ERROR_INVALID_PARAMETER,
				   "the name is empty");
	return take_new_text(&call, __func__, nodeOid, newName, false);
}

IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias)
{
	struct call call;
	IMA_STATUS status;

	if (newAlias)
		return take_new_text(&call, __func__, nodeOid, newAlias, true);
	if (is_shared_node(nodeOid))
		return set_shared(&call, __func__, true, "");
	status = call_enter(&call, __func__, nodeOid, NODE);
	if (status)
		return status;
	return call_leave(&call,
			  CALL_PLUGIN(call, IMA_SetNodeAlias, MUST, nodeOid, NULL));
}

/*
 * Introducing new plugins.
 */

static void introduce(struct call *call, struct plugin *plugin,
		      const struct node_state *state)
{
	wchar_t wide[IMA_NODE_ALIAS_LEN];
	IMA_NODE_PROPERTIES theirs;
	IMA_STATUS status;

	if (!ask(call, plugin, &theirs) || theirs.nameValid)
		return;
	call->plugin = plugin;
	utf8_to_wide(state->name, wide, ARRAY_SIZE(wide));
	if (state->name[0])
		tell(plugin, false, wide, &status);
	if (!state->alias[0] || theirs.aliasValid)
		return;
	utf8_to_wide(state->alias, wide, ARRAY_SIZE(wide));
	tell(plugin, true, wide, &status);
}

void node_introduce(const struct registry *registry)
{
	struct node_state state;
	struct node_file file;
	struct plugin *plugin;
	struct call call;

	if (!registry->count)
		return;
	if (read_state(&file, &state)) {
		log_warning("%s", file.why);
		return;
	}
	if (!state.name[0] && !state.alias[0])
		return;
	call_begin(&call, "IMA_SetNodeName", &shared_node);
	for_each_plugin(plugin, registry)
		introduce(&call, plugin, &state);
	call_drop(&call);
}
