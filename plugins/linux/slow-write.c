// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * slow-write.c - a write with a deadline. A job belongs to its thread and to who waits for it:
 * the last of the two releases it. Its lock guards everything in it but the descriptor.
 */
#include "slow-write.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shared/cleanup.h"

struct job {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done, left; /* by the thread, by who waited */
	int result;
	int fd;
	char text[64];
};

static void free_job(struct job *job)
{
	close(job->fd);
	pthread_cond_destroy(&job->changed);
	pthread_mutex_destroy(&job->lock);
	free(job);
}

static void *run_job(void *data)
{
	struct job *job = data;
	size_t size = strlen(job->text);
	ssize_t n = write(job->fd, job->text, size);
	int result = n < 0 ? -errno : (size_t)n == size ? 0 : -EIO;
	bool left;

	{
		LOCKED(&job->lock);
		job->result = result;
		job->done = true;
		left = job->left;
		pthread_cond_signal(&job->changed);
	}
	if (left)
		free_job(job);
	return NULL;
}

static struct job *new_job(int fd, const char *text)
{
	struct job *job = calloc(1, sizeof(*job));
	pthread_condattr_t monotonic;

	if (!job)
		return NULL;
	job->fd = fd;
	snprintf(job->text, sizeof(job->text), "%s", text);
	pthread_mutex_init(&job->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&job->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return job;
}

static int start_job(struct job *job)
{
	pthread_attr_t detached;
	pthread_t thread;
	int err = pthread_attr_init(&detached);

	if (err)
		return -err;
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &detached, run_job, job);
	pthread_attr_destroy(&detached);
	return -err;
}

static int await_job(struct job *job, uint64_t deadline)
{
	const struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000u),
					.tv_nsec = (long)(deadline % 1000000000u) };
	bool done;
	int result;

	{
		LOCKED(&job->lock);
		while (!job->done &&
		       !pthread_cond_timedwait(&job->changed, &job->lock, &until))
			;
		done = job->done;
		job->left = !done;
		result = done ? job->result : -ETIMEDOUT;
	}
	if (done)
		free_job(job);
	return result;
}

int slow_write(int dir, const char *path, const char *text, uint64_t deadline)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	struct job *job;
	int err;

	if (fd < 0)
		return -errno;
	job = new_job(fd, text);
	if (!job) {
		close(fd);
		return -ENOMEM;
	}
	err = start_job(job);
	if (err) {
		free_job(job);
		return err;
	}
	return await_job(job, deadline);
}
