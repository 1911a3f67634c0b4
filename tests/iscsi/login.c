// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * login.c - the login against targets of every kind: each ends in full feature phase, or in
 * an error that says what the target did.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

static const struct answer no_answers[] = { { NULL, NULL } };

/* The session is down, once, with such an error. */
static void assert_failed(const struct fixture *fixture, enum iscsi_failure kind,
			  const char *word)
{
	assert_int_equal(fixture->downs, 1);
	assert_int_equal(fixture->ups, 0);
	assert_true(fixture->failed);
	if (fixture->error.kind != kind || (word && !strstr(fixture->error.text, word)))
		fail_msg("%s (%s), not %s with \"%s\"",
			 iscsi_failure_name(fixture->error.kind), fixture->error.text,
			 iscsi_failure_name(kind), word ? word : "");
	assert_int_equal(iscsi_session_counters(fixture->session)->login_failures, 1);
}

/* Log in to a target with this hook and expect an error. */
static void expect_failure(target_hook *hook, enum iscsi_failure kind, const char *word)
{
	struct fixture fixture;

	fixture_init(&fixture);
	fixture.target.hook = hook;
	fixture_login(&fixture);
	target_advance(&fixture.target, 20 * SECONDS);
	assert_failed(&fixture, kind, word);
	fixture_free(&fixture);
}

/* --- What works -------------------------------------------------------------------------- */

static bool see_first_request(struct target *target, const struct pdu *pdu)
{
	static const char *const expected[] = {
		"InitiatorName=iqn.2003-01.org.example:initiator",
		"InitiatorAlias=an alias",
		"SessionType=Normal",
		("TargetName=" TARGET_NAME),
		"HeaderDigest=None",
		"DataDigest=None",
		"MaxConnections=1",
		"InitialR2T=No",
		"ImmediateData=Yes",
		"MaxRecvDataSegmentLength=262144",
		"MaxBurstLength=16776192",
		"FirstBurstLength=262144",
		"DefaultTime2Wait=2",
		"DefaultTime2Retain=0",
		"MaxOutstandingR2T=1",
		"DataPDUInOrder=Yes",
		"DataSequenceInOrder=Yes",
		"ErrorRecoveryLevel=0",
	};
	const char *at = (const char *)pdu->data;

	if (opcode_of(pdu) != OP_LOGIN)
		return false;
	(void)target;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++, at += strlen(at) + 1)
		assert_string_equal(at, expected[i]);
	assert_ptr_equal(at, pdu->data + pdu->length);
	assert_int_equal(pdu->bhs[AT_OPCODE], OP_LOGIN | IMMEDIATE);
	assert_int_equal(pdu->bhs[AT_FLAGS], LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3);
	assert_int_equal(get16(pdu->bhs + AT_VERSION_MAX), 0);
	assert_memory_equal(pdu->bhs + AT_ISID, "\x80\x01\x02\x03\x04\x05", 6);
	assert_int_equal(get16(pdu->bhs + AT_TSIH), 0);
	return false;
}

static void a_login_without_authentication_is_one_round_trip(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.config.initiator_alias = "an alias";
	fixture.target.hook = see_first_request;
	fixture_up(&fixture);
	assert_int_equal(fixture.target.requests[OP_LOGIN], 1);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

static void the_result_of_a_login_can_be_read(void **state)
{
	static const struct answer answers[] = {
		{ "MaxBurstLength", "65536" }, { "FirstBurstLength", "4096" },
		{ "InitialR2T", "Yes" },       { "ImmediateData", "No" },
		{ "DefaultTime2Wait", "5" },   { NULL, NULL }
	};
	static const char extra[] = "TargetAlias=an alias of the target";
	const struct iscsi_result *result;
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.answers = answers;
	fixture.target.extra = extra;
	fixture.target.extra_length = sizeof(extra);
	fixture.target.max_recv = 4096;
	fixture_up(&fixture);
	result = iscsi_session_result(fixture.session);
	assert_int_equal(result->params.value[ISCSI_MAX_BURST_LENGTH], 65536);
	assert_int_equal(result->params.value[ISCSI_FIRST_BURST_LENGTH], 4096);
	assert_int_equal(result->params.value[ISCSI_INITIAL_R2T], 1);
	assert_int_equal(result->params.value[ISCSI_IMMEDIATE_DATA], 0);
	assert_int_equal(result->params.value[ISCSI_DEFAULT_TIME2WAIT], 5);
	assert_int_equal(result->params.value[ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH],
			 262144);
	assert_int_equal(result->target_max_recv_data_segment_length, 4096);
	assert_int_equal(result->answered, (1U << ISCSI_PARAM_COUNT) - 1);
	assert_int_equal(result->tsih, 77);
	assert_int_equal(result->portal_group_tag, 1);
	assert_int_equal(result->auth_method, ISCSI_AUTH_NONE);
	assert_string_equal(result->portal.host, "192.0.2.1");
	assert_string_equal(iscsi_session_target_alias(fixture.session),
			    "an alias of the target");
	fixture_free(&fixture);
}

static void the_stream_may_come_and_go_in_any_portions(void **state)
{
	static const size_t portions[] = { 1, 2, 3, 47, 48, 49, 52, 100, 1000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(portions); i++)
		for (size_t j = 0; j < ARRAY_SIZE(portions); j++) {
			struct fixture fixture;

			fixture_init(&fixture);
			fixture.target.chunk = portions[i];
			fixture.target.send_limit = portions[j];
			fixture.config.params.value[ISCSI_HEADER_DIGEST] =
				ISCSI_DIGEST_CRC32C;
			fixture.config.params.value[ISCSI_DATA_DIGEST] =
				ISCSI_DIGEST_CRC32C;
			fixture_up(&fixture);
			assert_true(fixture.target.header_digest);
			fixture_free(&fixture);
		}
}

static bool see_discovery(struct target *target, const struct pdu *pdu)
{
	static const char *const session_only[] = {
		"TargetName",	  "HeaderDigest",	"DataDigest",
		"MaxConnections", "InitialR2T",		"ImmediateData",
		"MaxBurstLength", "FirstBurstLength",	"MaxOutstandingR2T",
		"DataPDUInOrder", "DataSequenceInOrder"
	};

	(void)target;
	if (opcode_of(pdu) != OP_LOGIN)
		return false;
	assert_string_equal(text_value(pdu->data, pdu->length, "SessionType"),
			    "Discovery");
	assert_non_null(text_value(pdu->data, pdu->length, "MaxRecvDataSegmentLength"));
	assert_non_null(text_value(pdu->data, pdu->length, "ErrorRecoveryLevel"));
	for (size_t i = 0; i < ARRAY_SIZE(session_only); i++)
		assert_null(text_value(pdu->data, pdu->length, session_only[i]));
	return false;
}

static void a_discovery_session_offers_only_what_applies_to_it(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.config.target_name = NULL;
	fixture.target.hook = see_discovery;
	fixture_up(&fixture);
	fixture_free(&fixture);
}

/* The target offers keys of its own in a first answer, ours must come in the next request. */
static bool offer_keys(struct target *target, const struct pdu *pdu)
{
	static const char offers[] = "X-com.example.what=1\0HeaderDigest=CRC32C,None\0"
				     "DataDigest=CRC32C\0MaxConnections=4\0IFMarker=Yes";

	if (opcode_of(pdu) != OP_LOGIN ||
	    !text_value(pdu->data, pdu->length, "SessionType"))
		return false;
	target->user = (void *)1;
	target_login_response(target, pdu, STAGE_OPERATIONAL << 2, 0, offers,
			      sizeof(offers));
	return true;
}

static bool offer_then_see_answers(struct target *target, const struct pdu *pdu)
{
	static const struct answer expected[] = { { "X-com.example.what",
						    "NotUnderstood" },
						  { "IFMarker", "NotUnderstood" },
						  { "HeaderDigest", "None" },
						  { "DataDigest", "Reject" },
						  { "MaxConnections", "Irrelevant" } };
	static const char answers[] = "DefaultTime2Wait=2\0DefaultTime2Retain=0\0"
				      "ErrorRecoveryLevel=0";

	if (opcode_of(pdu) != OP_LOGIN || offer_keys(target, pdu))
		return opcode_of(pdu) == OP_LOGIN;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(text_value(pdu->data, pdu->length, expected[i].key),
				    expected[i].value);
	target->user = (void *)2;
	target->answers = no_answers;
	target_login_response(target, pdu, LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3, 0,
			      answers, sizeof(answers));
	return true;
}

static void offers_of_the_target_are_answered(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.config.target_name = NULL;
	fixture.target.hook = offer_then_see_answers;
	fixture_up(&fixture);
	assert_ptr_equal(fixture.target.user, (void *)2);
	fixture_free(&fixture);
}

/* All answers, in as many responses as there are bytes / n, each but the last with C. */
static const char all_answers[] =
	"HeaderDigest=None\0DataDigest=None\0MaxConnections=1\0InitialR2T=No\0"
	"ImmediateData=Yes\0MaxBurstLength=16776192\0FirstBurstLength=262144\0"
	"DefaultTime2Wait=2\0DefaultTime2Retain=0\0MaxOutstandingR2T=1\0DataPDUInOrder="
	"Yes\0"
	"DataSequenceInOrder=Yes\0ErrorRecoveryLevel=0";

struct pieces {
	size_t at, size;
};

static bool answer_in_pieces(struct target *target, const struct pdu *pdu)
{
	struct pieces *pieces = target->user;
	uint8_t flags = pdu->bhs[AT_FLAGS] & 0x8f,
		more = LOGIN_CONTINUE | STAGE_OPERATIONAL << 2;
	size_t n = pieces->size;

	if (opcode_of(pdu) != OP_LOGIN)
		return false;
	if (pieces->at) /* in between nothing is said */
		assert_int_equal(pdu->length, 0);
	if (pieces->at == sizeof(all_answers)) {
		assert_int_equal(flags, LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3);
		target_login_response(target, pdu, flags, 0, NULL, 0);
		return true;
	}
	if (pieces->at + n >= sizeof(all_answers)) {
		n = sizeof(all_answers) - pieces->at;
		more = STAGE_OPERATIONAL << 2;
	}
	target_login_response(target, pdu, more, 0, all_answers + pieces->at, n);
	pieces->at += n;
	return true;
}

static void answers_may_be_cut_anywhere(void **state)
{
	(void)state;
	for (size_t size = 6; size <= sizeof(all_answers); size++) {
		struct pieces pieces = { 0, size };
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.target.hook = answer_in_pieces;
		fixture.target.user = &pieces;
		fixture_up(&fixture);
		assert_int_equal(iscsi_session_result(fixture.session)
					 ->params.value[ISCSI_MAX_BURST_LENGTH],
				 16776192);
		fixture_free(&fixture);
	}
}

/* So many unknown keys that our answers do not fit into one request. */
#define UNKNOWN_KEYS 200
#define UNKNOWN_KEY  "X-org.example.a-rather-long-key-number-%03d"

static size_t write_unknown_keys(char *text, size_t size)
{
	size_t length = 0;

	for (int i = 0; i < UNKNOWN_KEYS; i++)
		length += 1 + (size_t)snprintf(text + length, size - length,
					       UNKNOWN_KEY "=1", i);
	return length;
}

struct answers_heard {
	size_t length;
	unsigned int continued;
};

static bool many_unknown_keys(struct target *target, const struct pdu *pdu)
{
	struct answers_heard *heard = target->user;
	uint8_t flags = pdu->bhs[AT_FLAGS], stage = STAGE_OPERATIONAL << 2;
	char text[16384];
	size_t length = write_unknown_keys(text, sizeof(text));

	if (target->requests[OP_LOGIN] == 1) {
		target_login_response(target, pdu, LOGIN_CONTINUE | stage, 0, text, 8000);
	} else if (target->requests[OP_LOGIN] == 2) {
		assert_int_equal(pdu->length, 0);
		target_login_response(target, pdu, stage, 0, text + 8000, length - 8000);
	} else if (flags & LOGIN_CONTINUE) {
		assert_false(flags & LOGIN_TRANSIT);
		assert_int_equal(pdu->length, 8192);
		heard->length += pdu->length;
		heard->continued++;
		target_login_response(target, pdu, stage, 0, NULL, 0);
	} else {
		assert_true(flags & LOGIN_TRANSIT);
		heard->length += pdu->length;
		target_login_response(target, pdu, LOGIN_TRANSIT | stage | 3, 0,
				      all_answers, sizeof(all_answers));
	}
	return true;
}

static void a_long_answer_of_ours_goes_in_several_requests(void **state)
{
	struct answers_heard heard = { 0 };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.hook = many_unknown_keys;
	fixture.target.user = &heard;
	fixture_up(&fixture);
	assert_int_equal(heard.continued, 1);
	assert_int_equal(heard.length, UNKNOWN_KEYS * (strlen(UNKNOWN_KEY) - 1 +
						       sizeof("=NotUnderstood")));
	fixture_free(&fixture);
}

/* --- Negotiation ------------------------------------------------------------------------- */

struct negotiation_case {
	const char *key, *answer, *word;
};

static void expect_negotiation_failure(const struct negotiation_case *c)
{
	struct answer answers[] = { { c->key, c->answer }, { NULL, NULL } };
	struct fixture fixture;

	fixture_init(&fixture);
	fixture.target.answers = answers;
	fixture_login(&fixture);
	assert_failed(&fixture, ISCSI_FAILED_NEGOTIATION, c->word);
	assert_string_equal(fixture.error.key, c->key);
	assert_non_null(strstr(fixture.error.text, c->key));
	assert_non_null(strstr(fixture.error.text, "192.0.2.1:3260"));
	assert_int_equal(iscsi_session_counters(fixture.session)->format_errors, 1);
	fixture_free(&fixture);
}

/* Offers are the defaults, see see_first_request(). */
static void impossible_answers_are_refused(void **state)
{
	static const struct negotiation_case cases[] = {
		{ "HeaderDigest", "CRC32C", "not a possible answer" },
		{ "DataDigest", "CRC32C", "not a possible answer" },
		{ "HeaderDigest", "crc32c", "not a digest" },
		{ "HeaderDigest", "None,None", "not a digest" },
		{ "MaxConnections", "2", "not a possible answer" },
		{ "MaxConnections", "0", "outside of the range" },
		{ "InitialR2T", "yes", "neither Yes nor No" },
		{ "ImmediateData", "1", "neither Yes nor No" },
		{ "MaxRecvDataSegmentLength", "0", "outside of the range" },
		{ "MaxRecvDataSegmentLength", "511", "outside of the range" },
		{ "MaxRecvDataSegmentLength", "16777216", "outside of the range" },
		{ "MaxBurstLength", "16776193", "not a possible answer" },
		{ "MaxBurstLength", "0", "outside of the range" },
		{ "MaxBurstLength", "-512", "not a number" },
		{ "FirstBurstLength", "262145", "not a possible answer" },
		{ "FirstBurstLength", "99999999999999999999", "outside of the range" },
		{ "DefaultTime2Wait", "1", "not a possible answer" },
		{ "DefaultTime2Wait", "3601", "outside of the range" },
		{ "DefaultTime2Retain", "1", "not a possible answer" },
		{ "MaxOutstandingR2T", "2", "not a possible answer" },
		{ "MaxOutstandingR2T", "0", "outside of the range" },
		{ "DataPDUInOrder", "No", "not a possible answer" },
		{ "DataSequenceInOrder", "No", "not a possible answer" },
		{ "ErrorRecoveryLevel", "1", "not a possible answer" },
		{ "ErrorRecoveryLevel", "3", "outside of the range" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect_negotiation_failure(&cases[i]);
}

static void answers_that_are_no_values_are_refused_for_every_key(void **state)
{
	static const char *const answers[] = { "",     "Reject", "NotUnderstood",
					       "?",    "1e3",	 "Yes,No",
					       " 1",   "8192 ",	 "0x",
					       "None;" };

	(void)state;
	for (int param = 0; param < ISCSI_PARAM_COUNT; param++)
		for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
			struct negotiation_case c = { iscsi_param_info(param)->name,
						      answers[i], "" };

			expect_negotiation_failure(&c);
		}
}

static void a_key_without_an_answer_is_named(void **state)
{
	static const char *const keys[] = { "HeaderDigest",	  "DataDigest",
					    "MaxConnections",	  "InitialR2T",
					    "ImmediateData",	  "MaxBurstLength",
					    "FirstBurstLength",	  "DefaultTime2Wait",
					    "DefaultTime2Retain", "MaxOutstandingR2T",
					    "ErrorRecoveryLevel" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct negotiation_case c = { keys[i], NULL, "did not answer" };

		expect_negotiation_failure(&c);
	}
}

/* RFC 7143, 6.2.2, and keys that do not matter. */
static void some_answers_may_be_missing(void **state)
{
	static const struct answer answers[] = {
		{ "InitialR2T", NULL },
		{ "ImmediateData", NULL },
		{ "DataPDUInOrder", NULL },
		{ "DataSequenceInOrder", NULL },
		{ "FirstBurstLength", NULL },
		{ "MaxRecvDataSegmentLength", NULL },
		{ NULL, NULL },
	};
	const uint32_t *value;
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.answers = answers;
	fixture.config.params.value[ISCSI_INITIAL_R2T] = 1;
	fixture.config.params.value[ISCSI_IMMEDIATE_DATA] = 0;
	fixture_up(&fixture);
	value = iscsi_session_result(fixture.session)->params.value;
	assert_int_equal(value[ISCSI_INITIAL_R2T], 1);
	assert_int_equal(value[ISCSI_IMMEDIATE_DATA], 0);
	assert_int_equal(value[ISCSI_DATA_PDU_IN_ORDER], 1);
	assert_int_equal(iscsi_session_result(fixture.session)
				 ->target_max_recv_data_segment_length,
			 8192);
	fixture_free(&fixture);
}

static void irrelevant_leaves_the_value_of_the_standard(void **state)
{
	static const struct answer answers[] = { { "MaxBurstLength", "Irrelevant" },
						 { "FirstBurstLength", "Irrelevant" },
						 { "DefaultTime2Wait", "Irrelevant" },
						 { "ImmediateData", "Irrelevant" },
						 { "InitialR2T", "Irrelevant" },
						 { "HeaderDigest", "Irrelevant" },
						 { NULL, NULL } };
	const uint32_t *value;
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.answers = answers;
	fixture.config.params.value[ISCSI_IMMEDIATE_DATA] = 0;
	fixture.config.params.value[ISCSI_FIRST_BURST_LENGTH] = 1024;
	fixture.config.params.value[ISCSI_DEFAULT_TIME2WAIT] = 9;
	fixture_up(&fixture);
	value = iscsi_session_result(fixture.session)->params.value;
	assert_int_equal(value[ISCSI_MAX_BURST_LENGTH], 262144);
	assert_int_equal(value[ISCSI_FIRST_BURST_LENGTH],
			 1024); /* never more than offered */
	assert_int_equal(value[ISCSI_DEFAULT_TIME2WAIT], 9);
	assert_int_equal(value[ISCSI_IMMEDIATE_DATA], 0);
	assert_int_equal(value[ISCSI_INITIAL_R2T], 1);
	fixture_free(&fixture);
}

static void a_digest_that_is_required_cannot_be_irrelevant(void **state)
{
	static const struct answer answers[] = { { "DataDigest", "Irrelevant" },
						 { NULL, NULL } };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.answers = answers;
	fixture.config.params.value[ISCSI_DATA_DIGEST] = ISCSI_DIGEST_CRC32C;
	fixture_login(&fixture);
	assert_failed(&fixture, ISCSI_FAILED_NEGOTIATION, "a digest is required");
	fixture_free(&fixture);
}

static void a_first_burst_above_the_lowered_max_burst_is_cut(void **state)
{
	static const struct answer answers[] = { { "MaxBurstLength", "1024" },
						 { NULL, NULL } };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.answers = answers;
	fixture_up(&fixture);
	assert_int_equal(iscsi_session_result(fixture.session)
				 ->params.value[ISCSI_FIRST_BURST_LENGTH],
			 1024);
	fixture_free(&fixture);
}

/* Text that follows the usual answers. */
#define TEXT(t) t, sizeof(t)
static const struct {
	const char *text;
	size_t length;
	enum iscsi_failure kind;
	const char *word;
} bad_texts[] = {
	{ TEXT("MaxBurstLength=512"), ISCSI_FAILED_NEGOTIATION, "twice" },
	{ TEXT("TargetPortalGroupTag=1"), ISCSI_FAILED_NEGOTIATION, "twice" },
	{ TEXT("TargetAlias=a\0TargetAlias=b"), ISCSI_FAILED_NEGOTIATION, "twice" },
	{ TEXT("InitiatorName=iqn.2003-01.org.example:i"), ISCSI_FAILED_NEGOTIATION,
	  "a target must not send" },
	{ TEXT("TargetName=" TARGET_NAME), ISCSI_FAILED_NEGOTIATION,
	  "a target must not send" },
	{ TEXT("SendTargets=All"), ISCSI_FAILED_NEGOTIATION, "a target must not send" },
	{ TEXT("TargetAddress=[::1"), ISCSI_FAILED_NEGOTIATION, "not an address" },
	{ TEXT("AuthMethod=None"), ISCSI_FAILED_NEGOTIATION, "nothing was offered" },
	{ TEXT("CHAP_A=5"), ISCSI_FAILED_NEGOTIATION, "not asked for" },
	{ TEXT("no equals sign"), ISCSI_FAILED_PROTOCOL, "without a value" },
	{ TEXT("=value"), ISCSI_FAILED_PROTOCOL, "malformed" },
	{ "Key=no terminator", 17, ISCSI_FAILED_PROTOCOL, "no end" },
	{ TEXT("\x01\xff\xfe=\x02"), ISCSI_FAILED_NOTHING, NULL }, /* an unknown key */
};
#undef TEXT

static void bad_text_after_good_answers_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_texts); i++) {
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.target.extra = bad_texts[i].text;
		fixture.target.extra_length = bad_texts[i].length;
		fixture_login(&fixture);
		if (bad_texts[i].kind == ISCSI_FAILED_NOTHING)
			assert_int_equal(fixture.ups, 1);
		else
			assert_failed(&fixture, bad_texts[i].kind, bad_texts[i].word);
		fixture_free(&fixture);
	}
}

/* All is as usual but the first key. */
static bool declare_first(struct target *target, const struct pdu *pdu)
{
	char text[1024];
	size_t n = (size_t)snprintf(text, 400, "%s", (const char *)target->user) + 1;

	memcpy(text + n, all_answers, sizeof(all_answers));
	target_login_response(target, pdu, LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3, 0,
			      text, n + sizeof(all_answers));
	return true;
}

static void what_a_target_declares_of_itself_must_make_sense(void **state)
{
	static const char *const tags[] = { "65536", "-1", "", "x" };
	char declaration[400];

	(void)state;
	for (size_t i = 0; i <= ARRAY_SIZE(tags); i++) {
		const char *key = i < ARRAY_SIZE(tags) ? "TargetPortalGroupTag"
						       : "TargetAlias";
		struct fixture fixture;

		if (i < ARRAY_SIZE(tags))
			snprintf(declaration, sizeof(declaration), "%s=%s", key, tags[i]);
		else
			snprintf(declaration, sizeof(declaration), "%s=%0256d", key, 0);
		fixture_init(&fixture);
		fixture.target.hook = declare_first;
		fixture.target.user = declaration;
		fixture_login(&fixture);
		assert_failed(&fixture, ISCSI_FAILED_NEGOTIATION,
			      i < ARRAY_SIZE(tags) ? "not a number" : "longer than 255");
		assert_string_equal(fixture.error.key, key);
		fixture_free(&fixture);
	}
}

/* --- Floods ------------------------------------------------------------------------------ */

static bool send_a_thousand_keys(struct target *target, const struct pdu *pdu)
{
	struct bytes *text = target->user;
	size_t n = text->length - text->at < 8000 ? text->length - text->at : 8000;

	target_login_response(target, pdu,
			      (text->at + n < text->length ? LOGIN_CONTINUE : 0) |
				      STAGE_OPERATIONAL << 2,
			      0, (char *)text->data + text->at, n);
	text->at += n;
	return true;
}

static void floods_of_text_are_refused(void **state)
{
	static const struct {
		const char *pair;
		int count;
		const char *word;
	} cases[] = {
		{ "X-org.example.%d=1", 1000, "more keys" },
		{ "X-org.example.%d=%02000d", 50, "more text" },
		{ "Key=%060000d", 1, "too long" },
		{ "K%060000d", 1, "too long" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bytes text = { .data = malloc(200000) };
		struct fixture fixture;

		for (int n = 0; n < cases[i].count; n++)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
			text.length += 1 +
				       (size_t)snprintf((char *)text.data + text.length,
							100000, cases[i].pair, n, n);
#pragma GCC diagnostic pop
		fixture_init(&fixture);
		fixture.target.hook = send_a_thousand_keys;
		fixture.target.user = &text;
		fixture_login(&fixture);
		assert_failed(&fixture, ISCSI_FAILED_PROTOCOL, cases[i].word);
		fixture_free(&fixture);
		free(text.data);
	}
}

static bool never_done(struct target *target, const struct pdu *pdu)
{
	target_login_response(target, pdu, STAGE_OPERATIONAL << 2, 0, NULL, 0);
	return true;
}

static bool never_done_with_more(struct target *target, const struct pdu *pdu)
{
	target_login_response(target, pdu, LOGIN_CONTINUE | STAGE_OPERATIONAL << 2, 0,
			      "a", 1);
	return true;
}

static void a_login_that_never_ends_is_left(void **state)
{
	(void)state;
	expect_failure(never_done, ISCSI_FAILED_PROTOCOL, "does not end");
	expect_failure(never_done_with_more, ISCSI_FAILED_PROTOCOL, NULL);
}

/* --- Headers that lie -------------------------------------------------------------------- */

struct header_case {
	const char *what;
	uint8_t at, value;
	enum iscsi_failure kind;
	const char *word;
};

/* The usual answer with one byte changed. */
static bool change_a_byte(struct target *target, const struct pdu *pdu)
{
	const struct header_case *c = target->user;
	size_t at = target->out.length;

	if (opcode_of(pdu) != OP_LOGIN)
		return false;
	target_answer(target, pdu);
	target->out.data[at + c->at] = c->value;
	return true;
}

static void login_responses_with_a_wrong_header_are_refused(void **state)
{
	static const struct header_case cases[] = {
		{ "opcode of a text response", AT_OPCODE, OP_TEXT_RESPONSE,
		  ISCSI_FAILED_PROTOCOL, "opcode 24h during login" },
		{ "opcode of a reject", AT_OPCODE, OP_REJECT, ISCSI_FAILED_PROTOCOL,
		  "during login" },
		{ "an opcode of initiators", AT_OPCODE, OP_LOGIN, ISCSI_FAILED_PROTOCOL,
		  "during login" },
		{ "task tag", AT_ITT, 0x99, ISCSI_FAILED_PROTOCOL, "task tag" },
		{ "version", AT_VERSION_ACTIVE, 1, ISCSI_FAILED_PROTOCOL, "version 01h" },
		{ "ISID", AT_ISID + 5, 0xee, ISCSI_FAILED_PROTOCOL, "ISID" },
		{ "stage", AT_FLAGS, LOGIN_TRANSIT | STAGE_SECURITY << 2 | 3,
		  ISCSI_FAILED_PROTOCOL, "for stage 0 in stage 1" },
		{ "next stage", AT_FLAGS, LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 1,
		  ISCSI_FAILED_PROTOCOL, "leaves login stage 1 for 1" },
		{ "T and C", AT_FLAGS, 0xc7, ISCSI_FAILED_PROTOCOL, "both T and C" },
		{ "16 MB of data", AT_DATA_LENGTH, 0xff, ISCSI_FAILED_PROTOCOL,
		  "bytes of data where" },
		{ "TSIH", AT_TSIH + 1, 0, ISCSI_FAILED_PROTOCOL, "TSIH" },
		{ "status class", AT_STATUS_CLASS, 9, ISCSI_FAILED_LOGIN,
		  "unknown status class" },
		{ "success with a detail", AT_STATUS_DETAIL, 1, ISCSI_FAILED_LOGIN,
		  "unknown status of class Success" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct header_case c = cases[i];
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.target.hook = change_a_byte;
		fixture.target.user = &c;
		fixture_login(&fixture);
		assert_failed(&fixture, c.kind, c.word);
		fixture_free(&fixture);
	}
}

static bool jump_in_stat_sn(struct target *target, const struct pdu *pdu)
{
	(void)pdu;
	target->stat_sn += 5 * (target->requests[OP_LOGIN] > 1);
	never_done(target, pdu);
	return true;
}

static void a_jump_in_stat_sn_is_a_violation(void **state)
{
	(void)state;
	expect_failure(jump_in_stat_sn, ISCSI_FAILED_PROTOCOL, "StatSN 1006 where 1001");
}

static bool transit_unasked(struct target *target, const struct pdu *pdu)
{
	/* The first answer asks for an empty request, the second ends what we did not end. */
	if (target->requests[OP_LOGIN] == 1)
		target_login_response(target, pdu,
				      LOGIN_CONTINUE | STAGE_OPERATIONAL << 2, 0, "a=b",
				      4);
	else
		target_login_response(target, pdu,
				      LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3, 0,
				      all_answers, sizeof(all_answers));
	return true;
}

static void a_stage_is_left_only_together(void **state)
{
	(void)state;
	expect_failure(transit_unasked, ISCSI_FAILED_PROTOCOL, "unasked");
}

static bool answer_too_early(struct target *target, const struct pdu *pdu)
{
	(void)target;
	(void)pdu;
	return false;
}

static void an_answer_to_a_request_that_is_not_sent_yet_is_refused(void **state)
{
	struct fixture fixture;
	struct pdu pdu;
	uint8_t bhs[BHS_SIZE] = { OP_LOGIN };

	(void)state;
	fixture_init(&fixture);
	fixture.target.hook = answer_too_early;
	fixture.target.send_room = 40;
	fixture_login(&fixture);
	/* A task tag can be guessed. */
	put32(bhs + AT_ITT, 0x0001ffff);
	memcpy(bhs + AT_ISID, fixture.config.isid, 6);
	pdu = (struct pdu){ bhs, NULL, 0 };
	target_login_response(&fixture.target, &pdu,
			      LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3, 0, all_answers,
			      sizeof(all_answers));
	target_run(&fixture.target);
	assert_failed(&fixture, ISCSI_FAILED_PROTOCOL, "not sent yet");
	fixture_free(&fixture);
}

/* --- Status ------------------------------------------------------------------------------ */

static bool refuse(struct target *target, const struct pdu *pdu)
{
	const uint16_t *status = target->user;

	target_login_response(target, pdu, 0, *status, NULL, 0);
	return true;
}

static const struct {
	uint16_t status;
	const char *words;
} statuses[] = {
	{ 0x0200, "Initiator error" },
	{ 0x0201, "Authentication failure" },
	{ 0x0202, "Authorization failure" },
	{ 0x0203, "Not found" },
	{ 0x0204, "Target removed" },
	{ 0x0205, "Unsupported version" },
	{ 0x0206, "Too many connections" },
	{ 0x0207, "Missing parameter" },
	{ 0x0208, "Can't include in session" },
	{ 0x0209, "Session type not supported" },
	{ 0x020a, "Session does not exist" },
	{ 0x020b, "Invalid during login" },
	{ 0x02ff, "unknown status of class Initiator Error" },
	{ 0x0300, "Target error" },
	{ 0x0301, "Service unavailable" },
	{ 0x0302, "Out of resources" },
	{ 0x0377, "unknown status of class Target Error" },
	{ 0x0400, "unknown status class" },
	{ 0xffff, "unknown status class" },
};

static void every_status_is_reported_with_class_detail_and_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		uint16_t status = statuses[i].status;
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.target.hook = refuse;
		fixture.target.user = &status;
		fixture_login(&fixture);
		assert_failed(&fixture, ISCSI_FAILED_LOGIN, statuses[i].words);
		assert_true(fixture.error.status_valid);
		assert_int_equal(fixture.error.status_class, status >> 8);
		assert_int_equal(fixture.error.status_detail, status & 0xff);
		assert_int_equal(fixture.error.layer, ISCSI_LAYER_ISCSI);
		fixture_free(&fixture);
	}
}

/* --- Redirection ------------------------------------------------------------------------- */

static bool redirect_once(struct target *target, const struct pdu *pdu)
{
	static const char address[] = "TargetAddress=[2001:db8::7]:860";

	if (opcode_of(pdu) != OP_LOGIN || target->connects > 1)
		return false;
	target_login_response(target, pdu, 0, 0x0101, address, sizeof(address));
	return true;
}

static void a_redirection_is_followed(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.hook = redirect_once;
	fixture_up(&fixture);
	assert_int_equal(fixture.target.connects, 2);
	assert_string_equal(fixture.target.connected_to.host, "2001:db8::7");
	assert_int_equal(fixture.target.connected_to.port, 860);
	assert_int_equal(iscsi_session_result(fixture.session)->redirects, 1);
	assert_string_equal(iscsi_session_result(fixture.session)->portal.host,
			    "2001:db8::7");
	fixture_free(&fixture);
}

static void a_redirection_works_in_the_middle_of_authentication(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.hook = redirect_once;
	fixture.target.secret = "secretsecret12";
	fixture.config.auth.name = "user";
	fixture.config.auth.secret = "secretsecret12";
	fixture.config.auth.secret_length = 14;
	fixture_up(&fixture);
	assert_int_equal(iscsi_session_result(fixture.session)->auth_method,
			 ISCSI_AUTH_CHAP);
	fixture_free(&fixture);
}

static bool redirect_always(struct target *target, const struct pdu *pdu)
{
	static const char address[] = "TargetAddress=192.0.2.1:3260,1";

	target_login_response(target, pdu, 0, 0x0102, address, sizeof(address));
	return true;
}

static void a_redirection_loop_ends(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.hook = redirect_always;
	fixture_login(&fixture);
	assert_failed(&fixture, ISCSI_FAILED_LOGIN, "redirected too often");
	assert_true(fixture.error.status_valid);
	assert_int_equal(fixture.error.status_class, 1);
	assert_int_equal(fixture.error.status_detail, 2);
	assert_int_equal(fixture.target.connects, 1 + fixture.config.max_redirects);
	fixture_free(&fixture);
}

static void redirections_need_not_be_followed(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.config.max_redirects = 0;
	fixture.target.hook = redirect_always;
	fixture_login(&fixture);
	assert_failed(&fixture, ISCSI_FAILED_LOGIN, "Target moved permanently");
	assert_int_equal(fixture.target.connects, 1);
	fixture_free(&fixture);
}

static bool redirect_to_nowhere(struct target *target, const struct pdu *pdu)
{
	target_login_response(target, pdu, 0, 0x0101, NULL, 0);
	return true;
}

static bool redirect_to_garbage(struct target *target, const struct pdu *pdu)
{
	target_login_response(target, pdu, 0, 0x0101, "TargetAddress=a b", 18);
	return true;
}

static bool redirect_to_black_hole(struct target *target, const struct pdu *pdu)
{
	target->connect_how = CONNECT_NEVER;
	return redirect_always(target, pdu);
}

static bool redirect_to_unreachable(struct target *target, const struct pdu *pdu)
{
	target->connect_how = CONNECT_FAILS_AT_ONCE;
	return redirect_always(target, pdu);
}

static void bad_redirections_are_refused(void **state)
{
	(void)state;
	expect_failure(redirect_to_nowhere, ISCSI_FAILED_LOGIN, "without an address");
	expect_failure(redirect_to_garbage, ISCSI_FAILED_NEGOTIATION, "not an address");
	expect_failure(redirect_to_black_hole, ISCSI_FAILED_TIMEOUT, "no connection");
	expect_failure(redirect_to_unreachable, ISCSI_FAILED_CONNECT, "redirected");
}

/* --- Transport --------------------------------------------------------------------------- */

static void a_connection_that_is_refused_is_reported(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.connect_how = CONNECT_REFUSED;
	fixture_login(&fixture);
	assert_failed(&fixture, ISCSI_FAILED_CONNECT, "Connection refused");
	assert_int_equal(fixture.error.error, -ECONNREFUSED);
	fixture_free(&fixture);
}

static void an_io_that_cannot_begin_to_connect_fails_the_call(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.connect_how = CONNECT_FAILS_AT_ONCE;
	assert_int_equal(iscsi_session_login(fixture.session, &fixture.config,
					     fixture.target.now + SECONDS),
			 -ENETUNREACH);
	assert_int_equal(fixture.downs, 0);
	fixture.target.connect_how = CONNECT;
	fixture_up(&fixture);
	fixture_free(&fixture);
}

static void a_black_hole_costs_the_deadline(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.connect_how = CONNECT_NEVER;
	fixture_login(&fixture);
	target_advance(&fixture.target, 10 * SECONDS - 1);
	assert_int_equal(fixture.downs, 0);
	target_advance(&fixture.target, 1);
	assert_failed(&fixture, ISCSI_FAILED_TIMEOUT,
		      "no connection before the deadline");
	assert_int_equal(iscsi_session_counters(fixture.session)->timeouts, 1);
	fixture_free(&fixture);
}

static void a_target_that_says_nothing_costs_the_deadline(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.silent = true;
	fixture_login(&fixture);
	target_advance(&fixture.target, 10 * SECONDS - 1);
	assert_int_equal(fixture.downs, 0);
	target_advance(&fixture.target, 1);
	assert_failed(&fixture, ISCSI_FAILED_TIMEOUT, "did not answer the login");
	fixture_free(&fixture);
}

static void a_target_that_takes_nothing_costs_the_deadline(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.send_room = 0;
	fixture_login(&fixture);
	target_advance(&fixture.target, 10 * SECONDS);
	assert_failed(&fixture, ISCSI_FAILED_TIMEOUT, "did not answer the login");
	fixture_free(&fixture);
}

/* One byte of the answer each second never makes a whole answer in time. */
static void a_byte_a_second_costs_the_deadline(void **state)
{
	struct fixture fixture;
	uint8_t bhs[BHS_SIZE] = { OP_LOGIN_RESPONSE, 0x87 };

	(void)state;
	fixture_init(&fixture);
	fixture.target.silent = true;
	fixture_login(&fixture);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(fixture.downs, 0);
		target_say(&fixture.target, bhs + i, 1);
		target_advance(&fixture.target, SECONDS);
	}
	assert_failed(&fixture, ISCSI_FAILED_TIMEOUT, "did not answer the login");
	fixture_free(&fixture);
}

/* The usual answer, cut after some bytes. */
struct cut {
	size_t after;
	bool reset;
};

static bool answer_cut(struct target *target, const struct pdu *pdu)
{
	const struct cut *cut = target->user;

	target_answer(target, pdu);
	if (target->out.length < cut->after)
		return true;
	target->out.length = cut->after;
	target->hang_up = !cut->reset;
	target->reset = cut->reset;
	return true;
}

static void a_connection_may_end_after_every_byte(void **state)
{
	(void)state;
	for (size_t after = 0; after < 300; after++)
		for (int reset = 0; reset < 2; reset++) {
			struct cut cut = { after, reset };
			struct fixture fixture;

			fixture_init(&fixture);
			fixture.target.hook = answer_cut;
			fixture.target.user = &cut;
			fixture_login(&fixture);
			assert_failed(&fixture, ISCSI_FAILED_CONNECTION,
				      reset   ? "Connection reset"
				      : after ? "within a PDU"
					      : "closed the connection");
			assert_int_equal(fixture.error.error, -ECONNRESET);
			fixture_free(&fixture);
		}
}

/* Half an answer, then nothing. */
static bool answer_half(struct target *target, const struct pdu *pdu)
{
	target_answer(target, pdu);
	target->out.length /= 2;
	return true;
}

static void half_an_answer_costs_the_deadline(void **state)
{
	(void)state;
	expect_failure(answer_half, ISCSI_FAILED_TIMEOUT, "did not answer the login");
}

static bool say_garbage(struct target *target, const struct pdu *pdu)
{
	(void)pdu;
	target_say(target,
		   "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\nand so on and so on", 60);
	return true;
}

static void garbage_is_a_violation(void **state)
{
	(void)state;
	expect_failure(say_garbage, ISCSI_FAILED_PROTOCOL, NULL);
}

/* --- Arguments --------------------------------------------------------------------------- */

static void expect_refusal(struct fixture *fixture, const struct iscsi_config *config,
			   int err)
{
	assert_int_equal(iscsi_session_login(fixture->session, config,
					     fixture->target.now + SECONDS),
			 err);
	assert_int_equal(fixture->target.connects, 0);
}

#define REFUSED(change, err)                           \
	do {                                           \
		struct iscsi_config bad = good;        \
		change;                                \
		expect_refusal(&fixture, &bad, (err)); \
	} while (0)

static void bad_configurations_are_refused_before_anything_happens(void **state)
{
	struct fixture fixture;
	struct iscsi_config good;
	char longer[300];

	(void)state;
	memset(longer, 'a', sizeof(longer));
	longer[299] = 0;
	fixture_init(&fixture);
	good = fixture.config;
	REFUSED(bad.initiator_name = NULL, -EINVAL);
	REFUSED(bad.initiator_name = "", -EINVAL);
	REFUSED(bad.initiator_name = "joe", -EINVAL);
	REFUSED(bad.target_name = "iqn.2003-01.org.example:with blank", -EINVAL);
	REFUSED(bad.initiator_alias = longer, -EINVAL);
	REFUSED(bad.portal.port = 0, -EINVAL);
	REFUSED(bad.portal.host[0] = 0, -EINVAL);
	REFUSED(bad.params.value[ISCSI_MAX_CONNECTIONS] = 2, -ERANGE);
	REFUSED(bad.params.value[ISCSI_ERROR_RECOVERY_LEVEL] = 1, -ERANGE);
	REFUSED(bad.params.value[ISCSI_MAX_BURST_LENGTH] = 511, -ERANGE);
	REFUSED(bad.params.value[ISCSI_HEADER_DIGEST] = 4, -ERANGE);
	REFUSED(bad.params.value[ISCSI_MAX_BURST_LENGTH] = 1024, -EINVAL);
	fixture_up(&fixture);
	assert_int_equal(iscsi_session_login(fixture.session, &good, UINT64_MAX), -EBUSY);
	fixture_free(&fixture);
}

static void names_and_secrets_that_cannot_be_used_are_refused(void **state)
{
	char longer[ISCSI_CHAP_SECRET_MAX + 2];
	struct fixture fixture;
	struct iscsi_config good;

	(void)state;
	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	fixture_init(&fixture);
	fixture.config.auth = (struct iscsi_auth){ .name = "u",
						   .secret = "s",
						   .secret_length = 1 };
	good = fixture.config;
	REFUSED(bad.auth.name = "", -EINVAL);
	REFUSED(bad.auth.name = longer, -EINVAL);
	REFUSED(bad.auth.secret = NULL, -EINVAL);
	REFUSED(bad.auth.secret_length = 0, -EINVAL);
	REFUSED((bad.auth.secret = longer, bad.auth.secret_length = 256), -EINVAL);
	/* The same secret in both directions. */
	REFUSED((bad.auth.target_secret = "s", bad.auth.target_secret_length = 1),
		-EINVAL);
	fixture_free(&fixture);
}
#undef REFUSED

static void parameters_have_consistent_limits(void **state)
{
	struct iscsi_params params;
	enum iscsi_param wrong = ISCSI_PARAM_COUNT;

	(void)state;
	iscsi_params_default(&params);
	assert_int_equal(iscsi_params_check(&params, NULL), 0);
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++) {
		const struct iscsi_param_info *info = iscsi_param_info(i);

		assert_true(info->min <= info->offer_min && info->offer_max <= info->max);
		assert_true(info->offer_min <= info->offer &&
			    info->offer <= info->offer_max);
		assert_true(info->min <= info->initial && info->initial <= info->max);
	}
	assert_null(iscsi_param_info(ISCSI_PARAM_COUNT));
	params.value[ISCSI_FIRST_BURST_LENGTH] = params.value[ISCSI_MAX_BURST_LENGTH] + 1;
	assert_int_equal(iscsi_params_check(&params, &wrong), -EINVAL);
	assert_int_equal(wrong, ISCSI_FIRST_BURST_LENGTH);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_login_without_authentication_is_one_round_trip),
	cmocka_unit_test(the_result_of_a_login_can_be_read),
	cmocka_unit_test(the_stream_may_come_and_go_in_any_portions),
	cmocka_unit_test(a_discovery_session_offers_only_what_applies_to_it),
	cmocka_unit_test(offers_of_the_target_are_answered),
	cmocka_unit_test(answers_may_be_cut_anywhere),
	cmocka_unit_test(a_long_answer_of_ours_goes_in_several_requests),
	cmocka_unit_test(impossible_answers_are_refused),
	cmocka_unit_test(answers_that_are_no_values_are_refused_for_every_key),
	cmocka_unit_test(a_key_without_an_answer_is_named),
	cmocka_unit_test(some_answers_may_be_missing),
	cmocka_unit_test(irrelevant_leaves_the_value_of_the_standard),
	cmocka_unit_test(a_digest_that_is_required_cannot_be_irrelevant),
	cmocka_unit_test(a_first_burst_above_the_lowered_max_burst_is_cut),
	cmocka_unit_test(bad_text_after_good_answers_is_refused),
	cmocka_unit_test(what_a_target_declares_of_itself_must_make_sense),
	cmocka_unit_test(floods_of_text_are_refused),
	cmocka_unit_test(a_login_that_never_ends_is_left),
	cmocka_unit_test(login_responses_with_a_wrong_header_are_refused),
	cmocka_unit_test(a_jump_in_stat_sn_is_a_violation),
	cmocka_unit_test(a_stage_is_left_only_together),
	cmocka_unit_test(an_answer_to_a_request_that_is_not_sent_yet_is_refused),
	cmocka_unit_test(every_status_is_reported_with_class_detail_and_words),
	cmocka_unit_test(a_redirection_is_followed),
	cmocka_unit_test(a_redirection_works_in_the_middle_of_authentication),
	cmocka_unit_test(a_redirection_loop_ends),
	cmocka_unit_test(redirections_need_not_be_followed),
	cmocka_unit_test(bad_redirections_are_refused),
	cmocka_unit_test(a_connection_that_is_refused_is_reported),
	cmocka_unit_test(an_io_that_cannot_begin_to_connect_fails_the_call),
	cmocka_unit_test(a_black_hole_costs_the_deadline),
	cmocka_unit_test(a_target_that_says_nothing_costs_the_deadline),
	cmocka_unit_test(a_target_that_takes_nothing_costs_the_deadline),
	cmocka_unit_test(a_byte_a_second_costs_the_deadline),
	cmocka_unit_test(a_connection_may_end_after_every_byte),
	cmocka_unit_test(half_an_answer_costs_the_deadline),
	cmocka_unit_test(garbage_is_a_violation),
	cmocka_unit_test(bad_configurations_are_refused_before_anything_happens),
	cmocka_unit_test(names_and_secrets_that_cannot_be_used_are_refused),
	cmocka_unit_test(parameters_have_consistent_limits),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
