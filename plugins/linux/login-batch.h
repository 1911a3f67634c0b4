/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * login-batch.h - many logins at the same time with one command.
 *
 * A program that logs in to twenty targets calls from twenty threads. Twenty processes of
 * iscsiadm do that work one after the other on the processors there are; one does it faster.
 * iscsiadm takes no list of targets, but all targets of a portal: that is used if all of them
 * that have no session yet are wanted.
 */
#ifndef LINUX_LOGIN_BATCH_H
#define LINUX_LOGIN_BATCH_H

#include "linux.h"

/*
 * To be called before a login, without the lock of the plugin. Returns when the target has its
 * sessions, or has to be logged in to by itself: the time (host_now()) since when what was done
 * is to be seen, which is the same for all, so that one look does for all.
 */
uint64_t login_together(IMA_OID target);

/* Logs in at the portals all of whose targets without a session there are among these. */
void login_at_portals(const IMA_OID *members, size_t count);

#endif
