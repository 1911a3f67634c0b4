/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * events.h - what changed, told to those who registered for it.
 */
#ifndef USER_EVENTS_H
#define USER_EVENTS_H

#include <stdbool.h>

#include "ima.h"

struct lu;
struct state;
struct target;

/**
 * events_replace_state - put a newly loaded state in the place of user.state
 * @fresh: taken over on success only
 *
 * What appeared, disappeared and changed is reported, except the first time, when this
 * process only learns what has been there before. Targets with a session stay even if nobody
 * finds them any more.
 *
 * Return: 0 or -ENOMEM. Inside the gate.
 */
int events_replace_state(struct state *fresh);

/** events_visible, events_changed - raise one event, from anywhere */
void events_visible(bool visible, IMA_OID oid);
void events_changed(IMA_OID oid);

#endif
