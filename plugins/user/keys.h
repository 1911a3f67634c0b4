/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keys.h - the login keys: what may be set, and what is in force for a target.
 */
#ifndef USER_KEYS_H
#define USER_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "ima.h"
#include "iscsi/iscsi.h"

struct params;
struct target;

/** key_by_name - the key with this name (as on the wire); 0 or -ENOENT */
int key_by_name(const char *name, enum iscsi_param *param);

/** key_allows - whether the engine can offer this value */
bool key_allows(enum iscsi_param param, int64_t value);

/** keys_set - offer another value for the LHBA or a target; a whole call */
IMA_STATUS keys_set(IMA_OID oid, enum iscsi_param param, IMA_UINT value);

/**
 * keys_remove - take values of a target back, or (NULL) of the LHBA
 * @keys: a bit (1 << enum iscsi_param) for each
 *
 * Status, last error set. In a visit that changes; the caller commits.
 */
IMA_STATUS keys_remove(const struct target *target, uint32_t keys);

/** keys_in_force - the offers for a target; NULL: those of the LHBA */
void keys_in_force(const struct target *target, struct iscsi_params *params);

#endif
