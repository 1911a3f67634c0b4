// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ask-send-targets.c - asking a discovery address in a discovery session.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "failure.h"
#include "link.h"
#include "login.h"
#include "shared/cleanup.h"

#define LOGOUT_TIMEOUT 500000000U /* ns; the answer is there already */

struct send_targets {
	struct link link;
	struct login login;
	struct iscsi_discovery discovery;
	struct ask *ask;
	struct iscsi_error error;
	bool is_answered, is_short_of_memory;
};

static struct send_targets *own_of(struct link *link)
{
	return (struct send_targets *)((char *)link -
				       offsetof(struct send_targets, link));
}

/* Portals that cannot be kept are left out; none at all means the portal that was asked. */
static int add_found(struct ask *ask, const struct iscsi_found *from)
{
	struct address _cleanup_free_ *portals = calloc(from->portal_count + 1,
							sizeof(*portals));
	char text[ISCSI_PORTAL_TEXT];
	size_t count = 0;

	if (!portals)
		return -ENOMEM;
	for (size_t i = 0; i < from->portal_count; i++) {
		struct iscsi_portal portal = from->portals[i];

		portal.tag = -1;
		iscsi_portal_format(&portal, text, sizeof(text));
		if (!address_parse(text, 0, &portals[count]))
			count++;
	}
	if (!from->portal_count)
		portals[count++] = ask->address;
	return ask_found(ask, from->name, portals, count, NULL);
}

static void on_found(struct iscsi_discovery *discovery, const struct iscsi_found *found)
{
	struct send_targets *own = discovery->user;

	if (add_found(own->ask, found))
		own->is_short_of_memory = true;
}

static void leave(struct send_targets *own, const struct iscsi_error *error)
{
	own->is_answered = true;
	if (error)
		own->error = *error;
	else if (own->is_short_of_memory)
		failure_set(&own->error, ISCSI_FAILED_LOCAL, -ENOMEM,
			    "no memory for the targets of an address");
	link_end(&own->link, iscsi_loop_now() + LOGOUT_TIMEOUT);
}

static void on_answer(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	leave(discovery->user, error);
}

static void on_up(struct link *link)
{
	struct send_targets *own = own_of(link);
	struct iscsi_error error;
	int err;

	own->discovery = (struct iscsi_discovery){ .deadline = own->login.deadline,
						   .max_targets = ASK_TARGETS_MAX,
						   .found = on_found,
						   .done = on_answer,
						   .user = own };
	err = iscsi_session_discover(link->session, &own->discovery);
	if (!err)
		return;
	failure_set(&error, ISCSI_FAILED_LOCAL, err, "cannot send SendTargets: %s",
		    strerror(-err));
	leave(own, &error);
}

static void on_down(struct link *link, const struct iscsi_error *error)
{
	struct send_targets *own = own_of(link);

	if (!own->is_answered && error)
		own->error = *error;
	ask_finish(own->ask, &own->error);
}

static void start(struct ask *ask)
{
	link_start(&((struct send_targets *)ask->own)->link);
}

static void cancel(struct ask *ask)
{
	link_end(&((struct send_targets *)ask->own)->link, iscsi_loop_now());
}

static void release(void *argument)
{
	struct send_targets *own = argument;

	if (own)
		login_clear(&own->login);
	free(own);
}

IMA_STATUS ask_plan_send_targets(struct ask *ask, const struct discovery_address *known,
				 uint64_t deadline)
{
	static const struct ask_method method = { start, cancel, release };
	static const struct link_ops ops = { .up = on_up, .down = on_down };
	struct send_targets *own = calloc(1, sizeof(*own));
	IMA_STATUS status;

	if (!own)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	status = login_plan_discovery(known, deadline, &own->login);
	if (status) {
		free(own);
		return status;
	}
	own->ask = ask;
	own->link.ops = &ops;
	own->link.login = &own->login;
	ask->method = &method;
	ask->own = own;
	ask->address = known->address;
	ask->source = known->id;
	return IMA_STATUS_SUCCESS;
}
