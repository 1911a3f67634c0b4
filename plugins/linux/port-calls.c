// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * port-calls.c - entry points for network ports and portals.
 */
#include "adapter.h"
#include "linux.h"

#include <net/if.h>
#include <string.h>

#include "attr.h"
#include "plugin-support/address.h"

static int refresh(void)
{
	return ports_refresh(&plugin.ports, &plugin.world, plugin.table, plugin.notifier);
}

void *find_port_object(IMA_OID oid, IMA_STATUS *status)
{
	int err = refresh();
	void *item;

	if (err) {
		*status = refresh_failed(err);
		return NULL;
	}
	item = object_table_data(plugin.table, oid);
	*status = item ? IMA_STATUS_SUCCESS : IMA_ERROR_OBJECT_NOT_FOUND;
	return item;
}

IMA_STATUS ports_name(IMA_OID oid, char name[PORT_NAME_SIZE])
{
	IMA_STATUS status;
	const struct port *port = find_port_object(oid, &status);

	if (port)
		snprintf(name, PORT_NAME_SIZE, "%s", port->name);
	return status;
}

static IMA_STATUS end_list(struct oid_list *list, int err, IMA_OID_LIST **ppList)
{
	if (!err)
		err = oid_list_end(list, ppList);
	return status_from_errno(err);
}

/* Without an initiator there is nothing the network could be used for. */
static bool has_initiator(int *err)
{
	*err = source_refresh(&plugin.source, FRESH_ENOUGH);
	return !*err && plugin.source.model->lhbas.count;
}

IMA_STATUS IMA_GetLnpOidList(IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	int err;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	if (!has_initiator(&err))
		return err ? refresh_failed(err) : end_list(&list, 0, ppList);
	err = refresh();
	if (err)
		return refresh_failed(err);
	for_each_item(struct port, port, &plugin.ports.state->ports)
		if (!err)
			err = oid_list_add(&list, port->item.object->oid);
	return end_list(&list, err, ppList);
}

IMA_STATUS IMA_GetLnpProperties(IMA_OID lnpOid, IMA_LNP_PROPERTIES *pProps)
{
	const struct port *port;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	port = find_port_object(lnpOid, &status);
	if (!port)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	memcpy(pProps->macAddress, port->mac, MAC_SIZE);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNetworkPortalOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	const struct port *port;
	IMA_STATUS status;
	int err = 0;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	port = find_port_object(oid, &status);
	if (!port)
		return status;
	for_each_item(struct network_portal, portal, &plugin.ports.state->portals)
		if (!err && portal->port == port)
			err = oid_list_add(&list, portal->item.object->oid);
	return end_list(&list, err, ppList);
}

IMA_STATUS IMA_GetNetworkPortalProperties(IMA_OID networkPortalOid,
					  IMA_NETWORK_PORTAL_PROPERTIES *pProps)
{
	const struct network_portal *portal;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	portal = find_port_object(networkPortalOid, &status);
	if (!portal)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->ipAddress = portal->ip;
	pProps->associatedLnp = portal->port->item.object->oid;
	return IMA_STATUS_SUCCESS;
}

/* operstate knows the most; drivers that do not set it say "unknown", then the carrier counts. */
static IMA_NETWORK_PORT_STATUS network_status(const char *name)
{
	static const struct {
		const char *state;
		IMA_NETWORK_PORT_STATUS status;
	} states[] = {
		{ "up", IMA_NETWORK_PORT_STATUS_WORKING },
		{ "dormant", IMA_NETWORK_PORT_STATUS_DEGRADED },
		{ "testing", IMA_NETWORK_PORT_STATUS_DEGRADED },
		{ "lowerlayerdown", IMA_NETWORK_PORT_STATUS_DISCONNECTED },
		{ "down", IMA_NETWORK_PORT_STATUS_DISCONNECTED },
		{ "notpresent", IMA_NETWORK_PORT_STATUS_FAILED },
	};
	char path[128], text[32];
	uint64_t carrier, flags;

	/* Switched off: reading the carrier is an error then. */
	snprintf(path, sizeof(path), "class/net/%s/flags", name);
	if (!attr_number(plugin.world.sysfs, path, UINT32_MAX, &flags) &&
	    !(flags & IFF_UP))
		return IMA_NETWORK_PORT_STATUS_DISCONNECTED;
	snprintf(path, sizeof(path), "class/net/%s/operstate", name);
	if (attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0)
		for (size_t i = 0; i < ARRAY_SIZE(states); i++)
			if (!strcmp(states[i].state, text))
				return states[i].status;
	snprintf(path, sizeof(path), "class/net/%s/carrier", name);
	if (attr_number(plugin.world.sysfs, path, 1, &carrier))
		return IMA_NETWORK_PORT_STATUS_FAILED;
	return carrier ? IMA_NETWORK_PORT_STATUS_WORKING
		       : IMA_NETWORK_PORT_STATUS_DISCONNECTED;
}

/* A bond with members that do not carry works, but has lost something. */
static IMA_NETWORK_PORT_STATUS bond_status(const char *name,
					   IMA_NETWORK_PORT_STATUS status)
{
	char path[128], text[1024];
	size_t members = 0, working = 0;
	char *at = text;

	snprintf(path, sizeof(path), "class/net/%s/bonding/slaves", name);
	if (status != IMA_NETWORK_PORT_STATUS_WORKING ||
	    attr_read(plugin.world.sysfs, path, text, sizeof(text)) < 0)
		return status;
	for (char *word; (word = strsep(&at, " ")) != NULL;) {
		if (!*word || strlen(word) >= PORT_NAME_SIZE)
			continue;
		members++;
		working += network_status(word) == IMA_NETWORK_PORT_STATUS_WORKING;
	}
	if (working == members)
		return status;
	return working == 1 ? IMA_NETWORK_PORT_STATUS_CRITICAL
			    : IMA_NETWORK_PORT_STATUS_DEGRADED;
}

static IMA_NETWORK_PORT_STATUS adapter_status(const char *host)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), "class/iscsi_host/%s/port_state", host);
	if (attr_read(plugin.world.sysfs, path, text, sizeof(text)) < 0)
		return IMA_NETWORK_PORT_STATUS_WORKING;
	return strcmp(text, "LINK DOWN") ? IMA_NETWORK_PORT_STATUS_WORKING
					 : IMA_NETWORK_PORT_STATUS_DISCONNECTED;
}

IMA_STATUS IMA_GetNetworkPortStatus(IMA_OID portOid, IMA_NETWORK_PORT_STATUS *pStatus)
{
	const struct port *port = NULL;
	const struct adapter *adapter;
	IMA_STATUS status;
	void *object;

	LOCKED(&plugin.lock);
	object = find_port_object(portOid, &status);
	if (!object)
		return status;
	if (portOid.objectType == IMA_OBJECT_TYPE_PNP) {
		adapter = adapter_of_pnp(object);
		port = adapter->port;
	} else {
		port = object;
	}
	if (port->is_adapter)
		*pStatus = adapter_status(port->name);
	else
		*pStatus = bond_status(port->name, network_status(port->name));
	return IMA_STATUS_SUCCESS;
}

static bool is_unusable(const IMA_IP_ADDRESS *ip)
{
	static const IMA_BYTE none[16];
	size_t size = ip->ipv4Address ? 4 : 16;
	IMA_BYTE first = ip->ipAddress[0];

	if (!memcmp(ip->ipAddress, none, size))
		return true;
	return ip->ipv4Address ? first >= 224 && first < 240 : first == 0xff;
}

IMA_STATUS IMA_SetNetworkPortalIpAddress(IMA_OID networkPortalOid,
					 IMA_IP_ADDRESS newIpAddress)
{
	const struct network_portal *portal;
	struct adapter_place place;
	char text[IP_TEXT_SIZE];
	IMA_STATUS status;

	{
		LOCKED(&plugin.lock);
		portal = find_port_object(networkPortalOid, &status);
		if (!portal)
			return status;
		status = place_of_portal(portal, &place);
	}
	if (IMA_ERROR(status))
		return status;
	if (is_unusable(&newIpAddress))
		return IMA_ERROR_INVALID_PARAMETER;
	ip_to_text(&newIpAddress, text);
	return place_set(&place, "iface.ipaddress", text);
}
