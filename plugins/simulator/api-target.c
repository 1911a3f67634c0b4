// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-target.c - targets as an LHBA found them: properties, portals, errors, sessions.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "login.h"
#include "lu.h"
#include "network.h"
#include "plugin-support/field.h"
#include "plugin-support/lists.h"
#include "plugin-support/status.h"
#include "ports.h"
#include "shared/cleanup.h"
#include "sim.h"

/* --- lists -------------------------------------------------------------------------------- */

static bool references_have(const struct references *references,
			    const struct object *object)
{
	for (unsigned int i = 0; i < references->count; i++)
		if (references->list[i] == object)
			return true;
	return false;
}

static bool found_through(const struct found *found, const struct lnp *lnp)
{
	const struct portals *portals = &found->target->now.portals;

	for (unsigned int i = 0; i < portals->count; i++)
		if (lnp_reaches(lnp, &portals->list[i].ip))
			return true;
	return false;
}

/* Targets of every LHBA that uses the port, as far as the port reaches them. */
static IMA_STATUS list_through(struct model *model, const struct object *lnp,
			       IMA_OID_LIST **list)
{
	struct oid_list _cleanup_(oid_list_drop) oids = { 0 };
	int err = 0;

	for_each(lhba, &model->roots[KIND_LHBA]) {
		if (!references_have(&((struct lhba *)lhba)->now.lnps, lnp))
			continue;
		for_each(found, &lhba->children[2])
			if (!err &&
			    found_through((struct found *)found, (const struct lnp *)lnp))
				err = oid_list_add(&oids, oid_of(found));
	}
	return status_from_errno(err ? err : oid_list_end(&oids, list));
}

static IMA_STATUS list_targets(struct model *model, const struct object *object,
			       IMA_OID_LIST **list)
{
	if (object_kind(object) == KIND_LNP)
		return list_through(model, object, list);
	return list_objects(&object->children[2], NULL, list);
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetTargetOidList, oid, LHBA | LNP,
		    list_targets(call.model, call.object, ppList));
}

/* --- properties ---------------------------------------------------------------------------- */

static IMA_STATUS get_properties(struct model *model, struct found *found,
				 IMA_TARGET_PROPERTIES *p)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;
	struct login_error error;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (!found->alias_known)
		status = login_check(model, found, &error);
	if (status != IMA_STATUS_SUCCESS && lhba->now.needs_login & NEEDS_LOGIN_ALIAS)
		return login_fails(status, &error);
	memset(p, 0, sizeof(*p));
	p->associatedNodeOid = oid_of_node(model, lhba);
	p->associatedLhbaOid = oid_of(&lhba->object);
	FIELD_SET(p->name, found->object.identity->name);
	if (found->alias_known)
		FIELD_SET(p->alias, found->target->now.alias);
	p->discoveryMethodFlags = found->methods;
	p->sendTargetsDiscoverySettable = lhba->now.target_sendtargets_settable;
	p->sendTargetsDiscoveryEnabled = found->now.sendtargets;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetTargetProperties(IMA_OID targetOid, IMA_TARGET_PROPERTIES *pProps)
{
	return CALL(IMA_GetTargetProperties, targetOid, TARGET,
		    get_properties(call.model, (struct found *)call.object, pProps));
}

static bool target_answers(const struct lhba *lhba, const struct target *target)
{
	for (unsigned int i = 0; i < target->now.portals.count; i++)
		if (target->now.login != ANSWER_IGNORE &&
		    lhba_reaches(lhba, &target->now.portals.list[i].ip, NULL))
			return true;
	return false;
}

static IMA_STATUS get_keys(const struct found *found, IMA_ADDRESS_KEYS **keys)
{
	struct address_key_list _cleanup_(address_key_list_drop) list = { 0 };
	const struct lhba *lhba = (const struct lhba *)found->object.parent;
	const struct portals *portals = &found->target->now.portals;
	int err = allocation_fails() ? -ENOMEM : 0;

	if (lhba->now.needs_login & NEEDS_LOGIN_ADDRESS_KEYS &&
	    !target_answers(lhba, found->target))
		return fails(IMA_ERROR_TARGET_TIMEOUT,
			     "%s does not answer a discovery session",
			     found->object.identity->name);
	for (unsigned int i = 0; i < portals->count && !err; i++) {
		IMA_ADDRESS_KEY key = { .portNumber = portals->list[i].port };

		ip_fill(&portals->list[i].ip, &key.ipAddress);
		err = address_key_list_add(&list, &key);
	}
	return status_from_errno(err ? err : address_key_list_end(&list, keys));
}

IMA_STATUS IMA_GetAddressKeys(IMA_OID targetOid, IMA_ADDRESS_KEYS **ppKeys)
{
	*ppKeys = NULL;
	return CALL(IMA_GetAddressKeys, targetOid, TARGET,
		    get_keys((struct found *)call.object, ppKeys));
}

/* --- errors -------------------------------------------------------------------------------- */

static IMA_STATUS get_errors(const struct found *found, IMA_TARGET_ERROR_STATISTICS *s)
{
	uint32_t valid = ((const struct lhba *)found->object.parent)->now.error_counters;

	if (!found_is_collecting(found))
		return fails(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED,
			     "statistics are not collected for %s",
			     found->object.identity->name);
#define COUNTER(index, field)                                          \
	do {                                                           \
		s->field##Valid = valid >> (index)&1;                  \
		s->field = s->field##Valid ? found->errors[index] : 0; \
	} while (0)
	memset(s, 0, sizeof(*s));
	COUNTER(ERROR_LOGIN_FAILED, loginFailedCount);
	COUNTER(ERROR_SESSION_FAILED, sessionFailedCount);
	COUNTER(ERROR_DIGEST, headerOrDigestSessionFailedCount);
	COUNTER(ERROR_TIME_LIMIT, timeLimitExceededSessionFailedCount);
	COUNTER(ERROR_FORMAT, formatErrorSessionFailedCount);
	COUNTER(ERROR_TIMEOUT, closedConnectionDueToTimeoutCount);
#undef COUNTER
	s->lastLoginFailureTimeValid = valid >> ERROR_LAST_FAILURE & 1 &&
				       found->last_failure;
	if (s->lastLoginFailureTimeValid)
		time_fill(found->last_failure, &s->lastLoginFailureTime);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetTargetErrorStatistics(IMA_OID targetOid,
					IMA_TARGET_ERROR_STATISTICS *pStats)
{
	return CALL(IMA_GetTargetErrorStatistics, targetOid, TARGET,
		    get_errors((struct found *)call.object, pStats));
}

/* --- sessions (extensions) ------------------------------------------------------------------ */

static IMA_STATUS login(struct model *model, struct found *found)
{
	struct login_error error;
	IMA_STATUS status = found_login(model, found, true, &error);

	if (status == IMA_ERROR_INSUFFICIENT_MEMORY)
		return status;
	if (status != IMA_STATUS_SUCCESS)
		return login_fails(status, &error);
	object_store(model, found, struct found_values, login, true, false);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_LoginTarget(IMA_OID targetOid)
{
	return CALL(IMAX_LoginTarget, targetOid, TARGET,
		    login(call.model, (struct found *)call.object));
}

static IMA_STATUS logout(struct model *model, struct found *found)
{
	IMA_STATUS status = found_logout(model, found);

	if (status != IMA_STATUS_SUCCESS)
		return fails(status, "the operating system uses an LU of %s",
			     found->object.identity->name);
	object_store(model, found, struct found_values, login, false, false);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_LogoutTarget(IMA_OID targetOid)
{
	return CALL(IMAX_LogoutTarget, targetOid, TARGET,
		    logout(call.model, (struct found *)call.object));
}

static IMA_STATUS rescan_one(struct model *model, struct found *found)
{
	if (!found_session(found))
		return IMA_STATUS_SUCCESS;
	if (!found->target->now.scan)
		return fails(IMA_ERROR_TARGET_TIMEOUT, "%s does not say which LUs it has",
			     found->object.identity->name);
	found_scan(model, found);
	return IMA_STATUS_SUCCESS;
}

/* Those that answer are up to date although others do not. */
static IMA_STATUS rescan(struct model *model, struct object *object)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS, one;

	if (object_kind(object) == KIND_FOUND)
		return rescan_one(model, (struct found *)object);
	for_each(found, &object->children[2]) {
		one = rescan_one(model, (struct found *)found);
		status = status ? status : one;
	}
	return status;
}

IMA_STATUS IMAX_RescanTarget(IMA_OID oid)
{
	return CALL(IMAX_RescanTarget, oid, LHBA | TARGET,
		    rescan(call.model, call.object));
}

static IMA_STATUS list_sessions(const struct object *object, IMA_OID_LIST **list)
{
	struct oid_list _cleanup_(oid_list_drop) oids = { 0 };
	int err = 0;

	if (object_kind(object) == KIND_FOUND)
		return list_objects(&object->children[1], NULL, list);
	for_each(found, &object->children[2])
		for_each(session, &found->children[1])
			if (!err)
				err = oid_list_add(&oids, oid_of(session));
	return status_from_errno(err ? err : oid_list_end(&oids, list));
}

IMA_STATUS IMA_GetSessionOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetSessionOidList, oid, LHBA | TARGET,
		    list_sessions(call.object, ppList));
}

static IMA_STATUS get_session(const struct session *session, IMA_SESSION_PROPERTIES *p)
{
	memcpy(p, &session->properties, sizeof(*p));
	p->associatedLhbaOid = oid_of(session->object.parent->parent);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetSessionProperties(IMA_OID sessionOid, IMA_SESSION_PROPERTIES *pProps)
{
	return CALL(IMA_GetSessionProperties, sessionOid, SESSION,
		    get_session((struct session *)call.object, pProps));
}

IMA_STATUS IMA_GetConnectionOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetConnectionOidList, oid, SESSION,
		    list_objects(&call.object->children[0], NULL, ppList));
}

static IMA_STATUS get_connection(const struct connection *connection,
				 IMA_CONNECTION_PROPERTIES *p)
{
	memcpy(p, &connection->properties, sizeof(*p));
	p->associatedSessionOid = oid_of(connection->object.parent);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetConnectionProperties(IMA_OID connectionOid,
				       IMA_CONNECTION_PROPERTIES *pProps)
{
	return CALL(IMA_GetConnectionProperties, connectionOid, CONNECTION,
		    get_connection((struct connection *)call.object, pProps));
}

/* --- parameters of an adapter (extension) ---------------------------------------------------- */

static IMA_STATUS commit(struct model *model, struct object *object,
			 IMA_COMMIT_LEVEL level)
{
	switch ((unsigned int)level) {
	case IMA_COMMIT_TYPE_AUTO:
	case IMA_COMMIT_TYPE_PERSISTENT:
		return IMA_STATUS_SUCCESS; /* everything is kept at once */
	case IMA_COMMIT_TYPE_ACTIVE:
	case IMA_COMMIT_TYPE_ACTIVE_AND_PERSISTENT:
	case IMA_COMMIT_TYPE_ALL_WITH_RESET:
		object_restart(model, object);
		return IMA_STATUS_SUCCESS;
	default:
		return fails(IMA_ERROR_INVALID_PARAMETER, "%u is no commit level",
			     (unsigned int)level);
	}
}

IMA_STATUS IMA_CommitHbaParameters(IMA_OID oid, IMA_COMMIT_LEVEL commitLevel)
{
	return CALL(IMA_CommitHbaParameters, oid, LHBA | PHBA,
		    commit(call.model, call.object, commitLevel));
}
