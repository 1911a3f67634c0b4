// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - what happens beside commands: pings, asynchronous messages, rejects, logout,
 * discovery, and callers that end things from inside callbacks.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/scsi.h"
#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

static void assert_lost(const struct fixture *fixture, enum iscsi_failure kind,
			const char *word)
{
	assert_int_equal(fixture->downs, 1);
	assert_true(fixture->failed);
	if (fixture->error.kind != kind || !strstr(fixture->error.text, word))
		fail_msg("%s (%s), not \"%s\"", iscsi_failure_name(fixture->error.kind),
			 fixture->error.text, word);
	assert_false(iscsi_session_is_up(fixture->session));
}

/* --- NOP --------------------------------------------------------------------------------- */

static void ping_initiator(struct target *target, uint32_t itt, uint32_t ttt,
			   const void *data, uint32_t length)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_NOP_IN, FINAL, itt);
	memcpy(bhs + AT_LUN, "\x00\x05\x00\x00\x00\x00\x00\x00", 8);
	put32(bhs + AT_TTT, ttt);
	target_send(target, bhs, data, length, false);
	target_run(target);
}

struct heard {
	unsigned int count;
	uint8_t bhs[BHS_SIZE];
	uint8_t data[16384];
	uint32_t length;
};

static bool hear_nop_out(struct target *target, const struct pdu *pdu)
{
	struct heard *heard = target->user;

	if (opcode_of(pdu) != OP_NOP_OUT)
		return false;
	heard->count++;
	memcpy(heard->bhs, pdu->bhs, BHS_SIZE);
	heard->length = pdu->length;
	if (pdu->length)
		memcpy(heard->data, pdu->data, pdu->length);
	return true;
}

static void a_ping_with_a_tag_is_answered_with_what_it_held(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 4, 1000, 8192 };
	struct heard *heard = calloc(1, sizeof(*heard));

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct fixture fixture;

		fixture_start(&fixture, NULL, NULL);
		fixture.target.hook = hear_nop_out;
		fixture.target.user = heard;
		heard->count = 0;
		ping_initiator(&fixture.target, NO_TAG, 0x55, fixture.target.disk,
			       lengths[i]);
		assert_int_equal(heard->count, 1);
		assert_int_equal(heard->bhs[AT_OPCODE], OP_NOP_OUT | IMMEDIATE);
		assert_int_equal(heard->bhs[AT_FLAGS], FINAL);
		assert_int_equal(get32(heard->bhs + AT_ITT), NO_TAG);
		assert_int_equal(get32(heard->bhs + AT_TTT), 0x55);
		assert_memory_equal(heard->bhs + AT_LUN,
				    "\x00\x05\x00\x00\x00\x00\x00\x00", 8);
		assert_int_equal(heard->length, lengths[i]);
		assert_memory_equal(heard->data, fixture.target.disk, lengths[i]);
		fixture_free(&fixture);
	}
	free(heard);
}

static void a_nop_in_without_a_tag_is_only_noted(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	ping_initiator(&fixture.target, NO_TAG, NO_TAG, NULL, 0);
	assert_int_equal(fixture.target.requests[OP_NOP_OUT], 0);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

static void an_answer_to_no_ping_is_a_violation(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	ping_initiator(&fixture.target, 0x10000, NO_TAG, NULL, 0);
	assert_lost(&fixture, ISCSI_FAILED_PROTOCOL, "answers no NOP-Out");
	fixture_free(&fixture);
}

static void pings_whose_answers_are_not_taken_end_the_session(void **state)
{
	struct fixture fixture;
	int sent = 0;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.send_room = 0;
	while (!fixture.downs && sent++ < 1000)
		ping_initiator(&fixture.target, NO_TAG, 1, fixture.target.disk, 4096);
	assert_true(sent < 20);
	assert_lost(&fixture, ISCSI_FAILED_PROTOCOL, "takes no answer");
	fixture_free(&fixture);
}

static void a_silent_target_is_pinged(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.config.ping_interval = 5 * SECONDS;
	fixture.config.ping_timeout = 2 * SECONDS;
	fixture_up(&fixture);
	target_advance(&fixture.target, 5 * SECONDS - 1);
	assert_int_equal(fixture.target.requests[OP_NOP_OUT], 0);
	target_advance(&fixture.target, 1);
	assert_int_equal(fixture.target.requests[OP_NOP_OUT], 1);
	target_advance(&fixture.target, 50 * SECONDS);
	assert_int_equal(fixture.target.requests[OP_NOP_OUT], 11);
	assert_int_equal(fixture.downs, 0);
	fixture.target.silent = true;
	target_advance(&fixture.target, 7 * SECONDS - 1);
	assert_int_equal(fixture.downs, 0);
	target_advance(&fixture.target, 1);
	assert_lost(&fixture, ISCSI_FAILED_TIMEOUT, "does not answer a ping");
	fixture_free(&fixture);
}

/* The answer to a ping is late behind data that flows: the target is there. */
static void a_target_that_sends_anything_is_alive(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.config.ping_interval = 2 * SECONDS;
	fixture_up(&fixture);
	fixture.target.silent = true;
	for (int i = 0; i < 20; i++) {
		target_advance(&fixture.target, SECONDS);
		if (i >= 2) /* the ping is out, unanswered */
			ping_initiator(&fixture.target, NO_TAG, NO_TAG, NULL, 0);
	}
	assert_int_equal(fixture.target.requests[OP_NOP_OUT], 1);
	assert_int_equal(fixture.downs, 0);
	target_advance(&fixture.target, 2 * SECONDS);
	assert_lost(&fixture, ISCSI_FAILED_TIMEOUT, "does not answer a ping");
	fixture_free(&fixture);
}

/* --- Asynchronous messages --------------------------------------------------------------- */

static void tell(struct target *target, uint8_t event, uint16_t p1, uint16_t p2,
		 uint16_t p3, const void *data, uint32_t length)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_ASYNC, FINAL, NO_TAG);
	bhs[AT_ASYNC_EVENT] = event;
	put16(bhs + AT_ASYNC_PARAMETER, p1);
	put16(bhs + AT_ASYNC_PARAMETER + 2, p2);
	put16(bhs + AT_ASYNC_PARAMETER + 4, p3);
	target_send(target, bhs, data, length, true);
	target_run(target);
}

static void a_scsi_event_is_passed_on(void **state)
{
	static const uint8_t data[] = { 0, 3, 0x70, 0, 6, 0xff };
	static const uint8_t broken[] = { 0, 9, 0x70 };
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	tell(&fixture.target, ISCSI_ASYNC_SCSI, 0, 0, 0, data, sizeof(data));
	assert_int_equal(fixture.asyncs, 1);
	assert_int_equal(fixture.async.event, ISCSI_ASYNC_SCSI);
	assert_int_equal(fixture.async.sense_length, 3);
	tell(&fixture.target, ISCSI_ASYNC_SCSI, 0, 0, 0, broken, sizeof(broken));
	assert_int_equal(fixture.async.sense_length, 0);
	tell(&fixture.target, ISCSI_ASYNC_VENDOR, 1, 2, 3, NULL, 0);
	tell(&fixture.target, 77, 0, 0, 0, NULL, 0);
	assert_int_equal(fixture.asyncs, 4);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

static void a_target_that_wants_us_to_log_out_is_obeyed(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	tell(&fixture.target, ISCSI_ASYNC_LOGOUT, 0, 0, 3, NULL, 0);
	assert_int_equal(fixture.target.requests[OP_LOGOUT], 1);
	assert_lost(&fixture, ISCSI_FAILED_BY_TARGET, "asked us to log out");
	assert_int_equal(fixture.asyncs, 1);
	fixture_free(&fixture);
}

static void a_target_that_wants_a_logout_and_does_not_answer_it_is_left(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.silent = true;
	tell(&fixture.target, ISCSI_ASYNC_LOGOUT, 0, 0, 3, NULL, 0);
	target_advance(&fixture.target, 3 * SECONDS - 1);
	assert_int_equal(fixture.downs, 0);
	target_advance(&fixture.target, 1);
	assert_lost(&fixture, ISCSI_FAILED_TIMEOUT, "did not answer the logout");
	fixture_free(&fixture);
}

static void a_target_that_wants_a_logout_and_hangs_up_is_gone_for_that_reason(
	void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.silent = true;
	tell(&fixture.target, ISCSI_ASYNC_LOGOUT, 0, 0, 3, NULL, 0);
	tell(&fixture.target, ISCSI_ASYNC_LOGOUT, 0, 0, 3, NULL, 0); /* we know */
	assert_int_equal(fixture.target.requests[OP_LOGOUT], 1);
	fixture.target.hang_up = true;
	target_run(&fixture.target);
	assert_lost(&fixture, ISCSI_FAILED_BY_TARGET, "asked us to log out");
	fixture_free(&fixture);
}

static void free_from_async(struct fixture *fixture)
{
	iscsi_session_free(fixture->session);
}

static void a_session_can_be_freed_by_who_hears_a_message(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.on_async = free_from_async;
	tell(&fixture.target, ISCSI_ASYNC_LOGOUT, 0, 0, 3, NULL, 0);
	assert_true(fixture.target.freed);
	assert_int_equal(fixture.target.requests[OP_LOGOUT], 0);
	fixture_free(&fixture);
}

static void a_target_that_drops_the_connection_has_said_so(void **state)
{
	static const struct {
		uint8_t event;
		uint16_t cid;
		const char *word;
	} cases[] = {
		{ ISCSI_ASYNC_DROP_CONNECTION, 0, "drops the connection" },
		{ ISCSI_ASYNC_DROP_SESSION, 0, "drops the session" },
		{ ISCSI_ASYNC_DROP_CONNECTION, 1,
		  NULL }, /* another connection: not ours */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture fixture;

		fixture_start(&fixture, NULL, NULL);
		tell(&fixture.target, cases[i].event, cases[i].cid, 1, 2, NULL, 0);
		assert_int_equal(fixture.async.parameter[1], 1);
		if (cases[i].word)
			assert_lost(&fixture, ISCSI_FAILED_BY_TARGET, cases[i].word);
		else
			assert_int_equal(fixture.downs, 0);
		fixture_free(&fixture);
	}
}

static void a_wish_to_negotiate_is_answered_with_an_empty_request(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	tell(&fixture.target, ISCSI_ASYNC_NEGOTIATE, 0, 0, 3, NULL, 0);
	assert_int_equal(fixture.target.requests[OP_TEXT], 1);
	tell(&fixture.target, ISCSI_ASYNC_NEGOTIATE, 0, 0, 3, NULL, 0);
	assert_int_equal(fixture.target.requests[OP_TEXT], 2);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

/* --- Reject ------------------------------------------------------------------------------ */

struct rejection {
	uint8_t opcode;
	uint32_t length;
	unsigned int seen;
};

static bool reject(struct target *target, const struct pdu *pdu)
{
	struct rejection *rejection = target->user;
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != rejection->opcode)
		return false;
	rejection->seen++;
	target_pdu(bhs, OP_REJECT, FINAL, NO_TAG);
	bhs[AT_RESPONSE] = 0x05;
	target_send(target, bhs, pdu->bhs, rejection->length, true);
	return true;
}

static void note_failure(struct iscsi_task *task)
{
	struct iscsi_error *error = task->user;

	memset(error, 0, sizeof(*error));
	if (task->error)
		*error = *task->error;
}

static void test_unit_ready(struct fixture *fixture, struct iscsi_task *task,
			    struct iscsi_error *error)
{
	memset(task, 0, sizeof(*task));
	scsi_test_unit_ready(task);
	task->deadline = fixture->target.now + SECONDS;
	task->done = note_failure;
	task->user = error;
	error->kind = ISCSI_FAILED_LOCAL;
	assert_int_equal(iscsi_session_submit(fixture->session, task), 0);
	target_run(&fixture->target);
}

static void a_rejected_command_fails_and_the_session_goes_on(void **state)
{
	struct rejection rejection = { OP_COMMAND, BHS_SIZE, 0 };
	struct iscsi_error error;
	struct iscsi_task task;
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, reject, &rejection);
	test_unit_ready(&fixture, &task, &error);
	assert_int_equal(rejection.seen, 1);
	assert_int_equal(error.kind, ISCSI_FAILED_REJECTED);
	assert_int_equal(error.reason, 5);
	assert_non_null(strstr(error.text, "Command not supported"));
	rejection.opcode = 0x3f;
	test_unit_ready(&fixture, &task, &error);
	assert_int_equal(error.kind, ISCSI_FAILED_NOTHING);
	fixture_free(&fixture);
}

static void a_reject_without_a_header_is_a_violation(void **state)
{
	struct rejection rejection = { OP_COMMAND, 20, 0 };
	struct iscsi_error error;
	struct iscsi_task task;
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, reject, &rejection);
	test_unit_ready(&fixture, &task, &error);
	assert_lost(&fixture, ISCSI_FAILED_PROTOCOL, "Reject without the header");
	fixture_free(&fixture);
}

static void a_rejected_logout_ends_the_session_all_the_same(void **state)
{
	struct rejection rejection = { OP_LOGOUT, BHS_SIZE, 0 };
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, reject, &rejection);
	assert_int_equal(
		iscsi_session_logout(fixture.session, fixture.target.now + SECONDS), 0);
	target_run(&fixture.target);
	assert_lost(&fixture, ISCSI_FAILED_REJECTED, "opcode 06h");
	fixture_free(&fixture);
}

static void a_rejected_ping_shows_that_the_target_is_there(void **state)
{
	struct rejection rejection = { OP_NOP_OUT, BHS_SIZE, 0 };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.hook = reject;
	fixture.target.user = &rejection;
	fixture.config.ping_interval = SECONDS;
	fixture_up(&fixture);
	target_advance(&fixture.target, 20 * SECONDS);
	assert_int_equal(rejection.seen, 20);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

/* --- Logout ------------------------------------------------------------------------------ */

static void a_logout_ends_without_an_error(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	assert_int_equal(iscsi_session_logout(fixture.session, 0), -ENOTCONN);
	fixture_up(&fixture);
	assert_int_equal(
		iscsi_session_logout(fixture.session, fixture.target.now + SECONDS), 0);
	assert_int_equal(
		iscsi_session_logout(fixture.session, fixture.target.now + SECONDS),
		-ENOTCONN);
	target_run(&fixture.target);
	assert_int_equal(fixture.downs, 1);
	assert_false(fixture.failed);
	/* And again from the beginning. */
	fixture_up(&fixture);
	assert_int_equal(iscsi_session_counters(fixture.session)->logins, 2);
	fixture_free(&fixture);
}

static void a_logout_that_is_not_answered_costs_its_deadline(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.silent = true;
	assert_int_equal(
		iscsi_session_logout(fixture.session, fixture.target.now + SECONDS), 0);
	target_advance(&fixture.target, SECONDS);
	assert_lost(&fixture, ISCSI_FAILED_TIMEOUT, "did not answer the logout");
	fixture_free(&fixture);
}

static bool bad_logout(struct target *target, const struct pdu *pdu)
{
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != OP_LOGOUT)
		return false;
	target_pdu(bhs, OP_LOGOUT_RESPONSE, FINAL, get32(pdu->bhs + AT_ITT));
	bhs[AT_RESPONSE] = 3;
	target_send(target, bhs, NULL, 0, true);
	return true;
}

static void a_logout_the_target_refuses_is_reported(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, bad_logout, NULL);
	assert_int_equal(
		iscsi_session_logout(fixture.session, fixture.target.now + SECONDS), 0);
	target_run(&fixture.target);
	assert_lost(&fixture, ISCSI_FAILED_REJECTED, "Cleanup failed");
	fixture_free(&fixture);
}

/* An answer of the right kind to nothing. */
static void answers_to_nothing_are_violations(void **state)
{
	static const struct {
		uint8_t opcode;
		const char *word;
	} cases[] = {
		{ OP_LOGOUT_RESPONSE, "logout response nobody waits for" },
		{ OP_TEXT_RESPONSE, "text response nobody waits for" },
		{ OP_TASK_MANAGEMENT_RESPONSE,
		  "task management response nobody waits for" },
		{ OP_RESPONSE, "unknown task tag" },
		{ OP_DATA_IN, "unknown task tag" },
		{ OP_R2T, "unknown task tag" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture fixture;
		uint8_t bhs[BHS_SIZE];

		fixture_start(&fixture, NULL, NULL);
		target_pdu(bhs, cases[i].opcode, FINAL, 0x10000);
		target_send(&fixture.target, bhs, NULL, 0, true);
		target_run(&fixture.target);
		assert_lost(&fixture, ISCSI_FAILED_PROTOCOL, cases[i].word);
		fixture_free(&fixture);
	}
}

/* --- Losing the connection --------------------------------------------------------------- */

static void an_idle_session_notices_that_the_target_is_gone(void **state)
{
	(void)state;
	for (int reset = 0; reset < 2; reset++) {
		struct fixture fixture;

		fixture_start(&fixture, NULL, NULL);
		fixture.target.hang_up = !reset;
		fixture.target.reset = reset;
		target_run(&fixture.target);
		assert_lost(&fixture, ISCSI_FAILED_CONNECTION,
			    reset ? "Connection reset" : "closed the connection");
		assert_non_null(strstr(fixture.error.text, TARGET_NAME));
		fixture_free(&fixture);
	}
}

static void garbage_in_full_feature_phase_ends_the_session(void **state)
{
	struct fixture fixture;
	uint8_t noise[200];

	(void)state;
	for (unsigned int seed = 1; seed < 200; seed++) {
		fixture_start(&fixture, NULL, NULL);
		srand(seed);
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (uint8_t)(rand() >> 7);
		/* A header that asks for more than 200 bytes is waited for: cut that short. */
		noise[AT_AHS_LENGTH] = 0;
		noise[AT_DATA_LENGTH] = noise[AT_DATA_LENGTH + 1] = 0;
		noise[AT_OPCODE] &= OPCODE_MASK;
		target_say(&fixture.target, noise, sizeof(noise));
		target_run(&fixture.target);
		fixture.target.hang_up = true;
		target_run(&fixture.target);
		assert_int_equal(fixture.downs, 1);
		fixture_free(&fixture);
	}
}

/* --- Discovery --------------------------------------------------------------------------- */

struct search {
	struct iscsi_discovery discovery;
	unsigned int targets, portals, done;
	bool failed;
	struct iscsi_error error;
	char names[2000];
	struct fixture *fixture;
	void (*then)(struct search *search);
};

static void search_found(struct iscsi_discovery *discovery,
			 const struct iscsi_found *found)
{
	struct search *search = (struct search *)discovery;
	size_t n = strlen(search->names);
	char text[ISCSI_PORTAL_TEXT];

	search->targets++;
	search->portals += found->portal_count;
	n += (size_t)snprintf(search->names + n, sizeof(search->names) - n, "<%s",
			      found->name);
	for (size_t i = 0; i < found->portal_count && n < sizeof(search->names); i++) {
		iscsi_portal_format(&found->portals[i], text, sizeof(text));
		n += (size_t)snprintf(search->names + n, sizeof(search->names) - n, " %s",
				      text);
	}
	if (n < sizeof(search->names))
		snprintf(search->names + n, sizeof(search->names) - n, ">");
	if (search->then)
		search->then(search);
}

static void search_done(struct iscsi_discovery *discovery,
			const struct iscsi_error *error)
{
	struct search *search = (struct search *)discovery;

	search->done++;
	search->failed = error;
	if (error)
		search->error = *error;
}

static void begin_search(struct search *search, struct fixture *fixture)
{
	memset(search, 0, sizeof(*search));
	search->fixture = fixture;
	search->discovery.deadline = fixture->target.now + 5 * SECONDS;
	search->discovery.found = search_found;
	search->discovery.done = search_done;
}

static void run_search(struct search *search)
{
	assert_int_equal(
		iscsi_session_discover(search->fixture->session, &search->discovery), 0);
	target_run(&search->fixture->target);
}

/* Text in pieces of some size. */
struct answer_text {
	const char *text;
	size_t length, at, piece;
	bool tag_wrong, no_tag, both_flags;
};

static bool answer_text(struct target *target, const struct pdu *pdu)
{
	struct answer_text *answer = target->user;
	size_t n = answer->length - answer->at;
	uint8_t bhs[BHS_SIZE], flags = FINAL;

	if (opcode_of(pdu) != OP_TEXT)
		return false;
	if (answer->at)
		assert_int_equal(get32(pdu->bhs + AT_TTT), 0x77);
	else
		assert_string_equal(pdu->data, "SendTargets=All");
	assert_int_equal(pdu->bhs[AT_FLAGS], FINAL);
	if (n > answer->piece) {
		n = answer->piece;
		flags = TEXT_CONTINUE;
	}
	if (answer->both_flags)
		flags = FINAL | TEXT_CONTINUE;
	target_pdu(bhs, OP_TEXT_RESPONSE, flags,
		   get32(pdu->bhs + AT_ITT) + answer->tag_wrong);
	put32(bhs + AT_TTT, flags & FINAL || answer->no_tag ? NO_TAG : 0x77);
	target_send(target, bhs, answer->text + answer->at, (uint32_t)n, true);
	answer->at += n;
	return true;
}

static void log_in_to_discover(struct fixture *fixture, struct answer_text *answer)
{
	fixture_init(fixture);
	fixture->config.target_name = NULL;
	fixture->target.hook = answer_text;
	fixture->target.user = answer;
	fixture_up(fixture);
}

#define THREE_TARGETS                                                               \
	"TargetName=iqn.2003-01.org.example:a\0TargetAddress=192.0.2.1:3260,1\0"    \
	"TargetAddress=[2001:db8::1]:860,2\0TargetName=iqn.2003-01.org.example:b\0" \
	"TargetName=eui.0123456789abcdef\0TargetAddress=host.example.org"

static void targets_are_reported_however_the_answer_is_cut(void **state)
{
	static const char text[] = THREE_TARGETS;

	(void)state;
	for (size_t piece = 1; piece <= sizeof(text); piece++) {
		struct answer_text answer = { text, sizeof(text), 0, piece, 0, 0, 0 };
		struct fixture fixture;
		struct search search;

		log_in_to_discover(&fixture, &answer);
		begin_search(&search, &fixture);
		run_search(&search);
		assert_int_equal(search.done, 1);
		assert_false(search.failed);
		assert_string_equal(search.names,
				    "<iqn.2003-01.org.example:a 192.0.2.1:3260,1 "
				    "[2001:db8::1]:860,2><iqn.2003-01.org.example:b>"
				    "<eui.0123456789abcdef host.example.org:3260>");
		fixture_free(&fixture);
	}
}

#define TEXT(t) t, sizeof(t)
static const struct {
	const char *text;
	size_t length;
	unsigned int targets, refused;
	const char *word; /* NULL: no error */
} bad_answers[] = {
	{ "", 0, 0, 0, NULL },
	{ TEXT("TargetAddress=192.0.2.1:3260,1"), 0, 0, "before any TargetName" },
	{ TEXT("TargetName=joe\0TargetAddress=192.0.2.1"), 0, 1, NULL },
	{ TEXT("TargetName=joe\0TargetName=iqn.2003-01.org.example:a"), 1, 1, NULL },
	{ TEXT("TargetName=iqn.2003-01.org.example:a\0TargetAddress=a b"), 0, 1, NULL },
	{ TEXT("TargetName=iqn.2003-01.org.example:a\0TargetAddress=a b\0"
	       "TargetAddress=192.0.2.1"),
	  1, 1, NULL },
	{ TEXT("TargetName=iqn.2003-01.org.example:a\0X-vendor=what"), 1, 0, NULL },
	{ TEXT("SendTargets=Reject"), 0, 0, "refuses" },
	{ "TargetName=iqn.2003-01.org.example:a", 36, 0, 0, "no end" },
	{ TEXT("nonsense"), 0, 0, "without a value" },
};
#undef TEXT

static void answers_with_errors_are_handled(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_answers); i++) {
		struct answer_text answer = {
			bad_answers[i].text, bad_answers[i].length, 0, 10000, 0, 0, 0
		};
		struct fixture fixture;
		struct search search;

		log_in_to_discover(&fixture, &answer);
		begin_search(&search, &fixture);
		run_search(&search);
		assert_int_equal(search.done, 1);
		assert_int_equal(search.targets, bad_answers[i].targets);
		assert_int_equal(search.discovery.refused, bad_answers[i].refused);
		assert_int_equal(search.failed, bad_answers[i].word != NULL);
		if (bad_answers[i].word)
			assert_non_null(strstr(search.error.text, bad_answers[i].word));
		fixture_free(&fixture);
	}
}

static void continuations_with_wrong_tags_are_violations(void **state)
{
	static const char text[] = THREE_TARGETS;
	static const struct {
		bool tag_wrong, no_tag, both_flags;
		const char *word;
	} cases[] = {
		{ true, false, false, "nobody waits for" },
		{ false, true, false, "no tag to go on" },
		{ false, false, true, "both F and C" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer_text answer = { text,
					      sizeof(text),
					      0,
					      50,
					      cases[i].tag_wrong,
					      cases[i].no_tag,
					      cases[i].both_flags };
		struct fixture fixture;
		struct search search;

		log_in_to_discover(&fixture, &answer);
		begin_search(&search, &fixture);
		run_search(&search);
		assert_lost(&fixture, ISCSI_FAILED_PROTOCOL, cases[i].word);
		assert_int_equal(search.done, 1);
		assert_int_equal(search.error.kind, ISCSI_FAILED_PROTOCOL);
		fixture_free(&fixture);
	}
}

/* Answers that go on and on. */
static bool endless_text(struct target *target, const struct pdu *pdu)
{
	const char *kind = target->user;
	uint8_t bhs[BHS_SIZE];
	char text[300];
	int n = 0;

	if (opcode_of(pdu) != OP_TEXT)
		return false;
	if (*kind == 't')
		n = 1 + snprintf(text, sizeof(text),
				 "TargetName=iqn.2003-01.org.example:%u",
				 target->requests[OP_TEXT]);
	if (*kind == 'a')
		n = 1 + snprintf(text, sizeof(text), "%s",
				 target->requests[OP_TEXT] == 1
					 ? "TargetName=iqn.2003-01.org.example:a"
					 : "TargetAddress=192.0.2.1:3260,1");
	if (*kind == 'x')
		n = 1 + snprintf(text, sizeof(text), "X-key=%0250d", 1);
	if (*kind == 'p')
		n = snprintf(text, sizeof(text), "%0250d", 1);
	target_pdu(bhs, OP_TEXT_RESPONSE, *kind == 'e' ? 0 : TEXT_CONTINUE,
		   get32(pdu->bhs + AT_ITT));
	put32(bhs + AT_TTT, 5);
	target_send(target, bhs, text, (uint32_t)n, true);
	return true;
}

static void answers_without_end_are_cut_off(void **state)
{
	static const struct {
		const char *kind;
		enum iscsi_failure failure;
		const char *word;
		unsigned int rounds;
	} cases[] = {
		{ "targets", ISCSI_FAILED_LOCAL, "more targets than the limit", 1001 },
		{ "addresses", ISCSI_FAILED_NEGOTIATION, "too many for one target",
		  1026 },
		{ "x: keys nobody knows", ISCSI_FAILED_PROTOCOL, "more text", 4100 },
		{ "pair without end", ISCSI_FAILED_PROTOCOL, "too long", 40 },
		{ "empty answers", ISCSI_FAILED_PROTOCOL,
		  "neither says anything nor ends", 20 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture fixture;
		struct search search;

		fixture_init(&fixture);
		fixture.config.target_name = NULL;
		fixture_up(&fixture);
		fixture.target.hook = endless_text;
		fixture.target.user = (void *)(uintptr_t)cases[i].kind;
		begin_search(&search, &fixture);
		search.discovery.max_targets = 1000;
		run_search(&search);
		assert_lost(&fixture, cases[i].failure, cases[i].word);
		assert_int_equal(search.done, 1);
		assert_true(fixture.target.requests[OP_TEXT] <= cases[i].rounds);
		fixture_free(&fixture);
	}
}

static void a_search_that_is_not_answered_costs_its_deadline(void **state)
{
	struct fixture fixture;
	struct search search;

	(void)state;
	fixture_init(&fixture);
	fixture.config.target_name = NULL;
	fixture_up(&fixture);
	fixture.target.silent = true;
	begin_search(&search, &fixture);
	run_search(&search);
	target_advance(&fixture.target, 5 * SECONDS - 1);
	assert_int_equal(search.done, 0);
	target_advance(&fixture.target, 1);
	assert_int_equal(search.done, 1);
	assert_int_equal(search.error.kind, ISCSI_FAILED_TIMEOUT);
	assert_lost(&fixture, ISCSI_FAILED_TIMEOUT, "SendTargets");
	fixture_free(&fixture);
}

static void one_search_runs_at_a_time(void **state)
{
	struct fixture fixture;
	struct search one, two;

	(void)state;
	fixture_init(&fixture);
	begin_search(&one, &fixture);
	begin_search(&two, &fixture);
	assert_int_equal(iscsi_session_discover(fixture.session, &one.discovery),
			 -ENOTCONN);
	fixture_up(&fixture); /* a normal session: SendTargets works there too */
	one.discovery.target = "not a name";
	assert_int_equal(iscsi_session_discover(fixture.session, &one.discovery),
			 -EINVAL);
	one.discovery.target = TARGET_NAME;
	assert_int_equal(iscsi_session_discover(fixture.session, &one.discovery), 0);
	assert_int_equal(iscsi_session_discover(fixture.session, &two.discovery), -EBUSY);
	target_run(&fixture.target);
	assert_int_equal(one.targets, 1);
	run_search(&two);
	assert_int_equal(two.targets, 1);
	fixture_free(&fixture);
}

static void a_rejected_search_fails_and_the_session_goes_on(void **state)
{
	struct rejection rejection = { OP_TEXT, BHS_SIZE, 0 };
	struct fixture fixture;
	struct search search;

	(void)state;
	fixture_start(&fixture, reject, &rejection);
	begin_search(&search, &fixture);
	run_search(&search);
	assert_int_equal(search.done, 1);
	assert_int_equal(search.error.kind, ISCSI_FAILED_REJECTED);
	assert_true(iscsi_session_is_up(fixture.session));
	fixture_free(&fixture);
}

static void commands_do_not_go_to_discovery_sessions(void **state)
{
	struct fixture fixture;
	struct iscsi_error error;
	struct iscsi_task task = { .done = note_failure, .user = &error };

	(void)state;
	fixture_init(&fixture);
	fixture.config.target_name = NULL;
	fixture_up(&fixture);
	scsi_test_unit_ready(&task);
	assert_int_equal(iscsi_session_submit(fixture.session, &task), -ENOTCONN);
	fixture_free(&fixture);
}

/* --- Callbacks that end things ----------------------------------------------------------- */

static void free_it(struct fixture *fixture)
{
	iscsi_session_free(fixture->session);
}

static void free_from_search(struct search *search)
{
	iscsi_session_free(search->fixture->session);
}

static void a_session_can_be_freed_from_any_callback(void **state)
{
	static const char text[] = THREE_TARGETS;
	struct answer_text answer = { text, sizeof(text), 0, 70, 0, 0, 0 };
	struct fixture fixture;
	struct search search;

	(void)state;
	fixture_init(&fixture);
	fixture.on_up = free_it;
	fixture_login(&fixture);
	assert_true(fixture.target.freed);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);

	fixture_init(&fixture);
	fixture.on_down = free_it;
	fixture.target.connect_how = CONNECT_REFUSED;
	fixture_login(&fixture);
	assert_true(fixture.target.freed);
	fixture_free(&fixture);

	log_in_to_discover(&fixture, &answer);
	begin_search(&search, &fixture);
	search.then = free_from_search;
	run_search(&search);
	assert_true(fixture.target.freed);
	assert_int_equal(search.targets, 1);
	assert_int_equal(search.done, 1);
	assert_int_equal(search.error.kind, ISCSI_FAILED_CANCELLED);
	fixture_free(&fixture);
}

static void log_in_again(struct fixture *fixture)
{
	fixture->target.connect_how = CONNECT;
	if (fixture->downs < 3)
		assert_int_equal(iscsi_session_login(fixture->session, &fixture->config,
						     fixture->target.now + SECONDS),
				 0);
}

static void a_session_can_log_in_again_from_down(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.on_down = log_in_again;
	fixture.target.connect_how = CONNECT_REFUSED;
	fixture_login(&fixture);
	assert_int_equal(fixture.downs, 1);
	assert_int_equal(fixture.ups, 1);
	fixture.target.hang_up = true;
	target_run(&fixture.target);
	assert_int_equal(fixture.downs, 2);
	assert_int_equal(fixture.ups, 2);
	fixture_free(&fixture);
}

static void try_to_log_in(struct iscsi_task *task)
{
	struct fixture *fixture = task->user;

	assert_non_null(task->error);
	assert_int_equal(
		iscsi_session_login(fixture->session, &fixture->config, UINT64_MAX),
		-EBUSY);
}

static void nobody_logs_in_while_a_session_ends(void **state)
{
	struct fixture fixture;
	struct iscsi_task task = { .done = try_to_log_in, .user = &fixture };

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.silent = true;
	scsi_test_unit_ready(&task);
	task.deadline = fixture.target.now + SECONDS;
	assert_int_equal(iscsi_session_submit(fixture.session, &task), 0);
	fixture.target.reset = true;
	target_run(&fixture.target);
	assert_int_equal(fixture.downs, 1);
	fixture_free(&fixture);
}

static void freeing_an_unused_session_is_fine(void **state)
{
	struct fixture fixture;

	(void)state;
	iscsi_session_free(NULL);
	fixture_init(&fixture);
	assert_ptr_equal(iscsi_session_user(fixture.session), &fixture);
	assert_string_equal(iscsi_session_target_alias(fixture.session), "");
	assert_false(iscsi_session_is_up(fixture.session));
	iscsi_session_free(fixture.session);
	assert_true(fixture.target.freed);
	fixture_free(&fixture);
}

static void counters_count(void **state)
{
	struct fixture fixture;
	struct iscsi_error error;
	struct iscsi_task task;
	const struct iscsi_counters *counters;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	counters = iscsi_session_counters(fixture.session);
	test_unit_ready(&fixture, &task, &error);
	assert_int_equal(counters->pdus_sent, 2);
	assert_int_equal(counters->pdus_received, 2);
	assert_int_equal(counters->bytes_sent, fixture.target.in.length);
	assert_int_equal(counters->bytes_received, fixture.target.out.length);
	assert_int_equal(counters->commands, 1);
	assert_int_equal(counters->logins, 1);
	fixture.target.silent = true;
	test_unit_ready(&fixture, &task, &error);
	target_advance(&fixture.target, SECONDS);
	assert_int_equal(counters->busy_ns, SECONDS);
	fixture_free(&fixture);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_ping_with_a_tag_is_answered_with_what_it_held),
	cmocka_unit_test(a_nop_in_without_a_tag_is_only_noted),
	cmocka_unit_test(an_answer_to_no_ping_is_a_violation),
	cmocka_unit_test(pings_whose_answers_are_not_taken_end_the_session),
	cmocka_unit_test(a_silent_target_is_pinged),
	cmocka_unit_test(a_target_that_sends_anything_is_alive),
	cmocka_unit_test(a_scsi_event_is_passed_on),
	cmocka_unit_test(a_target_that_wants_us_to_log_out_is_obeyed),
	cmocka_unit_test(a_target_that_wants_a_logout_and_does_not_answer_it_is_left),
	cmocka_unit_test(
		a_target_that_wants_a_logout_and_hangs_up_is_gone_for_that_reason),
	cmocka_unit_test(a_session_can_be_freed_by_who_hears_a_message),
	cmocka_unit_test(a_target_that_drops_the_connection_has_said_so),
	cmocka_unit_test(a_wish_to_negotiate_is_answered_with_an_empty_request),
	cmocka_unit_test(a_rejected_command_fails_and_the_session_goes_on),
	cmocka_unit_test(a_reject_without_a_header_is_a_violation),
	cmocka_unit_test(a_rejected_logout_ends_the_session_all_the_same),
	cmocka_unit_test(a_rejected_ping_shows_that_the_target_is_there),
	cmocka_unit_test(a_logout_ends_without_an_error),
	cmocka_unit_test(a_logout_that_is_not_answered_costs_its_deadline),
	cmocka_unit_test(a_logout_the_target_refuses_is_reported),
	cmocka_unit_test(answers_to_nothing_are_violations),
	cmocka_unit_test(an_idle_session_notices_that_the_target_is_gone),
	cmocka_unit_test(garbage_in_full_feature_phase_ends_the_session),
	cmocka_unit_test(targets_are_reported_however_the_answer_is_cut),
	cmocka_unit_test(answers_with_errors_are_handled),
	cmocka_unit_test(continuations_with_wrong_tags_are_violations),
	cmocka_unit_test(answers_without_end_are_cut_off),
	cmocka_unit_test(a_search_that_is_not_answered_costs_its_deadline),
	cmocka_unit_test(one_search_runs_at_a_time),
	cmocka_unit_test(a_rejected_search_fails_and_the_session_goes_on),
	cmocka_unit_test(commands_do_not_go_to_discovery_sessions),
	cmocka_unit_test(a_session_can_be_freed_from_any_callback),
	cmocka_unit_test(a_session_can_log_in_again_from_down),
	cmocka_unit_test(nobody_logs_in_while_a_session_ends),
	cmocka_unit_test(freeing_an_unused_session_is_fine),
	cmocka_unit_test(counters_count),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
