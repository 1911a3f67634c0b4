// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * counters.c - what is counted, against what went over the connection and what the clock said.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "iscsi/scsi.h"
#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

#define BUFFER 30000

struct job {
	struct iscsi_task task; /* first */
	unsigned int done;
	enum iscsi_failure failure;
	uint8_t buffer[BUFFER];
};

static void job_done(struct iscsi_task *task)
{
	struct job *job = (struct job *)task;

	job->done++;
	job->failure = task->error ? task->error->kind : ISCSI_FAILED_NOTHING;
}

static void submit(struct fixture *fixture, struct job *job, bool write, uint32_t length)
{
	struct iscsi_task *task = &job->task;

	memset(job, 0, sizeof(*job));
	task->cdb[0] = write ? 0x2a : 0x28;
	task->cdb_length = 10;
	task->done = job_done;
	task->deadline = fixture->target.now + 100 * SECONDS;
	if (write) {
		task->out = job->buffer;
		task->out_length = length;
	} else {
		task->in = job->buffer;
		task->in_length = length;
	}
	assert_int_equal(iscsi_session_submit(fixture->session, task), 0);
	target_run(&fixture->target);
}

static void add(struct iscsi_traffic *sum, const struct iscsi_traffic *one)
{
	sum->pdus_sent += one->pdus_sent;
	sum->pdus_received += one->pdus_received;
	sum->bytes_sent += one->bytes_sent;
	sum->bytes_received += one->bytes_received;
	sum->data_sent += one->data_sent;
	sum->data_received += one->data_received;
}

static void set_digests(struct fixture *fixture, int digests)
{
	fixture->config.params.value[ISCSI_HEADER_DIGEST] = digests;
	fixture->config.params.value[ISCSI_DATA_DIGEST] = digests;
}

/* A write that is answered when all of its data is there. */
struct writing {
	uint8_t bhs[BHS_SIZE]; /* of the command */
	uint32_t expected, have, r2t_sn;
};

static void ask_for_more(struct target *target, struct writing *writing)
{
	uint32_t rest = writing->expected - writing->have;
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_R2T, FINAL, get32(writing->bhs + AT_ITT));
	put32(bhs + AT_TTT, 7);
	put32(bhs + AT_DATA_SN, writing->r2t_sn++);
	put32(bhs + AT_BUFFER_OFFSET, writing->have);
	put32(bhs + AT_DESIRED_LENGTH, rest < 5000 ? rest : 5000);
	target_send(target, bhs, NULL, 0, false);
}

static bool take_write(struct target *target, const struct pdu *pdu)
{
	struct writing *writing = target->user;
	struct pdu command = { writing->bhs, NULL, 0 };

	if (opcode_of(pdu) == OP_COMMAND && pdu->bhs[AT_FLAGS] & COMMAND_WRITE) {
		memset(writing, 0, sizeof(*writing));
		memcpy(writing->bhs, pdu->bhs, BHS_SIZE);
		writing->expected = get32(pdu->bhs + AT_EXPECTED_LENGTH);
	} else if (opcode_of(pdu) != OP_DATA_OUT) {
		return false;
	}
	writing->have += pdu->length;
	if (writing->have == writing->expected)
		target_response(target, &command, 0, 0, 0, NULL, 0);
	else if (pdu->bhs[AT_FLAGS] & FINAL)
		ask_for_more(target, writing);
	return true;
}

static const uint32_t lengths[] = { 1, 511, 4096, BUFFER };

/* Reads and writes of all lengths; what they took together. */
static void run_all(struct fixture *fixture, struct iscsi_traffic *sum)
{
	static struct job job;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(lengths); i++) {
		submit(fixture, &job, i & 1, lengths[i / 2]);
		assert_int_equal(job.done, 1);
		assert_int_equal(job.failure, ISCSI_FAILED_NOTHING);
		assert_true(job.task.traffic.pdus_sent >= 1);
		assert_true(job.task.traffic.pdus_received >= 1);
		assert_int_equal(i & 1 ? job.task.traffic.data_sent
				       : job.task.traffic.data_received,
				 lengths[i / 2]);
		add(sum, &job.task.traffic);
	}
}

/* Nothing but these commands goes over the connection: so it adds up. */
static void traffic_of_commands_is_that_of_the_session(void **state)
{
	(void)state;
	for (int digests = 0; digests < 2; digests++) {
		struct iscsi_traffic sum = { 0 };
		struct iscsi_counters before, after;
		struct writing writing;
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.target.hook = take_write;
		fixture.target.user = &writing;
		set_digests(&fixture, digests);
		fixture.config.params.value[ISCSI_INITIAL_R2T] = digests;
		fixture_up(&fixture);
		fixture.target.ahs = 2 * (uint8_t)digests;
		before = *iscsi_session_counters(fixture.session);
		run_all(&fixture, &sum);
		after = *iscsi_session_counters(fixture.session);
		assert_int_equal(after.pdus_sent - before.pdus_sent, sum.pdus_sent);
		assert_int_equal(after.pdus_received - before.pdus_received,
				 sum.pdus_received);
		assert_int_equal(after.bytes_sent - before.bytes_sent, sum.bytes_sent);
		assert_int_equal(after.bytes_received - before.bytes_received,
				 sum.bytes_received);
		assert_int_equal(after.data_sent, sum.data_sent);
		assert_int_equal(after.data_received, sum.data_received);
		assert_int_equal(after.commands, 2 * ARRAY_SIZE(lengths));
		fixture_free(&fixture);
	}
}

/* 2 s until the connection takes the command, 3 s until the target answers, 5 s of nothing. */
static void time_goes_into_sending_receiving_or_neither(void **state)
{
	const struct iscsi_counters *counters;
	struct fixture fixture;
	static struct job job;
	uint64_t idle;

	(void)state;
	fixture_init(&fixture);
	fixture_up(&fixture);
	target_advance(&fixture.target, 5 * SECONDS);
	counters = iscsi_session_counters(fixture.session);
	idle = counters->sending_ns + counters->receiving_ns;
	assert_int_equal(idle, 0);
	fixture.target.send_room = 10;
	submit(&fixture, &job, false, 512);
	target_advance(&fixture.target, 2 * SECONDS);
	fixture.target.silent = true;
	target_unblock(&fixture.target, NO_LIMIT);
	target_run(&fixture.target);
	target_advance(&fixture.target, 3 * SECONDS);
	assert_int_equal(job.done, 0);
	iscsi_task_cancel(&job.task);
	target_run(&fixture.target);
	target_advance(&fixture.target, 5 * SECONDS);
	assert_int_equal(job.done, 1);
	assert_int_equal(job.task.traffic.sending_ns, 2 * SECONDS);
	assert_int_equal(job.task.traffic.receiving_ns, 3 * SECONDS);
	assert_int_equal(counters->sending_ns, 2 * SECONDS);
	assert_int_equal(counters->receiving_ns, 3 * SECONDS);
	assert_int_equal(counters->busy_ns, 5 * SECONDS);
	fixture_free(&fixture);
}

static void hang_up(struct fixture *fixture)
{
	fixture->target.hang_up = true;
	target_run(&fixture->target);
}

static void talk_nonsense(struct fixture *fixture)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, 0x3c, FINAL, NO_TAG);
	target_send(&fixture->target, bhs, NULL, 0, false);
	target_run(&fixture->target);
}

static void damage_a_header(struct fixture *fixture)
{
	uint8_t bhs[BHS_SIZE];

	fixture->target.header_digest = false;
	target_pdu(bhs, OP_NOP_IN, FINAL, NO_TAG);
	put32(bhs + AT_TTT, NO_TAG);
	target_send(&fixture->target, bhs, "abcd", 4, false);
	target_run(&fixture->target);
}

static void say_nothing(struct fixture *fixture)
{
	fixture->target.silent = true;
	target_advance(&fixture->target, 60 * SECONDS);
}

static void refuse_the_logout(struct fixture *fixture)
{
	fixture->target.silent = true;
	assert_int_equal(
		iscsi_session_logout(fixture->session, fixture->target.now + SECONDS), 0);
	target_advance(&fixture->target, 2 * SECONDS);
}

static void sessions_that_fail_are_counted_by_kind(void **state)
{
	static const struct {
		void (*what)(struct fixture *fixture);
		uint32_t failures, digest, format, timeout, closes;
	} cases[] = {
		{ hang_up, 1, 0, 0, 0, 0 },	      { talk_nonsense, 1, 0, 1, 0, 0 },
		{ damage_a_header, 1, 1, 0, 0, 0 },   { say_nothing, 1, 0, 0, 1, 1 },
		{ refuse_the_logout, 0, 0, 0, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct iscsi_counters *counters;
		struct fixture fixture;

		fixture_init(&fixture);
		set_digests(&fixture, 1);
		fixture.config.ping_interval = 5 * SECONDS;
		fixture_up(&fixture);
		cases[i].what(&fixture);
		assert_int_equal(fixture.downs, 1);
		counters = iscsi_session_counters(fixture.session);
		assert_int_equal(counters->failures, cases[i].failures);
		assert_int_equal(counters->digest_failures, cases[i].digest);
		assert_int_equal(counters->format_failures, cases[i].format);
		assert_int_equal(counters->timeout_failures, cases[i].timeout);
		assert_int_equal(counters->timeout_closes, cases[i].closes);
		assert_int_equal(counters->login_failures, 0);
		fixture_free(&fixture);
	}
}

/* A login that fails is no session that fails; without a connection none is closed. */
static void logins_that_fail_are_counted_apart(void **state)
{
	const struct iscsi_counters *counters;
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	counters = iscsi_session_counters(fixture.session);
	fixture.target.connect_how = CONNECT_NEVER;
	fixture_login(&fixture);
	target_advance(&fixture.target, 20 * SECONDS);
	assert_int_equal(counters->login_failures, 1);
	assert_int_equal(counters->timeout_closes, 0);
	fixture.target.connect_how = CONNECT;
	fixture.target.silent = true;
	fixture_login(&fixture);
	target_advance(&fixture.target, 20 * SECONDS);
	assert_int_equal(counters->login_failures, 2);
	assert_int_equal(counters->timeout_closes, 1);
	assert_int_equal(counters->failures, 0);
	fixture.target.silent = false;
	fixture_login(&fixture);
	assert_int_equal(fixture.ups, 1);
	assert_int_equal(counters->login_failures, 2);
	fixture_free(&fixture);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(traffic_of_commands_is_that_of_the_session),
	cmocka_unit_test(time_goes_into_sending_receiving_or_neither),
	cmocka_unit_test(sessions_that_fail_are_counted_by_kind),
	cmocka_unit_test(logins_that_fail_are_counted_apart),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
