// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * live.c - the engine against a real target; run by tests/support/tgtd.py, which says where
 * it is in TGTD_PORTAL and TGTD_PORTAL6.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"
#include "iscsi/wire.h"
#include "tests/iscsi/client.h"

#define OPEN_TARGET "iqn.2003-01.org.example:open"
#define CHAP_TARGET "iqn.2003-01.org.example:chap"
#define BOTH_TARGET "iqn.2003-01.org.example:mutual"

static const char *portal;

static void connect_to(struct client *client, const char *target)
{
	client_init(client, portal, target);
}

static void expect(struct client *client, int result)
{
	if (result)
		fail_msg("%s", client->error.text);
}

static void log_in(struct client *client, const char *target)
{
	connect_to(client, target);
	expect(client, client_login(client));
}

static void log_out(struct client *client)
{
	expect(client, client_logout(client));
	client_free(client);
}

/* The first command of a session is answered with UNIT ATTENTION by each LU. */
static void wake_up(struct client *client, uint8_t lun)
{
	struct iscsi_task task;

	for (int i = 0; i < 3; i++) {
		memset(&task, 0, sizeof(task));
		scsi_test_unit_ready(&task);
		task.lun[1] = lun;
		expect(client, client_command(client, &task));
		if (task.status == SCSI_GOOD)
			return;
		assert_int_equal(task.status, SCSI_CHECK_CONDITION);
		assert_int_equal(scsi_sense_decode(task.sense, task.sense_length).key, 6);
	}
	fail_msg("LU %u does not become ready", lun);
}

struct targets {
	unsigned int count;
	bool open, chap;
	size_t portals;
};

static void note_target(const struct iscsi_found *found, void *user)
{
	struct targets *targets = user;

	targets->count++;
	targets->open |= !strcmp(found->name, OPEN_TARGET);
	targets->chap |= !strcmp(found->name, CHAP_TARGET);
	targets->portals += found->portal_count;
	for (size_t i = 0; i < found->portal_count; i++)
		assert_int_equal(found->portals[i].tag, 1);
}

static void a_discovery_session_lists_all_targets(void **state)
{
	struct client client;
	struct targets targets = { 0 };

	(void)state;
	log_in(&client, NULL);
	client.found = note_target;
	client.user = &targets;
	expect(&client, client_discover(&client, NULL));
	assert_int_equal(targets.count, 3);
	assert_true(targets.open && targets.chap);
	assert_true(targets.portals >= 3);
	log_out(&client);
}

static void a_login_negotiates_every_key(void **state)
{
	struct client client;
	const struct iscsi_result *result;

	(void)state;
	connect_to(&client, OPEN_TARGET);
	client.config.params.value[ISCSI_MAX_BURST_LENGTH] = 131072;
	client.config.params.value[ISCSI_FIRST_BURST_LENGTH] = 32768;
	client.config.params.value[ISCSI_DEFAULT_TIME2WAIT] = 7;
	expect(&client, client_login(&client));
	result = iscsi_session_result(client.session);
	/* tgtd takes 8192 bytes, which need not be declared. */
	assert_int_equal(result->answered | 1U << ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH,
			 (1U << ISCSI_PARAM_COUNT) - 1);
	assert_int_equal(result->params.value[ISCSI_MAX_BURST_LENGTH], 131072);
	assert_int_equal(result->params.value[ISCSI_FIRST_BURST_LENGTH], 32768);
	assert_int_equal(result->params.value[ISCSI_DEFAULT_TIME2WAIT], 7);
	assert_int_equal(result->params.value[ISCSI_HEADER_DIGEST], ISCSI_DIGEST_NONE);
	assert_int_equal(result->target_max_recv_data_segment_length, 8192);
	assert_int_not_equal(result->tsih, 0);
	assert_int_equal(result->portal_group_tag, 1);
	assert_int_equal(result->auth_method, ISCSI_AUTH_NONE);
	log_out(&client);
}

static void inquire(struct client *client, uint64_t lun, int page, uint8_t *data,
		    uint16_t size, struct iscsi_task *task)
{
	memset(task, 0, sizeof(*task));
	scsi_inquiry(task, page, size);
	assert_int_equal(scsi_lun_encode(lun, task->lun), 0);
	task->in = data;
	task->in_length = size;
	expect(client, client_command(client, task));
	assert_int_equal(task->status, SCSI_GOOD);
}

static void inquiry_returns_standard_data_and_pages(void **state)
{
	struct client client;
	struct iscsi_task task;
	uint8_t data[255];

	(void)state;
	log_in(&client, OPEN_TARGET);
	inquire(&client, 1, -1, data, sizeof(data), &task);
	assert_int_equal(data[0], 0);
	assert_memory_equal(data + 8, "IET     ", 8);
	assert_true(task.transferred >= 36 && task.transferred < 255);
	assert_int_equal(task.residual, 255 - task.transferred);
	assert_false(task.overflow);
	inquire(&client, 1, 0x83, data, sizeof(data), &task);
	assert_int_equal(data[1], 0x83);
	inquire(&client, 0, -1, data, 36, &task);
	assert_int_equal(data[0] & 0x1f, 0x0c); /* tgtd's controller */
	log_out(&client);
}

static void read_capacity_agrees_in_both_sizes(void **state)
{
	struct client client;
	struct iscsi_task ten = { 0 }, sixteen = { 0 };
	uint8_t small[8], large[32];

	(void)state;
	log_in(&client, OPEN_TARGET);
	wake_up(&client, 2);
	ten.lun[1] = sixteen.lun[1] = 2;
	scsi_read_capacity_10(&ten);
	ten.in = small;
	ten.in_length = sizeof(small);
	expect(&client, client_command(&client, &ten));
	scsi_read_capacity_16(&sixteen, sizeof(large));
	sixteen.in = large;
	sixteen.in_length = sizeof(large);
	expect(&client, client_command(&client, &sixteen));
	assert_int_equal(get32(small), (32U << 20) / 512 - 1);
	assert_int_equal(get64(large), get32(small));
	assert_int_equal(get32(large + 8), 512);
	log_out(&client);
}

static void report_luns_lists_them(void **state)
{
	struct client client;
	struct iscsi_task task = { 0 };
	uint8_t list[256];

	(void)state;
	log_in(&client, OPEN_TARGET);
	scsi_report_luns(&task, SCSI_REPORT_LUS, sizeof(list));
	task.in = list;
	task.in_length = sizeof(list);
	expect(&client, client_command(&client, &task));
	assert_int_equal(task.status, SCSI_GOOD);
	assert_int_equal(get32(list), 3 * 8);
	assert_int_equal(task.transferred, 8 + 3 * 8);
	log_out(&client);
}

static void the_well_known_lu_answers_with_sense_data(void **state)
{
	struct client client;
	struct iscsi_task task = { 0 };
	struct scsi_sense sense;
	uint8_t list[64];

	(void)state;
	log_in(&client, OPEN_TARGET);
	scsi_report_luns(&task, SCSI_REPORT_LUS, sizeof(list));
	memcpy(task.lun, scsi_well_known_report_luns, 8);
	task.in = list;
	task.in_length = sizeof(list);
	expect(&client, client_command(&client, &task));
	assert_int_equal(task.status, SCSI_CHECK_CONDITION);
	assert_true(task.sense_length >= 18);
	sense = scsi_sense_decode(task.sense, task.sense_length);
	assert_true(sense.valid);
	assert_int_equal(sense.key, 5);
	assert_int_equal(sense.asc, 0x25);
	log_out(&client);
}

static void read_back(struct client *client, const uint8_t *expected, uint32_t blocks)
{
	struct iscsi_task task = { 0 };
	uint8_t *data = test_malloc(blocks * 512U);

	task.lun[1] = 1;
	task.cdb[0] = 0x28; /* READ(10) */
	task.cdb_length = 10;
	put32(task.cdb + 2, 8);
	put16(task.cdb + 7, (uint16_t)blocks);
	task.in = data;
	task.in_length = blocks * 512;
	expect(client, client_command(client, &task));
	assert_int_equal(task.status, SCSI_GOOD);
	assert_int_equal(task.transferred, blocks * 512);
	assert_memory_equal(data, expected, blocks * 512);
	test_free(data);
}

static void write_blocks(struct client *client, const uint8_t *data, uint32_t blocks)
{
	struct iscsi_task task = { 0 };

	task.lun[1] = 1;
	task.cdb[0] = 0x2a; /* WRITE(10) */
	task.cdb_length = 10;
	put32(task.cdb + 2, 8);
	put16(task.cdb + 7, (uint16_t)blocks);
	task.out = data;
	task.out_length = blocks * 512;
	expect(client, client_command(client, &task));
	assert_int_equal(task.status, SCSI_GOOD);
	assert_int_equal(task.transferred, blocks * 512);
}

/* Every way data can go: immediate, unsolicited, solicited; with and without digests. */
static void what_is_written_is_read_back(void **state)
{
	static const struct {
		uint32_t initial_r2t, immediate, digests;
	} ways[] = { { 0, 1, 0 }, { 1, 1, 0 }, { 0, 0, 0 },
		     { 1, 0, 0 }, { 0, 1, 1 }, { 1, 0, 1 } };
	const uint32_t blocks = 1024; /* more than MaxBurstLength */
	uint8_t *data = test_malloc(blocks * 512);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct client client;
		uint32_t *value = client.config.params.value;

		connect_to(&client, OPEN_TARGET);
		value[ISCSI_INITIAL_R2T] = ways[i].initial_r2t;
		value[ISCSI_IMMEDIATE_DATA] = ways[i].immediate;
		value[ISCSI_HEADER_DIGEST] = ways[i].digests;
		value[ISCSI_DATA_DIGEST] = ways[i].digests;
		value[ISCSI_FIRST_BURST_LENGTH] = 32768;
		value[ISCSI_MAX_BURST_LENGTH] = 65536;
		expect(&client, client_login(&client));
		assert_int_equal(iscsi_session_result(client.session)
					 ->params.value[ISCSI_DATA_DIGEST],
				 ways[i].digests);
		wake_up(&client, 1);
		for (uint32_t at = 0; at < blocks * 512; at++)
			data[at] = (uint8_t)(at * 31 + at / 512 + i);
		write_blocks(&client, data, blocks);
		read_back(&client, data, blocks);
		log_out(&client);
	}
	test_free(data);
}

static void with_chap(struct client *client, const char *target, const char *secret)
{
	connect_to(client, target);
	client->config.auth.name = "user";
	client->config.auth.secret = secret;
	client->config.auth.secret_length = strlen(secret);
}

static void chap_lets_in_who_knows_the_secret(void **state)
{
	struct client client;

	(void)state;
	with_chap(&client, CHAP_TARGET, "secretsecret12");
	expect(&client, client_login(&client));
	assert_int_equal(iscsi_session_result(client.session)->auth_method,
			 ISCSI_AUTH_CHAP);
	assert_int_equal(iscsi_session_result(client.session)->chap_algorithm,
			 ISCSI_CHAP_MD5);
	log_out(&client);
}

static void mutual_chap_checks_the_target_too(void **state)
{
	struct client client;

	(void)state;
	with_chap(&client, BOTH_TARGET, "secretsecret12");
	client.config.auth.target_name = "target";
	client.config.auth.target_secret = "targetsecret34";
	client.config.auth.target_secret_length = 14;
	expect(&client, client_login(&client));
	assert_int_equal(iscsi_session_result(client.session)->auth_method,
			 ISCSI_AUTH_CHAP_MUTUAL);
	log_out(&client);

	with_chap(&client, BOTH_TARGET, "secretsecret12");
	client.config.auth.target_secret = "anothersecret5";
	client.config.auth.target_secret_length = 14;
	assert_int_equal(client_login(&client), -1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_AUTH);
	assert_string_equal(client.error.key, "CHAP_R");
	client_free(&client);
}

static void a_wrong_secret_is_refused_with_its_status(void **state)
{
	struct client client;

	(void)state;
	with_chap(&client, CHAP_TARGET, "not the secret");
	assert_int_equal(client_login(&client), -1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_LOGIN);
	assert_true(client.error.status_valid);
	assert_int_equal(client.error.status_class, 2);
	assert_int_equal(client.error.status_detail, 1);
	assert_null(strstr(client.error.text, "not the secret"));
	client_free(&client);
}

static void no_authentication_where_it_is_required_is_refused(void **state)
{
	struct client client;

	(void)state;
	connect_to(&client, CHAP_TARGET);
	assert_int_equal(client_login(&client), -1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_LOGIN);
	assert_int_equal(client.error.status_class, 2);
	client_free(&client);
}

static void an_unknown_target_is_not_found(void **state)
{
	struct client client;

	(void)state;
	connect_to(&client, "iqn.2003-01.org.example:nobody");
	assert_int_equal(client_login(&client), -1);
	assert_true(client.error.status_valid);
	assert_int_equal(client.error.status_class, 2);
	assert_int_equal(client.error.status_detail, 3);
	client_free(&client);
}

static void a_session_can_log_in_again(void **state)
{
	struct client client;

	(void)state;
	connect_to(&client, OPEN_TARGET);
	for (int i = 0; i < 3; i++) {
		expect(&client, client_login(&client));
		expect(&client, client_logout(&client));
	}
	assert_int_equal(iscsi_session_counters(client.session)->logins, 3);
	client_free(&client);
}

static void ipv6_works_like_ipv4(void **state)
{
	const char *portal6 = getenv("TGTD_PORTAL6");
	struct client client;

	(void)state;
	if (!portal6)
		skip();
	client_init(&client, portal6, OPEN_TARGET);
	expect(&client, client_login(&client));
	log_out(&client);
}

static void a_name_is_resolved(void **state)
{
	struct client client;
	char named[64];

	(void)state;
	snprintf(named, sizeof(named), "localhost%s", strrchr(portal, ':'));
	client_init(&client, named, OPEN_TARGET);
	expect(&client, client_login(&client));
	log_out(&client);
}

static void a_port_nobody_listens_on_refuses_the_connection(void **state)
{
	struct client client;

	(void)state;
	client_init(&client, "127.0.0.1:1", OPEN_TARGET);
	assert_int_equal(client_login(&client), -1);
	assert_int_equal(client.error.kind, ISCSI_FAILED_CONNECT);
	assert_int_equal(client.error.error, -ECONNREFUSED);
	client_free(&client);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_discovery_session_lists_all_targets),
		cmocka_unit_test(a_login_negotiates_every_key),
		cmocka_unit_test(inquiry_returns_standard_data_and_pages),
		cmocka_unit_test(read_capacity_agrees_in_both_sizes),
		cmocka_unit_test(report_luns_lists_them),
		cmocka_unit_test(the_well_known_lu_answers_with_sense_data),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(chap_lets_in_who_knows_the_secret),
		cmocka_unit_test(mutual_chap_checks_the_target_too),
		cmocka_unit_test(a_wrong_secret_is_refused_with_its_status),
		cmocka_unit_test(no_authentication_where_it_is_required_is_refused),
		cmocka_unit_test(an_unknown_target_is_not_found),
		cmocka_unit_test(a_session_can_log_in_again),
		cmocka_unit_test(ipv6_works_like_ipv4),
		cmocka_unit_test(a_name_is_resolved),
		cmocka_unit_test(a_port_nobody_listens_on_refuses_the_connection),
	};

	portal = getenv("TGTD_PORTAL");
	if (!portal)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
