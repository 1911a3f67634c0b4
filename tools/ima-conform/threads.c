// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * threads.c - eight threads read every object at once and must see what one thread saw.
 *
 * Each thread writes to its own struct reader; the main thread reads them after it joined.
 */
#include <pthread.h>
#include <string.h>

#include "getters.h"
#include "shared/cleanup.h"

#define THREADS 8
#define ROUNDS	8

struct reader {
	pthread_t thread;
	const struct run *run;
	const char *what[16]; /* field that differed, or "status" */
	IMA_OID oid[16];
	enum function_index fn[16];
	size_t count;
};

static void differs(struct reader *reader, enum function_index fn, IMA_OID oid,
		    const char *what)
{
	if (reader->count == ARRAY_SIZE(reader->what))
		return;
	reader->fn[reader->count] = fn;
	reader->oid[reader->count] = oid;
	reader->what[reader->count++] = what;
}

static void read_one(struct reader *reader, const struct getter *getter, IMA_OID oid)
{
	struct getter_memory first, again;
	IMA_STATUS status, second;
	const char *field;

	memset(&first, 0, sizeof(first));
	memset(&again, 0, sizeof(again));
	status = getter->call(oid, first.bytes);
	second = getter->call(oid, again.bytes);
	field = IMA_SUCCESS(status) ? getter_difference(getter, first.bytes, again.bytes)
				    : NULL;
	if (status != second)
		differs(reader, getter->fn, oid, "the status");
	else if (field)
		differs(reader, getter->fn, oid, field);
}

static void read_all(struct reader *reader)
{
	for (size_t i = 0; i < getter_count; i++) {
		const struct getter *getter = &getter_table[i];

		for (IMA_OBJECT_TYPE type = 1; type < OBJECT_TYPES; type++)
			for (size_t k = 0;
			     (getter->objects & 1u << type) && !getter->counters &&
			     k < sample_count(reader->run, type);
			     k++)
				read_one(reader, getter,
					 reader->run->objects[type].oid[k]);
	}
}

static void *work(void *argument)
{
	struct reader *reader = argument;

	for (int round = 0; round < ROUNDS; round++)
		read_all(reader);
	return NULL;
}

static void report_differences(struct run *run, const struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++)
		check(run, reader->fn[i], RULE_THREADS, false, reader->oid[i],
		      "%s differs while other threads read", reader->what[i]);
}

void check_threads(struct run *run)
{
	struct reader readers[THREADS] = { 0 };
	size_t started = 0;

	for (; started < THREADS; started++) {
		readers[started].run = run;
		if (pthread_create(&readers[started].thread, NULL, work,
				   &readers[started]))
			break;
	}
	for (size_t i = 0; i < started; i++)
		pthread_join(readers[i].thread, NULL);
	for (size_t i = 0; i < getter_count; i++)
		if (started < THREADS)
			unchecked(run, getter_table[i].fn, RULE_THREADS,
				  "no thread to be had");
		else if (!getter_table[i].counters && run->succeeded[getter_table[i].fn])
			check(run, getter_table[i].fn, RULE_THREADS, true, run->plugin,
			      "same");
	for (size_t i = 0; i < started; i++)
		report_differences(run, &readers[i]);
}
