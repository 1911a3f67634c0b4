// SPDX-License-Identifier: LGPL-2.1-or-later
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
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

static bool is_shown(IMAX_LOG_LEVEL level)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_wanted);
	return (int)level <= wanted;
}

/* What is collected; kept from growing without end by a plugin that talks too much. */
#define COLLECTED_MAX (64 * 1024)

static struct {
	pthread_mutex_t lock;
	atomic_bool on;
	char *text;
	size_t size;
} collected = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool log_wants(IMAX_LOG_LEVEL level)
{
	return is_shown(level) || (level <= IMAX_LOG_ERROR && atomic_load(&collected.on));
}

void log_collect_begin(void)
{
	atomic_store(&collected.on, true);
}

char *log_collect_end(void)
{
	LOCKED(&collected.lock);
	atomic_store(&collected.on, false);
	collected.size = 0;
	return steal(collected.text);
}

static void one_line(char *text)
{
	for (; *text; text++)
		if (*text == '\n')
			*text = ' ';
}

static void collect(const char *subject, const char *text)
{
	char line[1200], *grown;
	int n = snprintf(line, sizeof(line), "%s%s%s", subject ? subject : "",
			 subject ? ": " : "", text);
	size_t length = strlen(line);

	LOCKED(&collected.lock);
	if (n < 0 || !atomic_load(&collected.on) ||
	    collected.size + length + 2 > COLLECTED_MAX)
		return;
	grown = realloc(collected.text, collected.size + length + 2);
	if (!grown)
		return;
	one_line(line);
	memcpy(grown + collected.size, line, length);
	memcpy(grown + collected.size + length, "\n", 2);
	collected.text = grown;
	collected.size += length + 1;
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
	bool kept = atomic_load(&collected.on) &&
		    level <= (subject ? IMAX_LOG_ERROR : IMAX_LOG_WARNING);
	char text[1024];
	va_list args;

	if (!kept && !is_shown(level))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (is_shown(level))
		write_line(level, subject, text);
	if (kept)
		collect(subject, text);
}
