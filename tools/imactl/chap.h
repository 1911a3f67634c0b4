/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chap.h - CHAP of an LHBA, a target or a discovery address, in both directions.
 */
#ifndef IMACTL_CHAP_H
#define IMACTL_CHAP_H

#include "chosen.h"

/*
 * Adds "mutualChap" and "algorithms", and "chap" if own is set: null if the initiator does
 * not tell. Secrets are never in it.
 */
void chap_document(struct context *c, struct json_object *doc,
		   const struct chosen *chosen, bool own);

/* Has the object parameters of its own, or those of its LHBA, to prove itself with? */
bool chap_is_set(struct context *c, const struct chosen *chosen);

/*
 * auth set with --target, --address, --mutual or --algorithms: name and secret of one
 * direction, the list of algorithms, or both.
 */
bool chap_set_is_meant(const struct context *c);
int chap_set(struct context *c);

#endif
