// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lasting.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doc.h"

#define SELF	"/proc/self/exe"
#define TIMEOUT "5"

/* Starts imactl with its output in a pipe; the end to read from is *fd. 0 or -errno. */
static int start(char *const argv[], pid_t *pid, int *fd)
{
	posix_spawn_file_actions_t actions;
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY,
					 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
					 0);
	err = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	if (!err)
		err = posix_spawn(pid, SELF, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (err)
		close(ends[0]);
	else
		*fd = ends[0];
	return -err;
}

static bool ended_well(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
}

/* The words of the other process, kept: execve() takes them without const. */
static char *word(struct context *c, const char *text)
{
	return keep(c, text_format("%s", text));
}

IMA_XBOOL session_is_lasting(struct context *c, const struct target *target)
{
	char *const argv[] = { word(c, "imactl"),
			       word(c, "--json"),
			       word(c, "--timeout"),
			       word(c, TIMEOUT),
			       word(c, "--lhba"),
			       word(c, target->lhba->name),
			       word(c, "session"),
			       word(c, "list"),
			       word(c, "--"),
			       word(c, target->name),
			       NULL };
	struct json_object *answer, *sessions;
	IMA_XBOOL lasting = IMA_UNKNOWN;
	pid_t pid;
	int fd = -1;

	if (start(argv, &pid, &fd))
		return IMA_UNKNOWN;
	answer = json_object_from_fd(fd);
	close(fd);
	if (ended_well(pid) && answer) {
		sessions = doc_get(answer, "data");
		if (json_object_is_type(sessions, json_type_array))
			lasting = json_object_array_length(sessions) ? IMA_TRUE
								     : IMA_FALSE;
	}
	json_object_put(answer);
	return lasting;
}
