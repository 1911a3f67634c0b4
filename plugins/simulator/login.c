// SPDX-License-Identifier: LGPL-2.1-or-later
#include "login.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "keys.h"
#include "lu.h"
#include "network.h"
#include "stale.h"

/* Login status, RFC 7143 11.13.5. */
enum {
	STATUS_INITIATOR_ERROR = 0x0200,
	STATUS_FORBIDDEN = 0x0202,
};

struct session *found_session(const struct found *found)
{
	return (struct session *)found->object.children[1].first;
}

/* --- who is let in ------------------------------------------------------------------- */

static const struct portal_address *reachable_portal(const struct lhba *lhba,
						     const struct target *target,
						     const struct portal_address *after)
{
	const struct portals *portals = &target->now.portals;

	for (unsigned int i = after ? (unsigned int)(after - portals->list) + 1 : 0;
	     i < portals->count; i++)
		if (lhba_reaches(lhba, &portals->list[i].ip, NULL))
			return &portals->list[i];
	return NULL;
}

static const struct node *node_of(const struct model *model, const struct lhba *lhba)
{
	if (lhba->now.node)
		return (const struct node *)lhba->now.node;
	return (const struct node *)object_find(model, KIND_NODE, NULL, 0, "shared");
}

static IMA_STATUS rejected(struct login_error *error, uint16_t status, const char *name,
			   const char *why)
{
	error->status = status;
	snprintf(error->text, sizeof(error->text),
		 status ? "%s refuses the login: %s" : "the login to %s was ended: %s",
		 name, why);
	return IMA_ERROR_LOGIN_REJECTED;
}

/* What two offers come to, -1 if there is nothing in both. */
static int agree_on_digest(uint32_t offer, uint32_t answer)
{
	static const struct {
		unsigned int count;
		IMA_DIGEST_TYPE list[2];
	} offers[] = {
		[IMAX_DIGEST_NONE] = { 1, { IMA_DIGEST_NONE } },
		[IMAX_DIGEST_CRC32C] = { 1, { IMA_DIGEST_CRC32C } },
		[IMAX_DIGEST_NONE_CRC32C] = { 2, { IMA_DIGEST_NONE, IMA_DIGEST_CRC32C } },
		[IMAX_DIGEST_CRC32C_NONE] = { 2, { IMA_DIGEST_CRC32C, IMA_DIGEST_NONE } },
	};

	for (unsigned int i = 0; i < offers[offer].count; i++)
		for (unsigned int k = 0; k < offers[answer].count; k++)
			if (offers[offer].list[i] == offers[answer].list[k])
				return (int)offers[offer].list[i];
	return -1;
}

static int digest_of(const struct found *found, enum digest_id digest)
{
	return agree_on_digest(digest_of_found(found, digest, false),
			       found->target->now.digests[digest]);
}

static IMA_STATUS try_login(struct model *model, struct found *found, int *method,
			    struct login_error *error)
{
	const struct lhba *lhba = (struct lhba *)found->object.parent;
	const struct target *target = found->target;
	const char *name = found->object.identity->name;
	const struct node *node = node_of(model, lhba);
	uint16_t code;
	const char *why;

	memset(error, 0, sizeof(*error));
	if (target->now.login == ANSWER_IGNORE || !reachable_portal(lhba, target, NULL)) {
		snprintf(error->text, sizeof(error->text), "no portal of %s answers",
			 name);
		return IMA_ERROR_TARGET_TIMEOUT;
	}
	if (target->now.login == ANSWER_REJECT)
		return rejected(error, target->now.reject, name,
				"it refuses every login");
	if (target->now.allow[0] &&
	    (!node || strcmp(node->now.name, target->now.allow) != 0))
		return rejected(error, STATUS_FORBIDDEN, name,
				"this initiator is not allowed");
	why = auth_login(lhba, &found->object, target, &target->now.auth, method, &code);
	if (why)
		return rejected(error, code, name, why);
	if (digest_of(found, DIGEST_HEADER) < 0 || digest_of(found, DIGEST_DATA) < 0)
		return rejected(error, STATUS_INITIATOR_ERROR, name,
				"no digest in common");
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS login_check(struct model *model, struct found *found,
		       struct login_error *error)
{
	IMA_STATUS status;
	int method;

	if (found_session(found))
		return IMA_STATUS_SUCCESS;
	status = try_login(model, found, &method, error);
	if (status == IMA_STATUS_SUCCESS)
		found->alias_known = true;
	return status;
}

/* --- what is negotiated -------------------------------------------------------------- */

static uint32_t negotiated(const struct found *found, enum key_id key)
{
	return key_negotiate(key, key_of_found(found, key, false),
			     found->target->now.keys[key]);
}

static void fill_session(struct session *session, struct found *found, uint16_t group,
			 int method)
{
	IMA_SESSION_PROPERTIES *p = &session->properties;
	uint64_t lhba = object_id(found->object.parent);

	p->authMethod = (IMA_AUTHMETHOD)method;
	p->dataPduInOrder = negotiated(found, KEY_PDU_ORDER);
	p->dataSequenceInOrder = negotiated(found, KEY_SEQUENCE_ORDER);
	p->defaultTime2Retain = (IMA_UINT16)negotiated(found, KEY_TIME2RETAIN);
	p->defaultTime2Wait = (IMA_UINT16)negotiated(found, KEY_TIME2WAIT);
	p->errorRecoveryLevel = (IMA_UINT16)negotiated(found, KEY_ERROR_RECOVERY);
	p->maxBurstLength = negotiated(found, KEY_MAX_BURST);
	p->firstBurstLength = negotiated(found, KEY_FIRST_BURST);
	if (p->firstBurstLength > p->maxBurstLength)
		p->firstBurstLength = p->maxBurstLength;
	p->immediateData = negotiated(found, KEY_IMMEDIATE_DATA);
	p->initialR2T = negotiated(found, KEY_INITIAL_R2T);
	p->maxConnections = (IMA_UINT16)negotiated(found, KEY_MAX_CONNECTIONS);
	p->maxOutstandingR2T = (IMA_UINT16)negotiated(found, KEY_MAX_R2T);
	p->targetPortalGroupTag = group;
	p->tsih = ++found->target->next_tsih;
	if (!p->tsih) /* 0 is reserved */
		p->tsih = ++found->target->next_tsih;
	/* Type "random" (80h) with the LHBA's number, so that each LHBA has its own. */
	p->isid[0] = 0x80;
	p->isid[3] = (IMA_BYTE)(lhba >> 16);
	p->isid[4] = (IMA_BYTE)(lhba >> 8);
	p->isid[5] = (IMA_BYTE)lhba;
}

static void add_connection(struct model *model, struct session *session,
			   struct found *found, const struct portal_address *portal,
			   uint16_t cid)
{
	const struct lhba *lhba = (struct lhba *)found->object.parent;
	struct connection *connection = (struct connection *)object_new(
		model, KIND_CONNECTION, &session->object, cid, "");
	IMA_CONNECTION_PROPERTIES *p;

	if (!connection) {
		model->no_memory = true;
		return;
	}
	p = &connection->properties;
	p->connectionId = cid;
	p->headerDigest = (IMA_DIGEST_TYPE)digest_of(found, DIGEST_HEADER);
	p->dataDigest = (IMA_DIGEST_TYPE)digest_of(found, DIGEST_DATA);
	p->maxRecvDataSegmentLength = key_of_found(found, KEY_MAX_RECV, false);
	p->maxTransmitDataSegmentLength = found->target->now.keys[KEY_MAX_RECV];
	connection->portal = *portal;
	lhba_reaches(lhba, &portal->ip, &connection->pnp);
}

/* A connection to each portal of the group, as many as were negotiated. */
static void add_connections(struct model *model, struct session *session,
			    struct found *found, const struct portal_address *first)
{
	const struct lhba *lhba = (struct lhba *)found->object.parent;
	const struct portal_address *portal = first;

	for (uint16_t cid = 0; portal && cid < session->properties.maxConnections;
	     portal = reachable_portal(lhba, found->target, portal))
		if (portal->group == first->group)
			add_connection(model, session, found, portal, cid++);
}

/* --- sessions ------------------------------------------------------------------------ */

static void count_failure(struct model *model, struct found *found)
{
	found->errors[ERROR_LOGIN_FAILED]++;
	found->last_failure = model->clock;
}

IMA_STATUS found_login(struct model *model, struct found *found, bool counted,
		       struct login_error *error)
{
	const struct portal_address *portal;
	struct session *session;
	IMA_STATUS status;
	int method;

	if (found_session(found))
		return IMA_STATUS_SUCCESS;
	status = try_login(model, found, &method, error);
	if (status != IMA_STATUS_SUCCESS) {
		if (counted)
			count_failure(model, found);
		return status;
	}
	session = (struct session *)object_new(model, KIND_SESSION, &found->object,
					       ++model->next_session, "");
	if (!session)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	portal = reachable_portal((struct lhba *)found->object.parent, found->target,
				  NULL);
	fill_session(session, found, portal->group, method);
	add_connections(model, session, found, portal);
	found->alias_known = true;
	found_scan(model, found);
	found_expose_all(model, found);
	return IMA_STATUS_SUCCESS;
}

/* What the connections of a session agreed upon, for those of the same number. */
static void take_connections(const struct session *from, struct session *session)
{
	for_each(object, &session->object.children[0]) {
		struct connection *to = (struct connection *)object;

		for_each(was, &from->object.children[0])
			if (was->identity->number == object->identity->number)
				to->properties = ((struct connection *)was)->properties;
	}
}

/* The same session in the place of now, with a number of its own. */
static struct session *renumber(struct model *model, struct found *found,
				struct session *now, uint64_t number)
{
	struct session *session;

	if (now->object.identity->number == number)
		return now;
	session = (struct session *)object_new(model, KIND_SESSION, &found->object,
					       number, "");
	if (!session) {
		model->no_memory = true;
		return NULL;
	}
	session->properties = now->properties;
	object_remove(model, &now->object);
	return session;
}

void found_take_session(struct model *model, struct found *found,
			const struct found *before)
{
	const struct session *was = before ? found_session(before) : NULL;
	struct session *session = found_session(found);

	if (!session)
		return;
	session = renumber(model, found, session,
			   was ? was->object.identity->number : ++model->next_session);
	if (!session)
		return;
	if (was)
		session->properties = was->properties;
	for_each_safe(connection, &session->object.children[0])
		object_remove(model, connection);
	add_connections(model, session, found,
			reachable_portal((struct lhba *)found->object.parent,
					 found->target, NULL));
	if (was)
		take_connections(was, session);
}

static void end_sessions(struct model *model, struct found *found)
{
	for_each_safe(session, &found->object.children[1]) object_remove(model, session);
}

IMA_STATUS found_logout(struct model *model, struct found *found)
{
	for_each(lu, &found->object.children[0])
		if (((struct found_lu *)lu)->now.in_use)
			return IMA_ERROR_LU_IN_USE;
	end_sessions(model, found);
	found_unexpose_all(model, found);
	return IMA_STATUS_SUCCESS;
}

/* Is there still a way to the target, and someone at its end? */
static bool session_lives(const struct found *found)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;

	return found->target->now.login != ANSWER_IGNORE &&
	       reachable_portal(lhba, found->target, NULL);
}

/* Does every connection go the way a new one would go? */
static bool connections_are_right(const struct found *found,
				  const struct session *session)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;
	size_t right = 0;

	for_each(object, &session->object.children[0]) {
		const struct connection *connection = (struct connection *)object;
		struct pnp *via;

		right += lhba_reaches(lhba, &connection->portal.ip, &via) &&
			 via == connection->pnp;
	}
	return right && right == session->object.children[0].count;
}

/* The connections of a session move to the ports and portals that are left. */
static void check_connections(struct model *model, struct found *found)
{
	struct session *session = found_session(found);

	if (connections_are_right(found, session))
		return;
	for_each_safe(connection, &session->object.children[0])
		object_remove(model, connection);
	add_connections(model, session, found,
			reachable_portal((struct lhba *)found->object.parent,
					 found->target, NULL));
}

static void session_lost(struct model *model, struct found *found)
{
	found->errors[ERROR_SESSION_FAILED]++;
	found->errors[ERROR_TIME_LIMIT]++;
	found->errors[ERROR_TIMEOUT]++;
	end_sessions(model, found);
}

static void settle_session(struct model *model, struct found *found)
{
	if (!session_lives(found))
		session_lost(model, found);
	else if (!found->now.login)
		found_logout(model, found);
	else
		check_connections(model, found);
}

void found_settle(struct model *model, struct found *found, bool first)
{
	struct login_error error;

	if (found_session(found))
		settle_session(model, found);
	/* An attempt that is repeated because something else changed counts once. */
	if (found->now.login)
		found->login_failed = found_login(model, found,
						  first || !found->login_failed,
						  &error) != IMA_STATUS_SUCCESS;
	/* Whoever does not look again by itself waits for IMAX_RescanTarget. */
	if (found->scanned && !((struct lhba *)found->object.parent)->now.auto_rescan)
		return;
	/* Without a session LUs can be looked at if the target lets us in. */
	if (found->scanned || login_check(model, found, &error) == IMA_STATUS_SUCCESS)
		found_scan(model, found);
}

void found_shutdown(struct model *model, struct found *found)
{
	end_sessions(model, found);
	found_unexpose_all(model, found);
	memset(found->errors, 0, sizeof(found->errors));
	found->last_failure = 0;
	for_each(object, &found->object.children[0]) {
		struct found_lu *lu = (struct found_lu *)object;

		memset(&lu->counters, 0, sizeof(lu->counters));
		lu->now.in_use = lu->next.in_use = false;
	}
}

void found_gone(struct model *model, struct object *object)
{
	if (object_kind(object) == KIND_FOUND_LU)
		lu_release_device(model, (struct found_lu *)object);
	stale_keep(model, object);
}
