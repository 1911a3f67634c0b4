// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parser.c - what a scenario may say, and what is said about one that is wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "command.h"
#include "machine.h"
#include "state.h"

static struct identities identities;

static struct model *build(const char *text, size_t length, struct problem *problem)
{
	*problem = (struct problem){ 0 };
	assert_int_equal(identities_init(&identities), 0);
	return machine_build(&identities, text, length, "s", NULL, 0, problem);
}

static void drop(struct model *model)
{
	model_free(model);
	identities_free(&identities);
}

/* --- errors ---------------------------------------------------------------------------------- */

struct row {
	const char *text, *problem;
};

#define TARGET "target iqn.2026-01.x:t add\n"

static const struct row errors[] = {
	/* characters and words */
	{ "lhba a add\001", "s:1: control character 0x01" },
	{ "\n\nlhba a\177 add", "s:3: control character 0x7f" },
	{ "# fine\nnode a add alias=\xff", "s:2: not UTF-8" },
	{ "node a add alias=\xc0\x80", "s:1: not UTF-8" },
	{ "lhba a add\r", "s:1: control character 0x0d" },
	{ "node a add alias=\"x", "s:1: missing closing quote" },
	{ "node a add\n\talias=\"x\ny\"", "s:2: missing closing quote" },
	{ "node a add alias=\"x\"y", "s:1: text follows the closing quote" },
	{ "node a add alias=\"\\x\"",
	  "s:1: a backslash stands before a quote or a backslash only" },
	{ "node a add \"\"", "s:1: empty word" },
	{ "node a add =x", "s:1: empty word" },
	{ "  lhba a add", "s:1: continues nothing: a statement begins in column 1" },
	{ "lhba a add\n\n  sendtargets=no",
	  "s:3: continues nothing: a statement begins in column 1" },
	{ "# x\n  # y\n\tlhba a add",
	  "s:3: continues nothing: a statement begins in column 1" },
	/* statements */
	{ "lhbas a add", "s:1: 'lhbas' is neither a command nor a kind of object" },
	{ "x=y", "s:1: 'x' is neither a command nor a kind of object" },
	{ "session a add", "s:1: 'session' is neither a command nor a kind of object" },
	{ "lhba", "s:1: expected: lhba NAME VERB [PROPERTY=VALUE]..." },
	{ "lhba a", "s:1: expected: lhba NAME VERB [PROPERTY=VALUE]..." },
	{ "lhba a=b add", "s:1: expected: lhba NAME VERB [PROPERTY=VALUE]..." },
	{ "machine", "s:1: expected: machine set [PROPERTY=VALUE]..." },
	{ "machine add", "s:1: machine has no verb 'add'" },
	{ "machine later mode=file", "s:1: machine has no verb 'later'" },
	{ "machine remove", "s:1: a machine cannot be removed" },
	{ "lhba a! add", "s:1: 'a!' cannot be the name of a lhba" },
	{ "lhba a/b add", "s:1: 'a/b' cannot be the name of a lhba" },
	{ "target disk add", "s:1: 'disk' cannot be the name of a target" },
	{ "target iqn.2026-13.x add",
	  "s:1: 'iqn.2026-13.x' cannot be the name of a target" },
	{ "lhba a add\nlhba a add", "s:2: there is already a lhba a" },
	{ "lhba a set sendtargets=no", "s:1: there is no lhba a" },
	{ "lhba a add\nlhba a lose", "s:2: lhba has no verb 'lose'" },
	{ TARGET "target iqn.2026-01.x:t lose now", "s:2: nothing follows lose" },
	{ TARGET "target iqn.2026-01.x:t remove now", "s:2: nothing follows remove" },
	{ "pnp a add", "s:1: 'a' cannot be the name of a pnp" },
	{ "pnp a/b add", "s:1: pnp a/b: what stands before the last '/' is not there" },
	{ TARGET "lu iqn.2026-01.x:t/x add",
	  "s:2: 'iqn.2026-01.x:t/x' cannot be the name of a lu" },
	{ TARGET "lu iqn.2026-01.x:t/-1 add",
	  "s:2: 'iqn.2026-01.x:t/-1' cannot be the name of a lu" },
	{ TARGET "lu iqn.2026-01.x:t/0 add\npage iqn.2026-01.x:t/0/0x100 add",
	  "s:3: 'iqn.2026-01.x:t/0/0x100' cannot be the name of a page" },
	{ "lhba a add\ndiscovery a/1.2.3.4:0 add",
	  "s:2: 'a/1.2.3.4:0' cannot be the name of a discovery" },
	{ "lhba a add\ndiscovery a/1.2.3.4:x add",
	  "s:2: 'a/1.2.3.4:x' cannot be the name of a discovery" },
	{ "lhba a add\nstatic a/1.2.3.4:3260 add",
	  "s:2: 'a/1.2.3.4:3260' cannot be the name of a static" },
	{ "lhba a add\nstatic a/disk@1.2.3.4:3260 add",
	  "s:2: 'a/disk@1.2.3.4:3260' cannot be the name of a static" },
	{ "lhba a add\nfound a/iqn.2026-01.x:t add",
	  "s:2: there is no found a/iqn.2026-01.x:t" },
	{ "network n add\nphba p add\npnp p/a add network=n\nnetwork n remove",
	  "s:4: network n is used by pnp a" },
	{ "phba p add\npnp p/a add\nlnp l add pnps=p/a\nphba p remove",
	  "s:4: phba p is used by lnp l" },
	/* properties */
	{ "lhba a add x", "s:1: expected PROPERTY=VALUE, not 'x'" },
	{ "lhba a add x=y", "s:1: lhba has no property 'x'" },
	{ "lhba a add sendtargets=no\n\tsendtargets=no",
	  "s:2: sendtargets stands there twice" },
	{ "lhba a add lu-exposing=maybe",
	  "s:1: lu-exposing: expected yes or no, not 'maybe'" },
	{ "lhba a add lu-exposing=unknown",
	  "s:1: lu-exposing: expected yes or no, not 'unknown'" },
	{ "lhba a add slp=maybe", "s:1: slp: expected yes, no or unknown, not 'maybe'" },
	{ "phba a add max-cdb-length=65536",
	  "s:1: max-cdb-length: expected a number from 0 to 65535, not '65536'" },
	{ "phba a add max-cdb-length=",
	  "s:1: max-cdb-length: expected a number from 0 to 65535, not ''" },
	{ "phba a add max-cdb-length=K",
	  "s:1: max-cdb-length: expected a number from 0 to 65535, not 'K'" },
	{ TARGET "lu iqn.2026-01.x:t/0 add size=99999999T",
	  "s:2: size: expected a number from 0 to 4611686018427387904, not '99999999T'" },
	{ TARGET "lu iqn.2026-01.x:t/0 add size=-1",
	  "s:2: size: expected a number from 0 to 4611686018427387904, not '-1'" },
	{ "machine set mode=tape", "s:1: mode: expected one of memory file, not 'tape'" },
	{ "lhba a add discovery=isns,foo",
	  "s:1: discovery: expected none, or some of isns slp static sendtargets, not "
	  "'isns,foo'" },
	{ "lhba a add discovery=isns,", "s:1: discovery: expected none, or some of isns "
					"slp static sendtargets, not 'isns,'" },
	{ "lhba a add reboot-needed=download",
	  "s:1: reboot-needed: expected none, or some of name alias keys auth-methods "
	  "auth-parms "
	  "discovery addresses static-targets exposing statistics ip-method mask gateway "
	  "dns "
	  "address download, not 'download'" },
	{ "node a add name=disk", "s:1: name: expected an iSCSI name, not 'disk'" },
	{ "machine set clock-start=2026-02-30T00:00:00Z",
	  "s:1: clock-start: expected a time such as 2026-01-31T23:59:00Z, not "
	  "'2026-02-30T00:00:00Z'" },
	{ "phba p add\npnp p/a add mac=02:00:00:00:00",
	  "s:2: mac: expected a MAC address such as 02:00:00:00:00:01, not "
	  "'02:00:00:00:00'" },
	{ "phba p add\npnp p/a add mask=1.2.3",
	  "s:2: mask: expected an IP address or none, not '1.2.3'" },
	{ "lhba a add isns-host=[::1",
	  "s:1: isns-host: expected HOST:PORT, [ADDRESS]:PORT or none, not '[::1'" },
	{ "target iqn.2026-01.x:t add portals=1.2.3.4:0",
	  "s:1: portals: expected up to 8 of ADDRESS:PORT/GROUP with commas, not "
	  "'1.2.3.4:0'" },
	{ "target iqn.2026-01.x:t add portals=host:3260",
	  "s:1: portals: expected up to 8 of ADDRESS:PORT/GROUP with commas, not "
	  "'host:3260'" },
	{ "target iqn.2026-01.x:t add "
	  "portals=1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,"
	  "1.1.1.8,1.1.1.9",
	  "s:1: portals: expected up to 8 of ADDRESS:PORT/GROUP with commas, not "
	  "'1.1.1.1,1.1.1.2,"
	  "1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9'" },
	{ "network n add subnets=10.0.0.0",
	  "s:1: subnets: expected up to 4 of ADDRESS/BITS with commas, not '10.0.0.0'" },
	{ "network n add subnets=10.0.0.0/33",
	  "s:1: subnets: expected up to 4 of ADDRESS/BITS with commas, not "
	  "'10.0.0.0/33'" },
	{ "lhba a add auth-supported=chap,chap",
	  "s:1: auth-supported: expected each at most once of none chap srp krb5 spkm1 "
	  "spkm2, not 'chap,chap'" },
	{ TARGET "lu iqn.2026-01.x:t/0 add\npage iqn.2026-01.x:t/0/0x80 add data=hex:123",
	  "s:3: data: expected a text or hex:DIGITS, not 'hex:123'" },
	{ "account a add chap-secret=hex:zz",
	  "s:1: chap-secret: expected a text or hex:DIGITS that fits" },
	{ "lhba a add node=n", "s:1: node: there is no node n" },
	{ "lhba a add phbas=p", "s:1: phbas: there is no phba p" },
	{ "phba p add\nlhba a add phbas=p,p", "s:2: phbas: p stands there twice" },
	{ "phba p add\nlhba a add phbas=p,",
	  "s:2: phbas: names with commas between them" },
	{ "lhba a add\nfound a/iqn.2026-01.x:t set max-connections=x",
	  "s:2: max-connections: expected inherit or a number from 0 to 4294967295, not "
	  "'x'" },
	/* what must go together */
	{ "lnp l add", "s:1: pnps: an lnp has at least one pnp" },
	{ "host h add", "s:1: address is missing" },
	{ "phba p add\npnp p/a add\nlnp l add pnps=p/a\nportal l/a add",
	  "s:4: address is missing" },
	{ "phba p add initiator=no", "s:1: initiator and target must not both be no" },
	{ "phba p add driver-version=1", "s:1: driver-version needs driver" },
	{ "phba p add\npnp p/a add dns1-settable=no",
	  "s:2: dns2-settable needs dns1-settable" },
	{ "phba p add\npnp p/a add dns2=1.2.3.4", "s:2: dns2 needs dns1" },
	{ "lhba a add ipsec=yes",
	  "s:1: ipsec is yes if and only if ipsec-hardware or ipsec-software is" },
	{ "lhba a add max-connections.exposed=no",
	  "s:1: max-connections.settable needs max-connections.exposed" },
	{ "lhba a add max-connections=9 max-connections.max=8",
	  "s:1: max-connections must be from max-connections.min to "
	  "max-connections.max" },
	{ "lhba a add first-burst-length=1M",
	  "s:1: first-burst-length must not be above max-burst-length" },
	{ TARGET "lu iqn.2026-01.x:t/0 add block-size=1000",
	  "s:2: block-size must be a power of two" },
	{ TARGET "lu iqn.2026-01.x:t/0 add size=1000",
	  "s:2: size must be a multiple of block-size" },
	/* commands */
	{ "clock", "s:1: expected: clock +DURATION | clock set TIME" },
	{ "clock 10s", "s:1: expected: clock +DURATION or clock set TIME" },
	{ "clock +10", "s:1: expected: clock +DURATION or clock set TIME" },
	{ "clock set yesterday",
	  "s:1: clock set: expected a time such as 2026-01-31T23:59:00Z" },
	{ "reboot now", "s:1: expected: reboot" },
	{ "fault", "s:1: expected: fault FUNCTION|any [object=KIND:PATH] [status=STATUS] "
		   "[scsi=STATUS] "
		   "[sense=KEY/CODE/QUALIFIER] [delay=DURATION] [hang=target|local] "
		   "[allocation=N] "
		   "[crash=yes] [skip=N] [count=N|always] | fault clear [NUMBER]" },
	{ "fault IMA_Nothing status=IMA_ERROR_UNKNOWN_ERROR",
	  "s:1: fault: expected the name of a function or any" },
	{ "fault any", "s:1: fault: one of status, scsi, delay, hang, allocation and "
		       "crash is needed" },
	{ "fault any status=IMA_ERROR_NOTHING",
	  "s:1: status: expected the name of a status, not 'IMA_ERROR_NOTHING'" },
	{ "fault any delay=5",
	  "s:1: delay: expected a duration such as 250ms or 2s, not '5'" },
	{ "fault any hang=forever",
	  "s:1: hang: expected target or local, not 'forever'" },
	{ "fault any crash=no", "s:1: crash: expected yes, not 'no'" },
	{ "fault any scsi=bad",
	  "s:1: scsi: expected the name of a SCSI status, not 'bad'" },
	{ "fault any sense=1/2/3",
	  "s:1: sense: expected KEY/CODE/QUALIFIER or hex:DIGITS, not '1/2/3'" },
	{ "fault any count=0 delay=1s",
	  "s:1: count: expected a number or always, not '0'" },
	{ "fault any object=lhba:a delay=1s",
	  "s:1: object: expected KIND:PATH of an object, not 'lhba:a'" },
	{ "fault any colour=red", "s:1: a fault has no 'colour'" },
	{ "fault clear 1", "s:1: there is no fault 1" },
	{ "generate lus=1", "s:1: generate: targets is missing" },
	{ "generate targets=100000 lus=16384", "s:1: generate: more than 1000000 LUs" },
	{ "generate targets=1 size=513",
	  "s:1: generate: size must be a multiple of 512" },
	{ "generate targets=1 colour=red", "s:1: generate: 'colour' is not expected" },
	{ "discover a", "s:1: there is no lhba a" },
	{ "traffic a/iqn.2026-01.x:t/0 read=1",
	  "s:1: there is no found-lu a/iqn.2026-01.x:t/0" },
	{ "errors a/iqn.2026-01.x:t login=1",
	  "s:1: there is no found a/iqn.2026-01.x:t" },
	{ "storm lhba:a property", "s:1: there is no object 'lhba:a'" },
	{ "lhba a add\nstorm lhba:a wind",
	  "s:2: expected: storm KIND:PATH property|visibility [count=N]" },
	{ "lhba a add\nstorm lhba:a property count=1000001",
	  "s:2: storm: count must not be above 1000000" },
	{ "list things", "s:1: there is no kind 'things'" },
};

static void check_error(void **state)
{
	const struct row *row = CASE_CONTEXT(state);
	struct problem problem;
	struct model *model = build(row->text, strlen(row->text), &problem);

	assert_null(model);
	assert_string_equal(problem.text, row->problem);
	identities_free(&identities);
}

static void a_zero_byte_is_no_text(void **state)
{
	static const char text[] = "lhba a add\0lhba b add";
	struct problem problem;

	(void)state;
	assert_null(build(text, sizeof(text) - 1, &problem));
	assert_string_equal(problem.text, "s:1: holds a zero byte");
	identities_free(&identities);
}

static void a_text_has_a_limit(void **state)
{
	struct problem problem;
	char *text = malloc(SOURCE_MAX_BYTES + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', SOURCE_MAX_BYTES + 1);
	assert_null(build(text, SOURCE_MAX_BYTES + 1, &problem));
	assert_string_equal(problem.text, "s:1: longer than 8388608 bytes");
	identities_free(&identities);
	drop(build(text, SOURCE_MAX_BYTES, &problem));
	free(text);
}

static void a_statement_has_a_limit(void **state)
{
	struct problem problem;
	char text[2000] = "lhba";

	(void)state;
	for (int i = 0; i < STATEMENT_MAX_WORDS; i++)
		memcpy(text + 4 + 2 * i, " x", 3);
	assert_null(build(text, strlen(text), &problem));
	assert_string_equal(problem.text, "s:1: more than 256 words");
	identities_free(&identities);
}

/* --- what is right ------------------------------------------------------------------------------ */

static const struct object *find(const struct model *model, int kind, const char *path)
{
	const struct object *object = object_find_path(model, kind, path);

	assert_non_null(object);
	return object;
}

static void words_are_separated_quoted_and_continued(void **state)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "node a add\talias=\"two words\"   # behind\n"
				   "\t# in between\n"
				   "  settable=no\r\n"
				   "node b add alias=\"say \\\"\\\\\\\"\"\n"
				   "node c add alias=a=b#c\n"
				   "node d add alias=";
	struct problem problem;
	struct model *model = build(text, strlen(text), &problem);

	(void)state;
	assert_non_null(model);
	assert_string_equal(((const struct node *)find(model, KIND_NODE, "a"))->now.alias,
			    "two words");
	assert_false(((const struct node *)find(model, KIND_NODE, "a"))->now.settable);
	assert_string_equal(((const struct node *)find(model, KIND_NODE, "b"))->now.alias,
			    "say \"\\\"");
	assert_string_equal(((const struct node *)find(model, KIND_NODE, "c"))->now.alias,
			    "a=b#c");
	assert_string_equal(((const struct node *)find(model, KIND_NODE, "d"))->now.alias,
			    "");
	drop(model);
}

static void nothing_is_a_machine_too(void **state)
{
	struct problem problem;
	struct model *model = build("", 0, &problem);

	(void)state;
	assert_non_null(model);
	drop(model);
}

static void names_of_one_thing_are_one_name(void **state)
{
	static const char text[] = "lhba a add\n"
				   "discovery a/[2001:DB8:0:0::1]:3260 add\n"
				   "discovery a/192.0.2.1 add\n"
				   "discovery a/HOST.example add\n"
				   "phba p add\npnp p/q add\n"
				   "discovery p/q/192.0.2.1 add\n";
	struct problem problem;
	struct model *model = build(text, strlen(text), &problem);

	(void)state;
	assert_non_null(model);
	find(model, KIND_DISCOVERY, "a/[2001:db8::1]");
	find(model, KIND_DISCOVERY, "a/192.0.2.1:3260");
	find(model, KIND_DISCOVERY, "a/host.example:3260");
	find(model, KIND_DISCOVERY, "p/q/192.0.2.1:3260");
	drop(model);
}

/* Enough for every property to have a value that is not its first one. */
static const char whole_machine[] =
	"machine set mode=file description=\"# x\"\n"
	"host h add address=2001:db8::1\n"
	"network n add subnets=10.0.0.0/8,2001:db8::/32 up=yes dhcp=yes "
	"dhcp-isns=[::1]:3205\n"
	"isns 10.0.0.1:3205 add\n"
	"account acc add chap-name=hex:00ff chap-secret=\"he x\" krb5-key=hex:6865783a\n"
	"node shared add name=iqn.2026-01.x:n alias=\"\\\"\"\n"
	"phba p add ulps=none tcp-offload=unknown discovery=isns,slp isns-method=slp\n"
	"pnp p/a add network=n mac=02:03:04:05:06:07 mask=255.0.0.0\n"
	"lnp l add pnps=p/a\n"
	"portal l/v add address=10.0.0.2\n"
	"lhba a add phbas=p lnps=l auth-supported=chap,none,spkm1 node=shared "
	"isns-host=none\n"
	"target iqn.2026-01.x:t add portals=10.0.0.3:3260/1,[2001:db8::3]:1/65535 "
	"account=acc\n"
	"lu iqn.2026-01.x:t/0 add size=1T type=enclosure naa=0x6001405000000000\n"
	"lu iqn.2026-01.x:t/18446744073709551615 add\n"
	"page iqn.2026-01.x:t/0/standard add data=x\n"
	"page iqn.2026-01.x:t/0/0xc0 add data=hex:00c0\n"
	"discovery p/a/10.0.0.3:3260 add\n"
	"static a/iqn.2026-01.x:t@10.0.0.3:3260 add\n";

static void check_rows(const struct model *model, const struct object *object,
		       size_t *checked)
{
	for (unsigned int i = 0; i < object->kind->n_properties; i++) {
		const struct property *property = &object->kind->properties[i];
		const char *field = (const char *)object_now(object) + property->offset;
		struct problem problem = { .source = "x" };
		char *text = NULL, *back = calloc(1, property->size);
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);

		assert_non_null(out);
		assert_non_null(back);
		value_print(property, field, out);
		assert_int_equal(fclose(out), 0);
		if (value_parse(property, &(struct word){ .value = text }, back,
				(struct model *)(uintptr_t)model, &problem) < 0)
			fail_msg("%s: %s", property->name, problem.text);
		assert_true(value_equal(property, field, back));
		(*checked)++;
		free(text);
		free(back);
	}
}

static void every_value_can_be_read_back(void **state)
{
	struct problem problem;
	struct model *model = build(whole_machine, strlen(whole_machine), &problem);
	bool seen[KINDS] = { false };
	size_t checked = 0;

	(void)state;
	if (!model)
		fail_msg("%s", problem.text);
	for (size_t id = 0; id < model->by_id_size; id++)
		if (model->by_id[id]) {
			seen[object_kind(model->by_id[id])] = true;
			check_rows(model, model->by_id[id], &checked);
		}
	for (int kind = 0; kind <= KIND_FOUND_LU; kind++)
		assert_true(seen[kind]);
	assert_true(checked > 300);
	drop(model);
}

/* Two fields of one kind must not share a place, nor a mark in the state file. */
static void rows_of_a_kind_have_a_name_and_a_place_of_their_own(void **state)
{
	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		const struct kind *k = &kinds[kind];

		assert_true(k->n_properties <= 8 * sizeof(((struct object *)0)->marked));
		for (unsigned int i = 0; i < k->n_properties; i++) {
			assert_ptr_equal(kind_property(k, k->properties[i].name),
					 &k->properties[i]);
			assert_true(k->properties[i].offset + k->properties[i].size <=
				    k->values_size);
			for (unsigned int n = i + 1; n < k->n_properties; n++)
				assert_int_not_equal(k->properties[i].offset,
						     k->properties[n].offset);
		}
	}
}

static const char many_changes[] =
	"node shared set alias=\"new alias\"\n"
	"network n set up=no\n"
	"network added add subnets=10.9.0.0/16\n"
	"lhba a set max-connections=4 networks=added reboot-needed=keys\n"
	"lhba a later max-connections=5\n"
	"lhba another add os-device-name=x chap-secret=hex:0001\n"
	"discovery a/10.0.0.9:3260 add\n"
	"static a/iqn.2026-01.x:t@10.0.0.3:3260 remove\n"
	"target iqn.2026-01.x:u add portals=10.0.0.3:3260\n"
	"lu iqn.2026-01.x:u/7 add\n"
	"found a/iqn.2026-01.x:gone set max-connections=3\n"
	"fault any delay=1ms count=always\n"
	"clock +1h\n";

/* The state of the whole machine with these changes; the caller frees it. */
static char *state_after(const char *changes)
{
	struct problem problem = { 0 };
	struct model *model = machine_build(&identities, whole_machine,
					    strlen(whole_machine), "s", changes,
					    strlen(changes), &problem);
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!model)
		fail_msg("%s", problem.text);
	assert_non_null(out);
	model_write(model, true, out);
	assert_int_equal(fclose(out), 0);
	model_free(model);
	return text;
}

/* A state that is written and read is the same state. */
static void a_state_that_is_read_is_written_the_same(void **state)
{
	char *first, *second;

	(void)state;
	assert_int_equal(identities_init(&identities), 0);
	first = state_after(many_changes);
	second = state_after(first);
	assert_string_equal(first, second);
	assert_non_null(strstr(first, "lhba a later max-connections=5\n"));
	assert_non_null(strstr(first, "clock set 2026-01-01T01:00:00Z\n"));
	free(first);
	free(second);
	identities_free(&identities);
}

/* --- the manual --------------------------------------------------------------------------------- */

static char *read_manual(void)
{
	FILE *file = fopen(MANUAL, "r");
	static char text[65536];
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = 0;
	return text;
}

static void check_word(const char *manual, const char *before, const char *word,
		       const char *after)
{
	char text[100];

	snprintf(text, sizeof(text), "%s%s%s", before, word, after);
	if (!strstr(manual, text))
		fail_msg("%s is not in the manual", text);
}

static void the_manual_has_every_kind_property_and_word(void **state)
{
	const char *manual = read_manual();

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		if (!kinds[kind].n_properties)
			continue;
		check_word(manual, "## ", kinds[kind].name, "");
		for (unsigned int i = 0; i < kinds[kind].n_properties; i++) {
			const struct property *property = &kinds[kind].properties[i];
			const char *dot = strchr(property->name, '.');

			check_word(manual, dot ? "_KEY_" : "*",
				   dot ? dot : property->name, dot ? "" : "*");
			for (unsigned int n = 0;
			     property->words && n < property->words->count; n++)
				check_word(manual, "*", property->words->words[n], "*");
		}
	}
}

static void the_manual_has_every_command(void **state)
{
	static const char *const names[] = { "clock",  "discover",     "errors",
					     "fault",  "forget-stale", "generate",
					     "help",   "list",	       "oid",
					     "reboot", "reset",	       "show",
					     "storm",  "traffic" };
	const char *manual = read_manual();

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_non_null(command_find(names[i]));
		check_word(manual, "*", names[i], "");
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		case_add(check_error, &errors[i], "%zu: %s", i + 1, errors[i].problem);
	case_add(a_zero_byte_is_no_text, NULL, "a zero byte is no text");
	case_add(a_text_has_a_limit, NULL, "a text has a limit");
	case_add(a_statement_has_a_limit, NULL, "a statement has a limit");
	case_add(words_are_separated_quoted_and_continued, NULL,
		 "words are separated, quoted and continued");
	case_add(nothing_is_a_machine_too, NULL, "nothing is a machine too");
	case_add(names_of_one_thing_are_one_name, NULL,
		 "names of one thing are one name");
	case_add(every_value_can_be_read_back, NULL, "every value can be read back");
	case_add(rows_of_a_kind_have_a_name_and_a_place_of_their_own, NULL,
		 "rows of a kind have a name and a place of their own");
	case_add(a_state_that_is_read_is_written_the_same, NULL,
		 "a state that is read is written the same");
	case_add(the_manual_has_every_kind_property_and_word, NULL,
		 "the manual has every kind, property and word");
	case_add(the_manual_has_every_command, NULL, "the manual has every command");
	return cases_run("simulator-parser");
}
