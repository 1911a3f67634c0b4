/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * login.h - sessions: who is let in, what is negotiated, when they end.
 */
#ifndef SIM_LOGIN_H
#define SIM_LOGIN_H

#include "model.h"

/* Why a login came to nothing. */
struct login_error {
	uint16_t status; /* Status-Class and Status-Detail; 0: no answer */
	char text[300];
};

struct session *found_session(const struct found *found);
/* Could a session be opened now? An IMA status; *error says why not. */
IMA_STATUS login_check(struct model *model, struct found *found,
		       struct login_error *error);
/*
 * Open a session unless there is one. Counts a failure if counted is true. LUs are looked
 * for and, where the LHBA does that by itself, exposed.
 */
IMA_STATUS found_login(struct model *model, struct found *found, bool counted,
		       struct login_error *error);
/* IMA_ERROR_LU_IN_USE if an LU of the target is in use. */
IMA_STATUS found_logout(struct model *model, struct found *found);
/*
 * The session of a target in a model that takes the place of another: where before has one too,
 * it is that one, with its number and what it negotiated; otherwise it is a new one. The model
 * counts on from the sessions of the other.
 */
void found_take_session(struct model *model, struct found *found,
			const struct found *before);
/* Sessions that lost their way end; those that are wanted begin. */
void found_settle(struct model *model, struct found *found, bool first);
/* For a reboot: no session, no counter, no device. */
void found_shutdown(struct model *model, struct found *found);
/* A found target or found LU is about to vanish. */
void found_gone(struct model *model, struct object *object);

#endif
