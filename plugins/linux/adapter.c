// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * adapter.c - entry points for adapters with an iSCSI engine, and their ports.
 *
 * Made from the kernel's documentation of iscsi_host and iscsi_iface; plugins/linux/README.md
 * says which of it never met hardware.
 */
#include "adapter.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attr.h"
#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "shared/number.h"

const struct adapter *adapter_of_pnp(const void *item)
{
	return (const void *)((const char *)item - offsetof(struct adapter, pnp));
}

void *find_adapter(IMA_OID oid, IMA_STATUS *status)
{
	return find_port_object(oid, status);
}

static IMA_STATUS end_list(struct oid_list *list, int err, IMA_OID_LIST **ppList)
{
	if (!err)
		err = oid_list_end(list, ppList);
	return status_from_errno(err);
}

IMA_STATUS IMA_GetPhbaOidList(IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	int err;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	err = ports_refresh(&plugin.ports, &plugin.world, plugin.table, plugin.notifier);
	if (err)
		return refresh_failed(err);
	for_each_item(struct adapter, a, &plugin.ports.state->adapters)
		if (!err)
			err = oid_list_add(&list, a->phba.object->oid);
	return end_list(&list, err, ppList);
}

/* An interface of the network is its own physical port, which this API leaves to others. */
IMA_STATUS IMA_GetPnpOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	IMA_STATUS status;
	void *object;
	int err = 0;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	object = find_port_object(oid, &status);
	if (!object)
		return status;
	for_each_item(struct adapter, a, &plugin.ports.state->adapters)
		if (!err && (object == &a->phba || object == a->port))
			err = oid_list_add(&list, a->pnp.object->oid);
	return end_list(&list, err, ppList);
}

/* --- Properties ------------------------------------------------------------------------------ */

/* What is known about the drivers of the kernel; the first is for those that are not listed. */
static const struct driver {
	const char *name, *vendor, *model;
	IMA_XBOOL is_nic, iscsi_offload;
} drivers[] = {
	{ "", NULL, NULL, IMA_UNKNOWN, IMA_UNKNOWN },
	{ "bnx2i", "Broadcom", "NetXtreme II", IMA_TRUE, IMA_TRUE },
	{ "cxgb3i", "Chelsio", "T3", IMA_TRUE, IMA_TRUE },
	{ "cxgb4i", "Chelsio", "T4/T5/T6", IMA_TRUE, IMA_TRUE },
	{ "be2iscsi", "Emulex", "OneConnect", IMA_FALSE, IMA_TRUE },
	{ "qla4xxx", "QLogic", "QLA4xxx", IMA_FALSE, IMA_TRUE },
	{ "qedi", "QLogic", "FastLinQ", IMA_TRUE, IMA_TRUE },
};

static const struct driver *driver_of(const struct adapter *a)
{
	for (size_t i = 1; a->driver && i < ARRAY_SIZE(drivers); i++)
		if (!strcmp(drivers[i].name, a->driver))
			return &drivers[i];
	return &drivers[0];
}

static void set_from(IMA_WCHAR *field, size_t count, const char *folder, const char *name,
		     const char *attr)
{
	char path[200], text[ATTR_SIZE];

	snprintf(path, sizeof(path), "%s/%.100s/%s", folder, name, attr);
	if (attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0)
		field_set_cut(field, count, text);
}

#define SET_FROM(field, folder, name, attr) \
	set_from((field), sizeof(field) / sizeof((field)[0]), folder, name, attr)

static void fill_phba(IMA_PHBA_PROPERTIES *props, const struct adapter *a)
{
	const struct driver *driver = driver_of(a);
	const char *host = a->port->name;

	memset(props, 0, sizeof(*props));
	FIELD_SET_CUT(props->vendor, driver->vendor);
	FIELD_SET_CUT(props->model, driver->model);
	/* Attributes of single drivers; what a driver does not have stays unknown. */
	SET_FROM(props->model, "class/scsi_host", host, "model_name");
	SET_FROM(props->serialNumber, "class/scsi_host", host, "serial_num");
	SET_FROM(props->firmwareVersion, "class/scsi_host", host, "fw_version");
	SET_FROM(props->optionRomVersion, "class/scsi_host", host, "optrom_version");
	FIELD_SET_CUT(props->driverName, a->driver);
	if (a->driver)
		SET_FROM(props->driverVersion, "module", a->driver, "version");
	props->supportedUlps = IMA_ULP_TCP;
	props->bidirectionalTransfersSupported = IMA_UNKNOWN;
	props->canBeNic = driver->is_nic;
	props->isNic = a->netdev ? IMA_TRUE : driver->is_nic;
	props->isInitiator = IMA_TRUE;
	props->isTarget = IMA_FALSE;
	props->usingTcpOffloadEngine = driver->iscsi_offload;
	props->usingIscsiOffloadEngine = driver->iscsi_offload;
}

IMA_STATUS IMA_GetPhbaProperties(IMA_OID phbaOid, IMA_PHBA_PROPERTIES *pProps)
{
	const struct adapter *a;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	a = find_port_object(phbaOid, &status);
	if (a)
		fill_phba(pProps, a);
	return status;
}

IMA_STATUS IMA_GetPhbaStatus(IMA_OID hbaOid, IMA_PHBA_STATUS *pStatus)
{
	char path[128], text[32];
	const struct adapter *a;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	a = find_port_object(hbaOid, &status);
	if (!a)
		return status;
	snprintf(path, sizeof(path), "class/scsi_host/%s/state", a->port->name);
	*pStatus = IMA_PHBA_STATUS_WORKING;
	if (attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0 &&
	    strcmp(text, "running") && strcmp(text, "recovery"))
		*pStatus = IMA_PHBA_STATUS_FAILED;
	return IMA_STATUS_SUCCESS;
}

/* Neither sysfs nor open-iscsi can put firmware into an adapter. */
IMA_STATUS IMA_GetPhbaDownloadProperties(IMA_OID phbaOid,
					 IMA_PHBA_DOWNLOAD_PROPERTIES *pProps)
{
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	if (!find_port_object(phbaOid, &status))
		return status;
	memset(pProps, 0, sizeof(*pProps));
	return IMA_STATUS_SUCCESS;
}

/* "10 Gbps", "100 Mbps", "1 Gbps": megabits per second, 0 if it is something else. */
static IMA_UINT parse_speed(const char *text)
{
	char number[16];
	uint64_t value;
	size_t n = strspn(text, "0123456789");

	if (!n || n >= sizeof(number))
		return 0;
	memcpy(number, text, n);
	number[n] = 0;
	if (number_parse(number, 0, UINT32_MAX, &value))
		return 0;
	if (!strcmp(text + n, " Gbps"))
		return value * 1000;
	return strcmp(text + n, " Mbps") ? 0 : value;
}

static void fill_rates(IMA_PNP_PROPERTIES *props, const struct adapter *a)
{
	char path[128], text[64];
	uint64_t value;

	snprintf(path, sizeof(path), "class/iscsi_host/%s/port_speed", a->port->name);
	if (attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0)
		props->currentTransferRate = parse_speed(text);
	if (!a->netdev)
		return;
	snprintf(path, sizeof(path), "class/net/%.32s/speed", a->netdev);
	if (!props->currentTransferRate &&
	    !attr_number(plugin.world.sysfs, path, UINT32_MAX, &value))
		props->currentTransferRate = value;
	snprintf(path, sizeof(path), "class/net/%.32s/mtu", a->netdev);
	if (!attr_number(plugin.world.sysfs, path, UINT32_MAX, &value))
		props->maximumFrameSize = value + 14; /* the Ethernet header */
}

IMA_STATUS IMA_GetPnpProperties(IMA_OID pnpOid, IMA_PNP_PROPERTIES *pProps)
{
	const struct adapter *a;
	IMA_STATUS status;
	void *item;

	LOCKED(&plugin.lock);
	item = find_port_object(pnpOid, &status);
	if (!item)
		return status;
	a = adapter_of_pnp(item);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedPhbaOid = a->phba.object->oid;
	memcpy(pProps->macAddress, a->mac, MAC_SIZE);
	fill_rates(pProps, a);
	return IMA_STATUS_SUCCESS;
}

/* --- IP configuration ------------------------------------------------------------------------- */

static const struct db_iface *record_of(const struct adapter *a, const char *iface)
{
	const struct nodedb *db = &plugin.source.db;
	const char *number = iface ? strrchr(iface, '-') : NULL;
	char ending[32] = "";

	if (source_refresh(&plugin.source, FRESH))
		return NULL;
	/* "ipv4-iface-3-0" is configured by the record "qla4xxx.MAC.ipv4.0". */
	if (number)
		snprintf(ending, sizeof(ending), ".%.4s.%s", iface, number + 1);
	for (size_t i = 0; i < db->iface_count; i++) {
		const struct db_iface *record = &db->ifaces[i];
		uint8_t mac[MAC_SIZE];
		size_t n = strlen(record->name), m = strlen(ending);

		if (!record->hwaddress || mac_parse(record->hwaddress, mac) ||
		    memcmp(mac, a->mac, MAC_SIZE))
			continue;
		if (n >= m && !strcmp(record->name + n - m, ending))
			return record;
	}
	return NULL;
}

static IMA_STATUS place_of(const struct adapter *a, const char *iface,
			   struct adapter_place *place)
{
	const struct db_iface *record = record_of(a, iface);

	if (!record)
		return host_fail(
			IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			"open-iscsi has no interface record for %s; iscsiadm -m iface "
			"makes them",
			a->port->name);
	snprintf(place->record, sizeof(place->record), "%s", record->name);
	place->applies = iface != NULL;
	return IMA_STATUS_SUCCESS;
}

/* The first IPv4 address of an adapter is the one the API speaks of; NULL: it has no list. */
static const char *main_iface(const struct adapter *a)
{
	for_each_item(struct network_portal, portal, &plugin.ports.state->portals)
		if (portal->port == a->port && portal->iface &&
		    !strncmp(portal->iface, "ipv4", 4))
			return portal->iface;
	return NULL;
}

IMA_STATUS place_of_adapter(const struct adapter *adapter, struct adapter_place *place)
{
	return place_of(adapter, main_iface(adapter), place);
}

IMA_STATUS place_of_portal(const struct network_portal *portal,
			   struct adapter_place *place)
{
	for_each_item(struct adapter, a, &plugin.ports.state->adapters)
		if (a->port == portal->port)
			return place_of(a, portal->iface, place);
	return host_fail(
		IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
		"addresses of the operating system's network are not changed through "
		"this interface");
}

static IMA_STATUS place_changed(IMA_STATUS status)
{
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}

IMA_STATUS place_set(const struct adapter_place *place, const char *key,
		     const char *value)
{
	struct args update = { 0 }, apply = { 0 };
	IMA_STATUS status;

	args_add_all(&update,
		     (const char *const[]){ "-m", "iface", "-I", place->record, "-o",
					    "update", "-n", key, "-v", value, NULL });
	status = iscsiadm_run(&plugin.world, &update, NULL, NULL, NULL,
			      "set %s of the interface %s", key, place->record);
	if (IMA_ERROR(status) || !place->applies)
		return place_changed(status);
	args_add_all(&apply, (const char *const[]){ "-m", "iface", "-I", place->record,
						    "-o", "apply", NULL });
	status = iscsiadm_run(&plugin.world, &apply, NULL, NULL, NULL,
			      "apply the settings of the interface %s", place->record);
	return place_changed(status);
}

static bool read_ip(const char *iface, const char *attr, IMA_IP_ADDRESS *ip)
{
	static const IMA_BYTE none[16];
	char path[400], text[ATTR_SIZE];

	snprintf(path, sizeof(path), "class/iscsi_iface/%s/%s", iface, attr);
	return attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0 &&
	       !ip_from_text(text, ip) && memcmp(ip->ipAddress, none, sizeof(none));
}

static void fill_ip(IMA_IP_PROPERTIES *props, const char *iface, bool settable)
{
	char path[400], text[32];
	bool dhcp;

	snprintf(path, sizeof(path), "class/iscsi_iface/%s/bootproto", iface);
	dhcp = attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0 &&
	       !strcmp(text, "dhcp");
	props->dhcpConfigurationEnabled = dhcp ? IMA_TRUE : IMA_FALSE;
	props->subnetMaskValid = read_ip(iface, "subnet", &props->subnetMask);
	props->defaultGatewayValid = read_ip(iface, "gateway", &props->defaultGateway);
	if (!settable)
		return;
	props->ipConfigurationMethodSettable = IMA_TRUE;
	props->subnetMaskSettable = dhcp ? IMA_FALSE : IMA_TRUE;
	props->defaultGatewaySettable = dhcp ? IMA_FALSE : IMA_TRUE;
}

static IMA_STATUS get_ip(IMA_OID oid, IMA_IP_PROPERTIES *pProps)
{
	const struct adapter *a;
	const char *iface;
	IMA_STATUS status;
	void *item;

	LOCKED(&plugin.lock);
	item = find_port_object(oid, &status);
	if (!item)
		return status;
	a = adapter_of_pnp(item);
	iface = main_iface(a);
	memset(pProps, 0, sizeof(*pProps));
	if (iface)
		fill_ip(pProps, iface, record_of(a, iface) != NULL);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetIpProperties(IMA_OID oid, IMA_IP_PROPERTIES *pProps)
{
	return get_ip(oid, pProps);
}

/* What all setters of a PNP begin with: where, and is it settable now? */
static IMA_STATUS begin_set(IMA_OID oid, size_t settable, struct adapter_place *place)
{
	IMA_IP_PROPERTIES props;
	const struct adapter *a;
	IMA_STATUS status = get_ip(oid, &props);
	IMA_BOOL allowed;
	void *item;

	if (IMA_ERROR(status))
		return status;
	memcpy(&allowed, (char *)&props + settable, sizeof(allowed));
	if (!allowed)
		return host_fail(
			IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			"the port does not allow to set this, or not while DHCP is on");
	LOCKED(&plugin.lock);
	item = find_port_object(oid, &status);
	if (!item)
		return status;
	a = adapter_of_pnp(item);
	return place_of_adapter(a, place);
}

IMA_STATUS IMA_SetIpConfigMethod(IMA_OID oid, IMA_BOOL enableDhcpIpConfiguration)
{
	struct adapter_place place;
	IMA_STATUS status = begin_set(
		oid, offsetof(IMA_IP_PROPERTIES, ipConfigurationMethodSettable), &place);

	if (IMA_ERROR(status))
		return status;
	return place_set(&place, "iface.bootproto",
			 enableDhcpIpConfiguration ? "dhcp" : "static");
}

/* Ones, then zeros. */
static bool is_mask(const IMA_IP_ADDRESS *mask)
{
	uint32_t bits = (uint32_t)mask->ipAddress[0] << 24 |
			(uint32_t)mask->ipAddress[1] << 16 |
			(uint32_t)mask->ipAddress[2] << 8 | mask->ipAddress[3];

	return mask->ipv4Address == IMA_TRUE && bits && !(~bits & (~bits + 1));
}

IMA_STATUS IMA_SetSubnetMask(IMA_OID oid, IMA_IP_ADDRESS subnetMask)
{
	struct adapter_place place;
	char text[IP_TEXT_SIZE];
	IMA_STATUS status = begin_set(
		oid, offsetof(IMA_IP_PROPERTIES, subnetMaskSettable), &place);

	if (IMA_ERROR(status))
		return status;
	if (!is_mask(&subnetMask))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "a subnet mask is an IPv4 value of ones and then zeros");
	ip_to_text(&subnetMask, text);
	return place_set(&place, "iface.subnet_mask", text);
}

static bool is_gateway(const IMA_IP_ADDRESS *ip)
{
	IMA_BYTE first = ip->ipAddress[0];

	return ip->ipv4Address == IMA_TRUE && first && first != 127 && first < 224;
}

IMA_STATUS IMA_SetDefaultGateway(IMA_OID oid, IMA_IP_ADDRESS defaultGateway)
{
	struct adapter_place place;
	char text[IP_TEXT_SIZE];
	IMA_STATUS status = begin_set(
		oid, offsetof(IMA_IP_PROPERTIES, defaultGatewaySettable), &place);

	if (IMA_ERROR(status))
		return status;
	if (!is_gateway(&defaultGateway))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "a gateway is the IPv4 address of a host");
	ip_to_text(&defaultGateway, text);
	return place_set(&place, "iface.gateway", text);
}

/* The kernel has no DNS servers for adapters. */
IMA_STATUS IMA_SetDnsServerAddress(IMA_OID oid,
				   const IMA_IP_ADDRESS *pPrimaryDnsServerAddress,
				   const IMA_IP_ADDRESS *pAlternateDnsServerAddress)
{
	IMA_STATUS status;

	(void)pPrimaryDnsServerAddress;
	(void)pAlternateDnsServerAddress;
	LOCKED(&plugin.lock);
	return find_port_object(oid, &status) ? IMA_ERROR_NOT_SUPPORTED : status;
}

/* IPsec is the network stack's for software; adapters do not tell the kernel of any. */
IMA_STATUS IMA_GetIpsecProperties(IMA_OID oid, IMA_IPSEC_PROPERTIES *pProps)
{
	const struct lhba *lhba = NULL;
	IMA_STATUS status;
	bool software;

	LOCKED(&plugin.lock);
	if (oid.objectType == IMA_OBJECT_TYPE_PNP)
		find_port_object(oid, &status);
	else
		lhba = find_object(oid, FRESH_ENOUGH, &status);
	if (IMA_ERROR(status))
		return status;
	software = lhba && (!lhba->record || !lhba->record->transport ||
			    !strcmp(lhba->record->transport, "tcp"));
	memset(pProps, 0, sizeof(*pProps));
	pProps->ipsecSupported = software ? IMA_TRUE : IMA_FALSE;
	pProps->implementedInSoftware = pProps->ipsecSupported;
	return IMA_STATUS_SUCCESS;
}
