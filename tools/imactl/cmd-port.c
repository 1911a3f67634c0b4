// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-port.c - network ports, physical and logical, and network portals.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"

static char *mac_text(const IMA_MAC_ADDRESS mac)
{
	return text_format("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
			   mac[3], mac[4], mac[5]);
}

static void add_mac(struct json_object *doc, const IMA_MAC_ADDRESS mac)
{
	_cleanup_free_ char *text = mac_text(mac);

	doc_text(doc, "macAddress", text);
}

static void add_status(struct context *c, struct json_object *doc, IMA_OID oid)
{
	static const char *const texts[] = {
		[IMA_NETWORK_PORT_STATUS_WORKING] = "working",
		[IMA_NETWORK_PORT_STATUS_DEGRADED] = "degraded",
		[IMA_NETWORK_PORT_STATUS_CRITICAL] = "critical",
		[IMA_NETWORK_PORT_STATUS_FAILED] = "failed",
		[IMA_NETWORK_PORT_STATUS_DISCONNECTED] = "disconnected",
	};
	IMA_NETWORK_PORT_STATUS status;
	bool known = IMA_SUCCESS(CALL(c, IMA_GetNetworkPortStatus, oid, &status));

	doc_text(doc, "status",
		 known && (size_t)status < ARRAY_SIZE(texts) ? texts[status] : NULL);
}

/* The name of an object of a kind, NULL if it is not known. */
static const char *name_of(struct context *c, IMA_OBJECT_TYPE type, IMA_OID oid)
{
	const struct objects *all;

	if (objects_get(c, type, &all))
		return NULL;
	for (size_t i = 0; i < all->count; i++)
		if (oid_equal(all->list[i].oid, oid))
			return all->list[i].name;
	return NULL;
}

/* Every object of a type through a function that makes its document. */
static int list_of(struct context *c, IMA_OBJECT_TYPE type, const struct view *view,
		   int (*document)(struct context *c, const struct object *object,
				   struct json_object **out))
{
	const struct objects *all;
	struct json_object *data;
	int err = objects_get(c, type, &all);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; !err && i < all->count; i++) {
		struct json_object *doc;

		err = document(c, &all->list[i], &doc);
		if (!err)
			doc_push(data, doc);
	}
	if (!err)
		return output_document(c, view, data);
	json_object_put(data);
	return err;
}

static void add_rate(struct json_object *doc, const char *key, IMA_UINT rate)
{
	if (rate)
		doc_number(doc, key, rate);
	else
		doc_null(doc, key);
}

/* --- physical network ports -------------------------------------------------------------------- */

static int pnp_document(struct context *c, const struct object *pnp,
			struct json_object **out)
{
	IMA_PNP_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetPnpProperties, pnp->oid, &props);
	struct json_object *doc;

	if (IMA_ERROR(status))
		return failed(c, status, pnp->name,
			      "cannot read the properties of port %s", pnp->name);
	*out = doc = doc_new();
	doc_text(doc, "name", pnp->name);
	doc_number(doc, "number", pnp->number);
	doc_text(doc, "plugin", pnp->plugin);
	doc_text(doc, "phba", name_of(c, IMA_OBJECT_TYPE_PHBA, props.associatedPhbaOid));
	add_status(c, doc, pnp->oid);
	add_mac(doc, props.macAddress);
	doc_bool(doc, "macAddressSettable", props.macAddressSettable == IMA_TRUE);
	add_rate(doc, "maximumTransferRate", props.maximumTransferRate);
	add_rate(doc, "currentTransferRate", props.currentTransferRate);
	add_rate(doc, "maximumFrameSize", props.maximumFrameSize);
	return EXIT_DONE;
}

static char *format_rate(struct json_object *value)
{
	return text_format("%s Mbit/s", json_object_get_string(value));
}

int pnp_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "PHBA", "phba", NULL, 0, NULL },
		{ "STATUS", "status", NULL, 0, NULL },
		{ "RATE", "currentTransferRate", format_rate, COLUMN_RIGHT, NULL },
		{ "FRAME SIZE", "maximumFrameSize", NULL, COLUMN_RIGHT, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
	};
	static const struct view view = VIEW(
		LAYOUT_TABLE, "pnp-list", columns,
		.empty = "there is no physical network port");

	return list_of(c, IMA_OBJECT_TYPE_PNP, &view, pnp_document);
}

static int pnp_of_argument(struct context *c, const struct object **pnp)
{
	return object_get(c, IMA_OBJECT_TYPE_PNP, arg(c, 0), pnp);
}

int pnp_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Number", "number", NULL, 0, NULL },
		{ "Plugin", "plugin", NULL, 0, NULL },
		{ "PHBA", "phba", NULL, 0, NULL },
		{ "Status", "status", NULL, 0, NULL },
		{ "MAC address", "macAddress", NULL, 0, NULL },
		{ "MAC address can be set", "macAddressSettable", NULL, 0, NULL },
		{ "Transfer rate", "currentTransferRate", format_rate, 0, NULL },
		{ "Maximum transfer rate", "maximumTransferRate", format_rate, 0, NULL },
		{ "Maximum frame size", "maximumFrameSize", NULL, 0, NULL },
		{ "IPsec", "ipsec.supported", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "pnp-show", columns);
	const struct object *pnp;
	struct json_object *doc;
	int err = pnp_of_argument(c, &pnp);

	if (!err)
		err = pnp_document(c, pnp, &doc);
	if (err)
		return err;
	ipsec_document(c, doc, pnp->oid);
	return output_document(c, &view, doc);
}

static void add_ip(struct json_object *doc, const char *key, IMA_BOOL valid,
		   const IMA_IP_ADDRESS *ip)
{
	doc_add(doc, key, valid == IMA_TRUE ? ip_document(ip) : NULL);
}

static struct json_object *ip_properties(const struct object *pnp,
					 const IMA_IP_PROPERTIES *props)
{
	struct json_object *doc = doc_new();

	doc_text(doc, "pnp", pnp->name);
	doc_text(doc, "method",
		 props->dhcpConfigurationEnabled == IMA_TRUE ? "dhcp" : "static");
	add_ip(doc, "subnetMask", props->subnetMaskValid, &props->subnetMask);
	add_ip(doc, "defaultGateway", props->defaultGatewayValid, &props->defaultGateway);
	add_ip(doc, "primaryDnsServerAddress", props->primaryDnsServerAddressValid,
	       &props->primaryDnsServerAddress);
	add_ip(doc, "alternateDnsServerAddress", props->alternateDnsServerAddressValid,
	       &props->alternateDnsServerAddress);
	doc_bool(doc, "methodSettable", props->ipConfigurationMethodSettable == IMA_TRUE);
	doc_bool(doc, "subnetMaskSettable", props->subnetMaskSettable == IMA_TRUE);
	doc_bool(doc, "defaultGatewaySettable",
		 props->defaultGatewaySettable == IMA_TRUE);
	doc_bool(doc, "primaryDnsServerAddressSettable",
		 props->primaryDnsServerAddressSettable == IMA_TRUE);
	doc_bool(doc, "alternateDnsServerAddressSettable",
		 props->alternateDnsServerAddressSettable == IMA_TRUE);
	return doc;
}

static int read_ip(struct context *c, const struct object **pnp, IMA_IP_PROPERTIES *props)
{
	IMA_STATUS status;
	int err = pnp_of_argument(c, pnp);

	if (err)
		return err;
	status = CALL(c, IMA_GetIpProperties, (*pnp)->oid, props);
	if (IMA_ERROR(status))
		return failed(c, status, (*pnp)->name,
			      "cannot read the IP configuration of port %s",
			      (*pnp)->name);
	return EXIT_DONE;
}

int pnp_ip(struct context *c)
{
	static const struct column columns[] = {
		{ "Port", "pnp", NULL, 0, NULL },
		{ "Configuration", "method", NULL, 0, NULL },
		{ "Subnet mask", "subnetMask", NULL, 0, NULL },
		{ "Default gateway", "defaultGateway", NULL, 0, NULL },
		{ "Primary DNS server", "primaryDnsServerAddress", NULL, 0, NULL },
		{ "Alternate DNS server", "alternateDnsServerAddress", NULL, 0, NULL },
		{ "Configuration can be set", "methodSettable", NULL, 0, NULL },
		{ "Subnet mask can be set", "subnetMaskSettable", NULL, 0, NULL },
		{ "Default gateway can be set", "defaultGatewaySettable", NULL, 0, NULL },
		{ "DNS servers can be set", "primaryDnsServerAddressSettable", NULL, 0,
		  NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "pnp-ip", columns);
	const struct object *pnp;
	IMA_IP_PROPERTIES props;
	int err = read_ip(c, &pnp, &props);

	return err ? err : output_document(c, &view, ip_properties(pnp, &props));
}

int pnp_set_ip_method(struct context *c)
{
	bool dhcp = !strcasecmp(arg(c, 1), "dhcp");
	const struct object *pnp;
	IMA_IP_PROPERTIES props;
	IMA_STATUS status;
	bool was;
	int err;

	if (!dhcp && strcasecmp(arg(c, 1), "static"))
		return refused(c, EXIT_USAGE,
			       "\"%s\" is no IP configuration: dhcp or static",
			       arg(c, 1));
	err = read_ip(c, &pnp, &props);
	if (err)
		return err;
	was = (props.dhcpConfigurationEnabled == IMA_TRUE) == dhcp;
	status = CALL(c, IMA_SetIpConfigMethod, pnp->oid, dhcp);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, pnp->name,
			      "cannot change the IP configuration of port %s to %s",
			      pnp->name, arg(c, 1));
	return output_change(c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status,
			     pnp->name, "port %s uses %s%s", pnp->name, arg(c, 1),
			     was ? " already" : "");
}

static int parse_ip(struct context *c, int place, IMA_IP_ADDRESS *ip)
{
	const char *why = ip_parse(arg(c, place), ip);

	if (why)
		return refused(c, EXIT_USAGE, "\"%s\" %s", arg(c, place), why);
	return EXIT_DONE;
}

static bool same_ip(IMA_BOOL valid, const IMA_IP_ADDRESS *a, const IMA_IP_ADDRESS *b)
{
	return valid == IMA_TRUE && a->ipv4Address == b->ipv4Address &&
	       !memcmp(a->ipAddress, b->ipAddress, b->ipv4Address ? 4 : 16);
}

/* The subnet mask or the gateway: where it is, and how it is set. */
static int set_ip(struct context *c, const char *what, size_t valid, size_t value,
		  IMA_STATUS (*set)(IMA_OID oid, IMA_IP_ADDRESS ip))
{
	const struct object *pnp;
	IMA_IP_PROPERTIES props;
	IMA_IP_ADDRESS ip, now;
	IMA_STATUS status;
	IMA_BOOL is_valid;
	bool was;
	int err = parse_ip(c, 1, &ip);

	if (!err)
		err = read_ip(c, &pnp, &props);
	if (err)
		return err;
	memcpy(&is_valid, (const char *)&props + valid, sizeof(is_valid));
	memcpy(&now, (const char *)&props + value, sizeof(now));
	was = same_ip(is_valid, &now, &ip);
	status = CALL(c, set, pnp->oid, ip);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, pnp->name, "cannot set the %s of port %s to %s",
			      what, pnp->name, arg(c, 1));
	return output_change(c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status,
			     pnp->name, "the %s of port %s is %s%s", what, pnp->name,
			     arg(c, 1), was ? " already" : "");
}

int pnp_set_subnet_mask(struct context *c)
{
	return set_ip(c, "subnet mask", offsetof(IMA_IP_PROPERTIES, subnetMaskValid),
		      offsetof(IMA_IP_PROPERTIES, subnetMask), IMA_SetSubnetMask);
}

int pnp_set_gateway(struct context *c)
{
	return set_ip(c, "default gateway",
		      offsetof(IMA_IP_PROPERTIES, defaultGatewayValid),
		      offsetof(IMA_IP_PROPERTIES, defaultGateway), IMA_SetDefaultGateway);
}

/* "the DNS servers 192.0.2.53 and 198.51.100.53", kept. */
static const char *servers_text(struct context *c)
{
	if (!arg(c, 1))
		return "no DNS server";
	return keep_text(c, text_format("the DNS server%s %s%s%s", arg(c, 2) ? "s" : "",
					arg(c, 1), arg(c, 2) ? " and " : "",
					arg(c, 2) ? arg(c, 2) : ""));
}

int pnp_set_dns(struct context *c)
{
	IMA_IP_ADDRESS servers[2], *server[2] = { NULL, NULL };
	const struct object *pnp;
	IMA_STATUS status;
	int err = EXIT_DONE;

	for (int i = 0; !err && arg(c, 1 + i); i++) {
		err = parse_ip(c, 1 + i, &servers[i]);
		server[i] = &servers[i];
	}
	if (!err)
		err = pnp_of_argument(c, &pnp);
	if (err)
		return err;
	status = CALL(c, IMA_SetDnsServerAddress, pnp->oid, server[0], server[1]);
	if (IMA_ERROR(status))
		return failed(c, status, pnp->name, "cannot give port %s %s", pnp->name,
			      servers_text(c));
	return output_change(c, true, status, pnp->name, "port %s has %s", pnp->name,
			     servers_text(c));
}

/* --- logical network ports --------------------------------------------------------------------------- */

static int lnp_document(struct context *c, const struct object *lnp,
			struct json_object **out)
{
	_cleanup_ima_ IMA_OID_LIST *pnps = NULL;
	IMA_LNP_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetLnpProperties, lnp->oid, &props);
	struct json_object *doc, *names = NULL;

	if (IMA_ERROR(status))
		return failed(c, status, lnp->name,
			      "cannot read the properties of port %s", lnp->name);
	if (IMA_SUCCESS(CALL(c, IMA_GetPnpOidList, lnp->oid, &pnps))) {
		names = doc_array();
		for (IMA_UINT i = 0; i < pnps->oidCount; i++) {
			const char *name = name_of(c, IMA_OBJECT_TYPE_PNP, pnps->oids[i]);

			doc_push(names, name ? doc_string(name) : NULL);
		}
	}
	*out = doc = doc_new();
	doc_text(doc, "name", lnp->name);
	doc_number(doc, "number", lnp->number);
	doc_text(doc, "plugin", lnp->plugin);
	add_status(c, doc, lnp->oid);
	add_mac(doc, props.macAddress);
	doc_bool(doc, "macAddressSettable", props.macAddressSettable == IMA_TRUE);
	doc_add(doc, "pnps", names);
	return EXIT_DONE;
}

int lnp_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "STATUS", "status", NULL, 0, NULL },
		{ "PHYSICAL PORTS", "pnps", NULL, 0, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "lnp-list", columns,
					     .empty = "there is no logical network port");

	return list_of(c, IMA_OBJECT_TYPE_LNP, &view, lnp_document);
}

/* Network portals of one LNP, or all. */
static struct json_object *portals_of(struct context *c, IMA_OID lnp)
{
	struct json_object *array;
	_cleanup_ima_ IMA_OID_LIST *list = NULL;

	if (IMA_ERROR(CALL(c, IMA_GetNetworkPortalOidList, lnp, &list)))
		return NULL;
	array = doc_array();
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_NETWORK_PORTAL_PROPERTIES props;

		if (IMA_SUCCESS(CALL(c, IMA_GetNetworkPortalProperties, list->oids[i],
				     &props)))
			doc_push(array, ip_document(&props.ipAddress));
	}
	return array;
}

int lnp_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Number", "number", NULL, 0, NULL },
		{ "Plugin", "plugin", NULL, 0, NULL },
		{ "Status", "status", NULL, 0, NULL },
		{ "MAC address", "macAddress", NULL, 0, NULL },
		{ "MAC address can be set", "macAddressSettable", NULL, 0, NULL },
		{ "Physical ports", "pnps", NULL, 0, NULL },
		{ "Network portals", "portals", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "lnp-show", columns);
	const struct object *lnp;
	struct json_object *doc;
	int err = object_get(c, IMA_OBJECT_TYPE_LNP, arg(c, 0), &lnp);

	if (!err)
		err = lnp_document(c, lnp, &doc);
	if (err)
		return err;
	doc_add(doc, "portals", portals_of(c, lnp->oid));
	return output_document(c, &view, doc);
}

/* --- network portals ------------------------------------------------------------------------------------- */

static int portal_document(struct context *c, const struct object *portal,
			   struct json_object **out)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetNetworkPortalProperties, portal->oid, &props);

	if (IMA_ERROR(status))
		return failed(c, status, portal->name,
			      "cannot read the properties of portal %s", portal->name);
	*out = doc_new();
	doc_text(*out, "name", portal->name);
	doc_number(*out, "number", portal->number);
	doc_text(*out, "plugin", portal->plugin);
	doc_add(*out, "ipAddress", ip_document(&props.ipAddress));
	doc_text(*out, "lnp", name_of(c, IMA_OBJECT_TYPE_LNP, props.associatedLnp));
	return EXIT_DONE;
}

int portal_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "ADDRESS", "ipAddress", NULL, 0, NULL },
		{ "LOGICAL PORT", "lnp", NULL, 0, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "portal-list", columns,
					     .empty = "there is no network portal");

	return list_of(c, IMA_OBJECT_TYPE_NETWORK_PORTAL, &view, portal_document);
}

int portal_set_address(struct context *c)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;
	const struct object *portal;
	IMA_IP_ADDRESS ip;
	IMA_STATUS status;
	bool was;
	int err = parse_ip(c, 1, &ip);

	if (!err)
		err = object_get(c, IMA_OBJECT_TYPE_NETWORK_PORTAL, arg(c, 0), &portal);
	if (err)
		return err;
	was = IMA_SUCCESS(CALL(c, IMA_GetNetworkPortalProperties, portal->oid, &props)) &&
	      same_ip(IMA_TRUE, &props.ipAddress, &ip);
	status = CALL(c, IMA_SetNetworkPortalIpAddress, portal->oid, ip);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, portal->name,
			      "cannot give portal %s the address %s", portal->name,
			      arg(c, 1));
	return output_change(c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status,
			     portal->name, "portal %s has the address %s%s", portal->name,
			     arg(c, 1), was ? " already" : "");
}
