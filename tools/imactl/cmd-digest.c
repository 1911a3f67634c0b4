// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-digest.c - which digests a login offers. What was agreed on is the matter of sessions.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "chosen.h"
#include "doc.h"
#include "output.h"

static const struct {
	IMAX_DIGEST_OFFER offer;
	const char *text; /* as the key has it, RFC 7143, 13.1 */
} offers[] = {
	{ IMAX_DIGEST_NONE, "None" },
	{ IMAX_DIGEST_CRC32C, "CRC32C" },
	{ IMAX_DIGEST_NONE_CRC32C, "None,CRC32C" },
	{ IMAX_DIGEST_CRC32C_NONE, "CRC32C,None" },
};

static const char *offer_text(IMAX_DIGEST_OFFER offer)
{
	for (size_t i = 0; i < ARRAY_SIZE(offers); i++)
		if (offers[i].offer == offer)
			return offers[i].text;
	return NULL;
}

/* One of the two: its place in the properties, and its functions. */
static const struct digest {
	const char *word, *key;
	size_t valid, settable, inherited, offer;
	IMA_STATUS (*set)(IMA_OID oid, IMAX_DIGEST_OFFER offer);
	IMAX_SETTING setting;
} digests[] = {
	{ "header", "HeaderDigest", offsetof(IMAX_DIGEST_PROPERTIES, headerDigestValid),
	  offsetof(IMAX_DIGEST_PROPERTIES, headerDigestSettable),
	  offsetof(IMAX_DIGEST_PROPERTIES, headerDigestInherited),
	  offsetof(IMAX_DIGEST_PROPERTIES, headerDigest), IMAX_SetHeaderDigest,
	  IMAX_SETTING_HEADER_DIGEST },
	{ "data", "DataDigest", offsetof(IMAX_DIGEST_PROPERTIES, dataDigestValid),
	  offsetof(IMAX_DIGEST_PROPERTIES, dataDigestSettable),
	  offsetof(IMAX_DIGEST_PROPERTIES, dataDigestInherited),
	  offsetof(IMAX_DIGEST_PROPERTIES, dataDigest), IMAX_SetDataDigest,
	  IMAX_SETTING_DATA_DIGEST },
};

static IMA_BOOL flag_at(const IMAX_DIGEST_PROPERTIES *props, size_t offset)
{
	IMA_BOOL value;

	memcpy(&value, (const char *)props + offset, sizeof(value));
	return value;
}

static IMAX_DIGEST_OFFER offer_at(const IMAX_DIGEST_PROPERTIES *props, size_t offset)
{
	IMAX_DIGEST_OFFER value;

	memcpy(&value, (const char *)props + offset, sizeof(value));
	return value;
}

/* --- show -------------------------------------------------------------------------------- */

static struct json_object *row_of(const struct chosen *chosen,
				  const struct digest *digest,
				  const IMAX_DIGEST_PROPERTIES *props)
{
	bool valid = flag_at(props, digest->valid) == IMA_TRUE;
	struct json_object *doc = doc_new();

	doc_text(doc, "digest", digest->key);
	doc_text(doc, "offer", valid ? offer_text(offer_at(props, digest->offer)) : NULL);
	doc_text(doc, "source",
		 chosen_source(chosen, valid, flag_at(props, digest->inherited)));
	doc_bool(doc, "settable", flag_at(props, digest->settable) == IMA_TRUE);
	chosen_document(doc, chosen);
	return doc;
}

static int read_digests(struct context *c, const struct chosen *chosen,
			struct json_object **data)
{
	IMAX_DIGEST_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMAX_GetDigestProperties, chosen->oid, &props);

	if (IMA_ERROR(status))
		return failed(c, status, chosen->name, "cannot read the digests of %s",
			      chosen->name);
	*data = doc_array();
	for (size_t i = 0; i < ARRAY_SIZE(digests); i++)
		doc_push(*data, row_of(chosen, &digests[i], &props));
	return EXIT_DONE;
}

int digest_show(struct context *c)
{
	static const struct column columns[] = {
		{ "DIGEST", "digest", NULL, 0, NULL },
		{ "OFFERED", "offer", NULL, 0, NULL },
		{ "FROM", "source", NULL, 0, NULL },
		{ "SETTABLE", "settable", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "digest-show", columns);
	struct json_object *data;
	struct chosen chosen;
	int err = chosen_get(c, &chosen);

	if (!err)
		err = read_digests(c, &chosen, &data);
	return err ? err : output_document(c, &view, data);
}

/* --- set and reset ------------------------------------------------------------------------- */

/* Is the digest one of those the first argument means? */
static bool is_meant(const struct context *c, const struct digest *digest)
{
	const char *word = arg(c, 0);

	return !word || !strcasecmp(word, "both") || !strcasecmp(word, digest->word) ||
	       !strcasecmp(word, digest->key);
}

static int check_digest(struct context *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(digests); i++)
		if (is_meant(c, &digests[i]))
			return EXIT_DONE;
	return refused(c, EXIT_USAGE, "\"%s\" is no digest: header, data or both",
		       arg(c, 0));
}

static int parse_offer(struct context *c, IMAX_DIGEST_OFFER *offer)
{
	for (size_t i = 0; i < ARRAY_SIZE(offers); i++)
		if (!strcasecmp(offers[i].text, arg(c, 1))) {
			*offer = offers[i].offer;
			return EXIT_DONE;
		}
	return refused(
		c, EXIT_USAGE,
		"\"%s\" is no offer: none, crc32c, none,crc32c or crc32c,none, the "
		"preferred one first",
		arg(c, 1));
}

static int set_offers(struct context *c, const struct chosen *chosen,
		      IMAX_DIGEST_OFFER offer, IMA_STATUS *status)
{
	*status = IMA_STATUS_SUCCESS;
	for (size_t i = 0; i < ARRAY_SIZE(digests); i++) {
		IMA_STATUS one;

		if (!is_meant(c, &digests[i]))
			continue;
		one = CALL(c, digests[i].set, chosen->oid, offer);
		if (IMA_ERROR(one))
			return failed(c, one, chosen->name, "cannot set %s of %s to %s",
				      digests[i].key, chosen->name, offer_text(offer));
		if (one == IMA_STATUS_REBOOT_NECESSARY)
			*status = one;
	}
	return EXIT_DONE;
}

static int take_back(struct context *c, const struct chosen *chosen, IMA_STATUS *status)
{
	IMAX_SETTING settings[ARRAY_SIZE(digests)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(digests); i++)
		if (is_meant(c, &digests[i]))
			settings[n++] = digests[i].setting;
	return settings_remove(c, chosen, settings, n, "the digests", status);
}

/* "HeaderDigest", "DataDigest" or both. */
static const char *meant_text(const struct context *c)
{
	bool header = is_meant(c, &digests[0]);

	return header && is_meant(c, &digests[1]) ? "HeaderDigest and DataDigest"
	       : header				  ? digests[0].key
						  : digests[1].key;
}

/* Did it become another one? Takes both over. */
static bool differ(struct json_object *before, struct json_object *after)
{
	bool same = json_object_equal(before, after);

	json_object_put(before);
	json_object_put(after);
	return !same;
}

int digest_set(struct context *c)
{
	struct json_object *before, *after = NULL;
	IMAX_DIGEST_OFFER offer = IMAX_DIGEST_NONE;
	struct chosen chosen;
	IMA_STATUS status;
	bool changed;
	int err = check_digest(c);

	if (!err)
		err = parse_offer(c, &offer);
	if (!err)
		err = chosen_get(c, &chosen);
	if (!err)
		err = read_digests(c, &chosen, &before);
	if (err)
		return err;
	err = set_offers(c, &chosen, offer, &status);
	if (!err)
		err = read_digests(c, &chosen, &after);
	changed = differ(before, after) || status == IMA_STATUS_REBOOT_NECESSARY;
	if (err)
		return err;
	return output_change(c, changed, status, chosen.name, "%s offers %s as %s%s",
			     chosen.name, offer_text(offer), meant_text(c),
			     changed ? " from the next login on" : " already");
}

int digest_reset(struct context *c)
{
	struct json_object *before, *after = NULL;
	struct chosen chosen;
	IMA_STATUS status;
	bool changed;
	int err = check_digest(c);

	if (!err)
		err = chosen_get(c, &chosen);
	if (!err)
		err = read_digests(c, &chosen, &before);
	if (err)
		return err;
	err = take_back(c, &chosen, &status);
	if (!err)
		err = read_digests(c, &chosen, &after);
	changed = differ(before, after);
	if (err)
		return err;
	return output_change(
		c, changed, status, chosen.name, "%s offers %s as %s%s", chosen.name,
		chosen_is(&chosen, IMA_OBJECT_TYPE_LHBA) ? "its default"
							 : "what its LHBA does",
		meant_text(c), changed ? " from the next login on" : " already");
}
