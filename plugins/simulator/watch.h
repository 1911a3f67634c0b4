/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * watch.h - a thread that tells when the state file was replaced by another process.
 */
#ifndef SIM_WATCH_H
#define SIM_WATCH_H

#include <pthread.h>
#include <stdbool.h>

struct watch {
	pthread_t thread;
	bool running;
	int inotify, stop; /* descriptors */
	void (*changed)(void);
};

/* changed is called on the thread, with no lock held. 0 or -errno. */
int watch_start(struct watch *watch, const char *folder, void (*changed)(void));
/* Waits for the thread to end; fine if there is none. Not from changed. */
void watch_stop(struct watch *watch);

#endif
