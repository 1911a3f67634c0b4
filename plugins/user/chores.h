/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chores.h - a thread for what the loop's thread wants done but must not do itself, because it
 * means entering the gate: planning a login, taking note of LUs, looking at the store.
 */
#ifndef USER_CHORES_H
#define USER_CHORES_H

/**
 * struct chore - something to do; memory of the poster
 * @run: called once on the chores' thread; the chore may be freed or posted again inside
 * @next: the thread's own
 */
struct chore {
	void (*run)(struct chore *chore);
	struct chore *next;
};

/** chores_start - make sure that the thread runs, so that posting cannot fail; 0 or -errno */
int chores_start(void);

/** chores_post - run a chore after all that were posted before; from anywhere */
void chores_post(struct chore *chore);

/** chores_stop - do what is still to be done, then end the thread */
void chores_stop(void);

#endif
