// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * switches.c - switching discovery methods on and off.
 */
#include <stddef.h>
#include <string.h>

#include "settings.h"
#include "shared/cleanup.h"

static IMA_STATUS set_isns(IMA_OID oid, IMA_BOOL on)
{
	/* An empty host keeps the server that is configured. */
	IMA_HOST_ID host = { 0 };
	IMA_DISCOVERY_PROPERTIES props;
	IMA_STATUS status;

	if (IMA_SUCCESS(IMA_GetDiscoveryProperties(oid, &props)) &&
	    props.iSnsDiscoveryEnabled)
		return IMA_SetIsnsDiscovery(oid, on, props.iSnsDiscoveryMethod,
					    &props.iSnsHost);
	status = IMA_SetIsnsDiscovery(oid, on, IMA_ISNS_DISCOVERY_METHOD_STATIC, &host);
	if (!on || status != IMA_ERROR_INVALID_PARAMETER)
		return status;
	/* None is: name one, of the block reserved for documentation (RFC 5737). */
	host.id.ipAddress.ipv4Address = IMA_TRUE;
	memcpy(host.id.ipAddress.ipAddress, "\xc0\x00\x02\x63", 4);
	return IMA_SetIsnsDiscovery(oid, on, IMA_ISNS_DISCOVERY_METHOD_STATIC, &host);
}

struct method {
	enum function_index fn;
	size_t settable, enabled;
	IMA_STATUS (*set)(IMA_OID, IMA_BOOL);
};

#define METHOD(function, field, set)                                                \
	{                                                                           \
		FN_##function, offsetof(IMA_DISCOVERY_PROPERTIES, field##Settable), \
			offsetof(IMA_DISCOVERY_PROPERTIES, field##Enabled), set     \
	}

static const struct method methods[] = {
	METHOD(IMA_SetIsnsDiscovery, iSnsDiscovery, set_isns),
	METHOD(IMA_SetSlpDiscovery, slpDiscovery, IMA_SetSlpDiscovery),
	METHOD(IMA_SetStaticDiscovery, staticDiscovery, IMA_SetStaticDiscovery),
	METHOD(IMA_SetSendTargetsDiscovery, sendTargetsDiscovery,
	       IMA_SetSendTargetsDiscovery),
};

static IMA_UINT32 field(const IMA_DISCOVERY_PROPERTIES *props, size_t offset)
{
	IMA_UINT32 value;

	memcpy(&value, (const char *)props + offset, sizeof(value));
	return value;
}

static IMA_STATUS set(struct run *run, const struct method *method, IMA_OID oid,
		      IMA_BOOL on)
{
	call_begin(run);
	return call_end(run, method->fn, oid, method->set(oid, on));
}

static unsigned int enabled_methods(const IMA_DISCOVERY_PROPERTIES *props)
{
	unsigned int count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		count += field(props, methods[i].enabled) == IMA_TRUE;
	return count;
}

/* Off may be refused for the last method, and while LUs found that way are exposed. */
static bool may_refuse_off(const IMA_DISCOVERY_PROPERTIES *props, IMA_STATUS status)
{
	if (status == IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD)
		return enabled_methods(props) == 1;
	return status == IMA_ERROR_LU_EXPOSED || status == IMA_ERROR_LU_IN_USE;
}

static void toggle(struct run *run, const struct method *method, IMA_OID oid)
{
	IMA_DISCOVERY_PROPERTIES was, is;
	IMA_STATUS status;
	IMA_BOOL on;

	if (IMA_ERROR(IMA_GetDiscoveryProperties(oid, &was)))
		return;
	on = field(&was, method->enabled) != IMA_TRUE;
	status = set(run, method, oid, on);
	check(run, method->fn, RULE_SETS,
	      IMA_SUCCESS(status) || (!on && may_refuse_off(&was, status)), oid,
	      "switching %s answered %s", on ? "on" : "off", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS &&
	    IMA_SUCCESS(IMA_GetDiscoveryProperties(oid, &is)))
		check(run, method->fn, RULE_SETS, field(&is, method->enabled) == on, oid,
		      "switched %s, but it is not", on ? "on" : "off");
	if (IMA_ERROR(status))
		return;
	check(run, method->fn, RULE_REPEAT, IMA_SUCCESS(set(run, method, oid, on)), oid,
	      "fails when it is switched %s again", on ? "on" : "off");
	set(run, method, oid, !on);
}

/*
 * A plugin may answer "it is so already" or "that cannot be set". What it must not do is
 * take the other value, which is tried where changes are allowed.
 */
static void check_fixed(struct run *run, const struct method *method, IMA_OID oid,
			IMA_BOOL is)
{
	IMA_STATUS status = set(run, method, oid, is);

	check(run, method->fn, RULE_NOT_SETTABLE,
	      status == IMA_ERROR_NOT_SUPPORTED || IMA_SUCCESS(status), oid,
	      "answered %s to what is already so", IMAX_StatusName(status));
	if (!run->options.destructive)
		return;
	status = set(run, method, oid, !is);
	check(run, method->fn, RULE_NOT_SETTABLE, status == IMA_ERROR_NOT_SUPPORTED, oid,
	      "answered %s", IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		set(run, method, oid, is);
}

/* With one method left that can be switched, switching it off is refused or works. */
static void check_method(struct run *run, const struct method *method, IMA_OID oid)
{
	IMA_DISCOVERY_PROPERTIES props;

	if (IMA_ERROR(IMA_GetDiscoveryProperties(oid, &props)))
		return;
	if (!field(&props, method->settable)) {
		check_fixed(run, method, oid, field(&props, method->enabled) == IMA_TRUE);
		return;
	}
	if (run->options.destructive)
		toggle(run, method, oid);
	else
		unchecked(run, method->fn, RULE_SETS, "needs --destructive");
}

static void set_unknown(struct run *run, const struct method *method,
			IMA_OBJECT_TYPE type)
{
	IMA_OID oid = unknown_object(run, type);
	IMA_STATUS status = set(run, method, oid, IMA_TRUE);

	check_unknown(run, method->fn, oid, status);
}

static void check_target_switch(struct run *run, IMA_OID target)
{
	IMA_TARGET_PROPERTIES was, is;
	IMA_STATUS status;
	IMA_BOOL on;

	if (IMA_ERROR(IMA_GetTargetProperties(target, &was)))
		return;
	on = !was.sendTargetsDiscoveryEnabled;
	if (was.sendTargetsDiscoverySettable && !run->options.destructive)
		return;
	status = CALL(run, IMA_SetSendTargetsDiscovery, target, target, on);
	if (!was.sendTargetsDiscoverySettable) {
		check(run, FN_IMA_SetSendTargetsDiscovery, RULE_NOT_SETTABLE,
		      status == IMA_ERROR_NOT_SUPPORTED, target, "answered %s",
		      IMAX_StatusName(status));
		return;
	}
	if (status == IMA_STATUS_SUCCESS &&
	    IMA_SUCCESS(IMA_GetTargetProperties(target, &is)))
		check(run, FN_IMA_SetSendTargetsDiscovery, RULE_SETS,
		      is.sendTargetsDiscoveryEnabled == on, target,
		      "switched, but it is not");
	IMA_SetSendTargetsDiscovery(target, !on);
}

void check_switches(struct run *run)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_PHBA,
						 IMA_OBJECT_TYPE_LHBA };

	for (size_t m = 0; m < ARRAY_SIZE(methods); m++)
		for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
			for (size_t i = 0; i < sample_count(run, types[t]); i++)
				check_method(run, &methods[m],
					     run->objects[types[t]].oid[i]);
			set_unknown(run, &methods[m], types[t]);
		}
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_TARGET); i++)
		check_target_switch(run, run->objects[IMA_OBJECT_TYPE_TARGET].oid[i]);
}

/* --- As settings that last --- */

static enum function_index switch_function(size_t which)
{
	return methods[which].fn;
}

static bool switch_read(size_t which, IMA_OID oid, struct setting_value *value)
{
	IMA_DISCOVERY_PROPERTIES props;
	IMA_TARGET_PROPERTIES target;

	if (oid.objectType == IMA_OBJECT_TYPE_TARGET) {
		if (IMA_ERROR(IMA_GetTargetProperties(oid, &target)))
			return false;
		setting_put(value, target.sendTargetsDiscoveryEnabled);
		return true;
	}
	if (IMA_ERROR(IMA_GetDiscoveryProperties(oid, &props)))
		return false;
	setting_put(value, field(&props, methods[which].enabled));
	return true;
}

static bool switch_alter(size_t which, IMA_OID oid, struct setting_value *value)
{
	(void)which;
	(void)oid;
	setting_put(value, setting_number(value) != IMA_TRUE);
	return true;
}

static IMA_STATUS switch_set(size_t which, IMA_OID oid, const struct setting_value *value)
{
	return methods[which].set(oid, setting_number(value) == IMA_TRUE);
}

const struct settings switch_settings = { ARRAY_SIZE(methods), switch_function,
					  switch_read, switch_alter, switch_set };
