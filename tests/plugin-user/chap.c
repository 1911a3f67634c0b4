// SPDX-License-Identifier: LGPL-2.1-or-later
/* CHAP with a target that demands it (chap.py): both ways, all algorithms, right and wrong. */
#include "cmocka_all.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parms.h"
#include "peer.h"
#include "sandbox.h"
#include "shared/cleanup.h"

#define SECRET "initiatorsecret1"
#define OTHER  "anothersecret123"
#define PROOF  "targetsecret4567"

static void demand(unsigned int algorithm, bool is_mutual, const char *quirk)
{
	char text[256];

	snprintf(text, sizeof(text), "user joe " SECRET "\nalgorithms %u\n%s%s%s%s",
		 algorithm, is_mutual ? "mutual tina " PROOF "\n" : "",
		 quirk ? "quirk " : "", quirk ? quirk : "", quirk ? "\n" : "");
	give_order("chap", text);
}

static IMA_STATUS set_initiator(IMA_OID oid, const char *secret)
{
	return set_parms(oid, IMAX_CHAP_INITIATOR, "joe", secret);
}

static IMA_STATUS set_target(IMA_OID oid, const char *secret)
{
	return set_parms(oid, IMAX_CHAP_TARGET, "", secret);
}

static void assert_in(void)
{
	IMA_SESSION_PROPERTIES properties;
	IMA_OID_LIST *list;

	assert_ok(IMA_GetSessionOidList(lhba(), &list));
	assert_int_equal(list->oidCount, 1);
	assert_ok(IMA_GetSessionProperties(list->oids[0], &properties));
	assert_int_equal(properties.authMethod, IMA_AUTHMETHOD_CHAP);
	assert_ok(IMA_FreeMemory(list));
}

/* The error says what the words are about, and no secret. */
static void assert_refused(IMA_OID target, const char *words)
{
	IMAX_LAST_ERROR error;

	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
	error = last_error();
	assert_non_null(strstr(error.text, NAME));
	assert_non_null(strstr(error.text, "127.0.0.1:"));
	if (!strstr(error.text, words))
		fail_msg("\"%s\" does not say \"%s\"", error.text, words);
	assert_null(strstr(error.text, SECRET));
	assert_null(strstr(error.text, OTHER));
	assert_null(strstr(error.text, PROOF));
	assert_int_equal(count_sessions(lhba()), 0);
}

static void log_in_and_out(IMA_OID target)
{
	assert_ok(IMAX_LoginTarget(target));
	assert_in();
	assert_ok(IMAX_LogoutTarget(target));
}

/* Secrets of holder, which is the LHBA or the target: right, wrong, right again. */
static void try_secrets(IMA_OID holder, IMA_OID target, bool is_mutual)
{
	assert_ok(set_initiator(holder, SECRET));
	if (is_mutual)
		assert_ok(set_target(holder, PROOF));
	log_in_and_out(target);
	assert_ok(set_initiator(holder, OTHER));
	assert_refused(target, "check the CHAP name and secret of the initiator");
	assert_int_equal(last_error().loginStatusClass, 2);
	assert_int_equal(last_error().loginStatusDetail, 1);
	assert_ok(set_initiator(holder, SECRET));
	if (is_mutual) {
		assert_ok(set_target(holder, OTHER));
		assert_refused(target, "does not know the secret");
		assert_int_equal(last_error().loginStatusValid, IMA_FALSE);
		assert_ok(set_target(holder, PROOF));
	}
	log_in_and_out(target);
}

static void every_algorithm_works_in_both_directions(void **state)
{
	IMA_OID target = stub("STUB_CHAP");

	(void)state;
	for (unsigned int i = 0; i < 4 * 2 * 2; i++) {
		IMA_OID holder = i & 1 ? target : lhba();

		demand(5 + i / 4, i & 2, NULL);
		assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_ALL));
		assert_ok(IMAX_RemoveSetting(lhba(), IMAX_SETTING_ALL));
		assert_ok(set_initiator(holder, SECRET));
		assert_ok(offer_methods(holder, 1, IMA_AUTHMETHOD_CHAP, 0));
		try_secrets(holder, target, i & 2);
	}
}

static IMA_OID chap_target(bool is_mutual)
{
	IMA_OID target = stub("STUB_CHAP");

	assert_ok(set_initiator(target, SECRET));
	if (is_mutual)
		assert_ok(set_target(target, PROOF));
	assert_ok(offer_methods(target, 1, IMA_AUTHMETHOD_CHAP, 0));
	return target;
}

static void only_chap_is_offered(void **state)
{
	IMA_OID target = chap_target(false);

	(void)state;
	demand(5, false, NULL);
	log_in_and_out(target);
	assert_true(is_logged("AuthMethod=CHAP"));
	assert_true(is_logged("CHAP_A=8,6,5,7"));
	assert_true(is_logged("CHAP_N=joe"));
}

static void the_list_of_algorithms_is_what_is_offered(void **state)
{
	static const IMAX_CHAP_ALGORITHM two[] = { IMAX_CHAP_SHA256, IMAX_CHAP_SHA1 };
	static const IMAX_CHAP_ALGORITHM one[] = { IMAX_CHAP_MD5 };
	IMA_OID target = chap_target(false);

	(void)state;
	demand(6, false, NULL);
	assert_ok(IMAX_SetChapAlgorithms(lhba(), 2, two));
	log_in_and_out(target);
	assert_true(is_logged("CHAP_A=7,6"));
	assert_ok(IMAX_SetChapAlgorithms(target, 1, one));
	assert_refused(target, "algorithms MD5)");
	assert_true(is_logged("CHAP_A=5"));
	demand(6, false, "reject");
	assert_refused(target, "none of the algorithms");
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_CHAP_ALGORITHMS));
	log_in_and_out(target);
}

static void a_target_that_cheats_is_left(void **state)
{
	static const struct {
		const char *quirk, *words;
		bool is_mutual;
	} cases[] = {
		{ "none", "does not accept CHAP", false },
		{ "none", "use the method none", true },
		{ "skip", "without the authentication that is required", false },
		{ "skip", "use the method none", true },
		{ "other", "not offered", false },
		{ "empty", "is empty", false },
		{ "oversized", "longer than 1024 bytes", false },
		{ "liar", "do not trust it", true },
		{ "mirror", "do not trust it", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_OID target = chap_target(cases[i].is_mutual);

		demand(5, cases[i].is_mutual, cases[i].quirk);
		assert_refused(target, cases[i].words);
		assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_ALL));
	}
}

static void a_target_that_does_not_prove_itself_is_left(void **state)
{
	IMA_OID target = chap_target(true);

	(void)state;
	demand(8, false, NULL);
	assert_refused(target, "does not prove who it is");
	/* Also if none were good enough otherwise. */
	assert_ok(offer_methods(target, 2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE));
	assert_refused(target, "does not prove who it is");
}

static void the_name_of_the_target_counts_if_it_is_set(void **state)
{
	IMA_OID target = chap_target(true);

	(void)state;
	demand(7, true, NULL);
	assert_ok(set_parms(target, IMAX_CHAP_TARGET, "tina", PROOF));
	log_in_and_out(target);
	assert_ok(set_parms(target, IMAX_CHAP_TARGET, "toni", PROOF));
	assert_refused(target, "another name");
}

static void what_the_target_has_counts_before_what_the_lhba_has(void **state)
{
	IMA_OID target = stub("STUB_CHAP");

	(void)state;
	demand(8, true, NULL);
	assert_ok(set_initiator(lhba(), OTHER));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	assert_refused(target, "check the CHAP name");
	assert_ok(set_initiator(target, SECRET));
	log_in_and_out(target);
	assert_ok(set_target(lhba(), "yetanothersecret"));
	assert_refused(target, "does not know the secret");
	assert_ok(set_target(target, PROOF));
	log_in_and_out(target);
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_CHAP_TARGET));
	assert_refused(target, "does not know the secret");
}

static void without_chap_the_target_says_that_it_demands_it(void **state)
{
	IMA_OID target = stub("STUB_CHAP");

	(void)state;
	demand(5, false, NULL);
	assert_refused(target, "demands authentication");
	/* Of several attempts the one with CHAP is told. */
	assert_ok(set_initiator(target, OTHER));
	assert_ok(offer_methods(target, 2, IMA_AUTHMETHOD_NONE, IMA_AUTHMETHOD_CHAP));
	assert_refused(target, "name \"joe\"");
	assert_ok(offer_methods(target, 2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE));
	assert_refused(target, "name \"joe\"");
}

static void discovery_authenticates_per_address(void **state)
{
	IMA_OID address = add_address(getenv("STUB_CHAP"));
	IMA_OID_LIST *list;

	(void)state;
	demand(6, true, NULL);
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
	assert_non_null(strstr(last_error().text, "demands authentication"));
	assert_ok(set_initiator(address, SECRET));
	assert_ok(set_target(address, PROOF));
	assert_ok(offer_methods(address, 1, IMA_AUTHMETHOD_CHAP, 0));
	assert_int_equal(discover(address), 1);
	assert_true(is_logged("CHAP_N=joe"));
	assert_ok(set_initiator(address, OTHER));
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
	/* The address is as good as any: it may have what the LHBA has. */
	assert_ok(IMAX_RemoveSetting(address, IMAX_SETTING_ALL));
	assert_ok(set_initiator(lhba(), SECRET));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	assert_int_equal(discover(address), 1);
}

static IMA_STATUS except(IMA_OID oid)
{
	IMAX_CHAP_PARMS none = { 0 };

	return IMAX_SetChapParms(oid, IMAX_CHAP_TARGET, &none);
}

static void assert_excepted(IMA_OID oid, bool excepted)
{
	IMAX_CHAP_PARMS parms;

	assert_ok(IMAX_GetChapParms(oid, IMAX_CHAP_TARGET, &parms));
	assert_int_equal(parms.set, excepted ? IMA_FALSE : IMA_TRUE);
}

static void one_target_need_not_prove_itself(void **state)
{
	IMA_OID target = chap_target(false);

	(void)state;
	demand(5, false, NULL);
	assert_ok(set_target(lhba(), PROOF));
	assert_refused(target, "mutual");
	assert_ok(except(target));
	assert_ok(except(target));
	assert_excepted(target, true);
	log_in_and_out(target);
	/* A secret of its own ends the exception, and so does taking it back. */
	assert_ok(set_target(target, PROOF));
	assert_excepted(target, false);
	assert_refused(target, "mutual");
	assert_ok(except(target));
	log_in_and_out(target);
	/* The secret may now be the same as that the LHBA has for others. */
	assert_ok(set_initiator(target, PROOF));
	assert_ok(set_initiator(target, SECRET));
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_CHAP_TARGET));
	assert_excepted(target, false);
	assert_refused(target, "mutual");
	assert_status(except(lhba()), IMA_ERROR_INVALID_PARAMETER);
}

static void discovery_at_one_address_needs_no_proof(void **state)
{
	IMA_OID address = add_address(getenv("STUB_CHAP"));
	IMA_OID_LIST *list;

	(void)state;
	demand(5, false, NULL);
	assert_ok(set_initiator(lhba(), SECRET));
	assert_ok(set_target(lhba(), PROOF));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
	assert_ok(except(address));
	assert_int_equal(discover(address), 1);
	assert_ok(IMAX_RemoveSetting(address, IMAX_SETTING_ALL));
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
}

/* --- What is left in memory -------------------------------------------------------------- */

/* Never in this process but as constants; as text, and as the file has them. */
static const char *const wiped[] = {
	"look4me-initiator",
	"look4me-in-target",
	"6c6f6f6b346d652d696e69746961746f72",
	"6c6f6f6b346d652d696e2d746172676574",
};

static int set_wiped(void)
{
	IMA_OID target = stub("STUB_CHAP");
	char text[128];

	snprintf(text, sizeof(text), "user joe %s\nmutual tina %s\nalgorithms 7\n",
		 wiped[0], wiped[1]);
	give_order("chap", text);
	return set_initiator(target, wiped[0]) || set_target(target, wiped[1]) ||
	       offer_methods(target, 1, IMA_AUTHMETHOD_CHAP, 0);
}

#define CHUNK (1 << 20)
#define TAIL  64 /* of a chunk, seen again with the next one */

static const char *find_in(const char *bytes, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(wiped); i++)
		if (memmem(bytes, size, wiped[i], strlen(wiped[i])))
			return wiped[i];
	return NULL;
}

/* What of the list is in a range of memory of this process; NULL: nothing. */
static const char *find_wiped(int memory, uint64_t from, uint64_t to)
{
	static char chunk[CHUNK];
	const char *found = NULL;

	while (!found && from < to) {
		size_t size = to - from < CHUNK ? to - from : CHUNK;
		ssize_t n = pread(memory, chunk, size, (off_t)from);

		if (n <= 0)
			break;
		found = find_in(chunk, (size_t)n);
		from += n > TAIL ? (size_t)n - TAIL : (size_t)n;
	}
	explicit_bzero(chunk, sizeof(chunk)); /* it is looked at as well */
	return found;
}

/* The same for all that is writable, but for what a sanitizer keeps for itself. */
static const char *find_wiped_anywhere(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	const char *found = NULL;
	char line[512];

	assert_non_null(maps);
	assert_true(memory >= 0);
	while (!found && fgets(line, sizeof(line), maps)) {
		char *end, *access;
		uint64_t from = strtoull(line, &end, 16);
		uint64_t to = strtoull(end + 1, &access, 16);

		if (access[2] == 'w' && to - from < (uint64_t)1 << 28)
			found = find_wiped(memory, from, to);
	}
	fclose(maps);
	close(memory);
	return found;
}

static void no_secret_is_left_in_memory(void **state)
{
	char _cleanup_free_ *probe = strdup(wiped[0]);
	IMA_OID target;

	(void)state;
	assert_string_equal(find_wiped_anywhere(), wiped[0]); /* it does find it */
	explicit_bzero(probe, strlen(probe));
	assert_null(find_wiped_anywhere());
	assert_int_equal(sandbox_again("set-wiped"), 0);
	target = find_target(NAME);
	assert_ok(IMAX_LoginTarget(target));
	assert_in();
	assert_null(find_wiped_anywhere());
	assert_ok(IMAX_LogoutTarget(target));
	assert_null(find_wiped_anywhere());
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_algorithm_works_in_both_directions, prepare),
		cmocka_unit_test_setup(only_chap_is_offered, prepare),
		cmocka_unit_test_setup(the_list_of_algorithms_is_what_is_offered,
				       prepare),
		cmocka_unit_test_setup(a_target_that_cheats_is_left, prepare),
		cmocka_unit_test_setup(a_target_that_does_not_prove_itself_is_left,
				       prepare),
		cmocka_unit_test_setup(the_name_of_the_target_counts_if_it_is_set,
				       prepare),
		cmocka_unit_test_setup(
			what_the_target_has_counts_before_what_the_lhba_has, prepare),
		cmocka_unit_test_setup(without_chap_the_target_says_that_it_demands_it,
				       prepare),
		cmocka_unit_test_setup(discovery_authenticates_per_address, prepare),
		cmocka_unit_test_setup(one_target_need_not_prove_itself, prepare),
		cmocka_unit_test_setup(discovery_at_one_address_needs_no_proof, prepare),
		cmocka_unit_test_setup(no_secret_is_left_in_memory, prepare),
	};

	if (sandbox_argument())
		return strcmp(sandbox_argument(), "set-wiped") ? 99 : set_wiped();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
