/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * peer.h - what the tests against stub.py have in common: the stub's orders and log, and a few
 * questions to the initiator.
 */
#ifndef PLUGIN_USER_PEER_H
#define PLUGIN_USER_PEER_H

#include <stdbool.h>

#include "client.h"

#define NAME	 "iqn.2003-01.org.example:stub"
#define DEADLINE 400 /* ms, for what is expected to time out */

/** prepare - an empty state, an empty log, no orders; a setup function */
int prepare(void **state);

/** stub_path - a file in the stub's folder; valid until the next call */
const char *stub_path(const char *file);

/** report - the answer to SendTargets */
void report(const char *lines);

/** give_order, end_order - see stub.py; is_ordered: it is not used up yet */
void give_order(const char *name, const char *text);
bool is_ordered(const char *name);
void end_order(const char *name);

/** is_logged - whether an initiator sent this; log_count - how often */
bool is_logged(const char *line);
unsigned int log_count(const char *line);

/** stub - the target NAME at a portal of the environment */
IMA_OID stub(const char *portal);

/** inquire - INQUIRY to a target or LU */
IMA_STATUS inquire(IMA_OID oid);

/** lu - asserted */
IMA_OID lu(IMA_OID target, IMA_UINT64 lun);

unsigned int count_sessions(IMA_OID oid);
unsigned int count_connections(IMA_OID session);
unsigned int count_lus(IMA_OID oid);

#endif
