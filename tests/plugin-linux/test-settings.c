// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-settings.c - authentication and digests of single objects, taking them back, looking for
 * LUs again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin-support/host.h"
#include "plugins/linux/linux.h"
#include "plugins/linux/slow-write.h"
#include "scripted.h"

#define LIO	  "iqn.2024-01.test:lio"
#define IDLE	  "iqn.2024-01.test:idle"
#define STATIC	  "iqn.2024-01.x:static"
#define RECORD	  "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default"
#define OTHER	  "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/ifx"
#define CONFIG	  "etc/iscsi/iscsid.conf"
#define ADDRESS	  "etc/iscsi/send_targets/10.0.0.7,3260/st_config"
#define AUTH	  "node.session.auth."
#define DISCOVERY "discovery.sendtargets.auth."
#define UPDATE	  "-m node -T " IDLE " -I default -o update "
#define RUN(runs) expect_runs(runs, ARRAY_SIZE(runs))

static struct tree tree;

static int begin(void **state)
{
	static const char *const disks[] = { "sda", "sdb", "sdc", "sdd", "sde", "sdf" };
	char path[32];

	(void)state;
	tree_make(&tree, "two-interfaces");
	tree_put(&tree, "proc/self/mountinfo", "");
	for (size_t i = 0; i < ARRAY_SIZE(disks); i++) {
		snprintf(path, sizeof(path), "dev/%s", disks[i]);
		tree_put(&tree, path, "");
	}
	plugin_begin(&tree);
	return 0;
}

static int end(void **state)
{
	(void)state;
	plugin_end();
	return 0;
}

static void assert_error_says(const char *part)
{
	if (!strstr(last_error()->text, part))
		fail_msg("\"%s\" does not say \"%s\"", last_error()->text, part);
}

static void assert_has(const char *file, const char *line)
{
	if (!strstr(tree_text(&tree, file), line))
		fail_msg("%s does not have \"%s\":\n%s", file, line,
			 tree_text(&tree, file));
}

static void assert_lacks(const char *file, const char *line)
{
	if (strstr(tree_text(&tree, file), line))
		fail_msg("%s has \"%s\"", file, line);
}

static IMA_OID address_7(void)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetDiscoveryAddressOidList(lhba_named(""), &list),
			 IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetDiscoveryAddressProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		if (props.discoveryAddress.hostnameIpAddress.id.ipAddress.ipAddress[3] ==
		    7)
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	assert_int_not_equal(oid.objectType, 0);
	return oid;
}

/* --- Names and secrets ------------------------------------------------------------------------ */

static IMA_STATUS set_chap(IMA_OID oid, IMAX_CHAP_DIRECTION direction, const char *name,
			   const char *secret)
{
	IMAX_CHAP_PARMS parms = { .nameLength = (IMA_UINT32)strlen(name),
				  .secretLength = (IMA_UINT32)strlen(secret) };

	memcpy(parms.name, name, parms.nameLength);
	memcpy(parms.secret, secret, parms.secretLength);
	return IMAX_SetChapParms(oid, direction, &parms);
}

static void assert_chap(IMA_OID oid, IMAX_CHAP_DIRECTION direction, const char *name,
			const char *secret, IMA_BOOL inherited)
{
	IMAX_CHAP_PARMS parms;

	assert_int_equal(IMAX_GetChapParms(oid, direction, &parms), IMA_STATUS_SUCCESS);
	assert_int_equal(parms.set, name ? IMA_TRUE : IMA_FALSE);
	assert_int_equal(parms.inherited, inherited);
	assert_int_equal(parms.nameLength, name ? strlen(name) : 0);
	assert_int_equal(parms.secretLength, secret ? strlen(secret) : 0);
	assert_memory_equal(parms.name, name ? name : "", parms.nameLength);
	assert_memory_equal(parms.secret, secret ? secret : "", parms.secretLength);
}

static void use(IMA_OID oid, IMA_AUTHMETHOD method)
{
	assert_int_equal(IMAX_SetAuthMethods(oid, 1, &method), IMA_STATUS_SUCCESS);
}

static void assert_methods(IMA_OID oid, IMA_UINT expected, IMA_AUTHMETHOD first)
{
	IMA_AUTHMETHOD methods[4];
	IMA_UINT count = 4;

	assert_int_equal(IMAX_GetAuthMethods(oid, &count, methods), IMA_STATUS_SUCCESS);
	assert_int_equal(count, expected);
	assert_int_equal(methods[0], first);
}

static void assert_done(IMA_STATUS status)
{
	assert_int_equal(status, IMA_STATUS_SUCCESS);
}

static void a_target_has_a_name_and_secret_of_its_own(void **state)
{
	IMA_OID idle = target_named("", IDLE), lhba = lhba_named("");
	struct stat st;

	(void)state;
	assert_chap(idle, IMAX_CHAP_INITIATOR, NULL, NULL, IMA_FALSE);
	/* No run is expected: whatever ran would fail the test. */
	assert_done(set_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret"));
	assert_lacks(RECORD, "my-own-secret");
	assert_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret", IMA_FALSE);
	use(idle, IMA_AUTHMETHOD_CHAP);
	assert_has(RECORD, AUTH "username = me\n");
	assert_has(RECORD, AUTH "password = my-own-secret\n");
	assert_has(RECORD, AUTH "authmethod = CHAP\n");
	assert_int_equal(fstatat(tree.fd, RECORD, &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_lacks(OTHER, AUTH "username");
	assert_lacks(CONFIG, AUTH "username");
	assert_null(tree_text(&tree, "run/lock/iscsi/lock.write"));
	assert_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret", IMA_FALSE);
	assert_chap(lhba, IMAX_CHAP_INITIATOR, NULL, NULL, IMA_FALSE);
	/* The default does not reach it, but another that has none. */
	assert_done(set_chap(lhba, IMAX_CHAP_INITIATOR, "all", "secret-of-all"));
	assert_chap(lhba, IMAX_CHAP_INITIATOR, "all", "secret-of-all", IMA_FALSE);
	assert_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret", IMA_FALSE);
	assert_chap(target_named("", STATIC), IMAX_CHAP_INITIATOR, "all", "secret-of-all",
		    IMA_TRUE);
	/* Taken back it follows again. */
	assert_done(IMAX_RemoveSetting(idle, IMAX_SETTING_CHAP_INITIATOR));
	assert_chap(idle, IMAX_CHAP_INITIATOR, "all", "secret-of-all", IMA_TRUE);
	assert_has(RECORD, AUTH "password = secret-of-all\n");
	assert_done(IMAX_RemoveSetting(idle, IMAX_SETTING_ALL));
	assert_lacks(RECORD, AUTH "password");
	assert_chap(idle, IMAX_CHAP_INITIATOR, "all", "secret-of-all", IMA_TRUE);
	assert_done(IMAX_RemoveSetting(lhba, IMAX_SETTING_CHAP_INITIATOR));
	assert_chap(idle, IMAX_CHAP_INITIATOR, NULL, NULL, IMA_FALSE);
	assert_lacks(CONFIG, AUTH "password");
}

static void targets_begin_and_end_chap_with_their_lhba(void **state)
{
	IMA_OID idle = target_named("", IDLE), lhba = lhba_named(""),
		other = target_named("", STATIC);

	(void)state;
	assert_done(set_chap(lhba, IMAX_CHAP_INITIATOR, "all", "secret-of-all"));
	assert_done(set_chap(lhba, IMAX_CHAP_TARGET, "array", "secret-of-array"));
	assert_done(set_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret"));
	assert_methods(idle, 1, IMA_AUTHMETHOD_NONE);
	use(lhba, IMA_AUTHMETHOD_CHAP);
	/* Each with what it has; mutual, so None is not offered. */
	assert_has(RECORD, AUTH "password = my-own-secret\n");
	assert_has(RECORD, AUTH "password_in = secret-of-array\n");
	assert_methods(idle, 1, IMA_AUTHMETHOD_CHAP);
	assert_methods(other, 1, IMA_AUTHMETHOD_CHAP);
	assert_chap(other, IMAX_CHAP_INITIATOR, "all", "secret-of-all", IMA_TRUE);
	/* One does without; its own name and secret are known still. */
	use(idle, IMA_AUTHMETHOD_NONE);
	assert_methods(idle, 1, IMA_AUTHMETHOD_NONE);
	assert_lacks(RECORD, "secret");
	assert_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret", IMA_FALSE);
	assert_done(IMAX_RemoveSetting(idle, IMAX_SETTING_AUTH_METHODS));
	assert_has(RECORD, AUTH "password = my-own-secret\n");
	/* A target with a secret of its own goes on without its LHBA. */
	use(lhba, IMA_AUTHMETHOD_NONE);
	assert_methods(idle, 1, IMA_AUTHMETHOD_CHAP);
	assert_methods(other, 1, IMA_AUTHMETHOD_NONE);
	assert_lacks(CONFIG, "secret-of-a");
	assert_chap(lhba, IMAX_CHAP_TARGET, "array", "secret-of-array", IMA_FALSE);
}

static void every_portal_of_a_target_gets_its_secret(void **state)
{
	(void)state;
	/* CHAP is in use there. */
	assert_done(set_chap(target_named("", LIO), IMAX_CHAP_TARGET, "array",
			     "secret-of-array"));
	assert_has("etc/iscsi/nodes/" LIO "/127.0.0.1,3260,1/default",
		   AUTH "password_in = secret-of-array\n");
	assert_has("etc/iscsi/nodes/" LIO "/127.0.0.2,3260,1/default",
		   AUTH "password_in = secret-of-array\n");
	assert_has("etc/iscsi/nodes/" LIO "/::1,3260,1/default",
		   AUTH "username_in = array\n");
	assert_lacks("etc/iscsi/nodes/" LIO "/::1,3260,1/ifx", AUTH "username_in");
}

static void a_target_proves_itself_with_another_secret(void **state)
{
	static const IMA_AUTHMETHOD chap = IMA_AUTHMETHOD_CHAP;
	IMA_OID idle = target_named("", IDLE);

	(void)state;
	assert_int_equal(IMAX_SetAuthMethods(idle, 1, &chap),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_error_says("name and a secret first");
	assert_done(set_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret"));
	assert_int_equal(set_chap(idle, IMAX_CHAP_TARGET, "array", "my-own-secret"),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_error_says("9.2.1");
	assert_int_equal(set_chap(idle, IMAX_CHAP_TARGET, "", "secret-of-array"),
			 IMA_ERROR_NOT_SUPPORTED);
	use(idle, chap);
	assert_methods(idle, 2, IMA_AUTHMETHOD_CHAP);
	assert_done(set_chap(idle, IMAX_CHAP_TARGET, "array", "secret-of-array"));
	assert_chap(idle, IMAX_CHAP_TARGET, "array", "secret-of-array", IMA_FALSE);
	/* None is not offered any more. */
	assert_methods(idle, 1, IMA_AUTHMETHOD_CHAP);
	assert_int_equal(IMAX_RemoveSetting(idle, IMAX_SETTING_CHAP_INITIATOR),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_error_says("in use");
}

static void discovery_has_a_name_and_secret_of_its_own(void **state)
{
	IMA_OID oid = address_7();

	(void)state;
	assert_done(set_chap(oid, IMAX_CHAP_INITIATOR, "finder", "secret-to-find"));
	assert_lacks(ADDRESS, "secret-to-find");
	assert_chap(oid, IMAX_CHAP_INITIATOR, "finder", "secret-to-find", IMA_FALSE);
	assert_methods(oid, 1, IMA_AUTHMETHOD_NONE);
	use(oid, IMA_AUTHMETHOD_CHAP);
	use(oid, IMA_AUTHMETHOD_CHAP);
	assert_has(ADDRESS, DISCOVERY "username = finder\n");
	assert_has(ADDRESS, DISCOVERY "authmethod = CHAP\n");
	assert_lacks(ADDRESS, AUTH "username");
	assert_methods(oid, 2, IMA_AUTHMETHOD_CHAP);
	assert_int_equal(IMAX_RemoveSetting(oid, IMAX_SETTING_MAX_BURST_LENGTH),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_done(IMAX_RemoveSetting(oid, IMAX_SETTING_ALL));
	assert_lacks(ADDRESS, "password");
	assert_methods(oid, 1, IMA_AUTHMETHOD_NONE);
	assert_chap(oid, IMAX_CHAP_INITIATOR, NULL, NULL, IMA_FALSE);
}

static void who_may_not_read_secrets_sees_none_and_sets_none(void **state)
{
	IMA_OID idle = target_named("", IDLE);

	(void)state;
	assert_int_equal(set_chap(idle, IMAX_CHAP_INITIATOR, "me", "my-own-secret"),
			 IMA_STATUS_SUCCESS);
	plugin.world.privileged = false;
	assert_chap(idle, IMAX_CHAP_INITIATOR, "me", NULL, IMA_FALSE);
	assert_int_equal(set_chap(idle, IMAX_CHAP_INITIATOR, "you", "another-secret"),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_error_says("root");
	assert_null(strstr(last_error()->text, "another"));
	assert_int_equal(set_chap(idle, IMAX_CHAP_INITIATOR, "two\nlines", "secret"),
			 IMA_ERROR_INVALID_PARAMETER);
}

/* --- Algorithms and digests --------------------------------------------------------------------- */

static void algorithms_are_a_list_in_order(void **state)
{
	static const struct run runs[] = {
		{ UPDATE "-n " AUTH "chap_algs -v SHA3-256,SHA256,MD5", 0, NULL, NULL, 0,
		  NULL },
	};
	static const IMAX_CHAP_ALGORITHM list[] = { IMAX_CHAP_SHA3_256, IMAX_CHAP_SHA256,
						    IMAX_CHAP_MD5 };
	static const IMAX_CHAP_ALGORITHM bad[] = { 9 };
	IMA_OID idle = target_named("", IDLE);
	IMAX_CHAP_ALGORITHMS got;

	(void)state;
	assert_int_equal(IMAX_GetChapAlgorithms(idle, &got), IMA_STATUS_SUCCESS);
	assert_int_equal(got.count, 1);
	assert_int_equal(got.algorithms[0], IMAX_CHAP_MD5);
	assert_int_equal(got.inherited, IMA_TRUE);
	assert_int_equal(got.supportedCount, 4);
	RUN(runs);
	assert_int_equal(IMAX_SetChapAlgorithms(idle, 3, list), IMA_STATUS_SUCCESS);
	tree_put(&tree, RECORD, AUTH "chap_algs = SHA3-256,SHA256,MD5\n");
	assert_int_equal(IMAX_GetChapAlgorithms(idle, &got), IMA_STATUS_SUCCESS);
	assert_int_equal(got.settable, IMA_TRUE);
	assert_int_equal(got.inherited, IMA_FALSE);
	assert_int_equal(got.count, 3);
	assert_memory_equal(got.algorithms, list, sizeof(list));
	assert_int_equal(IMAX_SetChapAlgorithms(idle, 1, bad), IMA_ERROR_NOT_SUPPORTED);
}

static void digests_are_offered_to_all_or_to_one(void **state)
{
	static const struct run one[] = {
		{ UPDATE "-n node.conn[0].iscsi.HeaderDigest -v CRC32C,None", 0, NULL,
		  NULL, 0, NULL },
	};
	static const struct run all[] = {
		{ "-m node -o update -n node.conn[0].iscsi.DataDigest -v CRC32C", 0, NULL,
		  NULL, 0, NULL },
	};
	IMA_OID idle = target_named("", IDLE), lhba = lhba_named("");
	IMAX_DIGEST_PROPERTIES props;

	(void)state;
	RUN(one);
	assert_int_equal(IMAX_SetHeaderDigest(idle, IMAX_DIGEST_CRC32C_NONE),
			 IMA_STATUS_SUCCESS);
	RUN(all);
	assert_int_equal(IMAX_SetDataDigest(lhba, IMAX_DIGEST_CRC32C),
			 IMA_STATUS_SUCCESS);
	tree_put(&tree, RECORD,
		 "node.conn[0].iscsi.HeaderDigest = CRC32C,None\n"
		 "node.conn[0].iscsi.DataDigest = CRC32C\n");
	assert_int_equal(IMAX_GetDigestProperties(idle, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.headerDigestValid, IMA_TRUE);
	assert_int_equal(props.headerDigestSettable, IMA_TRUE);
	assert_int_equal(props.headerDigestInherited, IMA_FALSE);
	assert_int_equal(props.headerDigest, IMAX_DIGEST_CRC32C_NONE);
	assert_int_equal(props.dataDigestInherited, IMA_TRUE);
	assert_int_equal(props.dataDigest, IMAX_DIGEST_CRC32C);
	tree_put(&tree, CONFIG, "node.conn[0].iscsi.HeaderDigest = MD4\n");
	assert_int_equal(IMAX_SetHeaderDigest(idle, IMAX_DIGEST_CRC32C_NONE),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMAX_GetDigestProperties(lhba, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.headerDigestValid, IMA_FALSE);
	assert_int_equal(props.dataDigest, IMAX_DIGEST_NONE);
}

/* --- Taking back ----------------------------------------------------------------------------------- */

static void a_setting_that_is_taken_back_is_that_of_the_lhba(void **state)
{
	static const struct run runs[] = {
		{ UPDATE "-n node.session.iscsi.FirstBurstLength -v 262144", 0, NULL,
		  NULL, 0, NULL },
	};
	IMA_OID idle = target_named("", IDLE);

	(void)state;
	/* What is not set, or cannot be set, is a success. */
	assert_int_equal(IMAX_RemoveSetting(idle, IMAX_SETTING_FIRST_BURST_LENGTH),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMAX_RemoveSetting(idle, IMAX_SETTING_MAX_CONNECTIONS),
			 IMA_STATUS_SUCCESS);
	tree_put(&tree, RECORD, "node.session.iscsi.FirstBurstLength = 4096\n");
	RUN(runs);
	assert_int_equal(IMAX_RemoveSetting(idle, IMAX_SETTING_FIRST_BURST_LENGTH),
			 IMA_STATUS_SUCCESS);
}

static void everything_is_taken_back_in_one_command(void **state)
{
	static const struct run runs[] = {
		{ UPDATE "-n node.session.iscsi.FirstBurstLength -v 131072"
			 " -n node.conn[0].iscsi.HeaderDigest -v None"
			 " -n " AUTH "chap_algs -v MD5",
		  0, NULL, NULL, 0, NULL },
	};
	IMA_OID idle = target_named("", IDLE);
	char text[8192];

	(void)state;
	snprintf(text, sizeof(text),
		 "%snode.session.iscsi.FirstBurstLength = 4096\n"
		 "node.conn[0].iscsi.HeaderDigest = CRC32C\n" AUTH
		 "chap_algs = SHA1\n" AUTH "username = me\n" AUTH
		 "password = my-own-secret\n",
		 tree_text(&tree, RECORD));
	tree_put(&tree, RECORD, text);
	tree_put(&tree, CONFIG,
		 "node.session.iscsi.FirstBurstLength = 131072\n"
		 "node.session.iscsi.MaxOutstandingR2T = 1\n");
	RUN(runs);
	assert_int_equal(IMAX_RemoveSetting(idle, IMAX_SETTING_ALL), IMA_STATUS_SUCCESS);
	assert_lacks(RECORD, AUTH "password");
}

/* --- Looking again ----------------------------------------------------------------------------------- */

#define SCAN   "sys/class/scsi_host/host0/scan"
#define DEVICE "sys/devices/platform/host0/session1/target0:0:0/"

static uint8_t report[24];
static uint32_t report_size;

static int answer(const struct world *world, const char *device, struct scsi_command *c,
		  uint64_t deadline)
{
	(void)world;
	(void)device;
	(void)deadline;
	if (c->length > report_size)
		c->length = report_size;
	memcpy(c->data, report, c->length);
	return 0;
}

/* The target has LUNs 0 to count - 1. */
static void target_reports(uint8_t count)
{
	plugin.world.scsi = answer;
	memset(report, 0, sizeof(report));
	report_size = 8u + 8u * count;
	report[3] = (uint8_t)(8 * count);
	for (uint8_t i = 0; i < count; i++)
		report[8 + 8 * i + 1] = i;
}

static void the_kernel_asks_for_luns_and_sizes_again(void **state)
{
	(void)state;
	target_reports(2);
	assert_int_equal(IMAX_RescanTarget(target_named("", LIO)), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, SCAN), "0 0 -");
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/rescan"), "1");
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/delete"), "");
	/* The session of the other interface is not this target's. */
	assert_string_equal(tree_text(&tree, "sys/class/scsi_host/host2/scan"), "");
	assert_int_equal(IMAX_RescanTarget(lhba_named("ifx")), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, "sys/class/scsi_host/host2/scan"), "0 0 -");
}

static void a_lu_the_target_has_no_more_goes(void **state)
{
	IMA_OID target = target_named("", LIO);

	(void)state;
	target_reports(1);
	assert_int_equal(IMAX_RescanTarget(target), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/delete"), "1");
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:0/delete"), "");
}

static void a_lu_in_use_stays_though_the_target_has_it_no_more(void **state)
{
	(void)state;
	target_reports(1);
	tree_link(&tree, "proc/4711/fd/3", "/dev/sdb");
	tree_put(&tree, "proc/4711/comm", "dd\n");
	assert_int_equal(IMAX_RescanTarget(target_named("", LIO)), IMA_ERROR_LU_IN_USE);
	assert_error_says("dd (process 4711)");
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/delete"), "");
}

/* In this tree what was deleted is there again at once, as it is in the kernel after a scan. */
static void a_lu_that_was_taken_away_stays_away(void **state)
{
	IMA_OID target = target_named("", LIO), lu = lu_numbered(target, 1);

	(void)state;
	target_reports(2);
	assert_int_equal(IMA_UnexposeLu(lu), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/delete"), "1");
	assert_has("var/lib/ima/linux.unexposed", "default " LIO " 1 = unexposed\n");
	tree_put(&tree, DEVICE "0:0:0:1/delete", "");
	assert_int_equal(IMAX_RescanTarget(target), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/delete"), "1");
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:0/delete"), "");
	/* Until it is exposed, even if somebody did that already. */
	assert_int_equal(IMA_ExposeLu(lu), IMA_ERROR_LU_EXPOSED);
	tree_put(&tree, DEVICE "0:0:0:1/delete", "");
	assert_int_equal(IMAX_RescanTarget(target), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, DEVICE "0:0:0:1/delete"), "");
}

static void targets_that_cannot_be_asked_are_told_apart(void **state)
{
	static const char *const states[] = {
		"sys/devices/platform/host0/session1/iscsi_session/session1/state",
		"sys/devices/platform/host1/session2/iscsi_session/session2/state",
	};

	(void)state;
	assert_int_equal(IMAX_RescanTarget(target_named("", IDLE)), IMA_STATUS_SUCCESS);
	tree_put(&tree, states[0], "FAILED\n");
	tree_put(&tree, states[1], "FREE\n");
	assert_int_equal(IMAX_RescanTarget(target_named("", LIO)),
			 IMA_ERROR_TARGET_TIMEOUT);
	assert_error_says("lost");
	plugin.world.privileged = false;
	assert_int_equal(IMAX_RescanTarget(target_named("", LIO)),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_error_says("root");
}

/* A full pipe stands for a kernel that waits for a target. */
static void a_write_that_does_not_end_is_left_at_the_deadline(void **state)
{
	char fill[4096] = "";
	ssize_t n, size = 0;
	int fd;

	(void)state;
	assert_int_equal(mkfifoat(tree.fd, "pipe", 0600), 0);
	fd = openat(tree.fd, "pipe", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(slow_write(tree.fd, "pipe", "word", host_now() + 10000000000u),
			 0);
	while ((n = write(fd, fill, sizeof(fill))) > 0)
		size += n;
	while ((n = write(fd, fill, 1)) > 0)
		size += n;
	assert_int_equal(slow_write(tree.fd, "pipe", "word", host_now() + 20000000u),
			 -ETIMEDOUT);
	/* The thread that was left behind goes on as soon as it can: both words arrive. */
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
	for (size += 8; size; size -= n) {
		n = read(fd, fill,
			 (size_t)size < sizeof(fill) ? (size_t)size : sizeof(fill));
		assert_true(n > 0);
	}
	close(fd);
	assert_int_equal(slow_write(tree.fd, "nothing", "1", host_now() + 1000000000u),
			 -ENOENT);
}

#define SETTING_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTING_TEST(a_target_has_a_name_and_secret_of_its_own),
		SETTING_TEST(targets_begin_and_end_chap_with_their_lhba),
		SETTING_TEST(every_portal_of_a_target_gets_its_secret),
		SETTING_TEST(a_target_proves_itself_with_another_secret),
		SETTING_TEST(discovery_has_a_name_and_secret_of_its_own),
		SETTING_TEST(who_may_not_read_secrets_sees_none_and_sets_none),
		SETTING_TEST(algorithms_are_a_list_in_order),
		SETTING_TEST(digests_are_offered_to_all_or_to_one),
		SETTING_TEST(a_setting_that_is_taken_back_is_that_of_the_lhba),
		SETTING_TEST(everything_is_taken_back_in_one_command),
		SETTING_TEST(the_kernel_asks_for_luns_and_sizes_again),
		SETTING_TEST(a_lu_the_target_has_no_more_goes),
		SETTING_TEST(a_lu_in_use_stays_though_the_target_has_it_no_more),
		SETTING_TEST(a_lu_that_was_taken_away_stays_away),
		SETTING_TEST(targets_that_cannot_be_asked_are_told_apart),
		SETTING_TEST(a_write_that_does_not_end_is_left_at_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
