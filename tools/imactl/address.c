// SPDX-License-Identifier: LGPL-2.1-or-later
#include "address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "doc.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "shared/utf8.h"

#define HOST_SIZE IMA_HOST_NAME_LEN

static bool all_zero(const IMA_BYTE *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

static bool is_multicast(const IMA_IP_ADDRESS *ip)
{
	return ip->ipv4Address ? ip->ipAddress[0] >= 224 : ip->ipAddress[0] == 0xff;
}

const char *ip_parse(const char *text, IMA_IP_ADDRESS *ip)
{
	IMA_IP_ADDRESS parsed = { 0 };

	if (inet_pton(AF_INET, text, parsed.ipAddress) == 1)
		parsed.ipv4Address = IMA_TRUE;
	else if (inet_pton(AF_INET6, text, parsed.ipAddress) != 1)
		return "is neither an IPv4 nor an IPv6 address";
	*ip = parsed;
	return NULL;
}

/* An address nobody can connect to. */
static const char *unusable(const IMA_IP_ADDRESS *ip)
{
	if (all_zero(ip->ipAddress, sizeof(ip->ipAddress)))
		return "is the unspecified address: give that of the portal";
	if (is_multicast(ip))
		return "is a multicast or broadcast address: a portal has one of its own";
	return NULL;
}

static const char *label_check(const char *label, size_t length)
{
	if (!length)
		return "has an empty label in the host name";
	if (length > 63)
		return "has a label of more than 63 characters in the host name";
	if (label[0] == '-' || label[length - 1] == '-')
		return "has a label that begins or ends with '-' in the host name";
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)label[i]) && label[i] != '-' &&
		    label[i] != '_')
			return "has a character that no host name has";
	return NULL;
}

static const char *name_check(const char *name)
{
	const char *why = NULL;
	size_t n;

	if (strspn(name, "0123456789.") == strlen(name))
		return "is no IPv4 address: it takes four numbers of 0 to 255";
	for (size_t i = 0; !why && name[i]; i += n + (name[i + n] == '.')) {
		n = strcspn(name + i, ".");
		why = label_check(name + i, n);
	}
	return why;
}

/* The name or number of an interface, in what is shown as it is typed. */
static bool is_zone(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (!isgraph((unsigned char)text[i]) || strchr("/[]%:", text[i]))
			return false;
	return length && length < IF_NAMESIZE;
}

/* An IPv6 address with a zone: checked, then kept as text in brackets. */
static const char *zone_parse(const char *text, IMA_HOST_ID *host)
{
	char bracketed[HOST_SIZE], address[HOST_SIZE];
	size_t length = strcspn(text, "%");
	const char *zone = text + length + 1;
	IMA_IP_ADDRESS ip;

	snprintf(address, sizeof(address), "%.*s", (int)length, text);
	if (ip_parse(address, &ip) || ip.ipv4Address)
		return "has a zone but no IPv6 address before it";
	if (!is_zone(zone))
		return "has no valid zone after '%': give the name of an interface";
	if (unusable(&ip))
		return unusable(&ip);
	snprintf(bracketed, sizeof(bracketed), "[%s]", text);
	host->hostnameInUse = IMA_TRUE;
	utf8_to_wide_lossy(bracketed, host->id.hostname, HOST_SIZE);
	return NULL;
}

/* A host without port or brackets. */
static const char *host_parse(const char *text, IMA_HOST_ID *host)
{
	IMA_HOST_ID parsed = { 0 };
	const char *why;

	if (!*text)
		return "has no host";
	if (strlen(text) >= HOST_SIZE - 2)
		return "is too long for a host name";
	if (strchr(text, '%')) {
		why = zone_parse(text, &parsed);
	} else if (!ip_parse(text, &parsed.id.ipAddress)) {
		why = unusable(&parsed.id.ipAddress);
	} else if (strchr(text, ':')) {
		why = "is no IPv6 address; with a port it is written [address]:port";
	} else {
		why = name_check(text);
		parsed.hostnameInUse = IMA_TRUE;
		utf8_to_wide_lossy(text, parsed.id.hostname, HOST_SIZE);
	}
	if (!why)
		*host = parsed;
	return why;
}

static const char *port_parse(const char *text, IMA_UINT16 *port)
{
	uint64_t number;

	if (strchr(text, ','))
		return "has a portal group tag, which has no place here: leave ',' and "
		       "what follows out";
	if (strspn(text, "0123456789") != strlen(text) ||
	    number_parse(text, 1, UINT16_MAX, &number))
		return "has no valid port: it is a number of 1 to 65535";
	*port = (IMA_UINT16)number;
	return NULL;
}

/* "[host]" or "[host]:port" */
static const char *split_bracketed(const char *text, char *host, const char **port)
{
	const char *end = strchr(text, ']');

	if (!end)
		return "has '[' without ']'";
	if (end[1] && end[1] != ':')
		return "has something else than ':port' after ']'";
	snprintf(host, HOST_SIZE, "%.*s", (int)(end - text - 1), text + 1);
	if (!strchr(host, ':'))
		return "has no IPv6 address in the brackets";
	*port = end[1] ? end + 2 : NULL;
	return NULL;
}

static const char *split(const char *text, char *host, const char **port)
{
	const char *colon = strchr(text, ':');

	*port = NULL;
	if (text[0] == '[')
		return split_bracketed(text, host, port);
	if (!colon || strchr(colon + 1, ':')) { /* no port, or a bare IPv6 address */
		snprintf(host, HOST_SIZE, "%s", text);
		return NULL;
	}
	snprintf(host, HOST_SIZE, "%.*s", (int)(colon - text), text);
	*port = colon + 1;
	return NULL;
}

static const char *portal_parse(const char *text, IMA_UINT16 default_port,
				IMA_TARGET_ADDRESS *address)
{
	IMA_TARGET_ADDRESS parsed = { .portNumber = default_port };
	char host[HOST_SIZE];
	const char *port, *why;

	if (strlen(text) >= HOST_SIZE - 1)
		return "is too long for an address";
	why = split(text, host, &port);
	if (!why && port)
		why = port_parse(port, &parsed.portNumber);
	if (!why)
		why = host_parse(host, &parsed.hostnameIpAddress);
	if (!why)
		*address = parsed;
	return why;
}

const char *address_parse(const char *text, IMA_TARGET_ADDRESS *address)
{
	return portal_parse(text, ISCSI_PORT, address);
}

/* The host as text: without brackets, names in lower case as they compare. */
static char *host_text(const IMA_HOST_ID *host)
{
	char text[INET6_ADDRSTRLEN] = "";
	char *name;
	size_t length;

	if (!host->hostnameInUse) {
		inet_ntop(host->id.ipAddress.ipv4Address ? AF_INET : AF_INET6,
			  host->id.ipAddress.ipAddress, text, sizeof(text));
		return text_format("%s", text);
	}
	name = text_of_wide(host->id.hostname, IMA_HOST_NAME_LEN);
	length = strlen(name);
	if (length > 1 && name[0] == '[' && name[length - 1] == ']') {
		name[length - 1] = 0;
		memmove(name, name + 1, length - 1);
	}
	return name;
}

/* IMA_HOST_ID has no port: another one than usual is part of the name. */
const char *isns_server_parse(const char *text, IMA_HOST_ID *server)
{
	_cleanup_free_ char *joined = NULL;
	IMA_TARGET_ADDRESS portal;
	const char *why = portal_parse(text, ISNS_PORT, &portal);

	if (why)
		return why;
	if (portal.portNumber != ISNS_PORT) {
		joined = address_text(&portal);
		if (strlen(joined) >= HOST_SIZE)
			return "is too long for an address";
		memset(server, 0, sizeof(*server));
		server->hostnameInUse = IMA_TRUE;
		utf8_to_wide_lossy(joined, server->id.hostname, HOST_SIZE);
	} else {
		*server = portal.hostnameIpAddress;
	}
	return NULL;
}

bool address_equal(const IMA_TARGET_ADDRESS *a, const IMA_TARGET_ADDRESS *b)
{
	_cleanup_free_ char *ours = host_text(&a->hostnameIpAddress);
	_cleanup_free_ char *theirs = host_text(&b->hostnameIpAddress);
	IMA_UINT16 our_port = a->portNumber ? a->portNumber : ISCSI_PORT;
	IMA_UINT16 their_port = b->portNumber ? b->portNumber : ISCSI_PORT;

	return our_port == their_port && !strcasecmp(ours, theirs);
}

struct json_object *ip_document(const IMA_IP_ADDRESS *ip)
{
	IMA_HOST_ID host = { .id.ipAddress = *ip };

	return host_document(&host);
}

struct json_object *host_document(const IMA_HOST_ID *host)
{
	_cleanup_free_ char *text = host_text(host);

	return doc_string(text);
}

struct json_object *address_document(const IMA_TARGET_ADDRESS *address)
{
	struct json_object *doc = doc_new();

	doc_add(doc, "host", host_document(&address->hostnameIpAddress));
	doc_number(doc, "port", address->portNumber ? address->portNumber : ISCSI_PORT);
	return doc;
}

struct json_object *key_document(const IMA_ADDRESS_KEY *key)
{
	struct json_object *doc = doc_new();

	doc_add(doc, "host", ip_document(&key->ipAddress));
	doc_number(doc, "port", key->portNumber);
	return doc;
}

char *address_join(const char *host, uint64_t port)
{
	bool brackets = host && strchr(host, ':');

	return text_format("%s%s%s:%llu", brackets ? "[" : "", host ? host : "",
			   brackets ? "]" : "", (unsigned long long)port);
}

char *address_text(const IMA_TARGET_ADDRESS *address)
{
	_cleanup_free_ char *host = host_text(&address->hostnameIpAddress);

	return address_join(host, address->portNumber ? address->portNumber : ISCSI_PORT);
}
