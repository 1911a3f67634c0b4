// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "alloc.h"
#include "command.h"
#include "login.h"
#include "machine.h"
#include "network.h"
#include "plugin-support/lists.h"
#include "plugin-support/notifier.h"
#include "plugin-support/status.h"
#include "script.h"
#include "shared/cleanup.h"
#include "shared/state-dir.h"
#include "watch.h"

/* What a wait leaves of the deadline, so that the call is back in time. */
#define DEADLINE_MARGIN 2000000U /* nanoseconds */

static struct {
	pthread_mutex_t lock, store;
	struct identities identities;
	struct machine_files files;
	struct model *model;
	struct notifier *notifier;
	struct watch watch;
	IMA_UINT32 owner;
	bool storing;	       /* the state file is being written without sim.lock */
	atomic_bool file_mode; /* copies of what the model says, for before the lock */
	atomic_bool has_faults;
} sim = { .lock = PTHREAD_MUTEX_INITIALIZER, .store = PTHREAD_MUTEX_INITIALIZER };

/* --- objects and OIDs ------------------------------------------------------------------ */

static bool is_shared_node(const struct object *object)
{
	return object_kind(object) == KIND_NODE &&
	       strcmp(object->identity->name, "shared") == 0;
}

IMA_OID oid_of(const struct object *object)
{
	IMA_OID oid = { .objectType = object->kind->type,
			.ownerId = sim.owner,
			.objectSequenceNumber = object_id(object) };

	if (is_shared_node(object)) {
		oid.ownerId = 0;
		oid.objectSequenceNumber = 0;
	}
	return oid;
}

static struct object *node_object(const struct model *model, const struct lhba *lhba)
{
	return lhba->now.node ? lhba->now.node
			      : object_find(model, KIND_NODE, NULL, 0, "shared");
}

IMA_OID oid_of_node(const struct model *model, const struct lhba *lhba)
{
	const struct object *node = lhba ? node_object(model, lhba) : NULL;

	return node ? oid_of(node) : (IMA_OID){ .objectType = IMA_OBJECT_TYPE_NODE };
}

static bool is_hidden(const struct object *object)
{
	int kind = object_kind(object);

	return (kind == KIND_DISCOVERY || kind == KIND_STATIC) &&
	       ((const struct source *)object)->now.removed;
}

/* Existing programs make a node OID of the OID of an LHBA. */
static struct object *find_node(const struct model *model, IMA_OID oid,
				struct object *object)
{
	if (!oid.ownerId && !oid.objectSequenceNumber)
		return object_find(model, KIND_NODE, NULL, 0, "shared");
	if (object && oid.ownerId == sim.owner && object_kind(object) == KIND_LHBA)
		return node_object(model, (struct lhba *)object);
	return object;
}

static struct object *find_object(const struct model *model, IMA_OID oid)
{
	struct object *object = object_by_id(model, oid.objectSequenceNumber);

	if (oid.objectType == IMA_OBJECT_TYPE_NODE) {
		object = find_node(model, oid, object);
		if (object && is_shared_node(object))
			return object;
	}
	if (!object || oid.ownerId != sim.owner || object->kind->type != oid.objectType ||
	    is_hidden(object))
		return NULL;
	return object;
}

static IMA_STATUS resolve_plugin(IMA_OID oid)
{
	if (oid.ownerId == sim.owner && !oid.objectSequenceNumber)
		return IMA_STATUS_SUCCESS;
	return fails(IMA_ERROR_OBJECT_NOT_FOUND, "this is not the plugin");
}

static IMA_STATUS resolve(struct call *call, IMA_OID oid, unsigned int types)
{
	if (!types)
		return IMA_STATUS_SUCCESS;
	if (oid.objectType > IMA_OBJECT_TYPE_SESSION || !(types & 1U << oid.objectType))
		return fails(IMA_ERROR_INCORRECT_OBJECT_TYPE,
			     "%s does not take objects of this type",
			     function_name(call->function));
	if (oid.objectType == IMA_OBJECT_TYPE_PLUGIN)
		return resolve_plugin(oid);
	call->object = find_object(call->model, oid);
	if (call->object)
		return IMA_STATUS_SUCCESS;
	/* A machine without a shared node has nodes of its own only. */
	if (oid.objectType == IMA_OBJECT_TYPE_NODE && !oid.ownerId)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the simulated machine does not use the shared node");
	return fails(IMA_ERROR_OBJECT_NOT_FOUND, "there is no such object (any more)");
}

/* --- lists, time ----------------------------------------------------------------------- */

IMA_STATUS list_objects(const struct object_list *objects,
			bool (*choose)(const struct object *object), IMA_OID_LIST **list)
{
	struct oid_list _cleanup_(oid_list_drop) oids = { 0 };
	int err = allocation_fails() ? -ENOMEM : oid_list_reserve(&oids, objects->count);

	for_each(object, objects)
		if (!err && (!choose || choose(object)))
			err = oid_list_add(&oids, oid_of(object));
	return status_from_errno(err ? err : oid_list_end(&oids, list));
}

void time_fill(int64_t seconds, IMA_DATETIME *time)
{
	time_t value = seconds;

	memset(time, 0, sizeof(*time));
	if (!seconds || !localtime_r(&value, time))
		return;
	time->tm_zone = NULL; /* points into this process */
}

IMA_STATUS login_fails(IMA_STATUS status, const struct login_error *error)
{
	IMAX_LAST_ERROR record = { .layer = status == IMA_ERROR_TARGET_TIMEOUT
						    ? IMAX_LAYER_TRANSPORT
						    : IMAX_LAYER_ISCSI };

	record.loginStatusValid = error->status != 0;
	record.loginStatusClass = (IMA_BYTE)(error->status >> 8);
	record.loginStatusDetail = (IMA_BYTE)error->status;
	return host_fail_with(status, &record, "%s", error->text);
}

/* --- the machine ----------------------------------------------------------------------- */

/* Called with the lock. */
static void update_copies(void)
{
	atomic_store(&sim.file_mode, sim.model->machine->now.mode == MODE_FILE);
	atomic_store(&sim.has_faults, sim.model->faults != NULL);
}

static void raise_event(const struct change *change)
{
	IMA_OID oid = { .objectType = kinds[change->kind].type,
			.ownerId = sim.owner,
			.objectSequenceNumber = change->id };

	if (change->what == CHANGE_PROPERTY)
		notifier_property(sim.notifier, oid);
	else
		notifier_visibility(sim.notifier, change->what == CHANGE_APPEARED, oid);
}

/* The events of the shared node are the library's. */
static void raise_events(struct model *model)
{
	const struct object *shared = object_find(model, KIND_NODE, NULL, 0, "shared");

	for (size_t i = 0; i < model->n_changes; i++) {
		const struct change *change = &model->changes[i];
		struct object *object = object_by_id(model, change->id);

		if (object)
			object->event_pending = false;
		if (change->id != object_id(shared) || !shared)
			raise_event(change);
	}
	model->n_changes = 0;
}

/* Another process, or "reset": a new model takes the place of the old one. */
static void replace_model(struct model *model, bool counted)
{
	machine_compare(sim.model, model, counted);
	model_free(sim.model);
	sim.model = model;
	update_copies();
}

static void refresh(void)
{
	struct model *model;

	if (sim.storing || sim.model->machine->now.mode != MODE_FILE ||
	    !machine_is_stale(&sim.files))
		return;
	model = machine_load(&sim.files, &sim.identities);
	if (model)
		replace_model(model, true);
}

static void state_file_changed(void)
{
	LOCKED(&sim.lock);
	refresh();
	raise_events(sim.model);
}

static void tick(struct model *model)
{
	int64_t now;

	if (model->machine->now.clock_step)
		clock_advance(model, model->machine->now.clock_step);
	if (!model->machine->now.real_time)
		return;
	now = (int64_t)(host_now() / 1000000);
	if (now > model->real_last)
		clock_advance(model, (uint64_t)(now - model->real_last));
	model->real_last = now;
}

/* --- around a call --------------------------------------------------------------------- */

static void sleep_until(uint64_t nanoseconds)
{
	struct timespec until = { .tv_sec = (time_t)(nanoseconds / 1000000000),
				  .tv_nsec = (long)(nanoseconds % 1000000000) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

/* A call that hangs comes back just before its deadline. */
static IMA_STATUS wait_as_told(const struct fault *fault)
{
	uint64_t end = host_deadline() - DEADLINE_MARGIN;
	uint64_t wish = host_now() + fault->delay * 1000000;

	if (fault->hang || (fault->delay && wish > end)) {
		sleep_until(end);
		return fault->hang == HANG_TARGET
			       ? fails(IMA_ERROR_TARGET_TIMEOUT,
				       "fault: the target hangs")
			       : fails(IMA_ERROR_SYNC_TIMEOUT, "fault: the call hangs");
	}
	if (fault->delay)
		sleep_until(wish);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS suffer(struct call *call, IMA_OID oid)
{
	const struct object *object;
	IMA_STATUS status;

	pthread_mutex_lock(&sim.lock);
	object = find_object(sim.model, oid);
	call->faulty = fault_match(sim.model, call->function, object_id(object),
				   &call->fault);
	update_copies();
	pthread_mutex_unlock(&sim.lock);
	if (!call->faulty)
		return IMA_STATUS_SUCCESS;
	if (call->fault.crash)
		abort();
	status = wait_as_told(&call->fault);
	if (status == IMA_STATUS_SUCCESS && call->fault.has_status &&
	    IMA_ERROR(call->fault.status))
		return fails(call->fault.status, "fault: this status was asked for");
	return status;
}

/* One process at a time changes the state; the lock goes with the descriptor. */
static int lock_state_file(void)
{
	char path[PATH_MAX + 8];
	char *slash;
	int fd;

	if (!sim.files.state[0])
		return -1;
	snprintf(path, sizeof(path), "%s", sim.files.state);
	slash = strrchr(path, '/');
	*slash = 0;
	state_dir_make(path);
	snprintf(path, sizeof(path), "%s.lock", sim.files.state);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	while (fd >= 0 && flock(fd, LOCK_EX) < 0 && errno == EINTR)
		;
	return fd;
}

IMA_STATUS call_enter(struct call *call, int function, IMA_OID oid, unsigned int types)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	*call = (struct call){ .function = function, .lock_fd = -1 };
	if (atomic_load(&sim.has_faults))
		status = suffer(call, oid);
	if (status != IMA_STATUS_SUCCESS && !atomic_load(&sim.file_mode))
		return status;
	call->stores = atomic_load(&sim.file_mode) &&
		       (function_changes(function) || call->faulty);
	if (call->stores) {
		pthread_mutex_lock(&sim.store);
		call->lock_fd = lock_state_file();
	}
	pthread_mutex_lock(&sim.lock);
	call->locked = true;
	refresh();
	call->model = sim.model;
	if (status != IMA_STATUS_SUCCESS)
		return status;
	tick(sim.model);
	allocation_plan(call->fault.allocation);
	return resolve(call, oid, types);
}

/* The text is rendered with the lock and written without it. */
static IMA_STATUS store_state(struct call *call)
{
	size_t length = 0;
	char *text = NULL;
	int err = -ENOMEM;

	if (call->stores && sim.model->dirty && sim.model->machine->now.mode == MODE_FILE)
		text = machine_state_text(&sim.files, sim.model, &length);
	else
		err = 0;
	sim.model->dirty = sim.model->dirty && !call->stores;
	sim.storing = text != NULL;
	pthread_mutex_unlock(&sim.lock);
	if (!text)
		return status_from_errno(err);
	err = machine_store(&sim.files, text, length);
	explicit_bzero(text, length);
	free(text);
	pthread_mutex_lock(&sim.lock);
	machine_look(&sim.files);
	sim.storing = false;
	pthread_mutex_unlock(&sim.lock);
	if (err)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, err,
				 "cannot write %s", sim.files.state);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS leave_model(struct call *call, IMA_STATUS status)
{
	struct model *model = sim.model;
	IMA_STATUS stored;

	model_settle(model, false);
	allocation_plan(0);
	if (model->no_memory && IMA_SUCCESS(status))
		status = IMA_ERROR_INSUFFICIENT_MEMORY;
	model->no_memory = false;
	raise_events(model);
	update_copies();
	stored = store_state(call);
	return IMA_SUCCESS(status) && IMA_ERROR(stored) ? stored : status;
}

IMA_STATUS call_leave(struct call *call, IMA_STATUS status)
{
	if (call->locked)
		status = leave_model(call, status);
	if (call->lock_fd >= 0)
		close(call->lock_fd);
	if (call->stores)
		pthread_mutex_unlock(&sim.store);
	/* A status that is no error says more about a success. */
	if (status == IMA_STATUS_SUCCESS && call->faulty && call->fault.has_status)
		return call->fault.status;
	return status;
}

/* --- control --------------------------------------------------------------------------- */

static IMA_STATUS reset(struct call *call)
{
	struct model *model;
	int err = machine_forget(&sim.files);

	if (err)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, err,
				 "cannot remove %s", sim.files.state);
	model = machine_load(&sim.files, &sim.identities);
	if (!model)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	replace_model(model, false);
	call->model = model;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS sim_control(struct call *call, char *text, size_t length, FILE *out)
{
	struct problem problem = { .source = "command" };
	struct reader reader;
	int err = reader_open(&reader, text, length, &problem);

	if (!err)
		err = script_run(call->model, &reader, out, &problem);
	if (!err && call->model->reset)
		return reset(call);
	if (err == -ENOMEM)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	if (err)
		return fails(IMA_ERROR_INVALID_PARAMETER, "%s", problem.text);
	return IMA_STATUS_SUCCESS;
}

/* --- the process ----------------------------------------------------------------------- */

static int start(void)
{
	int err = notifier_new(&sim.notifier);

	if (!err)
		err = identities_init(&sim.identities);
	if (!err)
		err = machine_files_open(&sim.files);
	if (err)
		return err;
	sim.model = machine_load(&sim.files, &sim.identities);
	return sim.model ? 0 : -EINVAL;
}

IMA_STATUS sim_start(IMA_UINT32 owner)
{
	int err;

	sim.owner = owner;
	err = start();
	if (err) {
		sim_stop();
		return status_from_errno(err);
	}
	update_copies();
	return IMA_STATUS_SUCCESS;
}

void sim_stop(void)
{
	watch_stop(&sim.watch);
	notifier_free(sim.notifier);
	sim.notifier = NULL;
	model_free(sim.model);
	sim.model = NULL;
	if (sim.identities.buckets)
		identities_free(&sim.identities);
	machine_files_close(&sim.files);
}

/* Changes by other processes are events too. Without the thread they are noticed later. */
static void watch_others(void)
{
	char folder[PATH_MAX];
	char *slash;

	pthread_mutex_lock(&sim.store);
	if (atomic_load(&sim.file_mode) && !sim.watch.running && sim.files.state[0]) {
		snprintf(folder, sizeof(folder), "%s", sim.files.state);
		slash = strrchr(folder, '/');
		*slash = 0;
		if (state_dir_make(folder) < 0 ||
		    watch_start(&sim.watch, folder, state_file_changed) < 0)
			host_log(IMAX_LOG_WARNING, "simulator: cannot watch %s", folder);
	}
	pthread_mutex_unlock(&sim.store);
}

IMA_STATUS sim_on_visibility(IMA_OBJECT_VISIBILITY_FN fn)
{
	int err = notifier_on_visibility(sim.notifier, fn);

	if (!err && fn)
		watch_others();
	return status_from_errno(err);
}

IMA_STATUS sim_on_property(IMA_OBJECT_PROPERTY_FN fn)
{
	int err = notifier_on_property(sim.notifier, fn);

	if (!err && fn)
		watch_others();
	return status_from_errno(err);
}
