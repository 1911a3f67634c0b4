// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ports.c - reading network ports, portals and adapters.
 */
#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "linux.h"
#include "node-record.h"
#include "plugin-support/address.h"
#include "shared/number.h"

/* A state being read. */
struct reading {
	struct port_state *state;
	const struct world *world;
	struct object_table *table;
};

int mac_parse(const char *text, uint8_t mac[MAC_SIZE])
{
	uint8_t bytes[MAC_SIZE];
	unsigned int sum = 0;

	if (strlen(text) != MAC_SIZE * 3 - 1)
		return -EINVAL;
	for (int i = 0; i < MAC_SIZE; i++) {
		if ((i && text[3 * i - 1] != ':') ||
		    hex_parse(text + 3 * i, &bytes[i], 1))
			return -EINVAL;
		sum += bytes[i];
	}
	if (!sum)
		return -EINVAL;
	memcpy(mac, bytes, MAC_SIZE);
	return 0;
}

static const char *keep(struct reading *r, const char *text)
{
	return arena_text(&r->state->arena, text, strlen(text));
}

static int read_mac(int sysfs, const char *path, uint8_t mac[MAC_SIZE])
{
	char text[64];
	int n = attr_read(sysfs, path, text, sizeof(text));

	return n < 0 ? n : mac_parse(text, mac);
}

/* --- Interfaces of the network ------------------------------------------------------------ */

static struct port *find_port(struct reading *r, const char *name)
{
	for_each_item(struct port, port, &r->state->ports)
		if (!strcmp(port->name, name))
			return port;
	return NULL;
}

/* State and speed of the link are properties too: when they change, somebody wants to know. */
static uint64_t link_facts(const struct world *world, const char *name)
{
	static const char *const attrs[] = { "operstate", "carrier", "address" };
	uint64_t facts = 1;

	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		char path[128], text[64];

		snprintf(path, sizeof(path), "class/net/%s/%s", name, attrs[i]);
		if (attr_read(world->sysfs, path, text, sizeof(text)) > 0)
			facts = facts_mix_text(facts, text);
	}
	return facts;
}

static struct port *add_port(struct reading *r, const char *name, bool is_adapter)
{
	struct port *port = arena_alloc(&r->state->arena, sizeof(*port));
	char path[128];

	if (!port || array_add_pointer(&r->state->ports, port))
		return NULL;
	port->name = keep(r, name);
	port->is_adapter = is_adapter;
	if (!port->name || items_attach(&r->state->items, r->table, &port->item,
					IMA_OBJECT_TYPE_LNP, port->name))
		return NULL;
	if (is_adapter)
		return port;
	snprintf(path, sizeof(path), "class/net/%s/address", name);
	read_mac(r->world->sysfs, path, port->mac);
	port->item.facts = link_facts(r->world, name);
	return port;
}

static bool has_link(int sysfs, const char *name, const char *attr)
{
	char path[128];

	snprintf(path, sizeof(path), "class/net/%s/%s", name, attr);
	return faccessat(sysfs, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int add_portal(struct reading *r, const struct port *port,
		      const IMA_IP_ADDRESS *ip, const char *iface)
{
	struct network_portal *portal = arena_alloc(&r->state->arena, sizeof(*portal));
	char key[PORT_NAME_SIZE + ATTR_SIZE], text[IP_TEXT_SIZE];

	if (!portal || array_add_pointer(&r->state->portals, portal))
		return -ENOMEM;
	portal->port = port;
	portal->ip = *ip;
	portal->iface = iface ? keep(r, iface) : NULL;
	ip_to_text(ip, text);
	/* An adapter's portal is a place that gets an address; the network's is the address. */
	snprintf(key, sizeof(key), "%s\x1f%s", port->name,
		 iface		    ? iface
		 : port->is_adapter ? ""
				    : text);
	portal->item.facts = facts_mix_text(1, text);
	return items_attach(&r->state->items, r->table, &portal->item,
			    IMA_OBJECT_TYPE_NETWORK_PORTAL, key);
}

static bool ip_of(const struct sockaddr *address, IMA_IP_ADDRESS *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (address && address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)address;

		ip->ipv4Address = IMA_TRUE;
		memcpy(ip->ipAddress, &in->sin_addr, 4);
		return true;
	}
	if (address && address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)address;

		memcpy(ip->ipAddress, &in6->sin6_addr, 16);
		return true;
	}
	return false;
}

/* A part of a bond or bridge has no service of its own. */
static int add_address(struct reading *r, const struct ifaddrs *a)
{
	IMA_IP_ADDRESS ip;
	struct port *port;

	if (strlen(a->ifa_name) >= PORT_NAME_SIZE || !ip_of(a->ifa_addr, &ip) ||
	    has_link(r->world->sysfs, a->ifa_name, "master"))
		return 0;
	port = find_port(r, a->ifa_name);
	if (!port)
		port = add_port(r, a->ifa_name, false);
	return port ? add_portal(r, port, &ip, NULL) : -ENOMEM;
}

static int read_network(struct reading *r)
{
	struct ifaddrs *list;
	int err = 0;

	if (r->world->addresses(&list) < 0)
		return -errno;
	for (const struct ifaddrs *a = list; a && !err; a = a->ifa_next)
		err = add_address(r, a);
	freeifaddrs(list);
	return err;
}

/* --- Adapters ------------------------------------------------------------------------------ */

static const char *keep_attr(struct reading *r, const char *path)
{
	char text[ATTR_SIZE];

	return attr_read(r->world->sysfs, path, text, sizeof(text)) > 0 ? keep(r, text)
									: NULL;
}

static int attach_adapter(struct reading *r, struct adapter *a)
{
	char name[PORT_NAME_SIZE];
	struct port *port;

	snprintf(name, sizeof(name), "host%u", a->host);
	if (items_attach(&r->state->items, r->table, &a->phba, IMA_OBJECT_TYPE_PHBA,
			 name) ||
	    items_attach(&r->state->items, r->table, &a->pnp, IMA_OBJECT_TYPE_PNP, name))
		return -ENOMEM;
	port = add_port(r, name, true);
	if (!port)
		return -ENOMEM;
	memcpy(port->mac, a->mac, MAC_SIZE);
	a->port = port;
	return 0;
}

/* A host without a MAC address is one of the kernel's own initiator. */
static int read_adapter(struct reading *r, const char *name)
{
	struct adapter *a;
	uint8_t mac[MAC_SIZE];
	uint64_t host;
	char path[128];

	if (strncmp(name, "host", 4) || number_parse(name + 4, 0, UINT32_MAX, &host))
		return 0;
	snprintf(path, sizeof(path), "class/iscsi_host/%s/hwaddress", name);
	if (read_mac(r->world->sysfs, path, mac))
		return 0;
	a = arena_alloc(&r->state->arena, sizeof(*a));
	if (!a || array_add_pointer(&r->state->adapters, a))
		return -ENOMEM;
	a->host = (uint32_t)host;
	memcpy(a->mac, mac, MAC_SIZE);
	snprintf(path, sizeof(path), "class/scsi_host/%s/proc_name", name);
	a->driver = keep_attr(r, path);
	snprintf(path, sizeof(path), "class/iscsi_host/%s/netdev", name);
	a->netdev = keep_attr(r, path);
	return attach_adapter(r, a);
}

static int add_adapter_address(struct reading *r, const struct adapter *a,
			       const char *path, const char *iface)
{
	static const IMA_BYTE none[16];
	char text[ATTR_SIZE];
	IMA_IP_ADDRESS ip;

	if (attr_read(r->world->sysfs, path, text, sizeof(text)) < 0 ||
	    ip_from_text(text, &ip) || !memcmp(ip.ipAddress, none, sizeof(none)))
		return 0;
	return add_portal(r, a->port, &ip, iface);
}

/* "ipv4-iface-HOST-NUMBER" */
static bool iface_of_host(const char *name, uint32_t host)
{
	char part[32];

	snprintf(part, sizeof(part), "-iface-%u-", host);
	return strstr(name, part) != NULL;
}

/* Adapters with several addresses list them in iscsi_iface; the others have one. */
static int read_adapter_addresses(struct reading *r, const struct adapter *a,
				  const struct names *ifaces)
{
	char path[400];
	bool listed = false;
	int err = 0;

	for (size_t i = 0; i < ifaces->count && !err; i++) {
		const char *name = ifaces->list[i].text;

		if (!iface_of_host(name, a->host) || strlen(name) > 255)
			continue;
		listed = true;
		snprintf(path, sizeof(path), "class/iscsi_iface/%s/ipaddress", name);
		err = add_adapter_address(r, a, path, name);
	}
	if (listed || err)
		return err;
	snprintf(path, sizeof(path), "class/iscsi_host/host%u/ipaddress", a->host);
	return add_adapter_address(r, a, path, NULL);
}

static int read_adapters(struct reading *r)
{
	struct names _cleanup_names_ hosts = { 0 };
	struct names _cleanup_names_ ifaces = { 0 };
	int err = names_read(r->world->sysfs, "class/iscsi_host", &hosts);

	if (attr_is_gone(err))
		return 0;
	for (size_t i = 0; i < hosts.count && !err; i++)
		err = read_adapter(r, hosts.list[i].text);
	if (err || !r->state->adapters.count)
		return err;
	err = names_read(r->world->sysfs, "class/iscsi_iface", &ifaces);
	if (attr_is_gone(err))
		err = 0;
	for_each_item(struct adapter, a, &r->state->adapters)
		if (!err)
			err = read_adapter_addresses(r, a, &ifaces);
	return err;
}

/* --- All of it ------------------------------------------------------------------------------ */

static void free_state(struct port_state *state)
{
	if (!state)
		return;
	items_free(&state->items);
	array_free(&state->ports);
	array_free(&state->portals);
	array_free(&state->adapters);
	arena_free(&state->arena);
	free(state);
}

int ports_refresh(struct ports *ports, const struct world *world,
		  struct object_table *table, struct notifier *notifier)
{
	struct port_state *state = calloc(1, sizeof(*state));
	struct reading r = { state, world, table };
	int err = state ? read_network(&r) : -ENOMEM;

	if (!err)
		err = read_adapters(&r);
	if (err) {
		if (state)
			items_undo(&state->items);
		free_state(state);
		return err;
	}
	items_replace(ports->state ? &ports->state->items : NULL, &state->items,
		      notifier);
	free_state(ports->state);
	ports->state = state;
	return 0;
}

void ports_close(struct ports *ports)
{
	free_state(ports->state);
	ports->state = NULL;
}

static bool same_mac(const struct world *world, const char *host,
		     const uint8_t wanted[MAC_SIZE])
{
	uint8_t mac[MAC_SIZE];
	char path[128];

	snprintf(path, sizeof(path), "class/iscsi_host/%.64s/hwaddress", host);
	return !read_mac(world->sysfs, path, mac) && !memcmp(mac, wanted, MAC_SIZE);
}

void ports_host_of(const struct world *world, const struct db_iface *record, char *host,
		   size_t size)
{
	struct names _cleanup_names_ hosts = { 0 };
	uint8_t mac[MAC_SIZE];

	*host = 0;
	if (!record || !record->hwaddress || !record->transport ||
	    !strcmp(record->transport, "tcp") || !strcmp(record->transport, "iser") ||
	    mac_parse(record->hwaddress, mac))
		return;
	if (names_read(world->sysfs, "class/iscsi_host", &hosts))
		return;
	for (size_t i = 0; i < hosts.count; i++)
		if (same_mac(world, hosts.list[i].text, mac))
			snprintf(host, size, "%s", hosts.list[i].text);
}
