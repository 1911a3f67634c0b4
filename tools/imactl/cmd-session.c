// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-session.c - sessions and connections: what was negotiated against what was offered.
 */
#include "commands.h"

#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"
#include "params.h"

/* A negotiated key: where its result is. */
struct result {
	const char *key;
	enum { RESULT_BOOL, RESULT_16, RESULT_32 } kind;
	size_t offset;
};

#define OF_SESSION(member) offsetof(IMA_SESSION_PROPERTIES, member)

static const struct result results[] = {
	{ "MaxConnections", RESULT_16, OF_SESSION(maxConnections) },
	{ "InitialR2T", RESULT_BOOL, OF_SESSION(initialR2T) },
	{ "ImmediateData", RESULT_BOOL, OF_SESSION(immediateData) },
	{ "MaxBurstLength", RESULT_32, OF_SESSION(maxBurstLength) },
	{ "FirstBurstLength", RESULT_32, OF_SESSION(firstBurstLength) },
	{ "DefaultTime2Wait", RESULT_16, OF_SESSION(defaultTime2Wait) },
	{ "DefaultTime2Retain", RESULT_16, OF_SESSION(defaultTime2Retain) },
	{ "MaxOutstandingR2T", RESULT_16, OF_SESSION(maxOutstandingR2T) },
	{ "DataPDUInOrder", RESULT_BOOL, OF_SESSION(dataPduInOrder) },
	{ "DataSequenceInOrder", RESULT_BOOL, OF_SESSION(dataSequenceInOrder) },
	{ "ErrorRecoveryLevel", RESULT_16, OF_SESSION(errorRecoveryLevel) },
};

static void add_result(struct json_object *doc, const struct result *result,
		       const IMA_SESSION_PROPERTIES *props)
{
	const char *at = (const char *)props + result->offset;

	if (result->kind == RESULT_BOOL)
		doc_bool(doc, "negotiated",
			 *(const IMA_BOOL *)(const void *)at == IMA_TRUE);
	else if (result->kind == RESULT_16)
		doc_number(doc, "negotiated", *(const IMA_UINT16 *)(const void *)at);
	else
		doc_number(doc, "negotiated", *(const IMA_UINT32 *)(const void *)at);
}

/* What a login to the target offers for a key now; null if the initiator does not tell. */
static void add_offer(struct context *c, struct json_object *doc, const char *key,
		      const struct target *target)
{
	struct json_object *offer = NULL;

	if (param_value(c, param_called(key), target->oid, &offer))
		offer = NULL;
	doc_add(doc, "offered", offer);
}

/* connection is NULL for a key of the whole session. */
static struct json_object *key_row(const char *key,
				   const IMA_CONNECTION_PROPERTIES *connection)
{
	struct json_object *doc = doc_new();

	doc_text(doc, "key", key);
	doc_text(doc, "scope", connection ? "connection" : "session");
	if (connection)
		doc_number(doc, "connectionId", connection->connectionId);
	else
		doc_null(doc, "connectionId");
	doc_null(doc, "declaredBy");
	return doc;
}

static void push_keys(struct context *c, const struct target *target,
		      const IMA_SESSION_PROPERTIES *props, struct json_object *keys)
{
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		struct json_object *doc = key_row(results[i].key, NULL);

		add_offer(c, doc, results[i].key, target);
		add_result(doc, &results[i], props);
		doc_push(keys, doc);
	}
}

/* Each side declares its own; only that of this side was offered by it. */
static void push_segments(struct context *c, const struct target *target,
			  const IMA_CONNECTION_PROPERTIES *props,
			  struct json_object *keys)
{
	static const char key[] = "MaxRecvDataSegmentLength";
	struct json_object *ours = key_row(key, props), *theirs = key_row(key, props);

	doc_text(ours, "declaredBy", "initiator");
	add_offer(c, ours, key, target);
	doc_number(ours, "negotiated", props->maxRecvDataSegmentLength);
	doc_push(keys, ours);
	doc_text(theirs, "declaredBy", "target");
	doc_null(theirs, "offered");
	doc_number(theirs, "negotiated", props->maxTransmitDataSegmentLength);
	doc_push(keys, theirs);
}

static const char *digest_text(IMA_DIGEST_TYPE digest)
{
	return digest == IMA_DIGEST_CRC32C ? "CRC32C" : "None";
}

static void push_digest(const char *key, const IMA_CONNECTION_PROPERTIES *props,
			IMA_DIGEST_TYPE digest, struct json_object *keys)
{
	struct json_object *doc = key_row(key, props);

	doc_null(doc, "offered");
	doc_text(doc, "negotiated", digest_text(digest));
	doc_push(keys, doc);
}

static struct json_object *connection_document(const IMA_CONNECTION_PROPERTIES *props)
{
	struct json_object *doc = doc_new();

	doc_number(doc, "connectionId", props->connectionId);
	doc_text(doc, "headerDigest", digest_text(props->headerDigest));
	doc_text(doc, "dataDigest", digest_text(props->dataDigest));
	doc_number(doc, "maxRecvDataSegmentLength", props->maxRecvDataSegmentLength);
	doc_number(doc, "maxTransmitDataSegmentLength",
		   props->maxTransmitDataSegmentLength);
	doc_bool(doc, "ifMarker", props->ifMarker == IMA_TRUE);
	doc_number(doc, "ifMarkInt", props->ifMarkInt);
	doc_bool(doc, "ofMarker", props->ofMarker == IMA_TRUE);
	doc_number(doc, "ofMarkInt", props->ofMarkInt);
	return doc;
}

/* The connections of a session; what was negotiated for each goes to keys, unless NULL. */
static struct json_object *connections_document(struct context *c,
						const struct target *target,
						IMA_OID session, struct json_object *keys)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	struct json_object *array;

	if (CALL(c, IMA_GetConnectionOidList, session, &list))
		return NULL;
	array = doc_array();
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_CONNECTION_PROPERTIES props;

		if (CALL(c, IMA_GetConnectionProperties, list->oids[i], &props))
			continue;
		doc_push(array, connection_document(&props));
		if (!keys)
			continue;
		push_segments(c, target, &props, keys);
		push_digest("HeaderDigest", &props, props.headerDigest, keys);
		push_digest("DataDigest", &props, props.dataDigest, keys);
	}
	return array;
}

/* Each key costs a call of the library: a list does without them. */
static struct json_object *session_document(struct context *c,
					    const struct target *target, IMA_OID oid,
					    const IMA_SESSION_PROPERTIES *props,
					    bool with_keys)
{
	struct json_object *doc = doc_new(), *keys = with_keys ? doc_array() : NULL;

	doc_text(doc, "target", target->name);
	doc_text(doc, "lhba", target->lhba->name);
	doc_hex(doc, "isid", props->isid, sizeof(props->isid));
	doc_number(doc, "tsih", props->tsih);
	doc_number(doc, "targetPortalGroupTag", props->targetPortalGroupTag);
	doc_text(doc, "authMethod", auth_method_text(props->authMethod));
	if (keys)
		push_keys(c, target, props, keys);
	doc_add(doc, "connections", connections_document(c, target, oid, keys));
	if (keys)
		doc_add(doc, "keys", keys);
	return doc;
}

static int list_sessions(struct context *c, const struct target *target, bool with_keys,
			 struct json_object **sessions)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMA_GetSessionOidList, target->oid, &list);

	*sessions = NULL;
	if (status == IMA_ERROR_NOT_SUPPORTED)
		return EXIT_DONE;
	if (IMA_ERROR(status))
		return failed(c, status, target->name, "cannot list the sessions with %s",
			      target->name);
	*sessions = doc_array();
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_SESSION_PROPERTIES props;

		if (!CALL(c, IMA_GetSessionProperties, list->oids[i], &props))
			doc_push(*sessions, session_document(c, target, list->oids[i],
							     &props, with_keys));
	}
	return EXIT_DONE;
}

int sessions_document(struct context *c, const struct target *target,
		      struct json_object **sessions)
{
	return list_sessions(c, target, true, sessions);
}

/* --- text ------------------------------------------------------------------------------- */

/* "MaxRecvDataSegmentLength (target)" */
static char *format_key(struct json_object *value)
{
	const char *side = doc_get_text(value, "declaredBy");

	return text_format("%s%s%s%s", doc_get_text(value, "key"), side ? " (" : "",
			   side ? side : "", side ? ")" : "");
}

static const struct column key_columns[] = {
	{ "KEY", "", format_key, 0, NULL },
	{ "OFFERED", "offered", format_key_value, COLUMN_RIGHT, NULL },
	{ "NEGOTIATED", "negotiated", format_key_value, COLUMN_RIGHT, NULL },
	{ "CONNECTION", "connectionId", NULL, COLUMN_RIGHT, NULL },
};
static const struct view keys_view = VIEW(LAYOUT_TABLE, NULL, key_columns);

static const struct column session_columns[] = {
	{ "Session with", "target", NULL, 0, NULL },
	{ "ISID", "isid", NULL, 0, NULL },
	{ "TSIH", "tsih", NULL, 0, NULL },
	{ "Target portal group tag", "targetPortalGroupTag", NULL, 0, NULL },
	{ "Authentication", "authMethod", NULL, 0, NULL },
	{ "Negotiated", "keys", NULL, 0, &keys_view },
	{ "Logical units", "lus", NULL, 0, &lus_view },
};
const struct view session_view = VIEW(LAYOUT_RECORD, "session-show", session_columns);

/* --- commands ----------------------------------------------------------------------------- */

/* Rows of all targets asked for. */
struct gathering {
	struct json_object *data;
	const struct view *view;
	bool with_keys;
	void (*push)(struct context *c, const struct gathering *gathering,
		     struct json_object *session);
	unsigned supported, asked;
};

/* Those of the target, with each of its sessions: every one leads to them. */
static void add_lus(struct context *c, const struct target *target,
		    struct json_object *sessions)
{
	struct json_object *lus = exposed_document(c, target);

	for (size_t i = 0; i < json_object_array_length(sessions); i++)
		doc_add(json_object_array_get_idx(sessions, i), "lus",
			json_object_get(lus));
	json_object_put(lus);
}

static int gather(struct context *c, const struct target *target, void *data)
{
	struct gathering *gathering = data;
	struct json_object *sessions;
	int err = list_sessions(c, target, gathering->with_keys, &sessions);

	if (err)
		return err;
	gathering->asked++;
	if (!sessions)
		return EXIT_DONE;
	gathering->supported++;
	if (given(c, OPT_LUS))
		add_lus(c, target, sessions);
	for (size_t i = 0; i < json_object_array_length(sessions); i++)
		gathering->push(c, gathering, json_object_array_get_idx(sessions, i));
	json_object_put(sessions);
	return EXIT_DONE;
}

static int gather_all(struct context *c, struct gathering *gathering)
{
	struct target target;
	int err;

	if (!arg(c, 0)) {
		err = targets_each(c, gather, gathering);
	} else {
		err = target_get(c, arg(c, 0), &target);
		if (!err)
			err = gather(c, &target, gathering);
	}
	if (!err && gathering->asked && !gathering->supported)
		return refused(c, EXIT_NOT_SUPPORTED,
			       "the initiator does not tell about its sessions");
	return err;
}

static int show_gathered(struct context *c, const struct view *view, bool with_keys,
			 void (*push)(struct context *, const struct gathering *,
				      struct json_object *))
{
	struct gathering gathering = { doc_array(), view, with_keys, push, 0, 0 };
	int err = gather_all(c, &gathering);

	if (!err)
		return output_document(c, view, gathering.data);
	json_object_put(gathering.data);
	return err;
}

static void copy_members(struct json_object *from, struct json_object *to,
			 const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		doc_add(to, keys[i], json_object_get(doc_get(from, keys[i])));
}

static void push_summary(struct context *c, const struct gathering *gathering,
			 struct json_object *session)
{
	static const char *const keys[] = {
		"target", "lhba", "isid", "tsih", "targetPortalGroupTag", "authMethod"
	};
	struct json_object *connections = doc_get(session, "connections");
	struct json_object *doc = doc_new();

	copy_members(session, doc, keys, ARRAY_SIZE(keys));
	if (connections)
		doc_number(doc, "connections", json_object_array_length(connections));
	else
		doc_null(doc, "connections");
	output_row(c, gathering->view, gathering->data, doc);
}

int session_list(struct context *c)
{
	static const struct column columns[] = {
		{ "TARGET", "target", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "ISID", "isid", NULL, 0, NULL },
		{ "TSIH", "tsih", NULL, COLUMN_RIGHT, NULL },
		{ "TPGT", "targetPortalGroupTag", NULL, COLUMN_RIGHT, NULL },
		{ "AUTHENTICATION", "authMethod", NULL, 0, NULL },
		{ "CONNECTIONS", "connections", NULL, COLUMN_RIGHT, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "session-list", columns,
					     .empty = "there is no session");

	return show_gathered(c, &view, false, push_summary);
}

static void push_session(struct context *c, const struct gathering *gathering,
			 struct json_object *session)
{
	output_row(c, gathering->view, gathering->data, json_object_get(session));
}

int session_show(struct context *c)
{
	return show_gathered(c, &session_view, true, push_session);
}

static void push_connections(struct context *c, const struct gathering *gathering,
			     struct json_object *session)
{
	static const char *const of_session[] = { "target", "lhba", "isid", "tsih" };
	static const char *const of_connection[] = {
		"connectionId",
		"headerDigest",
		"dataDigest",
		"maxRecvDataSegmentLength",
		"maxTransmitDataSegmentLength",
		"ifMarker",
		"ifMarkInt",
		"ofMarker",
		"ofMarkInt",
	};
	struct json_object *all = doc_get(session, "connections");

	for (size_t i = 0; all && i < json_object_array_length(all); i++) {
		struct json_object *doc = doc_new();

		copy_members(session, doc, of_session, ARRAY_SIZE(of_session));
		copy_members(json_object_array_get_idx(all, i), doc, of_connection,
			     ARRAY_SIZE(of_connection));
		output_row(c, gathering->view, gathering->data, doc);
	}
}

int connection_list(struct context *c)
{
	static const struct column columns[] = {
		{ "TARGET", "target", NULL, 0, NULL },
		{ "TSIH", "tsih", NULL, COLUMN_RIGHT, NULL },
		{ "CID", "connectionId", NULL, COLUMN_RIGHT, NULL },
		{ "HEADER DIGEST", "headerDigest", NULL, 0, NULL },
		{ "DATA DIGEST", "dataDigest", NULL, 0, NULL },
		{ "MAX RECEIVED SEGMENT", "maxRecvDataSegmentLength", NULL, COLUMN_RIGHT,
		  NULL },
		{ "MAX SENT SEGMENT", "maxTransmitDataSegmentLength", NULL, COLUMN_RIGHT,
		  NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "connection-list", columns,
					     .empty = "there is no connection");

	return show_gathered(c, &view, false, push_connections);
}
