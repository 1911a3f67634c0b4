// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "plugin-support/field.h"
#include "shared/number.h"

_Static_assert(IP_TEXT_SIZE == INET6_ADDRSTRLEN, "room for every address");

/* Copies length bytes; -EINVAL if they are none or too many. */
static int cut_out(const char *text, size_t length, char *out, size_t size)
{
	if (!length || length >= size)
		return -EINVAL;
	memcpy(out, text, length);
	out[length] = 0;
	return 0;
}

/* "address%zone"; the zone is kept as it is. */
static int put_ipv6(const char *text, char host[ADDRESS_HOST_MAX + 1])
{
	const char *zone = strchrnul(text, '%');
	char number[INET6_ADDRSTRLEN];
	struct in6_addr ip;

	if (cut_out(text, (size_t)(zone - text), number, sizeof(number)) ||
	    inet_pton(AF_INET6, number, &ip) != 1)
		return -EINVAL;
	if (*zone && (!zone[1] || strlen(zone + 1) >= IF_NAMESIZE ||
		      strpbrk(zone + 1, "%[]:/ \t\r\n")))
		return -EINVAL;
	inet_ntop(AF_INET6, &ip, number, sizeof(number));
	snprintf(host, ADDRESS_HOST_MAX + 1, "%s%s", number, zone);
	return 0;
}

static bool is_label(const char *label, size_t length)
{
	if (!length || length > 63 || label[0] == '-' || label[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isascii(label[i]) || (!isalnum((unsigned char)label[i]) &&
					   label[i] != '-' && label[i] != '_'))
			return false;
	return true;
}

/* A DNS name. The last label is never a number: "10.0.0.300" is a mistake, not a name. */
static bool is_name(const char *text)
{
	const char *label = text, *end;

	for (;; label = end + 1) {
		end = strchrnul(label, '.');
		if (!is_label(label, (size_t)(end - label)))
			return false;
		if (!end[0] || !end[1])
			break;
	}
	return strspn(label, "0123456789") < (size_t)(end - label);
}

/* A host without brackets. */
static int put_host(const char *text, char host[ADDRESS_HOST_MAX + 1])
{
	struct in_addr ip;

	if (strchr(text, ':'))
		return put_ipv6(text, host);
	if (inet_pton(AF_INET, text, &ip) == 1) {
		inet_ntop(AF_INET, &ip, host, ADDRESS_HOST_MAX + 1);
		return 0;
	}
	if (strlen(text) > ADDRESS_HOST_MAX || !is_name(text))
		return -EINVAL;
	for (size_t i = 0; i <= strlen(text); i++)
		host[i] = (char)tolower((unsigned char)text[i]);
	return 0;
}

/* ":port" or nothing; *port is left alone in that case. */
static int put_port(const char *text, uint16_t *port)
{
	uint64_t number;

	if (!text[0])
		return 0;
	if (text[0] != ':' || !isdigit((unsigned char)text[1]) ||
	    (text[1] == '0' && tolower((unsigned char)text[2]) == 'x') ||
	    number_parse(text + 1, 1, UINT16_MAX, &number))
		return -EINVAL;
	*port = (uint16_t)number;
	return 0;
}

/* Where the host of a text ends; *inner is where it begins, behind a bracket. */
static const char *host_end(const char *text, const char **inner)
{
	const char *colon = strchr(text, ':');

	*inner = text;
	if (text[0] == '[') {
		*inner = text + 1;
		return strchr(text, ']');
	}
	/* More than one colon and no bracket: an IPv6 address without a port. */
	return colon && !strchr(colon + 1, ':') ? colon : text + strlen(text);
}

int address_parse(const char *text, uint16_t port, struct address *address)
{
	char part[ADDRESS_HOST_MAX + 1], host[ADDRESS_HOST_MAX + 1];
	const char *inner, *end = host_end(text, &inner);

	if (!end || cut_out(inner, (size_t)(end - inner), part, sizeof(part)))
		return -EINVAL;
	if ((*end == ']' && !strchr(part, ':')) || put_host(part, host))
		return -EINVAL;
	if (!port)
		port = ADDRESS_DEFAULT_PORT;
	if (put_port(end + (*end == ']'), &port))
		return -EINVAL;
	memset(address, 0, sizeof(*address));
	memcpy(address->host, host, strlen(host));
	address->port = port;
	return 0;
}

void address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE])
{
	bool ipv6 = strchr(address->host, ':') != NULL;

	snprintf(text, ADDRESS_TEXT_SIZE, "%s%s%s:%u", ipv6 ? "[" : "", address->host,
		 ipv6 ? "]" : "", (unsigned int)address->port);
}

int ip_from_text(const char *text, IMA_IP_ADDRESS *ip)
{
	struct address address;
	IMA_ADDRESS_KEY key;

	if (address_parse(text, 0, &address) || address_to_key(&address, &key))
		return -EINVAL;
	/* "192.0.2.1:80" is a portal, not an address. */
	if (text[0] == '[' ? text[strlen(text) - 1] != ']'
			   : key.ipAddress.ipv4Address && strchr(text, ':'))
		return -EINVAL;
	*ip = key.ipAddress;
	return 0;
}

void ip_to_text(const IMA_IP_ADDRESS *ip, char text[IP_TEXT_SIZE])
{
	inet_ntop(ip->ipv4Address ? AF_INET : AF_INET6, ip->ipAddress, text,
		  IP_TEXT_SIZE);
}

int address_to_key(const struct address *address, IMA_ADDRESS_KEY *key)
{
	IMA_ADDRESS_KEY made = { .portNumber = address->port };

	made.ipAddress.ipv4Address = !strchr(address->host, ':');
	if (inet_pton(made.ipAddress.ipv4Address ? AF_INET : AF_INET6, address->host,
		      made.ipAddress.ipAddress) != 1)
		return -EINVAL;
	*key = made;
	return 0;
}

/* The text of a host id as it would be typed. */
static int text_from_ima(const IMA_HOST_ID *from, char text[ADDRESS_TEXT_SIZE])
{
	static const IMA_BYTE none[16];

	if (from->hostnameInUse) {
		if (!from->id.hostname[0])
			return -ENODATA;
		return field_get(from->id.hostname, IMA_HOST_NAME_LEN, text,
				 ADDRESS_TEXT_SIZE) < 0
			       ? -EINVAL
			       : 0;
	}
	if (!memcmp(from->id.ipAddress.ipAddress, none,
		    from->id.ipAddress.ipv4Address ? 4 : sizeof(none)))
		return -ENODATA;
	ip_to_text(&from->id.ipAddress, text);
	return 0;
}

int address_from_ima(const IMA_TARGET_ADDRESS *from, struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];
	int err = text_from_ima(&from->hostnameIpAddress, text);

	return err ? err : address_parse(text, from->portNumber, address);
}

int host_to_ima(const char *host, IMA_HOST_ID *to)
{
	char text[ADDRESS_TEXT_SIZE];

	memset(to, 0, sizeof(*to));
	if (!ip_from_text(host, &to->id.ipAddress))
		return 0;
	to->hostnameInUse = IMA_TRUE;
	snprintf(text, sizeof(text), "%s%s%s", strchr(host, ':') ? "[" : "", host,
		 strchr(host, ':') ? "]" : "");
	return FIELD_SET(to->id.hostname, text) ? -EINVAL : 0;
}

int server_from_ima(const IMA_HOST_ID *from, uint16_t port, struct address *server)
{
	const IMA_TARGET_ADDRESS portal = { .hostnameIpAddress = *from,
					    .portNumber = port };

	return address_from_ima(&portal, server);
}

int server_to_ima(const struct address *server, uint16_t port, IMA_HOST_ID *to)
{
	char text[ADDRESS_TEXT_SIZE];

	if (server->port == port)
		return host_to_ima(server->host, to);
	memset(to, 0, sizeof(*to));
	to->hostnameInUse = IMA_TRUE;
	address_format(server, text);
	return FIELD_SET(to->id.hostname, text) ? -EINVAL : 0;
}

int address_to_ima(const struct address *address, IMA_TARGET_ADDRESS *to)
{
	memset(to, 0, sizeof(*to));
	to->portNumber = address->port;
	return host_to_ima(address->host, &to->hostnameIpAddress);
}
