// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ports.h"

#include <string.h>

void ip_fill(const struct ip_value *ip, IMA_IP_ADDRESS *address)
{
	memset(address, 0, sizeof(*address));
	if (!ip->family)
		return;
	address->ipv4Address = ip->family == 4;
	memcpy(address->ipAddress, ip->bytes, ip->family == 4 ? 4 : 16);
}

bool ip_take(const IMA_IP_ADDRESS *address, struct ip_value *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (address->ipv4Address > IMA_TRUE)
		return false;
	ip->family = address->ipv4Address ? 4 : 6;
	memcpy(ip->bytes, address->ipAddress, ip->family == 4 ? 4 : 16);
	return true;
}

static void fill_one(const struct ip_value *ip, bool settable, IMA_BOOL *is_settable,
		     IMA_BOOL *is_valid, IMA_IP_ADDRESS *address)
{
	*is_settable = settable;
	*is_valid = ip->family != 0;
	ip_fill(ip, address);
}

/* What DHCP gives cannot be set while DHCP is on. */
void pnp_fill_ip(const struct pnp *pnp, IMA_IP_PROPERTIES *ip)
{
	static const struct ip_value none = { 0 };
	const struct pnp_values *v = &pnp->now;
	const struct network *network = (const struct network *)v->network;
	const struct network_values *lease = v->dhcp && network && network->now.up &&
							     network->now.dhcp
						     ? &network->now
						     : NULL;
	bool fixed = !v->dhcp;

#define IN_FORCE(field, leased) (fixed ? &v->field : lease ? &lease->leased : &none)
	memset(ip, 0, sizeof(*ip));
	ip->ipConfigurationMethodSettable = v->ip_method_settable;
	ip->dhcpConfigurationEnabled = v->dhcp;
	fill_one(IN_FORCE(mask, dhcp_mask), fixed && v->mask_settable,
		 &ip->subnetMaskSettable, &ip->subnetMaskValid, &ip->subnetMask);
	fill_one(IN_FORCE(gateway, dhcp_gateway), fixed && v->gateway_settable,
		 &ip->defaultGatewaySettable, &ip->defaultGatewayValid,
		 &ip->defaultGateway);
	fill_one(IN_FORCE(dns1, dhcp_dns1), fixed && v->dns1_settable,
		 &ip->primaryDnsServerAddressSettable, &ip->primaryDnsServerAddressValid,
		 &ip->primaryDnsServerAddress);
	fill_one(IN_FORCE(dns2, dhcp_dns2), fixed && v->dns2_settable,
		 &ip->alternateDnsServerAddressSettable,
		 &ip->alternateDnsServerAddressValid, &ip->alternateDnsServerAddress);
#undef IN_FORCE
}

bool ip_is_unspecified(const struct ip_value *ip)
{
	static const uint8_t zeros[16];

	return memcmp(ip->bytes, zeros, sizeof(zeros)) == 0;
}

bool ip_is_multicast(const struct ip_value *ip)
{
	return ip->family == 4 ? (ip->bytes[0] & 0xf0) == 0xe0 : ip->bytes[0] == 0xff;
}

bool ip_is_loopback(const struct ip_value *ip)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	return ip->family == 4 ? ip->bytes[0] == 127
			       : memcmp(ip->bytes, loopback, sizeof(loopback)) == 0;
}

/* Ones and then zeros; neither may be missing altogether. */
bool ip_is_mask(const struct ip_value *ip)
{
	uint32_t mask = (uint32_t)ip->bytes[0] << 24 | (uint32_t)ip->bytes[1] << 16 |
			(uint32_t)ip->bytes[2] << 8 | ip->bytes[3];

	return ip->family == 4 && mask && !(~mask & (~mask + 1));
}
