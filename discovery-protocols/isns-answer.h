/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * isns-answer.h - what a whole answer of an iSNS server says (RFC 4171, 5.6.5.2 and 6).
 */
#ifndef DISCOVERY_PROTOCOLS_ISNS_ANSWER_H
#define DISCOVERY_PROTOCOLS_ISNS_ANSWER_H

#include <stdbool.h>

#include "discovery-protocols/bytes.h"
#include "discovery-protocols/isns.h"

/* Attributes this client asks for or sends. */
enum isns_tag {
	ISNS_DELIMITER = 0,
	ISNS_ENTITY_ID = 1,
	ISNS_ENTITY_PROTOCOL = 2,
	ISNS_PORTAL_ADDRESS = 16,
	ISNS_PORTAL_PORT = 17,
	ISNS_NAME = 32,
	ISNS_NODE_TYPE = 33,
	ISNS_ALIAS = 34,
	ISNS_GROUP_NAME = 48,
	ISNS_GROUP_ADDRESS = 49,
	ISNS_GROUP_PORT = 50,
	ISNS_GROUP_TAG = 51,
};

enum isns_node_type { ISNS_TARGET = 1, ISNS_INITIATOR = 2 };

/* A target, and what the conversation needs to know about it. */
struct isns_node {
	struct isns_target target;
	size_t place;	/* in the answer */
	bool has_group; /* the server said something about its portals */
	bool is_other;	/* it is no target, or was listed before */
};

struct isns_nodes {
	struct isns_node **list; /* in the order of the answers */
	size_t count, left_out, room;
};

/** isns_read_status - of an answer; -EPROTO if it has none */
int isns_read_status(const uint8_t *message, size_t size, uint32_t *status);

/**
 * isns_read_nodes - the targets of an answer, with the portals of their groups
 * @nodes: empty; to be released also on an error
 *
 * Return: 0, -EPROTO if attributes do not fit, -EMSGSIZE if there are too many, or -ENOMEM.
 */
int isns_read_nodes(const uint8_t *message, size_t size, struct isns_nodes *nodes);

/**
 * isns_read_next - the node of an answer to DevGetNext, added to the others
 * @name: receives its name as it is, to ask for the one after it
 * @size: bytes of name; -EPROTO if it does not fit or is empty
 */
int isns_read_next(const uint8_t *message, size_t message_size, struct isns_nodes *nodes,
		   char *name, size_t size);

/** isns_drop_doubles - whatever is listed twice counts once; 0 or -ENOMEM */
int isns_drop_doubles(struct isns_nodes *nodes);

/** isns_read_portals - the portals of one target, added to it; as isns_read_nodes() */
int isns_read_portals(const uint8_t *message, size_t size, struct isns_nodes *nodes,
		      struct isns_node *node);

void isns_nodes_release(struct isns_nodes *nodes);

#endif
