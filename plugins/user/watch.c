// SPDX-License-Identifier: LGPL-2.1-or-later
#include "watch.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "user.h"

/*
 * A writer first writes the file, which can be noticed, and then the index in shared memory,
 * which cannot: so look a little later, and once more.
 */
#define FIRST_LOOK  10	 /* ms */
#define SECOND_LOOK 250	 /* ms */
#define NO_FOLDER   1000 /* ms between attempts to watch a folder that is not there yet */

static struct {
	pthread_mutex_t lock; /* for starting */
	pthread_t thread;
	int stop;  /* eventfd */
	int files; /* inotify */
	int folder;
	unsigned int looks; /* still to be done */
	bool is_running;
} watch = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void find_folder(void)
{
	char path[PATH_MAX];

	if (watch.folder >= 0)
		return;
	snprintf(path, sizeof(path), "%s", store_path(user.store));
	watch.folder = inotify_add_watch(watch.files, dirname(path),
					 IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO |
						 IN_DELETE_SELF | IN_MOVE_SELF |
						 IN_ONLYDIR);
	if (watch.folder >= 0)
		watch.looks = 1; /* it may have been filled before */
}

static int time_to_wait(void)
{
	if (watch.looks)
		return watch.looks > 1 ? FIRST_LOOK : SECOND_LOOK;
	return watch.folder < 0 ? NO_FOLDER : -1;
}

static void look(void)
{
	VISIT visit = visit_begin();

	if (visit.status)
		host_log(IMAX_LOG_WARNING, "changes of other processes are not seen: %s",
			 store_error(user.store));
}

static void read_events(void)
{
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t n;

	while ((n = read(watch.files, buffer, sizeof(buffer))) > 0)
		for (ssize_t at = 0; at < n;
		     at += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const struct inotify_event *)(buffer + at);
			if (event->mask & IN_IGNORED)
				watch.folder = -1; /* the folder is gone */
		}
	watch.looks = 2;
}

static void *run(void *unused)
{
	struct pollfd fds[] = { { .fd = watch.stop, .events = POLLIN },
				{ .fd = watch.files, .events = POLLIN } };

	(void)unused;
	for (;;) {
		int n;

		find_folder();
		n = poll(fds, ARRAY_SIZE(fds), time_to_wait());
		if (n > 0 && fds[0].revents)
			return NULL;
		if (n > 0)
			read_events();
		if (n || !watch.looks)
			continue;
		watch.looks--;
		look();
	}
}

static void close_both(void)
{
	if (watch.stop >= 0)
		close(watch.stop);
	if (watch.files >= 0)
		close(watch.files);
}

static int start_thread(void)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&watch.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

int watch_start(void)
{
	LOCKED(&watch.lock);
	int err = 0;

	if (watch.is_running || !user.store)
		return 0;
	watch.folder = -1;
	watch.looks = 0;
	watch.stop = eventfd(0, EFD_CLOEXEC);
	watch.files = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch.stop < 0 || watch.files < 0)
		err = -errno;
	if (!err)
		err = start_thread();
	if (err)
		close_both();
	watch.is_running = !err;
	return err;
}

void watch_stop(void)
{
	static const uint64_t one = 1;

	LOCKED(&watch.lock);
	if (!watch.is_running)
		return;
	/* Cannot fail: the counter is 0. */
	if (write(watch.stop, &one, sizeof(one)) == sizeof(one))
		pthread_join(watch.thread, NULL);
	close_both();
	watch.is_running = false;
}
