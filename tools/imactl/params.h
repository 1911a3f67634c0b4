/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * params.h - the twelve login keys by the names RFC 7143 gives them.
 */
#ifndef IMACTL_PARAMS_H
#define IMACTL_PARAMS_H

#include "imactl.h"

struct param {
	const char *key;
	const char *unit;   /* "bytes", "seconds", or NULL */
	const char *result; /* how the two sides' values become one */
	const char *scope;  /* "session" or "connection" */
	/* One pair is set: the key is a number or a boolean. */
	IMA_STATUS (*get_number)(IMA_OID oid, IMA_MIN_MAX_VALUE *props);
	IMA_STATUS (*set_number)(IMA_OID oid, IMA_UINT value);
	IMA_STATUS (*get_bool)(IMA_OID oid, IMA_BOOL_VALUE *props);
	IMA_STATUS (*set_bool)(IMA_OID oid, IMA_BOOL value);
	IMAX_SETTING setting;
};

extern const struct param params[];
extern const size_t params_count;

/* Regardless of case; NULL if there is no such key. */
const struct param *param_called(const char *key);

/* The current value as a number or boolean, NULL if it has none. */
IMA_STATUS param_value(struct context *c, const struct param *param, IMA_OID oid,
		       struct json_object **value);

#endif
