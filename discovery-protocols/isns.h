/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * isns.h - asking an iSNS server for targets and their portals (RFC 4171).
 *
 * A client is a conversation without a socket: whoever drives it sends isns_client_output(), and
 * hands what comes in to isns_client_input(). It queries all targets it may see, with their
 * portal groups; a server that wants to know who asks is told (DevAttrReg); a server that knows
 * no portal groups is asked for the portals of each target. Whatever the server sends, the
 * conversation ends: messages, targets and rounds are bounded. Time is the driver's business.
 *
 * No locks; a client belongs to whoever has it.
 */
#ifndef DISCOVERY_PROTOCOLS_ISNS_H
#define DISCOVERY_PROTOCOLS_ISNS_H

#include <stddef.h>
#include <stdint.h>

#include "shared/iscsi-name.h"

#define ISNS_PORT	 3205
#define ISNS_MESSAGE_MAX (32U << 20) /* bytes of one answer */
#define ISNS_TARGETS_MAX 200000U
#define ISNS_HOST_SIZE	 46 /* INET6_ADDRSTRLEN */
#define ISNS_ALIAS_MAX	 255

struct isns_client;

/** struct isns_portal - tag: of the target portal group, -1 if not known */
struct isns_portal {
	char host[ISNS_HOST_SIZE];
	uint16_t port;
	int32_t tag;
};

/** struct isns_target - name is a valid iSCSI name, alias may be empty */
struct isns_target {
	char name[ISCSI_NAME_MAX + 1];
	char *alias;
	struct isns_portal *portals;
	size_t portal_count;
};

/**
 * isns_client_new - begin a conversation
 * @name: our iSCSI name, who asks
 * @transaction: number of the first request
 *
 * Return: 0 or -ENOMEM.
 */
int isns_client_new(const char *name, uint16_t transaction, struct isns_client **client);

/** isns_client_free - NULL is fine */
void isns_client_free(struct isns_client *client);

/** isns_client_output - what has to be sent now, 0 bytes if nothing */
size_t isns_client_output(const struct isns_client *client, const uint8_t **data);

/** isns_client_sent - so much of the output was sent */
void isns_client_sent(struct isns_client *client, size_t size);

/**
 * isns_client_input - bytes that came from the server
 *
 * Return: 1: the answer is complete; 0: go on, there may be output now; -EPROTO: the server
 * breaks the protocol; -EACCES: it refused; -EMSGSIZE: the answer is too long; -ENOMEM. After an
 * error isns_client_error() says why, and nothing more may be handed in.
 */
int isns_client_input(struct isns_client *client, const uint8_t *data, size_t size);

/** isns_client_error - what is wrong, to be put after "the iSNS server ..." */
const char *isns_client_error(const struct isns_client *client);

/** isns_client_targets - in the order of the server; they have one portal at least */
size_t isns_client_targets(const struct isns_client *client,
			   const struct isns_target **targets);

/**
 * isns_client_left_out - how many targets and portals were left out
 *
 * Because a name is no iSCSI name, an address is none, or a target cannot be reached.
 */
size_t isns_client_left_out(const struct isns_client *client);

#endif
