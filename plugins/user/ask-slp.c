// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ask-slp.c - asking SLP agents for targets (RFC 4018): a URL is one portal of one target.
 *
 * The URLs are sorted before they become targets, because agents answer in any order.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "failure.h"
#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "slp-search.h"

struct entry {
	struct address portal;
	char name[];
};

struct slp_ask {
	struct slp_config config;
	struct slp_search search;
	struct ask *ask;
	struct vector entries;
	size_t left_out;
	struct iscsi_error error; /* of the configuration */
};

static int compare(const void *a, const void *b)
{
	const struct entry *first = *(struct entry *const *)a;
	const struct entry *second = *(struct entry *const *)b;
	int order = strcmp(first->name, second->name);

	if (!order)
		order = strcmp(first->portal.host, second->portal.host);
	return order ? order : (int)first->portal.port - (int)second->portal.port;
}

static int add_entry(struct slp_ask *own, const char *name, const struct address *portal)
{
	size_t size = strlen(name) + 1;
	struct entry *entry;

	if (own->entries.count >= ASK_TARGETS_MAX)
		return -EMSGSIZE;
	entry = malloc(sizeof(*entry) + size);
	if (!entry || vector_add(&own->entries, entry)) {
		free(entry);
		return -ENOMEM;
	}
	entry->portal = *portal;
	memcpy(entry->name, name, size);
	return 0;
}

/* What is no target or no portal is left out; it does not spoil the others. */
static int on_url(struct slp_search *search, struct slp_text url)
{
	struct slp_ask *own = search->user;
	struct slp_service service;
	struct address portal;
	char text[SLP_HOST_SIZE + 2];

	if (slp_service_parse(url, SLP_TARGETS, &service) ||
	    iscsi_name_check(service.name, NULL)) {
		own->left_out++;
		return 0;
	}
	snprintf(text, sizeof(text), strchr(service.host, ':') ? "[%s]" : "%s",
		 service.host);
	if (address_parse(text, service.port, &portal)) {
		own->left_out++;
		return 0;
	}
	return add_entry(own, service.name, &portal);
}

/* The portals of the target at this place, each once. */
static size_t collect(const struct slp_ask *own, size_t at, struct address *portals)
{
	const struct entry *first = own->entries.items[at];
	size_t count = 0;

	for (size_t i = at; i < own->entries.count; i++) {
		const struct entry *entry = own->entries.items[i];

		if (strcmp(entry->name, first->name) != 0)
			break;
		if (i == at ||
		    compare(&own->entries.items[i - 1], &own->entries.items[i]))
			portals[count++] = entry->portal;
	}
	return count;
}

static bool is_first(const struct slp_ask *own, size_t at)
{
	const struct entry *entry = own->entries.items[at];

	return !at ||
	       strcmp(entry->name, ((struct entry *)own->entries.items[at - 1])->name);
}

static int keep_all(struct slp_ask *own)
{
	struct address _cleanup_free_ *portals = calloc(own->entries.count + 1,
							sizeof(*portals));
	int err = 0;

	if (!portals)
		return -ENOMEM;
	if (own->entries.count)
		qsort(own->entries.items, own->entries.count, sizeof(void *), compare);
	for (size_t i = 0; !err && i < own->entries.count; i++)
		if (is_first(own, i)) {
			size_t count = collect(own, i, portals);

			err = ask_found(own->ask,
					((struct entry *)own->entries.items[i])->name,
					portals, count, NULL);
		}
	return err;
}

static void on_done(struct slp_search *search, const struct iscsi_error *error)
{
	struct slp_ask *own = search->user;
	struct iscsi_error local;
	int err = error ? 0 : keep_all(own);

	if (own->left_out)
		host_log(IMAX_LOG_WARNING,
			 "SLP: %zu URLs name no target or no portal and are left out",
			 own->left_out);
	if (err) {
		failure_set(&local, ISCSI_FAILED_LOCAL, err,
			    "the targets found with SLP cannot be kept: %s",
			    strerror(-err));
		error = &local;
	}
	ask_finish(own->ask, error);
}

static void start(struct ask *ask)
{
	struct slp_ask *own = ask->own;

	if (own->error.kind)
		ask_finish(ask, &own->error);
	else
		slp_search_start(&own->search);
}

static void cancel(struct ask *ask)
{
	struct iscsi_error error;

	slp_search_stop(&((struct slp_ask *)ask->own)->search);
	failure_set(&error, ISCSI_FAILED_CANCELLED, -ECANCELED,
		    "the search with SLP was cancelled");
	ask_finish(ask, &error);
}

static void release(void *argument)
{
	struct slp_ask *own = argument;

	for (size_t i = 0; own && i < own->entries.count; i++)
		free(own->entries.items[i]);
	if (own)
		vector_free(&own->entries);
	free(own);
}

IMA_STATUS ask_plan_slp(struct ask *ask, uint64_t deadline)
{
	static const struct ask_method method = { start, cancel, release };
	struct slp_ask *own = calloc(1, sizeof(*own));

	if (!own)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	own->ask = ask;
	own->search = (struct slp_search){ .config = &own->config,
					   .type = SLP_TARGETS,
					   .predicate = "",
					   .deadline = deadline,
					   .url = on_url,
					   .done = on_done,
					   .user = own };
	ask->method = &method;
	ask->own = own;
	ask->source = SOURCE_SLP;
	ask->begun = host_now();
	ask->deadline = deadline;
	slp_config_read(&own->config, &own->error);
	return IMA_STATUS_SUCCESS;
}
