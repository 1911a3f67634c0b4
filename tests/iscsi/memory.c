// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * memory.c - every allocation of the engine fails once: what is asked for ends in an error, and
 * afterwards everything works again.
 *
 * The linker puts the functions below in front of malloc(3) and its family (--wrap).
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/loop.h"
#include "iscsi/resolve.h"
#include "iscsi/scsi.h"
#include "iscsi/tcp.h"
#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

/* The allocation with this number fails; 0: none. Only the engine's are counted. */
static unsigned int failing, counted;

static bool fails(void)
{
	return target_in_engine && failing && ++counted == failing;
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

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

static bool failed(void)
{
	return counted >= failing;
}

/* Call the engine. */
#define ENGINE(call)                      \
	({                                \
		__typeof__(call) result_; \
		target_in_engine = true;  \
		result_ = (call);         \
		target_in_engine = false; \
		result_;                  \
	})

struct work {
	struct iscsi_task task; /* first */
	unsigned int done, errors;
	enum iscsi_failure kind;
	uint8_t data[20000];
};

static void work_done(struct iscsi_task *task)
{
	struct work *work = (struct work *)task;

	work->done++;
	work->errors += task->error != NULL;
	work->kind = task->error ? task->error->kind : ISCSI_FAILED_NOTHING;
}

static void prepare(struct work *work, struct fixture *fixture, bool write)
{
	memset(work, 0, sizeof(*work));
	work->task.cdb[0] = write ? 0x2a : 0x28;
	work->task.cdb_length = 20; /* with an additional header */
	work->task.deadline = fixture->target.now + SECONDS;
	work->task.done = work_done;
	work->task.in = write ? NULL : work->data;
	work->task.in_length = write ? 0 : sizeof(work->data);
	work->task.out = write ? work->data : NULL;
	work->task.out_length = write ? sizeof(work->data) : 0;
}

static unsigned int searches_done;

static void found(struct iscsi_discovery *discovery, const struct iscsi_found *target)
{
	(void)discovery;
	(void)target;
}

static void searched(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	(void)discovery;
	(void)error;
	searches_done++;
}

/* Whether the session is usable; if not, it must be down for the right reason. */
static bool is_up(const struct fixture *fixture)
{
	if (iscsi_session_is_up(fixture->session))
		return true;
	assert_true(failed());
	assert_int_equal(fixture->downs, 1);
	if (fixture->failed) {
		assert_int_equal(fixture->error.kind, ISCSI_FAILED_LOCAL);
		assert_int_equal(fixture->error.error, -ENOMEM);
	}
	return false;
}

static bool try_login(struct fixture *fixture)
{
	int err = ENGINE(iscsi_session_login(fixture->session, &fixture->config,
					     fixture->target.now + 10 * SECONDS));

	if (err) {
		assert_int_equal(err, -ENOMEM);
		return false;
	}
	target_run(&fixture->target);
	return is_up(fixture);
}

static bool try_command(struct fixture *fixture, bool write)
{
	static struct work work;
	int err;

	prepare(&work, fixture, write);
	err = ENGINE(iscsi_session_submit(fixture->session, &work.task));
	if (err) {
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(work.done, 0);
		return true; /* the session is not affected */
	}
	target_run(&fixture->target);
	assert_int_equal(work.done, 1);
	return is_up(fixture);
}

static bool try_cancel(struct fixture *fixture)
{
	static struct work work;

	prepare(&work, fixture, true);
	fixture->target.send_room = 100; /* in the middle of its PDU */
	if (ENGINE(iscsi_session_submit(fixture->session, &work.task))) {
		target_unblock(&fixture->target, NO_LIMIT);
		return true;
	}
	target_in_engine = true;
	iscsi_task_cancel(&work.task);
	target_in_engine = false;
	target_unblock(&fixture->target, NO_LIMIT);
	assert_int_equal(work.done, 1);
	return is_up(fixture);
}

static bool try_ping(struct fixture *fixture)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_NOP_IN, FINAL, NO_TAG);
	target_send(&fixture->target, bhs, "ping", 4, false);
	target_run(&fixture->target);
	if (!is_up(fixture))
		return false;
	target_advance(&fixture->target, 4 * SECONDS); /* time for one of ours */
	return is_up(fixture);
}

static bool try_search(struct fixture *fixture)
{
	struct iscsi_discovery discovery = { .found = found, .done = searched };
	int err;

	discovery.deadline = fixture->target.now + SECONDS;
	searches_done = 0;
	err = ENGINE(iscsi_session_discover(fixture->session, &discovery));
	if (err) {
		assert_int_equal(err, -ENOMEM);
		return true;
	}
	target_run(&fixture->target);
	assert_int_equal(searches_done, 1);
	return is_up(fixture);
}

static void try_logout(struct fixture *fixture)
{
	int err = ENGINE(
		iscsi_session_logout(fixture->session, fixture->target.now + SECONDS));

	if (err) {
		assert_int_equal(err, -ENOMEM);
		assert_true(iscsi_session_is_up(fixture->session));
		return;
	}
	target_run(&fixture->target);
	assert_int_equal(fixture->downs, 1);
}

static void try_everything(struct fixture *fixture)
{
	if (try_login(fixture) && try_command(fixture, false) &&
	    try_command(fixture, true) && try_cancel(fixture) && try_ping(fixture) &&
	    try_search(fixture))
		try_logout(fixture);
}

/* The answer to SendTargets comes in two PDUs, cut in the middle of a pair. */
static bool cut_text(struct target *target, const struct pdu *pdu)
{
	static const char text[] = "TargetName=" TARGET_NAME
				   "\0TargetAddress=192.0.2.1:3260,1";
	bool first = get32(pdu->bhs + AT_TTT) == NO_TAG;
	uint8_t bhs[BHS_SIZE];

	if (opcode_of(pdu) != OP_TEXT)
		return false;
	target_pdu(bhs, OP_TEXT_RESPONSE, first ? TEXT_CONTINUE : FINAL,
		   get32(pdu->bhs + AT_ITT));
	put32(bhs + AT_TTT, first ? 5 : NO_TAG);
	target_send(target, bhs, first ? text : text + 50, first ? 50 : sizeof(text) - 50,
		    true);
	return true;
}

static void configure(struct fixture *fixture)
{
	fixture_init(fixture);
	fixture->target.secret = "secretsecret12";
	fixture->target.own_secret = "targetsecret34";
	fixture->target.extra = "TargetAlias=alias\0X-unknown=1";
	fixture->target.extra_length = 30;
	fixture->target.chunk = 100; /* PDUs have to be gathered */
	fixture->target.hook = cut_text;
	fixture->config.initiator_alias = "an alias";
	fixture->config.auth = (struct iscsi_auth){ .name = "user",
						    .secret = "secretsecret12",
						    .secret_length = 14,
						    .target_secret = "targetsecret34",
						    .target_secret_length = 14 };
	fixture->config.ping_interval = 3 * SECONDS;
}

/* Whether there is an allocation with this number. */
static bool fail_one(unsigned int number)
{
	struct fixture fixture;
	bool happened;

	configure(&fixture);
	failing = number;
	counted = 0;
	try_everything(&fixture);
	happened = failed();
	failing = 0;
	/* Whatever it was, it left nothing behind that is in the way. */
	if (!iscsi_session_is_up(fixture.session))
		fixture_up(&fixture);
	assert_true(try_command(&fixture, false));
	fixture_free(&fixture);
	return happened;
}

static void every_allocation_may_fail(void **state)
{
	unsigned int number = 1;

	(void)state;
	while (fail_one(number))
		number++;
	assert_true(number > 15);
}

static void a_session_that_cannot_be_made_leaves_its_io_alone(void **state)
{
	static const struct iscsi_session_ops ops = { 0 };
	struct iscsi_io io = { 0 };
	struct iscsi_session *session = NULL;

	(void)state;
	failing = 1;
	counted = 0;
	assert_int_equal(ENGINE(iscsi_session_new(&io, &ops, NULL, &session)), -ENOMEM);
	assert_null(session);
	failing = 0;
}

static void loops_transports_and_resolvers_need_memory(void **state)
{
	struct iscsi_resolver *resolver;
	struct iscsi_lookup *lookup;
	struct iscsi_loop *loop;
	struct iscsi_io *io;

	(void)state;
	for (failing = 1; failing <= 2; failing++) {
		counted = 0;
		assert_int_equal(ENGINE(iscsi_loop_new(&loop)), -ENOMEM);
	}
	failing = 0;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	for (failing = 1; failing <= 2; failing++) {
		counted = 0;
		assert_int_equal(ENGINE(iscsi_tcp_new(loop, NULL, &io)), -ENOMEM);
	}
	failing = 1;
	counted = 0;
	assert_int_equal(ENGINE(iscsi_resolver_new(loop, 1, &resolver)), -ENOMEM);
	failing = 0;
	assert_int_equal(iscsi_resolver_new(loop, 1, &resolver), 0);
	failing = 1;
	counted = 0;
	assert_int_equal(
		ENGINE(iscsi_resolve(resolver, "a.name", 1, NULL, NULL, &lookup)),
		-ENOMEM);
	failing = 0;
	iscsi_resolver_free(resolver);
	iscsi_loop_free(loop);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(a_session_that_cannot_be_made_leaves_its_io_alone),
		cmocka_unit_test(loops_transports_and_resolvers_need_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
