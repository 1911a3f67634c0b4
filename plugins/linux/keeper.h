/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keeper.h - where the authentication of an object is kept: iscsid.conf for an LHBA, its node
 * records for a target, its discovery record for a discovery address.
 *
 * Names and secrets are never arguments of a program: files are edited here, under open-iscsi's
 * lock, each replaced as a whole and readable for its owner only. What was read is wiped by
 * keeper_close(). The lock of the plugin is not held.
 */
#ifndef LINUX_KEEPER_H
#define LINUX_KEEPER_H

#include "linux.h"
#include "record.h"

/* The parts of authentication; the prefix of their keys depends on the object. */
enum auth_part {
	AUTH_METHOD,
	AUTH_ALGORITHMS,
	AUTH_NAME,
	AUTH_SECRET,
	AUTH_NAME_IN,
	AUTH_SECRET_IN,
	AUTH_PARTS
};

#define AUTH_KEY_SIZE 64

struct keeper {
	IMA_OID oid;
	char name[300];	  /* of the object, for messages */
	char portal[300]; /* of a discovery address, as iscsiadm wants it */
	struct array
		places; /* files below the database: of the object, or of its followers */
	struct record own;	/* what the object says */
	struct record defaults; /* what it follows: iscsid.conf; empty for an LHBA */
};

#define _cleanup_keeper_ __attribute__((cleanup(keeper_close)))

/* A record that cannot be read, and a target without one, are errors. */
IMA_STATUS keeper_open(IMA_OID oid, struct keeper *keeper);
void keeper_close(struct keeper *keeper);

void keeper_key(const struct keeper *keeper, enum auth_part part,
		char key[AUTH_KEY_SIZE]);

/* What is in force, own or inherited; NULL: nothing. Borrowed. */
const char *keeper_get(const struct keeper *keeper, enum auth_part part);
const char *keeper_default(const struct keeper *keeper, enum auth_part part);

/* Has the object what its LHBA has? Nothing counts as otherwise. */
bool keeper_inherits(const struct keeper *keeper, enum auth_part part,
		     const char *otherwise);

bool keeper_uses_chap(const struct keeper *keeper);

/* Sets name and secret of one direction, AUTH_NAME or AUTH_NAME_IN; NULL for both removes them. */
IMA_STATUS keeper_set(const struct keeper *keeper, enum auth_part name_part,
		      const char *name, const char *secret);

#endif
