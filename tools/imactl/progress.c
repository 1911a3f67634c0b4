// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * progress.c - a thread that draws; lock guards stopping, cond ends its sleep.
 */
#include "progress.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SILENT_MS 300
#define FRAME_MS  100

static struct {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_t thread;
	bool running, stopping;
	const char *text;
	size_t done, count; /* count 0: nothing is counted */
	struct timespec start;
} progress = { .lock = PTHREAD_MUTEX_INITIALIZER };

static double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - progress.start.tv_sec) +
	       (double)(now.tv_nsec - progress.start.tv_nsec) / 1e9;
}

/* Sleeps with the lock held; false once progress_stop() was called. */
static bool sleep_ms(long ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!progress.stopping)
		if (pthread_cond_timedwait(&progress.cond, &progress.lock, &until))
			return !progress.stopping;
	return false;
}

static void draw_frame(char frame)
{
	fprintf(stderr, "\r%c %s", frame, progress.text);
	if (progress.count)
		fprintf(stderr, " (%zu of %zu)", progress.done, progress.count);
	fprintf(stderr, " ... %.1f s", elapsed());
}

static void *draw(void *unused)
{
	static const char frames[] = "|/-\\";

	(void)unused;
	pthread_mutex_lock(&progress.lock);
	if (sleep_ms(SILENT_MS)) {
		unsigned i = 0;

		do
			draw_frame(frames[i++ % 4]);
		while (sleep_ms(FRAME_MS));
		fputs("\r\033[K", stderr);
	}
	pthread_mutex_unlock(&progress.lock);
	return NULL;
}

static bool is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

void progress_start(const char *text)
{
	pthread_condattr_t monotonic;

	if (!text || progress.running || !is_terminal())
		return;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&progress.cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
	progress.text = text;
	progress.stopping = false;
	clock_gettime(CLOCK_MONOTONIC, &progress.start);
	progress.running = !pthread_create(&progress.thread, NULL, draw, NULL);
}

void progress_count(size_t done, size_t count)
{
	pthread_mutex_lock(&progress.lock);
	progress.done = done;
	progress.count = count;
	pthread_mutex_unlock(&progress.lock);
}

void progress_stop(void)
{
	if (!progress.running)
		return;
	pthread_mutex_lock(&progress.lock);
	progress.stopping = true;
	pthread_cond_signal(&progress.cond);
	pthread_mutex_unlock(&progress.lock);
	pthread_join(progress.thread, NULL);
	pthread_cond_destroy(&progress.cond);
	progress.running = false;
}
