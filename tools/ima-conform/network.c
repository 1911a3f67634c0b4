// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * network.c - IP configuration of physical network ports, addresses of network portals.
 */
#include <string.h>

#include "settings.h"
#include "shared/cleanup.h"

static IMA_IP_ADDRESS ip4(IMA_BYTE a, IMA_BYTE b, IMA_BYTE c, IMA_BYTE d)
{
	IMA_IP_ADDRESS address = { IMA_TRUE, { a, b, c, d } };

	return address;
}

/* A value no port takes: IMA_BOOL has no 7. */
static IMA_IP_ADDRESS no_address(void)
{
	IMA_IP_ADDRESS address = ip4(192, 0, 2, 1);

	address.ipv4Address = 7;
	return address;
}

static IMA_STATUS set_dns(IMA_OID pnp, IMA_IP_ADDRESS server)
{
	return IMA_SetDnsServerAddress(pnp, &server, NULL);
}

struct setting {
	enum function_index fn;
	size_t settable, valid, value;
	bool static_only; /* means nothing while DHCP is on */
	IMA_STATUS (*set)(IMA_OID, IMA_IP_ADDRESS);
};

#define SETTING(function, field, static_only, set)                           \
	{                                                                    \
		FN_##function, offsetof(IMA_IP_PROPERTIES, field##Settable), \
			offsetof(IMA_IP_PROPERTIES, field##Valid),           \
			offsetof(IMA_IP_PROPERTIES, field), static_only, set \
	}

static const struct setting settings[] = {
	SETTING(IMA_SetSubnetMask, subnetMask, true, IMA_SetSubnetMask),
	SETTING(IMA_SetDefaultGateway, defaultGateway, true, IMA_SetDefaultGateway),
	SETTING(IMA_SetDnsServerAddress, primaryDnsServerAddress, false, set_dns),
};

static IMA_UINT32 word(const IMA_IP_PROPERTIES *props, size_t offset)
{
	IMA_UINT32 value;

	memcpy(&value, (const char *)props + offset, sizeof(value));
	return value;
}

static IMA_STATUS set(struct run *run, const struct setting *setting, IMA_OID pnp,
		      IMA_IP_ADDRESS address)
{
	call_begin(run);
	return call_end(run, setting->fn, pnp, setting->set(pnp, address));
}

static void set_and_read(struct run *run, const struct setting *setting, IMA_OID pnp,
			 const IMA_IP_PROPERTIES *was)
{
	IMA_IP_ADDRESS value = setting->fn == FN_IMA_SetSubnetMask ? ip4(255, 255, 240, 0)
								   : ip4(192, 0, 2, 77);
	IMA_IP_PROPERTIES is;
	IMA_STATUS status = set(run, setting, pnp, value);

	check(run, setting->fn, RULE_SETS, IMA_SUCCESS(status), pnp, "answered %s",
	      IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMA_GetIpProperties(pnp, &is)))
		check(run, setting->fn, RULE_SETS,
		      word(&is, setting->valid) &&
			      !memcmp((const char *)&is + setting->value, &value,
				      sizeof(value)),
		      pnp, "the value is not the one that was set");
	if (word(was, setting->valid)) {
		memcpy(&value, (const char *)was + setting->value, sizeof(value));
		setting->set(pnp, value);
	}
}

static void check_setting(struct run *run, const struct setting *setting, IMA_OID pnp)
{
	IMA_IP_PROPERTIES was;
	IMA_STATUS status;

	if (IMA_ERROR(IMA_GetIpProperties(pnp, &was)))
		return;
	if (!word(&was, setting->settable) ||
	    (setting->static_only && was.dhcpConfigurationEnabled)) {
		status = set(run, setting, pnp, ip4(255, 255, 255, 0));
		check(run, setting->fn, RULE_NOT_SETTABLE,
		      status == IMA_ERROR_NOT_SUPPORTED ||
			      (word(&was, setting->settable) &&
			       status == IMA_ERROR_INVALID_PARAMETER),
		      pnp, "answered %s", IMAX_StatusName(status));
		return;
	}
	status = set(run, setting, pnp, no_address());
	check(run, setting->fn, RULE_RANGE, status == IMA_ERROR_INVALID_PARAMETER, pnp,
	      "an address that is neither IPv4 nor IPv6 answered %s",
	      IMAX_StatusName(status));
	if (run->options.destructive)
		set_and_read(run, setting, pnp, &was);
	else
		unchecked(run, setting->fn, RULE_SETS, "needs --destructive");
}

static void check_values(struct run *run, IMA_OID pnp)
{
	IMA_IP_PROPERTIES was;
	IMA_STATUS status;

	if (IMA_ERROR(IMA_GetIpProperties(pnp, &was)) || was.dhcpConfigurationEnabled)
		return;
	if (was.subnetMaskSettable) {
		status = CALL(run, IMA_SetSubnetMask, pnp, pnp, ip4(255, 0, 255, 0));
		check(run, FN_IMA_SetSubnetMask, RULE_RANGE,
		      status == IMA_ERROR_INVALID_PARAMETER, pnp,
		      "a mask with a hole answered %s", IMAX_StatusName(status));
	}
	if (was.defaultGatewaySettable) {
		status = CALL(run, IMA_SetDefaultGateway, pnp, pnp, ip4(224, 0, 0, 1));
		check(run, FN_IMA_SetDefaultGateway, RULE_RANGE,
		      status == IMA_ERROR_INVALID_PARAMETER, pnp,
		      "a multicast address answered %s", IMAX_StatusName(status));
	}
}

static void check_dhcp(struct run *run, IMA_OID pnp)
{
	IMA_IP_PROPERTIES was, is;
	IMA_STATUS status;
	IMA_BOOL on;

	if (IMA_ERROR(IMA_GetIpProperties(pnp, &was)))
		return;
	on = !was.dhcpConfigurationEnabled;
	if (!was.ipConfigurationMethodSettable) {
		status = CALL(run, IMA_SetIpConfigMethod, pnp, pnp, on);
		check(run, FN_IMA_SetIpConfigMethod, RULE_NOT_SETTABLE,
		      status == IMA_ERROR_NOT_SUPPORTED, pnp, "answered %s",
		      IMAX_StatusName(status));
		return;
	}
	if (!run->options.destructive) {
		unchecked(run, FN_IMA_SetIpConfigMethod, RULE_SETS,
			  "needs --destructive");
		return;
	}
	status = CALL(run, IMA_SetIpConfigMethod, pnp, pnp, on);
	check(run, FN_IMA_SetIpConfigMethod, RULE_SETS, IMA_SUCCESS(status), pnp,
	      "answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMA_GetIpProperties(pnp, &is)))
		check(run, FN_IMA_SetIpConfigMethod, RULE_SETS,
		      is.dhcpConfigurationEnabled == on, pnp,
		      "the method is not the one that was set");
	IMA_SetIpConfigMethod(pnp, !on);
}

static void check_portal_refusals(struct run *run, IMA_OID portal)
{
	IMA_STATUS status = CALL(run, IMA_SetNetworkPortalIpAddress, portal, portal,
				 no_address());

	check(run, FN_IMA_SetNetworkPortalIpAddress, RULE_RANGE,
	      status == IMA_ERROR_INVALID_PARAMETER, portal,
	      "an address that is neither IPv4 nor IPv6 answered %s",
	      IMAX_StatusName(status));
}

static void check_portal(struct run *run, IMA_OID portal)
{
	IMA_NETWORK_PORTAL_PROPERTIES was, is;
	IMA_IP_ADDRESS address = ip4(192, 0, 2, 78);
	IMA_STATUS status = CALL(run, IMA_SetNetworkPortalIpAddress, portal, portal,
				 ip4(224, 0, 0, 1));

	if (status == IMA_ERROR_NOT_SUPPORTED)
		return;
	check(run, FN_IMA_SetNetworkPortalIpAddress, RULE_RANGE,
	      status == IMA_ERROR_INVALID_PARAMETER, portal,
	      "a multicast address answered %s", IMAX_StatusName(status));
	check_portal_refusals(run, portal);
	if (!run->options.destructive) {
		unchecked(run, FN_IMA_SetNetworkPortalIpAddress, RULE_SETS,
			  "needs --destructive");
		return;
	}
	if (IMA_ERROR(IMA_GetNetworkPortalProperties(portal, &was)))
		return;
	status = CALL(run, IMA_SetNetworkPortalIpAddress, portal, portal, address);
	check(run, FN_IMA_SetNetworkPortalIpAddress, RULE_SETS,
	      IMA_SUCCESS(status) || status == IMA_ERROR_NOT_SUPPORTED, portal,
	      "answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS &&
	    IMA_SUCCESS(IMA_GetNetworkPortalProperties(portal, &is)))
		check(run, FN_IMA_SetNetworkPortalIpAddress, RULE_SETS,
		      !memcmp(&is.ipAddress, &address, sizeof(address)), portal,
		      "the address is not the one that was set");
	if (IMA_SUCCESS(status))
		IMA_SetNetworkPortalIpAddress(portal, was.ipAddress);
}

void check_network(struct run *run)
{
	IMA_OID pnp = unknown_object(run, IMA_OBJECT_TYPE_PNP);
	IMA_OID portal = unknown_object(run, IMA_OBJECT_TYPE_NETWORK_PORTAL);

	for (size_t k = 0; k < ARRAY_SIZE(settings); k++) {
		for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_PNP); i++)
			check_setting(run, &settings[k],
				      run->objects[IMA_OBJECT_TYPE_PNP].oid[i]);
		check_unknown(run, settings[k].fn, pnp,
			      set(run, &settings[k], pnp, ip4(255, 255, 255, 0)));
	}
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_PNP); i++) {
		check_values(run, run->objects[IMA_OBJECT_TYPE_PNP].oid[i]);
		check_dhcp(run, run->objects[IMA_OBJECT_TYPE_PNP].oid[i]);
	}
	check_unknown(run, FN_IMA_SetIpConfigMethod, pnp,
		      CALL(run, IMA_SetIpConfigMethod, pnp, pnp, IMA_TRUE));
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_NETWORK_PORTAL); i++)
		check_portal(run, run->objects[IMA_OBJECT_TYPE_NETWORK_PORTAL].oid[i]);
	check_unknown(run, FN_IMA_SetNetworkPortalIpAddress, portal,
		      CALL(run, IMA_SetNetworkPortalIpAddress, portal, portal,
			   ip4(192, 0, 2, 78)));
}

/* --- As settings that last: the addresses, and, last, the method --- */

static void put_address(struct setting_value *value, const void *address)
{
	value->size = sizeof(IMA_IP_ADDRESS);
	memcpy(value->bytes, address, sizeof(IMA_IP_ADDRESS));
}

static IMA_IP_ADDRESS address_of(const struct setting_value *value)
{
	IMA_IP_ADDRESS address;

	memcpy(&address, value->bytes, sizeof(address));
	return address;
}

static enum function_index ip_function(size_t which)
{
	return which < ARRAY_SIZE(settings) ? settings[which].fn
					    : FN_IMA_SetIpConfigMethod;
}

static bool ip_read(size_t which, IMA_OID pnp, struct setting_value *value)
{
	IMA_IP_PROPERTIES props;

	if (IMA_ERROR(IMA_GetIpProperties(pnp, &props)))
		return false;
	if (which == ARRAY_SIZE(settings))
		setting_put(value, props.dhcpConfigurationEnabled);
	else
		put_address(value, (const char *)&props + settings[which].value);
	return true;
}

static bool ip_alter(size_t which, IMA_OID pnp, struct setting_value *value)
{
	IMA_IP_ADDRESS other = ip4(192, 0, 2, 77), mask = ip4(255, 255, 240, 0);
	IMA_IP_PROPERTIES props;

	if (which == ARRAY_SIZE(settings)) {
		setting_put(value, !setting_number(value));
		return true;
	}
	put_address(value, settings[which].fn == FN_IMA_SetSubnetMask ? &mask : &other);
	return IMA_SUCCESS(IMA_GetIpProperties(pnp, &props)) &&
	       word(&props, settings[which].valid); /* or it could not be put back */
}

static IMA_STATUS ip_set(size_t which, IMA_OID pnp, const struct setting_value *value)
{
	if (which == ARRAY_SIZE(settings))
		return IMA_SetIpConfigMethod(pnp, (IMA_BOOL)setting_number(value));
	return settings[which].set(pnp, address_of(value));
}

const struct settings ip_settings = { ARRAY_SIZE(settings) + 1, ip_function, ip_read,
				      ip_alter, ip_set };

static enum function_index portal_function(size_t which)
{
	(void)which;
	return FN_IMA_SetNetworkPortalIpAddress;
}

static bool portal_read(size_t which, IMA_OID portal, struct setting_value *value)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;

	(void)which;
	if (IMA_ERROR(IMA_GetNetworkPortalProperties(portal, &props)))
		return false;
	put_address(value, &props.ipAddress);
	return true;
}

static bool portal_alter(size_t which, IMA_OID portal, struct setting_value *value)
{
	IMA_IP_ADDRESS other = ip4(192, 0, 2, 78);

	(void)which;
	(void)portal;
	put_address(value, &other);
	return true;
}

static IMA_STATUS portal_set(size_t which, IMA_OID portal,
			     const struct setting_value *value)
{
	(void)which;
	return IMA_SetNetworkPortalIpAddress(portal, address_of(value));
}

const struct settings portal_settings = { 1, portal_function, portal_read, portal_alter,
					  portal_set };
