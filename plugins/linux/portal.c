// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * portal.c - portals of targets.
 */
#include "portal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The zone of a link-local address is not part of what is on the wire. */
static bool cut_zone(const char *host, char *text, size_t size)
{
	size_t n = strcspn(host, "%");

	if (n >= size)
		return false;
	memcpy(text, host, n);
	text[n] = 0;
	return true;
}

struct portal_ip portal_ip(const char *host)
{
	struct portal_ip a = { 0 };
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, host, a.bytes) == 1)
		a.size = 4;
	else if (cut_zone(host, text, sizeof(text)) &&
		 inet_pton(AF_INET6, text, a.bytes) == 1)
		a.size = 16;
	return a;
}

bool portal_same_place(const struct portal *a, const struct portal *b)
{
	struct portal_ip x, y;

	if (a->port != b->port)
		return false;
	if (!strcasecmp(a->host, b->host))
		return true;
	x = portal_ip(a->host);
	y = portal_ip(b->host);
	return x.size && x.size == y.size && !memcmp(x.bytes, y.bytes, x.size);
}

void portal_format(const struct portal *portal, char *text, int size)
{
	bool v6 = strchr(portal->host, ':') != NULL;
	int n = snprintf(text, (size_t)size, "%s%s%s:%u", v6 ? "[" : "", portal->host,
			 v6 ? "]" : "", portal->port);

	if (portal->tpgt != PORTAL_NO_TPGT && n > 0 && n < size)
		snprintf(text + n, (size_t)(size - n), ",%d", portal->tpgt);
}
