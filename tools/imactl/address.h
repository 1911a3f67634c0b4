/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address.h - network addresses and portals between people and the API.
 */
#ifndef IMACTL_ADDRESS_H
#define IMACTL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "ima.h"

#define ISCSI_PORT 3260
#define ISNS_PORT  3205

/*
 * "192.0.2.1", "192.0.2.1:3260", "2001:db8::1", "[2001:db8::1]:3260", "[fe80::1%eth0]",
 * "host.example:3260". NULL and *address filled in, or why the text is none, a constant.
 * An IPv6 address with a zone travels as a host name in brackets: IMA_IP_ADDRESS has no
 * place for a zone.
 */
const char *address_parse(const char *text, IMA_TARGET_ADDRESS *address);

/* The same for an iSNS server, with 3205 for a port that is not given. */
const char *isns_server_parse(const char *text, IMA_HOST_ID *server);

/* An IPv4 or IPv6 address alone. */
const char *ip_parse(const char *text, IMA_IP_ADDRESS *ip);

/* The same portal, however it is written. */
bool address_equal(const IMA_TARGET_ADDRESS *a, const IMA_TARGET_ADDRESS *b);

/* Documents: an address as a string; {"host": "2001:db8::1", "port": 3260}. */
struct json_object *ip_document(const IMA_IP_ADDRESS *ip);
struct json_object *host_document(const IMA_HOST_ID *host);
struct json_object *address_document(const IMA_TARGET_ADDRESS *address);
struct json_object *key_document(const IMA_ADDRESS_KEY *key);

/* "[2001:db8::1]:3260"; allocated. */
char *address_join(const char *host, uint64_t port);
char *address_text(const IMA_TARGET_ADDRESS *address);

#endif
