// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rows.c - every status of clause 6.2 that a plugin can give, reached in the simulator.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "ima-plugin.h"
#include "cases.h"
#include "ima-simulator.h"
#include "sandbox.h"
#include "spec.h"
#include "support.h"

/* What the rows use. */
static IMA_OID oid;
static IMA_OID_LIST *list;
static IMA_ADDRESS_KEYS *address_keys;
static IMA_UINT count;
static IMA_AUTHMETHOD methods[16];
static union {
	IMA_PHBA_PROPERTIES largest_but_one;
	IMA_INITIATOR_AUTHPARMS largest;
} memory;
#define buffer	((void *)&memory)
#define O(name) sim_oid(name)

static void on_change(IMA_OID changed)
{
	(void)changed;
}

static void on_visibility(IMA_BOOL visible, IMA_OID changed)
{
	(void)visible;
	(void)changed;
}

static IMA_IP_ADDRESS bad_ip(void)
{
	return (IMA_IP_ADDRESS){ .ipv4Address = 2, .ipAddress = { 255, 255, 255, 0 } };
}

static const IMA_INITIATOR_AUTHPARMS *chap(const char *name, const char *secret)
{
	static IMA_INITIATOR_AUTHPARMS parms;

	memset(&parms, 0, sizeof(parms));
	parms.chapParms.nameLength = strlen(name);
	memcpy(parms.chapParms.name, name, strlen(name));
	parms.chapParms.challengeSecretLength = strlen(secret);
	memcpy(parms.chapParms.challengeSecret, secret, strlen(secret));
	return &parms;
}

static const IMAX_CHAP_PARMS *parms(const char *name, const char *secret)
{
	static IMAX_CHAP_PARMS chap_parms;

	memset(&chap_parms, 0, sizeof(chap_parms));
	chap_parms.nameLength = (IMA_UINT32)strlen(name);
	memcpy(chap_parms.name, name, strlen(name));
	chap_parms.secretLength = (IMA_UINT32)strlen(secret);
	memcpy(chap_parms.secret, secret, strlen(secret));
	return &chap_parms;
}

static const IMA_INITIATOR_AUTHPARMS *too_long(void)
{
	static IMA_INITIATOR_AUTHPARMS parms;

	parms = *chap("name", "secret");
	parms.chapParms.challengeSecretLength = 257;
	return &parms;
}

static const IMA_INITIATOR_AUTHPARMS *crossed(void)
{
	static IMA_INITIATOR_AUTHPARMS parms;

	parms = *chap("name", "secret");
	parms.chapParms.minValueLength = 2;
	parms.chapParms.maxValueLength = 1;
	return &parms;
}

/* An iSCSI name of so many bytes. */
static const IMA_WCHAR *name_of(size_t length)
{
	static IMA_WCHAR name[300];

	swprintf(name, 300, L"iqn.2026-11.x:");
	for (size_t i = wcslen(name); i < length; i++)
		name[i] = L'a';
	name[length] = 0;
	return name;
}

static const IMA_HOST_ID *isns(const char *host)
{
	static IMA_HOST_ID id;

	memset(&id, 0, sizeof(id));
	if (host)
		id.id.ipAddress = ip(host);
	return &id;
}

static IMA_STATUS inquiry(const char *name, IMA_BOOL evpd, IMA_BOOL cmddt, IMA_BYTE page)
{
	IMA_UINT length = 255, sense_length = 18;
	IMA_BYTE sense[18];

	return IMA_LuInquiry(O(name), evpd, cmddt, page, buffer, &length, sense,
			     &sense_length);
}

static IMA_STATUS capacity(const char *name, IMA_UINT cdb_length)
{
	IMA_UINT length = 32, sense_length = 18;
	IMA_BYTE sense[18];

	return IMA_LuReadCapacity(O(name), cdb_length, buffer, &length, sense,
				  &sense_length);
}

static IMA_STATUS luns(const char *name, IMA_BOOL well_known, IMA_BYTE select)
{
	IMA_UINT length = 64, sense_length = 18;
	IMA_BYTE sense[18];

	return IMA_LuReportLuns(O(name), well_known, select, buffer, &length, sense,
				&sense_length);
}

/* --- the rows -------------------------------------------------------------------------------- */

struct row {
	const char *function, *why, *control, *file;
	int line;
	IMA_STATUS expected;
};

static const struct row rows[] = {
#define ROW(function, why, control, call, status) \
	{ #function, why, control, "rows.def", __LINE__, status },
#include "rows.def"
#undef ROW
};

/* The call of the row with this number. */
static IMA_STATUS call_row(size_t number)
{
	size_t at = 0;

#define ROW(function, why, control, call, status) \
	if (at++ == number)                       \
		return call;
#include "rows.def"
#undef ROW
	return IMA_STATUS_ERROR;
}

static void check_row(void **state)
{
	const struct row *row = CASE_CONTEXT(state);
	IMA_STATUS status;

	list = NULL;
	address_keys = NULL;
	if (*row->control)
		sim("%s", row->control);
	status = call_row((size_t)(row - rows));
	if (status != row->expected)
		print_error("%s, %s: %s, expected %s: %s\n", row->function, row->why,
			    IMAX_StatusName(status), IMAX_StatusName(row->expected),
			    last_error());
	assert_int_equal(status, row->expected);
	/* A list is there on success and only then. */
	IMA_FreeMemory(list);
	IMA_FreeMemory(address_keys);
	sim("reset");
}

/* --- objects that are not there, of every type a function takes ------------------------------ */

static void unknown_objects_are_not_found(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);

	for (unsigned int type = 1; type <= LAST_OBJECT_TYPE; type++) {
		struct arguments arguments;

		if (!(call->objects & 1U << type))
			continue;
		arguments_init(&arguments, call, 1);
		arguments_oid(&arguments)->objectType = (IMA_OBJECT_TYPE)type;
		arguments_oid(&arguments)->objectSequenceNumber = 123456789;
		assert_int_equal(call->call(&arguments), IMA_ERROR_OBJECT_NOT_FOUND);
		arguments_free(&arguments);
	}
}

/* A number that is taken, by an object of another type. */
static void objects_of_another_type_are_not_found(void **state)
{
	static const char *const others[] = { "lhba:sw", "phba:p0", "pnp:p0/a",
					      "node:own" };
	const struct spec_call *call = CASE_CONTEXT(state);

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		IMA_OID other = O(others[i]);
		struct arguments arguments;

		if (call->objects & (1U << other.objectType | PLUGIN | NODE))
			continue;
		arguments_init(&arguments, call, 1);
		arguments_oid(&arguments)->objectSequenceNumber =
			other.objectSequenceNumber;
		assert_int_equal(call->call(&arguments), IMA_ERROR_OBJECT_NOT_FOUND);
		arguments_free(&arguments);
	}
}

static bool takes_objects(const struct spec_call *call)
{
	return spec_routed(call) && call->objects && !sim_lacks(call->name);
}

static int add_cases(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		case_add(check_row, &rows[i], "%s: %s: %s", rows[i].function, rows[i].why,
			 IMAX_StatusName(rows[i].expected));
	for (size_t i = 0; i < spec_call_count; i++) {
		if (!takes_objects(&spec_calls[i]))
			continue;
		case_add(unknown_objects_are_not_found, &spec_calls[i],
			 "%s: an object that never was is not found", spec_calls[i].name);
		case_add(objects_of_another_type_are_not_found, &spec_calls[i],
			 "%s: the number of an object of another type is not found",
			 spec_calls[i].name);
	}
	return cases_run("simulator-rows");
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SCENARIOS "/every.conf", add_cases);
}
