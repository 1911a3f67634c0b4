// SPDX-License-Identifier: LGPL-2.1-or-later
/* Logical units that come and go while this process is logged in, at tgtd. */
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

static void tgtadm(const char *words)
{
	char command[4096];

	assert_true(snprintf(command, sizeof(command), "%s --mode logicalunit --tid 1 %s",
			     getenv("TGTD_ADMIN"), words) < (int)sizeof(command));
	run(command);
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

/* As libiscsi sees them; -1: it is not installed. */
static int count_theirs(void)
{
	char command[512], line[512];
	int count = 0;
	FILE *pipe;

	if (system("command -v iscsi-ls > /dev/null") != 0)
		return -1;
	snprintf(command, sizeof(command), "iscsi-ls --show-luns iscsi://%s",
		 getenv("TGTD_PORTAL"));
	pipe = popen(command, "re");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe))
		count += !strncmp(line, "Lun:", 4);
	assert_int_equal(pclose(pipe), 0);
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

static void read_capacity(IMA_OID target, const char *lun, const char *data)
{
	IMA_BYTE read[8];
	IMA_UINT length = sizeof(read);
	IMA_OID oid;

	assert_ok(IMA_GetLuOidFromBytes(target, (const IMA_BYTE *)lun, &oid));
	assert_ok(IMA_LuReadCapacity(oid, 10, read, &length, NULL, NULL));
	assert_memory_equal(read, data, sizeof(read));
}

/* A command is what the target answers with REPORTED LUNS DATA HAS CHANGED. */
static void both_see(IMA_OID target, unsigned int count)
{
	int theirs = count_theirs();

	read_capacity(target, "\x00\x01\0\0\0\0\0\0", "\x00\x00\x7f\xff\x00\x00\x02\x00");
	wait_for_lus(count);
	assert_int_equal(count_lus(target), count);
	if (theirs >= 0)
		assert_int_equal(theirs, count);
}

static void luns_come_and_go_while_logged_in(void **state)
{
	IMA_OID target;

	(void)state;
	add_address(getenv("TGTD_PORTAL"));
	assert_int_equal(discover(lhba()), 1);
	target = find_target(NAME);
	assert_ok(IMA_RegisterForObjectVisibilityChanges(on_visibility));
	assert_ok(IMAX_LoginTarget(target));
	both_see(target, 2);
	run("truncate --size=8M \"$TGTD_FOLDER/added\"");
	tgtadm("--op new --lun 300 -b \"$TGTD_FOLDER/added\"");
	both_see(target, 3);
	read_capacity(target, "\x41\x2c\0\0\0\0\0\0", "\x00\x00\x3f\xff\x00\x00\x02\x00");
	tgtadm("--op delete --lun 300");
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
