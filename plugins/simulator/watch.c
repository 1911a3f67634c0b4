// SPDX-License-Identifier: LGPL-2.1-or-later
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

static void *watch_run(void *argument)
{
	struct watch *watch = argument;
	struct pollfd fds[] = { { .fd = watch->stop, .events = POLLIN },
				{ .fd = watch->inotify, .events = POLLIN } };
	char buffer[4096] __attribute__((aligned(8)));

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[0].revents)
			return NULL;
		/* Which file it was does not matter: whoever is told looks for himself. */
		if (fds[1].revents && read(watch->inotify, buffer, sizeof(buffer)) > 0)
			watch->changed();
	}
}

int watch_start(struct watch *watch, const char *folder, void (*changed)(void))
{
	int err;

	watch->changed = changed;
	watch->stop = eventfd(0, EFD_CLOEXEC);
	watch->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	err = watch->stop < 0 || watch->inotify < 0 ||
			      inotify_add_watch(watch->inotify, folder,
						IN_MOVED_TO | IN_DELETE |
							IN_CLOSE_WRITE) < 0
		      ? errno
		      : pthread_create(&watch->thread, NULL, watch_run, watch);
	if (!err) {
		watch->running = true;
		return 0;
	}
	if (watch->stop >= 0)
		close(watch->stop);
	if (watch->inotify >= 0)
		close(watch->inotify);
	return -err;
}

void watch_stop(struct watch *watch)
{
	uint64_t one = 1;

	if (!watch->running)
		return;
	while (write(watch->stop, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(watch->thread, NULL);
	close(watch->stop);
	close(watch->inotify);
	watch->running = false;
}
