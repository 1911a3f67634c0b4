// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * digest.c - what is offered as HeaderDigest and DataDigest.
 */
#include "digest.h"

#include <string.h>
#include <strings.h>

#include "recent-record.h"
#include "settings.h"

static const char *const offers[] = {
	[IMAX_DIGEST_NONE] = "None",
	[IMAX_DIGEST_CRC32C] = "CRC32C",
	[IMAX_DIGEST_NONE_CRC32C] = "None,CRC32C",
	[IMAX_DIGEST_CRC32C_NONE] = "CRC32C,None",
};

/* One of the two, as it is in a record. */
struct digest {
	IMA_BOOL valid, settable, inherited;
	IMAX_DIGEST_OFFER offer;
};

static bool parse_offer(const char *text, IMAX_DIGEST_OFFER *offer)
{
	for (size_t i = 0; i < ARRAY_SIZE(offers); i++)
		if (!strcasecmp(offers[i], text)) {
			*offer = (IMAX_DIGEST_OFFER)i;
			return true;
		}
	return false;
}

static void fill_digest(const struct node_record *record, bool is_target, const char *key,
			struct digest *digest)
{
	const char *value = node_record_get(record, key);
	const char *followed = record_get(&record->defaults, key);

	value = value ? value : DIGEST_DEFAULT;
	followed = followed ? followed : DIGEST_DEFAULT;
	digest->valid = parse_offer(value, &digest->offer) ? IMA_TRUE : IMA_FALSE;
	digest->settable = IMA_TRUE;
	digest->inherited = is_target && !strcasecmp(value, followed) ? IMA_TRUE
								      : IMA_FALSE;
}

static IMA_STATUS read_digests(IMA_OID oid, struct digest *header, struct digest *data)
{
	bool is_target = oid.objectType == IMA_OBJECT_TYPE_TARGET;
	const struct node_record *record;
	IMA_STATUS status;
	void *object;
	int err;

	LOCKED(&plugin.lock);
	object = find_object(oid, FRESH_ENOUGH, &status);
	if (!object)
		return status;
	err = recent_record(is_target ? object : NULL, &record);
	if (err)
		return status_from_errno(err);
	/* A record this user may not read. */
	if (is_target && plugin.source.db.denied)
		return IMA_STATUS_SUCCESS;
	fill_digest(record, is_target, HEADER_DIGEST_KEY, header);
	fill_digest(record, is_target, DATA_DIGEST_KEY, data);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_GetDigestProperties(IMA_OID oid, IMAX_DIGEST_PROPERTIES *pProps)
{
	struct digest header = { 0 }, data = { 0 };
	IMA_STATUS status = read_digests(oid, &header, &data);

	if (IMA_ERROR(status))
		return status;
	*pProps = (IMAX_DIGEST_PROPERTIES){
		.headerDigestValid = header.valid,
		.headerDigestSettable = header.settable,
		.headerDigestInherited = header.inherited,
		.headerDigest = header.offer,
		.dataDigestValid = data.valid,
		.dataDigestSettable = data.settable,
		.dataDigestInherited = data.inherited,
		.dataDigest = data.offer,
	};
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS set_digest(IMA_OID oid, const char *key, IMAX_DIGEST_OFFER offer)
{
	const struct setting setting = { key, offers[offer], DIGEST_DEFAULT };

	return settings_set(oid, &setting, 1);
}

IMA_STATUS IMAX_SetHeaderDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest)
{
	return set_digest(oid, HEADER_DIGEST_KEY, digest);
}

IMA_STATUS IMAX_SetDataDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest)
{
	return set_digest(oid, DATA_DIGEST_KEY, digest);
}
