// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * portal.c - "host:port,tag", from users and from targets alike: nothing is assumed.
 */
#include "iscsi/iscsi.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shared/ascii.h"
#include "shared/number.h"

static bool is_number(const char *text)
{
	static const struct ascii_set digits = { ASCII_DIGITS, 0 };

	return !text[ascii_span(text, &digits)];
}

/* What may be in a host; for IPv6 also the colon, with a zone id any visible character. */
static bool valid_host(const char *host, bool ipv6)
{
	static const struct ascii_set name = { ASCII_DIGITS | ASCII_BIT('.') |
						       ASCII_BIT('-'),
					       ASCII_LETTERS | ASCII_BIT('_') },
				      address = { ASCII_DIGITS | ASCII_BIT(':') |
							  ASCII_BIT('.'),
						  ASCII_A_TO_F };
	size_t n = ascii_span(host, ipv6 ? &address : &name);

	if (ipv6 && host[n] == '%' && n)
		return host[n + 1] && !strpbrk(host + n + 1, "[]% \t\n");
	return n && !host[n];
}

static int copy_host(struct iscsi_portal *portal, const char *from, size_t length,
		     bool ipv6)
{
	if (length > ISCSI_HOST_MAX)
		return -EINVAL;
	memcpy(portal->host, from, length);
	portal->host[length] = 0;
	return valid_host(portal->host, ipv6) ? 0 : -EINVAL;
}

/* Cut "text" from the last separator on and read the number behind it, if there is one. */
static int cut_number(char *text, char separator, uint64_t min, uint64_t max,
		      int64_t *number)
{
	char *at = strrchr(text, separator);
	uint64_t value;

	if (!at)
		return 0;
	if (!is_number(at + 1) || number_parse(at + 1, min, max, &value))
		return -EINVAL;
	*number = (int64_t)value;
	*at = 0;
	return 0;
}

/* "[address]" with what follows moved to the front of rest; or a bare address with colons. */
static int parse_ipv6(const char *text, struct iscsi_portal *portal, const char **rest)
{
	const char *end;

	if (text[0] != '[') {
		*rest = "";
		return copy_host(portal, text, strlen(text), true);
	}
	end = strchr(text, ']');
	if (!end || (end[1] && end[1] != ':'))
		return -EINVAL;
	*rest = end + 1;
	return copy_host(portal, text + 1, (size_t)(end - text - 1), true);
}

static int parse_host(char *text, struct iscsi_portal *portal, int64_t *port)
{
	const char *colon = strchr(text, ':');
	const char *rest = "";
	char tail[8];
	int err;

	if (text[0] != '[' && (!colon || !strchr(colon + 1, ':'))) {
		err = cut_number(text, ':', 1, UINT16_MAX, port);
		return err ? err : copy_host(portal, text, strlen(text), false);
	}
	err = parse_ipv6(text, portal, &rest);
	if (err || strlen(rest) >= sizeof(tail))
		return -EINVAL;
	memcpy(tail, rest, strlen(rest) + 1);
	return cut_number(tail, ':', 1, UINT16_MAX, port);
}

int iscsi_portal_parse(const char *text, struct iscsi_portal *portal)
{
	struct iscsi_portal parsed;
	char copy[ISCSI_PORTAL_TEXT + 8];
	int64_t port = ISCSI_DEFAULT_PORT, tag = -1;
	size_t length = strnlen(text, sizeof(copy));

	if (length == sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, length + 1);
	if (cut_number(copy, ',', 0, UINT16_MAX, &tag) ||
	    parse_host(copy, &parsed, &port))
		return -EINVAL;
	parsed.port = (uint16_t)port;
	parsed.tag = (int32_t)tag;
	memset(parsed.host + strlen(parsed.host), 0,
	       sizeof(parsed.host) - strlen(parsed.host));
	*portal = parsed;
	return 0;
}

void iscsi_portal_format(const struct iscsi_portal *portal, char *out, size_t size)
{
	bool ipv6 = strchr(portal->host, ':');
	char tag[16] = "";

	if (portal->tag >= 0)
		snprintf(tag, sizeof(tag), ",%d", portal->tag);
	snprintf(out, size, "%s%s%s:%u%s", ipv6 ? "[" : "", portal->host, ipv6 ? "]" : "",
		 portal->port, tag);
}
