// SPDX-License-Identifier: LGPL-2.1-or-later
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/cleanup.h"

static const struct {
	const char *name, *digit;
	int level;
} levels[] = {
	{ "error", "3", IMAX_LOG_ERROR },
	{ "warning", "4", IMAX_LOG_WARNING },
	{ "info", "6", IMAX_LOG_INFO },
	{ "debug", "7", IMAX_LOG_DEBUG },
};

static int wanted; /* the highest level shown; written once */

static void find_wanted(void)
{
	const char *text = secure_getenv("IMA_DEBUG");

	wanted = text && *text ? IMAX_LOG_DEBUG : 0;
	for (size_t i = 0; text && i < ARRAY_SIZE(levels); i++)
		if (!strcmp(text, levels[i].name) || !strcmp(text, levels[i].digit))
			wanted = levels[i].level;
}

bool log_wants(IMAX_LOG_LEVEL level)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_wanted);
	return (int)level <= wanted;
}

static const char *level_name(IMAX_LOG_LEVEL level)
{
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if ((int)level <= levels[i].level)
			return levels[i].name;
	return "debug";
}

/* One write, so that lines of several threads do not mix. */
static void write_line(IMAX_LOG_LEVEL level, const char *subject, const char *text)
{
	char line[1200];
	int n = snprintf(line, sizeof(line), "libima: %s: %s%s%s\n", level_name(level),
			 subject ? subject : "", subject ? ": " : "", text);

	if (n > 0 && write(STDERR_FILENO, line, strlen(line)) < 0)
		return; /* there is nobody to tell */
}

void log_line(IMAX_LOG_LEVEL level, const char *subject, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	if (log_wants(level)) {
		vsnprintf(text, sizeof(text), format, args);
		write_line(level, subject, text);
	}
	va_end(args);
}
