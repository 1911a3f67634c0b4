// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * switches.c - the methods of discovery that are switched on and off, and the iSNS server.
 *
 * Switching a method off forgets what it has found; switching it on begins to ask. All methods may
 * be off.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "discovery-protocols/isns.h"
#include "finder.h"
#include "plugin-support/field.h"
#include "sessions.h"
#include "user.h"

/* A switch: name of the setting, place in the state, flag of targets, what is to be asked. */
struct method {
	const char *setting;
	size_t offset;
	IMA_UINT32 flag;
	int64_t source;
};

static const struct method isns = { "isns", offsetof(struct state, use_isns),
				    IMA_TARGET_DISCOVERY_METHOD_ISNS, SOURCE_ISNS };
static const struct method slp = { "slp", offsetof(struct state, use_slp),
				   IMA_TARGET_DISCOVERY_METHOD_SLP, SOURCE_SLP };
static const struct method fixed = { "static", offsetof(struct state, use_static),
				     IMA_TARGET_DISCOVERY_METHOD_STATIC, SOURCE_STATIC };
static const struct method send_targets = { "send-targets",
					    offsetof(struct state, use_send_targets),
					    IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS,
					    SOURCE_STATIC };

static bool is_on(const struct method *method)
{
	return *(const bool *)((const char *)&user.state + method->offset);
}

static IMA_BOOL truth(bool value)
{
	return value ? IMA_TRUE : IMA_FALSE;
}

IMA_STATUS IMA_GetDiscoveryProperties(IMA_OID oid, IMA_DISCOVERY_PROPERTIES *pProps)
{
	const struct address *server = &user.state.isns_server;
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	if (!is_lhba(oid))
		return not_found(oid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->iSnsDiscoverySettable = IMA_TRUE;
	pProps->iSnsDiscoveryEnabled = truth(is_on(&isns));
	pProps->iSnsDiscoveryMethod = user.state.isns_method;
	if (user.state.isns_method == IMA_ISNS_DISCOVERY_METHOD_STATIC && server->host[0])
		server_to_ima(server, ISNS_PORT, &pProps->iSnsHost);
	pProps->slpDiscoverySettable = IMA_TRUE;
	pProps->slpDiscoveryEnabled = truth(is_on(&slp));
	pProps->staticDiscoverySettable = IMA_TRUE;
	pProps->staticDiscoveryEnabled = truth(is_on(&fixed));
	pProps->sendTargetsDiscoverySettable = IMA_TRUE;
	pProps->sendTargetsDiscoveryEnabled = truth(is_on(&send_targets));
	return IMA_STATUS_SUCCESS;
}

/* --- Switches ----------------------------------------------------------------------------------- */

/* Status if a target that only this method knows has a session. */
static IMA_STATUS check_unused(const struct method *method)
{
	for (size_t i = 0; i < user.state.targets.count; i++) {
		const struct target *target = user.state.targets.items[i];

		if (target->methods == method->flag && sessions_has(target->object->oid))
			return host_fail(
				IMA_ERROR_LU_IN_USE, IMAX_LAYER_PLUGIN, 0,
				"target %s was found this way and has a session; "
				"log out first",
				target->object->key);
	}
	return IMA_STATUS_SUCCESS;
}

/* What was found by asking is forgotten; static targets are configuration and stay. */
static int forget(const struct method *method)
{
	int err = 0;

	if (method == &send_targets)
		err = store_run(user.store, STORE_REMOVE_ALL_PORTALS, "");
	else if (method != &fixed)
		err = store_run(user.store, STORE_REMOVE_SERVICE_PORTALS, "i",
				method->source);
	return err ? err : store_run(user.store, STORE_REMOVE_LOST_TARGETS, "");
}

static int write_switch(const struct method *method, bool on)
{
	int err = store_run(user.store, STORE_SET_SETTING, "tt", method->setting,
			    on ? "on" : "off");

	return err || on ? err : forget(method);
}

static bool is_already(const struct method *method, bool on)
{
	VISIT visit = visit_begin();

	return !visit.status && is_on(method) == on;
}

static IMA_STATUS set_switch(const struct method *method, bool on)
{
	IMA_STATUS status;
	int err;

	if (is_already(method, on))
		return IMA_STATUS_SUCCESS;
	VISIT visit = visit_begin_change();

	if (visit.status || is_on(method) == on)
		return visit.status;
	status = on ? IMA_STATUS_SUCCESS : check_unused(method);
	if (status)
		return status;
	err = write_switch(method, on);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

IMA_STATUS IMA_SetStaticDiscovery(IMA_OID oid, IMA_BOOL enableStaticDiscovery)
{
	return is_lhba(oid) ? set_switch(&fixed, enableStaticDiscovery) : not_found(oid);
}

static bool is_target(IMA_OID oid)
{
	VISIT visit = visit_begin();

	return !visit.status && target_by_oid(oid);
}

static IMA_STATUS switch_send_targets(bool on)
{
	bool was_on = is_already(&send_targets, true);
	IMA_STATUS status = set_switch(&send_targets, on);

	if (!status && on && !was_on)
		finder_want_all();
	return status;
}

IMA_STATUS IMA_SetSendTargetsDiscovery(IMA_OID oid, IMA_BOOL enableSendTargetsDiscovery)
{
	if (is_lhba(oid))
		return switch_send_targets(enableSendTargetsDiscovery);
	if (!is_target(oid))
		return not_found(oid);
	return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			 "single targets are not asked for more targets");
}

IMA_STATUS IMA_SetSlpDiscovery(IMA_OID oid, IMA_BOOL enableSlpDiscovery)
{
	bool was_on = is_already(&slp, true);
	IMA_STATUS status = is_lhba(oid) ? set_switch(&slp, enableSlpDiscovery)
					 : not_found(oid);

	if (!status && enableSlpDiscovery && !was_on)
		finder_want(SOURCE_SLP);
	return status;
}

/* --- iSNS --------------------------------------------------------------------------------------- */

/* The configuration of iSNS that a call wants; an empty host: the one there is. */
struct wanted {
	IMA_ISNS_DISCOVERY_METHOD method;
	struct address server;
};

static bool is_isns_already(const struct wanted *wanted)
{
	const struct address *server = &user.state.isns_server;

	if (!user.state.use_isns || user.state.isns_method != wanted->method)
		return false;
	return !wanted->server.host[0] || (server->port == wanted->server.port &&
					   !strcmp(server->host, wanted->server.host));
}

static int write_isns(const struct wanted *wanted)
{
	char text[ADDRESS_TEXT_SIZE];
	bool is_slp = wanted->method == IMA_ISNS_DISCOVERY_METHOD_SLP;
	int err = store_run(user.store, STORE_SET_SETTING, "tt", "isns-method",
			    is_slp ? "slp" : "static");

	if (!err && wanted->server.host[0]) {
		address_format(&wanted->server, text);
		err = store_run(user.store, STORE_SET_SETTING, "tt", "isns-server", text);
	}
	/* What another server said is not what this one says. */
	if (!err)
		err = forget(&isns);
	return err ? err : write_switch(&isns, true);
}

static IMA_STATUS change_isns(const struct wanted *wanted)
{
	VISIT visit = visit_begin_change();
	IMA_STATUS status;
	int err;

	if (visit.status || is_isns_already(wanted))
		return visit.status;
	status = check_unused(&isns);
	if (status)
		return status;
	err = write_isns(wanted);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

static bool is_wanted_already(const struct wanted *wanted)
{
	VISIT visit = visit_begin();

	return !visit.status && is_isns_already(wanted);
}

static IMA_STATUS enable_isns(const struct wanted *wanted)
{
	IMA_STATUS status;

	if (is_wanted_already(wanted))
		return IMA_STATUS_SUCCESS;
	status = change_isns(wanted);
	if (!status)
		finder_want(SOURCE_ISNS);
	return status;
}

/* An empty structure keeps the server that is configured. */
static IMA_STATUS take_server(const IMA_HOST_ID *host, struct address *server)
{
	int err = server_from_ima(host, ISNS_PORT, server);

	if (!err || err == -ENODATA)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "the iSNS server is no host name or IP address with an "
			 "optional port");
}

IMA_STATUS IMA_SetIsnsDiscovery(IMA_OID oid, IMA_BOOL enableIsnsDiscovery,
				IMA_ISNS_DISCOVERY_METHOD discoveryMethod,
				const IMA_HOST_ID *iSnsHost)
{
	struct wanted wanted = { .method = discoveryMethod };
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (!is_lhba(oid))
		return not_found(oid);
	if (!enableIsnsDiscovery)
		return set_switch(&isns, false);
	if (discoveryMethod == IMA_ISNS_DISCOVERY_METHOD_DHCP)
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "this initiator is no DHCP client; name the iSNS "
				 "server, or let SLP find it");
	if (discoveryMethod == IMA_ISNS_DISCOVERY_METHOD_STATIC && iSnsHost)
		status = take_server(iSnsHost, &wanted.server);
	return status ? status : enable_isns(&wanted);
}
