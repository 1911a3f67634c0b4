// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * dispatch.c - what a call through libima costs over the plugin's function called directly, with
 * 1, 2 and 8 threads; and how long calls take while another thread's call sleeps in the plugin.
 *
 * Called with the path of its plugin. Prints "what value unit" lines; all that are compared are
 * of one run. Times per call are medians over batches in CPU time of the thread, so that other
 * load counts little; threads are pinned, one after the other, to the processors this process
 * may use.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ima.h"

#define BATCH	1000
#define BATCHES 1000
#define THREADS 8
#define SAMPLES 200000

typedef IMA_STATUS port_function(IMA_OID, IMA_NETWORK_PORT_STATUS *);

static const IMA_OID port = { IMA_OBJECT_TYPE_PNP, 1, 1 };
static const IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, 1, 1 };

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "dispatch: %s\n", what);
	exit(1);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

/* The n-th processor of those this process may use, over and over. */
static void pin(int n)
{
	cpu_set_t allowed, one;
	int cpu = -1;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	n %= CPU_COUNT(&allowed);
	while (n >= 0)
		n -= CPU_ISSET(++cpu, &allowed) ? 1 : 0;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
}

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	port_function *function;
	int number;
	double per_call;
};

static double time_batch(port_function *function)
{
	IMA_NETWORK_PORT_STATUS status;
	uint64_t begin = read_clock(CLOCK_THREAD_CPUTIME_ID);

	for (int i = 0; i < BATCH; i++)
		if (function(port, &status))
			die("a call failed");
	return (double)(read_clock(CLOCK_THREAD_CPUTIME_ID) - begin) / BATCH;
}

static void *work(void *data)
{
	static __thread double times[BATCHES];
	struct worker *worker = data;

	pin(worker->number);
	pthread_barrier_wait(worker->start);
	for (int i = 0; i < BATCHES; i++)
		times[i] = time_batch(worker->function);
	worker->per_call = median(times, BATCHES);
	return NULL;
}

/* Nanoseconds per call, the median over the threads. */
static double measure(port_function *function, int threads)
{
	struct worker workers[THREADS];
	double times[THREADS];
	pthread_barrier_t start;

	pthread_barrier_init(&start, NULL, (unsigned)threads);
	for (int i = 0; i < threads; i++) {
		workers[i] = (struct worker){ 0, &start, function, i, 0 };
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			die("cannot start a thread");
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(workers[i].thread, NULL);
		times[i] = workers[i].per_call;
	}
	pthread_barrier_destroy(&start);
	return median(times, (size_t)threads);
}

static void compare(port_function *direct)
{
	static const int counts[] = { 1, 2, THREADS };
	double alone = 0;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		double plain = measure(direct, counts[i]);
		double routed = measure(IMA_GetNetworkPortStatus, counts[i]);

		if (!i)
			alone = routed;
		printf("direct call, %d threads        %8.2f ns\n", counts[i], plain);
		printf("routed call, %d threads        %8.2f ns\n", counts[i], routed);
		printf("routed over direct, %d threads %8.2f ns\n", counts[i],
		       routed - plain);
		printf("routed, %d threads over 1      %8.2f times\n", counts[i],
		       routed / alone);
	}
}

static void *sleep_in_plugin(void *data)
{
	pin(1);
	if (IMA_RemoveStaleData(lhba))
		die("the sleeping call failed");
	atomic_store((atomic_bool *)data, true);
	return NULL;
}

static void on_property(IMA_OID oid)
{
	(void)oid;
}

static void call_port(void)
{
	IMA_NETWORK_PORT_STATUS status;

	IMA_GetNetworkPortStatus(port, &status);
}

static void call_list(void)
{
	IMA_OID_LIST *list;

	if (!IMA_GetLhbaOidList(&list))
		IMA_FreeMemory(list);
}

static void call_events(void)
{
	IMA_RegisterForObjectPropertyChanges(on_property);
	IMA_DeregisterForObjectPropertyChanges(on_property);
}

/* Calls something until the sleeping call returns, or for a second if nobody sleeps. */
static void time_calls(const char *what, void (*call)(void), bool is_sleeping)
{
	static double times[SAMPLES];
	atomic_bool done = false;
	size_t count = 0;
	pthread_t thread;
	uint64_t end = read_clock(CLOCK_MONOTONIC) + 1000000000U;

	if (is_sleeping && pthread_create(&thread, NULL, sleep_in_plugin, &done))
		die("cannot start a thread");
	while (is_sleeping ? !done : read_clock(CLOCK_MONOTONIC) < end) {
		uint64_t begin = read_clock(CLOCK_MONOTONIC);

		call();
		times[count++ % SAMPLES] = (double)(read_clock(CLOCK_MONOTONIC) - begin);
	}
	if (is_sleeping)
		pthread_join(thread, NULL);
	count = count < SAMPLES ? count : SAMPLES;
	qsort(times, count, sizeof(*times), by_value);
	printf("%s, %s: median %.0f ns, 99.9 %% %.0f ns, longest %.1f us\n", what,
	       is_sleeping ? "while a call sleeps 1 s" : "alone", times[count / 2],
	       times[count - 1 - count / 1000], times[count - 1] / 1000);
}

/* A configuration with the one plugin. */
static void configure(const char *plugin)
{
	static char path[] = "/tmp/ima-bench-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || dprintf(fd, "bench\t%s\n", plugin) < 0)
		die("cannot write a configuration");
	close(fd);
	setenv("IMA_CONFIG", path, 1);
	call_list();
	unlink(path);
}

int main(int argc, char **argv)
{
	char *plugin = argc > 1 ? realpath(argv[1], NULL) : NULL;
	void *handle = plugin ? dlopen(plugin, RTLD_NOW | RTLD_LOCAL) : NULL;
	port_function *direct = handle ? dlsym(handle, "IMA_GetNetworkPortStatus") : NULL;

	if (!direct)
		die("usage: dispatch PATH-OF-dispatch-plugin.so");
	configure(plugin);
	compare(direct);
	pin(0);
	for (int sleeping = 0; sleeping < 2; sleeping++) {
		time_calls("routed call", call_port, sleeping);
		time_calls("list of all plugins", call_list, sleeping);
		time_calls("registering for events", call_events, sleeping);
	}
	free(plugin);
	return 0;
}
