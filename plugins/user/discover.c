// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * discover.c - asking discovery addresses for targets, and keeping what they say.
 *
 * All addresses are asked side by side; one that is dead costs its own deadline only, and what
 * it said before stays. Nothing is written if the answers are what is stored already.
 */
#include "discover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "user.h"

#define TARGETS_MAX    200000U
#define LOGOUT_TIMEOUT 500000000U /* ns; the answer is there already */

/* A target as an address reported it. */
struct found {
	size_t portal_count;
	struct address *portals;
	char name[];
};

/* --- On the loop's thread --------------------------------------------------------------- */

static struct ask *ask_of(struct link *link)
{
	return (struct ask *)((char *)link - offsetof(struct ask, link));
}

/* Portals that cannot be kept are left out; none at all means the portal that was asked. */
static int copy_portals(struct found *found, const struct iscsi_found *from,
			const struct address *asked)
{
	char text[ISCSI_PORTAL_TEXT];
	struct iscsi_portal portal;

	found->portals = calloc(from->portal_count + 1, sizeof(*found->portals));
	if (!found->portals)
		return -ENOMEM;
	for (size_t i = 0; i < from->portal_count; i++) {
		portal = from->portals[i];
		portal.tag = -1;
		iscsi_portal_format(&portal, text, sizeof(text));
		if (!address_parse(text, 0, &found->portals[found->portal_count]))
			found->portal_count++;
	}
	if (!from->portal_count)
		found->portals[found->portal_count++] = *asked;
	return 0;
}

static void free_found(struct found *found)
{
	if (found)
		free(found->portals);
	free(found);
}

static int add_found(struct ask *ask, const struct iscsi_found *from)
{
	size_t size = strlen(from->name) + 1;
	struct found *found = calloc(1, sizeof(*found) + size);

	if (!found)
		return -ENOMEM;
	memcpy(found->name, from->name, size);
	if (copy_portals(found, from, &ask->address) || vector_add(&ask->found, found)) {
		free_found(found);
		return -ENOMEM;
	}
	return 0;
}

static void on_found(struct iscsi_discovery *discovery, const struct iscsi_found *found)
{
	struct ask *ask = discovery->user;

	if (add_found(ask, found))
		ask->is_short_of_memory = true;
}

static void leave(struct ask *ask, const struct iscsi_error *error)
{
	ask->is_answered = true;
	if (error)
		ask->error = *error;
	else if (ask->is_short_of_memory)
		failure_set(&ask->error, ISCSI_FAILED_LOCAL, -ENOMEM,
			    "no memory for the targets of an address");
	link_end(&ask->link, iscsi_loop_now() + LOGOUT_TIMEOUT);
}

static void on_answer(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	leave(discovery->user, error);
}

static void on_up(struct link *link)
{
	struct ask *ask = ask_of(link);
	struct iscsi_error error;
	int err;

	ask->discovery = (struct iscsi_discovery){ .deadline = ask->login.deadline,
						   .max_targets = TARGETS_MAX,
						   .found = on_found,
						   .done = on_answer,
						   .user = ask };
	err = iscsi_session_discover(link->session, &ask->discovery);
	if (!err)
		return;
	failure_set(&error, ISCSI_FAILED_LOCAL, err, "cannot send SendTargets: %s",
		    strerror(-err));
	leave(ask, &error);
}

static void on_down(struct link *link, const struct iscsi_error *error)
{
	struct ask *ask = ask_of(link);

	if (!ask->is_answered && error)
		ask->error = *error;
	ask->finished(ask);
}

static void run_ask(struct iscsi_work *work)
{
	struct ask *ask = (struct ask *)((char *)work - offsetof(struct ask, work));

	if (!ask->is_unwanted) {
		link_start(&ask->link);
		return;
	}
	failure_set(&ask->error, ISCSI_FAILED_CANCELLED, -ECANCELED,
		    "the discovery was cancelled");
	ask->finished(ask);
}

void ask_start(struct ask *ask, struct iscsi_loop *loop)
{
	ask->work.run = run_ask;
	iscsi_loop_post(loop, &ask->work);
}

void ask_cancel(struct ask *ask)
{
	ask->is_unwanted = true;
	link_end(&ask->link, iscsi_loop_now());
}

/* --- What to ask ------------------------------------------------------------------------- */

void run_free(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct ask *ask = &run->asks[i];

		for (size_t j = 0; j < ask->found.count; j++)
			free_found(ask->found.items[j]);
		vector_free(&ask->found);
		login_clear(&ask->login);
	}
	free(run->asks);
}

static IMA_STATUS plan_ask(struct run *run, const struct discovery_address *known,
			   uint64_t deadline)
{
	static const struct link_ops ops = { .up = on_up, .down = on_down };
	struct ask *ask = &run->asks[run->count];
	IMA_STATUS status;

	status = login_plan_discovery(&known->address, deadline, &ask->login);
	if (status)
		return status;
	ask->link.ops = &ops;
	ask->link.login = &ask->login;
	ask->address = known->address;
	ask->source = known->id;
	run->count++;
	return IMA_STATUS_SUCCESS;
}

/* In the gate: the addresses of the LHBA, as far as the methods are switched on. */
static IMA_STATUS plan_all(struct run *run)
{
	const struct vector *addresses = &user.state.addresses;
	uint64_t deadline = net_deadline();
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	run->with_static_targets = user.state.use_static;
	run->only_while_on = true;
	run->asks = calloc(addresses->count ? addresses->count : 1, sizeof(*run->asks));
	if (!run->asks)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	if (!user.state.use_send_targets)
		return status;
	for (size_t i = 0; !status && i < addresses->count; i++)
		status = plan_ask(run, addresses->items[i], deadline);
	return status;
}

static IMA_STATUS plan_one(struct run *run, IMA_OID oid)
{
	const struct discovery_address *known = object_table_data(user.objects, oid);

	if (!known)
		return not_found(oid);
	run->asks = calloc(1, sizeof(*run->asks));
	return run->asks ? plan_ask(run, known, net_deadline())
			 : IMA_ERROR_INSUFFICIENT_MEMORY;
}

IMA_STATUS run_plan(struct run *run, IMA_OID oid)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	return is_lhba(oid) ? plan_all(run) : plan_one(run, oid);
}

static void wake_waiter(struct ask *ask)
{
	waiter_done(ask->user);
}

static IMA_STATUS ask_all(struct run *run)
{
	struct waiter waiter;
	struct iscsi_loop *loop;
	int err;

	if (!run->count)
		return IMA_STATUS_SUCCESS;
	loop = net_loop(&err);
	if (!loop)
		return failure_local(err);
	waiter_init(&waiter, (unsigned int)run->count);
	for (size_t i = 0; i < run->count; i++) {
		run->asks[i].finished = wake_waiter;
		run->asks[i].user = &waiter;
		ask_start(&run->asks[i], loop);
	}
	waiter_wait(&waiter);
	return IMA_STATUS_SUCCESS;
}

/* --- What to keep ------------------------------------------------------------------------- */

static bool is_good(const struct ask *ask)
{
	return ask->error.kind == ISCSI_FAILED_NOTHING;
}

/* Whether a target has exactly these portals from this source. */
static bool has_portals(const struct target *target, int64_t source,
			const struct found *found)
{
	size_t next = 0;

	for (size_t i = 0; i < target->portal_count; i++) {
		const struct portal *portal = &target->portals[i];

		if (portal->source != source)
			continue;
		if (next == found->portal_count ||
		    portal->address.port != found->portals[next].port ||
		    strcmp(portal->address.host, found->portals[next].host) != 0)
			return false;
		next++;
	}
	return next == found->portal_count;
}

static size_t count_from(int64_t source)
{
	size_t count = 0;

	for (size_t i = 0; i < user.state.targets.count; i++) {
		const struct target *target = user.state.targets.items[i];
		size_t j = 0;

		while (j < target->portal_count && target->portals[j].source != source)
			j++;
		count += j < target->portal_count;
	}
	return count;
}

/* In the gate: whether the state says what the address said. */
static bool is_known(const struct ask *ask)
{
	if (count_from(ask->source) != ask->found.count)
		return false;
	for (size_t i = 0; i < ask->found.count; i++) {
		const struct found *found = ask->found.items[i];
		const struct object *object = object_table_by_key(
			user.objects, IMA_OBJECT_TYPE_TARGET, found->name);

		if (!object || !has_portals(object->data, ask->source, found))
			return false;
	}
	return true;
}

/* Somebody may have removed the address meanwhile, or switched the method off. */
static bool is_wanted(const struct run *run, const struct ask *ask)
{
	if (run->only_while_on && !user.state.use_send_targets)
		return false;
	for (size_t i = 0; i < user.state.addresses.count; i++) {
		const struct discovery_address *known = user.state.addresses.items[i];

		if (known->id == ask->source &&
		    known->address.port == ask->address.port &&
		    !strcmp(known->address.host, ask->address.host))
			return true;
	}
	return false;
}

static bool is_all_known(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (is_good(&run->asks[i]) && is_wanted(run, &run->asks[i]) &&
		    !is_known(&run->asks[i]))
			return false;
	return true;
}

static int write_found(int64_t source, const struct found *found, int64_t *place)
{
	char text[ADDRESS_TEXT_SIZE];
	int64_t id;
	int err = store_target_row(user.store, found->name, &id);

	for (size_t i = 0; !err && i < found->portal_count; i++) {
		address_format(&found->portals[i], text);
		err = store_run(user.store, STORE_ADD_PORTAL, "iiiti", id, source,
				(*place)++, text, (int64_t)-1);
	}
	return err;
}

static int write_ask(const struct ask *ask)
{
	int64_t place = 0;
	int err = store_run(user.store, STORE_REMOVE_PORTALS, "i", ask->source);

	for (size_t i = 0; !err && i < ask->found.count; i++)
		err = write_found(ask->source, ask->found.items[i], &place);
	return err;
}

static int write_all(const struct run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->count; i++)
		if (is_good(&run->asks[i]) && is_wanted(run, &run->asks[i]))
			err = write_ask(&run->asks[i]);
	return err ? err : store_run(user.store, STORE_REMOVE_LOST_TARGETS, "");
}

static IMA_STATUS keep(const struct run *run)
{
	VISIT visit = visit_begin_change();
	int err;

	if (visit.status)
		return visit.status;
	err = write_all(run);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

static bool is_news(const struct run *run)
{
	VISIT visit = visit_begin();

	return !visit.status && !is_all_known(run);
}

/* --- What to answer ------------------------------------------------------------------------ */

/* Lists a target once, if it is there: scratch says that it is listed. */
static int list_target(const char *name, struct vector *listed, struct oid_list *list)
{
	struct object *object = object_table_by_key(user.objects, IMA_OBJECT_TYPE_TARGET,
						    name);
	int err;

	if (!object || object->scratch)
		return 0;
	err = vector_add(listed, object);
	if (!err)
		err = oid_list_add(list, object->oid);
	if (!err)
		object->scratch = object;
	return err;
}

static int list_found(const struct run *run, struct vector *listed, struct oid_list *list)
{
	const struct vector *static_targets = &user.state.static_targets;
	int err = 0;

	for (size_t i = 0; i < run->count; i++) {
		const struct vector *found = &run->asks[i].found;

		for (size_t j = 0; !err && is_good(&run->asks[i]) && j < found->count;
		     j++)
			err = list_target(((struct found *)found->items[j])->name, listed,
					  list);
	}
	for (size_t i = 0; !err && run->with_static_targets && i < static_targets->count;
	     i++)
		err = list_target(
			((struct static_target *)static_targets->items[i])->name, listed,
			list);
	return err;
}

static IMA_STATUS give_list(const struct run *run, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	struct vector listed = { 0 };
	VISIT visit = visit_begin();
	int err;

	if (visit.status)
		return visit.status;
	err = list_found(run, &listed, &list);
	for (size_t i = 0; i < listed.count; i++)
		((struct object *)listed.items[i])->scratch = NULL;
	vector_free(&listed);
	return status_from_errno(err ? err : oid_list_end(&list, ppList));
}

/* Of several failures: a refusal before silence. */
static const struct iscsi_error *worst(const struct run *run)
{
	const struct iscsi_error *error = &run->asks[0].error;

	for (size_t i = 1; i < run->count; i++)
		if (failure_code(error) != IMA_ERROR_LOGIN_REJECTED &&
		    failure_code(&run->asks[i].error) != IMA_ERROR_TARGET_TIMEOUT)
			error = &run->asks[i].error;
	return error;
}

/* A source has answered, or there is none. Configured static targets are a source. */
static IMA_STATUS outcome(const struct run *run)
{
	bool is_any_good = !run->count;

	for (size_t i = 0; i < run->count; i++) {
		if (is_good(&run->asks[i]))
			is_any_good = true;
		else
			host_log(IMAX_LOG_WARNING, "%s", run->asks[i].error.text);
	}
	return is_any_good ? IMA_STATUS_SUCCESS : failure_status(worst(run));
}

IMA_STATUS run_keep(const struct run *run)
{
	IMA_STATUS status = outcome(run);

	return status || !is_news(run) ? status : keep(run);
}

IMA_STATUS IMAX_DiscoverTargets(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct run run = { 0 };
	IMA_STATUS status = run_plan(&run, oid);

	*ppList = NULL;
	if (!status)
		status = ask_all(&run);
	if (!status)
		status = run_keep(&run);
	if (!status)
		status = give_list(&run, ppList);
	run_free(&run);
	return status;
}
