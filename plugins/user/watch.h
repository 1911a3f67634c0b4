/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * watch.h - looks at the store when another process may have changed it.
 *
 * Without clients that want events nobody needs to know before the next call; with them, a
 * thread waits for the files of the store to be written and then visits the state, which
 * raises the events.
 */
#ifndef USER_WATCH_H
#define USER_WATCH_H

/** watch_start - start the thread if it does not run; 0 or negative errno */
int watch_start(void);

/** watch_stop - end it and wait for it */
void watch_stop(void);

#endif
