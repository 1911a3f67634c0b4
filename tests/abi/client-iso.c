// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * client-iso.c - a program in the form of ISO/IEC 11989: the standard's spelling of the IOctl
 * function, LUNs as 8 bytes, addresses by reference. One name serves both forms of an
 * argument. Compiled as C11, C17 and C++17 and run against the library and the recording
 * plugin. A NULL pointer tells which form was chosen: only the new ones refuse it.
 */
#include "ima.h"

#include "client.h"

static IMA_OID lu;

static void luns_as_bytes(void)
{
	IMA_OID target = object_of(IMA_OBJECT_TYPE_TARGET);
	IMA_BYTE bytes[8] = { 0, 5, 0, 0, 0, 0, 0, 0 };
	static const IMA_BYTE constant[8] = { 0xC1, 1 };
	const IMA_BYTE *none = NULL;
	IMA_BYTE *nothing = NULL;

	DONE(IMA_GetLuOid(target, bytes, &lu));
	DONE(IMA_GetLuOid(target, constant, &lu));
	DONE(IMA_GetLuOid(target, &bytes[0], &lu));
	DONE((IMA_GetLuOidFromBytes)(target, bytes, &lu));
	GIVES(IMA_GetLuOid(target, none, &lu), IMA_ERROR_INVALID_PARAMETER);
	GIVES(IMA_GetLuOid(target, nothing, &lu), IMA_ERROR_INVALID_PARAMETER);
	GIVES(IMA_GetLuOid(target, bytes, (IMA_OID *)NULL), IMA_ERROR_INVALID_PARAMETER);
}

/* The older form under the same name, also for the literal 0, which is no pointer here. */
static void luns_as_integers(void)
{
	IMA_OID target = object_of(IMA_OBJECT_TYPE_TARGET);
	IMA_STATUS (*get_lu)(IMA_OID, IMA_UINT64, IMA_OID *) = IMA_GetLuOid;
	IMA_UINT64 wide = 0x4100;
	unsigned char small = 3;

	DONE(IMA_GetLuOid(target, 0, &lu));
	DONE(IMA_GetLuOid(target, 5, &lu));
	DONE(IMA_GetLuOid(target, 5UL, &lu));
	DONE(IMA_GetLuOid(target, wide, &lu));
	DONE(IMA_GetLuOid(target, small, &lu));
	DONE(get_lu(target, 0, &lu));
}

static void addresses(void)
{
	IMA_OID portal = object_of(IMA_OBJECT_TYPE_NETWORK_PORTAL);
	IMA_IP_ADDRESS address = { IMA_TRUE, { 192, 0, 2, 1 } };
	const IMA_IP_ADDRESS constant = address;
	const IMA_IP_ADDRESS *none = NULL;
	IMA_STATUS(*set_address)
	(IMA_OID, IMA_IP_ADDRESS) = IMA_SetNetworkPortalIpAddress;

	DONE(IMA_SetNetworkPortalIpAddress(portal, &address));
	DONE(IMA_SetNetworkPortalIpAddress(portal, &constant));
	DONE(IMA_SetNetworkPortalIpAddress(portal, address));
	DONE(IMA_SetNetworkPortalIpAddress(portal, constant));
	DONE(set_address(portal, address));
	DONE((IMA_SetNetworkPortalIpAddressByRef)(portal, &address));
	GIVES(IMA_SetNetworkPortalIpAddress(portal, none), IMA_ERROR_INVALID_PARAMETER);
}

static void ioctl_as_in_the_standard(void)
{
	IMA_OID plugin = object_of(IMA_OBJECT_TYPE_PLUGIN);
	IMA_BYTE output[16];
	IMA_UINT length = sizeof(output);

	DONE(IMA_PluginIOctl(plugin, 1, NULL, 0, NULL, NULL));
	DONE(IMA_PluginIOctl(plugin, 1, "ab", 2, output, &length));
}

int main(void)
{
	luns_as_bytes();
	luns_as_integers();
	addresses();
	ioctl_as_in_the_standard();
	return failures != 0;
}
