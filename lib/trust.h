/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trust.h - may a file decide which code runs in this process?
 */
#ifndef LIB_TRUST_H
#define LIB_TRUST_H

#include <limits.h>

/*
 * Resolves path, which must be absolute, and checks the file and every folder above it: each
 * belongs to root or to the caller, and nobody else can write to it. A folder that everybody
 * can write to is acceptable if it is sticky (/tmp). Writing by a group is acceptable for the
 * groups root and that of the caller.
 *
 * 0 with the resolved path in real, or -errno: -ENOENT if there is no such file, -EPERM if it
 * cannot be trusted; *why then says in words what is wrong.
 */
int trust_check(const char *path, char real[PATH_MAX], const char **why);

#endif
