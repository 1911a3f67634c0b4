// SPDX-License-Identifier: LGPL-2.1-or-later
#include "login.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "keys.h"
#include "node.h"
#include "user.h"

static void set_portal(struct iscsi_portal *portal, const struct address *address,
		       int32_t tag)
{
	memset(portal, 0, sizeof(*portal));
	memcpy(portal->host, address->host, sizeof(portal->host));
	portal->port = address->port;
	portal->tag = tag;
}

static bool has_portal(const struct login *login, const struct portal *portal)
{
	for (size_t i = 0; i < login->portal_count; i++)
		if (login->portals[i].port == portal->address.port &&
		    !strcmp(login->portals[i].host, portal->address.host))
			return true;
	return false;
}

/* Each portal once, however often it was reported. */
static int set_portals(struct login *login, const struct target *target)
{
	login->portals = calloc(target->portal_count ? target->portal_count : 1,
				sizeof(*login->portals));
	if (!login->portals)
		return -ENOMEM;
	for (size_t i = 0; i < target->portal_count; i++)
		if (!has_portal(login, &target->portals[i]))
			set_portal(&login->portals[login->portal_count++],
				   &target->portals[i].address, target->portals[i].tag);
	return 0;
}

static IMA_STATUS start(struct login *login, const struct holder *holder,
			uint64_t deadline)
{
	int err;

	memset(login, 0, sizeof(*login));
	login->deadline = deadline;
	err = node_name(login->initiator);
	if (err)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, err,
				 "no name can be made up for this node; set one");
	snprintf(login->initiator_alias, sizeof(login->initiator_alias), "%s",
		 user.state.alias);
	return auth_plan(holder, login);
}

IMA_STATUS login_plan(const struct target *target, uint64_t deadline, struct login *login)
{
	struct holder holder = holder_of_target(target);
	IMA_STATUS status = start(login, &holder, deadline);

	if (status)
		return status;
	snprintf(login->target, sizeof(login->target), "%s", target->object->key);
	keys_in_force(target, &login->params);
	if (set_portals(login, target)) {
		login_clear(login);
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	}
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS login_plan_discovery(const struct discovery_address *address,
				uint64_t deadline, struct login *login)
{
	struct holder holder = holder_of_address(address);
	IMA_STATUS status = start(login, &holder, deadline);

	if (status)
		return status;
	keys_in_force(NULL, &login->params);
	login->portals = calloc(1, sizeof(*login->portals));
	if (!login->portals) {
		login_clear(login);
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	}
	set_portal(&login->portals[0], &address->address, -1);
	login->portal_count = 1;
	return IMA_STATUS_SUCCESS;
}

void login_clear(struct login *login)
{
	free(login->portals);
	login->portals = NULL;
	login->portal_count = 0;
	for (int i = 0; i < CHAP_DIRECTIONS; i++)
		chap_wipe(&login->chap[i]);
}

static void set_auth(const struct login *login, struct iscsi_auth *auth)
{
	const struct chap *own = &login->chap[CHAP_INITIATOR];
	const struct chap *target = &login->chap[CHAP_TARGET];

	auth->name = own->name;
	auth->secret = own->secret;
	auth->secret_length = own->secret_length;
	memcpy(auth->algorithms, login->algorithms, sizeof(auth->algorithms));
	if (!target->secret_length)
		return;
	auth->target_name = target->name[0] ? target->name : NULL;
	auth->target_secret = target->secret;
	auth->target_secret_length = target->secret_length;
}

void login_config(const struct login *login, size_t portal, size_t method,
		  struct iscsi_config *config)
{
	iscsi_config_init(config);
	config->initiator_name = login->initiator;
	config->initiator_alias = login->initiator_alias;
	config->target_name = login->target[0] ? login->target : NULL;
	config->portal = login->portals[portal];
	config->params = login->params;
	config->ping_interval = login->ping_interval;
	config->ping_timeout = login->ping_timeout;
	if (login->methods[method] == IMA_AUTHMETHOD_CHAP)
		set_auth(login, &config->auth);
}
