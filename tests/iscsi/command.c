// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * command.c - SCSI commands: data in both directions, residuals, windows, deadlines, and
 * targets that lie about any of it.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/scsi.h"
#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

/* A task that notes how it ended. */
struct job {
	struct iscsi_task task; /* first */
	unsigned int done;
	bool failed;
	struct iscsi_error error;
	struct fixture *fixture;
	void (*then)(struct job *job);
	uint8_t buffer[70000];
};

static void job_done(struct iscsi_task *task)
{
	struct job *job = (struct job *)task;

	job->done++;
	job->failed = task->error;
	if (task->error)
		job->error = *task->error;
	if (job->then)
		job->then(job);
}

static struct job *new_job(struct fixture *fixture)
{
	struct job *job = calloc(1, sizeof(*job));

	assert_non_null(job);
	job->fixture = fixture;
	job->task.done = job_done;
	job->task.deadline = fixture->target.now + 5 * SECONDS;
	memset(job->buffer, 0xee, sizeof(job->buffer));
	return job;
}

static struct job *new_read(struct fixture *fixture, uint32_t offset, uint32_t length)
{
	struct job *job = new_job(fixture);

	job->task.cdb[0] = 0x28;
	job->task.cdb_length = 10;
	put32(job->task.cdb + 2, offset);
	job->task.in = job->buffer;
	job->task.in_length = length;
	return job;
}

static struct job *new_write(struct fixture *fixture, uint32_t length)
{
	struct job *job = new_job(fixture);

	job->task.cdb[0] = 0x2a;
	job->task.cdb_length = 10;
	job->task.out = job->buffer;
	job->task.out_length = length;
	for (uint32_t i = 0; i < length; i++)
		job->buffer[i] = (uint8_t)(i * 13 + i / 256);
	return job;
}

static void submit(struct job *job)
{
	assert_int_equal(iscsi_session_submit(job->fixture->session, &job->task), 0);
}

static void run(struct job *job)
{
	submit(job);
	target_run(&job->fixture->target);
}

static void assert_good(const struct job *job)
{
	assert_int_equal(job->done, 1);
	if (job->failed)
		fail_msg("%s", job->error.text);
	assert_int_equal(job->task.status, SCSI_GOOD);
}

/* The session ended with this, and the task with the same. */
static void assert_session_failed(const struct fixture *fixture, const struct job *job,
				  enum iscsi_failure kind, const char *word)
{
	assert_int_equal(fixture->downs, 1);
	if (fixture->error.kind != kind || !strstr(fixture->error.text, word))
		fail_msg("%s (%s), not \"%s\"", iscsi_failure_name(fixture->error.kind),
			 fixture->error.text, word);
	if (!job)
		return;
	assert_int_equal(job->done, 1);
	assert_true(job->failed);
	assert_int_equal(job->error.kind, kind);
}

/* A read of 100 bytes from a target that does this ends the session. */
static void assert_read_breaks(target_hook *hook, void *user, const char *word)
{
	struct fixture fixture;
	struct job *job;

	fixture_start(&fixture, hook, user);
	job = new_read(&fixture, 0, 100);
	run(job);
	assert_session_failed(&fixture, job, ISCSI_FAILED_PROTOCOL, word);
	free(job);
	fixture_free(&fixture);
}

static bool untouched(const uint8_t *at, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (at[i] != 0xee)
			return false;
	return true;
}

/* --- Reading ----------------------------------------------------------------------------- */

static void data_of_any_length_arrives_where_it_belongs(void **state)
{
	static const uint32_t lengths[] = { 1,	 2,    3,    4,	   5,	  255,
					    999, 1000, 1001, 4096, 20001, 65536 };

	(void)state;
	for (int digests = 0; digests < 2; digests++)
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			struct fixture fixture;
			struct job *job;

			fixture_init(&fixture);
			fixture.config.params.value[ISCSI_HEADER_DIGEST] = digests;
			fixture.config.params.value[ISCSI_DATA_DIGEST] = digests;
			fixture_up(&fixture);
			job = new_read(&fixture, 0, lengths[i]);
			run(job);
			assert_good(job);
			assert_int_equal(job->task.transferred, lengths[i]);
			assert_memory_equal(job->buffer, fixture.target.disk, lengths[i]);
			assert_true(untouched(job->buffer + lengths[i], 100));
			assert_int_equal(
				iscsi_session_counters(fixture.session)->data_received,
				lengths[i]);
			free(job);
			fixture_free(&fixture);
		}
}

static void data_may_come_in_any_portions(void **state)
{
	static const size_t portions[] = { 1,	 7,    47,   48,   49,	500,
					   1047, 1048, 1049, 4096, 5000 };

	(void)state;
	for (int digests = 0; digests < 2; digests++)
		for (size_t i = 0; i < ARRAY_SIZE(portions); i++) {
			struct fixture fixture;
			struct job *job;

			fixture_init(&fixture);
			fixture.config.params.value[ISCSI_HEADER_DIGEST] = digests;
			fixture.config.params.value[ISCSI_DATA_DIGEST] = digests;
			fixture.target.chunk = portions[i];
			fixture_up(&fixture);
			job = new_read(&fixture, 17, 10003);
			run(job);
			assert_good(job);
			assert_memory_equal(job->buffer, fixture.target.disk + 17, 10003);
			assert_true(untouched(job->buffer + 10003, 100));
			free(job);
			fixture_free(&fixture);
		}
}

/* How a command is answered. */
struct reply {
	uint32_t length;  /* of Data-In, 0: none */
	bool with_status; /* in the Data-In, not in a response */
	uint8_t status, flags;
	uint32_t residual;
};

static bool reply_so(struct target *target, const struct pdu *pdu)
{
	const struct reply *reply = target->user;

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	if (reply->length || reply->with_status)
		target_data_in(target, pdu, 0, 0, target->disk, reply->length,
			       reply->with_status ? FINAL | DATA_IN_STATUS | reply->flags
						  : FINAL,
			       reply->with_status ? reply->residual : 0);
	if (!reply->with_status)
		target_response(target, pdu, reply->status, reply->flags, reply->residual,
				NULL, 0);
	return true;
}

static const struct {
	struct reply reply;
	uint32_t transferred, residual;
	bool overflow;
} true_residuals[] = {
	{ { 100, false, 0, 0, 0 }, 100, 0, false },
	{ { 60, false, 0, RESIDUAL_UNDERFLOW, 40 }, 60, 40, false },
	{ { 60, true, 0, RESIDUAL_UNDERFLOW, 40 }, 60, 40, false },
	{ { 0, false, 0, RESIDUAL_UNDERFLOW, 100 }, 0, 100, false },
	{ { 100, false, 0, RESIDUAL_OVERFLOW, 999 }, 100, 999, true },
	{ { 100, true, 0, RESIDUAL_OVERFLOW, 999 }, 100, 999, true },
	/* A residual without a flag does not count. */
	{ { 100, false, 0, 0, 40 }, 100, 0, false },
	/* Where the status is not GOOD, what came is what counts. */
	{ { 10, false, SCSI_CHECK_CONDITION, 0, 0 }, 10, 0, false },
	{ { 0, false, SCSI_BUSY, RESIDUAL_UNDERFLOW, 100 }, 0, 100, false },
};

static void residuals_are_delivered(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(true_residuals); i++) {
		struct reply reply = true_residuals[i].reply;
		struct fixture fixture;
		struct job *job;

		fixture_start(&fixture, reply_so, &reply);
		job = new_read(&fixture, 0, 100);
		run(job);
		assert_int_equal(job->done, 1);
		assert_false(job->failed);
		assert_int_equal(job->task.status, reply.status);
		assert_int_equal(job->task.transferred, true_residuals[i].transferred);
		assert_int_equal(job->task.residual, true_residuals[i].residual);
		assert_int_equal(job->task.overflow, true_residuals[i].overflow);
		assert_true(untouched(job->buffer + true_residuals[i].transferred, 100));
		free(job);
		fixture_free(&fixture);
	}
}

static void residuals_that_lie_fail_the_command_but_not_the_session(void **state)
{
	static const struct reply cases[] = {
		{ 60, false, 0, 0, 0 }, /* 40 bytes are missing */
		{ 60, false, 0, RESIDUAL_UNDERFLOW, 39 },
		{ 60, true, 0, RESIDUAL_UNDERFLOW, 41 },
		{ 100, false, 0, RESIDUAL_UNDERFLOW, 1 },
		{ 60, false, 0, RESIDUAL_UNDERFLOW, 101 },
		{ 60, false, 0, RESIDUAL_UNDERFLOW, UINT32_MAX },
		{ 60, false, 0, RESIDUAL_OVERFLOW, 1 },
		{ 100, false, 0, RESIDUAL_OVERFLOW | RESIDUAL_UNDERFLOW, 0 },
		{ 0, false, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct reply reply = cases[i];
		struct fixture fixture;
		struct job *job;

		fixture_start(&fixture, reply_so, &reply);
		job = new_read(&fixture, 0, 100);
		run(job);
		assert_int_equal(job->done, 1);
		assert_true(job->failed);
		assert_int_equal(job->error.kind, ISCSI_FAILED_PROTOCOL);
		assert_non_null(strstr(job->error.text, "residual"));
		assert_true(iscsi_session_is_up(fixture.session));
		free(job);
		fixture_free(&fixture);
	}
}

/* A Data-In with anything in it, for a read of 100 bytes. */
struct lie {
	const char *what;
	uint32_t data_sn, offset, length;
	uint8_t flags;
	uint32_t tag_change;
	const char *word;
};

static bool lie_in_data(struct target *target, const struct pdu *pdu)
{
	const struct lie *lie = target->user;
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	target_pdu(bhs, OP_DATA_IN, lie->flags,
		   get32(pdu->bhs + AT_ITT) ^ lie->tag_change);
	put32(bhs + AT_DATA_SN, lie->data_sn);
	put32(bhs + AT_BUFFER_OFFSET, lie->offset);
	target_send(target, bhs, target->disk, lie->length, lie->flags & DATA_IN_STATUS);
	return true;
}

static void data_that_does_not_belong_ends_the_session(void **state)
{
	static const struct lie cases[] = {
		{ "longer than the buffer", 0, 0, 101, FINAL, 0, "beyond the end" },
		{ "longer by far", 0, 0, 60000, FINAL, 0, "beyond the end" },
		{ "behind the buffer", 0, 100, 1, FINAL, 0, "out of order" },
		{ "far behind the buffer", 0, UINT32_MAX, 4, FINAL, 0, "out of order" },
		{ "not at the beginning", 0, 4, 4, FINAL, 0, "out of order" },
		{ "wrong number", 1, 0, 4, FINAL, 0, "wrong DataSN" },
		{ "unknown tag", 0, 0, 4, FINAL, 0x10000, "unknown task tag" },
		{ "unknown index", 0, 0, 4, FINAL, 3, "unknown task tag" },
		{ "no tag", 0, 0, 4, FINAL, 0x7fffffff, "unknown task tag" },
		{ "status too early", 0, 0, 4, DATA_IN_STATUS, 0, "not the last" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct lie lie = cases[i];
		struct fixture fixture;
		struct job *job;

		fixture_start(&fixture, lie_in_data, &lie);
		job = new_read(&fixture, 0, 100);
		run(job);
		assert_session_failed(&fixture, job, ISCSI_FAILED_PROTOCOL, lie.word);
		assert_true(untouched(job->buffer, sizeof(job->buffer)));
		free(job);
		fixture_free(&fixture);
	}
}

static void data_for_a_command_without_data_ends_the_session(void **state)
{
	struct lie lie = { "", 0, 0, 4, FINAL, 0, "" };
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, lie_in_data, &lie);
	job = new_job(&fixture);
	scsi_test_unit_ready(&job->task);
	run(job);
	assert_session_failed(&fixture, job, ISCSI_FAILED_PROTOCOL, "reads nothing");
	free(job);
	fixture_free(&fixture);
}

/* --- Responses --------------------------------------------------------------------------- */

struct sense_reply {
	uint16_t length, announced;
	uint8_t response;
};

static bool reply_with_sense(struct target *target, const struct pdu *pdu)
{
	const struct sense_reply *reply = target->user;
	uint8_t bhs[BHS_SIZE], data[1024];

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	target_pdu(bhs, OP_RESPONSE, FINAL, get32(pdu->bhs + AT_ITT));
	bhs[AT_RESPONSE] = reply->response;
	bhs[AT_STATUS] = SCSI_CHECK_CONDITION;
	put16(data, reply->announced);
	for (uint32_t i = 0; i < reply->length; i++)
		data[2 + i] = (uint8_t)(0x70 + i);
	target_send(target, bhs, data, 2U + reply->length, true);
	return true;
}

static void sense_data_is_delivered_and_cut_if_it_is_long(void **state)
{
	static const struct {
		struct sense_reply reply;
		uint16_t length, full;
	} cases[] = {
		{ { 18, 18, 0 }, 18, 18 },     { { 18, 8, 0 }, 8, 8 },
		{ { 0, 0, 0 }, 0, 0 },	       { { 252, 252, 0 }, 252, 252 },
		{ { 253, 253, 0 }, 252, 253 }, { { 600, 600, 0 }, 252, 600 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sense_reply reply = cases[i].reply;
		struct fixture fixture;
		struct job *job;

		fixture_start(&fixture, reply_with_sense, &reply);
		job = new_read(&fixture, 0, 100);
		run(job);
		assert_int_equal(job->done, 1);
		assert_false(job->failed);
		assert_int_equal(job->task.status, SCSI_CHECK_CONDITION);
		assert_int_equal(job->task.sense_length, cases[i].length);
		assert_int_equal(job->task.sense_full, cases[i].full);
		for (uint16_t n = 0; n < job->task.sense_length; n++)
			assert_int_equal(job->task.sense[n], (uint8_t)(0x70 + n));
		free(job);
		fixture_free(&fixture);
	}
}

static void sense_data_that_is_not_there_ends_the_session(void **state)
{
	struct sense_reply reply = { 18, 19, 0 };
	(void)state;
	assert_read_breaks(reply_with_sense, &reply, "19 bytes of sense data");
}

static void a_target_failure_is_an_error_of_the_command(void **state)
{
	static const uint8_t responses[] = { 0x01, 0x80, 0xff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(responses); i++) {
		struct sense_reply reply = { 0, 0, responses[i] };
		struct fixture fixture;
		struct job *job;

		fixture_start(&fixture, reply_with_sense, &reply);
		job = new_read(&fixture, 0, 100);
		run(job);
		assert_true(job->failed);
		assert_int_equal(job->error.kind, ISCSI_FAILED_REJECTED);
		assert_int_equal(job->error.reason, responses[i]);
		assert_true(iscsi_session_is_up(fixture.session));
		free(job);
		fixture_free(&fixture);
	}
}

static bool respond_twice(struct target *target, const struct pdu *pdu)
{
	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	target_response(target, pdu, 0, RESIDUAL_UNDERFLOW, 100, NULL, 0);
	target_response(target, pdu, 0, RESIDUAL_UNDERFLOW, 100, NULL, 0);
	return true;
}

static void a_second_response_ends_the_session(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, respond_twice, NULL);
	job = new_read(&fixture, 0, 100);
	run(job);
	assert_good(job);
	assert_session_failed(&fixture, NULL, ISCSI_FAILED_PROTOCOL, "unknown task tag");
	free(job);
	fixture_free(&fixture);
}

static bool jump_in_stat_sn(struct target *target, const struct pdu *pdu)
{
	const int *jump = target->user;

	if (opcode_of(pdu) == OP_COMMAND)
		target->stat_sn += (uint32_t)*jump;
	return false;
}

static void a_jump_in_stat_sn_ends_the_session(void **state)
{
	static const int jumps[] = { 1, -1, 1000, -1000, INT32_MIN };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(jumps); i++) {
		int jump = jumps[i];
		assert_read_breaks(jump_in_stat_sn, &jump, "StatSN");
	}
}

static bool unknown_opcode(struct target *target, const struct pdu *pdu)
{
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	target_pdu(bhs, *(uint8_t *)target->user, FINAL, get32(pdu->bhs + AT_ITT));
	target_send(target, bhs, NULL, 0, true);
	return true;
}

static void opcodes_a_target_does_not_have_end_the_session(void **state)
{
	static const uint8_t opcodes[] = { 0x00, 0x01, 0x03, 0x06, 0x10, 0x1f,
					   0x23, 0x27, 0x30, 0x33, 0x3e };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		uint8_t opcode = opcodes[i];
		assert_read_breaks(unknown_opcode, &opcode, "opcode");
	}
}

/* A bit of the answer is wrong. */
static bool flip_a_bit(struct target *target, const struct pdu *pdu)
{
	const size_t *at = target->user;
	size_t start = target->out.length;

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	target_answer(target, pdu);
	target->out.data[start + *at] ^= 0x10;
	return true;
}

static void damage_is_found_by_digests(void **state)
{
	static const struct {
		size_t at;
		const char *word;
	} cases[] = {
		{ 30, "header digest" },
		{ BHS_SIZE, "header digest" },
		{ BHS_SIZE + 4, "data digest" },
		{ BHS_SIZE + 60, "data digest" },
		{ BHS_SIZE + 4 + 100, "data digest" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t chunk = 13; chunk < 5000; chunk += 4000) {
			size_t at = cases[i].at;
			struct fixture fixture;
			struct job *job;

			fixture_init(&fixture);
			fixture.config.params.value[ISCSI_HEADER_DIGEST] =
				ISCSI_DIGEST_CRC32C;
			fixture.config.params.value[ISCSI_DATA_DIGEST] =
				ISCSI_DIGEST_CRC32C_NONE;
			fixture_up(&fixture);
			fixture.target.hook = flip_a_bit;
			fixture.target.user = &at;
			fixture.target.chunk = chunk;
			job = new_read(&fixture, 0, 100);
			run(job);
			assert_session_failed(&fixture, job, ISCSI_FAILED_DIGEST,
					      cases[i].word);
			assert_int_equal(
				iscsi_session_counters(fixture.session)->digest_errors,
				1);
			free(job);
			fixture_free(&fixture);
		}
}

/* --- Windows ----------------------------------------------------------------------------- */

static bool hold_commands(struct target *target, const struct pdu *pdu)
{
	(void)target;
	return opcode_of(pdu) == OP_COMMAND;
}

static void answer_held(struct target *target, const struct job *job)
{
	uint8_t bhs[BHS_SIZE];
	struct pdu pdu = { bhs, NULL, 0 };

	target_pdu(bhs, OP_COMMAND, 0, job->task.own.itt);
	target_response(target, &pdu, 0, RESIDUAL_UNDERFLOW, job->task.in_length, NULL,
			0);
}

static void no_more_commands_are_sent_than_the_window_has_room_for(void **state)
{
	struct fixture fixture;
	struct job *jobs[10];

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 3;
	fixture.target.hook = hold_commands;
	fixture_up(&fixture);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		jobs[i] = new_read(&fixture, 0, 8);
		run(jobs[i]);
	}
	assert_int_equal(fixture.target.requests[OP_COMMAND], 3);
	for (unsigned int i = 0; i < ARRAY_SIZE(jobs); i++) {
		answer_held(&fixture.target, jobs[i]);
		target_run(&fixture.target);
		assert_int_equal(jobs[i]->done, 1);
		/* Those that were sent are out of the target's window; each answer opens it anew. */
		assert_true(fixture.target.requests[OP_COMMAND] <= 3 + 3 * (i + 1));
	}
	assert_int_equal(fixture.target.requests[OP_COMMAND], ARRAY_SIZE(jobs));
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		free(jobs[i]);
	fixture_free(&fixture);
}

static void a_command_that_finds_no_room_ends_at_its_deadline(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 0;
	fixture_up(&fixture);
	job = new_read(&fixture, 0, 8);
	run(job);
	target_advance(&fixture.target, 5 * SECONDS);
	assert_int_equal(job->done, 1);
	assert_int_equal(job->error.kind, ISCSI_FAILED_TIMEOUT);
	assert_non_null(strstr(job->error.text, "no room in the command window"));
	/* Nothing was sent, so there is nothing to abort. */
	assert_int_equal(fixture.target.requests[OP_TASK_MANAGEMENT], 0);
	assert_true(iscsi_session_is_up(fixture.session));
	free(job);
	fixture_free(&fixture);
}

static void commands_are_completed_in_any_order(void **state)
{
	static const size_t order[] = { 1, 3, 0, 2 };
	struct fixture fixture;
	struct job *jobs[ARRAY_SIZE(order)];

	(void)state;
	fixture_start(&fixture, hold_commands, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		jobs[i] = new_read(&fixture, 0, 8);
		run(jobs[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		answer_held(&fixture.target, jobs[order[i]]);
		target_run(&fixture.target);
		assert_good(jobs[order[i]]);
		free(jobs[order[i]]);
	}
	fixture_free(&fixture);
}

/* The window opens before the session has got round to completing the cancelled one. */
static void a_cancelled_command_that_waits_is_passed_over(void **state)
{
	struct fixture fixture;
	struct job *jobs[4];

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 1;
	fixture.target.hook = hold_commands;
	fixture_up(&fixture);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		jobs[i] = new_read(&fixture, 0, 8);
		run(jobs[i]);
	}
	iscsi_task_cancel(&jobs[2]->task);
	fixture.target.window = 8;
	answer_held(&fixture.target, jobs[0]);
	target_run(&fixture.target);
	assert_int_equal(jobs[2]->error.kind, ISCSI_FAILED_CANCELLED);
	assert_int_equal(fixture.target.requests[OP_COMMAND], 3);
	answer_held(&fixture.target, jobs[3]);
	answer_held(&fixture.target, jobs[1]);
	target_run(&fixture.target);
	assert_good(jobs[1]);
	assert_good(jobs[3]);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		free(jobs[i]);
	fixture_free(&fixture);
}

static void count_done(struct iscsi_task *task)
{
	unsigned int *done = task->user;

	assert_null(task->error);
	++*done;
}

static void thousands_of_commands_can_wait(void **state)
{
	enum { COUNT = 3000 };
	struct iscsi_task *tasks = calloc(COUNT, sizeof(*tasks));
	uint8_t data[8];
	unsigned int done = 0;
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 100;
	fixture_up(&fixture);
	for (int i = 0; i < COUNT; i++) {
		tasks[i].cdb_length = 10;
		tasks[i].in = data;
		tasks[i].in_length = sizeof(data);
		tasks[i].deadline = fixture.target.now + SECONDS;
		tasks[i].done = count_done;
		tasks[i].user = &done;
		assert_int_equal(iscsi_session_submit(fixture.session, &tasks[i]), 0);
	}
	target_run(&fixture.target);
	assert_int_equal(done, COUNT);
	assert_int_equal(iscsi_session_counters(fixture.session)->commands, COUNT);
	free(tasks);
	fixture_free(&fixture);
}

static bool nonsense_window(struct target *target, const struct pdu *pdu)
{
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != OP_COMMAND || target->commands++)
		return false;
	/* MaxCmdSN far below ExpCmdSN: to be ignored, like an old one. */
	target->window = (uint32_t)-1000;
	target_pdu(bhs, OP_NOP_IN, FINAL, NO_TAG);
	put32(bhs + AT_TTT, NO_TAG);
	target_send(target, bhs, NULL, 0, false);
	target->window = 8;
	return false;
}

static void a_window_that_makes_no_sense_is_ignored(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, nonsense_window, NULL);
	for (int i = 0; i < 3; i++) {
		job = new_read(&fixture, 0, 8);
		run(job);
		assert_good(job);
		free(job);
	}
	fixture_free(&fixture);
}

/* --- Deadlines and cancelling ------------------------------------------------------------ */

static bool see_abort(struct target *target, const struct pdu *pdu)
{
	const struct job *job = target->user;

	if (opcode_of(pdu) == OP_COMMAND)
		return true;
	if (opcode_of(pdu) != OP_TASK_MANAGEMENT)
		return false;
	assert_int_equal(pdu->bhs[AT_OPCODE], OP_TASK_MANAGEMENT | IMMEDIATE);
	assert_int_equal(pdu->bhs[AT_FLAGS], FINAL | TASK_ABORT);
	assert_memory_equal(pdu->bhs + AT_LUN, job->task.lun, 8);
	assert_int_equal(get32(pdu->bhs + AT_REFERENCED_CMD_SN), job->task.own.cmd_sn);
	return false;
}

static void a_command_that_is_not_answered_ends_and_is_aborted(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	job = new_read(&fixture, 0, 100);
	job->task.lun[1] = 7;
	fixture.target.hook = see_abort;
	fixture.target.user = job;
	run(job);
	target_advance(&fixture.target, 5 * SECONDS - 1);
	assert_int_equal(job->done, 0);
	target_advance(&fixture.target, 1);
	assert_int_equal(job->done, 1);
	assert_int_equal(job->error.kind, ISCSI_FAILED_TIMEOUT);
	assert_int_equal(job->error.error, -ETIMEDOUT);
	assert_non_null(strstr(job->error.text, "command 28h"));
	assert_int_equal(fixture.target.requests[OP_TASK_MANAGEMENT], 1);
	target_advance(&fixture.target, 60 * SECONDS);
	assert_true(iscsi_session_is_up(fixture.session));
	assert_int_equal(iscsi_session_counters(fixture.session)->timeouts, 1);
	free(job);
	fixture_free(&fixture);
}

static bool ignore_all(struct target *target, const struct pdu *pdu)
{
	(void)target;
	(void)pdu;
	return true;
}

static void a_target_that_does_not_answer_an_abort_is_given_up(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.hook = ignore_all;
	job = new_read(&fixture, 0, 100);
	run(job);
	target_advance(&fixture.target, 15 * SECONDS - 1);
	assert_int_equal(fixture.downs, 0);
	target_advance(&fixture.target, 1);
	assert_int_equal(fixture.downs, 1);
	assert_int_equal(fixture.error.kind, ISCSI_FAILED_TIMEOUT);
	assert_non_null(strstr(fixture.error.text, "not even to an abort"));
	free(job);
	fixture_free(&fixture);
}

/* The answer to a command, cut in two halves between which the task ends. */
struct halves {
	size_t cut;
	uint8_t *rest;
	size_t rest_length;
	bool aborted;
	uint8_t abort[BHS_SIZE];
};

static bool answer_half(struct target *target, const struct pdu *pdu)
{
	struct halves *halves = target->user;
	size_t start = target->out.length;

	if (opcode_of(pdu) == OP_TASK_MANAGEMENT) {
		halves->aborted = true;
		memcpy(halves->abort, pdu->bhs, BHS_SIZE);
		return true;
	}
	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	target_answer(target, pdu);
	start += halves->cut;
	halves->rest_length = target->out.length - start;
	halves->rest = malloc(halves->rest_length);
	memcpy(halves->rest, target->out.data + start, halves->rest_length);
	target->out.length = start;
	return true;
}

static void answer_other_half(struct target *target, const struct halves *halves)
{
	uint8_t bhs[BHS_SIZE];

	assert_true(halves->aborted);
	target_say(target, halves->rest, halves->rest_length);
	target_pdu(bhs, OP_TASK_MANAGEMENT_RESPONSE, FINAL,
		   get32(halves->abort + AT_ITT));
	bhs[AT_RESPONSE] = 1; /* there is no such task any more */
	target_send(target, bhs, NULL, 0, true);
	target_run(target);
}

static void end_in_the_middle(bool cancel, uint32_t digests, size_t cut)
{
	struct halves halves = { .cut = cut };
	struct fixture fixture;
	struct job *job, *next;

	fixture_init(&fixture);
	fixture.config.params.value[ISCSI_HEADER_DIGEST] = digests;
	fixture.config.params.value[ISCSI_DATA_DIGEST] = digests;
	fixture_up(&fixture);
	fixture.target.hook = answer_half;
	fixture.target.user = &halves;
	job = new_read(&fixture, 0, 3000);
	run(job);
	assert_int_equal(job->done, 0);
	if (cancel)
		iscsi_task_cancel(&job->task);
	target_advance(&fixture.target, cancel ? 0 : 5 * SECONDS);
	assert_int_equal(job->done, 1);
	assert_int_equal(job->error.kind,
			 cancel ? ISCSI_FAILED_CANCELLED : ISCSI_FAILED_TIMEOUT);
	free(job); /* the memory is the caller's again */
	answer_other_half(&fixture.target, &halves);
	free(halves.rest);
	fixture.target.hook = NULL;
	next = new_read(&fixture, 0, 3000);
	run(next);
	assert_good(next);
	free(next);
	target_advance(&fixture.target, 60 * SECONDS);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

static void late_data_does_not_touch_the_buffer(void **state)
{
	static const size_t cuts[] = { 0,    20,   48,	 49,   700, 1047,
				       1048, 1049, 1060, 2500, 3100 };

	(void)state;
	for (int cancel = 0; cancel < 2; cancel++)
		for (uint32_t digests = 0; digests < 2; digests++)
			for (size_t i = 0; i < ARRAY_SIZE(cuts); i++)
				end_in_the_middle(cancel, digests, cuts[i]);
}

static void a_cancelled_command_is_completed_later_and_only_once(void **state)
{
	struct fixture fixture;
	struct job *sent, *waiting, *last;

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 1;
	fixture.target.hook = hold_commands;
	fixture_up(&fixture);
	sent = new_read(&fixture, 0, 8);
	waiting = new_read(&fixture, 0, 8);
	last = new_read(&fixture, 0, 8);
	submit(sent);
	submit(waiting);
	submit(last);
	target_run(&fixture.target);
	iscsi_task_cancel(&waiting->task);
	iscsi_task_cancel(&sent->task);
	iscsi_task_cancel(&sent->task);
	assert_int_equal(sent->done + waiting->done, 0);
	fixture.target.hook = NULL;
	target_run(&fixture.target);
	assert_int_equal(sent->done, 1);
	assert_int_equal(waiting->done, 1);
	assert_int_equal(fixture.target.requests[OP_TASK_MANAGEMENT], 1);
	iscsi_task_cancel(&sent->task); /* is done: nothing happens */
	target_run(&fixture.target);
	assert_int_equal(sent->done, 1);
	/* The one that was not cancelled goes on. */
	assert_good(last);
	free(sent);
	free(waiting);
	free(last);
	fixture_free(&fixture);
}

/* A write whose PDU is half sent is cancelled: what follows must still be a stream of PDUs. */
static void cancelling_in_the_middle_of_sending_keeps_the_stream_whole(void **state)
{
	static const size_t rooms[] = { 1, 48, 49, 1000, 5000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
		struct fixture fixture;
		struct job *job, *next;

		fixture_start(&fixture, NULL, NULL);
		fixture.target.send_room = rooms[i];
		job = new_write(&fixture, 8000);
		run(job);
		iscsi_task_cancel(&job->task);
		target_run(&fixture.target);
		assert_int_equal(job->done, 1);
		free(job);
		target_unblock(&fixture.target, NO_LIMIT);
		next = new_read(&fixture, 0, 100);
		run(next);
		assert_good(next);
		assert_int_equal(fixture.target.requests[OP_TASK_MANAGEMENT], 1);
		free(next);
		fixture_free(&fixture);
	}
}

/* What the target asks of a command that was cancelled meanwhile does not concern anybody. */
static void requests_for_an_abandoned_write_are_ignored(void **state)
{
	struct fixture fixture;
	struct job *job;
	uint8_t r2t[BHS_SIZE], rejected[BHS_SIZE] = { OP_COMMAND }, reject[BHS_SIZE];
	uint32_t itt;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.hook = ignore_all;
	job = new_write(&fixture, 30000);
	run(job);
	itt = job->task.own.itt;
	iscsi_task_cancel(&job->task);
	target_pdu(r2t, OP_R2T, FINAL, itt);
	put32(r2t + AT_DESIRED_LENGTH, 100);
	target_send(&fixture.target, r2t, NULL, 0, false);
	put32(rejected + AT_ITT, itt);
	target_pdu(reject, OP_REJECT, FINAL, NO_TAG);
	target_send(&fixture.target, reject, rejected, BHS_SIZE, true);
	target_run(&fixture.target);
	assert_int_equal(fixture.downs, 0);
	/* After the Reject the target knows of no such tag. */
	target_send(&fixture.target, r2t, NULL, 0, false);
	target_run(&fixture.target);
	assert_session_failed(&fixture, NULL, ISCSI_FAILED_PROTOCOL, "unknown task tag");
	free(job);
	fixture_free(&fixture);
}

static void additional_headers_of_the_target_are_skipped(void **state)
{
	static const uint8_t words[] = { 1, 2, 17, 255 };

	(void)state;
	for (uint32_t digests = 0; digests < 2; digests++)
		for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
			struct fixture fixture;
			struct job *job;

			fixture_init(&fixture);
			fixture.config.params.value[ISCSI_HEADER_DIGEST] = digests;
			fixture.config.params.value[ISCSI_DATA_DIGEST] = digests;
			fixture.target.chunk = 101;
			fixture.target.ahs = words[i];
			fixture_up(&fixture);
			job = new_read(&fixture, 0, 3000);
			run(job);
			assert_good(job);
			assert_memory_equal(job->buffer, fixture.target.disk, 3000);
			free(job);
			fixture_free(&fixture);
		}
}

static void a_connection_that_cannot_be_sent_to_is_lost(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	fixture.target.send_fails = true;
	job = new_read(&fixture, 0, 100);
	submit(job);
	assert_int_equal(job->done, 0); /* never from inside */
	target_run(&fixture.target);
	assert_session_failed(&fixture, job, ISCSI_FAILED_CONNECTION,
			      "sending failed: Broken pipe");
	free(job);
	fixture_free(&fixture);
}

/* --- Callbacks that do things ------------------------------------------------------------ */

static void submit_again(struct job *job)
{
	if (job->done < 100) {
		job->task.deadline = job->fixture->target.now + SECONDS;
		submit(job);
	}
}

static void a_task_can_be_submitted_again_from_its_callback(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	job = new_read(&fixture, 0, 3000);
	job->then = submit_again;
	run(job);
	assert_int_equal(job->done, 100);
	free(job);
	fixture_free(&fixture);
}

static void free_session(struct job *job)
{
	iscsi_session_free(job->fixture->session);
}

static void the_session_can_be_freed_from_a_callback(void **state)
{
	struct fixture fixture;
	struct job *jobs[3];

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		jobs[i] = new_read(&fixture, 0, 3000);
	jobs[0]->then = free_session;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		submit(jobs[i]);
	target_run(&fixture.target);
	assert_good(jobs[0]);
	for (size_t i = 1; i < ARRAY_SIZE(jobs); i++) {
		assert_int_equal(jobs[i]->done, 1);
		assert_int_equal(jobs[i]->error.kind, ISCSI_FAILED_CANCELLED);
		free(jobs[i]);
	}
	free(jobs[0]);
	assert_int_equal(fixture.downs, 0);
	fixture_free(&fixture);
}

static void log_out(struct job *job)
{
	assert_int_equal(iscsi_session_logout(job->fixture->session,
					      job->fixture->target.now + SECONDS),
			 0);
	assert_int_equal(iscsi_session_submit(job->fixture->session, &job->task),
			 -ENOTCONN);
}

static void a_logout_from_a_callback_cancels_the_rest(void **state)
{
	struct fixture fixture;
	struct job *first, *second;

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 1;
	fixture_up(&fixture);
	first = new_read(&fixture, 0, 3000);
	second = new_read(&fixture, 0, 3000);
	first->then = log_out;
	submit(first);
	submit(second);
	target_run(&fixture.target);
	assert_good(first);
	assert_int_equal(second->error.kind, ISCSI_FAILED_CANCELLED);
	assert_int_equal(fixture.downs, 1);
	assert_false(fixture.failed);
	free(first);
	free(second);
	fixture_free(&fixture);
}

static void a_lost_connection_ends_every_command_first(void **state)
{
	struct fixture fixture;
	struct job *jobs[5];

	(void)state;
	fixture_init(&fixture);
	fixture.target.window = 3;
	fixture.target.hook = hold_commands;
	fixture_up(&fixture);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		jobs[i] = new_read(&fixture, 0, 3000);
		submit(jobs[i]);
	}
	target_run(&fixture.target);
	fixture.target.hang_up = true;
	target_run(&fixture.target);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		assert_session_failed(&fixture, jobs[i], ISCSI_FAILED_CONNECTION,
				      "closed the connection");
		free(jobs[i]);
	}
	fixture_free(&fixture);
}

static void freeing_a_session_completes_its_commands(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_start(&fixture, hold_commands, NULL);
	job = new_read(&fixture, 0, 100);
	run(job);
	iscsi_session_free(fixture.session);
	assert_int_equal(job->done, 1);
	assert_int_equal(job->error.kind, ISCSI_FAILED_CANCELLED);
	assert_int_equal(fixture.downs, 0);
	free(job);
	fixture_free(&fixture);
}

static void tasks_that_cannot_be_sent_are_refused(void **state)
{
	struct fixture fixture;
	struct job *job;

	(void)state;
	fixture_init(&fixture);
	job = new_read(&fixture, 0, 100);
	assert_int_equal(iscsi_session_submit(fixture.session, &job->task), -ENOTCONN);
	fixture_up(&fixture);
#define REFUSED(change)                                                                  \
	do {                                                                             \
		struct iscsi_task task = job->task;                                      \
		change;                                                                  \
		assert_int_equal(iscsi_session_submit(fixture.session, &task), -EINVAL); \
	} while (0)
	REFUSED(task.done = NULL);
	REFUSED(task.cdb_length = 0);
	REFUSED(task.cdb_length = ISCSI_CDB_MAX + 1);
	REFUSED(task.in = NULL);
	REFUSED(task.out_length = 5);
	REFUSED((task.out = "x", task.out_length = 1));
#undef REFUSED
	free(job);
	fixture_free(&fixture);
}

/* --- Long commands ----------------------------------------------------------------------- */

static bool see_extended_cdb(struct target *target, const struct pdu *pdu)
{
	const struct job *job = target->user;
	size_t words = pdu->bhs[AT_AHS_LENGTH], rest = job->task.cdb_length - 16U;
	const uint8_t *ahs = pdu->bhs + BHS_SIZE;

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	assert_int_equal(words, 1 + (rest + 3) / 4);
	assert_int_equal(get16(ahs), rest + 1);
	assert_int_equal(ahs[2], 1);
	assert_memory_equal(pdu->bhs + AT_CDB, job->task.cdb, 16);
	assert_memory_equal(ahs + 4, job->task.cdb + 16, rest);
	return false;
}

static void long_cdbs_travel_in_an_additional_header(void **state)
{
	static const uint16_t lengths[] = { 17, 20, 32, 33, 259, 260 };

	(void)state;
	for (uint32_t digests = 0; digests < 2; digests++)
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			struct fixture fixture;
			struct job *job;

			fixture_init(&fixture);
			fixture.config.params.value[ISCSI_HEADER_DIGEST] = digests;
			fixture_up(&fixture);
			job = new_read(&fixture, 0, 100);
			job->task.cdb_length = lengths[i];
			for (int n = 6; n < lengths[i]; n++)
				job->task.cdb[n] = (uint8_t)n;
			fixture.target.hook = see_extended_cdb;
			fixture.target.user = job;
			run(job);
			assert_good(job);
			free(job);
			fixture_free(&fixture);
		}
}

/* --- Writing ----------------------------------------------------------------------------- */

/* A target that asks for what it has not got yet, in bursts. */
struct writer {
	uint32_t burst;	  /* bytes it asks for at once */
	uint32_t initial; /* unsolicited bytes that are agreed on */
	uint32_t expected;
	uint32_t got, asked, r2t_sn, data_sn;
	uint8_t command[BHS_SIZE];
	unsigned int pdus;
	uint8_t data[70000];
};

static void ask_or_finish(struct target *target, struct writer *writer)
{
	struct pdu command = { writer->command, NULL, 0 };
	uint32_t left = writer->expected - writer->got;
	uint8_t bhs[BHS_SIZE];

	if (!left) {
		target_response(target, &command, 0, 0, 0, NULL, 0);
		return;
	}
	target_pdu(bhs, OP_R2T, FINAL, get32(writer->command + AT_ITT));
	memcpy(bhs + AT_LUN, writer->command + AT_LUN, 8);
	put32(bhs + AT_TTT, 0x1234 + writer->r2t_sn);
	put32(bhs + AT_DATA_SN, writer->r2t_sn++);
	put32(bhs + AT_BUFFER_OFFSET, writer->got);
	put32(bhs + AT_DESIRED_LENGTH, left < writer->burst ? left : writer->burst);
	writer->asked = writer->got + (left < writer->burst ? left : writer->burst);
	writer->data_sn = 0;
	target_send(target, bhs, NULL, 0, false);
}

static void take_data(struct writer *writer, const struct pdu *pdu, uint32_t offset)
{
	assert_int_equal(offset, writer->got);
	assert_true(pdu->length <= 8192);
	memcpy(writer->data + offset, pdu->data, pdu->length);
	writer->got += pdu->length;
}

static bool write_data(struct target *target, const struct pdu *pdu)
{
	struct writer *writer = target->user;
	bool final = pdu->bhs[AT_FLAGS] & FINAL;

	if (opcode_of(pdu) == OP_COMMAND) {
		memcpy(writer->command, pdu->bhs, BHS_SIZE);
		writer->expected = get32(pdu->bhs + AT_EXPECTED_LENGTH);
		if (pdu->length)
			take_data(writer, pdu, 0);
		writer->asked = writer->initial < writer->expected ? writer->initial
								   : writer->expected;
		if (final)
			ask_or_finish(target, writer);
		return true;
	}
	if (opcode_of(pdu) != OP_DATA_OUT)
		return false;
	writer->pdus++;
	assert_int_equal(get32(pdu->bhs + AT_ITT), get32(writer->command + AT_ITT));
	assert_int_equal(get32(pdu->bhs + AT_TTT),
			 writer->r2t_sn ? 0x1233 + writer->r2t_sn : NO_TAG);
	assert_int_equal(get32(pdu->bhs + AT_DATA_SN), writer->data_sn++);
	assert_memory_equal(pdu->bhs + AT_LUN, writer->command + AT_LUN, 8);
	take_data(writer, pdu, get32(pdu->bhs + AT_BUFFER_OFFSET));
	assert_int_equal(final, writer->got == writer->asked);
	if (final)
		ask_or_finish(target, writer);
	return true;
}

static const struct {
	uint32_t initial_r2t, immediate, first_burst, length, pdus;
} ways_to_write[] = {
	{ 0, 1, 16384, 8000, 0 },  { 0, 1, 16384, 16384, 1 }, { 0, 1, 16384, 30000, 3 },
	{ 1, 1, 16384, 8192, 0 },  { 1, 1, 16384, 30000, 3 }, { 1, 1, 4096, 30000, 4 },
	{ 0, 0, 16384, 16384, 2 }, { 0, 0, 16384, 30000, 4 }, { 1, 0, 16384, 30000, 4 },
	{ 1, 0, 16384, 1, 1 },	   { 0, 1, 512, 513, 1 },     { 0, 1, 16384, 65536, 7 },
};

static void log_in_to_write(struct fixture *fixture, struct writer *writer, size_t i,
			    uint32_t digests)
{
	uint32_t *value = fixture->config.params.value;

	fixture_init(fixture);
	value[ISCSI_INITIAL_R2T] = ways_to_write[i].initial_r2t;
	value[ISCSI_IMMEDIATE_DATA] = ways_to_write[i].immediate;
	value[ISCSI_FIRST_BURST_LENGTH] = ways_to_write[i].first_burst;
	value[ISCSI_MAX_BURST_LENGTH] = 16384;
	value[ISCSI_HEADER_DIGEST] = value[ISCSI_DATA_DIGEST] = digests;
	writer->burst = 16384;
	writer->initial = ways_to_write[i].initial_r2t ? 0 : ways_to_write[i].first_burst;
	fixture->target.hook = write_data;
	fixture->target.user = writer;
	fixture->target.send_limit = digests ? 999 : NO_LIMIT;
	fixture_up(fixture);
}

static void write_one_way(size_t i, uint32_t digests)
{
	struct writer *writer = calloc(1, sizeof(*writer));
	uint32_t length = ways_to_write[i].length;
	struct fixture fixture;
	struct job *job;

	assert_non_null(writer);
	log_in_to_write(&fixture, writer, i, digests);
	job = new_write(&fixture, length);
	job->task.lun[1] = 3;
	run(job);
	assert_good(job);
	assert_int_equal(job->task.transferred, length);
	assert_int_equal(writer->got, length);
	assert_memory_equal(writer->data, job->buffer, length);
	if (writer->pdus != ways_to_write[i].pdus)
		fail_msg("case %zu: %u Data-Out PDUs, not %u", i, writer->pdus,
			 ways_to_write[i].pdus);
	assert_int_equal(iscsi_session_counters(fixture.session)->data_sent, length);
	free(job);
	free(writer);
	fixture_free(&fixture);
}

static void data_is_written_in_every_way_that_was_agreed_on(void **state)
{
	(void)state;
	for (uint32_t digests = 0; digests < 2; digests++)
		for (size_t i = 0; i < ARRAY_SIZE(ways_to_write); i++)
			write_one_way(i, digests);
}

/* R2Ts a target must not send, to a write of 30000 bytes without unsolicited data. */
struct r2t {
	uint32_t sn, offset, length, tag_change;
	unsigned int count;
	const char *word;
};

static bool send_r2t(struct target *target, const struct pdu *pdu)
{
	const struct r2t *r2t = target->user;
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != OP_COMMAND)
		return false;
	for (uint32_t i = 0; i < r2t->count; i++) {
		target_pdu(bhs, OP_R2T, FINAL,
			   get32(pdu->bhs + AT_ITT) ^ r2t->tag_change);
		put32(bhs + AT_TTT, 5);
		put32(bhs + AT_DATA_SN, r2t->sn + i);
		put32(bhs + AT_BUFFER_OFFSET, r2t->offset + i * r2t->length);
		put32(bhs + AT_DESIRED_LENGTH, r2t->length);
		target_send(target, bhs, NULL, 0, false);
	}
	return true;
}

static void r2ts_nobody_may_send_end_the_session(void **state)
{
	static const struct r2t cases[] = {
		{ 1, 0, 100, 0, 1, "wrong number" },
		{ 0, 0, 0, 0, 1, "for nothing" },
		{ 0, 0, 16385, 0, 1, "more than MaxBurstLength" },
		{ 0, 0, UINT32_MAX, 0, 1, "more than MaxBurstLength" },
		{ 0, 100, 100, 0, 1, "out of order" },
		{ 0, UINT32_MAX, 100, 0, 1, "out of order" },
		{ 0, 0, 100, 0x10000, 1, "unknown task tag" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct r2t r2t = cases[i];
		struct fixture fixture;
		struct job *job;

		fixture_init(&fixture);
		fixture.config.params.value[ISCSI_INITIAL_R2T] = 1;
		fixture.config.params.value[ISCSI_IMMEDIATE_DATA] = 0;
		fixture.config.params.value[ISCSI_FIRST_BURST_LENGTH] = 16384;
		fixture.config.params.value[ISCSI_MAX_BURST_LENGTH] = 16384;
		fixture_up(&fixture);
		fixture.target.hook = send_r2t;
		fixture.target.user = &r2t;
		job = new_write(&fixture, 30000);
		run(job);
		assert_session_failed(&fixture, job, ISCSI_FAILED_PROTOCOL, r2t.word);
		free(job);
		fixture_free(&fixture);
	}
}

static void an_r2t_behind_the_end_or_for_a_read_ends_the_session(void **state)
{
	struct r2t r2t = { 0, 0, 101, 0, 1, "" };
	struct fixture fixture;
	struct job *job;

	(void)state;
	for (int read = 0; read < 2; read++) {
		fixture_init(&fixture);
		fixture.config.params.value[ISCSI_INITIAL_R2T] = 1;
		fixture.config.params.value[ISCSI_IMMEDIATE_DATA] = 0;
		fixture_up(&fixture);
		fixture.target.hook = send_r2t;
		fixture.target.user = &r2t;
		job = read ? new_read(&fixture, 0, 100) : new_write(&fixture, 100);
		run(job);
		assert_session_failed(&fixture, job, ISCSI_FAILED_PROTOCOL,
				      read ? "writes nothing" : "beyond the end");
		free(job);
		fixture_free(&fixture);
	}
}

/* Several at once: as many as MaxOutstandingR2T, and no more. */
static void as_many_r2ts_as_agreed_on_may_be_outstanding(void **state)
{
	(void)state;
	for (unsigned int count = 1; count <= 9; count++) {
		struct r2t r2t = { 0, 0, 1000, 0, count, "" };
		struct fixture fixture;
		struct job *job;

		fixture_init(&fixture);
		fixture.config.params.value[ISCSI_INITIAL_R2T] = 1;
		fixture.config.params.value[ISCSI_IMMEDIATE_DATA] = 0;
		fixture.config.params.value[ISCSI_MAX_OUTSTANDING_R2T] = 8;
		fixture_up(&fixture);
		fixture.target.hook = send_r2t;
		fixture.target.user = &r2t;
		job = new_write(&fixture, 30000);
		fixture.target.send_room =
			BHS_SIZE; /* the command, and nothing after it */
		run(job);
		if (count > 8) {
			assert_session_failed(&fixture, job, ISCSI_FAILED_PROTOCOL,
					      "as many as were agreed on");
		} else {
			assert_int_equal(fixture.downs, 0);
			target_unblock(&fixture.target, NO_LIMIT);
			assert_int_equal(fixture.target.requests[OP_DATA_OUT], count);
			iscsi_task_cancel(&job->task);
			target_run(&fixture.target);
		}
		free(job);
		fixture_free(&fixture);
	}
}

static bool refuse_early(struct target *target, const struct pdu *pdu)
{
	if (opcode_of(pdu) == OP_COMMAND)
		target_response(target, pdu, SCSI_CHECK_CONDITION, RESIDUAL_UNDERFLOW,
				30000, NULL, 0);
	return opcode_of(pdu) == OP_COMMAND || opcode_of(pdu) == OP_DATA_OUT;
}

static void a_write_may_be_refused_while_its_data_is_being_sent(void **state)
{
	struct fixture fixture;
	struct job *job, *next;

	(void)state;
	fixture_init(&fixture);
	fixture.config.params.value[ISCSI_IMMEDIATE_DATA] = 0;
	fixture.config.params.value[ISCSI_FIRST_BURST_LENGTH] = 30000;
	fixture_up(&fixture);
	fixture.target.hook = refuse_early;
	fixture.target.send_room = 1000; /* in the middle of the first Data-Out */
	job = new_write(&fixture, 30000);
	run(job);
	assert_int_equal(job->done, 1);
	assert_false(job->failed);
	assert_int_equal(job->task.status, SCSI_CHECK_CONDITION);
	assert_int_equal(job->task.transferred, 0);
	free(job);
	target_unblock(&fixture.target, NO_LIMIT);
	fixture.target.hook = NULL;
	next = new_read(&fixture, 0, 100);
	run(next);
	assert_good(next);
	free(next);
	fixture_free(&fixture);
}

/* Writes of 3000 bytes, told apart by their tag; all data comes without being asked for. */
struct crowd {
	uint32_t itt[4], have[4];
	unsigned int commands, complete;
};

static bool take_crowd(struct target *target, const struct pdu *pdu)
{
	struct crowd *crowd = target->user;
	unsigned int i = 0;

	if (opcode_of(pdu) == OP_COMMAND && pdu->bhs[AT_FLAGS] & COMMAND_WRITE)
		crowd->itt[crowd->commands++] = get32(pdu->bhs + AT_ITT);
	else if (opcode_of(pdu) != OP_DATA_OUT)
		return false;
	while (crowd->itt[i] != get32(pdu->bhs + AT_ITT))
		assert_true(++i < crowd->commands);
	if (opcode_of(pdu) == OP_DATA_OUT)
		assert_int_equal(get32(pdu->bhs + AT_BUFFER_OFFSET), crowd->have[i]);
	for (uint32_t at = crowd->have[i], n = 0; n < pdu->length; at++, n++)
		assert_int_equal(pdu->data[n], (uint8_t)(at * 13 + at / 256));
	crowd->have[i] += pdu->length;
	/* RFC 7143, 4.2.4.2: unsolicited data comes in the order of the commands. */
	if (crowd->have[i] == 3000)
		assert_int_equal(i, crowd->complete++);
	if (crowd->have[i] == 3000)
		target_response(target, pdu, 0, 0, 0, NULL, 0);
	return true;
}

static void commands_side_by_side_do_not_mix(void **state)
{
	static const size_t limits[] = { 1, 33, 48, 560, 608, 2000, NO_LIMIT };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct crowd crowd = { .commands = 0 };
		struct fixture fixture;
		struct job *jobs[6];

		fixture_init(&fixture);
		fixture.target.hook = take_crowd;
		fixture.target.user = &crowd;
		fixture.target.max_recv = 512;
		fixture.config.params.value[ISCSI_INITIAL_R2T] = false;
		fixture_up(&fixture);
		fixture.target.send_limit = limits[i];
		for (size_t n = 0; n < ARRAY_SIZE(jobs); n++) {
			jobs[n] = n % 3 == 2 ? new_read(&fixture, 0, 100)
					     : new_write(&fixture, 3000);
			submit(jobs[n]);
		}
		target_run(&fixture.target);
		assert_int_equal(crowd.complete, 4);
		for (size_t n = 0; n < ARRAY_SIZE(jobs); n++) {
			assert_good(jobs[n]);
			free(jobs[n]);
		}
		fixture_free(&fixture);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(data_of_any_length_arrives_where_it_belongs),
	cmocka_unit_test(data_may_come_in_any_portions),
	cmocka_unit_test(residuals_are_delivered),
	cmocka_unit_test(residuals_that_lie_fail_the_command_but_not_the_session),
	cmocka_unit_test(data_that_does_not_belong_ends_the_session),
	cmocka_unit_test(data_for_a_command_without_data_ends_the_session),
	cmocka_unit_test(sense_data_is_delivered_and_cut_if_it_is_long),
	cmocka_unit_test(sense_data_that_is_not_there_ends_the_session),
	cmocka_unit_test(a_target_failure_is_an_error_of_the_command),
	cmocka_unit_test(a_second_response_ends_the_session),
	cmocka_unit_test(a_jump_in_stat_sn_ends_the_session),
	cmocka_unit_test(opcodes_a_target_does_not_have_end_the_session),
	cmocka_unit_test(damage_is_found_by_digests),
	cmocka_unit_test(no_more_commands_are_sent_than_the_window_has_room_for),
	cmocka_unit_test(a_command_that_finds_no_room_ends_at_its_deadline),
	cmocka_unit_test(commands_are_completed_in_any_order),
	cmocka_unit_test(a_cancelled_command_that_waits_is_passed_over),
	cmocka_unit_test(thousands_of_commands_can_wait),
	cmocka_unit_test(a_window_that_makes_no_sense_is_ignored),
	cmocka_unit_test(a_command_that_is_not_answered_ends_and_is_aborted),
	cmocka_unit_test(a_target_that_does_not_answer_an_abort_is_given_up),
	cmocka_unit_test(late_data_does_not_touch_the_buffer),
	cmocka_unit_test(a_cancelled_command_is_completed_later_and_only_once),
	cmocka_unit_test(cancelling_in_the_middle_of_sending_keeps_the_stream_whole),
	cmocka_unit_test(requests_for_an_abandoned_write_are_ignored),
	cmocka_unit_test(additional_headers_of_the_target_are_skipped),
	cmocka_unit_test(a_connection_that_cannot_be_sent_to_is_lost),
	cmocka_unit_test(a_task_can_be_submitted_again_from_its_callback),
	cmocka_unit_test(the_session_can_be_freed_from_a_callback),
	cmocka_unit_test(a_logout_from_a_callback_cancels_the_rest),
	cmocka_unit_test(a_lost_connection_ends_every_command_first),
	cmocka_unit_test(freeing_a_session_completes_its_commands),
	cmocka_unit_test(tasks_that_cannot_be_sent_are_refused),
	cmocka_unit_test(long_cdbs_travel_in_an_additional_header),
	cmocka_unit_test(data_is_written_in_every_way_that_was_agreed_on),
	cmocka_unit_test(r2ts_nobody_may_send_end_the_session),
	cmocka_unit_test(an_r2t_behind_the_end_or_for_a_read_ends_the_session),
	cmocka_unit_test(as_many_r2ts_as_agreed_on_may_be_outstanding),
	cmocka_unit_test(a_write_may_be_refused_while_its_data_is_being_sent),
	cmocka_unit_test(commands_side_by_side_do_not_mix),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
