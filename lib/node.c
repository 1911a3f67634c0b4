// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node.c - the shared node: its name and alias live in a file and are told to the plugins.
 *
 * The file is read for every question, because other processes write it too. One call at a time
 * changes the node (busy); no mutex is held while plugins are asked or told.
 *
 * A name that nobody ever set is the one the first plugin reports, or else a generated one.
 */
#include "node.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "events.h"
#include "log.h"
#include "node-file.h"
#include "shared/cleanup.h"
#include "shared/node-name.h"
#include "shared/utf8.h"
#include "status.h"

static const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

static bool is_shared_node(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_NODE && !oid.ownerId &&
	       !oid.objectSequenceNumber;
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
			 const char *text, int (*compare)(const char *, const char *))
{
	char theirs[4 * IMA_NODE_ALIAS_LEN];

	if (!valid)
		return !*text;
	return utf8_from_wide(wide, count, theirs, sizeof(theirs)) >= 0 &&
	       !compare(theirs, text);
}

static bool agrees(const struct view *view, const IMA_NODE_PROPERTIES *theirs)
{
	/* A plugin need not know a name that nobody ever set. */
	bool is_same_name = (!theirs->nameValid && !view->is_stored) ||
			    is_same_text(theirs->name, IMA_NODE_NAME_LEN,
					 theirs->nameValid, view->state.name, strcasecmp);

	return is_same_name &&
	       is_same_text(theirs->alias, IMA_NODE_ALIAS_LEN, theirs->aliasValid,
			    view->state.alias, strcmp);
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
	int err = node_file_read(file, &view->state);

	if (err)
		return err;
	view->is_stored = view->state.name[0];
	view->is_settable = true;
	for_each_plugin(plugin, registry_get())
		look_at_plugin(view, call, plugin);
	if (!view->state.name[0] && node_name_generate(NULL, view->state.name)) {
		snprintf(file->why, sizeof(file->why), "nothing identifies this system");
		return -EIO;
	}
	return 0;
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
	int err = node_file_check(file);

	if (!err) {
		tell_all(&answers, call, is_alias, wide);
		if (answers.bad && !answers.good)
			return answers.error;
		call->plugin = NULL;
		err = node_file_store(file, is_alias, value, call_deadline());
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
	if (is_alias && !node_alias_is_text(value)) {
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
	if (node_file_read(&file, &state)) {
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
