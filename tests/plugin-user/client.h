/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * client.h - what a client of the user-space initiator does, in few words.
 *
 * What is not expected to fail is asserted. Lists are those of the library.
 */
#ifndef PLUGIN_USER_CLIENT_H
#define PLUGIN_USER_CLIENT_H

#include <stdbool.h>

#include "ima-ext.h"

/** client_run - sandbox_run() with the user-space initiator */
int client_run(int argc, char **argv, int (*tests)(void));

/** reset - an empty state directory; a setup function */
int reset(void **state);

/** lhba - the only one */
IMA_OID lhba(void);

/** portal_of - "host" or "host:port" as the text in a structure */
IMA_TARGET_ADDRESS portal_of(const char *text);

IMA_STATUS try_address(const char *text, IMA_OID *oid);
IMA_OID add_address(const char *text);
IMA_STATUS try_static(const char *name, const char *portal, IMA_OID *oid);
IMA_OID add_static(const char *name, const char *portal);

/** count_addresses, count_static_targets, count_targets - as the lists have them */
unsigned int count_addresses(void);
unsigned int count_static_targets(void);
unsigned int count_targets(void);

/** find_target - by name; type UNKNOWN if there is none */
IMA_OID find_target(const char *name);

/** discover - what IMAX_DiscoverTargets found; status asserted, list released */
unsigned int discover(IMA_OID oid);

IMA_STATUS set_chap(const char *name, const char *secret);
IMA_STATUS use_methods(unsigned int count, IMA_AUTHMETHOD first, IMA_AUTHMETHOD second);

/** last_error - of this thread */
IMAX_LAST_ERROR last_error(void);

/** milliseconds - of a clock, to see that a deadline is kept */
unsigned int milliseconds(void);

/** text_of - wide text as UTF-8; valid until the next call */
const char *text_of(const IMA_WCHAR *wide);

#define assert_status(expression, expected) \
	assert_string_equal(IMAX_StatusName(expression), IMAX_StatusName(expected))
#define assert_ok(expression) assert_status(expression, IMA_STATUS_SUCCESS)

#endif
