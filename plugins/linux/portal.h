/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * portal.h - a portal of a target as open-iscsi and the kernel write it.
 *
 * Addresses are kept as the database has them, because they are part of file names; they are
 * compared in their binary form, because the kernel writes IPv6 in full length.
 */
#ifndef LINUX_PORTAL_H
#define LINUX_PORTAL_H

#include <stdbool.h>
#include <stdint.h>

/* A DNS name has at most 253 characters, an address with a zone fewer. */
#define PORTAL_HOST    256
#define PORTAL_NO_TPGT (-1)

struct portal {
	const char *host; /* as written; owned by whoever owns the portal */
	uint16_t port;
	int32_t tpgt; /* PORTAL_NO_TPGT if it is not known */
};

/* The binary form of a numeric address, 4 or 16 bytes; 0 for a host name. */
struct portal_ip {
	uint8_t bytes[16];
	uint8_t size;
};

struct portal_ip portal_ip(const char *host);

/* Same host and port; host names without regard to case. */
bool portal_same_place(const struct portal *a, const struct portal *b);

/* "host:port,tpgt" as iscsiadm wants it, with brackets around IPv6; tpgt if it is known. */
void portal_format(const struct portal *portal, char *text, int size);

#endif
