// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * threads.c - eight threads read one object at once and must see what one thread saw.
 *
 * The threads of a race wait at a gate, start together and only read what they share; each writes to its own
 * struct reader, which the main thread reads after it joined them.
 */
#include <pthread.h>
#include <string.h>

#include "getters.h"
#include "shared/cleanup.h"

#define THREADS 8
#define ROUNDS	8
#define OBJECTS 2 /* of one type */

struct race {
	const struct getter *getter;
	IMA_OID oid;
	pthread_rwlock_t gate; /* held by the main thread until all have been made */
	IMA_STATUS status;     /* what one thread saw */
	struct getter_memory memory;
};

struct reader {
	pthread_t thread;
	struct race *race;
	const char *difference; /* what differed; NULL: nothing */
};

static const char *read_once(const struct race *race)
{
	struct getter_memory memory;
	IMA_STATUS status;

	memset(&memory, 0, sizeof(memory));
	status = race->getter->call(race->oid, memory.bytes);
	if (status != race->status)
		return "the status";
	if (IMA_ERROR(status))
		return NULL;
	return getter_difference(race->getter, race->memory.bytes, memory.bytes);
}

static void *read_often(void *argument)
{
	struct reader *reader = argument;

	pthread_rwlock_rdlock(&reader->race->gate);
	for (int round = 0; round < ROUNDS && !reader->difference; round++)
		reader->difference = read_once(reader->race);
	pthread_rwlock_unlock(&reader->race->gate);
	return NULL;
}

/* What differed, NULL if nothing did. False if not all threads could be made. */
static bool run_threads(struct race *race, const char **difference)
{
	struct reader readers[THREADS] = { 0 };
	size_t started = 0;

	*difference = NULL;
	pthread_rwlock_wrlock(&race->gate);
	for (; started < THREADS; started++) {
		readers[started].race = race;
		if (pthread_create(&readers[started].thread, NULL, read_often,
				   &readers[started]))
			break;
	}
	pthread_rwlock_unlock(&race->gate);
	for (size_t i = 0; i < started; i++) {
		pthread_join(readers[i].thread, NULL);
		if (readers[i].difference)
			*difference = readers[i].difference;
	}
	return started == THREADS;
}

static void check_object(struct run *run, struct race *race)
{
	enum function_index fn = race->getter->fn;
	const char *difference;

	memset(&race->memory, 0, sizeof(race->memory));
	race->status = race->getter->call(race->oid, race->memory.bytes);
	if (!run_threads(race, &difference))
		unchecked(run, fn, RULE_THREADS, "no threads to be had");
	else
		check(run, fn, RULE_THREADS, !difference, race->oid,
		      "%s differs while other threads read",
		      difference ? difference : "");
}

void check_threads(struct run *run)
{
	struct race race = { .gate = PTHREAD_RWLOCK_INITIALIZER };

	for (size_t i = 0; i < getter_count; i++) {
		race.getter = &getter_table[i];
		for (IMA_OBJECT_TYPE type = 1; type < OBJECT_TYPES; type++)
			for (size_t k = 0; race.getter->objects & 1u << type &&
					   k < OBJECTS && k < sample_count(run, type);
			     k++) {
				race.oid = run->objects[type].oid[k];
				if (!race.getter->counters)
					check_object(run, &race);
			}
	}
}
