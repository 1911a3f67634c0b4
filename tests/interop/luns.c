// SPDX-License-Identifier: LGPL-2.1-or-later
/* Logical units that come and go while this process is logged in; interop.py says at what. */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

#define NAME "iqn.2003-01.org.example:one"

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

static unsigned int count_lus(IMA_OID target)
{
	IMA_OID_LIST *list;
	unsigned int n;

	assert_ok(IMA_GetLuOidList(target, &list));
	n = (unsigned int)list->oidCount;
	assert_ok(IMA_FreeMemory(list));
	return n;
}

/* Of those iscsi-ls prints; -1: it gave up. */
static int count_printed(void)
{
	char command[512], line[512];
	int count = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "iscsi-ls --show-luns iscsi://%s",
		 getenv("TARGET_PORTAL"));
	pipe = popen(command, "re");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe))
		count += !strncmp(line, "Lun:", 4);
	return pclose(pipe) ? -1 : count;
}

/*
 * As libiscsi sees them; -1: it is not installed. It gives up when a LU tells of the change; the
 * next time that LU does not.
 */
static int count_theirs(void)
{
	int count = -1;

	if (system("command -v iscsi-ls > /dev/null") != 0)
		return -1;
	for (int tries = 0; count < 0 && tries < 5; tries++)
		count = count_printed();
	assert_true(count >= 0);
	return count;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned int visible_lus;

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	if (oid.objectType == IMA_OBJECT_TYPE_LU)
		visible_lus += visible ? 1 : -1U;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void wait_for_lus(unsigned int count)
{
	pthread_mutex_lock(&lock);
	while (visible_lus != count)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

/* Which LU that is: targets have more than one way to write a LUN above 255. */
static IMA_OID find_lu(IMA_OID target, IMA_UINT64 lun)
{
	IMA_LU_PROPERTIES properties;
	IMA_OID found = { 0 };
	IMA_OID_LIST *list;

	assert_ok(IMA_GetLuOidList(target, &list));
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_ok(IMA_GetLuProperties(list->oids[i], &properties));
		if ((properties.targetLun & 0x3fff) == lun)
			found = list->oids[i];
	}
	assert_ok(IMA_FreeMemory(list));
	assert_int_equal(found.objectType, IMA_OBJECT_TYPE_LU);
	return found;
}

static void assert_capacity(IMA_OID target, IMA_UINT64 lun, unsigned int megabytes)
{
	IMA_UINT32 last = megabytes * 2048 - 1;
	IMA_BYTE read[8];
	IMA_UINT length = sizeof(read);

	assert_ok(
		IMA_LuReadCapacity(find_lu(target, lun), 10, read, &length, NULL, NULL));
	assert_int_equal(
		(IMA_UINT32)read[0] << 24 | read[1] << 16 | read[2] << 8 | read[3], last);
}

/* A command is what the target answers with REPORTED LUNS DATA HAS CHANGED. */
static void both_see(IMA_OID target, unsigned int count)
{
	int theirs = count_theirs();

	assert_capacity(target, 1, 16);
	wait_for_lus(count);
	assert_int_equal(count_lus(target), count);
	if (theirs >= 0)
		assert_int_equal(theirs, count);
}

static void luns_come_and_go_while_logged_in(void **state)
{
	IMA_OID target;

	(void)state;
	add_address(getenv("TARGET_PORTAL"));
	assert_int_equal(discover(lhba()), 1);
	target = find_target(NAME);
	assert_ok(IMA_RegisterForObjectVisibilityChanges(on_visibility));
	assert_ok(IMAX_LoginTarget(target));
	both_see(target, 2);
	run("LUN=300; eval \"$TARGET_ADD_LUN\"");
	both_see(target, 3);
	assert_capacity(target, 300, 8);
	run("LUN=300; eval \"$TARGET_REMOVE_LUN\"");
	both_see(target, 2);
	assert_ok(IMAX_LogoutTarget(target));
	wait_for_lus(0);
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(luns_come_and_go_while_logged_in, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
