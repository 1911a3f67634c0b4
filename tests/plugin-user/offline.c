// SPDX-License-Identifier: LGPL-2.1-or-later
/* Configuration of the user-space initiator, without a network: through the real library. */
#include "cmocka_all.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "client.h"
#include "sandbox.h"
#include "shared/cleanup.h"

#define NAME "iqn.2003-01.org.example:disk"

static unsigned int files_in_state(void)
{
	DIR *folder = opendir(sandbox_path("state"));
	unsigned int count = 0;

	assert_non_null(folder);
	for (struct dirent *e; (e = readdir(folder));)
		count += e->d_name[0] != '.';
	closedir(folder);
	return count;
}

static mode_t mode_of(const char *file)
{
	struct stat st;

	assert_int_equal(stat(sandbox_path(file), &st), 0);
	return st.st_mode & 07777;
}

static void reading_makes_no_file(void **state)
{
	IMA_LHBA_PROPERTIES properties;
	IMA_INITIATOR_AUTHPARMS parms;
	IMA_NODE_PROPERTIES node;
	IMA_MIN_MAX_VALUE value;

	(void)state;
	assert_int_equal(count_addresses() + count_static_targets() + count_targets(), 0);
	assert_ok(IMA_GetLhbaProperties(lhba(), &properties));
	assert_int_equal(properties.osDeviceName[0], 0);
	assert_int_equal(properties.luExposingSupported, IMA_FALSE);
	assert_ok(IMA_GetMaxBurstLengthProperties(lhba(), &value));
	assert_ok(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	assert_int_equal(parms.chapParms.nameLength, 0);
	assert_ok(IMA_GetNodeProperties(
		(IMA_OID){ IMA_OBJECT_TYPE_NODE, 1, lhba().objectSequenceNumber },
		&node));
	assert_int_equal(node.nameValid, IMA_FALSE);
	assert_ok(IMA_RemoveStaleData(lhba()));
	assert_int_equal(discover(lhba()), 0);
	assert_int_equal(files_in_state(), 0);
}

static void files_are_for_their_owner_only(void **state)
{
	static const char *const files[] = { "state/user.db", "state/user.db-wal",
					     "state/user.db-shm", "state/user.secrets" };

	(void)state;
	add_address("192.0.2.10");
	assert_ok(set_chap("joe", "twelve bytes"));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(mode_of(files[i]), 0600);
}

static void addresses_are_kept_once(void **state)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES properties;
	IMA_OID first = add_address("192.0.2.10");
	IMA_OID again = add_address("192.0.2.10:3260");
	IMA_OID other = add_address("[2001:db8::1]:860");

	(void)state;
	assert_int_equal(first.objectSequenceNumber, again.objectSequenceNumber);
	assert_int_not_equal(first.objectSequenceNumber, other.objectSequenceNumber);
	assert_int_equal(count_addresses(), 2);
	assert_int_equal(sandbox_again("count-addresses"), 2);
	assert_ok(IMA_GetDiscoveryAddressProperties(first, &properties));
	assert_int_equal(properties.discoveryAddress.portNumber, 3260);
	assert_int_equal(properties.discoveryAddress.hostnameIpAddress.hostnameInUse,
			 IMA_FALSE);
	assert_int_equal(properties.associatedLhbaOid.objectSequenceNumber,
			 lhba().objectSequenceNumber);
	assert_ok(IMA_RemoveDiscoveryAddress(first));
	assert_status(IMA_RemoveDiscoveryAddress(first), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(sandbox_again("count-addresses"), 1);
}

static void bad_addresses_change_nothing(void **state)
{
	static const char *const bad[] = { "192.0.2.300",  "host name",
					   "192.0.2.10:0", "192.0.2.10:65536",
					   "[2001:db8::1", "" };
	IMA_OID oid;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_status(try_address(bad[i], &oid), IMA_ERROR_INVALID_PARAMETER);
		assert_non_null(strstr(last_error().text, "address"));
	}
	assert_int_equal(files_in_state(), 0);
}

static void static_targets_are_targets(void **state)
{
	IMA_STATIC_DISCOVERY_TARGET_PROPERTIES properties;
	IMA_TARGET_PROPERTIES target;
	IMA_ADDRESS_KEYS *keys;
	IMA_OID oid = add_static(NAME, "192.0.2.10:860"), found = find_target(NAME);

	(void)state;
	assert_int_equal(add_static(NAME, "192.0.2.10:860").objectSequenceNumber,
			 oid.objectSequenceNumber);
	add_static(NAME, "192.0.2.11");
	assert_ok(IMA_GetStaticDiscoveryTargetProperties(oid, &properties));
	assert_string_equal(text_of(properties.staticTarget.targetName), NAME);
	assert_int_equal(properties.staticTarget.targetAddress.portNumber, 860);
	assert_int_equal(count_targets(), 1);
	assert_ok(IMA_GetTargetProperties(found, &target));
	assert_int_equal(target.discoveryMethodFlags, IMA_TARGET_DISCOVERY_METHOD_STATIC);
	assert_int_equal(target.associatedNodeOid.ownerId, 0);
	assert_ok(IMA_GetAddressKeys(found, &keys));
	assert_int_equal(keys->addressKeyCount, 2);
	assert_int_equal(keys->addressKeys[0].portNumber, 860);
	assert_ok(IMA_FreeMemory(keys));
	assert_int_equal(discover(lhba()), 1);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	assert_int_equal(count_targets(), 1);
}

static void bad_static_targets_change_nothing(void **state)
{
	static const struct {
		const char *name, *portal, *says;
	} bad[] = {
		{ "", "192.0.2.10", "name" },
		{ "disk", "192.0.2.10", "name" },
		{ "iqn.2003-01.org.example:a b", "192.0.2.10", "name" },
		{ "iqn.2003-13.org.example:disk", "192.0.2.10", "name" },
		{ NAME, "", "empty" },
		{ NAME, "192.0.2.10:x", "host name" },
	};
	IMA_OID oid;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_status(try_static(bad[i].name, bad[i].portal, &oid),
			      IMA_ERROR_INVALID_PARAMETER);
		assert_non_null(strstr(last_error().text, bad[i].says));
	}
	assert_int_equal(files_in_state(), 0);
}

static void names_of_portals_are_looked_up(void **state)
{
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	add_static(NAME, "localhost:860");
	add_static(NAME, "no-such-host.invalid:860");
	add_static(NAME, "[fe80::1%eth0]:860");
	assert_ok(IMA_GetAddressKeys(find_target(NAME), &keys));
	assert_true(keys->addressKeyCount >= 2);
	for (IMA_UINT i = 0; i < keys->addressKeyCount; i++)
		assert_int_equal(keys->addressKeys[i].portNumber, 860);
	assert_ok(IMA_FreeMemory(keys));
}

static IMA_DISCOVERY_PROPERTIES discovery(void)
{
	IMA_DISCOVERY_PROPERTIES properties;

	assert_ok(IMA_GetDiscoveryProperties(lhba(), &properties));
	return properties;
}

static void switches_are_kept_and_obeyed(void **state)
{
	(void)state;
	add_static(NAME, "192.0.2.10");
	assert_int_equal(discovery().staticDiscoveryEnabled, IMA_TRUE);
	assert_int_equal(discovery().sendTargetsDiscoveryEnabled, IMA_TRUE);
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_FALSE));
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_FALSE));
	assert_int_equal(discovery().staticDiscoveryEnabled, IMA_FALSE);
	assert_int_equal(count_targets(), 0);
	assert_int_equal(count_static_targets(), 1);
	assert_ok(IMA_SetSendTargetsDiscovery(lhba(), IMA_FALSE));
	assert_int_equal(discovery().sendTargetsDiscoveryEnabled, IMA_FALSE);
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_TRUE));
	assert_int_equal(count_targets(), 1);
	assert_status(IMA_SetSendTargetsDiscovery(find_target(NAME), IMA_TRUE),
		      IMA_ERROR_NOT_SUPPORTED);
}

/* The numeric keys and what RFC 7143 allows for them. */
#define NUMBER(name, min, max)                                            \
	{                                                                 \
#name, IMA_Get##name##Properties, IMA_Set##name, min, max \
	}
static const struct number_key {
	const char *name;
	IMA_STATUS (*get)(IMA_OID, IMA_MIN_MAX_VALUE *);
	IMA_STATUS (*set)(IMA_OID, IMA_UINT);
	IMA_UINT min, max;
} number_keys[] = {
	NUMBER(MaxConnections, 1, 65535),
	NUMBER(MaxRecvDataSegmentLength, 512, 16777215),
	NUMBER(FirstBurstLength, 512, 16777215),
	NUMBER(MaxBurstLength, 512, 16777215),
	NUMBER(DefaultTime2Wait, 0, 3600),
	NUMBER(DefaultTime2Retain, 0, 3600),
	NUMBER(MaxOutstandingR2T, 1, 65535),
	NUMBER(ErrorRecoveryLevel, 0, 2),
};

#define BOOLEAN(name)                                           \
	{                                                       \
#name, IMA_Get##name##Properties, IMA_Set##name \
	}
static const struct bool_key {
	const char *name;
	IMA_STATUS (*get)(IMA_OID, IMA_BOOL_VALUE *);
	IMA_STATUS (*set)(IMA_OID, IMA_BOOL);
} bool_keys[] = {
	BOOLEAN(InitialR2T),
	BOOLEAN(ImmediateData),
	BOOLEAN(DataPduInOrder),
	BOOLEAN(DataSequenceInOrder),
};

static IMA_MIN_MAX_VALUE number_of(const struct number_key *key, IMA_OID oid)
{
	IMA_MIN_MAX_VALUE value;

	assert_ok(key->get(oid, &value));
	assert_int_equal(value.currentValueValid, IMA_TRUE);
	return value;
}

static void check_number(const struct number_key *key, IMA_OID oid)
{
	IMA_MIN_MAX_VALUE value = number_of(key, oid);
	IMA_UINT middle = (value.minimumValue + (IMA_UINT)value.maximumValue) / 2;

	if (!value.settable) {
		assert_status(key->set(oid, value.currentValue), IMA_ERROR_NOT_SUPPORTED);
		return;
	}
	assert_in_range(value.minimumValue, key->min, key->max);
	assert_in_range(value.maximumValue, key->min, key->max);
	assert_int_equal(value.incrementValue, 1);
	assert_status(key->set(oid, value.maximumValue + 1UL),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, key->name));
	assert_status(key->set(oid, (IMA_UINT)value.minimumValue + (1UL << 32)),
		      IMA_ERROR_INVALID_PARAMETER);
	if (value.minimumValue)
		assert_status(key->set(oid, value.minimumValue - 1UL),
			      IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(number_of(key, oid).currentValue, value.currentValue);
	assert_ok(key->set(oid, middle));
	assert_int_equal(number_of(key, oid).currentValue, middle);
}

static void number_keys_have_true_limits(void **state)
{
	(void)state;
	add_static(NAME, "192.0.2.10");
	/* FirstBurstLength comes before MaxBurstLength in the table: its middle fits. */
	for (size_t i = 0; i < ARRAY_SIZE(number_keys); i++)
		check_number(&number_keys[i], lhba());
	for (size_t i = 0; i < ARRAY_SIZE(number_keys); i++)
		check_number(&number_keys[i], find_target(NAME));
	assert_int_equal(sandbox_again("check-middle"), 0);
}

/* In another process: what number_keys_have_true_limits set. */
static int check_middle(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(number_keys); i++) {
		IMA_MIN_MAX_VALUE value = number_of(&number_keys[i], lhba());

		if (value.settable &&
		    value.currentValue != (value.minimumValue + value.maximumValue) / 2)
			return 1;
	}
	return 0;
}

static void bool_keys_are_set_if_they_can_be(void **state)
{
	IMA_BOOL_VALUE value, after;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bool_keys); i++) {
		assert_ok(bool_keys[i].get(lhba(), &value));
		assert_status(bool_keys[i].set(lhba(), !value.currentValue),
			      value.settable ? IMA_STATUS_SUCCESS
					     : IMA_ERROR_NOT_SUPPORTED);
		assert_ok(bool_keys[i].get(lhba(), &after));
		assert_int_equal(after.currentValue, value.settable ? !value.currentValue
								    : value.currentValue);
	}
}

static void targets_inherit_until_they_have_a_value(void **state)
{
	const struct number_key *key = &number_keys[4];
	IMA_OID target;

	(void)state;
	add_static(NAME, "192.0.2.10");
	target = find_target(NAME);
	assert_ok(key->set(lhba(), 100));
	assert_int_equal(number_of(key, target).currentValue, 100);
	assert_ok(key->set(target, 200));
	assert_ok(key->set(lhba(), 300));
	assert_int_equal(number_of(key, target).currentValue, 200);
	assert_int_equal(number_of(key, lhba()).currentValue, 300);
}

static void first_burst_is_never_above_max_burst(void **state)
{
	IMA_OID target;

	(void)state;
	add_static(NAME, "192.0.2.10");
	target = find_target(NAME);
	assert_ok(IMA_SetFirstBurstLength(lhba(), 65536));
	assert_ok(IMA_SetMaxBurstLength(lhba(), 65536));
	assert_status(IMA_SetFirstBurstLength(lhba(), 65537),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_status(IMA_SetMaxBurstLength(lhba(), 65535), IMA_ERROR_INVALID_PARAMETER);
	/* The other of the two may be inherited. */
	assert_status(IMA_SetFirstBurstLength(target, 65537),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, NAME));
	assert_status(IMA_SetMaxBurstLength(target, 65535), IMA_ERROR_INVALID_PARAMETER);
	assert_ok(IMA_SetMaxBurstLength(target, 131072));
	assert_ok(IMA_SetFirstBurstLength(target, 131072));
	assert_status(IMA_SetMaxBurstLength(target, 65536), IMA_ERROR_INVALID_PARAMETER);
	assert_ok(IMA_SetMaxBurstLength(lhba(), 131072));
	assert_ok(IMA_SetFirstBurstLength(lhba(), 512));
	assert_ok(IMA_SetMaxBurstLength(lhba(), 65536));
}

/* A target with one of the two of its own binds the LHBA, too. */
static void heirs_bind_the_lhba(void **state)
{
	IMA_OID target;

	(void)state;
	add_static(NAME, "192.0.2.10");
	target = find_target(NAME);
	assert_ok(IMA_SetFirstBurstLength(target, 131072));
	assert_ok(IMA_SetFirstBurstLength(lhba(), 512));
	assert_status(IMA_SetMaxBurstLength(lhba(), 65536), IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, NAME));
	assert_ok(IMA_SetMaxBurstLength(lhba(), 131072));
}

static IMA_UINT supported(IMA_BOOL settable)
{
	IMA_UINT count = 0;

	assert_ok(IMA_GetSupportedAuthMethods(lhba(), settable, &count, NULL));
	return count;
}

static void methods_need_their_parameters(void **state)
{
	(void)state;
	assert_int_equal(supported(IMA_FALSE), 2);
	assert_int_equal(supported(IMA_TRUE), 1);
	assert_status(use_methods(1, IMA_AUTHMETHOD_CHAP, 0),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_ok(set_chap("joe", "twelve bytes"));
	assert_int_equal(supported(IMA_TRUE), 2);
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
}

static void methods_are_listed_in_order(void **state)
{
	IMA_AUTHMETHOD list[4];
	IMA_UINT count = ARRAY_SIZE(list);

	(void)state;
	assert_ok(set_chap("joe", "twelve bytes"));
	assert_ok(use_methods(2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE));
	assert_ok(IMA_GetInUseInitiatorAuthMethods(lhba(), &count, list));
	assert_int_equal(count, 2);
	assert_int_equal(list[0], IMA_AUTHMETHOD_CHAP);
	assert_int_equal(list[1], IMA_AUTHMETHOD_NONE);
	count = 1;
	assert_ok(IMA_GetInUseInitiatorAuthMethods(lhba(), &count, list));
	assert_int_equal(count, 1);
	assert_status(use_methods(2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_CHAP),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_status(use_methods(1, IMA_AUTHMETHOD_SRP, 0), IMA_ERROR_INVALID_PARAMETER);
}

static void secrets_in_use_are_not_removed(void **state)
{
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	assert_ok(set_chap("joe", "twelve bytes"));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	assert_status(set_chap("", ""), IMA_ERROR_INVALID_PARAMETER);
	assert_ok(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	assert_int_equal(parms.chapParms.nameLength, 3);
	assert_int_equal(parms.chapParms.challengeSecretLength, 12);
	assert_memory_equal(parms.chapParms.challengeSecret, "twelve bytes", 12);
	assert_ok(use_methods(1, IMA_AUTHMETHOD_NONE, 0));
	assert_ok(set_chap("", ""));
	assert_ok(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms));
	assert_int_equal(parms.chapParms.nameLength, 0);
}

static void bad_secrets_are_refused_without_being_told(void **state)
{
	static const struct {
		const char *name, *secret;
	} bad[] = {
		{ "joe", "eleven byte" },
		{ "joe", "" },
		{ "", "twelve bytes" },
		{ "jo\ne", "twelve bytes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_status(set_chap(bad[i].name, bad[i].secret),
			      IMA_ERROR_INVALID_PARAMETER);
		assert_non_null(strstr(last_error().text, "CHAP"));
		assert_null(strstr(last_error().text, "eleven"));
	}
	assert_int_equal(files_in_state(), 0);
}

static void secrets_others_can_read_are_not_used(void **state)
{
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	assert_ok(set_chap("joe", "twelve bytes"));
	assert_int_equal(chmod(sandbox_path("state/user.secrets"), 0640), 0);
	assert_status(IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms),
		      IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_non_null(strstr(last_error().text, "chmod 600"));
	assert_status(use_methods(1, IMA_AUTHMETHOD_CHAP, 0),
		      IMA_ERROR_INVALID_PARAMETER);
}

static void damaged_secrets_are_not_used(void **state)
{
	static const char *const bad[] = {
		"rubbish\n",
		"chap initiator name=6a6f65\n",
		"chap initiator name=6a6f65 secret=zz\n",
		"chap initiator name=6a6f6 secret=00\n",
		"chap initiator name=00 secret=00\n",
		"chap initiator retries=-1 name=6a secret=00\n",
		"chap initiator name=6a secret=00\nchap initiator name=6a secret=00\n",
	};
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		int fd = open(sandbox_path("state/user.secrets"),
			      O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

		assert_true(write(fd, bad[i], strlen(bad[i])) > 0);
		close(fd);
		assert_status(
			IMA_GetInitiatorAuthParms(lhba(), IMA_AUTHMETHOD_CHAP, &parms),
			IMA_ERROR_UNEXPECTED_OS_ERROR);
		assert_non_null(strstr(last_error().text, "damaged"));
	}
}

static IMA_OID own_node(void)
{
	return (IMA_OID){ IMA_OBJECT_TYPE_NODE, 1, lhba().objectSequenceNumber };
}

static void node_keeps_what_it_is_told(void **state)
{
	const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_NODE_PROPERTIES node;
	IMA_WCHAR name[IMA_NODE_NAME_LEN] = L"iqn.2003-01.org.example:me";
	IMA_WCHAR alias[IMA_NODE_ALIAS_LEN] = L"my alias";

	(void)state;
	assert_ok(IMA_SetNodeName(shared, name));
	assert_ok(IMA_SetNodeAlias(own_node(), alias));
	assert_ok(IMA_GetNodeProperties(own_node(), &node));
	assert_int_equal(node.nameValid, IMA_TRUE);
	assert_string_equal(text_of(node.name), "iqn.2003-01.org.example:me");
	assert_int_equal(node.aliasValid, IMA_TRUE);
	assert_string_equal(text_of(node.alias), "my alias");
	assert_int_equal(node.runningInInitiatorMode, IMA_TRUE);
	assert_int_equal(node.runningInTargetMode, IMA_FALSE);
	assert_ok(IMA_SetNodeAlias(own_node(), NULL));
	assert_ok(IMA_GetNodeProperties(own_node(), &node));
	assert_int_equal(node.aliasValid, IMA_FALSE);
	wmemcpy(name, L"no name", 8);
	assert_status(IMA_SetNodeName(own_node(), name), IMA_ERROR_INVALID_PARAMETER);
}

static void lists_of_hardware_are_empty(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	assert_ok(IMA_GetPhbaOidList(&list));
	assert_int_equal(list->oidCount, 0);
	assert_ok(IMA_FreeMemory(list));
	assert_ok(IMA_GetLnpOidList(&list));
	assert_int_equal(list->oidCount, 0);
	assert_ok(IMA_FreeMemory(list));
	assert_status(IMA_GetPnpOidList((IMA_OID){ IMA_OBJECT_TYPE_PHBA, 1, 1 }, &list),
		      IMA_ERROR_OBJECT_NOT_FOUND);
	assert_null(list);
}

static void stale_data_is_counted_and_removed(void **state)
{
	IMA_LHBA_PROPERTIES properties;
	IMA_OID oid = add_static(NAME, "192.0.2.10");

	(void)state;
	assert_ok(IMA_SetDefaultTime2Wait(find_target(NAME), 7));
	assert_ok(IMA_GetLhbaProperties(lhba(), &properties));
	assert_int_equal(properties.staleDataRemovable, IMA_TRUE);
	assert_int_equal(properties.staleDataSize, 0);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	assert_ok(IMA_GetLhbaProperties(lhba(), &properties));
	assert_true(properties.staleDataSize > strlen(NAME));
	/* The settings of a target that comes back are there again... */
	oid = add_static(NAME, "192.0.2.11");
	assert_int_equal(number_of(&number_keys[4], find_target(NAME)).currentValue, 7);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	/* ...until they are removed. */
	assert_ok(IMA_RemoveStaleData(lhba()));
	assert_ok(IMA_GetLhbaProperties(lhba(), &properties));
	assert_int_equal(properties.staleDataSize, 0);
	add_static(NAME, "192.0.2.11");
	assert_int_not_equal(number_of(&number_keys[4], find_target(NAME)).currentValue,
			     7);
}

static void object_that_comes_back_has_its_old_oid(void **state)
{
	IMA_OID oid = add_static(NAME, "192.0.2.10"), target = find_target(NAME);

	(void)state;
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	assert_int_equal(find_target(NAME).objectType, IMA_OBJECT_TYPE_UNKNOWN);
	assert_int_equal(add_static(NAME, "192.0.2.10").objectSequenceNumber,
			 oid.objectSequenceNumber);
	assert_int_equal(find_target(NAME).objectSequenceNumber,
			 target.objectSequenceNumber);
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reading_makes_no_file, reset),
		cmocka_unit_test_setup(files_are_for_their_owner_only, reset),
		cmocka_unit_test_setup(addresses_are_kept_once, reset),
		cmocka_unit_test_setup(bad_addresses_change_nothing, reset),
		cmocka_unit_test_setup(static_targets_are_targets, reset),
		cmocka_unit_test_setup(bad_static_targets_change_nothing, reset),
		cmocka_unit_test_setup(names_of_portals_are_looked_up, reset),
		cmocka_unit_test_setup(switches_are_kept_and_obeyed, reset),
		cmocka_unit_test_setup(number_keys_have_true_limits, reset),
		cmocka_unit_test_setup(bool_keys_are_set_if_they_can_be, reset),
		cmocka_unit_test_setup(targets_inherit_until_they_have_a_value, reset),
		cmocka_unit_test_setup(first_burst_is_never_above_max_burst, reset),
		cmocka_unit_test_setup(heirs_bind_the_lhba, reset),
		cmocka_unit_test_setup(methods_need_their_parameters, reset),
		cmocka_unit_test_setup(methods_are_listed_in_order, reset),
		cmocka_unit_test_setup(secrets_in_use_are_not_removed, reset),
		cmocka_unit_test_setup(bad_secrets_are_refused_without_being_told, reset),
		cmocka_unit_test_setup(secrets_others_can_read_are_not_used, reset),
		cmocka_unit_test_setup(damaged_secrets_are_not_used, reset),
		cmocka_unit_test_setup(node_keeps_what_it_is_told, reset),
		cmocka_unit_test_setup(lists_of_hardware_are_empty, reset),
		cmocka_unit_test_setup(stale_data_is_counted_and_removed, reset),
		cmocka_unit_test_setup(object_that_comes_back_has_its_old_oid, reset),
	};
	const char *argument = sandbox_argument();

	if (!argument)
		return cmocka_run_group_tests(tests, NULL, NULL);
	if (!strcmp(argument, "count-addresses"))
		return (int)count_addresses();
	return strcmp(argument, "check-middle") ? 99 : check_middle();
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
