/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* node.h - the name a login uses. */
#ifndef USER_NODE_H
#define USER_NODE_H

#include "shared/iscsi-name.h"

/** node_name - the name that was told, else a generated one; 0 or negative errno. In the gate. */
int node_name(char name[ISCSI_NAME_MAX + 1]);

#endif
