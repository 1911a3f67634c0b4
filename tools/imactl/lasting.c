// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lasting.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doc.h"

#define SELF	"/proc/self/exe"
#define TIMEOUT "5"

/* --- A device of the kernel ------------------------------------------------------------------ */

#define DEVICE_IDENTIFICATION 0x83
#define PAGE_MAX	      4096
#define PAGE_HEADER	      4

static bool find_node(struct context *c, IMA_OID lu, struct stat *st)
{
	IMA_LU_PROPERTIES props;
	_cleanup_free_ char *path = NULL;

	if (IMA_ERROR(CALL(c, IMA_GetLuProperties, lu, &props)) ||
	    !props.osDeviceNameValid)
		return false;
	path = text_of_wide(props.osDeviceName, ARRAY_SIZE(props.osDeviceName));
	return path && !stat(path, st) && (S_ISBLK(st->st_mode) || S_ISCHR(st->st_mode));
}

/* The page as the kernel has it of a device; 0: it has none. */
static size_t page_of_kernel(const struct stat *st, IMA_BYTE page[PAGE_MAX])
{
	char path[80];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/dev/%s/%u:%u/device/vpd_pg83",
		 S_ISBLK(st->st_mode) ? "block" : "char", major(st->st_rdev),
		 minor(st->st_rdev));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, page, PAGE_MAX);
	return n > PAGE_HEADER ? (size_t)n : 0;
}

static size_t page_of_lu(struct context *c, IMA_OID lu, IMA_BYTE page[PAGE_MAX])
{
	IMA_BYTE sense[252];
	IMA_UINT length = PAGE_MAX, sense_length = sizeof(sense);

	if (IMA_ERROR(CALL(c, IMA_LuInquiry, lu, IMA_TRUE, IMA_FALSE,
			   DEVICE_IDENTIFICATION, page, &length, sense, &sense_length)))
		return 0;
	return length;
}

/* That there is a node with the name of the LU's does not say that it is this LU's. */
static bool is_of_kernel(struct context *c, IMA_OID lu)
{
	IMA_BYTE known[PAGE_MAX], page[PAGE_MAX] = { 0 };
	struct stat st;
	size_t length;

	if (!find_node(c, lu, &st))
		return false;
	length = page_of_kernel(&st, known);
	return length && page_of_lu(c, lu, page) >= length &&
	       !memcmp(known, page, length);
}

static bool kernel_has_any(struct context *c, const struct target *target)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;

	if (IMA_ERROR(CALL(c, IMA_GetLuOidList, target->oid, &list))) {
		list = NULL;
		return false;
	}
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		if (is_of_kernel(c, list->oids[i]))
			return true;
	return false;
}

/* --- Another process ------------------------------------------------------------------------ */

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

static IMA_XBOOL others_see(struct context *c, const struct target *target)
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

IMA_XBOOL session_is_lasting(struct context *c, const struct target *target)
{
	return kernel_has_any(c, target) ? IMA_TRUE : others_see(c, target);
}
