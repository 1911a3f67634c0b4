// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsi-session.c - a whole session against a target that follows a script of any bytes.
 *
 * Each step of the script is a letter and its arguments: what the target says, what our side
 * asks for, or time that goes by. PDUs of the target get the task tag, StatSN and window they
 * need to be looked at, unless the script says otherwise. Checked is what must hold whatever a
 * target does: every request ends exactly once, no byte outside of a buffer is touched, what is
 * sent is a stream of PDUs, nothing goes on without end.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "iscsi/iscsi.h"
#include "iscsi/scsi.h"
#include "iscsi/wire.h"
#include "shared/cleanup.h"

enum { TASKS = 4, BUFFER = 600, GUARD = 16, STEPS = 200, CALLS = 20000 };
#define SECOND 1000000000ULL

struct job {
	struct iscsi_task task; /* first */
	bool busy;
	uint8_t buffer[BUFFER + GUARD];
};

struct world {
	struct iscsi_io io; /* first */
	const uint8_t *script, *end;
	struct iscsi_session *session;
	struct job jobs[TASKS];
	struct iscsi_discovery discovery;
	bool searching, in_session;
	unsigned int ups, downs, logins, calls;
	/* The connection. */
	bool connecting, connected, hung_up;
	uint64_t now, wake;
	uint8_t *said; /* by the target, not read yet */
	size_t said_length, portion;
	uint8_t heard[BHS_SIZE]; /* last header of ours */
	uint32_t last_itt, last_ttt;
	size_t heard_have, heard_data;
	bool header_digest, data_digest;
	uint32_t stat_sn;
	uint8_t scratch[1024];
};

static struct world *world_of(struct iscsi_io *io)
{
	return (struct world *)io;
}

/* --- The io ------------------------------------------------------------------------------ */

static int io_connect(struct iscsi_io *io, const struct iscsi_portal *portal,
		      uint64_t deadline)
{
	struct world *world = world_of(io);

	(void)deadline;
	CHECK(portal->host[0] && portal->port && !world->connected);
	world->connecting = true;
	world->hung_up = false;
	world->said_length = 0;
	world->heard_have = world->heard_data = 0;
	world->header_digest = world->data_digest = false;
	world->stat_sn = 1;
	return 0;
}

static void hear_header(struct world *world)
{
	const uint8_t *bhs = world->heard;
	uint32_t length = get24(bhs + AT_DATA_LENGTH);

	world->last_itt = get32(bhs + AT_ITT);
	world->last_ttt = get32(bhs + AT_TTT);
	CHECK((bhs[AT_OPCODE] & 0x20) == 0); /* an initiator's */
	world->heard_data = 4U * bhs[AT_AHS_LENGTH] + (world->header_digest ? 4 : 0) +
			    length + pad_of(length) +
			    (world->data_digest && length ? 4 : 0);
	world->heard_have = 0;
}

static void hear(struct world *world, const uint8_t *bytes, size_t length)
{
	while (length) {
		size_t n = world->heard_data ? world->heard_data
					     : BHS_SIZE - world->heard_have;

		if (n > length)
			n = length;
		if (world->heard_data) {
			world->heard_data -= n;
		} else {
			memcpy(world->heard + world->heard_have, bytes, n);
			world->heard_have += n;
			if (world->heard_have == BHS_SIZE)
				hear_header(world);
		}
		bytes += n;
		length -= n;
	}
}

static ssize_t io_send(struct iscsi_io *io, const struct iovec *iov, int count)
{
	struct world *world = world_of(io);
	ssize_t total = 0;

	CHECK(world->connected && ++world->calls < CALLS);
	for (int i = 0; i < count; i++) {
		hear(world, iov[i].iov_base, iov[i].iov_len);
		total += (ssize_t)iov[i].iov_len;
	}
	return total;
}

static ssize_t io_recv(struct iscsi_io *io, const struct iovec *iov, int count)
{
	struct world *world = world_of(io);
	size_t room = world->said_length < world->portion ? world->said_length
							  : world->portion;
	size_t got = 0;

	CHECK(world->connected && ++world->calls < CALLS);
	if (!room)
		return world->hung_up ? 0 : -EAGAIN;
	for (int i = 0; i < count && got < room; i++) {
		size_t n = iov[i].iov_len < room - got ? iov[i].iov_len : room - got;

		memcpy(iov[i].iov_base, world->said + got, n);
		got += n;
	}
	memmove(world->said, world->said + got, world->said_length - got);
	world->said_length -= got;
	return (ssize_t)got;
}

static void io_close(struct iscsi_io *io)
{
	world_of(io)->connecting = world_of(io)->connected = false;
}

static void io_free(struct iscsi_io *io)
{
	io_close(io);
	world_of(io)->session = NULL;
}

static uint64_t io_now(struct iscsi_io *io)
{
	return world_of(io)->now;
}

static void io_wake_at(struct iscsi_io *io, uint64_t when)
{
	world_of(io)->wake = when;
}

static int io_random(struct iscsi_io *io, void *out, size_t size)
{
	(void)io;
	memset(out, 0x42, size);
	return 0;
}

static const struct iscsi_io_ops io_ops = { io_connect, io_send, io_recv,    io_close,
					    io_free,	io_now,	 io_wake_at, io_random };

/* --- What our side is told --------------------------------------------------------------- */

static void up(struct iscsi_session *session, void *user)
{
	struct world *world = user;
	const uint32_t *value = iscsi_session_result(session)->params.value;

	world->ups++;
	world->header_digest = value[ISCSI_HEADER_DIGEST];
	world->data_digest = value[ISCSI_DATA_DIGEST];
}

static void down(struct iscsi_session *session, void *user,
		 const struct iscsi_error *error)
{
	struct world *world = user;

	(void)session;
	world->downs++;
	CHECK(world->downs == world->logins && !world->searching);
	if (error)
		CHECK(error->kind != ISCSI_FAILED_NOTHING && error->text[0] &&
		      memchr(error->text, 0, sizeof(error->text)));
	for (int i = 0; i < TASKS; i++)
		CHECK(!world->jobs[i].busy);
}

static const struct iscsi_session_ops session_ops = { up, down, NULL };

static void job_done(struct iscsi_task *task)
{
	struct job *job = (struct job *)task;

	CHECK(job->busy);
	job->busy = false;
	if (!task->error) {
		CHECK(task->transferred <= BUFFER &&
		      task->sense_length <= ISCSI_SENSE_MAX);
		CHECK(task->sense_length <= task->sense_full);
	}
	for (int i = 0; i < GUARD; i++)
		CHECK(job->buffer[BUFFER + i] == 0x5a);
}

static void found(struct iscsi_discovery *discovery, const struct iscsi_found *target)
{
	(void)discovery;
	CHECK(!iscsi_name_check(target->name, NULL) && target->portal_count <= 1024);
}

static void searched(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	struct world *world = discovery->user;

	(void)error;
	CHECK(world->searching);
	world->searching = false;
}

/* --- The script -------------------------------------------------------------------------- */

static uint8_t next(struct world *world)
{
	return world->script < world->end ? *world->script++ : 0;
}

static void say(struct world *world, const void *bytes, size_t length)
{
	uint8_t *more = realloc(world->said, world->said_length + length + 1);

	CHECK(more);
	memcpy(more + world->said_length, bytes, length);
	world->said = more;
	world->said_length += length;
}

/* As many bytes of the script as its next byte says; the rest is missing. */
static const uint8_t *take_bytes(struct world *world, size_t *length)
{
	size_t n = next(world), left = (size_t)(world->end - world->script);
	const uint8_t *at = world->script;

	if (n == 255)
		n += 4U * next(world);
	*length = n < left ? n : left;
	world->script += *length;
	return at;
}

static void say_pdu(struct world *world, uint8_t bhs[BHS_SIZE], bool advance)
{
	static const uint8_t zeros[4];
	size_t length;
	const uint8_t *data = take_bytes(world, &length);

	put24(bhs + AT_DATA_LENGTH, (uint32_t)length);
	put32(bhs + AT_STAT_SN, world->stat_sn);
	put32(bhs + AT_MAX_CMD_SN, 1000);
	world->stat_sn += advance;
	say(world, bhs, BHS_SIZE);
	say(world, data, length);
	say(world, zeros, pad_of((uint32_t)length));
}

static void say_login(struct world *world)
{
	uint8_t bhs[BHS_SIZE] = { OP_LOGIN_RESPONSE };

	bhs[AT_FLAGS] = next(world);
	memcpy(bhs + AT_ISID, "\x80\x01\x02\x03\x04\x05", 6);
	put16(bhs + AT_TSIH, 9);
	put32(bhs + AT_ITT, world->last_itt);
	bhs[AT_STATUS_CLASS] = next(world) & 3;
	say_pdu(world, bhs, true);
}

/* Opcode, flags, and the fields that matter most. */
static void say_response(struct world *world)
{
	uint8_t bhs[BHS_SIZE] = { 0 };

	bhs[AT_OPCODE] = next(world) & OPCODE_MASK;
	bhs[AT_FLAGS] = next(world);
	bhs[AT_RESPONSE] = next(world);
	bhs[AT_STATUS] = next(world);
	put32(bhs + AT_ITT, world->last_itt);
	put32(bhs + AT_TTT, next(world) & 1 ? NO_TAG : 7);
	put32(bhs + AT_DATA_SN, next(world));
	put32(bhs + AT_BUFFER_OFFSET, next(world) * 4U);
	put32(bhs + AT_RESIDUAL, next(world) * 4U);
	say_pdu(world, bhs, next(world) & 1);
}

static void submit(struct world *world, bool write)
{
	struct job *job = &world->jobs[next(world) % TASKS];

	if (job->busy)
		return;
	memset(&job->task, 0, sizeof(job->task));
	scsi_inquiry(&job->task, -1, BUFFER);
	job->task.cdb_length = next(world) & 1 ? 6 : 32;
	if (write)
		job->task.out = job->buffer;
	else
		job->task.in = job->buffer;
	*(write ? &job->task.out_length : &job->task.in_length) = BUFFER;
	job->task.deadline = world->now + SECOND;
	job->task.done = job_done;
	job->busy = !iscsi_session_submit(world->session, &job->task);
}

static void discover(struct world *world)
{
	world->discovery = (struct iscsi_discovery){ .deadline = world->now + SECOND,
						     .max_targets = 50,
						     .found = found,
						     .done = searched,
						     .user = world };
	if (!world->searching)
		world->searching = !iscsi_session_discover(world->session,
							   &world->discovery);
}

static void log_in(struct world *world)
{
	struct iscsi_config config;
	uint8_t how = next(world);

	iscsi_config_init(&config);
	config.initiator_name = "iqn.2003-01.org.example:i";
	config.target_name = how & 1 ? NULL : "iqn.2003-01.org.example:t";
	CHECK(!iscsi_portal_parse("192.0.2.1", &config.portal));
	memcpy(config.isid, "\x80\x01\x02\x03\x04\x05", 6);
	config.params.value[ISCSI_HEADER_DIGEST] = how & 2 ? ISCSI_DIGEST_NONE_CRC32C : 0;
	config.params.value[ISCSI_MAX_OUTSTANDING_R2T] = 3;
	config.ping_interval = how & 4 ? SECOND / 4 : 0;
	if (how & 8) {
		config.auth.name = "u";
		config.auth.secret = "s";
		config.auth.secret_length = 1;
	}
	if (how & 16) {
		config.auth.target_secret = "t";
		config.auth.target_secret_length = 1;
	}
	if (!iscsi_session_login(world->session, &config, world->now + 5 * SECOND))
		world->logins++;
}

static void say_anything(struct world *world)
{
	size_t length;
	const uint8_t *bytes = take_bytes(world, &length);

	say(world, bytes, length);
}

static void read_something(struct world *world)
{
	submit(world, false);
}

static void write_something(struct world *world)
{
	submit(world, true);
}

static void cancel(struct world *world)
{
	iscsi_task_cancel(&world->jobs[next(world) % TASKS].task);
}

static void log_out(struct world *world)
{
	iscsi_session_logout(world->session, world->now + SECOND);
}

static void hang_up(struct world *world)
{
	world->hung_up = true;
}

static void set_portion(struct world *world)
{
	world->portion = next(world) + 1U;
}

static void wait_a_while(struct world *world)
{
	world->now += next(world) * (SECOND / 50);
}

static const struct {
	char letter;
	void (*act)(struct world *world);
} steps[] = {
	{ 'i', log_in },	 { 'L', say_login },	   { 'R', say_response },
	{ 'B', say_anything },	 { 'H', hang_up },	   { 'p', set_portion },
	{ 'r', read_something }, { 'w', write_something }, { 'c', cancel },
	{ 'd', discover },	 { 'o', log_out },	   { 't', wait_a_while },
};

static void act(struct world *world)
{
	uint8_t letter = next(world);

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (letter == (uint8_t)steps[i].letter)
			steps[i].act(world);
}

/* Everything that can happen now, happens. */
static void settle(struct world *world)
{
	for (int i = 0; i < 1000 && world->session; i++) {
		if (world->connecting) {
			world->connecting = false;
			world->connected = true;
			iscsi_session_connected(world->session, NULL);
		} else if (world->connected && (world->said_length || world->hung_up)) {
			iscsi_session_readable(world->session);
		} else if (world->wake <= world->now) {
			world->wake = ISCSI_NO_DEADLINE;
			iscsi_session_tick(world->session);
		} else {
			return;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *world = calloc(1, sizeof(*world));

	CHECK(world);
	world->io = (struct iscsi_io){ &io_ops, NULL, world->scratch,
				       sizeof(world->scratch) };
	world->script = data;
	world->end = data + size;
	world->now = SECOND;
	world->wake = ISCSI_NO_DEADLINE;
	world->portion = SIZE_MAX;
	for (int i = 0; i < TASKS; i++)
		memset(world->jobs[i].buffer, 0x5a, sizeof(world->jobs[i].buffer));
	CHECK(!iscsi_session_new(&world->io, &session_ops, world, &world->session));
	for (int i = 0; i < STEPS && world->script < world->end; i++) {
		act(world);
		settle(world);
	}
	/* Whatever is under way ends by itself, in time. */
	for (int i = 0; i < 100 && world->logins > world->downs; i++) {
		world->hung_up = i == 50;
		world->now += SECOND;
		settle(world);
	}
	CHECK(world->downs == world->logins);
	iscsi_session_free(world->session);
	CHECK(!world->session);
	free(world->said);
	free(world);
	return 0;
}
