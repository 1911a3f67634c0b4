// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/host.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "shared/state-dir.h"

/* Written before any other call of the plugin and after the last one only. */
static const IMAX_HOST *current;

#define HOST_HAS(member)                                                           \
	(current &&                                                                \
	 current->size >= offsetof(IMAX_HOST, member) + sizeof(current->member) && \
	 current->member)

void host_set(const IMAX_HOST *host)
{
	current = host;
}

uint64_t host_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

#ifdef __x86_64__
/* Counters run at 1 to 5 GHz: this is 2 to 10 ms. One that jumped is not believed either. */
#define FEW_TICKS 10000000u

uint64_t host_now_roughly(void)
{
	static __thread uint64_t read_at, time;
	uint64_t ticks = __builtin_ia32_rdtsc();

	if (!time || ticks - read_at > FEW_TICKS) {
		time = host_now();
		read_at = ticks;
	}
	return time;
}
#else
uint64_t host_now_roughly(void)
{
	return host_now();
}
#endif

uint64_t host_deadline(void)
{
	return HOST_HAS(GetDeadline) ? current->GetDeadline()
				     : host_now() + HOST_DEFAULT_DEADLINE;
}

int host_time_left(void)
{
	uint64_t deadline = host_deadline(), now = host_now();
	uint64_t left = deadline > now ? (deadline - now + 999999) / 1000000 : 0;

	return left > INT_MAX ? INT_MAX : (int)left;
}

int host_state_path(const char *file, char *path, size_t size)
{
	char folder[PATH_MAX];
	int n, err = 0;

	if (HOST_HAS(stateDirectory) && current->stateDirectory[0])
		n = snprintf(path, size, "%s/%s", current->stateDirectory, file);
	else {
		err = state_dir_path(folder, sizeof(folder));
		n = err ? 0 : snprintf(path, size, "%s/%s", folder, file);
	}
	if (err)
		return err;
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

void host_log(IMAX_LOG_LEVEL level, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	if (!HOST_HAS(Log))
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	current->Log(level, text);
}

static void set_text(IMAX_LAST_ERROR *record, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void set_text(IMAX_LAST_ERROR *record, const char *format, va_list arguments)
{
	size_t used;

	vsnprintf(record->text, sizeof(record->text), format, arguments);
	used = strlen(record->text);
	if (record->osError)
		snprintf(record->text + used, sizeof(record->text) - used, ": %s",
			 strerrordesc_np(record->osError)
				 ? strerrordesc_np(record->osError)
				 : "unknown error");
}

IMA_STATUS host_fail(IMA_STATUS status, IMAX_LAYER layer, int error, const char *format,
		     ...)
{
	IMAX_LAST_ERROR record = { .size = sizeof(record),
				   .status = status,
				   .layer = layer,
				   .osError = error < 0 ? -error : error };
	va_list arguments;

	if (!HOST_HAS(SetLastError))
		return status;
	va_start(arguments, format);
	set_text(&record, format, arguments);
	va_end(arguments);
	current->SetLastError(&record);
	return status;
}

IMA_STATUS host_fail_with(IMA_STATUS status, IMAX_LAST_ERROR *record, const char *format,
			  ...)
{
	va_list arguments;

	if (!HOST_HAS(SetLastError))
		return status;
	record->size = sizeof(*record);
	record->status = status;
	va_start(arguments, format);
	vsnprintf(record->text, sizeof(record->text), format, arguments);
	va_end(arguments);
	current->SetLastError(record);
	return status;
}
