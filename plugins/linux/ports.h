/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ports.h - network ports and portals, and the adapters that speak iSCSI themselves.
 *
 *	LNP		an interface of the network that has an address, or a port of an adapter
 *	network portal	an address of one
 *	PHBA, PNP	an adapter with an iSCSI engine (an iscsi_host with a MAC address), its port
 *
 * The lock of the plugin is held.
 */
#ifndef LINUX_PORTS_H
#define LINUX_PORTS_H

#include "items.h"
#include "nodedb.h"
#include "world.h"

#define PORT_NAME_SIZE 64
#define MAC_SIZE       6

struct port {
	struct item item;
	const char *name; /* "eth0"; "host3" for the port of an adapter */
	uint8_t mac[MAC_SIZE];
	bool is_adapter;
};

struct network_portal {
	struct item item;
	const struct port *port;
	IMA_IP_ADDRESS ip;
	const char *iface; /* of an adapter: its entry in iscsi_iface; NULL: none */
};

/* An adapter and its port. */
struct adapter {
	struct item phba, pnp;
	uint32_t host;
	const char *driver; /* scsi_host's proc_name; NULL: unknown */
	const char *netdev; /* NULL: it is no network card too, or does not tell */
	const struct port *port;
	uint8_t mac[MAC_SIZE];
};

struct port_state {
	struct arena arena;
	struct items items;
	struct array ports, portals, adapters; /* pointers */
};

struct ports {
	struct port_state *state;
};

/* Reads everything anew; tells the notifier what changed since the last time. 0 or -errno. */
int ports_refresh(struct ports *ports, const struct world *world,
		  struct object_table *table, struct notifier *notifier);
void ports_close(struct ports *ports);

/* The name of the LNP with this OID. */
IMA_STATUS ports_name(IMA_OID oid, char name[PORT_NAME_SIZE]);

/* "host3" if an interface record belongs to an adapter that is there; else empty. */
void ports_host_of(const struct world *world, const struct db_iface *record, char *host,
		   size_t size);

/* "00:11:22:aa:bb:cc": 0 or -EINVAL; all zeros and "(null)" are none. */
int mac_parse(const char *text, uint8_t mac[MAC_SIZE]);

#endif
