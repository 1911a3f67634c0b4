// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * auth.c - authentication of an LHBA: CHAP, or none.
 *
 * Name and secret are defaults of iscsid.conf, which all interfaces share, and go into the node
 * records that have no others. They are never arguments of a program: records are edited here,
 * under open-iscsi's lock, each replaced as a whole and readable for its owner only.
 */
#include "linux.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "attr.h"
#include "config-file.h"
#include "lock.h"
#include "node-record.h"
#include "settings.h"
#include "shared/atomic-file.h"

#define USERNAME    "node.session.auth.username"
#define PASSWORD    "node.session.auth.password"
#define PASSWORD_IN "node.session.auth.password_in"
#define METHOD	    "node.session.auth.authmethod"
#define TEXT_MAX    255 /* of open-iscsi, for name and secret */

/* Name and secret; wiped by credentials_free(). */
struct credentials {
	char name[TEXT_MAX + 1], secret[TEXT_MAX + 1];
};

static void credentials_free(struct credentials *c)
{
	explicit_bzero(c, sizeof(*c));
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void take_value(const struct record *record, const char *key, char *to,
		       size_t size)
{
	const char *value = record_get(record, key);

	snprintf(to, size, "%s", value ? value : "");
}

static void credentials_of(const struct record *record, struct credentials *c)
{
	take_value(record, USERNAME, c->name, sizeof(c->name));
	take_value(record, PASSWORD, c->secret, sizeof(c->secret));
}

static IMA_STATUS read_defaults(IMA_OID oid, struct node_record *record)
{
	IMA_STATUS status;

	{
		LOCKED(&plugin.lock);
		if (!find_object(oid, FRESH_ENOUGH, &status))
			return status;
	}
	node_record_read(&plugin.world, NULL, record);
	return IMA_STATUS_SUCCESS;
}

static void give_methods(const IMA_AUTHMETHOD *methods, IMA_UINT count, IMA_UINT *pCount,
			 IMA_AUTHMETHOD *list)
{
	for (IMA_UINT i = 0; list && i < count && i < *pCount; i++)
		list[i] = methods[i];
	if (!list || *pCount > count)
		*pCount = count;
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	static const IMA_AUTHMETHOD methods[] = { IMA_AUTHMETHOD_NONE,
						  IMA_AUTHMETHOD_CHAP };
	struct node_record _cleanup_node_record_ record = { 0 };
	IMA_STATUS status = read_defaults(lhbaOid, &record);
	bool chap = record_get(&record.defaults, USERNAME) &&
		    record_get(&record.defaults, PASSWORD);

	if (!IMA_ERROR(status))
		give_methods(methods, chap || !getSettableMethods ? 2 : 1, pMethodCount,
			     pMethodList);
	return status;
}

/* open-iscsi offers CHAP and None when it is to use CHAP, unless the target must prove itself too. */
IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	static const IMA_AUTHMETHOD methods[] = { IMA_AUTHMETHOD_CHAP,
						  IMA_AUTHMETHOD_NONE };
	struct node_record _cleanup_node_record_ record = { 0 };
	IMA_STATUS status = read_defaults(lhbaOid, &record);

	if (IMA_ERROR(status))
		return status;
	if (!node_record_uses_chap(&record))
		give_methods(methods + 1, 1, pMethodCount, pMethodList);
	else
		give_methods(methods, record_get(&record.defaults, PASSWORD_IN) ? 1 : 2,
			     pMethodCount, pMethodList);
	return status;
}

IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *pParms)
{
	struct node_record _cleanup_node_record_ record = { 0 };
	struct credentials _cleanup_(credentials_free) c = { 0 };
	IMA_CHAP_INITIATOR_AUTHPARMS *chap = &pParms->chapParms;
	IMA_STATUS status = read_defaults(lhbaOid, &record);

	if (IMA_ERROR(status))
		return status;
	if (method != IMA_AUTHMETHOD_CHAP)
		return IMA_ERROR_INVALID_PARAMETER;
	credentials_of(&record.defaults, &c);
	memset(pParms, 0, sizeof(*pParms));
	chap->nameLength = strlen(c.name);
	memcpy(chap->name, c.name, chap->nameLength);
	if (!plugin.world.privileged)
		return IMA_STATUS_SUCCESS;
	chap->challengeSecretLength = strlen(c.secret);
	memcpy(chap->challengeSecret, c.secret, chap->challengeSecretLength);
	return IMA_STATUS_SUCCESS;
}

/* --- Checking what a caller gave ------------------------------------------------------------------ */

/* A value of a record is one line without blanks around it; "<empty>" stands for nothing. */
static const char *why_no_value(const IMA_BYTE *bytes, size_t size)
{
	if (size > TEXT_MAX)
		return "has more than 255 bytes";
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7f)
			return "has control characters";
	if (size && (bytes[0] == ' ' || bytes[size - 1] == ' '))
		return "has a blank at an end";
	if (size == 7 && !memcmp(bytes, "<empty>", 7))
		return "is what open-iscsi writes for nothing";
	return NULL;
}

static IMA_STATUS refuse(const char *what, const char *why)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "the CHAP %s %s, which open-iscsi cannot keep", what, why);
}

static IMA_STATUS take_credentials(const IMA_CHAP_INITIATOR_AUTHPARMS *chap,
				   struct credentials *c)
{
	const char *why;

	if (chap->nameLength > sizeof(chap->name) ||
	    chap->challengeSecretLength > sizeof(chap->challengeSecret) ||
	    chap->minValueLength > chap->maxValueLength)
		return IMA_ERROR_INVALID_PARAMETER;
	why = why_no_value(chap->name, chap->nameLength);
	if (why)
		return refuse("name", why);
	why = why_no_value(chap->challengeSecret, chap->challengeSecretLength);
	if (why)
		return refuse("secret", why);
	if (!chap->nameLength != !chap->challengeSecretLength)
		return refuse("name or secret", "is missing");
	memcpy(c->name, chap->name, chap->nameLength);
	memcpy(c->secret, chap->challengeSecret, chap->challengeSecretLength);
	return IMA_STATUS_SUCCESS;
}

/* --- Writing records -------------------------------------------------------------------------------- */

/* Paths below the database of the records there are. */
struct place {
	char path[600];
};

static int collect_places(struct array *places)
{
	const struct nodedb *db = &plugin.source.db;
	int err = 0;

	for (size_t i = 0; i < db->node_count && !err; i++) {
		struct place *place = array_add(places, sizeof(*place));

		err = place ? node_path(&db->nodes[i], place->path, sizeof(place->path))
			    : -ENOMEM;
	}
	return err;
}

static bool same_credentials(const struct credentials *a, const struct credentials *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->secret, b->secret);
}

static int rewrite(const char *path, const char *text, size_t size,
		   const struct credentials *c)
{
	const struct record_change changes[] = {
		{ USERNAME, *c->name ? c->name : NULL },
		{ PASSWORD, *c->secret ? c->secret : NULL },
	};
	size_t edited_size;
	char *edited;
	int err = record_edit(text, size, changes, ARRAY_SIZE(changes), &edited,
			      &edited_size);

	if (err)
		return err;
	err = atomic_file_write(path, edited, edited_size, 0600);
	record_text_free(edited, edited_size);
	return err;
}

/* A record that has the old defaults gets the new ones. */
static int follow(int root, const struct place *place, const struct credentials *old,
		  const struct credentials *new)
{
	struct record _cleanup_record_ record = { 0 };
	struct credentials _cleanup_(credentials_free) own = { 0 };
	char path[1024], *text;
	size_t size;
	int err = file_read(root, place->path, RECORD_MAX, &text, &size);

	/* Removed since it was listed. */
	if (err)
		return attr_is_gone(err) ? 0 : err;
	err = record_parse(text, size, &record);
	if (!err)
		credentials_of(&record, &own);
	if (!err && same_credentials(&own, old) && !same_credentials(&own, new)) {
		err = world_database_path(&plugin.world, place->path, path, sizeof(path));
		if (!err)
			err = rewrite(path, text, size, new);
	}
	record_text_free(text, size);
	return err;
}

static IMA_STATUS follow_all(const struct array *places, const struct credentials *old,
			     const struct credentials *new)
{
	int _cleanup_close_ root = world_database(&plugin.world);
	int _cleanup_close_ dir = world_make_lock(&plugin.world);
	const struct place *list = places->data;
	int err;

	if (!places->count)
		return IMA_STATUS_SUCCESS;
	err = dir < 0 ? dir : db_lock_take(dir, host_deadline());
	if (err)
		return lock_failed(&plugin.world, err);
	for (size_t i = 0; i < places->count && !err; i++)
		err = follow(root, &list[i], old, new);
	db_lock_release(dir);
	if (err)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot write a node record");
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS set_defaults(const struct credentials *c)
{
	const struct record_change changes[] = {
		{ USERNAME, *c->name ? c->name : NULL },
		{ PASSWORD, *c->secret ? c->secret : NULL },
	};

	return config_file_edit_secret(&plugin.world, "iscsid.conf", changes,
				       ARRAY_SIZE(changes));
}

static IMA_STATUS set_credentials(const struct credentials *old,
				  const struct credentials *new)
{
	struct array _cleanup_(array_free) places = { 0 };
	IMA_STATUS status;
	int err;

	{
		LOCKED(&plugin.lock);
		err = source_refresh(&plugin.source, FRESH);
		if (!err)
			err = collect_places(&places);
	}
	if (err)
		return refresh_failed(err);
	status = set_defaults(new);
	if (!IMA_ERROR(status))
		status = follow_all(&places, old, new);
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}

IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *pParms)
{
	struct node_record _cleanup_node_record_ record = { 0 };
	struct credentials _cleanup_(credentials_free) old = { 0 };
	struct credentials _cleanup_(credentials_free) new = { 0 };
	IMA_STATUS status = read_defaults(lhbaOid, &record);

	if (IMA_ERROR(status))
		return status;
	if (method != IMA_AUTHMETHOD_CHAP)
		return IMA_ERROR_INVALID_PARAMETER;
	status = take_credentials(&pParms->chapParms, &new);
	if (IMA_ERROR(status))
		return status;
	if (!*new.name && node_record_uses_chap(&record))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "CHAP is in use and needs a name and a secret");
	credentials_of(&record.defaults, &old);
	return set_credentials(&old, &new);
}

/* --- Methods ------------------------------------------------------------------------------------------ */

static IMA_STATUS check_methods(IMA_UINT count, const IMA_AUTHMETHOD *list,
				bool has_parms)
{
	for (IMA_UINT i = 0; i < count; i++) {
		if (list[i] != IMA_AUTHMETHOD_NONE && list[i] != IMA_AUTHMETHOD_CHAP)
			return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN,
					 0, "open-iscsi knows CHAP and None only");
		for (IMA_UINT k = 0; k < i; k++)
			if (list[k] == list[i])
				return IMA_ERROR_INVALID_PARAMETER;
		if (list[i] == IMA_AUTHMETHOD_CHAP && !has_parms)
			return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN,
					 0, "CHAP needs a name and a secret first");
	}
	if (count == 2 && list[0] == IMA_AUTHMETHOD_NONE)
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "open-iscsi prefers CHAP to None when it may use both");
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList)
{
	struct node_record _cleanup_node_record_ record = { 0 };
	struct setting setting = { METHOD, "None", "None" };
	IMA_STATUS status = read_defaults(lhbaOid, &record);

	if (IMA_ERROR(status))
		return status;
	status = check_methods(methodCount, pMethodList,
			       record_get(&record.defaults, USERNAME) &&
				       record_get(&record.defaults, PASSWORD));
	if (IMA_ERROR(status))
		return status;
	if (pMethodList[0] == IMA_AUTHMETHOD_CHAP)
		setting.value = "CHAP";
	return settings_set(lhbaOid, &setting, 1);
}
