/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* events-plugin.h - what the test of the events finds in its plugin. */
#ifndef TESTS_EVENTS_PLUGIN_H
#define TESTS_EVENTS_PLUGIN_H

#include <stdatomic.h>

#include "ima.h"

/* Symbol events_plugin. */
struct events_plugin {
	atomic_int registered[2],
		deregistered[2]; /* calls, by kind: visibility, property */
	atomic_int
		own_events; /* that its own client, registered while it initialised, saw */
	void (*leave)(void);	/* deregisters that client */
	void (*told)(int kind); /* set by the test: called when it is told of clients */
	void (*appear)(IMA_BOOL visible, IMA_UINT64 number);
	void (*change)(IMA_UINT64 number);
};

extern struct events_plugin events_plugin;

#endif
