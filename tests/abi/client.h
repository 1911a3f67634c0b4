/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * client.h - what the client programs share. They are compiled as C and as C++, each with
 * several standards, so this is written in what all of them have in common.
 */
#ifndef ABI_CLIENT_H
#define ABI_CLIENT_H

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(IMA_STATUS status, IMA_STATUS expected, const char *what, int line)
{
	if (status == expected)
		return;
	printf("# line %d: %s gives %#lx, not %#lx\n", line, what, (unsigned long)status,
	       (unsigned long)expected);
	failures++;
}

/* The call succeeds; the call gives this status. */
#define DONE(call)	    expect((call), IMA_STATUS_SUCCESS, #call, __LINE__)
#define GIVES(call, status) expect((call), (status), #call, __LINE__)

/* An object of this type; the recording plugin takes any number. */
static IMA_OID object_of(IMA_OBJECT_TYPE type)
{
	IMA_OID oid;

	oid.objectType = type;
	oid.ownerId = 1;
	oid.objectSequenceNumber = type == IMA_OBJECT_TYPE_PLUGIN ? 0 : 5;
	return oid;
}

#endif
