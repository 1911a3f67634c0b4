/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error.h - making struct iscsi_error; inside of the engine only.
 */
#ifndef ISCSI_ERROR_H
#define ISCSI_ERROR_H

#include "iscsi/iscsi.h"

/* Fill in everything but status, reason and key. The text is cut where it does not fit. */
void iscsi_error_set(struct iscsi_error *error, enum iscsi_failure kind, int code,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * A copy of untrusted text that is safe to print: at most size bytes with the terminator, what
 * is not visible ASCII replaced by '?', "..." at the end if it was cut.
 */
const char *iscsi_printable(const char *text, size_t length, char *out, size_t size);

#endif
