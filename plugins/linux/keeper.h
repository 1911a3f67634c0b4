/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keeper.h - where the authentication of an object is kept: iscsid.conf for an LHBA, its node
 * records for a target, its discovery record for a discovery address.
 *
 * Names and secrets are never arguments of a program: files are edited here, under open-iscsi's
 * lock, each replaced as a whole and readable for its owner only. What was read is wiped by
 * keeper_close(). The lock of the plugin is not held.
 *
 * open-iscsi uses CHAP where its file has a secret, so CHAP is in use just there. Where it is not,
 * names and secrets are parked (parked.h) until it is chosen.
 */
#ifndef LINUX_KEEPER_H
#define LINUX_KEEPER_H

#include "linux.h"
#include "parked.h"
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
	char object[PARKED_OBJECT_SIZE]; /* in parked.h */
	struct record own;		 /* what the object says */
	struct record defaults; /* what it follows: iscsid.conf; empty for an LHBA */
	struct record parked;	/* of all objects */
};

#define _cleanup_keeper_ __attribute__((cleanup(keeper_close)))

/* A record that cannot be read, and a target without one, are errors. */
IMA_STATUS keeper_open(IMA_OID oid, struct keeper *keeper);
void keeper_close(struct keeper *keeper);

void keeper_key(const struct keeper *keeper, enum auth_part part,
		char key[AUTH_KEY_SIZE]);

/* What is set, own or inherited, in use or not; NULL: nothing. Borrowed. */
const char *keeper_get(const struct keeper *keeper, enum auth_part part);
const char *keeper_default(const struct keeper *keeper, enum auth_part part);

/* Has the object what its LHBA has? Nothing counts as otherwise. */
bool keeper_inherits(const struct keeper *keeper, enum auth_part part,
		     const char *otherwise);

/* Whether open-iscsi uses CHAP for the object; and lets the target prove itself too. */
bool keeper_uses_chap(const struct keeper *keeper);
bool keeper_uses_mutual(const struct keeper *keeper);

/* The same for what a target or discovery address follows. */
bool keeper_default_uses_chap(const struct keeper *keeper);

/*
 * Sets name and secret of one direction, AUTH_NAME or AUTH_NAME_IN; NULL for both removes them.
 * What follows an LHBA gets them too, where CHAP is in use.
 */
IMA_STATUS keeper_set(const struct keeper *keeper, enum auth_part name_part,
		      const char *name, const char *secret);

/* Begins or ends the use of CHAP; what follows an LHBA does the same. */
IMA_STATUS keeper_use_chap(const struct keeper *keeper, bool use);

#endif
