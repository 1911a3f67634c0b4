/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * finder.h - discovery that starts by itself when an address is added or SendTargets is
 * switched on, in a thread of its own.
 *
 * The standard has no call for "discover now": a client that knows only the standard would
 * never see a target otherwise. What is found appears in the lists and as events; what fails is
 * logged only.
 */
#ifndef USER_FINDER_H
#define USER_FINDER_H

#include "ima.h"

/** finder_want - discover soon: LHBA or discovery address */
void finder_want(IMA_OID oid);

/** finder_stop - end the thread; what is going on gets a moment to succeed */
void finder_stop(void);

#endif
