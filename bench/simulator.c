// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * simulator.c - large machines: how long listing and reading everything takes through the
 * library, and whether one object costs more when there are ten times as many.
 *
 * Each size runs in a process of its own, because a process has one machine; the sizes take
 * turns, and the fastest round of each counts, so that other work on the computer does not.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ima.h"

enum { LUS = 16, ROUNDS = 5, SIZES = 2 };

static const unsigned int sizes[SIZES] = { 1000, 10000 };

struct result {
	double start, lists, lus, targets; /* seconds */
	IMA_UINT n_lus, n_targets;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void need(int right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "bench simulator: %s\n", what);
	exit(1);
}

static void read_lus(IMA_OID lhba, struct result *result)
{
	double before = now(), listed;
	IMA_LU_PROPERTIES properties;
	IMA_OID_LIST *lus;

	need(IMA_GetLuOidList(lhba, &lus) == IMA_STATUS_SUCCESS, "no list of LUs");
	listed = now();
	for (IMA_UINT i = 0; i < lus->oidCount; i++)
		need(IMA_GetLuProperties(lus->oids[i], &properties) == IMA_STATUS_SUCCESS,
		     "an LU without properties");
	result->n_lus = lus->oidCount;
	IMA_FreeMemory(lus);
	result->lists = listed - before;
	result->lus = now() - before;
}

static void read_targets(IMA_OID lhba, struct result *result)
{
	double before = now();
	IMA_TARGET_PROPERTIES properties;
	IMA_OID_LIST *targets;

	need(IMA_GetTargetOidList(lhba, &targets) == IMA_STATUS_SUCCESS,
	     "no list of targets");
	for (IMA_UINT i = 0; i < targets->oidCount; i++)
		need(IMA_GetTargetProperties(targets->oids[i], &properties) ==
			     IMA_STATUS_SUCCESS,
		     "a target without properties");
	result->n_targets = targets->oidCount;
	IMA_FreeMemory(targets);
	result->targets = now() - before;
}

static void keep_least(double *least, double value)
{
	if (!*least || value < *least)
		*least = value;
}

static struct result measure(void)
{
	struct result least = { 0 };
	double before = now();
	IMA_OID_LIST *lhbas;

	need(IMA_GetLhbaOidList(&lhbas) == IMA_STATUS_SUCCESS && lhbas->oidCount == 1,
	     "no LHBA");
	least.start = now() - before;
	for (int round = 0; round < ROUNDS; round++) {
		struct result result = { 0 };

		read_lus(lhbas->oids[0], &result);
		read_targets(lhbas->oids[0], &result);
		keep_least(&least.lists, result.lists);
		keep_least(&least.lus, result.lus);
		keep_least(&least.targets, result.targets);
		least.n_lus = result.n_lus;
		least.n_targets = result.n_targets;
	}
	IMA_FreeMemory(lhbas);
	return least;
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	need(file && fputs(text, file) >= 0 && fclose(file) == 0, path);
}

static void prepare(const char *folder, const char *plugin, unsigned int targets)
{
	char text[PATH_MAX + 300], path[PATH_MAX + 16];

	snprintf(text, sizeof(text), "org.libima.simulator %s\n", plugin);
	write_file(folder, "ima.conf", text);
	snprintf(text, sizeof(text),
		 "node shared add name=iqn.2026-11.sim.example:bench\n"
		 "lhba sw0 add\n"
		 "generate targets=%u lus=%d portal=192.0.2.1:3260\n"
		 "discovery sw0/192.0.2.1:3260 add\n",
		 targets, LUS);
	write_file(folder, "bench.conf", text);
	snprintf(path, sizeof(path), "%s/ima.conf", folder);
	setenv("IMA_CONFIG", path, 1);
	snprintf(path, sizeof(path), "%s/bench.conf", folder);
	setenv("IMA_SIM_SCENARIO", path, 1);
	setenv("IMA_STATE_DIR", folder, 1);
}

/* The child is a process of its own only after exec. */
static struct result measure_elsewhere(const char *self)
{
	struct result result = { 0 };
	int ends[2], status;
	char number[16];
	pid_t child;

	need(pipe(ends) == 0, "no pipe");
	child = fork();
	need(child >= 0, "no process");
	if (!child) {
		snprintf(number, sizeof(number), "%d", ends[1]);
		execl(self, self, "--child", number, (char *)NULL);
		_exit(1);
	}
	close(ends[1]);
	need(read(ends[0], &result, sizeof(result)) == sizeof(result),
	     "a measurement failed");
	close(ends[0]);
	need(waitpid(child, &status, 0) == child && status == 0, "a measurement failed");
	return result;
}

static double n_lus(const struct result *result)
{
	return (double)result->n_lus;
}

static double n_targets(const struct result *result)
{
	return (double)result->n_targets;
}

static double n_objects(const struct result *result)
{
	return n_lus(result) + n_targets(result);
}

static double lus_time(const struct result *result)
{
	return result->lus;
}

static double targets_time(const struct result *result)
{
	return result->targets;
}

static double objects_time(const struct result *result)
{
	return result->lus + result->targets;
}

typedef double figure(const struct result *result);

static void print_each(const char *what, const struct result results[SIZES],
		       figure *count, figure *seconds)
{
	double small = seconds(&results[0]) / count(&results[0]);
	double large = seconds(&results[1]) / count(&results[1]);

	printf("%-42s %9.0f ns %9.0f ns %7.2f\n", what, small * 1e9, large * 1e9,
	       large / small);
}

static void print(const struct result results[SIZES])
{
	printf("%-42s %12s %12s %7s\n", "", "1,000", "10,000", "ratio");
	printf("%-42s %12lu %12lu\n", "LUs", results[0].n_lus, results[1].n_lus);
	printf("%-42s %9.1f ms %9.1f ms\n", "load the machine", results[0].start * 1e3,
	       results[1].start * 1e3);
	printf("%-42s %9.1f ms %9.1f ms\n", "list all LUs", results[0].lists * 1e3,
	       results[1].lists * 1e3);
	printf("%-42s %9.1f ms %9.1f ms\n", "list all LUs, read all properties",
	       results[0].lus * 1e3, results[1].lus * 1e3);
	print_each("per LU", results, n_lus, lus_time);
	print_each("per target", results, n_targets, targets_time);
	print_each("per object (bar 1.20)", results, n_objects, objects_time);
}

static void run(const char *self, const char *plugin, const char *folder)
{
	struct result results[SIZES] = { { 0 } };

	for (int turn = 0; turn < 3; turn++)
		for (int i = 0; i < SIZES; i++) {
			struct result result;

			prepare(folder, plugin, sizes[i]);
			result = measure_elsewhere(self);
			keep_least(&results[i].start, result.start);
			keep_least(&results[i].lists, result.lists);
			keep_least(&results[i].lus, result.lus);
			keep_least(&results[i].targets, result.targets);
			results[i].n_lus = result.n_lus;
			results[i].n_targets = result.n_targets;
		}
	print(results);
}

static void remove_folder(const char *folder)
{
	static const char *const names[] = { "ima.conf", "bench.conf" };
	char path[PATH_MAX];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/ima-bench-XXXXXX";
	struct result result;

	if (argc == 3 && strcmp(argv[1], "--child") == 0) {
		result = measure();
		return write((int)strtol(argv[2], NULL, 10), &result, sizeof(result)) !=
		       sizeof(result);
	}
	need(argc == 2, "expected: simulator PLUGIN");
	need(mkdtemp(folder) != NULL, "no folder");
	run("/proc/self/exe", argv[1], folder);
	remove_folder(folder);
	return 0;
}
