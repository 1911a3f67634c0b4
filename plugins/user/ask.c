// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "net.h"

static void free_found(struct found *found)
{
	if (!found)
		return;
	free(found->portals);
	free(found->alias);
	free(found);
}

void ask_release(struct ask *ask)
{
	for (size_t i = 0; i < ask->found.count; i++)
		free_found(ask->found.items[i]);
	vector_free(&ask->found);
	if (ask->method)
		ask->method->release(ask->own);
	ask->own = NULL;
}

static struct ask *ask_of(struct iscsi_work *work)
{
	return (struct ask *)((char *)work - offsetof(struct ask, work));
}

static void finish_cancelled(struct ask *ask)
{
	struct iscsi_error error;

	failure_set(&error, ISCSI_FAILED_CANCELLED, -ECANCELED,
		    "the discovery was cancelled");
	ask_finish(ask, &error);
}

static void run_start(struct iscsi_work *work)
{
	struct ask *ask = ask_of(work);

	ask->has_started = true;
	if (ask->is_unwanted)
		finish_cancelled(ask);
	else
		ask->method->start(ask);
}

void ask_start(struct ask *ask, struct iscsi_loop *loop)
{
	ask->work.run = run_start;
	iscsi_loop_post(loop, &ask->work);
}

void ask_cancel(struct ask *ask)
{
	ask->is_unwanted = true;
	if (ask->has_started && !ask->is_over)
		ask->method->cancel(ask);
}

static int copy_portals(struct found *found, const struct address *portals, size_t count)
{
	found->portals = calloc(count ? count : 1, sizeof(*portals));
	if (!found->portals)
		return -ENOMEM;
	if (count)
		memcpy(found->portals, portals, count * sizeof(*portals));
	found->portal_count = count;
	return 0;
}

int ask_found(struct ask *ask, const char *name, const struct address *portals,
	      size_t count, const char *alias)
{
	size_t size = strlen(name) + 1;
	struct found *found;

	if (ask->found.count >= ASK_TARGETS_MAX)
		return -EMSGSIZE;
	found = calloc(1, sizeof(*found) + size);
	if (!found)
		return -ENOMEM;
	memcpy(found->name, name, size);
	if (alias)
		found->alias = strdup(alias);
	if ((alias && !found->alias) || copy_portals(found, portals, count) ||
	    vector_add(&ask->found, found)) {
		free_found(found);
		return -ENOMEM;
	}
	return 0;
}

static void run_finish(struct iscsi_work *work)
{
	struct ask *ask = ask_of(work);

	ask->finished(ask);
}

void ask_finish(struct ask *ask, const struct iscsi_error *error)
{
	if (error)
		ask->error = *error;
	ask->is_over = true;
	ask->work.run = run_finish;
	iscsi_loop_post(net_own_loop(), &ask->work);
}
