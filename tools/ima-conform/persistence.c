// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * persistence.c - with --destructive: whether a change outlives the process that made it.
 *
 * For each function that sets something, one object gets another value. Then this program runs
 * once more as "ima-conform --settings", which prints all settings as lines of text, and its
 * lines must hold what this process reads. Entries of discovery are added, looked for, removed,
 * and looked for again. In the end everything is put back.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "settings.h"
#include "shared/cleanup.h"
#include "shared/utf8.h"

#define CHILD_SECONDS 60
#define OUTPUT_MAX    (1 << 20)
#define CHANGES_MAX   64
#define LINE_MAX_SIZE (SETTING_BYTES * 2 + 1200)

static const struct settings *const families[] = {
	&key_settings,	&switch_settings,	  &ip_settings,	       &portal_settings,
	&node_settings, &authentication_settings, &extension_settings,
};

void setting_put(struct setting_value *value, IMA_UINT number)
{
	value->size = sizeof(number);
	memcpy(value->bytes, &number, sizeof(number));
}

IMA_UINT setting_number(const struct setting_value *value)
{
	IMA_UINT number;

	memcpy(&number, value->bytes, sizeof(number));
	return number;
}

/* --- Lines --- */

static void put_position(const struct run *run, IMA_OID oid, char *text, size_t size)
{
	const struct objects *objects = &run->objects[oid.objectType];
	size_t at = 0;

	while (at < objects->count && !same_object(objects->oid[at], oid))
		at++;
	snprintf(text, size, "%s %zu of %zu", object_type_name(oid.objectType), at,
		 objects->count);
}

/*
 * A name of an object that means the same in another process: OIDs do not. Targets may come and
 * go, so they are named by their LHBA and their name.
 */
static void put_object(const struct run *run, IMA_OID oid, char *text, size_t size)
{
	IMA_TARGET_PROPERTIES target;
	size_t n;

	if (oid.objectType != IMA_OBJECT_TYPE_TARGET ||
	    IMA_ERROR(IMA_GetTargetProperties(oid, &target))) {
		put_position(run, oid, text, size);
		return;
	}
	put_position(run, target.associatedLhbaOid, text, size);
	n = strlen(text);
	text[n++] = ' ';
	if (utf8_from_wide(target.name, ARRAY_SIZE(target.name), text + n, size - n) < 0)
		text[n] = 0;
}

static void put_line(const struct run *run, enum function_index fn, IMA_OID oid,
		     const struct setting_value *value, char line[LINE_MAX_SIZE])
{
	char object[1000];
	int n;

	put_object(run, oid, object, sizeof(object));
	n = snprintf(line, LINE_MAX_SIZE, "\n%u\t%s\t%s\t", run->plugin.ownerId,
		     function_table[fn].name, object);
	for (size_t i = 0; i < value->size; i++)
		n += snprintf(line + n, LINE_MAX_SIZE - (size_t)n, "%02x",
			      value->bytes[i]);
	snprintf(line + n, LINE_MAX_SIZE - (size_t)n, "\n");
}

/* --- Objects --- */

typedef bool (*visit_fn)(struct run *run, const struct settings *family, size_t which,
			 IMA_OID oid, void *context);

/* Visit the objects a setting may have until the visitor says that it is enough. */
static void visit_objects(struct run *run, const struct settings *family, size_t which,
			  visit_fn visit, void *context)
{
	static const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	uint32_t objects = function_table[family->function(which)].objects;

	for (IMA_OBJECT_TYPE type = 1; type < OBJECT_TYPES; type++)
		for (size_t i = 0; objects & 1u << type && i < sample_count(run, type);
		     i++)
			if (visit(run, family, which, run->objects[type].oid[i], context))
				return;
	if (objects & NODE)
		visit(run, family, which, shared_node, context);
}

static void visit_settings(struct run *run, visit_fn visit, void *context)
{
	for (size_t f = 0; f < ARRAY_SIZE(families); f++)
		for (size_t which = 0; which < families[f]->count; which++)
			visit_objects(run, families[f], which, visit, context);
}

static bool print_setting(struct run *run, const struct settings *family, size_t which,
			  IMA_OID oid, void *context)
{
	struct setting_value value;
	char line[LINE_MAX_SIZE];

	(void)context;
	if (!family->read(which, oid, &value))
		return false;
	put_line(run, family->function(which), oid, &value, line);
	fputs(line + 1, stdout);
	return false;
}

static const struct setting_value no_value;

void settings_print(const struct run *run)
{
	static const IMA_OBJECT_TYPE parents[] = { IMA_OBJECT_TYPE_LHBA,
						   IMA_OBJECT_TYPE_PNP };
	struct run copy = *run;
	char line[LINE_MAX_SIZE];

	visit_settings(&copy, print_setting, NULL);
	for (size_t kind = 0; kind < ENTRY_KINDS; kind++)
		for (size_t t = 0; t < ARRAY_SIZE(parents); t++)
			for (size_t i = 0; i < sample_count(run, parents[t]); i++) {
				IMA_OID parent = run->objects[parents[t]].oid[i];

				if (!entry_is_listed(kind, parent))
					continue;
				put_line(run, entry_function(kind, true), parent,
					 &no_value, line);
				fputs(line + 1, stdout);
			}
}

/* --- The other process --- */

static uint64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* All that comes from a pipe until it is closed, behind a newline. */
static char *read_all(int fd)
{
	uint64_t end = now_ms() + CHILD_SECONDS * 1000;
	char *text = malloc(OUTPUT_MAX + 2);
	size_t length = 1;
	ssize_t n = 1;

	if (!text)
		return NULL;
	text[0] = '\n';
	while (length <= OUTPUT_MAX && n > 0) {
		struct pollfd poller = { fd, POLLIN, 0 };
		uint64_t now = now_ms();

		if (now >= end || poll(&poller, 1, (int)(end - now)) <= 0)
			break;
		n = read(fd, text + length, OUTPUT_MAX + 1 - length);
		length += n > 0 ? (size_t)n : 0;
	}
	text[length] = 0;
	return text;
}

static int start(const struct run *run, int out, pid_t *pid)
{
	static char name[] = "ima-conform", settings[] = "--settings", all[] = "--all",
		    of_each[] = "--objects", deadline[] = "--timeout";
	char objects[24], timeout[24];
	char *const argv[] = { name,	settings, all,	   of_each,
			       objects, deadline, timeout, NULL };
	posix_spawn_file_actions_t actions;
	int err;

	snprintf(objects, sizeof(objects), "%zu", run->options.sample);
	snprintf(timeout, sizeof(timeout), "%u", run->options.deadline_ms / 1000);
	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	err = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!err)
		err = posix_spawn(pid, "/proc/self/exe", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

/* Whether a process whose output has ended ends well; one that hangs does not. */
static bool ends_well(pid_t pid)
{
	int status = 0, tries = 0;
	pid_t ended;

	while (!(ended = waitpid(pid, &status, WNOHANG)) && tries++ < 100)
		poll(NULL, 0, 20);
	if (!ended) {
		kill(pid, SIGKILL);
		ended = waitpid(pid, &status, 0);
	}
	return ended == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* What another process reads; NULL if there was none to be had. */
static char *read_elsewhere(const struct run *run)
{
	int ends[2];
	pid_t pid;
	char *text;

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	if (start(run, ends[1], &pid)) {
		close(ends[0]);
		close(ends[1]);
		return NULL;
	}
	close(ends[1]);
	text = read_all(ends[0]);
	close(ends[0]);
	if (ends_well(pid))
		return text;
	free(text);
	return NULL;
}

/* --- Changes --- */

struct change {
	const struct settings *family;
	size_t which;
	IMA_OID oid;
	struct setting_value was;
};

struct changes {
	size_t count;
	struct change list[CHANGES_MAX];
};

static bool change_setting(struct run *run, const struct settings *family, size_t which,
			   IMA_OID oid, void *context)
{
	struct changes *changes = context;
	struct change *change = &changes->list[changes->count];
	struct setting_value value;
	IMA_STATUS status;

	(void)run;
	if (changes->count == CHANGES_MAX)
		return true;
	*change = (struct change){ .family = family, .which = which, .oid = oid };
	if (!family->read(which, oid, &change->was))
		return false;
	value = change->was;
	if (!family->alter(which, oid, &value))
		return false;
	status = family->set(which, oid, &value);
	if (status == IMA_STATUS_SUCCESS)
		changes->count++;
	else if (IMA_SUCCESS(status)) /* after a reboot, which no process sees */
		family->set(which, oid, &change->was);
	return status == IMA_STATUS_SUCCESS;
}

static void check_change(struct run *run, const struct change *change, const char *found)
{
	enum function_index fn = change->family->function(change->which);
	struct setting_value value;
	char line[LINE_MAX_SIZE];

	if (!change->family->read(change->which, change->oid, &value))
		return;
	put_line(run, fn, change->oid, &value, line);
	check(run, fn, RULE_PERSISTS, strstr(found, line), change->oid,
	      "another process does not see the change");
}

struct entry {
	size_t kind;
	IMA_OID parent, oid;
};

static bool add_entry(struct run *run, struct entry *entry)
{
	static const IMA_OBJECT_TYPE parents[] = { IMA_OBJECT_TYPE_LHBA,
						   IMA_OBJECT_TYPE_PNP };
	IMA_STATUS status;

	for (size_t t = 0; t < ARRAY_SIZE(parents); t++)
		for (size_t i = 0; i < sample_count(run, parents[t]); i++) {
			entry->parent = run->objects[parents[t]].oid[i];
			status = entry_add(entry->kind, entry->parent, &entry->oid);
			if (status == IMA_STATUS_SUCCESS)
				return true;
			if (IMA_SUCCESS(status)) /* used after a reboot only */
				entry_remove(entry->kind, entry->oid);
		}
	return false;
}

static void check_entry(struct run *run, const struct entry *entry, bool there,
			const char *found)
{
	char line[LINE_MAX_SIZE];

	put_line(run, entry_function(entry->kind, true), entry->parent, &no_value, line);
	check(run, entry_function(entry->kind, there), RULE_PERSISTS,
	      !strstr(found, line) == !there, entry->parent, "another process %s",
	      there ? "does not list what was added" : "still lists what was removed");
}

/* --- All --- */

static void put_back(struct changes *changes)
{
	while (changes->count--) {
		struct change *change = &changes->list[changes->count];

		change->family->set(change->which, change->oid, &change->was);
	}
}

static void check_changes(struct run *run, struct changes *changes)
{
	struct entry entries[ENTRY_KINDS];
	_cleanup_free_ char *found = NULL, *later = NULL;
	size_t count = 0;

	for (size_t kind = 0; kind < ENTRY_KINDS; kind++) {
		entries[count].kind = kind;
		count += add_entry(run, &entries[count]);
	}
	visit_settings(run, change_setting, changes);
	found = read_elsewhere(run);
	for (size_t i = 0; found && i < changes->count; i++)
		check_change(run, &changes->list[i], found);
	put_back(changes);
	for (size_t i = 0; i < count; i++) {
		if (found)
			check_entry(run, &entries[i], true, found);
		entry_remove(entries[i].kind, entries[i].oid);
	}
	later = found ? read_elsewhere(run) : NULL;
	for (size_t i = 0; later && i < count; i++)
		check_entry(run, &entries[i], false, later);
}

static bool not_checked(struct run *run, const struct settings *family, size_t which,
			IMA_OID oid, void *why)
{
	if (run->served[family->function(which)] && oid.objectType)
		unchecked(run, family->function(which), RULE_PERSISTS, why);
	return true;
}

void check_persistence(struct run *run)
{
	static char why_not[] = "needs --destructive";
	static char why[] =
		"nothing could be changed, or no other process could load the "
		"plugin";
	struct changes *changes = calloc(1, sizeof(*changes));

	if (changes && run->options.destructive)
		check_changes(run, changes);
	free(changes);
	visit_settings(run, not_checked, run->options.destructive ? why : why_not);
}
