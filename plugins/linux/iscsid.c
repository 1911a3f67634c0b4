// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsid.c - open-iscsi's daemon as /proc shows it. No locks, no state.
 */
#include "iscsid.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "shared/cleanup.h"

/* Its socket has no file, and belongs to a network namespace. */
#define SOCKET_NAME "@ISCSIADM_ABSTRACT_NAMESPACE"

static bool is_iscsid(const struct world *world, const char *pid)
{
	char path[64], name[32];

	snprintf(path, sizeof(path), "%.16s/comm", pid);
	return attr_read(world->proc, path, name, sizeof(name)) > 0 &&
	       !strcmp(name, "iscsid");
}

/* "77 (iscsid) S 1 ..." */
static bool is_stopped(const struct world *world, const char *pid)
{
	char path[64], text[1024];
	const char *state;

	snprintf(path, sizeof(path), "%.16s/stat", pid);
	if (attr_read(world->proc, path, text, sizeof(text)) < 0)
		return false;
	state = strrchr(text, ')');
	return state && state[1] == ' ' && (state[2] == 'T' || state[2] == 't');
}

static bool is_replaced(const struct world *world, const char *pid)
{
	static const char gone[] = " (deleted)";
	char path[64], link[1024];
	int n;

	snprintf(path, sizeof(path), "%.16s/exe", pid);
	n = attr_link(world->proc, path, link, sizeof(link));
	return n >= (int)sizeof(gone) && !strcmp(link + n - (sizeof(gone) - 1), gone);
}

/* It has two processes, one of which writes the log. */
static void look_at_processes(const struct world *world, struct iscsid *iscsid)
{
	struct names _cleanup_names_ pids = { 0 };

	if (names_read(world->proc, ".", &pids))
		return;
	for (size_t i = 0; i < pids.count; i++) {
		const char *pid = pids.list[i].text;

		if (!isdigit((unsigned char)*pid) || !is_iscsid(world, pid))
			continue;
		snprintf(iscsid->pid, sizeof(iscsid->pid), "%.15s", pid);
		iscsid->stopped |= is_stopped(world, pid);
		iscsid->replaced |= is_replaced(world, pid);
	}
}

static FILE *open_sockets(const struct world *world)
{
	int fd = openat(world->proc, "net/unix", O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "re");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static void look_at_sockets(const struct world *world, struct iscsid *iscsid)
{
	_cleanup_fclose_ FILE *file = open_sockets(world);
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	iscsid->unknown = !file;
	while (file && getline(&line, &room, file) > 0)
		iscsid->listening |= strstr(line, SOCKET_NAME) != NULL;
}

void iscsid_look(const struct world *world, struct iscsid *iscsid)
{
	*iscsid = (struct iscsid){ 0 };
	look_at_processes(world, iscsid);
	look_at_sockets(world, iscsid);
}

bool iscsid_runs(const struct world *world)
{
	struct iscsid iscsid = { 0 };

	look_at_processes(world, &iscsid);
	return *iscsid.pid;
}
