// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tally.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "shared/cleanup.h"

struct tally {
	struct index_node node;
	struct tally *next;
	uint64_t count[TALLY_COUNTS];
	uint64_t base[TALLY_COUNTS]; /* when counting began */
	time_t last_login_failure;
};

static struct {
	pthread_mutex_t lock;
	struct index index;
	struct tally *list;
} tallies = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct tally *find(uint64_t number)
{
	struct index_node *node = index_find(&tallies.index, number);

	return node ? node->item : NULL;
}

static struct tally *add(uint64_t number)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	if (!tally || index_reserve(&tallies.index)) {
		free(tally);
		return NULL;
	}
	tally->node.number = number;
	tally->node.item = tally;
	index_add(&tallies.index, &tally->node);
	tally->next = tallies.list;
	tallies.list = tally;
	return tally;
}

struct tally *tally_get(uint64_t number)
{
	LOCKED(&tallies.lock);
	struct tally *tally = find(number);

	return tally ? tally : add(number);
}

/* Where the numbers of the engine are; those of 64 and of 32 bits. */
static const struct {
	enum tally_count count;
	size_t at, size;
} from_session[] = {
#define FROM(count, member)                                          \
	{                                                            \
		count, offsetof(struct iscsi_counters, member),      \
			sizeof(((struct iscsi_counters *)0)->member) \
	}
	FROM(TALLY_DATA_SENT, data_sent),
	FROM(TALLY_DATA_RECEIVED, data_received),
	FROM(TALLY_BYTES_SENT, bytes_sent),
	FROM(TALLY_BYTES_RECEIVED, bytes_received),
	FROM(TALLY_PDUS_SENT, pdus_sent),
	FROM(TALLY_PDUS_RECEIVED, pdus_received),
	FROM(TALLY_SENDING_NS, sending_ns),
	FROM(TALLY_RECEIVING_NS, receiving_ns),
	FROM(TALLY_LOGIN_FAILURES, login_failures),
	FROM(TALLY_FAILURES, failures),
	FROM(TALLY_DIGEST_FAILURES, digest_failures),
	FROM(TALLY_TIMEOUT_FAILURES, timeout_failures),
	FROM(TALLY_FORMAT_FAILURES, format_failures),
	FROM(TALLY_TIMEOUT_CLOSES, timeout_closes),
#undef FROM
};

static uint64_t value_at(const struct iscsi_counters *counters, size_t at, size_t size)
{
	const uint8_t *place = (const uint8_t *)counters + at;
	uint64_t wide;
	uint32_t narrow;

	if (size == sizeof(wide)) {
		memcpy(&wide, place, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, place, sizeof(narrow));
	return narrow;
}

void tally_session(struct tally *tally, struct iscsi_counters *counted,
		   const struct iscsi_counters *now)
{
	if (!tally)
		return;
	LOCKED(&tallies.lock);
	for (size_t i = 0; i < ARRAY_SIZE(from_session); i++) {
		size_t at = from_session[i].at, size = from_session[i].size;

		tally->count[from_session[i].count] += value_at(now, at, size) -
						       value_at(counted, at, size);
	}
	if (now->login_failures != counted->login_failures)
		tally->last_login_failure = time(NULL);
	*counted = *now;
}

void tally_task(struct tally *tally, const struct iscsi_task *task)
{
	const struct iscsi_traffic *traffic = &task->traffic;

	if (!tally)
		return;
	LOCKED(&tallies.lock);
	tally->count[TALLY_DATA_SENT] += traffic->data_sent;
	tally->count[TALLY_DATA_RECEIVED] += traffic->data_received;
	tally->count[TALLY_BYTES_SENT] += traffic->bytes_sent;
	tally->count[TALLY_BYTES_RECEIVED] += traffic->bytes_received;
	tally->count[TALLY_PDUS_SENT] += traffic->pdus_sent;
	tally->count[TALLY_PDUS_RECEIVED] += traffic->pdus_received;
	tally->count[TALLY_SENDING_NS] += traffic->sending_ns;
	tally->count[TALLY_RECEIVING_NS] += traffic->receiving_ns;
}

void tally_restart(uint64_t number)
{
	LOCKED(&tallies.lock);
	struct tally *tally = find(number);

	if (!tally)
		return;
	memcpy(tally->base, tally->count, sizeof(tally->base));
	tally->last_login_failure = 0;
}

void tally_read(uint64_t number, struct tally_view *view)
{
	LOCKED(&tallies.lock);
	const struct tally *tally = find(number);

	memset(view, 0, sizeof(*view));
	if (!tally)
		return;
	for (int i = 0; i < TALLY_COUNTS; i++)
		view->count[i] = tally->count[i] - tally->base[i];
	view->last_login_failure = tally->last_login_failure;
}

void tally_free_all(void)
{
	LOCKED(&tallies.lock);
	for (struct tally *tally = tallies.list, *next; tally; tally = next) {
		next = tally->next;
		free(tally);
	}
	tallies.list = NULL;
	index_free(&tallies.index);
}
