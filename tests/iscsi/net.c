// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * net.c - the event loop, the resolver and the TCP transport, with real descriptors, threads and
 * a stub target in a process of its own.
 */
#include "tests/support/cmocka_all.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/cleanup.h"
#include "tests/iscsi/client.h"
#include "tests/iscsi/stub.h"

#define MILLISECONDS 1000000ULL
#define TARGET	     "iqn.2003-01.org.example:stub.0"

/* --- Timers ------------------------------------------------------------------------------ */

struct alarm {
	struct iscsi_timer timer; /* first */
	struct iscsi_loop *loop;
	unsigned int *order, *next;
	unsigned int number, rings;
	uint64_t due, again;
};

static void ring(struct iscsi_timer *timer)
{
	struct alarm *alarm = (struct alarm *)timer;

	assert_true(iscsi_loop_now() >= alarm->due);
	alarm->rings++;
	if (alarm->order)
		alarm->order[(*alarm->next)++] = alarm->number;
	if (alarm->again && alarm->rings < 10) {
		alarm->due = iscsi_loop_now() + alarm->again;
		assert_int_equal(iscsi_loop_timer(alarm->loop, timer, alarm->due), 0);
	}
}

static void stop_loop(struct iscsi_timer *timer)
{
	iscsi_loop_stop(((struct alarm *)timer)->loop);
}

static void run_for(struct iscsi_loop *loop, uint64_t time)
{
	struct alarm end = { .timer.fire = stop_loop, .loop = loop };

	assert_int_equal(iscsi_loop_timer(loop, &end.timer, iscsi_loop_now() + time), 0);
	iscsi_loop_run(loop);
}

static void timers_ring_in_the_order_of_their_times(void **state)
{
	enum { COUNT = 500 };
	static struct alarm alarms[COUNT];
	static unsigned int order[COUNT];
	unsigned int next = 0, expected = 0;
	uint64_t start = iscsi_loop_now();
	struct iscsi_loop *loop;

	(void)state;
	memset(alarms, 0, sizeof(alarms));
	assert_int_equal(iscsi_loop_new(&loop), 0);
	for (unsigned int i = 0; i < COUNT; i++) {
		unsigned int rank = i * 263 % COUNT; /* all numbers, well mixed */

		alarms[i] = (struct alarm){ .timer.fire = ring,
					    .order = order,
					    .next = &next,
					    .number = rank,
					    .due = start + rank * 20000 };
		assert_int_equal(iscsi_loop_timer(loop, &alarms[i].timer, alarms[i].due),
				 0);
	}
	for (unsigned int i = 0; i < COUNT; i += 3) /* disarmed: does not ring */
		assert_int_equal(
			iscsi_loop_timer(loop, &alarms[i].timer, ISCSI_NO_DEADLINE), 0);
	run_for(loop, 50 * MILLISECONDS);
	for (unsigned int i = 1; i < next; i++)
		assert_true(order[i - 1] < order[i]);
	for (unsigned int i = 0; i < COUNT; i++) {
		assert_int_equal(alarms[i].rings, i % 3 != 0);
		expected += i % 3 != 0;
	}
	assert_int_equal(next, expected);
	iscsi_loop_free(loop);
}

static void a_timer_can_be_armed_again_from_its_callback_and_moved(void **state)
{
	struct alarm alarm = { .timer.fire = ring, .again = MILLISECONDS };
	struct alarm later = { .timer.fire = ring };
	struct iscsi_loop *loop;

	(void)state;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	alarm.loop = loop;
	iscsi_loop_timer(loop, &alarm.timer, iscsi_loop_now() + SECONDS);
	iscsi_loop_timer(loop, &alarm.timer, 0); /* at once */
	later.due = iscsi_loop_now() + 3600 * SECONDS;
	iscsi_loop_timer(loop, &later.timer, 0);
	iscsi_loop_timer(loop, &later.timer, later.due);
	run_for(loop, 100 * MILLISECONDS);
	assert_int_equal(alarm.rings, 10);
	assert_int_equal(later.rings, 0);
	iscsi_loop_timer(loop, &later.timer, ISCSI_NO_DEADLINE);
	iscsi_loop_free(loop);
}

/* --- Work -------------------------------------------------------------------------------- */

enum { POSTERS = 4, POSTS = 2000 };

struct poster {
	struct iscsi_loop *loop;
	struct job {
		struct iscsi_work work; /* first */
		struct poster *poster;
		unsigned int number;
	} jobs[POSTS];
	unsigned int run; /* loop's thread only */
	bool in_order;
};

static void run_job(struct iscsi_work *work)
{
	struct job *job = (struct job *)work;

	job->poster->in_order = job->poster->in_order && job->number == job->poster->run;
	job->poster->run++;
}

static void *post_jobs(void *argument)
{
	struct poster *poster = argument;

	for (unsigned int i = 0; i < POSTS; i++) {
		poster->jobs[i] = (struct job){ { run_job, NULL }, poster, i };
		iscsi_loop_post(poster->loop, &poster->jobs[i].work);
	}
	return NULL;
}

static void all_that_is_posted_runs_in_order(void **state)
{
	struct poster *posters = calloc(POSTERS, sizeof(*posters));
	pthread_t threads[POSTERS];
	struct iscsi_loop *loop;

	(void)state;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	assert_int_equal(iscsi_loop_start(loop), 0);
	for (int i = 0; i < POSTERS; i++) {
		posters[i].loop = loop;
		posters[i].in_order = true;
		assert_int_equal(
			pthread_create(&threads[i], NULL, post_jobs, &posters[i]), 0);
	}
	for (int i = 0; i < POSTERS; i++)
		pthread_join(threads[i], NULL);
	iscsi_loop_stop(loop); /* what is posted is run first */
	for (int i = 0; i < POSTERS; i++) {
		assert_int_equal(posters[i].run, POSTS);
		assert_true(posters[i].in_order);
	}
	iscsi_loop_free(loop);
	free(posters);
}

struct call {
	struct iscsi_loop *loop;
	pthread_t caller, callee;
	unsigned int calls;
};

static void called(void *argument)
{
	struct call *call = argument;

	call->callee = pthread_self();
	if (++call->calls == 1) /* from the loop itself: at once */
		iscsi_loop_call(call->loop, called, call);
}

static void a_call_runs_on_the_loop_and_returns_afterwards(void **state)
{
	struct call call = { .caller = pthread_self() };

	(void)state;
	assert_int_equal(iscsi_loop_new(&call.loop), 0);
	assert_int_equal(iscsi_loop_start(call.loop), 0);
	for (unsigned int i = 0; i < 100; i++) {
		call.calls = 0;
		iscsi_loop_call(call.loop, called, &call);
		assert_int_equal(call.calls, 2);
		assert_false(pthread_equal(call.caller, call.callee));
	}
	iscsi_loop_stop(call.loop);
	iscsi_loop_free(call.loop);
}

static void stop_from_inside(struct iscsi_work *work)
{
	struct job *job = (struct job *)work;

	iscsi_loop_stop((struct iscsi_loop *)(void *)job->poster);
}

static void a_loop_runs_in_the_callers_thread_too_and_more_than_once(void **state)
{
	struct iscsi_loop *loop;
	struct job job = { .work.run = stop_from_inside };

	(void)state;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	job.poster = (struct poster *)(void *)loop;
	for (int i = 0; i < 5; i++) {
		iscsi_loop_post(loop, &job.work);
		iscsi_loop_run(loop);
	}
	iscsi_loop_stop(loop); /* before it runs: the next run ends at once */
	iscsi_loop_run(loop);
	iscsi_loop_free(loop);
}

/* --- Descriptors ------------------------------------------------------------------------- */

struct guard {
	struct iscsi_watch watch; /* first */
	struct iscsi_loop *loop;
	struct guard *other;
	int fd;
	unsigned int calls;
	uint32_t events;
};

static void unwatch_other(struct iscsi_watch *watch, uint32_t events)
{
	struct guard *guard = (struct guard *)watch;

	guard->calls++;
	guard->events |= events;
	if (guard->other)
		iscsi_loop_unwatch(guard->loop, guard->other->fd, &guard->other->watch);
}

static void a_watch_that_ended_is_not_called_for_events_already_read(void **state)
{
	struct guard guards[2] = { 0 };
	struct iscsi_loop *loop;
	int pairs[2][2];

	(void)state;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
		guards[i] = (struct guard){ { unwatch_other }, loop, &guards[!i],
					    pairs[i][0],       0,    0 };
		assert_int_equal(iscsi_loop_watch(loop, pairs[i][0], &guards[i].watch),
				 0);
		assert_int_equal(write(pairs[i][1], "x", 1), 1);
	}
	run_for(loop, 20 * MILLISECONDS);
	/* Both were ready; whoever came first silenced the other. */
	assert_int_equal(guards[0].calls + guards[1].calls, 1);
	for (int i = 0; i < 2; i++) {
		close(pairs[i][0]);
		close(pairs[i][1]);
	}
	iscsi_loop_free(loop);
}

/* What a process has that was forked just before, until it begins another program. */
static void a_copy_of_a_closed_descriptor_reaches_nobody(void **state)
{
	struct guard guard = { .watch.ready = unwatch_other };
	struct iscsi_loop *loop;
	int pair[2], copy;

	(void)state;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(iscsi_loop_watch(loop, pair[0], &guard.watch), 0);
	copy = dup(pair[0]);
	assert_true(copy >= 0);
	iscsi_loop_close(loop, &pair[0], &guard.watch);
	assert_int_equal(pair[0], -1);
	assert_int_equal(write(pair[1], "x", 1), 1);
	close(pair[1]);
	run_for(loop, 20 * MILLISECONDS);
	assert_int_equal(guard.calls, 0);
	close(copy);
	iscsi_loop_free(loop);
}

/* --- Resolving --------------------------------------------------------------------------- */

static void numeric_addresses_are_parsed(void **state)
{
	static const struct {
		const char *host;
		int family, err;
	} cases[] = {
		{ "127.0.0.1", AF_INET, 0 },
		{ "::1", AF_INET6, 0 },
		{ "2001:db8::7", AF_INET6, 0 },
		{ "fe80::1%lo", AF_INET6, 0 },
		{ "fe80::1%1", AF_INET6, 0 },
		{ "fe80::1%nosuchif", 0, -EINVAL },
		{ "fe80::1%", 0, -EINVAL },
		{ "fe80::1%-1", 0, -EINVAL },
		{ "127.1", 0, -EINVAL },
		{ "localhost", 0, -EINVAL },
		{ "1", 0, -EINVAL },
		{ "", 0, -EINVAL },
		{ "::ffff:1.2.3.4", AF_INET6, 0 },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb", 0, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		union iscsi_address address;

		assert_int_equal(iscsi_address_parse(cases[i].host, 3260, &address),
				 cases[i].err);
		if (cases[i].err)
			continue;
		assert_int_equal(address.any.sa_family, cases[i].family);
		assert_int_equal(address.in.sin_port, htons(3260));
	}
	if (cases[3].family) {
		union iscsi_address address;

		assert_int_equal(iscsi_address_parse("fe80::1%lo", 1, &address), 0);
		assert_int_not_equal(address.in6.sin6_scope_id, 0);
	}
}

/* A name server of our own: names are lists of IPv4 addresses. */
static sem_t asked, answer;
static unsigned int being_asked, most_asked;
static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;

static int ask_list(const char *host, const char *service, const struct addrinfo *hints,
		    struct addrinfo **list)
{
	_cleanup_free_ char *copy = strdup(host);
	char *rest = copy, *one;
	struct addrinfo **last = list;

	assert_null(service);
	assert_int_equal(hints->ai_socktype, SOCK_STREAM);
	if (!strcmp(host, "nobody"))
		return EAI_NONAME;
	if (!strcmp(host, "broken")) {
		errno = EMFILE;
		return EAI_SYSTEM;
	}
	while ((one = strsep(&rest, "_"))) {
		struct addrinfo *info = calloc(1, sizeof(*info) +
							  sizeof(struct sockaddr_in));
		struct sockaddr_in *address = (struct sockaddr_in *)(info + 1);

		address->sin_family = AF_INET;
		inet_pton(AF_INET, one, &address->sin_addr);
		info->ai_family = AF_INET;
		info->ai_addrlen = sizeof(*address);
		info->ai_addr = (struct sockaddr *)address;
		*last = info;
		last = &info->ai_next;
	}
	return 0;
}

static void free_list(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list);
		list = next;
	}
}

/* A name server that answers when it is told to. */
static int ask_slowly(const char *host, const char *service, const struct addrinfo *hints,
		      struct addrinfo **list)
{
	pthread_mutex_lock(&asking);
	if (++being_asked > most_asked)
		most_asked = being_asked;
	pthread_mutex_unlock(&asking);
	sem_post(&asked);
	sem_wait(&answer);
	pthread_mutex_lock(&asking);
	being_asked--;
	pthread_mutex_unlock(&asking);
	return ask_list(host, service, hints, list);
}

struct looked_up {
	struct iscsi_loop *loop;
	unsigned int answers, wanted;
	size_t count;
	int code, system_error;
};

static void note_addresses(void *user, const union iscsi_address *addresses, size_t count,
			   int code, int system_error)
{
	struct looked_up *up = user;

	up->count = count;
	up->code = code;
	up->system_error = system_error;
	for (size_t i = 0; i < count; i++)
		assert_int_equal(addresses[i].in.sin_port, htons(860));
	if (++up->answers == up->wanted)
		iscsi_loop_stop(up->loop);
}

static void names_are_looked_up_and_failures_say_why(void **state)
{
	static const struct {
		const char *name;
		size_t count;
		int code, system_error;
	} cases[] = {
		{ "192.0.2.1", 1, 0, 0 },
		{ "192.0.2.1_192.0.2.2_192.0.2.3", 3, 0, 0 },
		{ "1.1.1.1_1.1.1.2_1.1.1.3_1.1.1.4_1.1.1.5_1.1.1.6_1.1.1.7_1.1.1.8_1.1.1."
		  "9_"
		  "1.1.1.10_1.1.1.11_1.1.1.12_1.1.1.13_1.1.1.14_1.1.1.15_1.1.1.16_1.1.1."
		  "17",
		  ISCSI_ADDRESSES_MAX, 0, 0 },
		{ "nobody", 0, EAI_NONAME, 0 },
		{ "broken", 0, EAI_SYSTEM, EMFILE },
	};
	struct looked_up up = { .wanted = 1 };
	struct iscsi_resolver *resolver;
	struct iscsi_lookup *lookup;

	(void)state;
	assert_int_equal(iscsi_loop_new(&up.loop), 0);
	assert_int_equal(iscsi_resolver_new(up.loop, 0, &resolver), -EINVAL);
	assert_int_equal(iscsi_resolver_new(up.loop, 2, &resolver), 0);
	iscsi_resolver_ask(resolver, ask_list, free_list);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		up.answers = 0;
		assert_int_equal(iscsi_resolve(resolver, cases[i].name, 860,
					       note_addresses, &up, &lookup),
				 0);
		iscsi_loop_run(up.loop);
		assert_int_equal(up.count, cases[i].count);
		assert_int_equal(up.code, cases[i].code);
		assert_int_equal(up.system_error, cases[i].system_error);
	}
	iscsi_resolver_free(resolver);
	iscsi_loop_free(up.loop);
}

static void a_bounded_number_of_threads_asks(void **state)
{
	enum { LOOKUPS = 20, THREADS = 3 };
	struct iscsi_lookup *lookups[LOOKUPS];
	struct looked_up up = { .wanted = LOOKUPS };
	struct iscsi_resolver *resolver;

	(void)state;
	most_asked = 0;
	assert_int_equal(iscsi_loop_new(&up.loop), 0);
	assert_int_equal(iscsi_resolver_new(up.loop, THREADS, &resolver), 0);
	iscsi_resolver_ask(resolver, ask_slowly, free_list);
	for (int i = 0; i < LOOKUPS; i++)
		assert_int_equal(iscsi_resolve(resolver, "192.0.2.1", 860, note_addresses,
					       &up, &lookups[i]),
				 0);
	for (int i = 0; i < LOOKUPS; i++) {
		sem_wait(&asked);
		sem_post(&answer);
	}
	iscsi_loop_run(up.loop);
	assert_int_equal(up.answers, LOOKUPS);
	assert_true(most_asked >= 1 && most_asked <= THREADS);
	iscsi_resolver_free(resolver);
	iscsi_loop_free(up.loop);
}

/* Cancelled while it waits, while it is being asked, and when the answer is on its way. */
static void a_lookup_can_be_cancelled_at_any_time(void **state)
{
	struct looked_up up = { .wanted = 1 };
	struct iscsi_lookup *running, *queued, *last;
	struct iscsi_resolver *resolver;

	(void)state;
	iscsi_resolve_cancel(NULL);
	assert_int_equal(iscsi_loop_new(&up.loop), 0);
	assert_int_equal(iscsi_resolver_new(up.loop, 1, &resolver), 0);
	iscsi_resolver_ask(resolver, ask_slowly, free_list);
	assert_int_equal(
		iscsi_resolve(resolver, "1.1.1.1", 860, note_addresses, &up, &running),
		0);
	sem_wait(&asked);
	assert_int_equal(
		iscsi_resolve(resolver, "1.1.1.2", 860, note_addresses, &up, &queued), 0);
	assert_int_equal(
		iscsi_resolve(resolver, "1.1.1.3", 860, note_addresses, &up, &last), 0);
	iscsi_resolve_cancel(queued);
	iscsi_resolve_cancel(running);
	sem_post(&answer);
	sem_wait(&asked); /* the thread goes on with the last one */
	sem_post(&answer);
	iscsi_loop_run(up.loop);
	assert_int_equal(up.answers, 1);
	assert_int_equal(
		iscsi_resolve(resolver, "1.1.1.4", 860, note_addresses, &up, &last), 0);
	sem_wait(&asked);
	sem_post(&answer);
	run_for(up.loop,
		0); /* whether the answer is posted by now is the threads' affair */
	if (up.answers == 1)
		iscsi_resolve_cancel(last);
	/* The owner may go before the thread does. */
	iscsi_resolver_free(resolver);
	run_for(up.loop, 20 * MILLISECONDS);
	iscsi_loop_free(up.loop);
}

/* --- Connecting -------------------------------------------------------------------------- */

/* A listener on one address, which may be deaf: its queue is full. */
static int listen_on(const char *ip, uint16_t *port, bool deaf)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(*port) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	inet_pton(AF_INET, ip, &address.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, deaf ? 0 : 16)) {
		close(fd);
		return -1;
	}
	getsockname(fd, (struct sockaddr *)&address, &size);
	*port = ntohs(address.sin_port);
	return fd;
}

/* Fill the queue of a deaf listener: the descriptors that do it. */
static void fill_queue(const char *ip, uint16_t port, int fds[4])
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, ip, &address.sin_addr);
	for (int i = 0; i < 4; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(fds[i], (struct sockaddr *)&address, sizeof(address)))
			assert_int_equal(errno, EINPROGRESS);
		usleep(1000);
	}
}

static void connect_to_name(struct client *client, const char *name, uint16_t port)
{
	char portal[300];

	snprintf(portal, sizeof(portal), "placeholder:%u", port);
	client_init(client, portal, TARGET);
	snprintf(client->config.portal.host, sizeof(client->config.portal.host), "%s",
		 name);
	iscsi_resolver_ask(client->resolver, ask_list, free_list);
}

static void the_addresses_of_a_name_are_tried_in_turn(void **state)
{
	struct stub_config config;
	struct client client;
	struct stub stub;

	(void)state;
	stub_config_init(&config);
	assert_int_equal(stub_start(&stub, &config), 0);
	connect_to_name(&client, "127.0.0.2_127.0.0.3_127.0.0.1", stub.port);
	if (client_login(&client))
		fail_msg("%s", client.error.text);
	assert_int_equal(client_logout(&client), 0);
	client_free(&client);
	stub_stop(&stub);
}

static void an_address_that_does_not_answer_costs_its_share_of_the_time(void **state)
{
	struct stub_config config;
	struct client client;
	struct stub stub;
	uint64_t start = iscsi_loop_now();
	int deaf, fds[4];

	(void)state;
	stub_config_init(&config);
	assert_int_equal(stub_start(&stub, &config), 0);
	deaf = listen_on("127.0.0.4", &stub.port, true);
	assert_true(deaf >= 0);
	fill_queue("127.0.0.4", stub.port, fds);
	connect_to_name(&client, "127.0.0.4_127.0.0.1", stub.port);
	client.patience = SECONDS / 2;
	if (client_login(&client))
		fail_msg("%s", client.error.text);
	assert_true(iscsi_loop_now() - start >= SECONDS / 4);
	client_free(&client);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(deaf);
	stub_stop(&stub);
}

static void failures_to_connect_say_why(void **state)
{
	static const struct {
		const char *name;
		enum iscsi_failure kind;
		int err;
		const char *word;
	} cases[] = {
		{ "nobody", ISCSI_FAILED_RESOLVE, -EHOSTUNREACH,
		  "nobody cannot be resolved" },
		{ "broken", ISCSI_FAILED_RESOLVE, -EMFILE, "Too many open files" },
		{ "127.0.0.1", ISCSI_FAILED_CONNECT, -ECONNREFUSED,
		  "Connection refused" },
		{ "127.0.0.1_127.0.0.2", ISCSI_FAILED_CONNECT, -ECONNREFUSED,
		  "Connection refused (127.0.0.2)" },
		/* A multicast address cannot even be begun with. */
		{ "224.0.0.1", ISCSI_FAILED_CONNECT, -ENETUNREACH, "unreachable" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct client client;

		connect_to_name(&client, cases[i].name, 1);
		assert_int_equal(client_login(&client), -1);
		assert_int_equal(client.error.kind, cases[i].kind);
		assert_int_equal(client.error.layer, ISCSI_LAYER_TRANSPORT);
		if (cases[i].err !=
		    -ENETUNREACH) /* which one it is depends on the machine */
			assert_int_equal(client.error.error, cases[i].err);
		if (cases[i].err != -ENETUNREACH &&
		    !strstr(client.error.text, cases[i].word))
			fail_msg("%s", client.error.text);
		client_free(&client);
	}
}

static void a_name_server_that_does_not_answer_costs_the_deadline(void **state)
{
	struct client client;

	(void)state;
	connect_to_name(&client, "192.0.2.1_192.0.2.2", 3260);
	iscsi_resolver_ask(client.resolver, ask_slowly, free_list);
	client.patience = SECONDS / 20;
	assert_int_equal(client_login(&client), -1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_TIMEOUT);
	assert_non_null(
		strstr(client.error.text, "was not resolved before the deadline"));
	sem_wait(&asked);
	sem_post(&answer);
	client_free(&client);
}

static void a_black_hole_costs_the_deadline(void **state)
{
	struct client client;
	uint16_t port = 0;
	int deaf = listen_on("127.0.0.1", &port, true), fds[4];
	char portal[32];

	(void)state;
	fill_queue("127.0.0.1", port, fds);
	snprintf(portal, sizeof(portal), "127.0.0.1:%u", port);
	client_init(&client, portal, TARGET);
	client.patience = SECONDS / 10;
	assert_int_equal(client_login(&client), -1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_TIMEOUT);
	client_free(&client);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(deaf);
}

static void without_a_resolver_only_numbers_are_taken(void **state)
{
	static const struct iscsi_session_ops ops = { 0 };
	struct iscsi_session *session;
	struct iscsi_config config;
	struct iscsi_loop *loop;
	struct iscsi_io *io;

	(void)state;
	assert_int_equal(iscsi_loop_new(&loop), 0);
	assert_int_equal(iscsi_tcp_new(loop, NULL, &io), 0);
	assert_int_equal(iscsi_session_new(io, &ops, NULL, &session), 0);
	iscsi_config_init(&config);
	config.initiator_name = "iqn.2003-01.org.example:i";
	assert_int_equal(iscsi_portal_parse("localhost", &config.portal), 0);
	assert_int_equal(
		iscsi_session_login(session, &config, iscsi_loop_now() + SECONDS),
		-EINVAL);
	iscsi_session_free(session);
	iscsi_loop_free(loop);
}

/* Freed while it connects, resolves, or waits for an answer. */
static void a_session_can_be_freed_at_any_moment(void **state)
{
	static const char *const names[] = { "127.0.0.1", "127.0.0.1_127.0.0.2" };
	uint16_t port = 0;
	int fd = listen_on("127.0.0.1", &port, false);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (uint64_t time = 0; time < 3; time++) {
			struct client client;

			connect_to_name(&client, names[i], port);
			assert_int_equal(iscsi_session_login(client.session,
							     &client.config,
							     iscsi_loop_now() + SECONDS),
					 0);
			run_for(client.loop, time * MILLISECONDS);
			assert_int_equal(client.downs, 0);
			client_free(&client);
		}
	close(fd);
}

/* --- Transfer ---------------------------------------------------------------------------- */

static void start_session(struct stub *stub, struct client *client,
			  enum iscsi_digest digest)
{
	struct stub_config config;

	stub_config_init(&config);
	assert_int_equal(stub_start(stub, &config), 0);
	client_init(client, stub->portal, TARGET);
	client->config.params.value[ISCSI_HEADER_DIGEST] = digest;
	client->config.params.value[ISCSI_DATA_DIGEST] = digest;
	if (client_login(client))
		fail_msg("%s", client->error.text);
}

static void megabytes_go_in_both_directions(void **state)
{
	const uint32_t blocks = 32768, size = blocks * 512;
	uint8_t *data = calloc(1, size);

	(void)state;
	for (int digest = 0; digest < 2; digest++) {
		struct iscsi_task in = { 0 }, out = { 0 };
		struct client client;
		struct stub stub;

		start_session(&stub, &client, digest);
		in.cdb[0] = 0x28;
		in.cdb[7] = (uint8_t)(blocks >> 8);
		in.cdb_length = 10;
		in.in = data;
		in.in_length = size;
		assert_int_equal(client_command(&client, &in), 0);
		assert_int_equal(in.transferred, size);
		out.cdb[0] = 0x2a;
		out.cdb_length = 10;
		out.out = data;
		out.out_length = size - 512;
		if (client_command(&client, &out))
			fail_msg("%s", client.error.text);
		assert_int_equal(out.status, SCSI_GOOD);
		assert_int_equal(client_logout(&client), 0);
		client_free(&client);
		stub_stop(&stub);
	}
	free(data);
}

static void a_target_that_dies_is_noticed(void **state)
{
	struct client client;
	struct stub stub;

	(void)state;
	start_session(&stub, &client, ISCSI_DIGEST_NONE);
	stub_stop(&stub);
	iscsi_loop_run(client.loop); /* until down stops it */
	assert_int_equal(client.downs, 1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_CONNECTION);
	client_free(&client);
}

/* The refusal and the end of the connection come together: the refusal counts. */
static void *refuse_and_close(void *argument)
{
	static const uint8_t refusal[48] = { 0x23, [36] = 3, [37] = 1 };
	uint8_t request[2048], bhs[48];
	int fd = accept(*(int *)argument, NULL, NULL);
	ssize_t n = recv(fd, request, sizeof(request), 0);

	assert_true(n > 48);
	memcpy(bhs, refusal, sizeof(bhs));
	memcpy(bhs + 16, request + 16, 4);
	assert_int_equal(send(fd, bhs, sizeof(bhs), MSG_NOSIGNAL), sizeof(bhs));
	close(fd);
	return NULL;
}

static void what_the_target_said_before_it_hung_up_is_heard(void **state)
{
	uint16_t port = 0;
	int fd = listen_on("127.0.0.1", &port, false);
	char portal[32];

	(void)state;
	snprintf(portal, sizeof(portal), "127.0.0.1:%u", port);
	for (int i = 0; i < 20; i++) {
		struct client client;
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, refuse_and_close, &fd), 0);
		client_init(&client, portal, TARGET);
		assert_int_equal(client_login(&client), -1);
		assert_int_equal(client.error.kind, ISCSI_FAILED_LOGIN);
		assert_int_equal(client.error.status_detail, 1);
		client_free(&client);
		pthread_join(thread, NULL);
	}
	close(fd);
}

/* --- Many sessions ----------------------------------------------------------------------- */

enum { SESSIONS = 500 };

struct crowd {
	struct iscsi_loop *loop;
	struct iscsi_session *sessions[SESSIONS];
	unsigned int up, down;
};

static void crowd_up(struct iscsi_session *session, void *user)
{
	struct crowd *crowd = user;

	(void)session;
	if (++crowd->up == SESSIONS)
		iscsi_loop_stop(crowd->loop);
}

static void crowd_down(struct iscsi_session *session, void *user,
		       const struct iscsi_error *error)
{
	struct crowd *crowd = user;

	(void)session;
	if (error)
		fail_msg("%s", error->text);
	if (++crowd->down == SESSIONS)
		iscsi_loop_stop(crowd->loop);
}

static void crowd_login(struct crowd *crowd, const struct stub *stub)
{
	static const struct iscsi_session_ops ops = { crowd_up, crowd_down, NULL };
	struct iscsi_config config;

	iscsi_config_init(&config);
	config.initiator_name = "iqn.2003-01.org.example:crowd";
	config.target_name = TARGET;
	assert_int_equal(iscsi_portal_parse(stub->portal, &config.portal), 0);
	for (int i = 0; i < SESSIONS; i++) {
		struct iscsi_session **session = &crowd->sessions[i];
		uint64_t deadline = iscsi_loop_now() + 30 * SECONDS;
		struct iscsi_io *io;

		assert_int_equal(iscsi_isid_random(config.isid), 0);
		assert_int_equal(iscsi_tcp_new(crowd->loop, NULL, &io), 0);
		assert_int_equal(iscsi_session_new(io, &ops, crowd, session), 0);
		assert_int_equal(iscsi_session_login(*session, &config, deadline), 0);
	}
}

static void hundreds_of_sessions_live_on_one_loop(void **state)
{
	static struct crowd crowd;
	struct stub_config config;
	struct stub stub;

	(void)state;
	memset(&crowd, 0, sizeof(crowd));
	stub_config_init(&config);
	assert_int_equal(stub_start(&stub, &config), 0);
	assert_int_equal(iscsi_loop_new(&crowd.loop), 0);
	crowd_login(&crowd, &stub);
	iscsi_loop_run(crowd.loop);
	assert_int_equal(crowd.up, SESSIONS);
	for (int i = 0; i < SESSIONS; i++)
		assert_int_equal(iscsi_session_logout(crowd.sessions[i],
						      iscsi_loop_now() + 30 * SECONDS),
				 0);
	iscsi_loop_run(crowd.loop);
	assert_int_equal(crowd.down, SESSIONS);
	for (int i = 0; i < SESSIONS; i++)
		iscsi_session_free(crowd.sessions[i]);
	iscsi_loop_free(crowd.loop);
	stub_stop(&stub);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(timers_ring_in_the_order_of_their_times),
	cmocka_unit_test(a_timer_can_be_armed_again_from_its_callback_and_moved),
	cmocka_unit_test(all_that_is_posted_runs_in_order),
	cmocka_unit_test(a_call_runs_on_the_loop_and_returns_afterwards),
	cmocka_unit_test(a_loop_runs_in_the_callers_thread_too_and_more_than_once),
	cmocka_unit_test(a_watch_that_ended_is_not_called_for_events_already_read),
	cmocka_unit_test(a_copy_of_a_closed_descriptor_reaches_nobody),
	cmocka_unit_test(numeric_addresses_are_parsed),
	cmocka_unit_test(names_are_looked_up_and_failures_say_why),
	cmocka_unit_test(a_bounded_number_of_threads_asks),
	cmocka_unit_test(a_lookup_can_be_cancelled_at_any_time),
	cmocka_unit_test(the_addresses_of_a_name_are_tried_in_turn),
	cmocka_unit_test(an_address_that_does_not_answer_costs_its_share_of_the_time),
	cmocka_unit_test(failures_to_connect_say_why),
	cmocka_unit_test(a_name_server_that_does_not_answer_costs_the_deadline),
	cmocka_unit_test(a_black_hole_costs_the_deadline),
	cmocka_unit_test(without_a_resolver_only_numbers_are_taken),
	cmocka_unit_test(a_session_can_be_freed_at_any_moment),
	cmocka_unit_test(megabytes_go_in_both_directions),
	cmocka_unit_test(a_target_that_dies_is_noticed),
	cmocka_unit_test(what_the_target_said_before_it_hung_up_is_heard),
	cmocka_unit_test(hundreds_of_sessions_live_on_one_loop),
};

int main(void)
{
	sem_init(&asked, 0, 0);
	sem_init(&answer, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
