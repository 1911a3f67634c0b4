// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * linux-events.c - how long after the kernel a client of the library hears of a change.
 *
 * linux-events ROUNDS ACTION WORD EVENT COMMAND: runs the command of the shell so many times. Each
 * time the kernel announces the action ("add", "remove", "change") on something with the word in
 * it, and the library calls back with the event: "appeared", "disappeared" or "changed" and the
 * type of object, "lu" or "target". Prints for each round the milliseconds between the two.
 *
 * The announcement is stamped by a thread that the scheduler prefers to all others: it is woken
 * when the kernel announces, whatever else there is to do.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ima.h"
#include "shared/cleanup.h"
#include "shared/number.h"

#define PATIENCE 10  /* s */
#define SETTLE	 300 /* ms, for what a round has still to tell */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static double announced, told; /* ms; 0: not yet in this round */
static const char *action, *word;
static char wanted[32];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void stop(const char *what)
{
	fprintf(stderr, "linux-events: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- The kernel ----------------------------------------------------------------------------- */

static bool is_wanted(const char *message, size_t size)
{
	size_t length = strlen(action);

	return size > length && !memcmp(message, action, length) &&
	       message[length] == '@' && memmem(message, size, word, strlen(word));
}

static void *listen_to_kernel(void *data)
{
	int fd = *(int *)data;
	char message[16384];
	ssize_t n;

	while ((n = recv(fd, message, sizeof(message), 0)) > 0 || errno == ENOBUFS) {
		double at = now();

		if (n <= 0 || !is_wanted(message, (size_t)n))
			continue;
		LOCKED(&lock);
		if (announced == 0)
			announced = at;
	}
	return NULL;
}

static void start_listening(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	const struct sched_param first = { .sched_priority = 1 };
	pthread_t thread;
	static int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		stop("announcements of the kernel");
	errno = pthread_create(&thread, NULL, listen_to_kernel, &fd);
	if (errno)
		stop("thread");
	errno = pthread_setschedparam(thread, SCHED_FIFO, &first);
	if (errno)
		stop("scheduling (this needs root)");
}

/* --- The library ----------------------------------------------------------------------------- */

static void note(const char *event, IMA_OID oid)
{
	double at = now();
	char text[32];

	snprintf(text, sizeof(text), "%s %s", event,
		 oid.objectType == IMA_OBJECT_TYPE_LU	    ? "lu"
		 : oid.objectType == IMA_OBJECT_TYPE_TARGET ? "target"
							    : "other");
	LOCKED(&lock);
	if (told > 0 || strcmp(text, wanted))
		return;
	told = at;
	pthread_cond_broadcast(&came);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	note(visible ? "appeared" : "disappeared", oid);
}

static void on_property(IMA_OID oid)
{
	note("changed", oid);
}

static void need(IMA_STATUS status, const char *what)
{
	if (IMA_SUCCESS(status))
		return;
	fprintf(stderr, "linux-events: %s: %#lx\n", what, (unsigned long)status);
	exit(1);
}

/* --- Rounds ---------------------------------------------------------------------------------- */

static void run(const char *command)
{
	extern char **environ;
	char shell[] = "sh", option[] = "-c", text[1024];
	char *const argv[] = { shell, option, text, NULL };
	pid_t pid;

	snprintf(text, sizeof(text), "%s", command);
	errno = posix_spawnp(&pid, "sh", NULL, NULL, argv, environ);
	if (errno || waitpid(pid, NULL, 0) < 0)
		stop(command);
}

static void wait_for_event(void)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE;
	LOCKED(&lock);
	while (told == 0 &&
	       !pthread_cond_clockwait(&came, &lock, CLOCK_MONOTONIC, &until))
		;
}

static void play_round(const char *command)
{
	{
		LOCKED(&lock);
		announced = told = 0;
	}
	run(command);
	wait_for_event();
	LOCKED(&lock);
	if (announced > 0 && told > 0)
		printf("%.1f\n", told > announced ? told - announced : 0);
	else
		printf("none (announced %d, told %d)\n", announced > 0, told > 0);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint64_t rounds;

	if (argc != 6 || number_parse(argv[1], 1, 1000, &rounds))
		return fprintf(stderr,
			       "usage: linux-events ROUNDS ACTION WORD EVENT COMMAND\n"),
		       2;
	action = argv[2];
	word = argv[3];
	snprintf(wanted, sizeof(wanted), "%s", argv[4]);
	need(IMA_RegisterForObjectVisibilityChanges(on_visibility), "visibility");
	need(IMA_RegisterForObjectPropertyChanges(on_property), "properties");
	start_listening();
	for (uint64_t i = 0; i < rounds; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = SETTLE * 1000000L }, NULL);
		play_round(argv[5]);
	}
	return 0;
}
