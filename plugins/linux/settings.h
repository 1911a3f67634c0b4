/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.h - values of node records: of one target, or of all that have no value of their own.
 *
 * open-iscsi copies the defaults of iscsid.conf into every record it makes, so a record does
 * not tell "not set" from "set to the default". Here a record whose value is that of
 * iscsid.conf has none of its own: when the default changes, it changes with it.
 */
#ifndef LINUX_SETTINGS_H
#define LINUX_SETTINGS_H

#include "linux.h"

/* More keys than this are never set at once. */
#define SETTINGS_MAX 16

struct setting {
	const char *key;
	const char *value;
	const char *built_in; /* what counts if iscsid.conf does not say anything */
};

/*
 * Sets values of a target in the records of all its portals, or, if the OID is that of an
 * LHBA, the defaults in iscsid.conf and all records that follow them. Secrets must not come
 * this way. What is already so is left alone.
 */
IMA_STATUS settings_set(IMA_OID oid, const struct setting *settings, size_t count);

#endif
