// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * memory.c - every allocation of a call fails once, SQLite's included: the call says so, or does
 * without, and afterwards works.
 *
 * The plugin is linked into this program, without the library, and the linker puts the functions
 * below in front of malloc(3) and its family (--wrap). Only allocations of the thread that calls
 * are counted; what the other threads do comes from the engine, which has a test of its own.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ima-plugin.h"
#include "parms.h"
#include "plugin-support/host.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/utf8.h"

#define NAME   "iqn.2003-01.org.example:stub"
#define SECRET "initiatorsecret1"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);

/* The allocation with this number fails; 0: none. */
static unsigned int failing, counted;
static __thread bool is_counting;

static bool fails(void)
{
	return is_counting && failing && ++counted == failing;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

/* --- SQLite's ----------------------------------------------------------------------------- */

static sqlite3_mem_methods usual;

static void *sqlite_malloc(int size)
{
	return fails() ? NULL : usual.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
	return fails() ? NULL : usual.xRealloc(old, size);
}

static void wrap_sqlite(void)
{
	sqlite3_mem_methods ours;

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual), SQLITE_OK);
	ours = usual;
	ours.xMalloc = sqlite_malloc;
	ours.xRealloc = sqlite_realloc;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), SQLITE_OK);
}

/* --- The plugin ---------------------------------------------------------------------------- */

static char folder[PATH_MAX];
static IMA_OID lhba, address, target;

static char told[sizeof(((IMAX_LAST_ERROR *)NULL)->text)];

static void hear_error(const IMAX_LAST_ERROR *error)
{
	snprintf(told, sizeof(told), "%s", error->text);
}

static IMA_UINT64 deadline(void)
{
	return host_now() + HOST_DEFAULT_DEADLINE;
}

static IMA_OID_LIST *list_of(IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **))
{
	IMA_OID_LIST *list = NULL;

	assert_int_equal(get(lhba, &list), IMA_STATUS_SUCCESS);
	return list;
}

static IMA_TARGET_ADDRESS portal_of(const char *text)
{
	IMA_TARGET_ADDRESS portal = { .portNumber = 0 };

	portal.hostnameIpAddress.hostnameInUse = IMA_TRUE;
	assert_true(utf8_to_wide(text, portal.hostnameIpAddress.id.hostname,
				 IMA_HOST_NAME_LEN) >= 0);
	return portal;
}

static IMA_STATUS add_static(const char *name, const char *portal, IMA_OID *oid)
{
	IMA_STATIC_DISCOVERY_TARGET made = { .targetAddress = portal_of(portal) };

	assert_true(utf8_to_wide(name, made.targetName, IMA_NODE_NAME_LEN) >= 0);
	return IMA_AddStaticDiscoveryTarget(lhba, made, oid);
}

static IMA_STATUS add_stub(void)
{
	return add_static(NAME, getenv("STUB_TARGET"), NULL);
}

/* The answer of the stub to SendTargets. */
static void report_target(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/targets", getenv("STUB_FOLDER"));
	assert_int_equal(atomic_file_write(path, NAME "\n", sizeof(NAME), 0600), 0);
}

static void begin(void)
{
	static IMAX_HOST host = { .size = sizeof(host),
				  .GetDeadline = deadline,
				  .SetLastError = hear_error,
				  .stateDirectory = folder };
	IMA_OID_LIST *list;

	report_target();
	IMAX_SetHost(&host);
	assert_int_equal(Initialize(1), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	lhba = list->oids[0];
	IMA_FreeMemory(list);
	/* An address of its own, so that nothing is asked in the background meanwhile. */
	assert_int_equal(IMA_SetSendTargetsDiscovery(lhba, IMA_FALSE), 0);
	assert_int_equal(
		IMA_AddDiscoveryAddress(lhba, portal_of(getenv("STUB_TARGET")), &address),
		IMA_STATUS_SUCCESS);
	assert_int_equal(add_stub(), IMA_STATUS_SUCCESS);
	list = list_of(IMA_GetTargetOidList);
	target = list->oids[0];
	IMA_FreeMemory(list);
}

static void remove_files(void)
{
	static const char *const names[] = { "user.db", "user.db-wal", "user.db-shm",
					     "user.secrets" };
	char path[PATH_MAX + 32];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
}

static int set_up(void **state)
{
	(void)state;
	begin();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	Terminate();
	remove_files();
	return 0;
}

/* --- Calls ------------------------------------------------------------------------------------ */

/* What is not expected to fail. */
static void sure(IMA_STATUS status)
{
	if (status)
		fail_msg("status %xh, \"%s\"", (unsigned int)status, told);
}

static IMA_STATUS free_list(IMA_STATUS status, IMA_OID_LIST *list)
{
	if (!status && list)
		IMA_FreeMemory(list);
	return status;
}

#define LIST_CALL(name, function, oid)                    \
	static IMA_STATUS name(void)                      \
	{                                                 \
		IMA_OID_LIST *list = NULL;                \
		IMA_STATUS status = function(oid, &list); \
                                                          \
		return free_list(status, list);           \
	}

LIST_CALL(list_addresses, IMA_GetDiscoveryAddressOidList, lhba)
LIST_CALL(list_statics, IMA_GetStaticDiscoveryTargetOidList, lhba)
LIST_CALL(list_targets, IMA_GetTargetOidList, lhba)
LIST_CALL(list_sessions, IMA_GetSessionOidList, lhba)
LIST_CALL(list_lus, IMA_GetLuOidList, lhba)
LIST_CALL(discover, IMAX_DiscoverTargets, address)
LIST_CALL(discover_all, IMAX_DiscoverTargets, lhba)

static IMA_STATUS list_lhbas(void)
{
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status = IMA_GetLhbaOidList(&list);

	return free_list(status, list);
}

static IMA_STATUS get_keys(void)
{
	IMA_ADDRESS_KEYS *keys = NULL;
	IMA_STATUS status = IMA_GetAddressKeys(target, &keys);

	if (!status)
		IMA_FreeMemory(keys);
	return status;
}

static IMA_STATUS get_properties(void)
{
	IMA_TARGET_PROPERTIES properties;

	return IMA_GetTargetProperties(target, &properties);
}

static IMA_STATUS get_lhba(void)
{
	IMA_LHBA_PROPERTIES properties;

	return IMA_GetLhbaProperties(lhba, &properties);
}

static IMA_STATUS add_other(void)
{
	return IMA_AddDiscoveryAddress(lhba, portal_of("192.0.2.9"), NULL);
}

static void remove_other(void)
{
	IMA_OID_LIST *list = list_of(IMA_GetDiscoveryAddressOidList);

	for (IMA_UINT i = 0; i < list->oidCount; i++)
		if (list->oids[i].objectSequenceNumber != address.objectSequenceNumber)
			sure(IMA_RemoveDiscoveryAddress(list->oids[i]));
	IMA_FreeMemory(list);
}

static IMA_STATUS add_other_static(void)
{
	return add_static("iqn.2003-01.org.example:other", "192.0.2.9", NULL);
}

static void remove_other_static(void)
{
	IMA_OID_LIST *list = list_of(IMA_GetStaticDiscoveryTargetOidList);

	for (IMA_UINT i = 1; i < list->oidCount; i++)
		sure(IMA_RemoveStaticDiscoveryTarget(list->oids[i]));
	IMA_FreeMemory(list);
}

static IMA_STATUS set_key(void)
{
	return IMA_SetFirstBurstLength(target, 4096);
}

static IMA_STATUS set_digest(void)
{
	return IMAX_SetHeaderDigest(lhba, IMAX_DIGEST_CRC32C_NONE);
}

static IMA_STATUS set_initiator(void)
{
	return set_parms(target, IMAX_CHAP_INITIATOR, "joe", SECRET);
}

static IMA_STATUS set_proof(void)
{
	return set_parms(address, IMAX_CHAP_TARGET, "", SECRET);
}

static IMA_STATUS get_parms(void)
{
	IMAX_CHAP_PARMS parms;

	return IMAX_GetChapParms(target, IMAX_CHAP_INITIATOR, &parms);
}

static IMA_STATUS set_methods(void)
{
	return offer_methods(target, 1, IMA_AUTHMETHOD_NONE, 0);
}

static IMA_STATUS set_lhba_methods(void)
{
	return offer_methods(lhba, 1, IMA_AUTHMETHOD_NONE, 0);
}

static IMA_STATUS set_algorithms(void)
{
	static const IMAX_CHAP_ALGORITHM list[] = { IMAX_CHAP_SHA256, IMAX_CHAP_MD5 };

	return IMAX_SetChapAlgorithms(target, ARRAY_SIZE(list), list);
}

static IMA_STATUS take_back(void)
{
	return IMAX_RemoveSetting(target, IMAX_SETTING_ALL);
}

static void take_back_all(void)
{
	sure(IMAX_RemoveSetting(target, IMAX_SETTING_ALL));
	sure(IMAX_RemoveSetting(address, IMAX_SETTING_ALL));
	sure(IMAX_RemoveSetting(lhba, IMAX_SETTING_ALL));
}

static void give_settings(void)
{
	sure(set_initiator());
	sure(set_algorithms());
	sure(set_key());
}

static IMA_STATUS set_alias(void)
{
	const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_WCHAR alias[IMA_NODE_ALIAS_LEN] = L"alias";

	return IMA_SetNodeAlias(node, alias);
}

static void remove_alias(void)
{
	const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	sure(IMA_SetNodeAlias(node, NULL));
}

static IMA_STATUS log_in(void)
{
	return IMAX_LoginTarget(target);
}

static void log_out(void)
{
	sure(IMAX_LogoutTarget(target));
}

static IMA_STATUS inquire(void)
{
	IMA_BYTE data[36];
	IMA_UINT length = sizeof(data);

	return IMA_LuInquiry(target, IMA_FALSE, IMA_FALSE, 0, data, &length, NULL, NULL);
}

static IMA_STATUS find_lu(void)
{
	IMA_OID oid;

	return IMA_GetLuOid(target, 0, &oid);
}

/* before: what has to be there; after: away with what it did. */
static const struct work {
	const char *name;
	IMA_STATUS (*call)(void);
	void (*before)(void);
	void (*after)(void);
} works[] = {
	{ "IMA_GetLhbaOidList", list_lhbas },
	{ "IMA_GetDiscoveryAddressOidList", list_addresses },
	{ "IMA_GetStaticDiscoveryTargetOidList", list_statics },
	{ "IMA_GetTargetOidList", list_targets },
	{ "IMA_GetSessionOidList", list_sessions },
	{ "IMA_GetLuOidList", list_lus },
	{ "IMA_GetAddressKeys", get_keys },
	{ "IMA_GetTargetProperties", get_properties },
	{ "IMA_GetLhbaProperties", get_lhba },
	{ "IMA_AddDiscoveryAddress", add_other, NULL, remove_other },
	{ "IMA_AddStaticDiscoveryTarget", add_other_static, NULL, remove_other_static },
	{ "IMA_SetFirstBurstLength", set_key, NULL, take_back_all },
	{ "IMAX_SetHeaderDigest", set_digest, NULL, take_back_all },
	{ "IMAX_SetChapParms", set_initiator, NULL, take_back_all },
	{ "IMAX_SetChapParms of an address", set_proof, NULL, take_back_all },
	{ "IMAX_GetChapParms", get_parms, give_settings, take_back_all },
	{ "IMAX_SetAuthMethods", set_methods, NULL, take_back_all },
	{ "IMA_SetInitiatorAuthMethods", set_lhba_methods, NULL, take_back_all },
	{ "IMAX_SetChapAlgorithms", set_algorithms, NULL, take_back_all },
	{ "IMAX_RemoveSetting", take_back, give_settings, take_back_all },
	{ "IMA_SetNodeAlias", set_alias, NULL, remove_alias },
	{ "IMAX_LoginTarget", log_in, NULL, log_out },
	{ "IMA_LuInquiry", inquire },
	{ "IMA_GetLuOid", find_lu },
	{ "IMAX_DiscoverTargets", discover },
	{ "IMAX_DiscoverTargets of all", discover_all },
};

/* Whether there was an allocation with this number. */
static bool fail_one(const struct work *work, unsigned int number, unsigned int *refused)
{
	IMA_STATUS status;
	bool happened;

	if (work->before)
		work->before();
	failing = number;
	counted = 0;
	is_counting = true;
	status = work->call();
	is_counting = false;
	failing = 0;
	happened = counted >= number;
	if (status && (!happened || status != IMA_ERROR_INSUFFICIENT_MEMORY))
		fail_msg("%s: allocation %u of %u: status %xh, \"%s\"", work->name,
			 number, counted, (unsigned int)status, told);
	*refused += status == IMA_ERROR_INSUFFICIENT_MEMORY;
	if (work->after)
		work->after();
	return happened;
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(works); i++) {
		unsigned int number = 1, refused = 0;

		while (fail_one(&works[i], number, &refused))
			number++;
		sure(works[i].call());
		if (works[i].after)
			works[i].after();
		assert_true(number == 1 || refused);
		print_message("# %s: %u allocations, %u refused\n", works[i].name,
			      number - 1, refused);
	}
}

static void beginning_needs_memory(void **state)
{
	unsigned int number = 1;
	bool happened = true;

	(void)state;
	for (; happened; number++) {
		IMA_STATUS status;

		failing = number;
		counted = 0;
		is_counting = true;
		status = Initialize(1);
		is_counting = false;
		happened = counted >= number;
		failing = 0;
		if (status)
			assert_int_equal(status, IMA_ERROR_INSUFFICIENT_MEMORY);
		else
			Terminate();
		assert_true(happened || !status);
	}
	assert_true(number > 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_allocation_may_fail, set_up,
						tear_down),
		cmocka_unit_test(beginning_needs_memory),
	};
	const char *where = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	int failed;

	snprintf(folder, sizeof(folder), "%s/user-memory.XXXXXX", where);
	if (!mkdtemp(folder))
		return 1;
	wrap_sqlite();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	remove_files();
	rmdir(folder);
	return failed;
}
