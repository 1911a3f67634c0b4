// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * child.c - running a program.
 *
 * The child gets a process group of its own, so that what it started dies with it at the
 * deadline, default signals, an environment of two constants, /dev/null as input, and none of
 * the descriptors of this process. A daemon it leaves behind may keep the pipes open: the end
 * of the child counts, not that of its output. No locks.
 *
 * A program that is killed cannot clean up. iscsiadm holds its database's lock for moments, and a
 * lock whose owner is dead stops everybody: so it is not killed in such a moment.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shared/cleanup.h"

/*
 * iscsid gives itself this priority. A program that works with it should not have to wait while
 * iscsid works on what the program has not finished to ask for: before each login iscsiadm looks at
 * every session there is, and there are more with each that iscsid is done with. Nor should it be put
 * off while it holds the database's lock.
 */
#define NICE (-10)
/* Milliseconds to wait for a child to stop. */
#define STOP_LOOKS 20

struct child {
	pid_t pid;
	int pidfd;
	int out, errors;
	const struct child_care *care; /* NULL: it may be killed at any time */
	struct child_output *output;
	size_t room, errors_size;
};

static const char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C",
	NULL,
};

void child_output_free(struct child_output *output)
{
	free(output->text);
	output->text = NULL;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int milliseconds_until(uint64_t deadline)
{
	uint64_t t = now();

	if (t >= deadline)
		return 0;
	return deadline - t > 3600000000000u ? 3600000
					     : (int)((deadline - t) / 1000000 + 1);
}

/* --- Starting --------------------------------------------------------------------------- */

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	err = posix_spawnattr_setsigdefault(attributes, &all);
	if (!err)
		err = posix_spawnattr_setsigmask(attributes, &none);
	if (!err)
		err = posix_spawnattr_setpgroup(attributes, 0);
	if (!err)
		err = posix_spawnattr_setflags(
			attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
					    POSIX_SPAWN_SETPGROUP);
	return err;
}

static int set_files(posix_spawn_file_actions_t *files, int out, int errors)
{
	int err = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);

	if (!err)
		err = posix_spawn_file_actions_adddup2(files, out, 1);
	if (!err)
		err = posix_spawn_file_actions_adddup2(files, errors, 2);
	if (!err)
		err = posix_spawn_file_actions_addclosefrom_np(files, 3);
	return err;
}

static int spawn(const char *const argv[], int out, int errors, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int err = posix_spawn_file_actions_init(&files);

	if (err)
		return -err;
	err = posix_spawnattr_init(&attributes);
	if (!err) {
		err = set_files(&files, out, errors);
		if (!err)
			err = set_attributes(&attributes);
		if (!err)
			err = posix_spawn(pid, argv[0], &files, &attributes,
					  (char *const *)(uintptr_t)argv,
					  (char *const *)(uintptr_t)environment);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

/* Not one of the first three: those are set in the child one after the other. */
static int move_up(int *fd)
{
	int high;

	if (*fd > 2)
		return 0;
	high = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	if (high < 0)
		return -errno;
	close(*fd);
	*fd = high;
	return 0;
}

/* We do not block at our end, the child does at its, as programs expect. */
static int make_pipe(int ends[2])
{
	int err;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	err = move_up(&ends[0]);
	if (!err)
		err = move_up(&ends[1]);
	if (!err && fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		err = -errno;
	if (err) {
		close(ends[0]);
		close(ends[1]);
	}
	return err;
}

static int start(struct child *c, const char *const argv[])
{
	int out[2], errors[2], err;

	err = make_pipe(out);
	if (err)
		return err;
	err = make_pipe(errors);
	if (err) {
		close(out[0]);
		close(out[1]);
		return err;
	}
	err = spawn(argv, out[1], errors[1], &c->pid);
	/* Who may not do that is no worse off. */
	if (!err)
		setpriority(PRIO_PROCESS, (id_t)c->pid, NICE);
	close(out[1]);
	close(errors[1]);
	c->out = out[0];
	c->errors = errors[0];
	if (!err)
		c->pidfd = pidfd_open(c->pid, 0);
	return err;
}

/* --- Output ----------------------------------------------------------------------------- */

static void keep_output(struct child *c, const char *data, size_t size)
{
	struct child_output *o = c->output;

	if (o->size + size > CHILD_OUTPUT_MAX) {
		o->cut = true;
		return;
	}
	if (o->size + size + 1 > c->room) {
		size_t room = (c->room + size + 1) * 2;
		char *text = realloc(o->text, room);

		if (!text) {
			o->cut = true;
			return;
		}
		o->text = text;
		c->room = room;
	}
	memcpy(o->text + o->size, data, size);
	o->size += size;
	o->text[o->size] = 0;
}

static void keep_errors(struct child *c, const char *data, size_t size)
{
	if (size > CHILD_ERRORS_MAX - c->errors_size)
		size = CHILD_ERRORS_MAX - c->errors_size;
	memcpy(c->output->errors + c->errors_size, data, size);
	c->errors_size += size;
	c->output->errors[c->errors_size] = 0;
}

/* All that is there now. False at the end of the file. */
static bool drain(struct child *c, int fd,
		  void (*keep)(struct child *, const char *, size_t))
{
	char data[4096];
	ssize_t n;

	while ((n = read(fd, data, sizeof(data))) > 0)
		keep(c, data, (size_t)n);
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* --- End -------------------------------------------------------------------------------- */

static int collect(struct child *c)
{
	int status = 0;
	pid_t pid;

	do
		pid = waitpid(c->pid, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return -ECHILD;
	if (WIFSIGNALED(status)) {
		c->output->signal = WTERMSIG(status);
		return -EINTR;
	}
	c->output->exit_code = WEXITSTATUS(status);
	return 0;
}

static bool is_gone(const struct child *c)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return true;
	return info.si_pid != 0;
}

/* Without pidfd (Linux before 5.3) it is looked at every few milliseconds. */
static bool has_ended(const struct child *c, const struct pollfd *pidfd)
{
	return c->pidfd >= 0 ? pidfd->revents != 0 : is_gone(c);
}

/* How long to wait at once; 0: the deadline has passed. */
static int patience(const struct child *c, uint64_t deadline)
{
	int left = milliseconds_until(deadline);

	return c->pidfd < 0 && left > 10 ? 10 : left;
}

static void take_output(struct child *c, struct pollfd *fds)
{
	if (fds[0].revents && !drain(c, c->out, keep_output))
		fds[0].fd = -1;
	if (fds[1].revents && !drain(c, c->errors, keep_errors))
		fds[1].fd = -1;
}

static int wait_for_end(struct child *c, uint64_t deadline)
{
	struct pollfd fds[3] = {
		{ .fd = c->out, .events = POLLIN },
		{ .fd = c->errors, .events = POLLIN },
		{ .fd = c->pidfd, .events = POLLIN },
	};

	int left;

	while ((left = patience(c, deadline)) != 0) {
		if (poll(fds, 3, left) < 0 && errno != EINTR)
			return -errno;
		take_output(c, fds);
		if (has_ended(c, &fds[2]))
			return 0;
	}
	return -ETIMEDOUT;
}

static bool is_busy(const struct child *c)
{
	return !is_gone(c) && c->care->is_busy(c->care->data);
}

static void pause_shortly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

/*
 * False if it does not within moments: one that waits for a child of its own to begin a program
 * (vfork) stops only after that, and the child has been stopped as well.
 */
static bool stops(const struct child *c)
{
	const int what = WSTOPPED | WEXITED | WNOWAIT | WNOHANG;
	siginfo_t info = { 0 };

	kill(-c->pid, SIGSTOP);
	for (int i = 0; i < STOP_LOOKS; i++) {
		if (waitid(P_PID, (id_t)c->pid, &info, what) < 0 || info.si_pid)
			return true;
		pause_shortly();
	}
	return false;
}

/* If so it is stopped, so that it begins nothing between this answer and its end. */
static bool may_be_killed(const struct child *c)
{
	if (is_busy(c))
		return false;
	if (stops(c) && !is_busy(c))
		return true;
	kill(-c->pid, SIGCONT);
	return false;
}

static void wait_until_idle(const struct child *c)
{
	uint64_t last = now() + c->care->grace;

	while (!may_be_killed(c) && now() < last)
		pause_shortly();
}

static void end_it(const struct child *c)
{
	if (c->care)
		wait_until_idle(c);
	kill(-c->pid, SIGKILL);
}

/* One that ended by itself just before it was to be killed has ended by itself. */
static int finish(struct child *c, uint64_t deadline)
{
	int err = wait_for_end(c, deadline), end;

	if (err)
		end_it(c);
	end = collect(c);
	drain(c, c->out, keep_output);
	drain(c, c->errors, keep_errors);
	return err && end ? err : end;
}

int child_run(const char *const argv[], uint64_t deadline, const struct child_care *care,
	      struct child_output *output)
{
	struct child c = {
		.pidfd = -1, .out = -1, .errors = -1, .care = care, .output = output
	};
	int err;

	*output = (struct child_output){ 0 };
	keep_output(&c, "", 0);
	if (!output->text)
		return -ENOMEM;
	/* Not every environment lets posix_spawn() report what exec said. */
	if (access(argv[0], X_OK) < 0)
		return -errno;
	err = start(&c, argv);
	if (!err)
		err = finish(&c, deadline);
	cleanup_close(&c.pidfd);
	cleanup_close(&c.out);
	cleanup_close(&c.errors);
	return err;
}
