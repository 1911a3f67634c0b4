/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * notifier.h - events of a plugin: one callback of each kind, called on a thread of its own.
 *
 * Raising an event only appends it to a queue, so it may be done with any lock held. The thread
 * is started with the first callback; it calls back in the order of the events with no lock
 * held, so a callback may call every function of the plugin, deregistering included.
 * Events raised while no callback of their kind is registered are dropped.
 */
#ifndef PLUGIN_SUPPORT_NOTIFIER_H
#define PLUGIN_SUPPORT_NOTIFIER_H

#include "ima.h"

struct notifier;

/** notifier_new - a notifier without callbacks; 0 or -ENOMEM */
int notifier_new(struct notifier **notifier);

/** notifier_free - ends the thread and waits for it; NULL is fine. Not from a callback. */
void notifier_free(struct notifier *notifier);

/**
 * notifier_on_visibility - (re)place the callback for objects that appear and disappear
 * @fn: the callback; NULL: none
 *
 * When it returns the callback that was registered before is not called any more, unless the
 * caller is that callback.
 *
 * Return: 0; negative errno if the thread cannot be started, the callback is then not
 * registered.
 */
int notifier_on_visibility(struct notifier *notifier, IMA_OBJECT_VISIBILITY_FN fn);

/** notifier_on_property - the same for objects whose properties change */
int notifier_on_property(struct notifier *notifier, IMA_OBJECT_PROPERTY_FN fn);

/** notifier_visibility - an object appeared or disappeared; 0 or -ENOMEM */
int notifier_visibility(struct notifier *notifier, IMA_BOOL becoming_visible,
			IMA_OID oid);

/** notifier_property - properties of an object changed; 0 or -ENOMEM */
int notifier_property(struct notifier *notifier, IMA_OID oid);

/** notifier_is_wanted - whether a callback of either kind is registered */
int notifier_is_wanted(struct notifier *notifier);

#endif
