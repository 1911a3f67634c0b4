/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * support.h - tests against the simulator through the real library.
 *
 * A program runs with one scenario, in a sandbox of its own. sim() talks to the simulator in
 * the language of ima-simulator(5), sim_oid() finds objects by the names of the scenario.
 */
#ifndef TESTS_SIMULATOR_SUPPORT_H
#define TESTS_SIMULATOR_SUPPORT_H

#include <stdbool.h>

#include "cmocka_all.h"
#include "ima-ext.h"

/* Runs the tests in a sandbox with the simulator and the scenario at the path. */
int sim_run(int argc, char **argv, const char *scenario, int (*tests)(void));

/* Runs a control text that must succeed. */
void sim(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same; what it says, valid until the next call. */
const char *sim_says(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Any control text; its status. */
IMA_STATUS sim_try(const char *text);
/* A teardown: back to the scenario. */
int sim_reset(void **state);

/* "lhba:sw0"; the kinds and paths are those of the scenario. The object must be there. */
IMA_OID sim_oid(const char *name);
IMA_OID sim_plugin(void);

/* Functions of the API that the simulator does not answer. */
bool sim_lacks(const char *function);

/* What IMAX_GetLastError says. */
const char *last_error(void);

/* Arguments from text. */
IMA_IP_ADDRESS ip(const char *text);
IMA_TARGET_ADDRESS portal(const char *host, IMA_UINT16 port);
IMA_TARGET_ADDRESS host_portal(const IMA_WCHAR *host, IMA_UINT16 port);
IMA_STATIC_DISCOVERY_TARGET static_target(const IMA_WCHAR *name,
					  IMA_TARGET_ADDRESS address);

/*
 * Writes an image file and returns its name, valid until the next call. lines are header lines
 * with newlines; the image proper is "123456789", whose CRC-32 is known.
 */
enum image { IMAGE_GOOD, IMAGE_NO_HEAD, IMAGE_BAD_SUM, IMAGE_SHORT };
const IMA_WCHAR *image(const char *model, const char *lines, enum image how);

/* Is every byte of a structure what it is in another? Prints the first difference. */
void assert_bytes(const void *got, const void *expected, size_t size);

#define assert_status(call, status) \
	assert_status_at((call), (status), #call, __FILE__, __LINE__)
void assert_status_at(IMA_STATUS got, IMA_STATUS expected, const char *call,
		      const char *file, int line);
#define assert_done(call) assert_status(call, IMA_STATUS_SUCCESS)

#endif
