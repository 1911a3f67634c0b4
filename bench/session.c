// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - what sessions cost, against a stub target in a process of its own.
 *
 *   session              all of what follows
 *   session round-trips  login, INQUIRY, READ CAPACITY, REPORT LUNS, logout, one after the
 *                        other, against the bare round trips of the same sizes
 *   session chap         a login with CHAP (SHA-256), likewise
 *   session at-once      the same work with 64 sessions at a time
 *   session discovery    SendTargets with up to 20,000 targets
 *   session held         memory and time with up to 10,000 sessions held
 *   session read         sequential reading, with and without digests
 *
 * Where the build has libiscsi it does the same work in the same run. Ratios are what counts; times
 * depend on the machine.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "iscsi/scsi.h"
#include "iscsi/tcp.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "tests/iscsi/stub.h"

#define INITIATOR "iqn.2003-01.org.example:bench"
#define TARGET	  "iqn.2003-01.org.example:stub.0"
#define SECRET	  "secretsecret12"
#define SECONDS	  1000000000ULL
#define ROUNDS	  4000

static struct stub stub;
static struct iscsi_loop *loop;

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "session: %s failed\n", what);
	stub_stop(&stub);
	exit(1);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

static double milliseconds_since(uint64_t start)
{
	return (double)(iscsi_loop_now() - start) / 1e6;
}

static double cpu_milliseconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* --- Bare round trips -------------------------------------------------------------------- */

struct exchange {
	uint32_t request, answer;
};

static int connect_bare(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(stub.port) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0, "socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	must(!connect(fd, (struct sockaddr *)&address, sizeof(address)), "connect");
	return fd;
}

static void exchange(int fd, const struct exchange *e)
{
	static uint8_t out[65536], in[65536];
	struct stub_request request = { STUB_BARE, e->request, e->answer };

	memcpy(out, &request, sizeof(request));
	must(send(fd, out, e->request, MSG_NOSIGNAL) == (ssize_t)e->request, "send");
	for (uint32_t got = 0; got < e->answer;) {
		ssize_t n = recv(fd, in, sizeof(in), 0);

		must(n > 0, "recv");
		got += (uint32_t)n;
	}
}

static double run_bare(const struct exchange *exchanges, size_t count)
{
	uint64_t start = iscsi_loop_now();
	int fd = connect_bare();

	for (size_t i = 0; i < count; i++)
		exchange(fd, &exchanges[i]);
	close(fd);
	return milliseconds_since(start);
}

/* --- A session, step by step ------------------------------------------------------------- */

enum step { LOGIN, INQUIRY, CAPACITY, LUNS, LOGOUT };

struct flow {
	struct iscsi_session *session;
	struct iscsi_config config;
	struct iscsi_task task;
	uint8_t data[256];
	enum step step;
	unsigned int repeats; /* INQUIRY, READ CAPACITY and REPORT LUNS so many times */
	void (*ended)(struct flow *flow);
	uint64_t start;
	double took;
	bool done;
};

static void command(struct flow *flow);

static void command_done(struct iscsi_task *task)
{
	struct flow *flow = task->user;

	if (task->error)
		fprintf(stderr, "session: %s\n", task->error->text);
	must(!task->error && task->status == SCSI_GOOD && task->transferred, "command");
	flow->step++;
	if (flow->step == LOGOUT && --flow->repeats)
		flow->step = INQUIRY;
	if (flow->step == LOGOUT)
		must(!iscsi_session_logout(flow->session, iscsi_loop_now() + 5 * SECONDS),
		     "logout");
	else
		command(flow);
}

static void command(struct flow *flow)
{
	struct iscsi_task *task = &flow->task;

	if (flow->step == INQUIRY)
		scsi_inquiry(task, -1, 36);
	else if (flow->step == CAPACITY)
		scsi_read_capacity_10(task);
	else
		scsi_report_luns(task, SCSI_REPORT_LUS, 40);
	task->in = flow->data;
	task->in_length = flow->step == INQUIRY ? 36 : flow->step == CAPACITY ? 8 : 40;
	task->deadline = iscsi_loop_now() + 5 * SECONDS;
	task->done = command_done;
	task->user = flow;
	must(!iscsi_session_submit(flow->session, task), "submit");
}

static void flow_up(struct iscsi_session *session, void *user)
{
	struct flow *flow = user;

	if (flow->repeats) {
		flow->step = INQUIRY;
		command(flow);
	} else {
		must(!iscsi_session_logout(session, iscsi_loop_now() + 5 * SECONDS),
		     "logout");
	}
}

static void flow_down(struct iscsi_session *session, void *user,
		      const struct iscsi_error *error)
{
	struct flow *flow = user;

	(void)session;
	if (error)
		fprintf(stderr, "session: %s\n", error->text);
	must(!error, "session");
	flow->took = milliseconds_since(flow->start);
	flow->done = true;
	flow->ended(flow);
}

static const struct iscsi_session_ops flow_ops = { flow_up, flow_down, NULL };

static void flow_begin(struct flow *flow, unsigned int repeats)
{
	flow->repeats = repeats;
	flow->done = false;
	flow->start = iscsi_loop_now();
	must(!iscsi_session_login(flow->session, &flow->config,
				  flow->start + 10 * SECONDS),
	     "login");
}

static void configure(struct iscsi_config *config)
{
	iscsi_config_init(config);
	config->initiator_name = INITIATOR;
	config->target_name = TARGET;
	must(!iscsi_portal_parse(stub.portal, &config->portal), "portal");
	must(!iscsi_isid_random(config->isid), "isid");
}

static void flow_init(struct flow *flow, void (*ended)(struct flow *flow))
{
	struct iscsi_io *io;

	memset(flow, 0, sizeof(*flow));
	must(!iscsi_tcp_new(loop, NULL, &io), "tcp");
	must(!iscsi_session_new(io, &flow_ops, flow, &flow->session), "session");
	configure(&flow->config);
	flow->ended = ended;
}

static void stop_loop(struct flow *flow)
{
	(void)flow;
	iscsi_loop_stop(loop);
}

static void start_stub(const struct stub_config *config)
{
	must(!stub_start(&stub, config), "stub");
	must(!iscsi_loop_new(&loop), "loop");
}

static void stop_stub(void)
{
	iscsi_loop_free(loop);
	stub_stop(&stub);
}

/* --- Sequential, against bare round trips ------------------------------------------------ */

/* What one session sends and receives, found out with one. */
static size_t sizes_of(struct flow *flow, struct exchange exchanges[8],
		       unsigned int repeats, unsigned int login_rounds)
{
	const struct iscsi_counters *counters = iscsi_session_counters(flow->session);
	static const uint32_t answers[] = { 48 + 36, 48 + 8, 48 + 40 };
	uint64_t sent_before = counters->bytes_sent,
		 received_before = counters->bytes_received;
	size_t count = 0;
	uint32_t sent, received;

	flow_begin(flow, 0);
	iscsi_loop_run(loop);
	sent = (uint32_t)(counters->bytes_sent - sent_before) - 48;
	received = (uint32_t)(counters->bytes_received - received_before) - 48;
	for (unsigned int i = 0; i < login_rounds; i++)
		exchanges[count++] = (struct exchange){ sent / login_rounds,
							received / login_rounds };
	for (unsigned int i = 0; repeats && i < 3; i++)
		exchanges[count++] = (struct exchange){ 48, answers[i] };
	exchanges[count++] = (struct exchange){ 48, 48 };
	return count;
}

static void compare_with_bare(const char *what, struct flow *flow, unsigned int repeats,
			      unsigned int login_rounds, double bar)
{
	static double ours[ROUNDS], bare[ROUNDS];
	struct exchange exchanges[8];
	size_t count = sizes_of(flow, exchanges, repeats, login_rounds);

	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = run_bare(exchanges, count);
		flow_begin(flow, repeats);
		iscsi_loop_run(loop);
		ours[i] = flow->took;
	}
	printf("%s: %.4f ms; bare round trips %.4f ms; ratio %.3f (bar %.2f)\n", what,
	       median(ours, ROUNDS), median(bare, ROUNDS),
	       median(ours, ROUNDS) / median(bare, ROUNDS), bar);
}

static void bench_round_trips(void)
{
	struct stub_config config;
	struct flow flow;

	stub_config_init(&config);
	start_stub(&config);
	flow_init(&flow, stop_loop);
	compare_with_bare("login, logout", &flow, 0, 1, 1.20);
	compare_with_bare("login, INQUIRY, READ CAPACITY, REPORT LUNS, logout", &flow, 1,
			  1, 1.20);
	iscsi_session_free(flow.session);
	stop_stub();
}

static void bench_chap(void)
{
	struct stub_config config;
	struct flow flow;

	stub_config_init(&config);
	config.secret = SECRET;
	config.algorithm = ISCSI_CHAP_SHA256;
	start_stub(&config);
	flow_init(&flow, stop_loop);
	flow.config.auth.name = "user";
	flow.config.auth.secret = SECRET;
	flow.config.auth.secret_length = strlen(SECRET);
	flow.config.auth.algorithms[0] = ISCSI_CHAP_SHA256;
	compare_with_bare("login with CHAP (SHA-256), logout", &flow, 0, 4, 1.15);
	iscsi_session_free(flow.session);
	stop_stub();
}

/* --- Many at once ------------------------------------------------------------------------ */

enum { AT_ONCE = 64, FLOWS = 6000 };

static unsigned int flows_begun, flows_done;

static void next_flow(struct flow *flow)
{
	if (++flows_done == FLOWS)
		iscsi_loop_stop(loop);
	if (flows_begun == FLOWS)
		return;
	flows_begun++;
	flow_begin(flow, 2);
}

static void bench_at_once(void)
{
	static struct flow flows[AT_ONCE];
	struct stub_config config;
	double cpu, ours;
	uint64_t start;

	stub_config_init(&config);
	start_stub(&config);
	for (size_t i = 0; i < AT_ONCE; i++)
		flow_init(&flows[i], next_flow);
	cpu = cpu_milliseconds();
	start = iscsi_loop_now();
	flows_begun = AT_ONCE;
	flows_done = 0;
	for (size_t i = 0; i < AT_ONCE; i++)
		flow_begin(&flows[i], 2);
	iscsi_loop_run(loop);
	ours = milliseconds_since(start) / FLOWS;
	printf("login, 6 commands, logout, %d at once: %.4f ms, %.4f ms of CPU each\n",
	       AT_ONCE, ours, (cpu_milliseconds() - cpu) / FLOWS);
	for (size_t i = 0; i < AT_ONCE; i++)
		iscsi_session_free(flows[i].session);
	stop_stub();
}

/* --- Discovery --------------------------------------------------------------------------- */

struct search {
	struct iscsi_discovery discovery;
	struct iscsi_session *session;
	uint32_t found;
	uint64_t start;
	double took;
};

static void found(struct iscsi_discovery *discovery, const struct iscsi_found *target)
{
	((struct search *)discovery)->found += target->portal_count == 1;
}

static void searched(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	struct search *search = (struct search *)discovery;

	if (error)
		fprintf(stderr, "session: %s\n", error->text);
	must(!error, "SendTargets");
	must(!iscsi_session_logout(search->session, iscsi_loop_now() + SECONDS),
	     "logout");
}

static void search_up(struct iscsi_session *session, void *user)
{
	struct search *search = user;

	search->discovery.deadline = iscsi_loop_now() + 60 * SECONDS;
	must(!iscsi_session_discover(session, &search->discovery), "SendTargets");
}

static void search_down(struct iscsi_session *session, void *user,
			const struct iscsi_error *error)
{
	struct search *search = user;

	(void)session;
	must(!error, "discovery session");
	search->took = milliseconds_since(search->start);
	iscsi_loop_stop(loop);
}

static const struct iscsi_session_ops search_ops = { search_up, search_down, NULL };

static double search_once(struct search *search)
{
	struct iscsi_config config;

	configure(&config);
	config.target_name = NULL;
	search->found = 0;
	search->start = iscsi_loop_now();
	must(!iscsi_session_login(search->session, &config, search->start + 10 * SECONDS),
	     "login");
	iscsi_loop_run(loop);
	return search->took;
}

static double bench_discovery_of(uint32_t targets)
{
	struct search search = { .discovery = { .found = found, .done = searched } };
	struct stub_config config;
	struct iscsi_io *io;
	double times[31];

	stub_config_init(&config);
	config.targets = targets;
	start_stub(&config);
	must(!iscsi_tcp_new(loop, NULL, &io), "tcp");
	must(!iscsi_session_new(io, &search_ops, &search, &search.session), "session");
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		times[i] = search_once(&search);
	must(search.found == targets, "discovery of all targets");
	iscsi_session_free(search.session);
	stop_stub();
	return median(times, ARRAY_SIZE(times));
}

static void bench_discovery(void)
{
	static const uint32_t counts[] = { 1, 100, 1000, 5000, 20000 };
	double at_1000 = 0, ms;

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		ms = bench_discovery_of(counts[i]);
		if (counts[i] == 1000)
			at_1000 = ms / 1000;
		printf("discovery of %u targets: %.3f ms", counts[i], ms);
		if (counts[i] == 20000)
			printf("; per target %.3f times that at 1,000 (bar 1.20)",
			       ms / 20000 / at_1000);
		printf("\n");
	}
}

/* --- Sessions held ----------------------------------------------------------------------- */

enum { HELD = 10000 };

static struct iscsi_session **held;
static unsigned int held_count;
static uint64_t held_at[HELD];

static void hold_next(void);

static void held_up(struct iscsi_session *session, void *user)
{
	(void)session;
	(void)user;
	held_at[held_count++] = iscsi_loop_now();
	if (held_count == HELD)
		iscsi_loop_stop(loop);
	else
		hold_next();
}

static void held_down(struct iscsi_session *session, void *user,
		      const struct iscsi_error *error)
{
	(void)session;
	(void)user;
	fprintf(stderr, "session: %s\n", error ? error->text : "logged out");
	must(false, "a held session");
}

static const struct iscsi_session_ops held_ops = { held_up, held_down, NULL };

static void hold_next(void)
{
	struct iscsi_config config;
	struct iscsi_io *io;

	configure(&config);
	must(!iscsi_tcp_new(loop, NULL, &io), "tcp");
	must(!iscsi_session_new(io, &held_ops, NULL, &held[held_count]), "session");
	must(!iscsi_session_login(held[held_count], &config,
				  iscsi_loop_now() + 60 * SECONDS),
	     "login");
}

static double median_login(unsigned int from, unsigned int to)
{
	static double times[HELD];

	for (unsigned int i = from; i < to; i++)
		times[i - from] = (double)(held_at[i] - held_at[i - 1]) / 1e6;
	return median(times, to - from);
}

static void bench_held(void)
{
	struct rlimit limit;
	struct stub_config config;
	struct mallinfo2 before, after;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < HELD + 100) {
		printf("%d sessions held: not possible with %llu file descriptors\n",
		       HELD, (unsigned long long)limit.rlim_cur);
		return;
	}
	stub_config_init(&config);
	start_stub(&config);
	held = calloc(HELD, sizeof(struct iscsi_session *));
	must(held, "memory");
	before = mallinfo2();
	hold_next();
	iscsi_loop_run(loop);
	after = mallinfo2();
	printf("%d sessions held: %.2f kB each (bar 3); a login takes %.4f ms at 1,000, "
	       "%.4f ms at %d; ratio %.3f (bar 1.20)\n",
	       HELD, (double)(after.uordblks - before.uordblks) / 1024 / HELD,
	       median_login(500, 1500), median_login(HELD - 1000, HELD), HELD,
	       median_login(HELD - 1000, HELD) / median_login(500, 1500));
	for (int i = 0; i < HELD; i++)
		iscsi_session_free(held[i]);
	free(held);
	stop_stub();
}

/* --- Reading ----------------------------------------------------------------------------- */

enum { READ_BLOCKS = 512, READ_BYTES = READ_BLOCKS * 512, READ_DEPTH = 8, READS = 4096 };

struct reader {
	struct iscsi_session *session;
	struct iscsi_task tasks[READ_DEPTH];
	uint8_t *data[READ_DEPTH];
	unsigned int begun, done;
	uint64_t start;
	double seconds;
};

static void read_next(struct reader *reader, struct iscsi_task *task);

static void read_done(struct iscsi_task *task)
{
	struct reader *reader = task->user;

	must(!task->error && task->status == SCSI_GOOD && task->transferred == READ_BYTES,
	     "read");
	if (++reader->done == READS) {
		reader->seconds = milliseconds_since(reader->start) / 1e3;
		must(!iscsi_session_logout(reader->session, iscsi_loop_now() + SECONDS),
		     "logout");
	} else if (reader->begun < READS) {
		read_next(reader, task);
	}
}

static void read_next(struct reader *reader, struct iscsi_task *task)
{
	uint32_t block = reader->begun++ * READ_BLOCKS;
	uint8_t cdb[10] = { 0x28,
			    0,
			    (uint8_t)(block >> 24),
			    (uint8_t)(block >> 16),
			    (uint8_t)(block >> 8),
			    (uint8_t)block,
			    0,
			    READ_BLOCKS >> 8,
			    READ_BLOCKS & 0xff,
			    0 };

	memcpy(task->cdb, cdb, sizeof(cdb));
	task->cdb_length = sizeof(cdb);
	task->in = reader->data[task - reader->tasks];
	task->in_length = READ_BYTES;
	task->deadline = iscsi_loop_now() + 10 * SECONDS;
	task->done = read_done;
	task->user = reader;
	must(!iscsi_session_submit(reader->session, task), "submit");
}

static void reader_up(struct iscsi_session *session, void *user)
{
	struct reader *reader = user;

	(void)session;
	reader->start = iscsi_loop_now();
	for (int i = 0; i < READ_DEPTH; i++)
		read_next(reader, &reader->tasks[i]);
}

static void reader_down(struct iscsi_session *session, void *user,
			const struct iscsi_error *error)
{
	(void)session;
	(void)user;
	must(!error, "reading session");
	iscsi_loop_stop(loop);
}

static const struct iscsi_session_ops reader_ops = { reader_up, reader_down, NULL };

/* MB/s */
static double read_all(enum iscsi_digest digest)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	struct stub_config stub_config;
	struct iscsi_config config;
	struct iscsi_io *io;
	double rate;

	must(reader, "memory");
	stub_config_init(&stub_config);
	start_stub(&stub_config);
	must(!iscsi_tcp_new(loop, NULL, &io), "tcp");
	must(!iscsi_session_new(io, &reader_ops, reader, &reader->session), "session");
	for (int i = 0; i < READ_DEPTH; i++)
		must((reader->data[i] = malloc(READ_BYTES)), "memory");
	configure(&config);
	config.params.value[ISCSI_HEADER_DIGEST] = digest;
	config.params.value[ISCSI_DATA_DIGEST] = digest;
	must(!iscsi_session_login(reader->session, &config, iscsi_loop_now() + SECONDS),
	     "login");
	iscsi_loop_run(loop);
	rate = (double)READ_BYTES * READS / 1e6 / reader->seconds;
	iscsi_session_free(reader->session);
	for (int i = 0; i < READ_DEPTH; i++)
		free(reader->data[i]);
	free(reader);
	stop_stub();
	return rate;
}

static void bench_read(void)
{
	double off = read_all(ISCSI_DIGEST_NONE), on = read_all(ISCSI_DIGEST_CRC32C);

	printf("reading 1 GiB, %d kB at a time, %d at once: %.0f MB/s; with digests %.0f "
	       "MB/s; "
	       "ratio %.2f (bar 0.70)\n",
	       READ_BYTES / 1024, READ_DEPTH, off, on, on / off);
}

/* --- All of it --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*run)(void);
} benches[] = {
	{ "round-trips", bench_round_trips },
	{ "chap", bench_chap },
	{ "at-once", bench_at_once },
	{ "discovery", bench_discovery },
	{ "held", bench_held },
	{ "read", bench_read },
};

int main(int argc, char **argv)
{
	bool known = argc == 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < ARRAY_SIZE(benches); i++) {
		if (argc > 1 && strcmp(argv[1], benches[i].name))
			continue;
		known = true;
		benches[i].run();
	}
	if (!known)
		fprintf(stderr, "session: nothing is called %s\n", argv[1]);
	return known ? 0 : 2;
}
