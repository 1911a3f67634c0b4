/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slp.h - messages of the Service Location Protocol, version 2 (RFC 2608), as far as finding
 * iSCSI targets and iSNS servers needs them (RFC 4018).
 *
 * Nothing is copied: what a message says points into it. Messages with authentication blocks are
 * read, the blocks are not verified. No locks, no state.
 */
#ifndef DISCOVERY_PROTOCOLS_SLP_H
#define DISCOVERY_PROTOCOLS_SLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/iscsi-name.h"

#define SLP_PORT	     427
#define SLP_GROUP	     "239.255.255.253" /* multicast address of all agents */
#define SLP_DATAGRAM_MAX     1400	       /* what a request may have with UDP */
#define SLP_MESSAGE_MAX	     (8U << 20)	       /* bytes of one answer with TCP */
#define SLP_HEADER_MIN	     14
#define SLP_HOST_SIZE	     256

#define SLP_TARGETS	     "service:iscsi:target"
#define SLP_NAME_SERVERS     "service:iscsi:sms"
#define SLP_DIRECTORY_AGENTS "service:directory-agent"

enum slp_function {
	SLP_SERVICE_REQUEST = 1,
	SLP_SERVICE_REPLY = 2,
	SLP_DIRECTORY_ADVERT = 8,
};

/**
 * struct slp_request - a service request
 * @transaction: XID
 * @is_multicast: it goes to a group
 * @type: SLP_TARGETS and so on
 * @scopes: list with commas; empty only if directory agents are looked for
 * @predicate: LDAPv3 search filter, may be empty
 * @responders: addresses that have answered, with commas
 */
struct slp_request {
	uint16_t transaction;
	bool is_multicast;
	const char *type, *scopes, *predicate, *responders;
};

/** slp_request_write - the request as bytes; 0, or -EMSGSIZE */
int slp_request_write(const struct slp_request *request, uint8_t *out, size_t size,
		      size_t *used);

/**
 * struct slp_message - an answer
 * @error: what the agent says
 * @is_cut: it did not fit into the datagram; ask again with TCP
 * @body, @size: what follows the error code
 */
struct slp_message {
	uint8_t function;
	uint16_t transaction;
	uint16_t error;
	bool is_cut;
	const uint8_t *body;
	size_t size;
};

/**
 * slp_message_length - how long a message is that begins with these bytes
 *
 * Return: its length; 0: more bytes are needed to know; -EPROTO: it is none; -EMSGSIZE.
 */
int slp_message_length(const uint8_t *data, size_t size);

/** slp_message_read - 0; -EPROTO: it is none, or is not as long as it says */
int slp_message_read(const uint8_t *data, size_t size, struct slp_message *message);

/** slp_error_text - the error of an answer in words, never NULL */
const char *slp_error_text(uint16_t error);

/** struct slp_text - not terminated */
struct slp_text {
	const char *at;
	size_t size;
};

/**
 * slp_urls - call a function for each URL of a service reply
 *
 * It ends when the function does not return 0. Return: what it returned, 0, or -EPROTO. A message
 * that is cut is read as far as it goes.
 */
int slp_urls(const struct slp_message *message,
	     int (*take)(void *user, struct slp_text url), void *user);

/** slp_directory_agent - the URL in the advertisement of a directory agent; 0 or -EPROTO */
int slp_directory_agent(const struct slp_message *message, struct slp_text *url);

/**
 * struct slp_service - what a URL names
 * @port: 0: it has none
 * @name: rest of the URL up to the next slash, with its escapes resolved
 */
struct slp_service {
	char host[SLP_HOST_SIZE];
	uint16_t port;
	char name[ISCSI_NAME_MAX + 1];
};

/**
 * slp_service_parse - "TYPE://HOST[:PORT][/NAME[/...]][;...]"
 *
 * Return: 0; -EINVAL: it is none of this type. The host may be anything; IPv6 has no brackets.
 */
int slp_service_parse(struct slp_text url, const char *type, struct slp_service *service);

#endif
