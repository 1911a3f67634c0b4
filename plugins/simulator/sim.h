/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sim.h - the one simulator of a process, and what surrounds every call.
 *
 * Every exported function is one CALL: it takes faults into account, waits if one says so,
 * takes the lock, finds the object, does its work, brings the machine up to date, stores and
 * reports what changed, and gives the lock back.
 *
 * Locks: sim.store, held while a call that may change something reads, changes and writes the
 * state file; then sim.lock, which guards the model. No lock is held during a wait or while
 * the state file is written; events are only queued.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "fault.h"
#include "ima-plugin.h"
#include "model.h"
#include "plugin-support/host.h"

/* Fails the call that runs on this thread: host_fail with the layer of the plugin. */
#define fails(status, ...) host_fail((status), IMAX_LAYER_PLUGIN, 0, __VA_ARGS__)

struct call {
	int function;
	bool locked, stores;
	int lock_fd; /* of the state file's lock, -1: none */
	bool faulty; /* fault takes part in the call */
	struct fault fault;
	struct model *model;
	struct object *object; /* the object of the OID, NULL for calls without one */
};

/*
 * Before the work. IMA_STATUS_SUCCESS, or the status with which the call ends without having
 * done anything. types is a set of 1 << IMA_OBJECT_TYPE, 0 for a call without an OID.
 */
IMA_STATUS call_enter(struct call *call, int function, IMA_OID oid, unsigned int types);
/* After the work; the status of the call. To be called whatever call_enter returned. */
IMA_STATUS call_leave(struct call *call, IMA_STATUS status);

#define CALL(name, oid, types, work)                                                     \
	({                                                                               \
		struct call call;                                                        \
		IMA_STATUS status_ = call_enter(&call, FUNCTION_##name, (oid), (types)); \
		if (status_ == IMA_STATUS_SUCCESS)                                       \
			status_ = (work);                                                \
		call_leave(&call, status_);                                              \
	})

#define NO_OID		  ((IMA_OID){ .objectType = IMA_OBJECT_TYPE_UNKNOWN })
#define NODE		  (1U << IMA_OBJECT_TYPE_NODE)
#define LHBA		  (1U << IMA_OBJECT_TYPE_LHBA)
#define PHBA		  (1U << IMA_OBJECT_TYPE_PHBA)
#define PORTAL		  (1U << IMA_OBJECT_TYPE_NETWORK_PORTAL)
#define LNP		  (1U << IMA_OBJECT_TYPE_LNP)
#define PNP		  (1U << IMA_OBJECT_TYPE_PNP)
#define TARGET		  (1U << IMA_OBJECT_TYPE_TARGET)
#define LU		  (1U << IMA_OBJECT_TYPE_LU)
#define PLUGIN		  (1U << IMA_OBJECT_TYPE_PLUGIN)
#define SESSION		  (1U << IMA_OBJECT_TYPE_SESSION)
#define CONNECTION	  (1U << IMA_OBJECT_TYPE_CONNECTION)
#define DISCOVERY_ADDRESS (1U << IMA_OBJECT_TYPE_DISCOVERY_ADDRESS)
#define STATIC_TARGET	  (1U << IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET)

IMA_OID oid_of(const struct object *object);
/* The node an object of the LHBA is accessed through. */
IMA_OID oid_of_node(const struct model *model, const struct lhba *lhba);

/* A list of the objects that are chosen; choose NULL: all. */
IMA_STATUS list_objects(const struct object_list *objects,
			bool (*choose)(const struct object *object), IMA_OID_LIST **list);

struct login_error;
/* Fails the call with the record of a login that failed. */
IMA_STATUS login_fails(IMA_STATUS status, const struct login_error *error);

/* Success, or that a reboot is needed. */
static inline IMA_STATUS done(bool later)
{
	return later ? IMA_STATUS_REBOOT_NECESSARY : IMA_STATUS_SUCCESS;
}

/* The clock's second as local time; all 0 if it is 0. */
void time_fill(int64_t seconds, IMA_DATETIME *time);

/* --- the process (sim.c) -------------------------------------------------------------- */

IMA_STATUS sim_start(IMA_UINT32 owner);
void sim_stop(void);
IMA_STATUS sim_on_visibility(IMA_OBJECT_VISIBILITY_FN fn);
IMA_STATUS sim_on_property(IMA_OBJECT_PROPERTY_FN fn);
/* Run a control text in the call that runs. */
IMA_STATUS sim_control(struct call *call, char *text, size_t length, FILE *out);

#endif
