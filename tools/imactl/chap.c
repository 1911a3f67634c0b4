// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chap.h"

#include <string.h>
#include <strings.h>

#include "doc.h"
#include "output.h"
#include "secret.h"

#define METHODS_MAX 16

/* The values of CHAP_A that IANA has registered. */
static const struct {
	IMAX_CHAP_ALGORITHM algorithm;
	const char *name;
} algorithms[] = {
	{ IMAX_CHAP_MD5, "MD5" },
	{ IMAX_CHAP_SHA1, "SHA1" },
	{ IMAX_CHAP_SHA256, "SHA256" },
	{ IMAX_CHAP_SHA3_256, "SHA3-256" },
};

static const char *algorithm_text(IMAX_CHAP_ALGORITHM algorithm)
{
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].name;
	return "unknown";
}

/* --- documents ------------------------------------------------------------------------------ */

static struct json_object *parms_document(const struct chosen *chosen,
					  const IMAX_CHAP_PARMS *parms)
{
	bool set = parms->set == IMA_TRUE;
	struct json_object *doc = doc_new();
	size_t length = parms->nameLength;

	if (length > sizeof(parms->name))
		length = sizeof(parms->name);
	doc_bool(doc, "set", set);
	doc_text(doc, "source", chosen_source(chosen, set, parms->inherited));
	if (set && length)
		doc_ascii(doc, "name", parms->name, length);
	else
		doc_null(doc, "name");
	return doc;
}

/* No proof is asked for, although the LHBA has what targets prove themselves with. */
static bool is_excepted(struct context *c, const struct chosen *chosen,
			const IMAX_CHAP_PARMS *own)
{
	IMAX_CHAP_PARMS parms;
	bool excepted;

	if (own->set == IMA_TRUE || chosen_is(chosen, IMA_OBJECT_TYPE_LHBA))
		return false;
	excepted = IMA_SUCCESS(CALL(c, IMAX_GetChapParms, chosen->lhba->oid,
				    IMAX_CHAP_TARGET, &parms)) &&
		   parms.set == IMA_TRUE;
	explicit_bzero(&parms, sizeof(parms));
	return excepted;
}

/* NULL if the initiator has no such thing. */
static struct json_object *direction_document(struct context *c,
					      const struct chosen *chosen,
					      IMAX_CHAP_DIRECTION direction)
{
	struct json_object *doc = NULL;
	IMAX_CHAP_PARMS parms;

	if (IMA_SUCCESS(CALL(c, IMAX_GetChapParms, chosen->oid, direction, &parms)))
		doc = parms_document(chosen, &parms);
	if (doc && direction == IMAX_CHAP_TARGET && is_excepted(c, chosen, &parms))
		doc_text(doc, "source", chosen->kind);
	explicit_bzero(&parms, sizeof(parms));
	return doc;
}

static struct json_object *names_document(const IMAX_CHAP_ALGORITHM *list, IMA_UINT32 n)
{
	struct json_object *array = doc_array();

	for (IMA_UINT32 i = 0; i < n && i < IMAX_CHAP_ALGORITHMS_MAX; i++)
		doc_push(array, doc_string(algorithm_text(list[i])));
	return array;
}

static struct json_object *algorithms_document(struct context *c,
					       const struct chosen *chosen)
{
	IMAX_CHAP_ALGORITHMS list;
	struct json_object *doc;

	if (chosen_is(chosen, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS) ||
	    IMA_ERROR(CALL(c, IMAX_GetChapAlgorithms, chosen->oid, &list)))
		return NULL;
	doc = doc_new();
	doc_add(doc, "offered", names_document(list.algorithms, list.count));
	doc_add(doc, "supported", names_document(list.supported, list.supportedCount));
	doc_text(doc, "source", chosen_source(chosen, true, list.inherited));
	doc_bool(doc, "settable", list.settable == IMA_TRUE);
	return doc;
}

void chap_document(struct context *c, struct json_object *doc,
		   const struct chosen *chosen, bool own)
{
	if (own)
		doc_add(doc, "chap", direction_document(c, chosen, IMAX_CHAP_INITIATOR));
	doc_add(doc, "mutualChap", direction_document(c, chosen, IMAX_CHAP_TARGET));
	doc_add(doc, "algorithms", algorithms_document(c, chosen));
}

bool chap_is_set(struct context *c, const struct chosen *chosen)
{
	IMAX_CHAP_PARMS parms;
	bool set = IMA_SUCCESS(CALL(c, IMAX_GetChapParms, chosen->oid,
				    IMAX_CHAP_INITIATOR, &parms)) &&
		   parms.set == IMA_TRUE;

	explicit_bzero(&parms, sizeof(parms));
	return set;
}

/* --- what is typed ---------------------------------------------------------------------------- */

struct algorithm_list {
	IMAX_CHAP_ALGORITHM algorithm[ARRAY_SIZE(algorithms)];
	IMA_UINT count;
};

/* "sha256", "SHA-256" and "SHA256" are the same. */
static bool is_called(const char *name, const char *typed, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (typed[i] == '-')
			continue;
		while (*name == '-')
			name++;
		if (!*name || strncasecmp(name++, &typed[i], 1) != 0)
			return false;
	}
	return !*name;
}

static int take_algorithm(struct context *c, const char *typed, size_t length,
			  struct algorithm_list *list)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(algorithms) &&
	       !is_called(algorithms[i].name, typed, length))
		i++;
	if (i == ARRAY_SIZE(algorithms))
		return refused(c, EXIT_USAGE,
			       "\"%.*s\" is no CHAP algorithm: md5, sha1, sha256 or "
			       "sha3-256",
			       (int)length, typed);
	for (IMA_UINT j = 0; j < list->count; j++)
		if (list->algorithm[j] == algorithms[i].algorithm)
			return refused(c, EXIT_USAGE, "algorithm %s is given twice",
				       algorithms[i].name);
	list->algorithm[list->count++] = algorithms[i].algorithm;
	return EXIT_DONE;
}

static int parse_algorithms(struct context *c, struct algorithm_list *list)
{
	const char *at = c->option[OPT_ALGORITHMS];
	int err;

	list->count = 0;
	if (!at)
		return EXIT_DONE;
	do {
		size_t length = strcspn(at, ",");

		err = take_algorithm(c, at, length, list);
		at += length;
	} while (!err && *at++);
	return err;
}

static void wipe_parms(IMAX_CHAP_PARMS *parms)
{
	explicit_bzero(parms, sizeof(*parms));
}

static int read_parms(struct context *c, IMAX_CHAP_PARMS *parms)
{
	struct secret _cleanup_secret_ secret;
	const char *name = c->option[OPT_NAME];
	int err;

	if (!name && !given(c, OPT_MUTUAL))
		return refused(c, EXIT_USAGE, "the name is missing: --name NAME");
	if (name && strlen(name) > sizeof(parms->name))
		return refused(c, EXIT_USAGE, "the name is longer than %zu bytes",
			       sizeof(parms->name));
	err = secret_read(c, sizeof(parms->secret), &secret);
	if (err)
		return err;
	parms->nameLength = name ? (IMA_UINT32)strlen(name) : 0;
	memcpy(parms->name, name ? name : "", parms->nameLength);
	parms->secretLength = (IMA_UINT32)secret.length;
	memcpy(parms->secret, secret.bytes, secret.length);
	return EXIT_DONE;
}

/* --- set --------------------------------------------------------------------------------------- */

bool chap_set_is_meant(const struct context *c)
{
	return given(c, OPT_TARGET) || given(c, OPT_ADDRESS) || given(c, OPT_MUTUAL) ||
	       given(c, OPT_NO_MUTUAL) || given(c, OPT_ALGORITHMS);
}

static bool is_secret_given(const struct context *c)
{
	return given(c, OPT_NAME) || given(c, OPT_SECRET_FILE) || given(c, OPT_SECRET_FD);
}

/* --algorithms alone leaves name and secret as they are. */
static bool parms_are_given(const struct context *c)
{
	return is_secret_given(c) || given(c, OPT_MUTUAL) || given(c, OPT_NO_MUTUAL) ||
	       !given(c, OPT_ALGORITHMS);
}

static int check_no_mutual(struct context *c)
{
	if (!given(c, OPT_NO_MUTUAL))
		return EXIT_DONE;
	if (given(c, OPT_MUTUAL) || is_secret_given(c))
		return refused(c, EXIT_USAGE,
			       "--no-mutual has no name and no secret: set those in a "
			       "call of their own");
	if (!given(c, OPT_TARGET) && !given(c, OPT_ADDRESS))
		return refused(c, EXIT_USAGE,
			       "--no-mutual is for one target or address: imactl auth "
			       "remove --mutual ends mutual CHAP of the LHBA");
	return EXIT_DONE;
}

static int check_usage(struct context *c)
{
	if (arg(c, 0) && strcasecmp(arg(c, 0), "chap"))
		return refused(c, EXIT_USAGE,
			       "--target, --address, --mutual, --no-mutual and "
			       "--algorithms go with chap only");
	if (given(c, OPT_ALGORITHMS) && given(c, OPT_ADDRESS))
		return refused(c, EXIT_USAGE,
			       "a discovery address has no algorithms of its own: those "
			       "of the LHBA are used");
	return check_no_mutual(c);
}

static int store_parms(struct context *c, const struct chosen *chosen, IMA_STATUS *status)
{
	IMAX_CHAP_PARMS _cleanup_(wipe_parms) parms = { 0 };
	bool mutual = given(c, OPT_MUTUAL) || given(c, OPT_NO_MUTUAL);
	int err = given(c, OPT_NO_MUTUAL) ? EXIT_DONE : read_parms(c, &parms);

	if (err)
		return err;
	*status = CALL(c, IMAX_SetChapParms, chosen->oid,
		       mutual ? IMAX_CHAP_TARGET : IMAX_CHAP_INITIATOR, &parms);
	if (IMA_ERROR(*status))
		return failed(c, *status, chosen->name, "cannot set the %s of %s",
			      mutual ? "secret the target proves itself with"
				     : "CHAP parameters",
			      chosen->name);
	return EXIT_DONE;
}

static int store_algorithms(struct context *c, const struct chosen *chosen,
			    const struct algorithm_list *list, IMA_STATUS *status)
{
	IMA_STATUS one;

	if (!list->count)
		return EXIT_DONE;
	one = CALL(c, IMAX_SetChapAlgorithms, chosen->oid, list->count, list->algorithm);
	if (IMA_ERROR(one))
		return failed(c, one, chosen->name,
			      "cannot set the CHAP algorithms of %s", chosen->name);
	if (one == IMA_STATUS_REBOOT_NECESSARY)
		*status = one;
	return EXIT_DONE;
}

/* Does a login offer CHAP? If it cannot be told, it is taken to. */
static bool is_offered(struct context *c, const struct chosen *chosen)
{
	IMA_AUTHMETHOD methods[METHODS_MAX];
	IMA_UINT count = METHODS_MAX;
	IMA_STATUS status;

	if (chosen_is(chosen, IMA_OBJECT_TYPE_LHBA))
		status = CALL(c, IMA_GetInUseInitiatorAuthMethods, chosen->oid, &count,
			      methods);
	else
		status = CALL(c, IMAX_GetAuthMethods, chosen->oid, &count, methods);
	if (IMA_ERROR(status))
		return true;
	for (IMA_UINT i = 0; i < count && i < METHODS_MAX; i++)
		if (methods[i] == IMA_AUTHMETHOD_CHAP)
			return true;
	return false;
}

/* What is left to do: how to make logins use it, or nothing. */
static char *hint(struct context *c, const struct chosen *chosen)
{
	if (is_offered(c, chosen))
		return text_format(" for the next login");
	if (chosen_is(chosen, IMA_OBJECT_TYPE_LHBA))
		return text_format(": imactl auth methods chap uses it");
	return text_format(": imactl auth methods chap --%s %s uses it", chosen->kind,
			   chosen->name);
}

static int tell_excepted(struct context *c, const struct chosen *chosen,
			 IMA_STATUS status)
{
	return output_change(c, true, status, chosen->name,
			     "%s need not prove itself from the next login on",
			     chosen->name);
}

static int tell_set(struct context *c, const struct chosen *chosen, IMA_STATUS status)
{
	bool parms = parms_are_given(c);
	_cleanup_free_ char *rest = hint(c, chosen);

	return output_change(c, true, status, chosen->name, "%s of %s %s set%s",
			     !parms		    ? "the CHAP algorithms"
			     : given(c, OPT_MUTUAL) ? "mutual CHAP"
						    : "CHAP",
			     chosen->name, parms ? "is" : "are", rest);
}

int chap_set(struct context *c)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	struct algorithm_list list;
	struct chosen chosen;
	int err = check_usage(c);

	if (!err)
		err = parse_algorithms(c, &list);
	if (!err)
		err = chosen_get(c, &chosen);
	if (!err && parms_are_given(c))
		err = store_parms(c, &chosen, &status);
	if (!err)
		err = store_algorithms(c, &chosen, &list, &status);
	if (err)
		return err;
	return given(c, OPT_NO_MUTUAL) ? tell_excepted(c, &chosen, status)
				       : tell_set(c, &chosen, status);
}
