// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-ports.c - logical and physical network ports, network portals, IP, IPsec.
 */
#include <stddef.h>
#include <string.h>

#include "network.h"
#include "plugin-support/lists.h"
#include "plugin-support/status.h"
#include "ports.h"
#include "shared/cleanup.h"
#include "sim.h"
#include "lu.h"

/* --- lists ------------------------------------------------------------------------------ */

IMA_STATUS IMA_GetLnpOidList(IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetLnpOidList, NO_OID, 0,
		    list_objects(&call.model->roots[KIND_LNP], NULL, ppList));
}

static IMA_STATUS list_pnps(const struct object *object, IMA_OID_LIST **list)
{
	struct oid_list _cleanup_(oid_list_drop) oids = { 0 };
	const struct references *pnps;
	int err = 0;

	if (object_kind(object) == KIND_PHBA)
		return list_objects(&object->children[0], NULL, list);
	pnps = &((const struct lnp *)object)->now.pnps;
	for (unsigned int i = 0; i < pnps->count && !err; i++)
		err = oid_list_add(&oids, oid_of(pnps->list[i]));
	return status_from_errno(err ? err : oid_list_end(&oids, list));
}

IMA_STATUS IMA_GetPnpOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetPnpOidList, oid, PHBA | LNP, list_pnps(call.object, ppList));
}

IMA_STATUS IMA_GetNetworkPortalOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetNetworkPortalOidList, oid, LNP,
		    list_objects(&call.object->children[0], NULL, ppList));
}

/* --- properties ------------------------------------------------------------------------- */

static IMA_STATUS get_lnp(const struct lnp *lnp, IMA_LNP_PROPERTIES *p)
{
	memset(p, 0, sizeof(*p));
	memcpy(p->macAddress, lnp->now.mac, sizeof(p->macAddress));
	p->macAddressSettable = lnp->now.mac_settable;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLnpProperties(IMA_OID lnpOid, IMA_LNP_PROPERTIES *pProps)
{
	return CALL(IMA_GetLnpProperties, lnpOid, LNP,
		    get_lnp((struct lnp *)call.object, pProps));
}

static IMA_STATUS get_pnp(const struct pnp *pnp, IMA_PNP_PROPERTIES *p)
{
	memset(p, 0, sizeof(*p));
	p->associatedPhbaOid = oid_of(pnp->object.parent);
	memcpy(p->macAddress, pnp->now.mac, sizeof(p->macAddress));
	p->macAddressSettable = pnp->now.mac_settable;
	p->maximumTransferRate = pnp->now.max_rate;
	p->currentTransferRate = pnp->now.link ? pnp->now.rate : 0;
	p->maximumFrameSize = pnp->now.max_frame;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetPnpProperties(IMA_OID pnpOid, IMA_PNP_PROPERTIES *pProps)
{
	return CALL(IMA_GetPnpProperties, pnpOid, PNP,
		    get_pnp((struct pnp *)call.object, pProps));
}

static IMA_STATUS get_port_status(const struct object *object,
				  IMA_NETWORK_PORT_STATUS *status)
{
	*status = object_kind(object) == KIND_PNP
			  ? pnp_status((const struct pnp *)object)
			  : lnp_status((const struct lnp *)object);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNetworkPortStatus(IMA_OID portOid, IMA_NETWORK_PORT_STATUS *pStatus)
{
	return CALL(IMA_GetNetworkPortStatus, portOid, LNP | PNP,
		    get_port_status(call.object, pStatus));
}

static IMA_STATUS get_portal(const struct portal *portal,
			     IMA_NETWORK_PORTAL_PROPERTIES *p)
{
	memset(p, 0, sizeof(*p));
	ip_fill(&portal->now.address, &p->ipAddress);
	p->associatedLnp = oid_of(portal->object.parent);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNetworkPortalProperties(IMA_OID networkPortalOid,
					  IMA_NETWORK_PORTAL_PROPERTIES *pProps)
{
	return CALL(IMA_GetNetworkPortalProperties, networkPortalOid, PORTAL,
		    get_portal((struct portal *)call.object, pProps));
}

static IMA_STATUS set_portal(struct model *model, struct portal *portal,
			     const IMA_IP_ADDRESS *address)
{
	bool later = portal->now.reboot & REBOOT_ADDRESS;
	struct ip_value ip;

	if (!portal->now.settable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the address of this portal cannot be set");
	if (!ip_take(address, &ip) || ip_is_unspecified(&ip) || ip_is_multicast(&ip))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "a portal cannot have this address");
	object_store(model, portal, struct portal_values, address, ip, later);
	return done(later);
}

IMA_STATUS IMA_SetNetworkPortalIpAddress(IMA_OID networkPortalOid,
					 const IMA_IP_ADDRESS newIpAddress)
{
	return CALL(IMA_SetNetworkPortalIpAddress, networkPortalOid, PORTAL,
		    set_portal(call.model, (struct portal *)call.object, &newIpAddress));
}

/* --- counters --------------------------------------------------------------------------- */

static IMA_STATUS get_counters(const struct pnp *pnp, IMA_PNP_STATISTICS *statistics)
{
	const struct phba *phba = (const struct phba *)pnp->object.parent;

	if (!statistics_are_on(phba->now.statistics, phba->now.collecting))
		return fails(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED,
			     "statistics are not collected for the ports of this PHBA");
	memset(statistics, 0, sizeof(*statistics));
	statistics->bytesSent = pnp->counters.bytesSent;
	statistics->pdusSent = pnp->counters.pdusSent;
	statistics->bytesReceived = pnp->counters.bytesReceived;
	statistics->pdusReceived = pnp->counters.pdusReceived;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetPnpStatistics(IMA_OID pnpOid, IMA_PNP_STATISTICS *pStats)
{
	return CALL(IMA_GetPnpStatistics, pnpOid, PNP,
		    get_counters((struct pnp *)call.object, pStats));
}

/* --- IP configuration ------------------------------------------------------------------- */

static IMA_STATUS get_ip(const struct pnp *pnp, IMA_IP_PROPERTIES *p)
{
	pnp_fill_ip(pnp, p);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetIpProperties(IMA_OID oid, IMA_IP_PROPERTIES *pProps)
{
	return CALL(IMA_GetIpProperties, oid, PNP,
		    get_ip((struct pnp *)call.object, pProps));
}

static IMA_STATUS set_method(struct model *model, struct pnp *pnp, bool dhcp)
{
	bool later = pnp->now.reboot & REBOOT_IP_METHOD;

	if (!pnp->now.ip_method_settable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the configuration method of this port cannot be set");
	object_store(model, pnp, struct pnp_values, dhcp, dhcp, later);
	return done(later);
}

IMA_STATUS IMA_SetIpConfigMethod(IMA_OID oid, IMA_BOOL enableDhcpIpConfiguration)
{
	return CALL(IMA_SetIpConfigMethod, oid, PNP,
		    set_method(call.model, (struct pnp *)call.object,
			       enableDhcpIpConfiguration));
}

/* What DHCP gives cannot be set. */
static IMA_STATUS check_settable(const struct pnp *pnp, bool settable, const char *what)
{
	if (pnp->now.dhcp)
		return fails(IMA_ERROR_NOT_SUPPORTED, "%s comes from DHCP", what);
	if (!settable)
		return fails(IMA_ERROR_NOT_SUPPORTED, "%s of this port cannot be set",
			     what);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS set_mask(struct model *model, struct pnp *pnp,
			   const IMA_IP_ADDRESS *address)
{
	IMA_STATUS status = check_settable(pnp, pnp->now.mask_settable,
					   "the subnet mask");
	bool later = pnp->now.reboot & REBOOT_MASK;
	struct ip_value ip;

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!ip_take(address, &ip) || !ip_is_mask(&ip))
		return fails(IMA_ERROR_INVALID_PARAMETER, "this is no IPv4 subnet mask");
	object_store(model, pnp, struct pnp_values, mask, ip, later);
	return done(later);
}

IMA_STATUS IMA_SetSubnetMask(IMA_OID oid, IMA_IP_ADDRESS subnetMask)
{
	return CALL(IMA_SetSubnetMask, oid, PNP,
		    set_mask(call.model, (struct pnp *)call.object, &subnetMask));
}

static IMA_STATUS set_gateway(struct model *model, struct pnp *pnp,
			      const IMA_IP_ADDRESS *address)
{
	IMA_STATUS status = check_settable(pnp, pnp->now.gateway_settable,
					   "the default gateway");
	bool later = pnp->now.reboot & REBOOT_GATEWAY;
	struct ip_value ip;

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!ip_take(address, &ip) || ip_is_unspecified(&ip) || ip_is_multicast(&ip) ||
	    ip_is_loopback(&ip))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "a gateway cannot have this address");
	object_store(model, pnp, struct pnp_values, gateway, ip, later);
	return done(later);
}

IMA_STATUS IMA_SetDefaultGateway(IMA_OID oid, IMA_IP_ADDRESS defaultGateway)
{
	return CALL(IMA_SetDefaultGateway, oid, PNP,
		    set_gateway(call.model, (struct pnp *)call.object, &defaultGateway));
}

static bool take_server(const IMA_IP_ADDRESS *address, struct ip_value *ip)
{
	memset(ip, 0, sizeof(*ip));
	return !address ||
	       (ip_take(address, ip) && !ip_is_unspecified(ip) && !ip_is_multicast(ip));
}

static IMA_STATUS set_dns(struct model *model, struct pnp *pnp,
			  const IMA_IP_ADDRESS *primary, const IMA_IP_ADDRESS *alternate)
{
	bool later = pnp->now.reboot & REBOOT_DNS;
	struct ip_value first, second;
	IMA_STATUS status;

	status = check_settable(pnp, pnp->now.dns1_settable, "the primary DNS server");
	if (status == IMA_STATUS_SUCCESS && alternate)
		status = check_settable(pnp, pnp->now.dns2_settable,
					"the alternate DNS server");
	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!take_server(primary, &first) || !take_server(alternate, &second))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "a DNS server cannot have this address");
	if (second.family && (!first.family || ip_equal(&first, &second)))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the alternate needs a primary and is another server");
	object_store(model, pnp, struct pnp_values, dns1, first, later);
	object_store(model, pnp, struct pnp_values, dns2, second, later);
	return done(later);
}

IMA_STATUS IMA_SetDnsServerAddress(IMA_OID oid,
				   const IMA_IP_ADDRESS *pPrimaryDnsServerAddress,
				   const IMA_IP_ADDRESS *pAlternateDnsServerAddress)
{
	return CALL(IMA_SetDnsServerAddress, oid, PNP,
		    set_dns(call.model, (struct pnp *)call.object,
			    pPrimaryDnsServerAddress, pAlternateDnsServerAddress));
}

/* --- IPsec ------------------------------------------------------------------------------ */

static IMA_STATUS get_ipsec(const struct object *object, IMA_IPSEC_PROPERTIES *p)
{
	const struct pnp_values *pnp = &((const struct pnp *)object)->now;
	const struct lhba_values *lhba = &((const struct lhba *)object)->now;
	bool is_pnp = object_kind(object) == KIND_PNP;

	memset(p, 0, sizeof(*p));
	p->ipsecSupported = is_pnp ? pnp->ipsec : lhba->ipsec;
	p->implementedInHardware = is_pnp ? pnp->ipsec_hardware : lhba->ipsec_hardware;
	p->implementedInSoftware = is_pnp ? pnp->ipsec_software : lhba->ipsec_software;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetIpsecProperties(IMA_OID oid, IMA_IPSEC_PROPERTIES *pProps)
{
	return CALL(IMA_GetIpsecProperties, oid, PNP | LHBA,
		    get_ipsec(call.object, pProps));
}
