// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events.c - which events follow which change, and in which order.
 *
 * Events are written +object (appears), -object (disappears) and ~object (a property changed).
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cases.h"
#include "ima-simulator.h"
#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name

/* --- what came ---------------------------------------------------------------------------------- */

struct event {
	char what; /* '+', '-' or '~' */
	IMA_OID oid;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static struct event events[200000];
static size_t n_events;

static void note(char what, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	if (n_events < sizeof(events) / sizeof(events[0]))
		events[n_events++] = (struct event){ what, oid };
	pthread_cond_broadcast(&came);
	pthread_mutex_unlock(&lock);
}

static void on_visibility(IMA_BOOL becoming_visible, IMA_OID oid)
{
	note(becoming_visible ? '+' : '-', oid);
}

static void on_property(IMA_OID oid)
{
	note('~', oid);
}

static bool oid_equal(IMA_OID a, IMA_OID b)
{
	return a.objectType == b.objectType && a.ownerId == b.ownerId &&
	       a.objectSequenceNumber == b.objectSequenceNumber;
}

/* Events of one plugin come in order, so what came before the last one of a storm is all. */
static void wait_for_all(void)
{
	IMA_OID sentinel = sim_oid("node:fixed");

	sim("storm node:fixed property count=1");
	pthread_mutex_lock(&lock);
	while (!n_events || !oid_equal(events[n_events - 1].oid, sentinel))
		pthread_cond_wait(&came, &lock);
	n_events--;
	pthread_mutex_unlock(&lock);
}

static void forget(void)
{
	wait_for_all();
	n_events = 0;
}

/* --- rows ---------------------------------------------------------------------------------------- */

struct row {
	const char *why;
	const char *before; /* control text that has no part in it */
	const char *control;
	IMA_STATUS (*call)(void); /* or a call */
	const char *expected;
};

static IMA_STATUS add_address(void)
{
	return IMA_AddDiscoveryAddress(sim_oid("lhba:poor"), portal("192.0.2.12", 3260),
				       NULL);
}

static IMA_STATUS add_static(void)
{
	return IMA_AddStaticDiscoveryTarget(
		sim_oid("lhba:auto"),
		static_target(L"" T("static"), portal("192.0.2.12", 3260)), NULL);
}

static IMA_STATUS remove_static(void)
{
	return IMA_RemoveStaticDiscoveryTarget(
		sim_oid("static:sw/" T("static") "@192.0.2.12:3260"));
}

static IMA_STATUS remove_later(void)
{
	return IMA_RemoveStaticDiscoveryTarget(
		sim_oid("static:slow/" T("static") "@192.0.2.12:3260"));
}

static IMA_STATUS set_alias(void)
{
	return IMA_SetNodeAlias(sim_oid("node:own"), L"new");
}

static IMA_STATUS set_alias_later(void)
{
	return IMA_SetNodeAlias(sim_oid("node:slow"), L"new");
}

static IMA_STATUS set_same_key(void)
{
	return IMA_SetMaxConnections(sim_oid("lhba:sw"), 1);
}

static IMA_STATUS set_key_of_target(void)
{
	return IMA_SetMaxConnections(sim_oid("found:sw/" T("disk")), 7);
}

static IMA_STATUS set_key_of_lhba(void)
{
	return IMA_SetMaxConnections(sim_oid("lhba:auto"), 7);
}

static IMA_STATUS set_key_later(void)
{
	return IMA_SetMaxConnections(sim_oid("lhba:slow"), 7);
}

static IMA_STATUS set_digest_of_lhba(void)
{
	return IMAX_SetHeaderDigest(sim_oid("lhba:auto"), IMAX_DIGEST_CRC32C_NONE);
}

static IMA_STATUS set_algorithms(void)
{
	return IMAX_SetChapAlgorithms(sim_oid("lhba:auto"), 1,
				      (IMAX_CHAP_ALGORITHM[]){ IMAX_CHAP_MD5 });
}

static IMA_STATUS take_back_a_key(void)
{
	return IMAX_RemoveSetting(sim_oid("found:auto/" T("disk")),
				  IMAX_SETTING_MAX_CONNECTIONS);
}

static IMA_STATUS take_back_all(void)
{
	return IMAX_RemoveSetting(sim_oid("lhba:auto"), IMAX_SETTING_ALL);
}

static IMA_STATUS rescan(void)
{
	return IMAX_RescanTarget(sim_oid("lhba:auto"));
}

static IMA_STATUS expose(void)
{
	return IMA_ExposeLu(sim_oid("found-lu:sw/" T("disk") "/2"));
}

static IMA_STATUS unexpose(void)
{
	return IMA_UnexposeLu(sim_oid("found-lu:sw/" T("disk") "/0"));
}

static IMA_STATUS collect(void)
{
	return IMA_SetStatisticsCollection(sim_oid("phba:p0"), IMA_TRUE);
}

static IMA_STATUS collect_target(void)
{
	return IMA_SetStatisticsCollection(sim_oid("found:auto/" T("more")), IMA_TRUE);
}

static IMA_STATUS log_out(void)
{
	return IMAX_LogoutTarget(sim_oid("found:auto/" T("more")));
}

static IMA_STATUS remove_stale(void)
{
	return IMA_RemoveStaleData(sim_oid("lhba:sw"));
}

static IMA_STATUS set_gateway(void)
{
	return IMA_SetDefaultGateway(sim_oid("pnp:p0/a"), ip("192.0.2.9"));
}

static IMA_STATUS set_portal(void)
{
	return IMA_SetNetworkPortalIpAddress(sim_oid("portal:n0/a"), ip("192.0.2.9"));
}

static IMA_STATUS set_discovery(void)
{
	return IMA_SetIsnsDiscovery(sim_oid("lhba:slow"), IMA_FALSE,
				    IMA_ISNS_DISCOVERY_METHOD_STATIC, NULL);
}

static IMA_STATUS set_slp(void)
{
	return IMA_SetSlpDiscovery(sim_oid("phba:p0"), IMA_TRUE);
}

static IMA_STATUS download(void)
{
	return IMA_PhbaDownload(sim_oid("phba:p0"), IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE,
				image("P0", "firmware: 3.0\n", IMAGE_GOOD));
}

static const struct row rows[] = {
	/* changes by calls */
	{ "an address appears, and what is found through it",
	  "lhba poor set discovery=sendtargets sendtargets=yes\ntarget " T(
		  "static") " set sendtargets=yes",
	  NULL, add_address,
	  "+discovery:poor/192.0.2.12:3260 +found:poor/" T("static") " +found-lu:poor/" T(
		  "static") "/0 "
			    "~found-lu:poor/" T("static") "/0" },
	{ "a static target appears before the target", "lhba auto set static=yes", NULL,
	  add_static,
	  "+static:auto/" T("static") "@192.0.2.12:3260 +found:auto/" T(
		  "static") " +found-lu:auto/" T("static") "/0 "
							   "~found-lu:auto/" T(
								   "static") "/0" },
	{ "a target disappears with its source", "", NULL, remove_static,
	  "-static:sw/" T("static") "@192.0.2.12:3260 -found-lu:sw/" T(
		  "static") "/0 -found:sw/" T("static") },
	{ "a source disappears at once although a reboot is needed",
	  "static slow/" T("static") "@192.0.2.12:3260 add", NULL, remove_later,
	  "-static:slow/" T("static") "@192.0.2.12:3260" },
	{ "an alias that is set is a property", "", NULL, set_alias, "~node:own" },
	{ "nothing changes before the reboot", "", NULL, set_alias_later, "" },
	{ "the same value is no change", "", NULL, set_same_key, "" },
	{ "a key of a target", "", NULL, set_key_of_target, "~found:sw/" T("disk") },
	{ "a key of an LHBA, and of its targets that inherit it",
	  "found auto/" T("disk") " set max-connections=3", NULL, set_key_of_lhba,
	  "~lhba:auto ~found:auto/" T("more") " ~found:auto/" T(
		  "locked") " ~found:auto/" T("lost") },
	{ "limits are those of all targets",
	  "found auto/" T("disk") " set max-connections=3",
	  "lhba auto set max-connections.max=9", NULL,
	  "~lhba:auto ~found:auto/" T("disk") " ~found:auto/" T("more") " ~found:auto/" T(
		  "locked") " ~found:auto/" T("lost") },
	{ "a key that waits for the reboot", "", NULL, set_key_later, "" },
	{ "a digest of an LHBA, and of its targets that inherit it",
	  "found auto/" T("more") " set header-digest=none", NULL, set_digest_of_lhba,
	  "~lhba:auto ~found:auto/" T("disk") " ~found:auto/" T(
		  "locked") " ~found:auto/" T("lost") },
	{ "algorithms of an LHBA, and of its targets that inherit them",
	  "found auto/" T("lost") " set chap-algorithms=sha1\nfound auto/" T(
		  "more") " set chap-algorithms=sha1",
	  NULL, set_algorithms,
	  "~lhba:auto ~found:auto/" T("disk") " ~found:auto/" T("locked") },
	{ "a key that is taken back", "found auto/" T("disk") " set max-connections=3",
	  NULL, take_back_a_key, "~found:auto/" T("disk") },
	{ "a key that was not set is taken back", "", NULL, take_back_a_key, "" },
	{ "defaults of an LHBA that is as it was", "", NULL, take_back_all, "" },
	{ "everything of an LHBA is taken back", "lhba auto set max-connections=3", NULL,
	  take_back_all,
	  "~lhba:auto ~found:auto/" T("disk") " ~found:auto/" T("more") " ~found:auto/" T(
		  "locked") " ~found:auto/" T("lost") },
	{ "a new LU waits for a rescan",
	  "lhba auto set auto-rescan=no\nlhba off remove\nlhba slow remove\nlhba sw "
	  "remove",
	  "lu " T("more") "/2 add", NULL, "" },
	{ "a rescan finds the new LU",
	  "lhba auto set auto-rescan=no\nlu " T("more") "/2 add", NULL, rescan,
	  "+found-lu:auto/" T("more") "/2 ~found-lu:auto/" T("more") "/2" },
	{ "an LU is exposed", "", NULL, expose, "~found-lu:sw/" T("disk") "/2" },
	{ "an LU is unexposed", "", NULL, unexpose, "~found-lu:sw/" T("disk") "/0" },
	{ "collection is switched for the ports of a PHBA", "", NULL, collect,
	  "~pnp:p0/a ~pnp:p0/d ~pnp:p0/primary" },
	{ "collection is switched for a target and its LUs", "", NULL, collect_target,
	  "~found:auto/" T("more") " ~found-lu:auto/" T("more") "/1" },
	{ "a logout takes the devices away", "", NULL, log_out,
	  "~found-lu:auto/" T("more") "/1" },
	{ "stale data is a property of the LHBA", "", NULL, remove_stale, "~lhba:sw" },
	{ "IP configuration is a property of the PNP", "", NULL, set_gateway,
	  "~pnp:p0/a" },
	{ "the address is a property of the portal", "", NULL, set_portal,
	  "~portal:n0/a" },
	{ "what is off already is not switched off", "", NULL, set_discovery, "" },
	{ "a method that is on finds more", "", NULL, set_slp,
	  "~phba:p0 ~found:off/" T("disk") },
	{ "an image is a property of the PHBA", "", NULL, download, "~phba:p0" },
	/* changes from outside */
	{ "an LU appears", "", "lu " T("more") "/2 add", NULL,
	  "+found-lu:sw/" T("more") "/2 +found-lu:auto/" T("more") "/2 ~found-lu:auto/" T(
		  "more") "/2 "
			  "+found-lu:slow/" T("more") "/2 +found-lu:off/" T(
				  "more") "/2 ~found-lu:off/" T("more") "/2" },
	{ "an LU vanishes", "", "lu " T("more") "/1 remove", NULL,
	  "-found-lu:sw/" T("more") "/1 -found-lu:auto/" T("more") "/1 -found-lu:slow/" T(
		  "more") "/1 "
			  "-found-lu:off/" T("more") "/1" },
	{ "a target appears before its LUs", "",
	  "target " T("new") " add portals=192.0.2.12:3260\nlu " T(
		  "new") "/0 add\n"
			 "static sw/" T("new") "@192.0.2.12:3260 add",
	  NULL,
	  "+static:sw/" T("new") "@192.0.2.12:3260 +found:sw/" T(
		  "new") " +found-lu:sw/" T("new") "/0" },
	{ "a target vanishes after its LUs", "lhba off set discovery=none",
	  "target " T("static") " remove", NULL,
	  "-found-lu:sw/" T("static") "/0 -found:sw/" T("static") },
	{ "a target that does not answer stays", "", "target " T("disk") " lose", NULL,
	  "" },
	{ "a link changes the port and what is made of it", "", "pnp p0/a lose", NULL,
	  "~pnp:p0/a ~lnp:n0" },
	{ "a PHBA that fails takes its ports along", "", "phba p3 fail\nphba p0 fail",
	  NULL, "~phba:p0 ~pnp:p0/a ~pnp:p0/d ~pnp:p0/primary ~lnp:n0" },
	{ "a lease is a property of the port that has it", "",
	  "network lan set dhcp-gateway=192.0.2.8", NULL, "~pnp:p0/d" },
	{ "an LHBA appears and vanishes", "", "lhba new add\nlhba new remove", NULL,
	  "+? -?" },
	{ "an adapter appears with its ports", "",
	  "phba px add\npnp px/a add\nlnp nx add pnps=px/a\nportal nx/a add "
	  "address=192.0.2.201",
	  NULL, "+phba:px +pnp:px/a +lnp:nx +portal:nx/a" },
	{ "an adapter is pulled out", "lnp n0 set pnps=p0/d", "phba p1 remove", NULL,
	  "-pnp:p1/a -phba:p1" },
	{ "a node appears", "", "node new add", NULL, "+node:new" },
	{ "the shared node is the library's", "", "node shared set alias=x", NULL, "" },
	{ "several properties that change together are one event", "",
	  "phba p0 set model=x vendor=y serial=z\nphba p0 set model=u", NULL,
	  "~phba:p0" },
	{ "what clients cannot see is no event", "",
	  "lhba sw set auto-login=no removal=in-use", NULL, "" },
	{ "a method that is lost is a property of the target", "lhba sw set slp=yes",
	  "lhba sw set slp=no", NULL, "~lhba:sw ~found:sw/" T("disk") },
	{ "a value that waited comes with the reboot",
	  "found-lu sw/" T("disk") "/0 unexpose\nfound-lu sw/" T(
		  "disk") "/1 unexpose\n"
			  "found-lu slow/" T(
				  "disk") "/1 unexpose\nlhba auto remove\nlhba off "
					  "remove\nnode slow later alias=x\n"
					  "node own later alias=x\nphba p2 later "
					  "sendtargets=yes",
	  "reboot", NULL, "~node:own ~node:slow ~phba:p2" },
	{ "a storm of property changes", "", "storm lhba:sw property count=5", NULL,
	  "~lhba:sw ~lhba:sw ~lhba:sw ~lhba:sw ~lhba:sw" },
	{ "a storm of visibility changes", "",
	  "storm found:sw/" T("disk") " visibility count=2", NULL,
	  "-found:sw/" T("disk") " +found:sw/" T("disk") " -found:sw/" T(
		  "disk") " +found:sw/" T("disk") },
};

/* --- comparing ------------------------------------------------------------------------------------- */

#define MAX_EXPECTED 32
struct expectation {
	char what;
	char name[120];
	IMA_OID oid;
	bool known;
};

static size_t parse(const char *text, struct expectation *list)
{
	size_t n = 0;

	while (*text && n < MAX_EXPECTED) {
		size_t length = strcspn(text, " ");

		list[n] = (struct expectation){ .what = *text };
		assert_true(length - 1 < sizeof(list[n].name));
		memcpy(list[n].name, text + 1, length - 1);
		n++;
		text += length + (text[length] == ' ');
	}
	return n;
}

/* The OID of what is there; what disappears is asked for before, what appears after. */
static void look_up(struct expectation *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char command[160];

		if (list[i].known || strcmp(list[i].name, "?") == 0)
			continue;
		snprintf(command, sizeof(command), "oid %s", list[i].name);
		if (sim_try(command) != IMA_STATUS_SUCCESS)
			continue;
		list[i].oid = sim_oid(list[i].name);
		list[i].known = true;
	}
}

static void print_events(void)
{
	for (size_t i = 0; i < n_events && i < 40; i++)
		print_error("  %c type %d number %llu\n", events[i].what,
			    events[i].oid.objectType, events[i].oid.objectSequenceNumber);
}

static void compare(const struct expectation *list, size_t count)
{
	bool same = count == n_events;

	for (size_t i = 0; same && i < count; i++)
		same = events[i].what == list[i].what &&
		       (strcmp(list[i].name, "?") == 0 ||
			oid_equal(events[i].oid, list[i].oid));
	if (same)
		return;
	print_events();
	for (size_t i = 0; i < count; i++)
		print_error("  expected %c%s number %llu\n", list[i].what, list[i].name,
			    list[i].oid.objectSequenceNumber);
	fail();
}

static void check_row(void **state)
{
	const struct row *row = CASE_CONTEXT(state);
	struct expectation list[MAX_EXPECTED];
	size_t count = parse(row->expected, list);

	sim("reset");
	if (*row->before)
		sim("%s", row->before);
	forget();
	look_up(list, count);
	if (row->call)
		assert_true(IMA_SUCCESS(row->call()));
	if (row->control)
		sim("%s", row->control);
	wait_for_all();
	look_up(list, count);
	compare(list, count);
}

/* --- more ------------------------------------------------------------------------------------------ */

static void a_storm_loses_nothing(void **state)
{
	(void)state;
	sim("reset");
	forget();
	sim("storm lhba:sw property count=100000");
	wait_for_all();
	assert_int_equal(n_events, 100000);
}

static void nothing_comes_after_deregistering(void **state)
{
	(void)state;
	sim("reset");
	forget();
	assert_done(IMA_DeregisterForObjectPropertyChanges(on_property));
	assert_done(IMA_DeregisterForObjectVisibilityChanges(on_visibility));
	sim("storm lhba:sw property count=100\nstorm lhba:sw visibility count=100");
	assert_done(IMA_RegisterForObjectPropertyChanges(on_property));
	assert_done(IMA_RegisterForObjectVisibilityChanges(on_visibility));
	wait_for_all();
	assert_int_equal(n_events, 0);
}

static IMA_STATUS status_in_callback;
static wchar_t model_in_callback[256];

static void read_in_callback(IMA_OID oid)
{
	IMA_PHBA_PROPERTIES properties;

	if (oid.objectType != IMA_OBJECT_TYPE_PHBA)
		return;
	status_in_callback = IMA_GetPhbaProperties(oid, &properties);
	memcpy(model_in_callback, properties.model, sizeof(model_in_callback));
	IMA_DeregisterForObjectPropertyChanges(read_in_callback);
}

static void a_callback_may_call_anything(void **state)
{
	(void)state;
	sim("reset");
	forget();
	status_in_callback = IMA_ERROR_UNKNOWN_ERROR;
	assert_done(IMA_RegisterForObjectPropertyChanges(read_in_callback));
	sim("phba p0 set model=\"new model\"");
	wait_for_all();
	/* The functions are called one after the other, ours last. */
	assert_done(IMA_DeregisterForObjectPropertyChanges(read_in_callback));
	assert_int_equal(status_in_callback, IMA_STATUS_SUCCESS);
	assert_int_equal(wcscmp(model_in_callback, L"new model"), 0);
}

static void an_object_that_comes_back_has_its_oid(void **state)
{
	IMA_OID target, lu, address;

	(void)state;
	sim("reset");
	target = sim_oid("found:sw/" T("static"));
	lu = sim_oid("found-lu:sw/" T("static") "/0");
	address = sim_oid("static:sw/" T("static") "@192.0.2.12:3260");
	sim("static sw/" T("static") "@192.0.2.12:3260 remove");
	sim("static sw/" T("static") "@192.0.2.12:3260 add");
	assert_true(oid_equal(target, sim_oid("found:sw/" T("static"))));
	assert_true(oid_equal(lu, sim_oid("found-lu:sw/" T("static") "/0")));
	assert_true(
		oid_equal(address, sim_oid("static:sw/" T("static") "@192.0.2.12:3260")));
	sim("reset");
	assert_true(oid_equal(target, sim_oid("found:sw/" T("static"))));
}

static int add_cases(void)
{
	if (IMA_RegisterForObjectVisibilityChanges(on_visibility) != IMA_STATUS_SUCCESS ||
	    IMA_RegisterForObjectPropertyChanges(on_property) != IMA_STATUS_SUCCESS)
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		case_add(check_row, &rows[i], "%s", rows[i].why);
	case_add(a_storm_loses_nothing, NULL, "a storm loses nothing");
	case_add(nothing_comes_after_deregistering, NULL,
		 "nothing comes after deregistering");
	case_add(a_callback_may_call_anything, NULL, "a callback may call anything");
	case_add(an_object_that_comes_back_has_its_oid, NULL,
		 "an object that comes back has its OID");
	return cases_run("simulator-events");
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SCENARIOS "/every.conf", add_cases);
}
