/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * documents.h - documents and views that several commands share.
 */
#ifndef IMACTL_DOCUMENTS_H
#define IMACTL_DOCUMENTS_H

#include "find.h"
#include "output.h"

/* A target: name, alias, LHBA, portals, how it was discovered, number of sessions. */
struct json_object *target_document(struct context *c, const struct target *target);
extern const struct column target_columns[];
extern const size_t target_columns_count;

/* The portals of a target, an array; null and a warning if they cannot be had. */
struct json_object *portals_document(struct context *c, const struct target *target);

/* An LU: target, LUN, exposure, device. */
struct json_object *lu_document(struct context *c, const struct target *target,
				IMA_OID oid);
/* The LUs a target reports, exposed or not, with what the devices say if asked for. */
int lus_document(struct context *c, const struct target *target, bool details,
		 struct json_object **lus);
/* Those that are exposed, without asking the target; null if that cannot be had. */
struct json_object *exposed_document(struct context *c, const struct target *target);
extern const struct view lus_view;
/* The LUNs a target answers to REPORT LUNS, as the API has them; safe in any thread. */
IMA_STATUS luns_reported(struct context *c, IMA_OID target, uint64_t **luns,
			 size_t *count);

/* The login keys of a target, or of an LHBA if target is NULL. */
int params_document(struct context *c, const struct object *lhba,
		    const struct target *target, struct json_object **params);
extern const struct view params_view;

/*
 * The sessions with a target and what was negotiated for each; NULL if the initiator
 * does not tell.
 */
int sessions_document(struct context *c, const struct target *target,
		      struct json_object **sessions);
extern const struct view session_view;

/* Adds "ipsec"; null if the LHBA or PNP does not tell. */
void ipsec_document(struct context *c, struct json_object *doc, IMA_OID oid);

/* "CHAP"; NULL if the method has no name. */
const char *auth_method_text(IMA_AUTHMETHOD method);

#endif
