/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * getters.h - reading structures under watch.
 */
#ifndef IMA_CONFORM_GETTERS_H
#define IMA_CONFORM_GETTERS_H

#include "check.h"

typedef IMA_STATUS (*getter_call)(IMA_OID oid, void *out);

struct structure;

/* A function that fills one structure for one object. */
struct getter {
	enum function_index fn;
	uint32_t objects;
	size_t size;
	const struct structure *structure; /* NULL: an enumeration from 0 to last */
	unsigned int last;
	bool counters; /* may differ from call to call */
	getter_call call;
	/* More rules for this structure; may be NULL. */
	void (*more)(struct run *run, enum function_index fn, IMA_OID oid,
		     const void *props);
};

#define GETTER_GUARD 64

/* Room for every structure, and the guard behind it. */
struct getter_memory {
	_Alignas(16) unsigned char bytes[sizeof(IMA_PHBA_PROPERTIES) + GETTER_GUARD];
};

/* The first field in which two answers differ; NULL if they are the same. */
const char *getter_difference(const struct getter *getter, const unsigned char *a,
			      const unsigned char *b);

extern const struct getter getter_table[];
extern const size_t getter_count;

/* More rules for structures of extensions (extensions.c). */
void check_chap_algorithms(struct run *run, enum function_index fn, IMA_OID oid,
			   const void *props);
void check_digests(struct run *run, enum function_index fn, IMA_OID oid,
		   const void *props);

/* Whether the object answers the function that reads its properties. */
bool object_exists(IMA_OID oid);

#endif
