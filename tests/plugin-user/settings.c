// SPDX-License-Identifier: LGPL-2.1-or-later
/* Settings of the LHBA, of targets and of discovery addresses: which counts, and taking back. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "parms.h"
#include "sandbox.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"

#define NAME   "iqn.2003-01.org.example:target"
#define SECRET "initiatorsecret1"
#define OTHER  "anothersecret123"
#define PROOF  "targetsecret4567"

static IMA_OID target(void)
{
	add_static(NAME, "192.0.2.1");
	return find_target(NAME);
}

static IMAX_CHAP_PARMS parms_of(IMA_OID oid, IMAX_CHAP_DIRECTION direction)
{
	IMAX_CHAP_PARMS parms;

	memset(&parms, 0xee, sizeof(parms));
	assert_ok(IMAX_GetChapParms(oid, direction, &parms));
	return parms;
}

static void assert_parms(IMA_OID oid, IMAX_CHAP_DIRECTION direction, bool inherited,
			 const char *name, const char *secret)
{
	IMAX_CHAP_PARMS parms = parms_of(oid, direction);

	assert_int_equal(parms.set, secret != NULL);
	assert_int_equal(parms.inherited, inherited);
	assert_int_equal(parms.nameLength, strlen(name));
	assert_memory_equal(parms.name, name, strlen(name));
	assert_int_equal(parms.secretLength, secret ? strlen(secret) : 0);
	if (secret)
		assert_memory_equal(parms.secret, secret, strlen(secret));
}

static void parameters_are_inherited_until_they_are_set(void **state)
{
	IMA_OID all[] = { lhba(), target(), add_address("192.0.2.2") };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		for (int way = 0; way < 2; way++)
			assert_parms(all[i], (IMAX_CHAP_DIRECTION)way, false, "", NULL);
	assert_ok(set_parms(lhba(), IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_ok(set_parms(lhba(), IMAX_CHAP_TARGET, "", PROOF));
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		assert_parms(all[i], IMAX_CHAP_INITIATOR, i > 0, "joe", SECRET);
		assert_parms(all[i], IMAX_CHAP_TARGET, i > 0, "", PROOF);
	}
	for (size_t i = 1; i < ARRAY_SIZE(all); i++) {
		assert_ok(set_parms(all[i], IMAX_CHAP_INITIATOR, "jim", OTHER));
		assert_parms(all[i], IMAX_CHAP_INITIATOR, false, "jim", OTHER);
		assert_parms(all[i], IMAX_CHAP_TARGET, true, "", PROOF);
		assert_ok(IMAX_RemoveSetting(all[i], IMAX_SETTING_CHAP_INITIATOR));
		assert_parms(all[i], IMAX_CHAP_INITIATOR, true, "joe", SECRET);
	}
}

static void parameters_are_those_of_the_standard_too(void **state)
{
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	assert_ok(set_chap("joe", SECRET));
	assert_parms(lhba(), IMAX_CHAP_INITIATOR, false, "joe", SECRET);
	assert_ok(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	parms.chapParms.retries = 3;
	parms.chapParms.minValueLength = 16;
	parms.chapParms.maxValueLength = 64;
	assert_ok(IMA_SetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	assert_ok(set_parms(lhba(), IMAX_CHAP_INITIATOR, "jim", OTHER));
	assert_ok(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	assert_int_equal(parms.chapParms.nameLength, 3);
	assert_memory_equal(parms.chapParms.name, "jim", 3);
	assert_memory_equal(parms.chapParms.challengeSecret, OTHER, strlen(OTHER));
	assert_int_equal(parms.chapParms.retries, 3);
	assert_int_equal(parms.chapParms.minValueLength, 16);
	assert_int_equal(parms.chapParms.maxValueLength, 64);
}

static void assert_same_secret_refused(IMA_STATUS status, const char *whose)
{
	assert_status(status, IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, "same secret"));
	assert_non_null(strstr(last_error().text, whose));
	assert_null(strstr(last_error().text, SECRET));
}

static void one_secret_for_both_directions_is_refused(void **state)
{
	IMA_OID oid = target(), address = add_address("192.0.2.2");

	(void)state;
	assert_ok(set_parms(lhba(), IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_same_secret_refused(set_parms(lhba(), IMAX_CHAP_TARGET, "", SECRET),
				   "the logical HBA");
	assert_same_secret_refused(set_parms(oid, IMAX_CHAP_TARGET, "", SECRET), NAME);
	assert_same_secret_refused(set_parms(address, IMAX_CHAP_TARGET, "", SECRET),
				   "192.0.2.2");
	/* Nor may it become the same because the LHBA's changes, or counts again. */
	assert_ok(set_parms(oid, IMAX_CHAP_TARGET, "", PROOF));
	assert_same_secret_refused(set_parms(lhba(), IMAX_CHAP_INITIATOR, "joe", PROOF),
				   NAME);
	assert_same_secret_refused(set_chap("joe", PROOF), NAME);
	assert_ok(set_parms(oid, IMAX_CHAP_INITIATOR, "joe", OTHER));
	assert_ok(set_parms(lhba(), IMAX_CHAP_INITIATOR, "joe", PROOF));
	assert_same_secret_refused(IMAX_RemoveSetting(oid, IMAX_SETTING_CHAP_INITIATOR),
				   NAME);
	assert_parms(oid, IMAX_CHAP_INITIATOR, false, "joe", OTHER);
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_ALL));
	assert_parms(oid, IMAX_CHAP_INITIATOR, true, "joe", PROOF);
}

static void bad_parameters_are_refused_without_being_told(void **state)
{
	static const struct {
		IMAX_CHAP_DIRECTION direction;
		const char *name, *secret;
	} bad[] = {
		{ IMAX_CHAP_INITIATOR, "", SECRET },
		{ IMAX_CHAP_INITIATOR, "jo\ne", SECRET },
		{ IMAX_CHAP_INITIATOR, "joe", "eleven byte" },
		{ IMAX_CHAP_TARGET, "", "eleven byte" },
		{ IMAX_CHAP_TARGET, "\x7f", PROOF },
	};
	IMA_OID oid = target();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_status(
			set_parms(oid, bad[i].direction, bad[i].name, bad[i].secret),
			IMA_ERROR_INVALID_PARAMETER);
		assert_null(strstr(last_error().text, bad[i].secret));
		assert_parms(oid, bad[i].direction, false, "", NULL);
	}
}

static IMA_UINT methods_of(IMA_OID oid, IMA_AUTHMETHOD list[4])
{
	IMA_UINT count = 4;

	if (oid.objectType == IMA_OBJECT_TYPE_LHBA)
		assert_ok(IMA_GetInUseInitiatorAuthMethods(oid, &count, list));
	else
		assert_ok(IMAX_GetAuthMethods(oid, &count, list));
	return count;
}

static void methods_are_inherited_until_they_are_set(void **state)
{
	IMA_OID all[] = { target(), add_address("192.0.2.2") };
	IMA_AUTHMETHOD list[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		assert_ok(use_methods(1, IMA_AUTHMETHOD_NONE, 0));
		assert_int_equal(methods_of(all[i], list), 1);
		assert_int_equal(list[0], IMA_AUTHMETHOD_NONE);
		assert_status(offer_methods(all[i], 1, IMA_AUTHMETHOD_CHAP, 0),
			      IMA_ERROR_INVALID_PARAMETER);
		assert_ok(set_parms(all[i], IMAX_CHAP_INITIATOR, "joe", SECRET));
		assert_ok(offer_methods(all[i], 2, IMA_AUTHMETHOD_CHAP,
					IMA_AUTHMETHOD_NONE));
		assert_int_equal(methods_of(all[i], list), 2);
		assert_int_equal(list[0], IMA_AUTHMETHOD_CHAP);
		assert_int_equal(methods_of(lhba(), list), 1);
		assert_status(IMAX_RemoveSetting(all[i], IMAX_SETTING_CHAP_INITIATOR),
			      IMA_ERROR_INVALID_PARAMETER);
		assert_non_null(strstr(last_error().text, "in use"));
		assert_ok(IMAX_RemoveSetting(all[i], IMAX_SETTING_ALL));
		assert_int_equal(methods_of(all[i], list), 1);
		assert_parms(all[i], IMAX_CHAP_INITIATOR, false, "", NULL);
	}
}

static void chap_that_a_target_has_from_the_lhba_is_not_removed(void **state)
{
	IMA_OID oid = target();
	IMA_AUTHMETHOD list[4];

	(void)state;
	assert_ok(set_parms(lhba(), IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_ok(offer_methods(oid, 1, IMA_AUTHMETHOD_CHAP, 0));
	assert_status(IMAX_RemoveSetting(lhba(), IMAX_SETTING_CHAP_INITIATOR),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, NAME));
	assert_status(IMAX_RemoveSetting(lhba(), IMAX_SETTING_ALL),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_parms(lhba(), IMAX_CHAP_INITIATOR, false, "joe", SECRET);
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_AUTH_METHODS));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_ALL));
	assert_int_equal(methods_of(lhba(), list), 1);
	assert_int_equal(list[0], IMA_AUTHMETHOD_NONE);
	assert_parms(oid, IMAX_CHAP_INITIATOR, false, "", NULL);
}

static void assert_algorithms(IMA_OID oid, bool inherited, const char *expected)
{
	IMAX_CHAP_ALGORITHMS algorithms;
	char text[64] = "";

	assert_ok(IMAX_GetChapAlgorithms(oid, &algorithms));
	assert_int_equal(algorithms.settable, IMA_TRUE);
	assert_int_equal(algorithms.inherited, inherited);
	for (IMA_UINT32 i = 0; i < algorithms.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u",
			 (unsigned int)algorithms.algorithms[i]);
	assert_string_equal(text, expected);
	assert_int_equal(algorithms.supportedCount, 4);
}

static void algorithms_are_inherited_until_they_are_set(void **state)
{
	static const IMAX_CHAP_ALGORITHM lists[][2] = {
		{ IMAX_CHAP_SHA256, IMAX_CHAP_MD5 }, { IMAX_CHAP_SHA1 }
	};
	IMA_OID oid = target();

	(void)state;
	assert_algorithms(lhba(), false, "8657");
	assert_algorithms(oid, true, "8657");
	assert_ok(IMAX_SetChapAlgorithms(lhba(), 2, lists[0]));
	assert_algorithms(oid, true, "75");
	assert_ok(IMAX_SetChapAlgorithms(oid, 1, lists[1]));
	assert_algorithms(oid, false, "6");
	assert_algorithms(lhba(), false, "75");
	assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_CHAP_ALGORITHMS));
	assert_algorithms(lhba(), false, "8657");
	assert_algorithms(oid, false, "6");
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_ALL));
	assert_algorithms(oid, true, "8657");
}

static void assert_digests(IMA_OID oid, bool inherited, IMAX_DIGEST_OFFER header,
			   IMAX_DIGEST_OFFER data)
{
	IMAX_DIGEST_PROPERTIES properties;

	assert_ok(IMAX_GetDigestProperties(oid, &properties));
	assert_int_equal(properties.headerDigestValid, IMA_TRUE);
	assert_int_equal(properties.headerDigestSettable, IMA_TRUE);
	assert_int_equal(properties.headerDigestInherited, inherited);
	assert_int_equal(properties.headerDigest, header);
	assert_int_equal(properties.dataDigestValid, IMA_TRUE);
	assert_int_equal(properties.dataDigestSettable, IMA_TRUE);
	assert_int_equal(properties.dataDigestInherited, inherited);
	assert_int_equal(properties.dataDigest, data);
}

static void digests_are_inherited_until_they_are_set(void **state)
{
	IMA_OID oid = target();

	(void)state;
	assert_digests(oid, true, IMAX_DIGEST_NONE, IMAX_DIGEST_NONE);
	assert_ok(IMAX_SetHeaderDigest(lhba(), IMAX_DIGEST_CRC32C));
	assert_ok(IMAX_SetDataDigest(lhba(), IMAX_DIGEST_NONE_CRC32C));
	assert_digests(oid, true, IMAX_DIGEST_CRC32C, IMAX_DIGEST_NONE_CRC32C);
	assert_ok(IMAX_SetHeaderDigest(oid, IMAX_DIGEST_CRC32C_NONE));
	assert_ok(IMAX_SetDataDigest(oid, IMAX_DIGEST_NONE));
	assert_digests(oid, false, IMAX_DIGEST_CRC32C_NONE, IMAX_DIGEST_NONE);
	assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_ALL));
	assert_digests(lhba(), false, IMAX_DIGEST_NONE, IMAX_DIGEST_NONE);
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_HEADER_DIGEST));
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_DATA_DIGEST));
	assert_digests(oid, true, IMAX_DIGEST_NONE, IMAX_DIGEST_NONE);
}

static IMA_UINT first_burst(IMA_OID oid)
{
	IMA_MIN_MAX_VALUE value;

	assert_ok(IMA_GetFirstBurstLengthProperties(oid, &value));
	return value.currentValue;
}

static void keys_are_taken_back(void **state)
{
	IMA_OID oid = target();
	IMA_UINT usual = first_burst(lhba());

	(void)state;
	assert_ok(IMA_SetFirstBurstLength(lhba(), 4096));
	assert_ok(IMA_SetFirstBurstLength(oid, 8192));
	assert_ok(IMA_SetMaxBurstLength(oid, 8192));
	assert_ok(IMA_SetInitialR2T(oid, IMA_TRUE));
	assert_ok(IMA_SetMaxBurstLength(lhba(), 4096));
	/* The target would have 8192 and 4096 then. */
	assert_status(IMAX_RemoveSetting(oid, IMAX_SETTING_MAX_BURST_LENGTH),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, NAME));
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_FIRST_BURST_LENGTH));
	assert_int_equal(first_burst(oid), 4096);
	assert_ok(IMAX_RemoveSetting(oid, IMAX_SETTING_ALL));
	assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_MAX_BURST_LENGTH));
	assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_FIRST_BURST_LENGTH));
	assert_int_equal(first_burst(oid), usual);
}

static void an_address_has_no_keys(void **state)
{
	IMA_OID address = add_address("192.0.2.2");

	(void)state;
	assert_status(IMAX_RemoveSetting(address, IMAX_SETTING_INITIAL_R2T),
		      IMA_ERROR_NOT_SUPPORTED);
	assert_status(IMAX_RemoveSetting(address, IMAX_SETTING_CHAP_ALGORITHMS),
		      IMA_ERROR_NOT_SUPPORTED);
	assert_ok(IMAX_RemoveSetting(address, IMAX_SETTING_ALL));
	assert_ok(IMAX_RemoveSetting(address, IMAX_SETTING_AUTH_METHODS));
}

static void taking_back_nothing_makes_no_files(void **state)
{
	struct stat st;

	(void)state;
	assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_ALL));
	assert_ok(set_chap("", ""));
	assert_int_equal(stat(sandbox_path("state/user.db"), &st), -1);
	assert_int_equal(stat(sandbox_path("state/user.secrets"), &st), -1);
}

static bool is_in_secrets(const char *what)
{
	char _cleanup_free_ *text = NULL;
	size_t size;

	assert_int_equal(atomic_file_read(sandbox_path("state/user.secrets"), 1 << 20,
					  &text, &size),
			 0);
	return strstr(text, what);
}

static void secrets_are_in_one_private_file_and_go_with_their_object(void **state)
{
	IMA_OID address = add_address("192.0.2.2"), known = add_static(NAME, "192.0.2.1");
	IMA_LHBA_PROPERTIES properties;
	struct stat st;

	(void)state;
	assert_ok(set_parms(address, IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_ok(set_parms(find_target(NAME), IMAX_CHAP_TARGET, "", PROOF));
	assert_ok(set_parms(lhba(), IMAX_CHAP_INITIATOR, "joe", OTHER));
	assert_int_equal(stat(sandbox_path("state/user.secrets"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(is_in_secrets("address=192.0.2.2:3260"));
	assert_true(is_in_secrets("target=" NAME));
	assert_ok(IMA_RemoveDiscoveryAddress(address));
	assert_false(is_in_secrets("address="));
	/* What is set for a target stays until somebody removes stale data. */
	assert_ok(IMA_RemoveStaticDiscoveryTarget(known));
	assert_true(is_in_secrets("target=" NAME));
	assert_ok(IMA_GetLhbaProperties(lhba(), &properties));
	assert_true(properties.staleDataSize > strlen(NAME));
	assert_ok(IMA_RemoveStaleData(lhba()));
	assert_false(is_in_secrets("target=" NAME));
	assert_true(is_in_secrets("chap initiator retries"));
}

static int set_from_outside(void)
{
	IMA_OID oid = find_target(NAME);

	return set_parms(oid, IMAX_CHAP_INITIATOR, "joe", SECRET) ||
	       offer_methods(oid, 1, IMA_AUTHMETHOD_CHAP, 0) ||
	       set_parms(lhba(), IMAX_CHAP_TARGET, "tina", PROOF);
}

static void settings_of_other_processes_are_seen_at_once(void **state)
{
	IMA_OID oid = target();
	IMA_AUTHMETHOD list[4];

	(void)state;
	assert_int_equal(sandbox_again("set"), 0);
	assert_parms(oid, IMAX_CHAP_INITIATOR, false, "joe", SECRET);
	assert_parms(oid, IMAX_CHAP_TARGET, true, "tina", PROOF);
	assert_int_equal(methods_of(oid, list), 1);
	assert_int_equal(list[0], IMA_AUTHMETHOD_CHAP);
}

static bool is_hidden(IMA_OID oid, IMAX_CHAP_DIRECTION direction, bool inherited)
{
	IMAX_CHAP_PARMS parms = parms_of(oid, direction);

	return parms.set && parms.inherited == inherited && !parms.nameLength &&
	       !parms.secretLength;
}

/* The rest of the store is nobody's, the secrets are not. */
static int nobody_looks(void)
{
	IMA_INITIATOR_AUTHPARMS parms;
	IMA_OID oid;

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 1;
	oid = find_target(NAME);
	assert_ok(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	if (!is_hidden(oid, IMAX_CHAP_INITIATOR, false) ||
	    !is_hidden(oid, IMAX_CHAP_TARGET, true) || parms.chapParms.nameLength ||
	    parms.chapParms.challengeSecretLength)
		return 2;
	return set_parms(oid, IMAX_CHAP_TARGET, "", SECRET) !=
		       IMA_ERROR_UNEXPECTED_OS_ERROR ||
	       !strstr(last_error().text, "may not read it");
}

/* As root only. */
static void who_may_not_read_secrets_is_only_told_that_they_are_set(void **state)
{
	static const char *const theirs[] = { "state", "state/user.db",
					      "state/user.db-wal", "state/user.db-shm" };

	(void)state;
	if (geteuid())
		skip();
	assert_ok(set_parms(target(), IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_ok(set_parms(lhba(), IMAX_CHAP_TARGET, "tina", PROOF));
	assert_int_equal(chmod(sandbox_path("."), 0755), 0);
	for (size_t i = 0; i < ARRAY_SIZE(theirs); i++)
		assert_int_equal(chown(sandbox_path(theirs[i]), 65534, 65534), 0);
	assert_int_equal(sandbox_again("nobody"), 0);
	assert_int_equal(chown(sandbox_path("state"), 0, 0), 0);
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(parameters_are_inherited_until_they_are_set,
				       reset),
		cmocka_unit_test_setup(parameters_are_those_of_the_standard_too, reset),
		cmocka_unit_test_setup(one_secret_for_both_directions_is_refused, reset),
		cmocka_unit_test_setup(bad_parameters_are_refused_without_being_told,
				       reset),
		cmocka_unit_test_setup(methods_are_inherited_until_they_are_set, reset),
		cmocka_unit_test_setup(
			chap_that_a_target_has_from_the_lhba_is_not_removed, reset),
		cmocka_unit_test_setup(algorithms_are_inherited_until_they_are_set,
				       reset),
		cmocka_unit_test_setup(digests_are_inherited_until_they_are_set, reset),
		cmocka_unit_test_setup(keys_are_taken_back, reset),
		cmocka_unit_test_setup(an_address_has_no_keys, reset),
		cmocka_unit_test_setup(taking_back_nothing_makes_no_files, reset),
		cmocka_unit_test_setup(
			secrets_are_in_one_private_file_and_go_with_their_object, reset),
		cmocka_unit_test_setup(settings_of_other_processes_are_seen_at_once,
				       reset),
		cmocka_unit_test_setup(
			who_may_not_read_secrets_is_only_told_that_they_are_set, reset),
	};

	if (sandbox_argument())
		return strcmp(sandbox_argument(), "nobody") ? set_from_outside()
							    : nobody_looks();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
