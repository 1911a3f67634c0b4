// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - what sessions cost, against a stub target in a process of its own.
 *
 *   session              all of what follows
 *   session round-trips  login, INQUIRY, READ CAPACITY, REPORT LUNS, logout, one after the
 *                        other, against the bare round trips of the same sizes
 *   session chap         a login with CHAP (SHA-256), likewise
 *   session at-once      the same work with 64 sessions at a time
 *   session discovery    SendTargets with up to 20,000 targets; 1,000 against iscsi-ls, which
 *                        is a process of its own, and so is ours then (search.c)
 *   session held         memory and time with up to 10,000 sessions held
 *   session read         sequential reading, with and without digests
 *
 * Where the build has libiscsi it does the same work in the same run. Ratios are what counts; times
 * depend on the machine.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "iscsi/scsi.h"
#include "iscsi/tcp.h"
#include "search.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "tests/iscsi/stub.h"

#ifdef HAVE_LIBISCSI
#include "libiscsi.h"
#endif

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

#define EXCHANGES_MAX 8

/* What one session sends and receives, found out with one. */
static size_t sizes_of(struct flow *flow, struct exchange exchanges[EXCHANGES_MAX],
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
	for (unsigned int i = 0; i < 3 * repeats; i++)
		exchanges[count++] = (struct exchange){ 48, answers[i % 3] };
	exchanges[count++] = (struct exchange){ 48, 48 };
	return count;
}

/* The same with libiscsi: ms, 0 if this build does not have it. */
static double run_libiscsi(unsigned int repeats)
{
#ifdef HAVE_LIBISCSI
	const struct libiscsi_target target = { INITIATOR, stub.portal, TARGET };

	return repeats ? libiscsi_flow(&target, repeats) : 0;
#else
	(void)repeats;
	return 0;
#endif
}

static void compare_with_bare(const char *what, struct flow *flow, unsigned int repeats,
			      unsigned int login_rounds, double bar)
{
	static double ours[ROUNDS], bare[ROUNDS], theirs[ROUNDS];
	struct exchange exchanges[EXCHANGES_MAX];
	size_t count = sizes_of(flow, exchanges, repeats, login_rounds);
	double median_ours;

	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = run_bare(exchanges, count);
		flow_begin(flow, repeats);
		iscsi_loop_run(loop);
		ours[i] = flow->took;
		theirs[i] = run_libiscsi(repeats);
	}
	median_ours = median(ours, ROUNDS);
	printf("%s: %.4f ms; bare round trips %.4f ms; ratio %.3f (bar %.2f)\n", what,
	       median_ours, median(bare, ROUNDS), median_ours / median(bare, ROUNDS),
	       bar);
	if (median(theirs, ROUNDS) > 0)
		printf("  libiscsi: %.4f ms; we take %.3f of its time (bar 1.00)\n",
		       median(theirs, ROUNDS), median_ours / median(theirs, ROUNDS));
}

static void bench_round_trips(void)
{
	struct stub_config config;
	struct flow flow;

	stub_config_init(&config);
	start_stub(&config);
	flow_init(&flow, stop_loop);
	compare_with_bare("login, logout", &flow, 0, 1, 1.20);
	compare_with_bare("login, 3 commands, logout", &flow, 1, 1, 1.20);
	compare_with_bare("login, 6 commands, logout", &flow, 2, 1, 1.10);
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

/* Time and CPU of one session, in ms. */
struct cost {
	double time, cpu;
};

static struct cost cost_of(void (*run)(void))
{
	double cpu = cpu_milliseconds();
	uint64_t start = iscsi_loop_now();

	run();
	return (struct cost){ milliseconds_since(start) / FLOWS,
			      (cpu_milliseconds() - cpu) / FLOWS };
}

static struct flow flows[AT_ONCE];

static void run_flows(void)
{
	flows_begun = AT_ONCE;
	flows_done = 0;
	for (size_t i = 0; i < AT_ONCE; i++)
		flow_begin(&flows[i], 2);
	iscsi_loop_run(loop);
}

#ifdef HAVE_LIBISCSI
static void run_libiscsi_flows(void)
{
	const struct libiscsi_target target = { INITIATOR, stub.portal, TARGET };

	libiscsi_flows(&target, 2, FLOWS, AT_ONCE);
}

static void compare_flows(struct cost ours)
{
	struct cost theirs = cost_of(run_libiscsi_flows);

	printf("  libiscsi: %.4f ms, %.4f ms of CPU each; our rate is %.2f times its "
	       "(bar "
	       "1.25), our CPU %.2f (bar 1.00)\n",
	       theirs.time, theirs.cpu, theirs.time / ours.time, ours.cpu / theirs.cpu);
}
#else
static void compare_flows(struct cost ours)
{
	(void)ours;
}
#endif

static void bench_at_once(void)
{
	struct stub_config config;
	struct cost ours;

	stub_config_init(&config);
	start_stub(&config);
	for (size_t i = 0; i < AT_ONCE; i++)
		flow_init(&flows[i], next_flow);
	ours = cost_of(run_flows);
	printf("login, 6 commands, logout, %d at once: %.4f ms, %.4f ms of CPU each\n",
	       AT_ONCE, ours.time, ours.cpu);
	compare_flows(ours);
	for (size_t i = 0; i < AT_ONCE; i++)
		iscsi_session_free(flows[i].session);
	stop_stub();
}

/* --- Discovery --------------------------------------------------------------------------- */

static double bench_discovery_of(uint32_t targets)
{
	struct search search;
	struct stub_config config;
	double times[31];

	stub_config_init(&config);
	config.targets = targets;
	start_stub(&config);
	search_init(&search, loop, stub.portal);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		times[i] = search_run(&search);
	must(search.found == targets, "discovery of all targets");
	search_clear(&search);
	stop_stub();
	return median(times, ARRAY_SIZE(times));
}

/* A program that says nothing: ms until it has ended well; negative if it cannot be run. */
static double run_program(char *const argv[])
{
	uint64_t start = iscsi_loop_now();
	posix_spawn_file_actions_t actions;
	int status, err;
	pid_t pid;

	must(!posix_spawn_file_actions_init(&actions), "spawn");
	must(!posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
					       O_WRONLY, 0) &&
		     !posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO,
						       STDERR_FILENO),
	     "spawn");
	err = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err || waitpid(pid, &status, 0) != pid || status)
		return -1;
	return milliseconds_since(start);
}

/* It is where this program is. */
static void path_of_search(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 16);

	must(length > 0, "readlink");
	path[length] = '\0';
	memcpy(strrchr(path, '/') + 1, "search", sizeof("search"));
}

static void compare_with_iscsi_ls(double ours_alone)
{
	char program[PATH_MAX], url[64];
	char iscsi_ls[] = "iscsi-ls", option[] = "-i", initiator[] = INITIATOR;
	char *ours[] = { program, stub.portal, NULL };
	char *theirs[] = { iscsi_ls, option, initiator, url, NULL };
	double our_times[31], their_times[31], theirs_median;
	struct stub_config config;

	stub_config_init(&config);
	config.targets = 1000;
	config.text_piece = 200000; /* iscsi-ls does not take an answer in pieces */
	start_stub(&config);
	path_of_search(program);
	snprintf(url, sizeof(url), "iscsi://%s", stub.portal);
	for (size_t i = 0; i < ARRAY_SIZE(our_times); i++) {
		our_times[i] = run_program(ours);
		their_times[i] = run_program(theirs);
	}
	stop_stub();
	must(our_times[0] > 0, "search");
	if (their_times[0] < 0) {
		printf("  iscsi-ls: not installed, or it fails\n");
		return;
	}
	theirs_median = median(their_times, ARRAY_SIZE(their_times));
	printf("  iscsi-ls, 1,000 targets: %.2f ms; we take %.2f of its time (bar 1.00), "
	       "as a "
	       "process of our own %.2f ms, %.2f\n",
	       theirs_median, ours_alone / theirs_median,
	       median(our_times, ARRAY_SIZE(our_times)),
	       median(our_times, ARRAY_SIZE(our_times)) / theirs_median);
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
	compare_with_iscsi_ls(1000 * at_1000);
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

#define READ_ROUNDS 5

static double read_libiscsi(void)
{
	double rate = 0;
#ifdef HAVE_LIBISCSI
	struct libiscsi_target target = { INITIATOR, stub.portal, TARGET };
	struct stub_config config;

	stub_config_init(&config);
	must(!stub_start(&stub, &config), "stub");
	rate = (double)READ_BYTES * READS / 1e6 /
	       libiscsi_read(&target, READS, READ_BLOCKS, READ_DEPTH);
	stub_stop(&stub);
#endif
	return rate;
}

static void bench_read(void)
{
	double off[READ_ROUNDS], on[READ_ROUNDS], theirs[READ_ROUNDS];

	for (size_t i = 0; i < READ_ROUNDS; i++) {
		off[i] = read_all(ISCSI_DIGEST_NONE);
		on[i] = read_all(ISCSI_DIGEST_CRC32C);
		theirs[i] = read_libiscsi();
	}
	printf("reading 1 GiB, %d kB at a time, %d at once: %.0f MB/s; with digests %.0f "
	       "MB/s; ratio %.2f (bar 0.70)\n",
	       READ_BYTES / 1024, READ_DEPTH, median(off, READ_ROUNDS),
	       median(on, READ_ROUNDS),
	       median(on, READ_ROUNDS) / median(off, READ_ROUNDS));
	if (median(theirs, READ_ROUNDS) > 0)
		printf("  libiscsi, as iscsi-perf does: %.0f MB/s; our rate is %.2f "
		       "times "
		       "its (bar 0.90)\n",
		       median(theirs, READ_ROUNDS),
		       median(off, READ_ROUNDS) / median(theirs, READ_ROUNDS));
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
