/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * events.h - events of plugins and of the library, delivered to client functions.
 */
#ifndef LIB_EVENTS_H
#define LIB_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "api.h"

enum event_kind { EVENT_VISIBILITY, EVENT_PROPERTY, EVENT_KINDS };

/* One event in the queue. */
struct event {
	struct event *next;
	uint64_t number;
	enum event_kind kind;
	IMA_BOOL visible;
	IMA_OID oid;
	bool is_spare; /* belongs to a plugin, see struct plugin */
	bool is_queued;
};

struct registry;

/* Says that properties of an object of the library changed. */
void events_property_changed(const IMA_OID *oid);

/* The plugins are known: they are told of clients that they registered while they initialised. */
void events_begin(const struct registry *registry);

/* The process ends: no callback starts after this, and the plugins are deregistered. */
void events_end(const struct registry *registry);

#endif
