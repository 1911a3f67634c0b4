// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shared/cleanup.h"

#define LENGTH_MAX ((1U << 24) - 1)

/* How the result follows from offer and answer. */
enum function {
	AND,	  /* Yes if both say Yes */
	OR,	  /* Yes if one says Yes */
	MINIMUM,  /* the answer is not above the offer */
	MAXIMUM,  /* the answer is not below the offer */
	ONE_OF,	  /* the answer is one item of the list offered */
	DECLARED, /* each side says what holds for itself */
};

enum { DISCOVERY = 1 }; /* offered in a discovery session too */

static const struct key {
	struct iscsi_param_info info;
	enum function function;
	unsigned int flags;
} keys[ISCSI_PARAM_COUNT] = {
/* clang-format off */
#define KEY(param, name, boolean, min, max, initial, offer_min, offer_max, offer, function, flags) \
	[param] = { { name, boolean, min, max, initial, offer_min, offer_max, offer }, function, flags }
/*   parameter                           name                        bool  min max         initial  offer: min max         default   function  flags */
KEY(ISCSI_HEADER_DIGEST,                "HeaderDigest",              false, 0, 3,          0,       0,         3,          0,        ONE_OF,   0),
KEY(ISCSI_DATA_DIGEST,                  "DataDigest",                false, 0, 3,          0,       0,         3,          0,        ONE_OF,   0),
KEY(ISCSI_MAX_CONNECTIONS,              "MaxConnections",            false, 1, 65535,      1,       1,         1,          1,        MINIMUM,  0),
KEY(ISCSI_INITIAL_R2T,                  "InitialR2T",                true,  0, 1,          1,       0,         1,          0,        OR,       0),
KEY(ISCSI_IMMEDIATE_DATA,               "ImmediateData",             true,  0, 1,          1,       0,         1,          1,        AND,      0),
KEY(ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH, "MaxRecvDataSegmentLength",  false, 512, LENGTH_MAX, 8192,  512,       LENGTH_MAX, 262144,   DECLARED, DISCOVERY),
KEY(ISCSI_MAX_BURST_LENGTH,             "MaxBurstLength",            false, 512, LENGTH_MAX, 262144, 512,      LENGTH_MAX, 16776192, MINIMUM,  0),
KEY(ISCSI_FIRST_BURST_LENGTH,           "FirstBurstLength",          false, 512, LENGTH_MAX, 65536, 512,       LENGTH_MAX, 262144,   MINIMUM,  0),
KEY(ISCSI_DEFAULT_TIME2WAIT,            "DefaultTime2Wait",          false, 0, 3600,       2,       0,         3600,       2,        MAXIMUM,  DISCOVERY),
KEY(ISCSI_DEFAULT_TIME2RETAIN,          "DefaultTime2Retain",        false, 0, 3600,       20,      0,         3600,       0,        MINIMUM,  DISCOVERY),
KEY(ISCSI_MAX_OUTSTANDING_R2T,          "MaxOutstandingR2T",         false, 1, 65535,      1,       1,         8,          1,        MINIMUM,  0),
KEY(ISCSI_DATA_PDU_IN_ORDER,            "DataPDUInOrder",            true,  0, 1,          1,       1,         1,          1,        OR,       0),
KEY(ISCSI_DATA_SEQUENCE_IN_ORDER,       "DataSequenceInOrder",       true,  0, 1,          1,       1,         1,          1,        OR,       0),
KEY(ISCSI_ERROR_RECOVERY_LEVEL,         "ErrorRecoveryLevel",        false, 0, 2,          0,       0,         0,          0,        MINIMUM,  DISCOVERY),
#undef KEY
	/* clang-format on */
};

static const char *const digest_offers[] = {
	[ISCSI_DIGEST_NONE] = "None",
	[ISCSI_DIGEST_CRC32C] = "CRC32C",
	[ISCSI_DIGEST_NONE_CRC32C] = "None,CRC32C",
	[ISCSI_DIGEST_CRC32C_NONE] = "CRC32C,None",
};

const struct iscsi_param_info *iscsi_param_info(enum iscsi_param param)
{
	return (size_t)param < ISCSI_PARAM_COUNT ? &keys[param].info : NULL;
}

void iscsi_params_default(struct iscsi_params *params)
{
	for (size_t i = 0; i < ISCSI_PARAM_COUNT; i++)
		params->value[i] = keys[i].info.offer;
}

int iscsi_params_check(const struct iscsi_params *params, enum iscsi_param *wrong)
{
	enum iscsi_param ignored;

	if (!wrong)
		wrong = &ignored;
	for (size_t i = 0; i < ISCSI_PARAM_COUNT; i++) {
		*wrong = (enum iscsi_param)i;
		if (params->value[i] < keys[i].info.offer_min ||
		    params->value[i] > keys[i].info.offer_max)
			return -ERANGE;
	}
	*wrong = ISCSI_FIRST_BURST_LENGTH;
	if (params->value[ISCSI_FIRST_BURST_LENGTH] >
	    params->value[ISCSI_MAX_BURST_LENGTH])
		return -EINVAL;
	return 0;
}

void iscsi_keys_init(struct iscsi_negotiation *negotiation,
		     const struct iscsi_params *offers, bool discovery)
{
	memset(negotiation, 0, sizeof(*negotiation));
	negotiation->offered = *offers;
	negotiation->discovery = discovery;
	for (size_t i = 0; i < ISCSI_PARAM_COUNT; i++)
		negotiation->agreed.value[i] = keys[i].info.initial;
	negotiation->target_max_recv =
		keys[ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH].info.initial;
}

static void offer_one(const struct key *key, uint32_t value, struct iscsi_text *text)
{
	if (key->function == ONE_OF)
		iscsi_text_add(text, key->info.name, digest_offers[value]);
	else if (key->info.boolean)
		iscsi_text_add(text, key->info.name, value ? "Yes" : "No");
	else
		iscsi_text_add_number(text, key->info.name, value);
}

void iscsi_keys_offer(struct iscsi_negotiation *negotiation, struct iscsi_text *text)
{
	for (size_t i = 0; i < ISCSI_PARAM_COUNT; i++) {
		if (negotiation->discovery && !(keys[i].flags & DISCOVERY))
			continue;
		offer_one(&keys[i], negotiation->offered.value[i], text);
		negotiation->sent |= 1U << i;
		if (keys[i].function == DECLARED)
			negotiation->agreed.value[i] = negotiation->offered.value[i];
	}
}

int iscsi_keys_error(struct iscsi_error *error, const char *key, const char *value,
		     const char *what)
{
	char shown[48], shown_key[TEXT_KEY_MAX + 1];

	iscsi_printable(key, strlen(key), shown_key, sizeof(shown_key));
	if (value)
		iscsi_printable(value, strlen(value), shown, sizeof(shown));
	iscsi_error_set(error, ISCSI_FAILED_NEGOTIATION, -EPROTO, "%s%s%s: %s", shown_key,
			value ? "=" : "", value ? shown : "", what);
	memcpy(error->key, shown_key, sizeof(error->key));
	return -EPROTO;
}

static int parse_boolean(const char *text, uint32_t *value)
{
	*value = !strcmp(text, "Yes");
	return *value || !strcmp(text, "No") ? 0 : -EINVAL;
}

static int parse_digest(const char *text, uint32_t *value)
{
	*value = !strcmp(text, "CRC32C");
	return *value || !strcmp(text, "None") ? 0 : -EINVAL;
}

/* The value of an answer. *why says what is wrong with one that has none. */
static int parse_value(const struct key *key, const char *text, uint32_t *value,
		       const char **why)
{
	int err;

	if (key->function == ONE_OF) {
		*why = "the answer is not a digest this initiator knows";
		return parse_digest(text, value);
	}
	if (key->info.boolean) {
		*why = "the answer is neither Yes nor No";
		return parse_boolean(text, value);
	}
	err = iscsi_text_number(text, key->info.min, key->info.max, value);
	*why = err == -ERANGE ? "the value is outside of the range RFC 7143 allows"
			      : "the value is not a number";
	return err;
}

/* Whether the target can arrive at this result, given what was offered. */
static bool possible(const struct key *key, uint32_t offer, uint32_t answer)
{
	switch (key->function) {
	case AND:
	case MINIMUM:
		return answer <= offer;
	case OR:
	case MAXIMUM:
		return answer >= offer;
	case ONE_OF:
		return iscsi_text_list_has(digest_offers[offer], digest_offers[answer]);
	default:
		return true;
	}
}

static const struct {
	const char *word, *why;
} refusals[] = {
	{ "Reject", "the target rejects every value that was offered" },
	{ "NotUnderstood", "the target must understand this key" },
};

static int check_refusal(const struct key *key, const char *value,
			 struct iscsi_error *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (!strcmp(value, refusals[i].word))
			return iscsi_keys_error(error, key->info.name, value,
						refusals[i].why);
	return 0;
}

/* The key has no use for the target: RFC 7143's value holds, as far as the offer allows it. */
static int take_irrelevant(struct iscsi_negotiation *negotiation, size_t i,
			   struct iscsi_error *error)
{
	uint32_t offer = negotiation->offered.value[i];

	if (keys[i].function == DECLARED ||
	    possible(&keys[i], offer, keys[i].info.initial))
		return 0;
	if (keys[i].function == ONE_OF)
		return iscsi_keys_error(error, keys[i].info.name, "Irrelevant",
					"a digest is required");
	negotiation->agreed.value[i] = offer;
	return 0;
}

static int take_answer(struct iscsi_negotiation *negotiation, size_t i, const char *value,
		       struct iscsi_error *error)
{
	const struct key *key = &keys[i];
	uint32_t offer = negotiation->offered.value[i], answer;
	const char *why;
	int err = check_refusal(key, value, error);

	if (err)
		return err;
	if (!strcmp(value, "Irrelevant"))
		return take_irrelevant(negotiation, i, error);
	if (parse_value(key, value, &answer, &why))
		return iscsi_keys_error(error, key->info.name, value, why);
	if (!possible(key, offer, answer))
		return iscsi_keys_error(error, key->info.name, value,
					"not a possible answer to what was offered");
	if (key->function == DECLARED)
		negotiation->target_max_recv = answer;
	else
		negotiation->agreed.value[i] = answer;
	return 0;
}

/* The target offers what we did not: in a discovery session, where most keys have no use. */
static void answer_offer(const struct key *key, const char *value,
			 struct iscsi_text *text)
{
	const char *answer = "Irrelevant";

	if (key->function == ONE_OF)
		answer = iscsi_text_list_has(value, "None") ? "None" : "Reject";
	iscsi_text_add(text, key->info.name, answer);
}

static size_t find_key(const char *name)
{
	size_t i = 0;

	while (i < ISCSI_PARAM_COUNT && strcmp(name, keys[i].info.name))
		i++;
	return i;
}

int iscsi_keys_take(struct iscsi_negotiation *negotiation, const char *key,
		    const char *value, struct iscsi_text *text, struct iscsi_error *error)
{
	size_t i = find_key(key);

	if (i == ISCSI_PARAM_COUNT)
		return -ENOENT;
	if (negotiation->seen & 1U << i)
		return iscsi_keys_error(error, key, value,
					"the target sent this key twice");
	negotiation->seen |= 1U << i;
	if (negotiation->sent & 1U << i || keys[i].function == DECLARED)
		return take_answer(negotiation, i, value, error);
	answer_offer(&keys[i], value, text);
	return 0;
}

/* RFC 7143, 6.2.2: a boolean that decides the result alone needs no answer. */
static bool answer_optional(const struct iscsi_negotiation *negotiation, size_t i)
{
	const struct iscsi_params *offered = &negotiation->offered;

	switch (keys[i].function) {
	case AND:
		return !offered->value[i];
	case OR:
		return offered->value[i];
	case DECLARED:
		return true;
	default:
		return i == ISCSI_FIRST_BURST_LENGTH &&
		       negotiation->agreed.value[ISCSI_INITIAL_R2T] &&
		       !negotiation->agreed.value[ISCSI_IMMEDIATE_DATA];
	}
}

int iscsi_keys_finish(struct iscsi_negotiation *negotiation, struct iscsi_error *error)
{
	struct iscsi_params *agreed = &negotiation->agreed;

	for (size_t i = 0; i < ISCSI_PARAM_COUNT; i++) {
		if (!(negotiation->sent & ~negotiation->seen & 1U << i))
			continue;
		if (keys[i].function == AND || keys[i].function == OR)
			agreed->value[i] = negotiation->offered.value[i];
		if (!answer_optional(negotiation, i))
			return iscsi_keys_error(error, keys[i].info.name, NULL,
						"the target did not answer this key");
	}
	/* A target may forget to lower this one with the other; less is always allowed. */
	if (agreed->value[ISCSI_FIRST_BURST_LENGTH] >
	    agreed->value[ISCSI_MAX_BURST_LENGTH])
		agreed->value[ISCSI_FIRST_BURST_LENGTH] =
			agreed->value[ISCSI_MAX_BURST_LENGTH];
	return 0;
}
