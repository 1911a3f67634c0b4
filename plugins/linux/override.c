// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * override.c - taking settings back: a target gets what its LHBA has, an LHBA what open-iscsi does
 * by itself, a discovery address what iscsid.conf says about discovery.
 */
#include <string.h>

#include "auth.h"
#include "chap.h"
#include "digest.h"
#include "param.h"

/* Settings that are no login keys and no secrets. */
static const struct {
	IMAX_SETTING which;
	struct setting setting;
} others[] = {
	{ IMAX_SETTING_HEADER_DIGEST,
	  { HEADER_DIGEST_KEY, DIGEST_DEFAULT, DIGEST_DEFAULT } },
	{ IMAX_SETTING_DATA_DIGEST, { DATA_DIGEST_KEY, DIGEST_DEFAULT, DIGEST_DEFAULT } },
	{ IMAX_SETTING_CHAP_ALGORITHMS,
	  { CHAP_ALGORITHMS_KEY, CHAP_ALGORITHMS_DEFAULT, CHAP_ALGORITHMS_DEFAULT } },
};

/* --- Values ------------------------------------------------------------------------------------- */

/* What is to be set, with the texts of it. */
struct removal {
	const struct keeper *keeper;
	struct setting list[SETTINGS_MAX];
	char texts[SETTINGS_MAX][PARAM_TEXT];
	size_t count;
};

/* A target gets the value of its LHBA, if it has one. */
static void add_setting(struct removal *r, const struct setting *setting)
{
	const char *followed = record_get(&r->keeper->defaults, setting->key);

	r->list[r->count] = *setting;
	if (followed)
		r->list[r->count].value = followed;
	r->count++;
}

static void add_one(struct removal *r, IMAX_SETTING which)
{
	struct setting setting;

	if (param_setting(which, &setting, r->texts[r->count]))
		add_setting(r, &setting);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].which == which)
			add_setting(r, &others[i].setting);
}

static IMA_STATUS remove_values(const struct keeper *keeper, IMAX_SETTING which)
{
	struct removal removal = { .keeper = keeper };

	for (IMAX_SETTING s = IMAX_SETTING_ALL + 1; s <= IMAX_SETTING_CHAP_TARGET; s++)
		if (which == s || which == IMAX_SETTING_ALL)
			add_one(&removal, s);
	if (!removal.count)
		return IMA_STATUS_SUCCESS;
	return settings_set(keeper->oid, removal.list, removal.count);
}

/* --- Secrets ------------------------------------------------------------------------------------ */

static IMA_STATUS remove_secret(const struct keeper *keeper, enum auth_part name,
				bool chap_stays)
{
	bool in_use = keeper_uses_chap(keeper);
	/* Where CHAP is not in use nothing need be said to have what the LHBA has. */
	const char *followed = in_use ? keeper_default(keeper, name) : NULL;
	const char *secret = in_use ? keeper_default(keeper, name + 1) : NULL;

	if (name == AUTH_NAME && chap_stays && !secret && in_use)
		return credentials_are_needed();
	return keeper_set(keeper, name, followed, secret);
}

static IMA_STATUS remove_secrets(const struct keeper *keeper, IMAX_SETTING which)
{
	bool all = which == IMAX_SETTING_ALL;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (all || which == IMAX_SETTING_CHAP_TARGET)
		status = remove_secret(keeper, AUTH_NAME_IN, !all);
	if (!IMA_ERROR(status) && (all || which == IMAX_SETTING_CHAP_INITIATOR))
		status = remove_secret(keeper, AUTH_NAME, !all);
	return status;
}

/* --- All of it ---------------------------------------------------------------------------------- */

static IMA_STATUS remove_method(const struct keeper *keeper, IMAX_SETTING which)
{
	if (which != IMAX_SETTING_ALL && which != IMAX_SETTING_AUTH_METHODS)
		return IMA_STATUS_SUCCESS;
	return keeper_use_chap(keeper, keeper_default_uses_chap(keeper));
}

/* A discovery address has authentication and nothing else. */
static IMA_STATUS check_setting(const struct keeper *keeper, IMAX_SETTING which)
{
	if (keeper->oid.objectType != IMA_OBJECT_TYPE_DISCOVERY_ADDRESS ||
	    which == IMAX_SETTING_ALL || which == IMAX_SETTING_AUTH_METHODS ||
	    which == IMAX_SETTING_CHAP_INITIATOR || which == IMAX_SETTING_CHAP_TARGET)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			 "a discovery address has no such setting");
}

/* Secrets come last: with the method it changes where they are. */
static IMA_STATUS remove_secrets_of(IMA_OID oid, IMAX_SETTING which)
{
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);

	return IMA_ERROR(status) ? status : remove_secrets(&keeper, which);
}

IMA_STATUS IMAX_RemoveSetting(IMA_OID oid, IMAX_SETTING setting)
{
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);

	if (!IMA_ERROR(status))
		status = check_setting(&keeper, setting);
	if (!IMA_ERROR(status) && oid.objectType != IMA_OBJECT_TYPE_DISCOVERY_ADDRESS)
		status = remove_values(&keeper, setting);
	if (!IMA_ERROR(status))
		status = remove_method(&keeper, setting);
	return IMA_ERROR(status) ? status : remove_secrets_of(oid, setting);
}
