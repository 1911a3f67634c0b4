// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * authentication.c - logins with what ima-ext.h adds: CHAP in both directions, its algorithms,
 * methods and digests of single targets, and settings that are taken back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name
#define DISK	"found:auto/" T("disk")

static IMAX_CHAP_PARMS parms(const char *name, const char *secret)
{
	IMAX_CHAP_PARMS p = { 0 };

	p.nameLength = (IMA_UINT32)strlen(name);
	memcpy(p.name, name, strlen(name));
	p.secretLength = (IMA_UINT32)strlen(secret);
	memcpy(p.secret, secret, strlen(secret));
	return p;
}

static void set_chap(const char *object, IMAX_CHAP_DIRECTION direction, const char *name,
		     const char *secret)
{
	IMAX_CHAP_PARMS p = parms(name, secret);

	assert_done(IMAX_SetChapParms(sim_oid(object), direction, &p));
}

static void set_method(const char *object, IMA_AUTHMETHOD method)
{
	assert_done(IMAX_SetAuthMethods(sim_oid(object), 1, &method));
}

/* Logs out and in again. */
static IMA_STATUS login_again(const char *target)
{
	assert_done(IMAX_LogoutTarget(sim_oid(target)));
	return IMAX_LoginTarget(sim_oid(target));
}

static IMA_OID session_of(const char *target)
{
	IMA_OID_LIST *list;
	IMA_OID oid;

	assert_done(IMA_GetSessionOidList(sim_oid(target), &list));
	assert_int_equal(list->oidCount, 1);
	oid = list->oids[0];
	IMA_FreeMemory(list);
	return oid;
}

static IMA_AUTHMETHOD method_of(const char *target)
{
	IMA_SESSION_PROPERTIES p;

	assert_done(IMA_GetSessionProperties(session_of(target), &p));
	return p.authMethod;
}

static IMA_CONNECTION_PROPERTIES connection_of(const char *target)
{
	IMA_CONNECTION_PROPERTIES p;
	IMA_OID_LIST *list;

	assert_done(IMA_GetConnectionOidList(session_of(target), &list));
	assert_int_equal(list->oidCount, 1);
	assert_done(IMA_GetConnectionProperties(list->oids[0], &p));
	IMA_FreeMemory(list);
	return p;
}

static IMAX_LAST_ERROR record(void)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	assert_done(IMAX_GetLastError(&error));
	return error;
}

static void assert_refused(const char *target, const char *why)
{
	IMAX_LAST_ERROR error;

	assert_status(login_again(target), IMA_ERROR_LOGIN_REJECTED);
	error = record();
	if (!strstr((const char *)error.text, why))
		fail_msg("%s, expected %s", error.text, why);
	assert_int_equal(error.layer, IMAX_LAYER_ISCSI);
}

/* --- one target ----------------------------------------------------------------------- */

static void a_target_has_methods_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(method_of(DISK), IMA_AUTHMETHOD_CHAP);
	set_method(DISK, IMA_AUTHMETHOD_NONE);
	assert_int_equal(method_of(DISK), IMA_AUTHMETHOD_CHAP);
	assert_done(login_again(DISK));
	assert_int_equal(method_of(DISK), IMA_AUTHMETHOD_NONE);
	assert_done(IMAX_RemoveSetting(sim_oid(DISK), IMAX_SETTING_AUTH_METHODS));
	assert_done(login_again(DISK));
	assert_int_equal(method_of(DISK), IMA_AUTHMETHOD_CHAP);
}

static void a_target_has_a_secret_of_its_own(void **state)
{
	(void)state;
	sim("account other add chap-name=me chap-secret=secret-secret-7\n"
	    "target " T("disk") " set account=other");
	assert_refused(DISK, "do not match");
	assert_int_equal(record().loginStatusClass, 2);
	assert_int_equal(record().loginStatusDetail, 1);
	set_chap(DISK, IMAX_CHAP_INITIATOR, "me", "secret-secret-7");
	assert_done(IMAX_LoginTarget(sim_oid(DISK)));
	assert_done(IMAX_RemoveSetting(sim_oid(DISK), IMAX_SETTING_CHAP_INITIATOR));
	assert_refused(DISK, "do not match");
}

static void parameters_show_whose_they_are(void **state)
{
	IMAX_CHAP_PARMS p;

	(void)state;
	assert_done(IMAX_GetChapParms(sim_oid(DISK), IMAX_CHAP_INITIATOR, &p));
	assert_int_equal(p.set, IMA_TRUE);
	assert_int_equal(p.inherited, IMA_TRUE);
	assert_int_equal(p.nameLength, 4);
	assert_memory_equal(p.name, "user", 4);
	assert_int_equal(p.secretLength, strlen("secret-secret-1"));
	set_chap(DISK, IMAX_CHAP_INITIATOR, "me", "secret-secret-7");
	assert_done(IMAX_GetChapParms(sim_oid(DISK), IMAX_CHAP_INITIATOR, &p));
	assert_int_equal(p.inherited, IMA_FALSE);
	assert_memory_equal(p.secret, "secret-secret-7", 15);
	sim("lhba auto set secrets-readable=no");
	assert_done(IMAX_GetChapParms(sim_oid(DISK), IMAX_CHAP_INITIATOR, &p));
	assert_int_equal(p.set, IMA_TRUE);
	assert_int_equal(p.secretLength, 0);
	for (size_t i = 0; i < sizeof(p.secret); i++)
		assert_int_equal(p.secret[i], 0);
}

static void both_ways_to_an_lhba_are_one_record(void **state)
{
	IMA_INITIATOR_AUTHPARMS standard;
	IMAX_CHAP_PARMS p;

	(void)state;
	set_chap("lhba:auto", IMAX_CHAP_INITIATOR, "me", "secret-secret-7");
	assert_done(IMA_GetInitiatorAuthParms(sim_oid("lhba:auto"), IMA_AUTHMETHOD_CHAP,
					      &standard));
	assert_int_equal(standard.chapParms.nameLength, 2);
	assert_memory_equal(standard.chapParms.challengeSecret, "secret-secret-7", 15);
	memcpy(standard.chapParms.name, "you", 3);
	standard.chapParms.nameLength = 3;
	assert_done(IMA_SetInitiatorAuthParms(sim_oid("lhba:auto"), IMA_AUTHMETHOD_CHAP,
					      &standard));
	assert_done(IMAX_GetChapParms(sim_oid("lhba:auto"), IMAX_CHAP_INITIATOR, &p));
	assert_int_equal(p.nameLength, 3);
	assert_memory_equal(p.name, "you", 3);
}

static void no_secret_is_ever_listed(void **state)
{
	(void)state;
	set_chap(DISK, IMAX_CHAP_INITIATOR, "me", "hush-hush-hush-1");
	set_chap("lhba:auto", IMAX_CHAP_TARGET, "", "hush-hush-hush-2");
	set_chap("discovery:auto/192.0.2.10:3260", IMAX_CHAP_TARGET, "",
		 "hush-hush-hush-3");
	assert_null(strstr(sim_says("show state"), "hush"));
	assert_null(strstr(sim_says("show " DISK), "hush"));
	assert_null(strstr(sim_says("show discovery:auto/192.0.2.10:3260"), "hush"));
}

/* --- mutual CHAP ------------------------------------------------------------------------ */

static void a_target_that_cannot_prove_itself_is_left(void **state)
{
	(void)state;
	set_chap(DISK, IMAX_CHAP_TARGET, "box", "target-secret-1");
	assert_refused(DISK, "does not prove itself");
	/* It is the initiator that ends it: no status of the target. */
	assert_int_equal(record().loginStatusValid, IMA_FALSE);
	sim("account box add chap-name=box chap-secret=target-secret-2\n"
	    "target " T("disk") " set mutual-account=box");
	assert_refused(DISK, "another secret");
	sim("account box set chap-secret=target-secret-1 chap-name=fox");
	assert_refused(DISK, "another name");
	sim("account box set chap-name=box");
	assert_done(IMAX_LoginTarget(sim_oid(DISK)));
	assert_int_equal(method_of(DISK), IMA_AUTHMETHOD_CHAP);
}

static void any_name_will_do_if_none_is_set(void **state)
{
	(void)state;
	sim("account box add chap-name=whatever chap-secret=target-secret-1\n"
	    "target " T("disk") " set mutual-account=box");
	set_chap("lhba:auto", IMAX_CHAP_TARGET, "", "target-secret-1");
	assert_done(login_again(DISK));
	/* Without CHAP there is nothing to prove. */
	sim("target " T("disk") " set mutual-account=none");
	set_method(DISK, IMA_AUTHMETHOD_NONE);
	assert_done(login_again(DISK));
}

/* --- algorithms ------------------------------------------------------------------------- */

static void algorithms_are_inherited_until_set(void **state)
{
	static const IMAX_CHAP_ALGORITHM two[] = { IMAX_CHAP_SHA1, IMAX_CHAP_MD5 };
	IMAX_CHAP_ALGORITHMS a;

	(void)state;
	assert_done(IMAX_GetChapAlgorithms(sim_oid(DISK), &a));
	assert_int_equal(a.settable, IMA_TRUE);
	assert_int_equal(a.inherited, IMA_TRUE);
	assert_int_equal(a.count, 4);
	assert_int_equal(a.algorithms[0], IMAX_CHAP_SHA3_256);
	assert_int_equal(a.supportedCount, 4);
	assert_done(IMAX_SetChapAlgorithms(sim_oid(DISK), 2, two));
	assert_done(IMAX_GetChapAlgorithms(sim_oid(DISK), &a));
	assert_int_equal(a.inherited, IMA_FALSE);
	assert_int_equal(a.count, 2);
	assert_memory_equal(a.algorithms, two, sizeof(two));
	assert_int_equal(a.algorithms[2], 0);
	assert_done(IMAX_GetChapAlgorithms(sim_oid("lhba:auto"), &a));
	assert_int_equal(a.inherited, IMA_FALSE);
	assert_int_equal(a.count, 4);
	assert_done(IMAX_RemoveSetting(sim_oid(DISK), IMAX_SETTING_CHAP_ALGORITHMS));
	assert_done(IMAX_GetChapAlgorithms(sim_oid(DISK), &a));
	assert_int_equal(a.inherited, IMA_TRUE);
}

static void an_algorithm_must_be_known_to_both(void **state)
{
	static const IMAX_CHAP_ALGORITHM md5 = IMAX_CHAP_MD5;

	(void)state;
	sim("target " T("disk") " set chap-algorithms=sha256");
	assert_done(login_again(DISK));
	assert_done(IMAX_SetChapAlgorithms(sim_oid(DISK), 1, &md5));
	assert_refused(DISK, "no CHAP algorithm in common");
	sim("target " T("disk") " set chap-algorithms=sha256,md5");
	assert_done(IMAX_LoginTarget(sim_oid(DISK)));
}

/* --- digests ---------------------------------------------------------------------------- */

/* What initiator and target offer, and what it comes to; -1: the login fails. */
static const struct {
	IMAX_DIGEST_OFFER offer;
	const char *answer;
	int result;
} digests[] = {
	{ IMAX_DIGEST_NONE, "none", IMA_DIGEST_NONE },
	{ IMAX_DIGEST_NONE, "none,crc32c", IMA_DIGEST_NONE },
	{ IMAX_DIGEST_NONE, "crc32c", -1 },
	{ IMAX_DIGEST_CRC32C, "none", -1 },
	{ IMAX_DIGEST_CRC32C, "crc32c", IMA_DIGEST_CRC32C },
	{ IMAX_DIGEST_CRC32C, "crc32c,none", IMA_DIGEST_CRC32C },
	{ IMAX_DIGEST_NONE_CRC32C, "none", IMA_DIGEST_NONE },
	{ IMAX_DIGEST_NONE_CRC32C, "crc32c", IMA_DIGEST_CRC32C },
	{ IMAX_DIGEST_NONE_CRC32C, "crc32c,none", IMA_DIGEST_NONE },
	{ IMAX_DIGEST_CRC32C_NONE, "none", IMA_DIGEST_NONE },
	{ IMAX_DIGEST_CRC32C_NONE, "crc32c", IMA_DIGEST_CRC32C },
	{ IMAX_DIGEST_CRC32C_NONE, "none,crc32c", IMA_DIGEST_CRC32C },
};

static void digests_are_negotiated(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
		sim("target " T("disk") " set header-digest=%s data-digest=none",
		    digests[i].answer);
		assert_done(IMAX_SetHeaderDigest(sim_oid(DISK), digests[i].offer));
		if (digests[i].result < 0) {
			assert_refused(DISK, "no digest in common");
			continue;
		}
		assert_done(login_again(DISK));
		assert_int_equal(connection_of(DISK).headerDigest, digests[i].result);
		assert_int_equal(connection_of(DISK).dataDigest, IMA_DIGEST_NONE);
	}
}

static void digests_are_inherited_until_set(void **state)
{
	IMAX_DIGEST_PROPERTIES p;

	(void)state;
	assert_done(IMAX_SetDataDigest(sim_oid("lhba:auto"), IMAX_DIGEST_CRC32C_NONE));
	assert_done(IMAX_SetHeaderDigest(sim_oid(DISK), IMAX_DIGEST_NONE_CRC32C));
	assert_done(IMAX_GetDigestProperties(sim_oid(DISK), &p));
	assert_int_equal(p.headerDigest, IMAX_DIGEST_NONE_CRC32C);
	assert_int_equal(p.headerDigestInherited, IMA_FALSE);
	assert_int_equal(p.dataDigest, IMAX_DIGEST_CRC32C_NONE);
	assert_int_equal(p.dataDigestInherited, IMA_TRUE);
	assert_true(p.headerDigestValid && p.headerDigestSettable);
	assert_true(p.dataDigestValid && p.dataDigestSettable);
	assert_done(IMAX_RemoveSetting(sim_oid(DISK), IMAX_SETTING_HEADER_DIGEST));
	assert_done(IMAX_RemoveSetting(sim_oid("lhba:auto"), IMAX_SETTING_DATA_DIGEST));
	assert_done(IMAX_GetDigestProperties(sim_oid(DISK), &p));
	assert_int_equal(p.headerDigestInherited, IMA_TRUE);
	assert_int_equal(p.dataDigest, IMAX_DIGEST_NONE);
	sim("lhba auto set header-digest.exposed=no header-digest.settable=no");
	assert_done(IMAX_GetDigestProperties(sim_oid(DISK), &p));
	assert_int_equal(p.headerDigestValid, IMA_FALSE);
	assert_int_equal(p.headerDigestSettable, IMA_FALSE);
}

/* --- discovery sessions ----------------------------------------------------------------- */

static IMA_STATUS discover(const char *address)
{
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status = IMAX_DiscoverTargets(sim_oid(address), &list);

	IMA_FreeMemory(list);
	return status;
}

static void a_discovery_session_has_credentials_of_its_own(void **state)
{
	static const char address[] = "discovery:sw/192.0.2.10:3260";

	(void)state;
	assert_done(discover(address));
	sim("account ask add chap-name=ask chap-secret=secret-secret-8\n"
	    "target " T("disk") " set discovery-auth=chap account=ask");
	assert_status(discover(address), IMA_ERROR_LOGIN_REJECTED);
	set_chap(address, IMAX_CHAP_INITIATOR, "ask", "secret-secret-8");
	assert_status(discover(address), IMA_ERROR_LOGIN_REJECTED);
	set_method(address, IMA_AUTHMETHOD_CHAP);
	assert_done(discover(address));
	set_chap(address, IMAX_CHAP_TARGET, "", "target-secret-1");
	assert_status(discover(address), IMA_ERROR_LOGIN_REJECTED);
	sim("account box add chap-name=box chap-secret=target-secret-1\n"
	    "target " T("disk") " set mutual-account=box");
	assert_done(discover(address));
	assert_done(IMAX_RemoveSetting(sim_oid(address), IMAX_SETTING_ALL));
	assert_status(discover(address), IMA_ERROR_LOGIN_REJECTED);
}

/* --- taking back ------------------------------------------------------------------------ */

static IMA_UINT connections(const char *object)
{
	IMA_MIN_MAX_VALUE value;

	assert_done(IMA_GetMaxConnectionsProperties(sim_oid(object), &value));
	return value.currentValue;
}

static void a_target_follows_its_lhba_again(void **state)
{
	(void)state;
	assert_done(IMA_SetMaxConnections(sim_oid(DISK), 5));
	assert_done(IMA_SetMaxConnections(sim_oid("lhba:auto"), 3));
	assert_int_equal(connections(DISK), 5);
	assert_done(IMAX_RemoveSetting(sim_oid(DISK), IMAX_SETTING_MAX_CONNECTIONS));
	assert_int_equal(connections(DISK), 3);
	assert_done(IMAX_RemoveSetting(sim_oid("lhba:auto"), IMAX_SETTING_ALL));
	assert_int_equal(connections(DISK), 1);
	assert_int_equal(connections("lhba:auto"), 1);
}

static void every_key_can_be_taken_back(void **state)
{
	(void)state;
	sim("found auto/" T(
		"disk") " set max-connections=2 max-recv-data-segment-length=4096 "
			"max-burst-length=131072 first-burst-length=4096 "
			"default-time2wait=9 default-time2retain=9 "
			"max-outstanding-r2t=9 error-recovery-level=1 initial-r2t=0 "
			"immediate-data=0 data-pdu-in-order=0 "
			"data-sequence-in-order=0 header-digest=crc32c "
			"data-digest=crc32c auth-in-use=none chap-algorithms=md5 "
			"chap-name=n chap-secret=s mutual-name=m mutual-secret=t");
	for (unsigned int setting = 1; setting <= IMAX_SETTING_CHAP_TARGET; setting++)
		assert_done(IMAX_RemoveSetting(sim_oid(DISK), (IMAX_SETTING)setting));
	assert_non_null(strstr(
		sim_says("show " DISK),
		"max-connections=inherit max-recv-data-segment-length=inherit "
		"max-burst-length=inherit first-burst-length=inherit "
		"default-time2wait=inherit default-time2retain=inherit "
		"max-outstanding-r2t=inherit error-recovery-level=inherit "
		"initial-r2t=inherit immediate-data=inherit data-pdu-in-order=inherit "
		"data-sequence-in-order=inherit header-digest=inherit "
		"data-digest=inherit auth-in-use=\"\" chap-algorithms=\"\" "
		"chap-name=\"\" mutual-name=\"\""));
}

#define TEST(name) cmocka_unit_test_teardown(name, sim_reset)

static const struct CMUnitTest tests[] = {
	TEST(a_target_has_methods_of_its_own),
	TEST(a_target_has_a_secret_of_its_own),
	TEST(parameters_show_whose_they_are),
	TEST(both_ways_to_an_lhba_are_one_record),
	TEST(no_secret_is_ever_listed),
	TEST(a_target_that_cannot_prove_itself_is_left),
	TEST(any_name_will_do_if_none_is_set),
	TEST(algorithms_are_inherited_until_set),
	TEST(an_algorithm_must_be_known_to_both),
	TEST(digests_are_negotiated),
	TEST(digests_are_inherited_until_set),
	TEST(a_discovery_session_has_credentials_of_its_own),
	TEST(a_target_follows_its_lhba_again),
	TEST(every_key_can_be_taken_back),
};

static int run(void)
{
	return cmocka_run_group_tests_name("simulator-authentication", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SCENARIOS "/every.conf", run);
}
