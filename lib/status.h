/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * status.h - the statuses of the standard in words.
 */
#ifndef LIB_STATUS_H
#define LIB_STATUS_H

#include "api.h"

/* What a status means, as the end of a sentence: "the target did not answer in time". */
const char *status_meaning(IMA_STATUS status);

/* The status for a negative errno. */
IMA_STATUS status_from_errno(int err);

#endif
