// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * store.c - "store PLUGIN": what setting one value of a target, and adding a static target, costs
 * in the user-space initiator, with few and with many targets known, beside one write of
 * 4 kB and fdatasync() in the same folder: the least that anything lasting costs there.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "ima.h"

enum { FEW = 10, SOME = 410, MANY = 4000, TIMES = 400 };

static void need(int right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "bench store: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, TIMES, sizeof(*values), compare);
	return values[TIMES / 2];
}

static void prepare(const char *folder, const char *plugin)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/ima.conf", folder);
	file = fopen(path, "w");
	need(file && fprintf(file, "org.libima.user %s\n", plugin) > 0 && !fclose(file),
	     path);
	setenv("IMA_CONFIG", path, 1);
	setenv("IMA_STATE_DIR", folder, 1);
}

static void add_target(IMA_OID lhba, int number)
{
	IMA_STATIC_DISCOVERY_TARGET target = { 0 };
	IMA_OID oid;

	swprintf(target.targetName, sizeof(IMA_NODE_NAME) / sizeof(IMA_WCHAR),
		 L"iqn.2003-01.org.example:disk%d", number);
	target.targetAddress.hostnameIpAddress.id.ipAddress = (IMA_IP_ADDRESS){
		.ipv4Address = IMA_TRUE, .ipAddress = { 192, 0, 2, 1 }
	};
	target.targetAddress.portNumber = 3260;
	need(IMA_AddStaticDiscoveryTarget(lhba, target, &oid) == IMA_STATUS_SUCCESS,
	     "a static target cannot be added");
}

/* The median of the last adds, up to this many targets. */
static double add_targets(IMA_OID lhba, int from, int to)
{
	static double times[TIMES];
	double start;

	for (int i = from; i < to; i++) {
		start = now();
		add_target(lhba, i);
		times[i % TIMES] = now() - start;
	}
	return median(times);
}

static double set_values(IMA_OID lhba, IMA_UINT targets)
{
	static double times[TIMES];
	IMA_OID_LIST *list;
	double start;

	need(IMA_GetTargetOidList(lhba, &list) == IMA_STATUS_SUCCESS &&
		     list->oidCount == targets,
	     "not all targets are there");
	for (IMA_UINT i = 0; i < TIMES; i++) {
		start = now();
		need(IMA_SetMaxBurstLength(list->oids[i % targets], 1048576 + 512 * i) ==
			     IMA_STATUS_SUCCESS,
		     "the value cannot be set");
		times[i] = now() - start;
	}
	IMA_FreeMemory(list);
	return median(times);
}

static double write_bare(const char *folder)
{
	static double times[TIMES];
	static char block[4096];
	char path[512];
	double start;
	int fd;

	snprintf(path, sizeof(path), "%s/bare", folder);
	fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	need(fd >= 0, path);
	for (int i = 0; i < TIMES; i++) {
		start = now();
		need(pwrite(fd, block, sizeof(block), 0) == sizeof(block) &&
			     !fdatasync(fd),
		     path);
		times[i] = now() - start;
	}
	close(fd);
	return median(times);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	char folder[] = "/var/tmp/ima-bench-XXXXXX";
	IMA_OID_LIST *lhbas;
	double few, many, bare, first, last;

	need(argc == 2 && mkdtemp(folder), "store PLUGIN");
	prepare(folder, argv[1]);
	need(IMA_GetLhbaOidList(&lhbas) == IMA_STATUS_SUCCESS && lhbas->oidCount == 1,
	     "no LHBA");
	for (int i = 0; i < FEW; i++)
		add_target(lhbas->oids[0], i);
	few = set_values(lhbas->oids[0], FEW);
	first = add_targets(lhbas->oids[0], FEW, SOME);
	last = add_targets(lhbas->oids[0], SOME, MANY);
	many = set_values(lhbas->oids[0], MANY);
	bare = write_bare(folder);
	printf("setting one value, median: %d targets %.3f ms, %d targets %.3f ms (bar "
	       "1.000); "
	       "ratio %.2f; a write with fdatasync() %.3f ms\n",
	       FEW, few, MANY, many, many / few, bare);
	printf("adding a static target, median: up to %d targets %.3f ms, up to %d "
	       "targets %.3f ms; ratio %.2f\n",
	       SOME, first, MANY, last, last / first);
	IMA_FreeMemory(lhbas);
	need(!nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), folder);
	return 0;
}
