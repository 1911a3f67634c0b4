// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * listing-libopeniscsiusr.c - the time libopeniscsiusr takes to list every session of a machine,
 * and to hand out what it knows of each. The library is opened at run time, as it is installed
 * with open-iscsi. Prints milliseconds, sessions, 0 (it knows no LUs).
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct iscsi_context;
struct iscsi_session;

struct functions {
	struct iscsi_context *(*context_new)(void);
	int (*sessions_get)(struct iscsi_context *, struct iscsi_session ***, uint32_t *);
	void (*sessions_free)(struct iscsi_session **, uint32_t);
	void (*context_free)(struct iscsi_context *);
	const char *(*target_name)(struct iscsi_session *);
	const char *(*address)(struct iscsi_session *);
};

static const char *const names[] = {
	"iscsi_context_new",
	"iscsi_sessions_get",
	"iscsi_sessions_free",
	"iscsi_context_free",
	"iscsi_session_target_name_get",
	"iscsi_session_address_get",
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int look_up(struct functions *functions)
{
	void *handle = dlopen("libopeniscsiusr.so.0", RTLD_NOW), *entry;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		entry = handle ? dlsym(handle, names[i]) : NULL;
		if (!entry) {
			fprintf(stderr, "listing-libopeniscsiusr: %s\n", dlerror());
			return -1;
		}
		memcpy((char *)functions + i * sizeof(entry), &entry, sizeof(entry));
	}
	return 0;
}

int main(void)
{
	struct iscsi_session **list = NULL;
	struct iscsi_context *context;
	struct functions f;
	double start = now();
	uint32_t count = 0, named = 0;

	if (look_up(&f))
		return 77;
	context = f.context_new();
	if (!context || f.sessions_get(context, &list, &count))
		return 1;
	for (uint32_t i = 0; i < count; i++)
		named += *f.target_name(list[i]) && *f.address(list[i]);
	f.sessions_free(list, count);
	f.context_free(context);
	printf("%.2f %u 0\n", now() - start, named);
	return 0;
}
