// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * hostile.c - transports that fail in the middle of an answer to a command. What a target can do
 * wrong otherwise is tested where it belongs; tests/plugin-user/README.md lists all of it.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "iscsi/scsi.h"
#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

#define LENGTH 300

struct job {
	struct iscsi_task task; /* first */
	unsigned int done;
	struct iscsi_error error;
	uint8_t buffer[LENGTH];
};

static void job_done(struct iscsi_task *task)
{
	struct job *job = (struct job *)task;

	job->done++;
	if (task->error)
		job->error = *task->error;
}

/* What comes of an answer before the transport fails. */
struct cut {
	size_t after;
	bool hang_up, reset;
	uint8_t answer[1024];
	size_t length; /* of the whole answer */
};

static bool answer_in_part(struct target *target, const struct pdu *pdu)
{
	struct cut *cut = target->user;
	size_t begin = target->out.length;

	if (opcode_of(pdu) != OP_COMMAND)
		return opcode_of(pdu) != OP_LOGIN;
	target_answer(target, pdu);
	cut->length = target->out.length - begin;
	assert_in_range(cut->length, 1, sizeof(cut->answer));
	memcpy(cut->answer, target->out.data + begin, cut->length);
	if (cut->after > cut->length)
		cut->after = cut->length;
	target->out.length = begin + cut->after;
	target->hang_up = cut->hang_up;
	target->reset = cut->reset;
	return true;
}

static void read_in_part(struct fixture *fixture, struct cut *cut, struct job *job)
{
	fixture_init(fixture);
	fixture->target.hook = answer_in_part;
	fixture->target.user = cut;
	fixture->config.params.value[ISCSI_HEADER_DIGEST] = ISCSI_DIGEST_NONE_CRC32C;
	fixture->config.params.value[ISCSI_DATA_DIGEST] = ISCSI_DIGEST_NONE_CRC32C;
	fixture_up(fixture);
	memset(job, 0, sizeof(*job));
	job->task.cdb[0] = 0x28;
	job->task.cdb_length = 10;
	job->task.in = job->buffer;
	job->task.in_length = LENGTH;
	job->task.deadline = fixture->target.now + 5 * SECONDS;
	job->task.done = job_done;
	assert_int_equal(iscsi_session_submit(fixture->session, &job->task), 0);
	target_run(&fixture->target);
}

static void an_answer_may_end_after_every_byte(void **state)
{
	static struct job job;
	struct fixture fixture;

	(void)state;
	for (int reset = 0; reset < 2; reset++) {
		struct cut cut = { .length = 1 };

		for (size_t after = 0; after < cut.length; after++) {
			cut.after = after;
			cut.hang_up = !reset;
			cut.reset = reset;
			read_in_part(&fixture, &cut, &job);
			assert_int_equal(job.done, 1);
			assert_int_equal(job.error.kind, ISCSI_FAILED_CONNECTION);
			assert_int_equal(job.error.error, -ECONNRESET);
			assert_int_equal(fixture.downs, 1);
			fixture_free(&fixture);
		}
	}
}

static void half_an_answer_costs_the_command_its_deadline(void **state)
{
	struct cut cut = { .after = 100 };
	static struct job job;
	struct fixture fixture;

	(void)state;
	read_in_part(&fixture, &cut, &job);
	target_advance(&fixture.target, 5 * SECONDS - 1);
	assert_int_equal(job.done, 0);
	target_advance(&fixture.target, 1);
	assert_int_equal(job.done, 1);
	assert_int_equal(job.error.kind, ISCSI_FAILED_TIMEOUT);
	/* Who does not even answer an abort is left. */
	target_advance(&fixture.target, 10 * SECONDS);
	assert_int_equal(fixture.downs, 1);
	assert_int_equal(fixture.error.kind, ISCSI_FAILED_TIMEOUT);
	fixture_free(&fixture);
}

static void a_byte_a_second_costs_the_command_its_deadline(void **state)
{
	struct cut cut = { .after = 0 };
	static struct job job;
	struct fixture fixture;

	(void)state;
	read_in_part(&fixture, &cut, &job);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(job.done, 0);
		target_say(&fixture.target, cut.answer + i, 1);
		target_advance(&fixture.target, SECONDS);
	}
	assert_int_equal(job.done, 1);
	assert_int_equal(job.error.kind, ISCSI_FAILED_TIMEOUT);
	fixture_free(&fixture);
}

/* Announced is enough: nothing is allocated, nothing is waited for. */
static void a_segment_of_16_mb_is_refused_before_it_comes(void **state)
{
	static const uint8_t opcodes[] = { OP_DATA_IN,	     OP_RESPONSE, OP_NOP_IN,
					   OP_TEXT_RESPONSE, OP_ASYNC,	  OP_REJECT };
	uint8_t bhs[BHS_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		struct fixture fixture;

		fixture_init(&fixture);
		fixture_up(&fixture);
		target_pdu(bhs, opcodes[i], FINAL, NO_TAG);
		put24(bhs + AT_DATA_LENGTH, 0xffffff);
		target_say(&fixture.target, bhs, BHS_SIZE);
		target_run(&fixture.target);
		assert_int_equal(fixture.downs, 1);
		assert_int_equal(fixture.error.kind, ISCSI_FAILED_PROTOCOL);
		assert_non_null(strstr(fixture.error.text, "16777215 bytes of data"));
		fixture_free(&fixture);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(an_answer_may_end_after_every_byte),
	cmocka_unit_test(half_an_answer_costs_the_command_its_deadline),
	cmocka_unit_test(a_byte_a_second_costs_the_command_its_deadline),
	cmocka_unit_test(a_segment_of_16_mb_is_refused_before_it_comes),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
