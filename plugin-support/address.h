/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address.h - hosts and portals between the structures of the API and text.
 *
 * Inside a plugin a portal is a host and a port; the host is a name, an IPv4 address, or an
 * IPv6 address without brackets that may carry a zone ("fe80::1%eth0"). Text is host,
 * host:port, [IPv6] or [IPv6]:port. In the structures a numeric address goes into the address
 * member, everything else, and an address with a zone in brackets, into the host name.
 * Addresses are kept in the form inet_ntop(3) gives them and names in lower case, so that
 * equal portals have equal text.
 */
#ifndef PLUGIN_SUPPORT_ADDRESS_H
#define PLUGIN_SUPPORT_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include "ima.h"

#define ADDRESS_HOST_MAX     255 /* bytes of a host, without terminator */
#define ADDRESS_TEXT_SIZE    (ADDRESS_HOST_MAX + 9)
#define ADDRESS_DEFAULT_PORT 3260

/** struct address - where something listens */
struct address {
	char host[ADDRESS_HOST_MAX + 1];
	uint16_t port;
};

/**
 * address_parse - text as described above
 * @port: taken if the text has none; 0: 3260
 * @address: filled in on success only
 *
 * Return: 0, or -EINVAL.
 */
int address_parse(const char *text, uint16_t port, struct address *address);

/** address_format - "host:port", brackets around IPv6 */
void address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE]);

/**
 * address_from_ima - a portal that a client gave
 *
 * A port inside the host name wins over portNumber, and 3260 is used when there is neither.
 * Return: 0; -ENODATA if the structure is empty; -EINVAL if it is no portal.
 */
int address_from_ima(const IMA_TARGET_ADDRESS *from, struct address *address);

/** address_to_ima - every byte of the structure is written; 0 or -EINVAL */
int address_to_ima(const struct address *address, IMA_TARGET_ADDRESS *to);

/** address_to_key - 0; -EINVAL if the host is a name or has a zone */
int address_to_key(const struct address *address, IMA_ADDRESS_KEY *key);

/** host_to_ima - every byte of the structure is written; 0 or -EINVAL */
int host_to_ima(const char *host, IMA_HOST_ID *to);

/**
 * server_from_ima - a server of another protocol, for which the API has no port
 * @port: the usual one of the protocol; another one is in the host name, as "host:port"
 *
 * Return: 0; -ENODATA if the structure is empty; -EINVAL if it is no server.
 */
int server_from_ima(const IMA_HOST_ID *from, uint16_t port, struct address *server);

/** server_to_ima - the same the other way; every byte is written; 0 or -EINVAL */
int server_to_ima(const struct address *server, uint16_t port, IMA_HOST_ID *to);

/** ip_from_text - a numeric address, brackets allowed, no zone; 0 or -EINVAL */
int ip_from_text(const char *text, IMA_IP_ADDRESS *ip);

#define IP_TEXT_SIZE 46 /* INET6_ADDRSTRLEN */

/** ip_to_text - without brackets */
void ip_to_text(const IMA_IP_ADDRESS *ip, char text[IP_TEXT_SIZE]);

#endif
