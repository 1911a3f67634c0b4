// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sessions.c - the list of sessions, what others may know of them, and their LUs.
 */
#include "sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "gate.h"
#include "held.h"
#include "user.h"
#include "vector.h"

struct sessions sessions = { .lock = PTHREAD_MUTEX_INITIALIZER };

void sessions_init(void)
{
	cond_init(&sessions.changed);
}

/* --- The list --------------------------------------------------------------------------- */

static struct held *find(IMA_OID oid)
{
	struct index_node *node = index_find(&sessions.index, oid.objectSequenceNumber);

	return node ? node->item : NULL;
}

struct held *sessions_find(IMA_OID target)
{
	struct held *held = find(target);

	return held && oid_equal(held->target, target) ? held : NULL;
}

int sessions_enlist(struct held *held)
{
	const IMA_OID *oids[NODES] = { &held->target, &held->session, &held->connection };

	for (int i = 0; i < NODES; i++) {
		if (index_reserve(&sessions.index))
			return -ENOMEM; /* only the first can fail: nothing is in it yet */
		held->nodes[i].number = oids[i]->objectSequenceNumber;
		held->nodes[i].item = held;
		index_add(&sessions.index, &held->nodes[i]);
	}
	held->next = sessions.list;
	if (held->next)
		held->next->prev = held;
	sessions.list = held;
	held->references++;
	return 0;
}

void sessions_unlist(struct held *held)
{
	for (int i = 0; i < NODES; i++)
		index_remove(&sessions.index, &held->nodes[i]);
	if (held->next)
		held->next->prev = held->prev;
	if (held->prev)
		held->prev->next = held->next;
	else
		sessions.list = held->next;
}

static bool was_up(const struct held *held)
{
	return held->phase == UP || held->phase == LOST;
}

bool sessions_has(IMA_OID target)
{
	LOCKED(&sessions.lock);
	return sessions_find(target) != NULL;
}

struct held *held_take(IMA_OID target)
{
	LOCKED(&sessions.lock);
	struct held *held = sessions_find(target);

	if (!held || !was_up(held))
		return NULL;
	held->references++;
	return held;
}

void held_reference(struct held *held)
{
	LOCKED(&sessions.lock);
	held->references++;
}

void held_drop(struct held *held)
{
	if (!held)
		return;
	LOCKED(&sessions.lock);
	held_unreference(held);
}

IMA_OID held_target(const struct held *held)
{
	return held->target;
}

int sessions_take_all(struct vector *helds)
{
	int err = 0;

	LOCKED(&sessions.lock);
	for (struct held *held = sessions.list; !err && held; held = held->next) {
		if (!was_up(held))
			continue;
		err = vector_add(helds, held);
		if (!err)
			held->references++;
	}
	return err;
}

/* --- LUs ------------------------------------------------------------------------------------ */

static int compare_luns(const void *a, const void *b)
{
	uint64_t x = ((const struct exposed *)a)->lun;
	uint64_t y = ((const struct exposed *)b)->lun;

	return x < y ? -1 : x > y;
}

static bool has_lun(const struct exposed *luns, size_t count, uint64_t lun)
{
	struct exposed key = { .lun = lun };

	return count && bsearch(&key, luns, count, sizeof(*luns), compare_luns);
}

static void tell(const struct exposed *luns, size_t count, const struct exposed *others,
		 size_t other_count, bool visible)
{
	for (size_t i = 0; i < count; i++)
		if (!has_lun(others, other_count, luns[i].lun))
			events_visible(visible, luns[i].oid);
}

int sessions_expose(IMA_OID target, const struct exposed *luns, size_t count)
{
	struct exposed *copy = calloc(count ? count : 1, sizeof(*copy));
	struct held *held;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, luns, count * sizeof(*copy));
	qsort(copy, count, sizeof(*copy), compare_luns);
	LOCKED(&sessions.lock);
	held = sessions_find(target);
	if (!held || !was_up(held)) {
		free(copy);
		return 0;
	}
	tell(held->luns, held->lun_count, copy, count, false);
	tell(copy, count, held->luns, held->lun_count, true);
	free(held->luns);
	held->luns = copy;
	held->lun_count = count;
	return 0;
}

static int list_luns(const struct held *held, struct oid_list *list)
{
	int err = 0;

	for (size_t i = 0; !err && i < held->lun_count; i++)
		err = oid_list_add(list, held->luns[i].oid);
	return err;
}

int sessions_list_luns(const IMA_OID *target, struct oid_list *list)
{
	LOCKED(&sessions.lock);
	const struct held *held;
	int err = 0;

	if (target) {
		held = sessions_find(*target);
		return held ? list_luns(held, list) : 0;
	}
	for (held = sessions.list; !err && held; held = held->next)
		err = list_luns(held, list);
	return err;
}

bool sessions_exposes(IMA_OID target, uint64_t lun, time_t *since)
{
	LOCKED(&sessions.lock);
	const struct held *held = sessions_find(target);

	if (!held || !has_lun(held->luns, held->lun_count, lun))
		return false;
	*since = held->since;
	return true;
}

bool sessions_exposes_any(IMA_OID target)
{
	LOCKED(&sessions.lock);
	const struct held *held = sessions_find(target);

	return held && held->lun_count;
}

/* --- What others may know ------------------------------------------------------------------- */

int sessions_list(const IMA_OID *target, struct oid_list *list)
{
	LOCKED(&sessions.lock);
	const struct held *held;
	int err = 0;

	if (target) {
		held = sessions_find(*target);
		return held && was_up(held) ? oid_list_add(list, held->session) : 0;
	}
	for (held = sessions.list; !err && held; held = held->next)
		if (was_up(held))
			err = oid_list_add(list, held->session);
	return err;
}

bool sessions_view(IMA_OID oid, struct session_view *view)
{
	LOCKED(&sessions.lock);
	const struct held *held = find(oid);

	if (!held || !was_up(held) ||
	    (!oid_equal(held->session, oid) &&
	     !(held->phase == UP && oid_equal(held->connection, oid))))
		return false;
	view->session = held->session;
	view->connection = held->connection;
	view->is_connected = held->phase == UP;
	view->result = held->result;
	return true;
}
