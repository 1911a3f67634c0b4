// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsi-data.c - the data phase of SCSI commands, against a target that follows a script.
 *
 * The first bytes choose what is negotiated; the target logs us in as it should. Then each step of
 * the script is a letter and its arguments. PDUs of the target are right unless an argument that
 * is not 0 makes a field wrong. Checked is, byte by byte, what the engine sends (each write
 * within what was agreed on or asked for, in order, with the right bytes) and what it delivers
 * (each read in order, within its buffer, with residuals that add up), and that every command
 * ends once.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "iscsi/crc32c.h"
#include "iscsi/iscsi.h"
#include "iscsi/wire.h"
#include "shared/cleanup.h"

enum { JOBS = 4, BUFFER = 5000, GUARD = 32, STEPS = 300, CALLS = 50000, BURSTS = 16 };
#define SECOND	 1000000000ULL
#define GUARDING 0x5a

/* What the target may be sent for a write: a burst it asked for, or the unsolicited data. */
struct burst {
	uint32_t ttt, at, end, data_sn;
};

struct job {
	struct iscsi_task task; /* first */
	bool busy, write, sent; /* sent: the target has the command */
	uint8_t number;		/* tells it from those before it */
	uint32_t itt, length;
	uint32_t moved;	  /* read: bytes the target has sent in order */
	uint32_t data_sn; /* of its next Data-In or R2T */
	uint32_t asked;	  /* write: bytes it has asked for */
	struct burst bursts[BURSTS];
	unsigned int burst_count;
	uint8_t buffer[BUFFER + GUARD];
};

struct world {
	struct iscsi_io io; /* first */
	const uint8_t *script, *end;
	struct iscsi_session *session;
	struct job jobs[JOBS];
	uint32_t value[ISCSI_PARAM_COUNT]; /* what is negotiated */
	unsigned int downs, calls;
	bool connected, up, hung_up, damage;
	uint64_t now, wake;
	uint8_t *said; /* by the target, not read yet */
	size_t said_length, portion;
	uint8_t heard[BUFFER + 4096];
	size_t heard_length;
	uint32_t stat_sn, max_recv;
	uint8_t scratch[1024];
};

static struct world *world_of(struct iscsi_io *io)
{
	return (struct world *)io;
}

static uint8_t pattern(uint32_t at)
{
	return (uint8_t)(at * 7 + at / 256);
}

static uint8_t next(struct world *world)
{
	return world->script < world->end ? *world->script++ : 0;
}

/* --- What the target says ---------------------------------------------------------------- */

static void say(struct world *world, const void *bytes, size_t length)
{
	uint8_t *more = realloc(world->said, world->said_length + length + 1);

	CHECK(more);
	memcpy(more + world->said_length, bytes, length);
	world->said = more;
	world->said_length += length;
}

static void say_digest(struct world *world, const void *bytes, size_t length)
{
	uint8_t digest[DIGEST_SIZE];

	iscsi_crc32c_put(digest, iscsi_crc32c(CRC32C_START, bytes, length));
	digest[0] ^= world->damage;
	world->damage = false;
	say(world, digest, sizeof(digest));
}

static void say_pdu(struct world *world, uint8_t bhs[BHS_SIZE], const uint8_t *data,
		    uint32_t length, bool advance)
{
	uint8_t padded[BUFFER + 256] = { 0 };

	put24(bhs + AT_DATA_LENGTH, length);
	put32(bhs + AT_STAT_SN, world->stat_sn);
	put32(bhs + AT_EXP_CMD_SN, 1);
	put32(bhs + AT_MAX_CMD_SN, 1000);
	world->stat_sn += advance;
	say(world, bhs, BHS_SIZE);
	if (world->up && world->value[ISCSI_HEADER_DIGEST])
		say_digest(world, bhs, BHS_SIZE);
	if (!length)
		return;
	memcpy(padded, data, length);
	say(world, padded, length + pad_of(length));
	if (world->up && world->value[ISCSI_DATA_DIGEST])
		say_digest(world, padded, length + pad_of(length));
}

static void say_logged_in(struct world *world, const uint8_t *request)
{
	uint8_t bhs[BHS_SIZE] = { OP_LOGIN_RESPONSE, 0x87 };
	char text[1024];
	size_t length = 0;

	for (int i = 0; i < ISCSI_PARAM_COUNT; i++) {
		const struct iscsi_param_info *info = iscsi_param_info(
			(enum iscsi_param)i);
		const char *word = i <= ISCSI_DATA_DIGEST
					   ? (world->value[i] ? "CRC32C" : "None")
					   : (world->value[i] ? "Yes" : "No");
		char number[16];

		snprintf(number, sizeof(number), "%u",
			 i == ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH ? world->max_recv
								 : world->value[i]);
		if (!info->boolean && i > ISCSI_DATA_DIGEST)
			word = number;
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s=%s",
					   info->name, word) +
			  1;
	}
	memcpy(bhs + AT_ISID, request + AT_ISID, 6);
	put16(bhs + AT_TSIH, 9);
	memcpy(bhs + AT_ITT, request + AT_ITT, 4);
	say_pdu(world, bhs, (uint8_t *)text, (uint32_t)length, true);
}

/* --- What the target hears ---------------------------------------------------------------- */

static struct job *job_by_tag(struct world *world, uint32_t itt)
{
	for (int i = 0; i < JOBS; i++)
		if (world->jobs[i].sent && world->jobs[i].itt == itt)
			return &world->jobs[i];
	return NULL;
}

static void check_written(const uint8_t *data, uint32_t at, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		CHECK(data[i] == pattern(at + i));
}

static void check_immediate(const struct world *world, const struct job *job,
			    uint32_t length)
{
	CHECK(length <= world->max_recv && length <= job->length);
	if (!length)
		return;
	CHECK(job->write && world->value[ISCSI_IMMEDIATE_DATA]);
	CHECK(length <= world->value[ISCSI_FIRST_BURST_LENGTH]);
}

/* The command itself; its CDB says which it is. */
static void hear_command(struct world *world, const uint8_t *bhs, const uint8_t *data,
			 uint32_t length)
{
	const uint32_t *value = world->value;
	struct job *job = &world->jobs[bhs[AT_CDB + 1] % JOBS];
	uint32_t first = value[ISCSI_FIRST_BURST_LENGTH];

	if (!job->busy || bhs[AT_CDB + 2] != job->number)
		return; /* cancelled in the middle of being sent */
	CHECK(!job->sent && get32(bhs + AT_EXPECTED_LENGTH) == job->length);
	job->sent = true;
	job->itt = get32(bhs + AT_ITT);
	check_immediate(world, job, length);
	check_written(data, 0, length);
	job->asked = length;
	if (bhs[AT_FLAGS] & FINAL)
		return;
	CHECK(job->write && !value[ISCSI_INITIAL_R2T]);
	job->asked = first < job->length ? first : job->length;
	job->bursts[job->burst_count++] = (struct burst){ NO_TAG, length, job->asked, 0 };
}

static void hear_data(struct world *world, const uint8_t *bhs, const uint8_t *data,
		      uint32_t length)
{
	struct job *job = job_by_tag(world, get32(bhs + AT_ITT));
	struct burst *burst;

	if (!job) /* it ended while this was on its way */
		return;
	CHECK(job->write && job->burst_count && length && length <= world->max_recv);
	burst = &job->bursts[0];
	CHECK(get32(bhs + AT_TTT) == burst->ttt);
	CHECK(get32(bhs + AT_DATA_SN) == burst->data_sn);
	CHECK(get32(bhs + AT_BUFFER_OFFSET) == burst->at);
	CHECK(length <= burst->end - burst->at);
	check_written(data, burst->at, length);
	burst->data_sn++;
	burst->at += length;
	CHECK(!(bhs[AT_FLAGS] & FINAL) == (burst->at != burst->end));
	if (burst->at == burst->end)
		memmove(burst, burst + 1, --job->burst_count * sizeof(*burst));
}

static void hear_pdu(struct world *world, const uint8_t *bhs, const uint8_t *data,
		     uint32_t length)
{
	switch (bhs[AT_OPCODE] & OPCODE_MASK) {
	case OP_LOGIN:
		say_logged_in(world, bhs);
		world->up = true;
		break;
	case OP_COMMAND:
		hear_command(world, bhs, data, length);
		break;
	case OP_DATA_OUT:
		hear_data(world, bhs, data, length);
		break;
	default: /* aborts are not answered, which ends the session in time */
		break;
	}
}

static size_t digest_size(const struct world *world, enum iscsi_param param)
{
	return world->up && world->value[param] ? DIGEST_SIZE : 0;
}

static void check_digest(const uint8_t *bytes, size_t length)
{
	uint8_t digest[DIGEST_SIZE];

	iscsi_crc32c_put(digest, iscsi_crc32c(CRC32C_START, bytes, length));
	CHECK(!memcmp(digest, bytes + length, sizeof(digest)));
}

/* Whether there was a whole PDU. */
static bool hear_next(struct world *world)
{
	const uint8_t *bhs = world->heard, *data;
	size_t header = BHS_SIZE + digest_size(world, ISCSI_HEADER_DIGEST), total;
	uint32_t length;

	if (world->heard_length < header)
		return false;
	length = get24(bhs + AT_DATA_LENGTH);
	data = bhs + header;
	total = header + length + pad_of(length) +
		(length ? digest_size(world, ISCSI_DATA_DIGEST) : 0);
	CHECK(!bhs[AT_AHS_LENGTH] && total <= sizeof(world->heard));
	if (world->heard_length < total)
		return false;
	if (header > BHS_SIZE)
		check_digest(bhs, BHS_SIZE);
	if (length && digest_size(world, ISCSI_DATA_DIGEST))
		check_digest(data, length + pad_of(length));
	hear_pdu(world, bhs, data, length);
	memmove(world->heard, world->heard + total, world->heard_length - total);
	world->heard_length -= total;
	return true;
}

/* --- The io ------------------------------------------------------------------------------ */

static int io_connect(struct iscsi_io *io, const struct iscsi_portal *portal,
		      uint64_t deadline)
{
	(void)portal;
	(void)deadline;
	world_of(io)->stat_sn = 1;
	return 0;
}

static void hear(struct world *world, const uint8_t *bytes, size_t length)
{
	while (length) {
		size_t part = sizeof(world->heard) - world->heard_length;

		part = part < length ? part : length;
		CHECK(part);
		memcpy(world->heard + world->heard_length, bytes, part);
		world->heard_length += part;
		bytes += part;
		length -= part;
		while (hear_next(world))
			;
	}
}

static ssize_t io_send(struct iscsi_io *io, const struct iovec *iov, int count)
{
	struct world *world = world_of(io);
	size_t room = world->portion;

	CHECK(world->connected && ++world->calls < CALLS);
	for (int i = 0; i < count && room; i++) {
		size_t n = iov[i].iov_len < room ? iov[i].iov_len : room;

		hear(world, iov[i].iov_base, n);
		room -= n;
	}
	return (ssize_t)(world->portion - room);
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
	world_of(io)->connected = false;
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

/* --- Our side ---------------------------------------------------------------------------- */

static void down(struct iscsi_session *session, void *user,
		 const struct iscsi_error *error)
{
	struct world *world = user;

	(void)session;
	CHECK(error && error->text[0]);
	world->downs++;
	for (int i = 0; i < JOBS; i++)
		CHECK(!world->jobs[i].busy);
}

static const struct iscsi_session_ops session_ops = { NULL, down, NULL };

static void check_read(const struct job *job)
{
	const struct iscsi_task *task = &job->task;

	CHECK(task->transferred <= job->moved && task->transferred <= job->length);
	for (uint32_t i = 0; i < task->transferred; i++)
		CHECK(job->buffer[i] == pattern(i));
	if (!task->status && !task->overflow)
		CHECK(task->transferred + task->residual == job->length);
}

static void job_done(struct iscsi_task *task)
{
	struct job *job = (struct job *)task;

	CHECK(job->busy);
	job->busy = job->sent = false;
	for (uint32_t i = job->length; i < BUFFER + GUARD; i++)
		CHECK(job->write || job->buffer[i] == GUARDING);
	if (!task->error && !job->write)
		check_read(job);
	if (!task->error)
		CHECK(task->sense_length <= ISCSI_SENSE_MAX);
}

static void submit(struct world *world, bool write)
{
	unsigned int place = next(world) % JOBS;
	struct job *job = &world->jobs[place];
	uint32_t length = next(world) * 20U;
	uint8_t number = job->number + 1;

	if (job->busy || length > BUFFER)
		return;
	memset(job, 0, sizeof(*job));
	memset(job->buffer, GUARDING, sizeof(job->buffer));
	for (uint32_t i = 0; write && i < length; i++)
		job->buffer[i] = pattern(i);
	job->write = write;
	job->length = length;
	job->task.cdb[0] = write ? 0x2a : 0x28;
	job->number = number;
	job->task.cdb[1] = (uint8_t)place;
	job->task.cdb[2] = number;
	job->task.cdb_length = 10;
	if (write) {
		job->task.out = job->buffer;
		job->task.out_length = length;
	} else {
		job->task.in = job->buffer;
		job->task.in_length = length;
	}
	job->task.deadline = world->now + 5 * SECOND;
	job->task.done = job_done;
	job->busy = true;
	if (iscsi_session_submit(world->session, &job->task))
		job->busy = false;
}

/* --- The script -------------------------------------------------------------------------- */

static void read_something(struct world *world)
{
	submit(world, false);
}

static void write_something(struct world *world)
{
	submit(world, true);
}

static void begin_pdu(const struct job *job, uint8_t bhs[BHS_SIZE], uint8_t opcode)
{
	memset(bhs, 0, BHS_SIZE);
	bhs[AT_OPCODE] = opcode;
	bhs[AT_FLAGS] = FINAL;
	put32(bhs + AT_ITT, job->itt);
	put32(bhs + AT_TTT, NO_TAG);
}

/* job, length, flags, residual / 4, wrong offset, wrong number */
static void say_data(struct world *world)
{
	struct job *job = &world->jobs[next(world) % JOBS];
	uint32_t length = next(world) * 8U, offset;
	uint8_t bhs[BHS_SIZE], data[BUFFER], wrong;

	begin_pdu(job, bhs, OP_DATA_IN);
	bhs[AT_FLAGS] = next(world);
	put32(bhs + AT_RESIDUAL, next(world) * 4U);
	wrong = next(world);
	offset = job->moved + wrong;
	put32(bhs + AT_BUFFER_OFFSET, offset);
	put32(bhs + AT_DATA_SN, job->data_sn + next(world));
	for (uint32_t i = 0; i < length; i++)
		data[i] = pattern(offset + i);
	if (!wrong)
		job->moved += length;
	job->data_sn++;
	say_pdu(world, bhs, data, length, bhs[AT_FLAGS] & DATA_IN_STATUS);
}

/* job, length, wrong offset, wrong number */
static void ask_for_data(struct world *world)
{
	struct job *job = &world->jobs[next(world) % JOBS];
	uint32_t length = next(world) * 8U, wrong = next(world);
	uint8_t bhs[BHS_SIZE];

	begin_pdu(job, bhs, OP_R2T);
	put32(bhs + AT_TTT, job->data_sn + 1);
	put32(bhs + AT_BUFFER_OFFSET, job->asked + wrong);
	put32(bhs + AT_DESIRED_LENGTH, length);
	if (job->sent && job->burst_count < BURSTS)
		job->bursts[job->burst_count++] = (struct burst){
			job->data_sn + 1, job->asked, job->asked + length, 0
		};
	job->asked += length;
	put32(bhs + AT_DATA_SN, job->data_sn++ + next(world));
	say_pdu(world, bhs, NULL, 0, false);
}

/* job, response, status, flags, residual / 4, bytes of sense data, bytes that are missing */
static void say_response(struct world *world)
{
	const struct job *job = &world->jobs[next(world) % JOBS];
	uint8_t bhs[BHS_SIZE], data[300] = { 0 };
	uint32_t sense, missing;

	begin_pdu(job, bhs, OP_RESPONSE);
	bhs[AT_RESPONSE] = next(world);
	bhs[AT_STATUS] = next(world);
	bhs[AT_FLAGS] = FINAL | next(world);
	put32(bhs + AT_RESIDUAL, next(world) * 4U);
	sense = next(world);
	missing = next(world);
	put16(data, (uint16_t)(sense + missing));
	memset(data + 2, 0x70, sense);
	say_pdu(world, bhs, data, sense ? sense + 2 : 0, true);
}

static void cancel(struct world *world)
{
	struct job *job = &world->jobs[next(world) % JOBS];

	job->sent = false;
	iscsi_task_cancel(&job->task);
}

static void set_portion(struct world *world)
{
	world->portion = next(world) + 1U;
}

static void damage(struct world *world)
{
	world->damage = true;
}

static void hang_up(struct world *world)
{
	world->hung_up = true;
}

static void wait_a_while(struct world *world)
{
	world->now += next(world) * (SECOND / 50);
}

static const struct {
	char letter;
	void (*act)(struct world *world);
} steps[] = {
	{ 'r', read_something }, { 'w', write_something }, { 'D', say_data },
	{ 'R', ask_for_data },	 { 'S', say_response },	   { 'c', cancel },
	{ 'p', set_portion },	 { 'x', damage },	   { 'H', hang_up },
	{ 't', wait_a_while },
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
	for (int i = 0; i < 1000 && world->connected; i++) {
		iscsi_session_writable(world->session);
		if (world->connected && (world->said_length || world->hung_up))
			iscsi_session_readable(world->session);
		else if (world->connected && world->wake <= world->now)
			iscsi_session_tick(world->session);
		else
			return;
	}
}

/* What is negotiated: digests, bursts, R2Ts, as the first bytes say. */
static void choose_values(struct world *world)
{
	struct iscsi_params params;
	uint8_t flags = next(world);

	iscsi_params_default(&params);
	memcpy(world->value, params.value, sizeof(world->value));
	world->value[ISCSI_HEADER_DIGEST] = flags & 1;
	world->value[ISCSI_DATA_DIGEST] = flags >> 1 & 1;
	world->value[ISCSI_INITIAL_R2T] = flags >> 2 & 1;
	world->value[ISCSI_IMMEDIATE_DATA] = flags >> 3 & 1;
	world->value[ISCSI_FIRST_BURST_LENGTH] = 512 + next(world) * 8U;
	world->value[ISCSI_MAX_BURST_LENGTH] = world->value[ISCSI_FIRST_BURST_LENGTH] +
					       next(world) * 8U;
	world->value[ISCSI_MAX_OUTSTANDING_R2T] = 1 + (flags >> 4 & 7);
	world->max_recv = 512 + next(world) * 4U;
}

static void log_in(struct world *world)
{
	struct iscsi_config config;

	iscsi_config_init(&config);
	config.initiator_name = "iqn.2003-01.org.example:i";
	config.target_name = "iqn.2003-01.org.example:t";
	CHECK(!iscsi_portal_parse("192.0.2.1", &config.portal));
	memcpy(config.isid, "\x80\x01\x02\x03\x04\x05", 6);
	memcpy(config.params.value, world->value, sizeof(world->value));
	CHECK(!iscsi_session_login(world->session, &config, world->now + 5 * SECOND));
	world->connected = true;
	iscsi_session_connected(world->session, NULL);
	settle(world);
	CHECK(iscsi_session_is_up(world->session));
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
	choose_values(world);
	CHECK(!iscsi_session_new(&world->io, &session_ops, world, &world->session));
	log_in(world);
	for (int i = 0; i < STEPS && world->script < world->end && !world->downs; i++) {
		act(world);
		settle(world);
	}
	/* Whatever is under way ends by itself, in time. */
	world->portion = SIZE_MAX;
	world->now += 6 * SECOND;
	settle(world);
	for (int i = 0; i < JOBS; i++)
		CHECK(!world->jobs[i].busy);
	iscsi_session_free(world->session);
	CHECK(!world->session);
	free(world->said);
	free(world);
	return 0;
}
