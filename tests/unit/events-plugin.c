// SPDX-License-Identifier: LGPL-2.1-or-later
/* events-plugin.c - a plugin that raises the events it is told to, about targets. */
#include "events-plugin.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "ima-plugin.h"

static IMA_UINT32 owner;
static _Atomic(IMA_OBJECT_VISIBILITY_FN) on_visibility;
static _Atomic(IMA_OBJECT_PROPERTY_FN) on_property;

static void on_own_event(IMA_OID oid)
{
	(void)oid;
	atomic_fetch_add(&events_plugin.own_events, 1);
}

/* A function of the library; the plugin has one of the same name. */
static void of_library(const char *name, IMA_OBJECT_PROPERTY_FN client)
{
	IMA_STATUS (*function)(IMA_OBJECT_PROPERTY_FN);

	*(void **)&function = dlsym(RTLD_DEFAULT, name);
	if (function)
		function(client);
}

static void leave(void)
{
	of_library("IMA_DeregisterForObjectPropertyChanges", on_own_event);
}

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	of_library("IMA_RegisterForObjectPropertyChanges", on_own_event);
	return IMA_STATUS_SUCCESS;
}

static IMA_OID target(IMA_UINT64 number)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_TARGET, owner, number };

	return oid;
}

static void appear(IMA_BOOL visible, IMA_UINT64 number)
{
	IMA_OBJECT_VISIBILITY_FN function = atomic_load(&on_visibility);

	if (function)
		function(visible, target(number));
}

static void change(IMA_UINT64 number)
{
	IMA_OBJECT_PROPERTY_FN function = atomic_load(&on_property);

	if (function)
		function(target(number));
}

struct events_plugin events_plugin = { .appear = appear,
				       .change = change,
				       .leave = leave };

static void was_told(int kind)
{
	atomic_fetch_add(&events_plugin.registered[kind], 1);
	if (events_plugin.told)
		events_plugin.told(kind);
}

IMA_STATUS IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	atomic_store(&on_visibility, pClientFn);
	was_told(0);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_DeregisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	(void)pClientFn;
	atomic_store(&on_visibility, NULL);
	atomic_fetch_add(&events_plugin.deregistered[0], 1);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	atomic_store(&on_property, pClientFn);
	was_told(1);
	return IMA_STATUS_SUCCESS;
}

/* Goes on reporting, as some plugins do; the library has to drop that. */
IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	atomic_fetch_add(&events_plugin.deregistered[1], 1);
	return IMA_STATUS_SUCCESS;
}

/* Raises an event from inside a call. */
IMA_STATUS IMA_SetInitialR2T(IMA_OID oid, IMA_BOOL initialR2T)
{
	(void)initialR2T;
	change(oid.objectSequenceNumber);
	return IMA_STATUS_SUCCESS;
}
