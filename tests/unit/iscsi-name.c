// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is an iSCSI name, and the name that is made up for this system. */
#include "unit.h"

#include <errno.h>

#include "config.h"
#include "shared/iscsi-name.h"
#include "shared/node-name.h"

static const struct {
	const char *name;
	const char *why; /* a part of it; NULL: valid */
} names[] = {
	{ "iqn.2001-04.com.example", NULL },
	{ "iqn.2001-04.com.example:storage.disk2.sys1.xyz", NULL },
	{ "iqn.2001-12.com.ex-ample:", NULL },
	{ "IQN.2001-04.com.Example:Upper", NULL },
	{ "iqn.2003-01.org.linux-iscsi:host_name.x8664:sn.1", NULL },
	{ "iqn.2001-04.com.example:\xe4\xbe\x8b", NULL },
	{ "eui.02004567A425678D", NULL },
	{ "naa.52004567BA64678D", NULL },
	{ "naa.62004567ba64678d0123456789abcdef", NULL },
	{ "", "is empty" },
	{ "iqn", "does not begin" },
	{ "iqx.2001-04.com.example", "does not begin" },
	{ "iqn.2001-04", "date" },
	{ "iqn.2001-00.com.example", "date" },
	{ "iqn.2001-13.com.example", "date" },
	{ "iqn.01-04.com.example", "date" },
	{ "iqn.2001x04.com.example", "date" },
	{ "iqn.2001-04.", "authority" },
	{ "iqn.2001-04.:x", "authority" },
	{ "iqn.2001-04.com.:x", "authority" },
	{ "iqn.2001-04.com..example", "empty label" },
	{ "iqn.2001-04.com.my_company", "underscore" },
	{ "iqn.2001-04.com.example:a b", "character" },
	{ "iqn.2001-04.com.example:a/b", "character" },
	{ "iqn.2001-04.com.example:a\tb", "character" },
	{ "iqn.2001-04.com.example:a\xe3\x80\x80z", "character" },
	{ "iqn.2001-04.com.example:\xff", "UTF-8" },
	{ "eui.02004567A425678", "16" },
	{ "eui.02004567A425678DD", "16" },
	{ "eui.02004567A425678G", "16" },
	{ "naa.52004567BA64678", "16 or 32" },
	{ "naa.", "16 or 32" },
};

static void names_are_accepted_or_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *why;
		int err = iscsi_name_check(names[i].name, &why);

		print_message("# %s\n", names[i].name);
		assert_int_equal(err, names[i].why ? -EINVAL : 0);
		assert_int_equal(iscsi_name_check(names[i].name, NULL), err);
		if (names[i].why)
			assert_non_null(strstr(why, names[i].why));
		else
			assert_null(why);
	}
}

static void a_name_has_at_most_223_bytes(void **state)
{
	char name[ISCSI_NAME_MAX + 2];
	const char *why;

	(void)state;
	memset(name, 'a', sizeof(name));
	memcpy(name, "iqn.2001-04.com.example:", 24);
	name[ISCSI_NAME_MAX] = 0;
	assert_int_equal(iscsi_name_check(name, NULL), 0);
	name[ISCSI_NAME_MAX] = 'a';
	name[ISCSI_NAME_MAX + 1] = 0;
	assert_int_equal(iscsi_name_check(name, &why), -ENAMETOOLONG);
	assert_non_null(strstr(why, "223"));
}

static const struct node_name_source *source(const char *id)
{
	static struct node_name_source source;

	if (id)
		write_text(in_folder("machine-id"), id);
	mkdir(in_folder("net"), 0700);
	source.machine_id = in_folder("machine-id");
	source.net = in_folder("net");
	return &source;
}

static void add_adapter(const char *name, const char *address)
{
	char file[64];

	snprintf(file, sizeof(file), "net/%s", name);
	mkdir(in_folder("net"), 0700);
	mkdir(in_folder(file), 0700);
	snprintf(file, sizeof(file), "net/%s/address", name);
	write_text(in_folder(file), address);
}

static void the_generated_name_follows_from_the_machine_id(void **state)
{
	static const char id[] = "0123456789abcdef0123456789abcdef\n";
	char a[ISCSI_NAME_MAX + 1], b[ISCSI_NAME_MAX + 1];

	(void)state;
	assert_int_equal(node_name_generate(source(id), a), 0);
	assert_int_equal(node_name_generate(source(id), b), 0);
	assert_string_equal(a, b);
	assert_int_equal(iscsi_name_check(a, NULL), 0);
	assert_int_equal(
		strncmp(a, IMA_NAMING_AUTHORITY ":", sizeof(IMA_NAMING_AUTHORITY)), 0);
	assert_int_equal(strlen(a), sizeof(IMA_NAMING_AUTHORITY) + 32);
	for (const char *p = a; *p; p++)
		assert_false(*p >= 'A' && *p <= 'Z');
	/* The id itself is nobody's business. */
	assert_null(strstr(a, "0123456789abcdef"));
	assert_int_equal(
		node_name_generate(source("1123456789abcdef0123456789abcdef\n"), b), 0);
	assert_string_not_equal(a, b);
}

static void without_a_machine_id_the_adapters_count(void **state)
{
	static const char *const bad[] = { NULL, "", "uninitialized\n",
					   "00000000000000000000000000000000\n",
					   "0123456789\n" };
	char a[ISCSI_NAME_MAX + 1], b[ISCSI_NAME_MAX + 1];

	(void)state;
	add_adapter("lo", "00:00:00:00:00:00\n");
	add_adapter("eth0", "52:54:00:12:34:56\n"); /* made up locally */
	add_adapter("eth1", "00:1b:21:00:00:02\n");
	assert_int_equal(node_name_generate(source(NULL), a), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(node_name_generate(source(bad[i]), b), 0);
		assert_string_equal(a, b);
	}
	add_adapter("zzz", "00:1b:21:00:00:03\n");
	assert_int_equal(node_name_generate(source(NULL), b), 0);
	assert_string_equal(a, b);
	add_adapter("aaa", "00:1b:21:00:00:01\n");
	assert_int_equal(node_name_generate(source(NULL), b), 0);
	assert_string_not_equal(a, b);
}

static void without_anything_the_name_is_random_but_kept(void **state)
{
	char a[ISCSI_NAME_MAX + 1], b[ISCSI_NAME_MAX + 1];

	(void)state;
	assert_int_equal(node_name_generate(source(NULL), a), 0);
	assert_int_equal(iscsi_name_check(a, NULL), 0);
	assert_int_equal(node_name_generate(source(NULL), b), 0);
	assert_string_equal(a, b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_accepted_or_refused_with_a_reason),
		cmocka_unit_test(a_name_has_at_most_223_bytes),
		folder_test(the_generated_name_follows_from_the_machine_id),
		folder_test(without_a_machine_id_the_adapters_count),
		folder_test(without_anything_the_name_is_random_but_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
