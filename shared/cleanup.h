/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cleanup.h - locals that release what they own when they go out of scope.
 *
 * A local declared with _cleanup_free_ and friends is released on every way out of the
 * function; steal() hands its content over and leaves NULL behind.
 */
#ifndef SHARED_CLEANUP_H
#define SHARED_CLEANUP_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define steal(pointer)                              \
	({                                          \
		__typeof__(pointer) p_ = (pointer); \
		(pointer) = NULL;                   \
		p_;                                 \
	})

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_unlock(pthread_mutex_t **lock)
{
	pthread_mutex_unlock(*lock);
}

#define _cleanup_(function) __attribute__((cleanup(function)))
#define _cleanup_free_	    _cleanup_(cleanup_free)
#define _cleanup_close_	    _cleanup_(cleanup_close)
#define _cleanup_fclose_    _cleanup_(cleanup_fclose)

/* Hold a mutex until the end of the enclosing block. */
#define LOCKED_AS(name, mutex)                                     \
	pthread_mutex_t *_cleanup_(cleanup_unlock) name = (mutex); \
	pthread_mutex_lock(name)
#define LOCKED_AT(line, mutex) LOCKED_AS(locked_at_##line, mutex)
#define LOCKED_ON(line, mutex) LOCKED_AT(line, mutex)
#define LOCKED(mutex)	       LOCKED_ON(__LINE__, mutex)

#endif
