// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * target.c - targets and their portals, sessions and connections with what was negotiated.
 */
#include "linux.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "recent-record.h"
#include "ring.h"
#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "shared/number.h"

/* --- Lists ----------------------------------------------------------------------------------- */

static int add_targets(struct oid_list *list, const struct lhba *lhba)
{
	int err = 0;

	for (size_t i = 0; i < lhba->target_count && !err; i++)
		err = oid_list_add(list, lhba->targets[i]->item.object->oid);
	return err;
}

/* An LHBA bound to another interface of the network does not reach its targets through this one. */
static int add_targets_of_port(struct oid_list *list, const char *port)
{
	int err = 0;

	for_each_item(struct lhba, lhba, &plugin.source.model->lhbas) {
		const char *netdev = lhba->record ? lhba->record->netdev : NULL;

		if (!err && (!netdev || !strcmp(netdev, port)))
			err = add_targets(list, lhba);
	}
	return err;
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	char port[PORT_NAME_SIZE] = "";
	const struct lhba *lhba = NULL;
	IMA_STATUS status;
	int err;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	if (oid.objectType == IMA_OBJECT_TYPE_LNP) {
		status = ports_name(oid, port);
		err = IMA_ERROR(status) ? 0 : source_refresh(&plugin.source, FRESH);
		if (err)
			return refresh_failed(err);
	} else {
		lhba = find_object(oid, FRESH, &status);
	}
	if (IMA_ERROR(status))
		return status;
	err = lhba ? add_targets(&list, lhba) : add_targets_of_port(&list, port);
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

static int add_sessions(struct oid_list *list, const struct target *t)
{
	int err = 0;

	for (size_t i = 0; i < t->session_count && !err; i++)
		err = oid_list_add(list, t->sessions[i]->item.object->oid);
	return err;
}

IMA_STATUS list_of_targets(IMA_OID oid,
			   int (*add)(struct oid_list *list, const struct target *target),
			   IMA_OID_LIST **ppList)
{
	bool is_lhba = oid.objectType == IMA_OBJECT_TYPE_LHBA;
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	const struct lhba *lhba;
	IMA_STATUS status;
	void *object;
	int err = 0;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	object = find_object(oid, is_lhba ? FRESH : FRESH_ENOUGH, &status);
	if (!object)
		return status;
	lhba = is_lhba ? object : NULL;
	if (!lhba)
		err = add(&list, object);
	for (size_t i = 0; lhba && i < lhba->target_count && !err; i++)
		err = add(&list, lhba->targets[i]);
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

IMA_STATUS IMA_GetSessionOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	return list_of_targets(oid, add_sessions, ppList);
}

IMA_STATUS IMA_GetConnectionOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	const struct session *session;
	IMA_STATUS status;
	int err = 0;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	session = find_object(oid, FRESH_ENOUGH, &status);
	if (!session)
		return status;
	for (size_t i = 0; i < session->sys->cid_count && !err; i++)
		err = oid_list_add(&list, session->connections[i].item.object->oid);
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

/* --- Targets --------------------------------------------------------------------------------- */

IMA_STATUS IMA_GetTargetProperties(IMA_OID targetOid, IMA_TARGET_PROPERTIES *pProps)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object(targetOid, FRESH_ENOUGH, &status);
	if (!t)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedNodeOid = node_oid(t->lhba);
	pProps->associatedLhbaOid = t->lhba->item.object->oid;
	for (size_t i = 0; i < t->node_count; i++)
		pProps->discoveryMethodFlags |= (t->nodes[i].methods |
						 t->nodes[i].found) &
						DB_METHOD_FLAGS;
	return status_from_errno(FIELD_SET(pProps->name, t->name));
}

/* A host name has no place in an address key; its addresses are known once there is a session. */
static int add_key(struct address_key_list *list, const char *host, uint16_t port)
{
	struct address address;
	IMA_ADDRESS_KEY key;

	if (strlen(host) >= sizeof(address.host))
		return 0;
	snprintf(address.host, sizeof(address.host), "%.*s", (int)strcspn(host, "%"),
		 host);
	address.port = port;
	if (address_to_key(&address, &key))
		return 0;
	return address_key_list_add(list, &key);
}

static int add_session_key(struct address_key_list *list, const struct session *s)
{
	char host[PORTAL_HOST];
	uint64_t port;
	int err;

	if (!s->sys->cid_count)
		return 0;
	err = connection_attr(plugin.world.sysfs, s->sys->sid, s->sys->cids[0],
			      "persistent_address", host, sizeof(host));
	if (err < 0)
		return 0;
	err = connection_number(plugin.world.sysfs, s->sys->sid, s->sys->cids[0],
				"persistent_port", UINT16_MAX, &port);
	return err ? 0 : add_key(list, host, (uint16_t)port);
}

/*
 * The database knows the portals of a target, so nobody is asked. Those of sessions are added
 * when it does not: without records, or with names instead of addresses.
 */
IMA_STATUS IMA_GetAddressKeys(IMA_OID targetOid, IMA_ADDRESS_KEYS **ppKeys)
{
	struct address_key_list _cleanup_(address_key_list_drop) list = { 0 };
	const struct target *t;
	IMA_STATUS status;
	int err = 0;

	*ppKeys = NULL;
	LOCKED(&plugin.lock);
	t = find_object(targetOid, FRESH_ENOUGH, &status);
	if (!t)
		return status;
	for (size_t i = 0; i < t->node_count && !err; i++)
		err = add_key(&list, t->nodes[i].portal.host, t->nodes[i].portal.port);
	if (!list.list || list.list->addressKeyCount < t->node_count || !t->node_count)
		for (size_t i = 0; i < t->session_count && !err; i++)
			err = add_session_key(&list, t->sessions[i]);
	if (!err)
		err = address_key_list_end(&list, ppKeys);
	return status_from_errno(err);
}

/* --- Sessions -------------------------------------------------------------------------------- */

/* A number of a session or connection and where it goes; booleans are numbers up to 1. */
struct value {
	const char *attr;
	uint64_t max;
	size_t offset;
	size_t size;
};

#define SESSION_VALUE(attr, max, member)                                 \
	{                                                                \
		attr, max, offsetof(IMA_SESSION_PROPERTIES, member),     \
			sizeof(((IMA_SESSION_PROPERTIES *)NULL)->member) \
	}
#define CONNECTION_VALUE(attr, max, member)                                 \
	{                                                                   \
		attr, max, offsetof(IMA_CONNECTION_PROPERTIES, member),     \
			sizeof(((IMA_CONNECTION_PROPERTIES *)NULL)->member) \
	}

static const struct value session_values[] = {
	SESSION_VALUE("erl", 2, errorRecoveryLevel),
	SESSION_VALUE("first_burst_len", UINT32_MAX, firstBurstLength),
	SESSION_VALUE("immediate_data", 1, immediateData),
	SESSION_VALUE("initial_r2t", 1, initialR2T),
	SESSION_VALUE("max_burst_len", UINT32_MAX, maxBurstLength),
	SESSION_VALUE("max_outstanding_r2t", UINT16_MAX, maxOutstandingR2T),
	SESSION_VALUE("tpgt", UINT16_MAX, targetPortalGroupTag),
};

/* The kernel writes 0 and 1 for digests, the values of IMA_DIGEST_TYPE. */
static const struct value connection_values[] = {
	CONNECTION_VALUE("data_digest", 1, dataDigest),
	CONNECTION_VALUE("header_digest", 1, headerDigest),
	CONNECTION_VALUE("max_recv_dlength", UINT32_MAX, maxRecvDataSegmentLength),
	CONNECTION_VALUE("max_xmit_dlength", UINT32_MAX, maxTransmitDataSegmentLength),
};

static void put(void *structure, const struct value *value, uint64_t number)
{
	char *at = (char *)structure + value->offset;
	uint16_t half = (uint16_t)number;
	uint32_t word = (uint32_t)number;

	if (value->size == sizeof(half))
		memcpy(at, &half, sizeof(half));
	else
		memcpy(at, &word, sizeof(word));
}

/* What is not there stays 0; only a session that is gone is an error. */
static int take_values(void *structure, const struct value *values, size_t count,
		       const struct attr *attrs)
{
	size_t gone = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t number;

		if (attrs[i].length >= 0 &&
		    !number_parse(attrs[i].text, 0, values[i].max, &number))
			put(structure, &values[i], number);
		gone += attr_is_gone(attrs[i].length);
	}
	return gone == count ? -ENOENT : 0;
}

/* The attributes of a session: its values, these, and those of its first connection. */
enum {
	ATTR_USERNAME = ARRAY_SIZE(session_values),
	ATTR_ISID,
	SESSION_ATTRS,
	CONNECTION_ATTRS = ARRAY_SIZE(connection_values),
	ALL_ATTRS = SESSION_ATTRS + CONNECTION_ATTRS
};

/*
 * A connection that was read with its session: as old as the model, which recent-record.h says
 * more about. The lock of the plugin is held.
 */
static struct {
	const struct object *object; /* NULL: none */
	uint64_t version, checked_at;
	struct attr attrs[CONNECTION_ATTRS];
} recent;

static void keep_connection(const struct object *object, const struct attr *attrs)
{
	recent.object = attrs->length == -EAGAIN ? NULL : object;
	recent.version = plugin.source.version;
	recent.checked_at = plugin.source.checked_at;
	memcpy(recent.attrs, attrs, sizeof(recent.attrs));
}

/* Once: who asks again wants to know it again. */
static bool take_connection(const struct object *object)
{
	bool known = recent.object == object && recent.version == plugin.source.version &&
		     recent.checked_at == plugin.source.checked_at;

	recent.object = NULL;
	return known;
}

static void set_session_paths(uint32_t sid, struct attr attrs[SESSION_ATTRS])
{
	for (size_t i = 0; i < SESSION_ATTRS; i++) {
		const char *name = i == ATTR_USERNAME ? "username"
				   : i == ATTR_ISID   ? "isid"
						      : session_values[i].attr;

		attrs[i].dir = plugin.world.sysfs;
		session_attr_path(sid, name, attrs[i].path, sizeof(attrs[i].path));
	}
}

static void set_connection_paths(uint32_t sid, uint32_t cid,
				 struct attr attrs[CONNECTION_ATTRS])
{
	for (size_t i = 0; i < CONNECTION_ATTRS; i++) {
		attrs[i].dir = plugin.world.sysfs;
		connection_attr_path(sid, cid, connection_values[i].attr, attrs[i].path,
				     sizeof(attrs[i].path));
	}
}

/* Where it costs nothing more, what is going to be asked for next is read as well. */
static void read_session_attrs(const struct session *s, struct attr attrs[ALL_ATTRS])
{
	bool connected = s->sys->cid_count;
	char path[600], text[RING_TEXT];
	struct ring_job file = { .path = path, .text = text, .size = sizeof(text) };

	file.dir = recent_record_wanted(s->target, path, sizeof(path));
	set_session_paths(s->sys->sid, attrs);
	if (connected)
		set_connection_paths(s->sys->sid, s->sys->cids[0], attrs + SESSION_ATTRS);
	attrs_read_with(attrs, SESSION_ATTRS, connected ? ALL_ATTRS : SESSION_ATTRS,
			file.dir < 0 ? NULL : &file);
	if (connected)
		keep_connection(s->connections[0].item.object, attrs + SESSION_ATTRS);
	if (file.result <= 0)
		return;
	recent_record_give(s->target, text, (size_t)file.result);
	explicit_bzero(text, (size_t)file.result);
}

/* The kernel shows the name it authenticates with; not to everybody. */
static IMA_AUTHMETHOD auth_method(const struct attr *username,
				  const struct node_record *record)
{
	if (username->length == -EACCES)
		return node_record_uses_chap(record) ? IMA_AUTHMETHOD_CHAP
						     : IMA_AUTHMETHOD_NONE;
	return username->length > 0 ? IMA_AUTHMETHOD_CHAP : IMA_AUTHMETHOD_NONE;
}

/* What the kernel does not show comes from the record of the target, as offered. */
static void fill_offered(IMA_SESSION_PROPERTIES *props, const struct node_record *record)
{
	props->defaultTime2Wait = (IMA_UINT16)node_record_number(
		record, "node.session.iscsi.DefaultTime2Wait", 2);
	props->defaultTime2Retain = (IMA_UINT16)node_record_number(
		record, "node.session.iscsi.DefaultTime2Retain", 0);
	/* The kernel's initiator has one connection per session. */
	props->maxConnections = 1;
	/*
	 * open-iscsi offers Yes for both, and Yes of one side is the result; the kernel shows No
	 * when a target did not answer.
	 */
	props->dataPduInOrder = IMA_TRUE;
	props->dataSequenceInOrder = IMA_TRUE;
}

static void fill_isid(IMA_SESSION_PROPERTIES *props, const struct attr *isid)
{
	if (isid->length == 12)
		hex_parse(isid->text, props->isid, sizeof(props->isid));
}

IMA_STATUS IMA_GetSessionProperties(IMA_OID sessionOid, IMA_SESSION_PROPERTIES *pProps)
{
	const struct node_record *record;
	const struct session *session;
	struct attr attrs[ALL_ATTRS];
	IMA_STATUS status;
	int err;

	LOCKED(&plugin.lock);
	session = find_object(sessionOid, FRESH_ENOUGH, &status);
	if (!session)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	read_session_attrs(session, attrs);
	pProps->associatedLhbaOid = session->target->lhba->item.object->oid;
	err = take_values(pProps, session_values, ARRAY_SIZE(session_values), attrs);
	if (err)
		return status_from_errno(err);
	err = recent_record(session->target, &record);
	if (err)
		return status_from_errno(err);
	pProps->authMethod = auth_method(&attrs[ATTR_USERNAME], record);
	fill_offered(pProps, record);
	fill_isid(pProps, &attrs[ATTR_ISID]);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetConnectionProperties(IMA_OID connectionOid,
				       IMA_CONNECTION_PROPERTIES *pProps)
{
	const struct connection_item *c;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	c = find_object(connectionOid, FRESH_ENOUGH, &status);
	if (!c)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedSessionOid = c->session->item.object->oid;
	pProps->connectionId = (IMA_UINT16)c->cid;
	if (!take_connection(c->item.object)) {
		set_connection_paths(c->session->sys->sid, c->cid, recent.attrs);
		attrs_read(recent.attrs, CONNECTION_ATTRS);
	}
	return status_from_errno(
		take_values(pProps, connection_values, CONNECTION_ATTRS, recent.attrs));
}
