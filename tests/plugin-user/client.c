// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sandbox.h"
#include "shared/utf8.h"

int client_run(int argc, char **argv, int (*tests)(void))
{
	static const struct sandbox_plugin plugin = { "org.libima.user", USER_PLUGIN };

	return sandbox_run(argc, argv, &plugin, 1, tests);
}

int reset(void **state)
{
	(void)state;
	sandbox_clear_state();
	return 0;
}

static IMA_OID_LIST *list_of(IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **), IMA_OID oid)
{
	IMA_OID_LIST *list = NULL;

	assert_ok(get(oid, &list));
	assert_non_null(list);
	return list;
}

static unsigned int count(IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **))
{
	IMA_OID_LIST *list = list_of(get, lhba());
	unsigned int n = (unsigned int)list->oidCount;

	assert_ok(IMA_FreeMemory(list));
	return n;
}

IMA_OID lhba(void)
{
	IMA_OID_LIST *list = NULL;
	IMA_OID oid;

	assert_ok(IMA_GetLhbaOidList(&list));
	assert_int_equal(list->oidCount, 1);
	oid = list->oids[0];
	assert_ok(IMA_FreeMemory(list));
	return oid;
}

static void widen(const char *text, IMA_WCHAR *wide, size_t size)
{
	assert_true(utf8_to_wide(text, wide, size) >= 0);
}

IMA_TARGET_ADDRESS portal_of(const char *text)
{
	IMA_TARGET_ADDRESS address = { .portNumber = 0 };

	address.hostnameIpAddress.hostnameInUse = IMA_TRUE;
	widen(text, address.hostnameIpAddress.id.hostname, IMA_HOST_NAME_LEN);
	return address;
}

IMA_STATUS try_address(const char *text, IMA_OID *oid)
{
	return IMA_AddDiscoveryAddress(lhba(), portal_of(text), oid);
}

IMA_OID add_address(const char *text)
{
	IMA_OID oid;

	assert_ok(try_address(text, &oid));
	assert_int_equal(oid.objectType, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS);
	return oid;
}

IMA_STATUS try_static(const char *name, const char *portal, IMA_OID *oid)
{
	IMA_STATIC_DISCOVERY_TARGET target = { .targetAddress = portal_of(portal) };

	widen(name, target.targetName, IMA_NODE_NAME_LEN);
	return IMA_AddStaticDiscoveryTarget(lhba(), target, oid);
}

IMA_OID add_static(const char *name, const char *portal)
{
	IMA_OID oid;

	assert_ok(try_static(name, portal, &oid));
	assert_int_equal(oid.objectType, IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET);
	return oid;
}

unsigned int count_addresses(void)
{
	return count(IMA_GetDiscoveryAddressOidList);
}

unsigned int count_static_targets(void)
{
	return count(IMA_GetStaticDiscoveryTargetOidList);
}

unsigned int count_targets(void)
{
	return count(IMA_GetTargetOidList);
}

IMA_OID find_target(const char *name)
{
	IMA_OID_LIST *list = list_of(IMA_GetTargetOidList, lhba());
	IMA_OID found = { IMA_OBJECT_TYPE_UNKNOWN, 0, 0 };
	IMA_TARGET_PROPERTIES properties;

	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_ok(IMA_GetTargetProperties(list->oids[i], &properties));
		if (!strcmp(text_of(properties.name), name))
			found = list->oids[i];
	}
	assert_ok(IMA_FreeMemory(list));
	return found;
}

unsigned int discover(IMA_OID oid)
{
	IMA_OID_LIST *list = list_of(IMAX_DiscoverTargets, oid);
	unsigned int n = (unsigned int)list->oidCount;

	assert_ok(IMA_FreeMemory(list));
	return n;
}

IMA_STATUS set_chap(const char *name, const char *secret)
{
	static IMA_INITIATOR_AUTHPARMS parms;
	IMA_CHAP_INITIATOR_AUTHPARMS *chap = &parms.chapParms;

	memset(&parms, 0, sizeof(parms));
	chap->nameLength = strlen(name);
	memcpy(chap->name, name, chap->nameLength);
	chap->challengeSecretLength = strlen(secret);
	memcpy(chap->challengeSecret, secret, chap->challengeSecretLength);
	return IMA_SetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms);
}

IMA_STATUS use_methods(unsigned int count, IMA_AUTHMETHOD first, IMA_AUTHMETHOD second)
{
	const IMA_AUTHMETHOD list[] = { first, second };

	return IMA_SetInitiatorAuthMethods(lhba(), count, list);
}

IMAX_LAST_ERROR last_error(void)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	assert_ok(IMAX_GetLastError(&error));
	return error;
}

unsigned int milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned int)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

const char *text_of(const IMA_WCHAR *wide)
{
	static char text[4 * 256];

	assert_true(utf8_from_wide(wide, 256, text, sizeof(text)) >= 0);
	return text;
}
