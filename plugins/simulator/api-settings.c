// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-settings.c - digests, and settings that are taken back (extensions).
 *
 * A setting is one or two rows of the tables of kinds.c, under the same names for an LHBA, a
 * found target and a discovery address; what has no such row has no such setting.
 */
#include <stddef.h>
#include <string.h>

#include "auth.h"
#include "keys.h"
#include "network.h"
#include "sim.h"

/* The LHBA and the found target or discovery address, NULL for the LHBA itself. */
struct subject {
	struct lhba *lhba;
	struct object *own;
};

static struct subject subject_of(struct model *model, struct object *object)
{
	if (object_kind(object) == KIND_LHBA)
		return (struct subject){ (struct lhba *)object, NULL };
	if (object_kind(object) == KIND_FOUND)
		return (struct subject){ (struct lhba *)object->parent, object };
	return (struct subject){ source_lhba(model, (struct source *)object), object };
}

/* --- digests ---------------------------------------------------------------------------- */

static bool digest_is_settable(const struct subject *subject, enum digest_id digest)
{
	const struct lhba_values *lhba = &subject->lhba->now;

	return lhba->digests[digest].exposed && lhba->digests[digest].settable &&
	       (!subject->own || lhba->target_keys_settable);
}

struct digest_answer {
	IMA_BOOL valid, settable, inherited;
	IMAX_DIGEST_OFFER offer;
};

static struct digest_answer get_digest(const struct subject *subject,
				       enum digest_id digest)
{
	const struct found *found = (const struct found *)subject->own;
	const struct digest_setting *setting = &subject->lhba->now.digests[digest];
	struct digest_answer answer = { .valid = setting->exposed };

	if (!answer.valid)
		return answer;
	answer.settable = digest_is_settable(subject, digest);
	answer.inherited = found && !found->now.digests[digest].set;
	answer.offer = (IMAX_DIGEST_OFFER)(found ? digest_of_found(found, digest, false)
						 : setting->value);
	return answer;
}

static IMA_STATUS get_digests(struct model *model, struct object *object,
			      IMAX_DIGEST_PROPERTIES *p)
{
	struct subject subject = subject_of(model, object);
	struct digest_answer header = get_digest(&subject, DIGEST_HEADER);
	struct digest_answer data = get_digest(&subject, DIGEST_DATA);

	*p = (IMAX_DIGEST_PROPERTIES){
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

IMA_STATUS IMAX_GetDigestProperties(IMA_OID oid, IMAX_DIGEST_PROPERTIES *pProps)
{
	return CALL(IMAX_GetDigestProperties, oid, LHBA | TARGET,
		    get_digests(call.model, call.object, pProps));
}

static IMA_STATUS set_digest(struct model *model, struct object *object,
			     enum digest_id digest, IMAX_DIGEST_OFFER offer)
{
	struct subject subject = subject_of(model, object);
	bool later = subject.lhba->now.reboot & REBOOT_KEYS;
	struct override own = { true, (uint32_t)offer };
	uint32_t value = (uint32_t)offer;

	if (!digest_is_settable(&subject, digest))
		return fails(IMA_ERROR_NOT_SUPPORTED, "this digest cannot be set here");
	if (value > IMAX_DIGEST_CRC32C_NONE)
		return fails(IMA_ERROR_INVALID_PARAMETER, "%u is no digest offer", value);
	if (subject.own)
		object_store_at(model, object,
				offsetof(struct found_values, digests) +
					digest * sizeof(own),
				&own, later);
	else
		object_store_at(model, object,
				offsetof(struct lhba_values, digests) +
					digest * sizeof(struct digest_setting),
				&value, later);
	return done(later);
}

IMA_STATUS IMAX_SetHeaderDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest)
{
	return CALL(IMAX_SetHeaderDigest, oid, LHBA | TARGET,
		    set_digest(call.model, call.object, DIGEST_HEADER, digest));
}

IMA_STATUS IMAX_SetDataDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest)
{
	return CALL(IMAX_SetDataDigest, oid, LHBA | TARGET,
		    set_digest(call.model, call.object, DIGEST_DATA, digest));
}

/* --- settings --------------------------------------------------------------------------- */

enum setting_family {
	FAMILY_KEY,
	FAMILY_DIGEST,
	FAMILY_METHODS,
	FAMILY_ALGORITHMS,
	FAMILY_CHAP
};

struct setting {
	const char *rows[2];
	enum setting_family family;
	int index; /* of the key or digest, or the direction of CHAP */
	uint32_t reboot;
	const char *own_row; /* what targets and addresses have besides */
};

#define KEY_SETTING(row, key)                               \
	{                                                   \
		{ row }, FAMILY_KEY, KEY_##key, REBOOT_KEYS \
	}
static const struct setting settings[] = {
	[IMAX_SETTING_DATA_PDU_IN_ORDER] = KEY_SETTING("data-pdu-in-order", PDU_ORDER),
	[IMAX_SETTING_DATA_SEQUENCE_IN_ORDER] = KEY_SETTING("data-sequence-in-order",
							    SEQUENCE_ORDER),
	[IMAX_SETTING_DEFAULT_TIME2RETAIN] = KEY_SETTING("default-time2retain",
							 TIME2RETAIN),
	[IMAX_SETTING_DEFAULT_TIME2WAIT] = KEY_SETTING("default-time2wait", TIME2WAIT),
	[IMAX_SETTING_ERROR_RECOVERY_LEVEL] = KEY_SETTING("error-recovery-level",
							  ERROR_RECOVERY),
	[IMAX_SETTING_FIRST_BURST_LENGTH] = KEY_SETTING("first-burst-length",
							FIRST_BURST),
	[IMAX_SETTING_IMMEDIATE_DATA] = KEY_SETTING("immediate-data", IMMEDIATE_DATA),
	[IMAX_SETTING_INITIAL_R2T] = KEY_SETTING("initial-r2t", INITIAL_R2T),
	[IMAX_SETTING_MAX_BURST_LENGTH] = KEY_SETTING("max-burst-length", MAX_BURST),
	[IMAX_SETTING_MAX_CONNECTIONS] = KEY_SETTING("max-connections", MAX_CONNECTIONS),
	[IMAX_SETTING_MAX_OUTSTANDING_R2T] = KEY_SETTING("max-outstanding-r2t", MAX_R2T),
	[IMAX_SETTING_MAX_RECV_DATA_SEGMENT_LENGTH] = KEY_SETTING(
		"max-recv-data-segment-length", MAX_RECV),
	[IMAX_SETTING_HEADER_DIGEST] = { { "header-digest" },
					 FAMILY_DIGEST,
					 DIGEST_HEADER,
					 REBOOT_KEYS },
	[IMAX_SETTING_DATA_DIGEST] = { { "data-digest" },
				       FAMILY_DIGEST,
				       DIGEST_DATA,
				       REBOOT_KEYS },
	[IMAX_SETTING_AUTH_METHODS] = { { "auth-in-use" },
					FAMILY_METHODS,
					0,
					REBOOT_AUTH_METHODS },
	[IMAX_SETTING_CHAP_ALGORITHMS] = { { "chap-algorithms" },
					   FAMILY_ALGORITHMS,
					   0,
					   REBOOT_AUTH_PARMS },
	[IMAX_SETTING_CHAP_INITIATOR] = { { "chap-name", "chap-secret" },
					  FAMILY_CHAP,
					  IMAX_CHAP_INITIATOR,
					  REBOOT_AUTH_PARMS },
	[IMAX_SETTING_CHAP_TARGET] = { { "mutual-name", "mutual-secret" },
				       FAMILY_CHAP,
				       IMAX_CHAP_TARGET,
				       REBOOT_AUTH_PARMS,
				       .own_row = "mutual-excepted" },
};
#define LAST_SETTING IMAX_SETTING_CHAP_TARGET

static bool is_in_set(uint32_t set, unsigned int setting)
{
	return set >> setting & 1;
}

static bool auth_is_settable(const struct subject *subject, const struct setting *setting)
{
	const struct lhba_values *lhba = &subject->lhba->now;

	if (subject->own && !lhba->target_auth_settable)
		return false;
	if (setting->family == FAMILY_METHODS)
		return lhba->auth_methods_settable;
	if (!methods_have(methods_or_none(&lhba->auth_supported), IMA_AUTHMETHOD_CHAP))
		return false;
	if (setting->family == FAMILY_ALGORITHMS)
		return lhba->chap_algorithms_settable;
	return lhba->auth_parms_settable &&
	       (setting->index == IMAX_CHAP_INITIATOR || lhba->mutual_chap);
}

static bool setting_is_settable(const struct subject *subject,
				const struct setting *setting)
{
	switch (setting->family) {
	case FAMILY_KEY:
		return key_is_settable(subject->lhba, (const struct found *)subject->own,
				       (enum key_id)setting->index);
	case FAMILY_DIGEST:
		return digest_is_settable(subject, (enum digest_id)setting->index);
	default:
		return auth_is_settable(subject, setting);
	}
}

static bool has_setting(const struct subject *subject, const struct setting *setting)
{
	const struct kind *kind =
		(subject->own ? subject->own : &subject->lhba->object)->kind;

	return kind_property(kind, setting->rows[0]) != NULL &&
	       setting_is_settable(subject, setting);
}

/* The settings that are to go, as a set; empty if there is no such setting here. */
static uint32_t settings_to_remove(const struct subject *subject, unsigned int wanted)
{
	uint32_t set = 0;

	for (unsigned int i = 1; i <= LAST_SETTING; i++)
		if ((wanted == IMAX_SETTING_ALL || wanted == i) &&
		    has_setting(subject, &settings[i]))
			set |= 1U << i;
	return set;
}

/* --- would the rest go together? ---------------------------------------------------------- */

static uint32_t burst_of_lhba(const struct subject *subject, enum key_id key, bool gone)
{
	return gone && !subject->own ? subject->lhba->now.keys[key].standard
				     : key_of_lhba(subject->lhba, key, true);
}

static uint32_t burst_of_found(const struct subject *subject, const struct found *found,
			       enum key_id key, bool gone)
{
	const struct override *own = &found->next.keys[key];

	if (own->set && !(gone && subject->own == &found->object))
		return own->value;
	return burst_of_lhba(subject, key, gone);
}

static bool bursts_fit(const struct subject *subject, uint32_t set)
{
	bool first = is_in_set(set, IMAX_SETTING_FIRST_BURST_LENGTH);
	bool max = is_in_set(set, IMAX_SETTING_MAX_BURST_LENGTH);

	if (burst_of_lhba(subject, KEY_FIRST_BURST, first) >
	    burst_of_lhba(subject, KEY_MAX_BURST, max))
		return false;
	for_each(object, &subject->lhba->object.children[2]) {
		const struct found *found = (struct found *)object;

		if (burst_of_found(subject, found, KEY_FIRST_BURST, first) >
		    burst_of_found(subject, found, KEY_MAX_BURST, max))
			return false;
	}
	return true;
}

/* A method that is in use has its parameters. */
static bool chap_stays_usable(const struct subject *subject, uint32_t set)
{
	struct lhba *lhba = subject->lhba;
	struct object *object = subject->own ? subject->own : &lhba->object;
	bool methods_go = is_in_set(set, IMAX_SETTING_AUTH_METHODS);
	struct auth_chap chap = auth_chap_of(lhba, &lhba->object, IMAX_CHAP_INITIATOR,
					     true);

	if (!is_in_set(set, IMAX_SETTING_CHAP_INITIATOR))
		return true;
	if (subject->own && chap.name->length && chap.secret->length)
		return true;
	if (methods_go && !subject->own)
		return true;
	return !methods_have(
		auth_methods_of(lhba, methods_go ? &lhba->object : object, true),
		IMA_AUTHMETHOD_CHAP);
}

/* --- remove ----------------------------------------------------------------------------- */

/* A setting of its own gives way to the LHBA's. */
static void remove_own(struct model *model, struct object *own, const char *name,
		       bool later)
{
	static const struct bytes_512 nothing;
	const struct property *row = kind_property(own->kind, name);

	object_store_row(model, own, row, &nothing, later);
}

static void restore_default(struct model *model, struct lhba *lhba,
			    const struct setting *setting, const char *name, bool later)
{
	static const struct bytes_512 nothing;
	static const struct methods none = { 1, { IMA_AUTHMETHOD_NONE } };
	const struct property *row = kind_property(lhba->object.kind, name);
	const void *value = &nothing;

	if (setting->family == FAMILY_METHODS)
		value = &none;
	if (setting->family == FAMILY_ALGORITHMS)
		value = &lhba->now.chap_supported;
	if (setting->family == FAMILY_KEY)
		value = &lhba->now.keys[setting->index].standard;
	object_store_row(model, &lhba->object, row, value, later);
}

static bool remove_one(struct model *model, const struct subject *subject,
		       const struct setting *setting)
{
	bool later = subject->lhba->now.reboot & setting->reboot;

	for (unsigned int i = 0; i < 2 && setting->rows[i]; i++)
		if (subject->own)
			remove_own(model, subject->own, setting->rows[i], later);
		else
			restore_default(model, subject->lhba, setting, setting->rows[i],
					later);
	if (subject->own && setting->own_row)
		remove_own(model, subject->own, setting->own_row, later);
	return later;
}

static IMA_STATUS remove_set(struct model *model, const struct subject *subject,
			     uint32_t set)
{
	bool later = false;

	if (!bursts_fit(subject, set))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "FirstBurstLength would be above MaxBurstLength");
	if (!chap_stays_usable(subject, set))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "CHAP is in use and cannot be without its parameters");
	for (unsigned int i = 1; i <= LAST_SETTING; i++)
		if (is_in_set(set, i) && remove_one(model, subject, &settings[i]))
			later = true;
	return done(later);
}

static IMA_STATUS remove_setting(struct model *model, struct object *object,
				 unsigned int wanted)
{
	struct subject subject = subject_of(model, object);
	uint32_t set;

	if (wanted > LAST_SETTING)
		return fails(IMA_ERROR_INVALID_PARAMETER, "%u is no setting", wanted);
	set = subject.lhba ? settings_to_remove(&subject, wanted) : 0;
	if (set)
		return remove_set(model, &subject, set);
	if (wanted == IMAX_SETTING_ALL)
		return done(false);
	return fails(IMA_ERROR_NOT_SUPPORTED,
		     "there is no such setting here, or it cannot be set");
}

IMA_STATUS IMAX_RemoveSetting(IMA_OID oid, IMAX_SETTING setting)
{
	return CALL(IMAX_RemoveSetting, oid, LHBA | TARGET | DISCOVERY_ADDRESS,
		    remove_setting(call.model, call.object, (unsigned int)setting));
}
