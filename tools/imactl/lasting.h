/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lasting.h - does a session live longer than this process?
 *
 * No call of the API tells. A session with a LU that is a device of the kernel does: what INQUIRY
 * says that it is must be what the kernel knows of the device. Otherwise another process is asked:
 * imactl itself, started afresh, sees a session only if something else than this process holds it.
 */
#ifndef IMACTL_LASTING_H
#define IMACTL_LASTING_H

#include "find.h"

/* IMA_TRUE, IMA_FALSE, or IMA_UNKNOWN if the other process cannot tell. */
IMA_XBOOL session_is_lasting(struct context *c, const struct target *target);

#endif
