/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * finder.h - discovery that starts by itself when an address is added or a method is
 * switched on, in a thread of its own.
 *
 * The standard has no call for "discover now": a client that knows only the standard would
 * never see a target otherwise. What is found appears in the lists and as events; what fails is
 * logged only.
 */
#ifndef USER_FINDER_H
#define USER_FINDER_H

#include <stdint.h>

/** finder_want - discover soon: id of a discovery address, SOURCE_ISNS, SOURCE_SLP */
void finder_want(int64_t source);

/** finder_want_all - the same with all sources */
void finder_want_all(void);

/** finder_stop - end the thread; what is going on gets a moment to succeed */
void finder_stop(void);

#endif
