/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_LOGIN_H
#define LINUX_LOGIN_H

#include "linux.h"

/* What IMAX_LoginTarget does. */
IMA_STATUS login_target(IMA_OID target);

/* Whether a session leads to a portal of a target; the lock of the plugin is held. */
bool login_has_session(const struct target *t, const struct portal *portal);

#endif
