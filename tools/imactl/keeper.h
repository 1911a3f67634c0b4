/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keeper.h - what keeps discovery addresses and static targets: LHBAs, and ports of adapters
 * that do discovery themselves.
 */
#ifndef IMACTL_KEEPER_H
#define IMACTL_KEEPER_H

#include "find.h"

struct keeper {
	const struct object *object; /* an LHBA or a PNP */
	bool is_port;
};

/* How the entries are listed; tells as well who keeps any. */
typedef IMA_STATUS (*entries_fn)(IMA_OID keeper, IMA_OID_LIST **list);

/*
 * Those --lhba or --pnp names, or all that keep such entries. what is said about them in
 * messages: "discovery addresses".
 */
int keepers_get(struct context *c, entries_fn entries, const char *what,
		const struct keeper **keepers, size_t *count);

/* The only one of them. */
int keeper_get(struct context *c, entries_fn entries, const char *what,
	       const struct keeper **keeper);

/*
 * Calls each() for every entry of a keeper, or of all those of keepers_get(), until it fails. What an
 * entry says must be kept by each().
 */
typedef int (*each_fn)(struct context *c, const struct keeper *keeper, IMA_OID entry,
		       void *user);
int keeper_each(struct context *c, const struct keeper *keeper, entries_fn entries,
		const char *what, each_fn each, void *user);
int keepers_each(struct context *c, entries_fn entries, const char *what, each_fn each,
		 void *user);

/* The discovery address people type, that of one keeper only; *name is kept. */
int discovery_address_get(struct context *c, const char *typed, IMA_OID *oid,
			  const char **name, const struct keeper **keeper);

/* Adds "lhba" and "pnp", one of them null. */
void keeper_document(struct json_object *doc, const struct keeper *keeper);

#endif
