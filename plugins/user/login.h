/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * login.h - everything a login needs, copied, so that the loop can do it without the state.
 */
#ifndef USER_LOGIN_H
#define USER_LOGIN_H

#include <stddef.h>
#include <stdint.h>

#include "ima.h"
#include "iscsi/iscsi.h"
#include "secrets.h"
#include "state.h"

/**
 * struct login - with whom to log in, and how
 * @target: name of the target; empty: a discovery session
 * @portals: where it is; they are tried in this order
 * @methods: authentication; they are tried in this order
 * @deadline: of all attempts together
 */
struct login {
	char initiator[ISCSI_NAME_MAX + 1];
	char initiator_alias[ISCSI_ALIAS_MAX + 1];
	char target[ISCSI_NAME_MAX + 1];
	struct iscsi_portal *portals;
	size_t portal_count;
	struct iscsi_params params;
	IMA_AUTHMETHOD methods[USER_METHODS];
	size_t method_count;
	struct chap chap[CHAP_DIRECTIONS]; /* of the target's: no secret if it need not */
	uint8_t algorithms[ISCSI_CHAP_ALGORITHMS];
	uint64_t deadline;
	uint64_t ping_interval, ping_timeout; /* of a session that is held */
};

/** login_plan - how to log in to a target; inside the gate. Status, last error set. */
IMA_STATUS login_plan(const struct target *target, uint64_t deadline,
		      struct login *login);

/** login_plan_discovery - the same for a discovery session */
IMA_STATUS login_plan_discovery(const struct discovery_address *address,
				uint64_t deadline, struct login *login);

/** login_clear - release it, wipe the secrets */
void login_clear(struct login *login);

/** login_config - one attempt, as the engine wants it; it points into the login */
void login_config(const struct login *login, size_t portal, size_t method,
		  struct iscsi_config *config);

#endif
