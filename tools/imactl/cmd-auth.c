// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-auth.c - how an LHBA proves who it is, to all, to one target, or for discovery at one
 * address. Secrets go in and never come out.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "chap.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"
#include "secret.h"

#define METHODS_MAX 16

static const struct {
	IMA_AUTHMETHOD method;
	const char *name; /* as AuthMethod of RFC 7143 has it */
} methods[] = {
	{ IMA_AUTHMETHOD_NONE, "None" },   { IMA_AUTHMETHOD_CHAP, "CHAP" },
	{ IMA_AUTHMETHOD_SRP, "SRP" },	   { IMA_AUTHMETHOD_KRB5, "KRB5" },
	{ IMA_AUTHMETHOD_SPKM1, "SPKM1" }, { IMA_AUTHMETHOD_SPKM2, "SPKM2" },
};

const char *auth_method_text(IMA_AUTHMETHOD method)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (methods[i].method == method)
			return methods[i].name;
	return NULL;
}

static int method_parse(struct context *c, const char *name, IMA_AUTHMETHOD *method)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (!strcasecmp(methods[i].name, name)) {
			*method = methods[i].method;
			return EXIT_DONE;
		}
	return refused(c, EXIT_USAGE,
		       "\"%s\" is no authentication method: none, chap, srp, krb5, spkm1 "
		       "or spkm2",
		       name);
}

/* A list of methods in order of preference. */
struct method_list {
	IMA_AUTHMETHOD method[METHODS_MAX];
	IMA_UINT count;
};

/* The place of method in list from 1, 0 if it is not there. */
static unsigned place_of(const struct method_list *list, IMA_AUTHMETHOD method)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->method[i] == method)
			return i + 1;
	return 0;
}

/* What an LHBA can, could now, and does use. */
struct auth_state {
	struct method_list supported, settable, in_use;
};

/* A plugin may know more methods than there are. */
static void clamp(struct method_list *list)
{
	if (list->count > METHODS_MAX)
		list->count = METHODS_MAX;
}

/* CHAP needs no parameters of the LHBA where the object has its own. */
static void consider_own(struct context *c, const struct chosen *chosen,
			 struct auth_state *state)
{
	struct method_list *settable = &state->settable;

	if (!place_of(settable, IMA_AUTHMETHOD_CHAP) && settable->count < METHODS_MAX &&
	    place_of(&state->supported, IMA_AUTHMETHOD_CHAP) && chap_is_set(c, chosen))
		settable->method[settable->count++] = IMA_AUTHMETHOD_CHAP;
}

static IMA_STATUS read_lists(struct context *c, const struct chosen *chosen,
			     struct auth_state *state)
{
	IMA_OID lhba = chosen->lhba->oid;
	IMA_STATUS status;

	state->supported.count = state->settable.count = state->in_use.count =
		METHODS_MAX;
	status = CALL(c, IMA_GetSupportedAuthMethods, lhba, IMA_FALSE,
		      &state->supported.count, state->supported.method);
	if (!IMA_ERROR(status))
		status = CALL(c, IMA_GetSupportedAuthMethods, lhba, IMA_TRUE,
			      &state->settable.count, state->settable.method);
	if (IMA_ERROR(status))
		return status;
	if (chosen_is(chosen, IMA_OBJECT_TYPE_LHBA))
		return CALL(c, IMA_GetInUseInitiatorAuthMethods, lhba,
			    &state->in_use.count, state->in_use.method);
	return CALL(c, IMAX_GetAuthMethods, chosen->oid, &state->in_use.count,
		    state->in_use.method);
}

static int read_state(struct context *c, const struct chosen *chosen,
		      struct auth_state *state)
{
	IMA_STATUS status = read_lists(c, chosen, state);

	if (IMA_ERROR(status))
		return failed(c, status, chosen->name,
			      "cannot read the authentication methods of %s",
			      chosen->name);
	clamp(&state->supported);
	clamp(&state->settable);
	clamp(&state->in_use);
	if (!chosen_is(chosen, IMA_OBJECT_TYPE_LHBA))
		consider_own(c, chosen, state);
	return EXIT_DONE;
}

static struct json_object *methods_document(const struct chosen *chosen,
					    const struct auth_state *state)
{
	struct json_object *array = doc_array();

	for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
		unsigned place = place_of(&state->in_use, methods[i].method);
		struct json_object *doc = doc_new();

		doc_text(doc, "method", methods[i].name);
		chosen_document(doc, chosen);
		doc_bool(doc, "supported",
			 place_of(&state->supported, methods[i].method));
		doc_bool(doc, "configured",
			 place_of(&state->settable, methods[i].method));
		doc_bool(doc, "inUse", place);
		if (place)
			doc_number(doc, "preference", place);
		else
			doc_null(doc, "preference");
		doc_push(array, doc);
	}
	return array;
}

static const struct column method_columns[] = {
	{ "METHOD", "method", NULL, 0, NULL },
	{ "SUPPORTED", "supported", NULL, 0, NULL },
	{ "CONFIGURED", "configured", NULL, 0, NULL },
	{ "IN USE", "inUse", NULL, 0, NULL },
	{ "PREFERENCE", "preference", NULL, COLUMN_RIGHT, NULL },
};
static const struct view methods_view = VIEW(LAYOUT_TABLE, "auth-methods",
					     method_columns);

/* --- show ---------------------------------------------------------------------------------- */

/*
 * What can be shown of parameters. A plugin may keep secrets to itself, so those of a method
 * that is configured count as set.
 */

/* length bytes of a field that holds size at most. */
static void add_name(struct json_object *doc, const char *key, const IMA_BYTE *bytes,
		     IMA_UINT length, size_t size)
{
	doc_ascii(doc, key, bytes, length < size ? length : size);
}

static void fill_chap(struct json_object *doc, const IMA_INITIATOR_AUTHPARMS *values,
		      bool configured)
{
	const IMA_CHAP_INITIATOR_AUTHPARMS *chap = &values->chapParms;

	add_name(doc, "name", chap->name, chap->nameLength, sizeof(chap->name));
	doc_bool(doc, "secretSet", configured || chap->challengeSecretLength);
	doc_number(doc, "retries", chap->retries);
	doc_number(doc, "minValueLength", chap->minValueLength);
	doc_number(doc, "maxValueLength", chap->maxValueLength);
}

static void fill_srp(struct json_object *doc, const IMA_INITIATOR_AUTHPARMS *values,
		     bool configured)
{
	const IMA_SRP_INITIATOR_AUTHPARMS *srp = &values->srpParms;

	(void)configured;
	add_name(doc, "userName", srp->userName, srp->userNameLength,
		 sizeof(srp->userName));
}

static void fill_kerberos(struct json_object *doc, const IMA_INITIATOR_AUTHPARMS *values,
			  bool configured)
{
	doc_bool(doc, "clientKeySet",
		 configured || values->kerberosParms.clientKeyLength);
}

static void fill_spkm(struct json_object *doc, const IMA_INITIATOR_AUTHPARMS *values,
		      bool configured)
{
	doc_bool(doc, "privateKeySet", configured || values->spkmParms.privateKeyLength);
	doc_bool(doc, "publicKeySet", values->spkmParms.publicKeyLength);
}

static const struct {
	IMA_AUTHMETHOD method;
	const char *key;
	void (*fill)(struct json_object *doc, const IMA_INITIATOR_AUTHPARMS *values,
		     bool configured);
} parameters[] = {
	{ IMA_AUTHMETHOD_CHAP, "chap", fill_chap },
	{ IMA_AUTHMETHOD_SRP, "srp", fill_srp },
	{ IMA_AUTHMETHOD_KRB5, "krb5", fill_kerberos },
	{ IMA_AUTHMETHOD_SPKM1, "spkm1", fill_spkm },
	{ IMA_AUTHMETHOD_SPKM2, "spkm2", fill_spkm },
};

static void add_parameters(struct context *c, struct json_object *doc,
			   const struct object *lhba, const struct auth_state *state)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
		IMA_INITIATOR_AUTHPARMS values;
		struct json_object *part = NULL;

		if (place_of(&state->supported, parameters[i].method) &&
		    IMA_SUCCESS(CALL(c, IMA_GetInitiatorAuthParms, lhba->oid,
				     parameters[i].method, &values))) {
			part = doc_new();
			parameters[i].fill(
				part, &values,
				place_of(&state->settable, parameters[i].method));
			explicit_bzero(&values, sizeof(values));
		}
		doc_add(doc, parameters[i].key, part);
	}
}

static struct json_object *show_document(struct context *c, const struct chosen *chosen,
					 const struct auth_state *state)
{
	IMA_LHBA_PROPERTIES props;
	struct json_object *doc = doc_new();

	doc_text(doc, "lhba", chosen->name);
	if (IMA_ERROR(CALL(c, IMA_GetLhbaProperties, chosen->oid, &props)))
		doc_null(doc, "methodsSettable");
	else
		doc_bool(doc, "methodsSettable",
			 props.initiatorAuthMethodsSettable == IMA_TRUE);
	add_parameters(c, doc, chosen->lhba, state);
	chap_document(c, doc, chosen, false);
	doc_add(doc, "methods", methods_document(chosen, state));
	return doc;
}

static int show_lhba(struct context *c, const struct chosen *chosen,
		     const struct auth_state *state)
{
	static const struct column columns[] = {
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "Methods can be set", "methodsSettable", NULL, 0, NULL },
		{ "CHAP name", "chap.name", NULL, 0, NULL },
		{ "CHAP secret is set", "chap.secretSet", NULL, 0, NULL },
		{ "Mutual CHAP is set", "mutualChap.set", NULL, 0, NULL },
		{ "Mutual CHAP name", "mutualChap.name", NULL, 0, NULL },
		{ "CHAP algorithms", "algorithms.offered", NULL, 0, NULL },
		{ "CHAP algorithms there are", "algorithms.supported", NULL, 0, NULL },
		{ "SRP user name", "srp.userName", NULL, 0, NULL },
		{ "Kerberos client key is set", "krb5.clientKeySet", NULL, 0, NULL },
		{ "SPKM-1 private key is set", "spkm1.privateKeySet", NULL, 0, NULL },
		{ "SPKM-2 private key is set", "spkm2.privateKeySet", NULL, 0, NULL },
		{ "Methods", "methods", NULL, 0, &methods_view },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "auth-show", columns);

	return output_document(c, &view, show_document(c, chosen, state));
}

static struct json_object *in_use_document(const struct auth_state *state)
{
	struct json_object *array = doc_array();

	for (IMA_UINT i = 0; i < state->in_use.count; i++) {
		const char *name = auth_method_text(state->in_use.method[i]);

		doc_push(array, doc_string(name ? name : "unknown"));
	}
	return array;
}

static struct json_object *own_document(struct context *c, const struct chosen *chosen,
					const struct auth_state *state)
{
	struct json_object *doc = doc_new();

	chosen_document(doc, chosen);
	doc_add(doc, "methods", in_use_document(state));
	chap_document(c, doc, chosen, true);
	return doc;
}

/* A target or a discovery address. */
static int show_own(struct context *c, const struct chosen *chosen,
		    const struct auth_state *state)
{
	static const struct column columns[] = {
		{ "Target", "target", NULL, 0, NULL },
		{ "Discovery address", "address", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "Methods", "methods", NULL, 0, NULL },
		{ "CHAP is set by", "chap.source", NULL, 0, NULL },
		{ "CHAP name", "chap.name", NULL, 0, NULL },
		{ "Mutual CHAP", "mutualChap.set", NULL, 0, NULL },
		{ "Mutual CHAP is set by", "mutualChap.source", NULL, 0, NULL },
		{ "Mutual CHAP name", "mutualChap.name", NULL, 0, NULL },
		{ "CHAP algorithms", "algorithms.offered", NULL, 0, NULL },
		{ "CHAP algorithms are set by", "algorithms.source", NULL, 0, NULL },
		{ "CHAP algorithms there are", "algorithms.supported", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "auth-object", columns);

	return output_document(c, &view, own_document(c, chosen, state));
}

int auth_show(struct context *c)
{
	struct auth_state state;
	struct chosen chosen;
	int err = chosen_get(c, &chosen);

	if (!err)
		err = read_state(c, &chosen, &state);
	if (err)
		return err;
	return chosen_is(&chosen, IMA_OBJECT_TYPE_LHBA) ? show_lhba(c, &chosen, &state)
							: show_own(c, &chosen, &state);
}

/* --- methods -------------------------------------------------------------------------------- */

static int parse_methods(struct context *c, struct method_list *list)
{
	list->count = 0;
	for (int i = 0; arg(c, i); i++) {
		IMA_AUTHMETHOD method;
		int err = method_parse(c, arg(c, i), &method);

		if (err)
			return err;
		if (place_of(list, method))
			return refused(c, EXIT_USAGE, "method %s is given twice",
				       arg(c, i));
		list->method[list->count++] = method; /* no more than there are methods */
	}
	return EXIT_DONE;
}

static bool lists_equal(const struct method_list *a, const struct method_list *b)
{
	return a->count == b->count &&
	       !memcmp(a->method, b->method, a->count * sizeof(a->method[0]));
}

static const char *list_text(struct context *c, const struct method_list *list)
{
	char *text = NULL;

	for (IMA_UINT i = 0; i < list->count; i++) {
		_cleanup_free_ char *before = text;

		text = text_format("%s%s%s", before ? before : "", before ? ", " : "",
				   auth_method_text(list->method[i]));
	}
	return keep_text(c, text ? text : text_format("none"));
}

static IMA_STATUS store_methods(struct context *c, const struct chosen *chosen,
				const struct method_list *list)
{
	if (chosen_is(chosen, IMA_OBJECT_TYPE_LHBA))
		return CALL(c, IMA_SetInitiatorAuthMethods, chosen->oid, list->count,
			    list->method);
	return CALL(c, IMAX_SetAuthMethods, chosen->oid, list->count, list->method);
}

static int set_methods(struct context *c, const struct chosen *chosen,
		       const struct auth_state *state, const struct method_list *list)
{
	const char *text = list_text(c, list);
	bool was = lists_equal(list, &state->in_use);
	IMA_STATUS status;

	for (IMA_UINT i = 0; i < list->count; i++)
		if (place_of(&state->supported, list->method[i]) &&
		    !place_of(&state->settable, list->method[i]))
			return refused(
				c, EXIT_USAGE,
				"%s has no parameters yet: imactl auth set %s gives them",
				auth_method_text(list->method[i]),
				auth_method_text(list->method[i]));
	status = store_methods(c, chosen, list);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, chosen->name,
			      "cannot set the authentication methods of %s to %s",
			      chosen->name, text);
	return output_change(c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status,
			     chosen->name, "%s uses %s%s", chosen->name, text,
			     was ? " already" : " from the next login on");
}

int auth_methods(struct context *c)
{
	struct method_list list;
	struct auth_state state;
	struct chosen chosen;
	int err = parse_methods(c, &list);

	if (!err)
		err = chosen_get(c, &chosen);
	if (!err)
		err = read_state(c, &chosen, &state);
	if (err)
		return err;
	if (!list.count)
		return output_document(c, &methods_view,
				       methods_document(&chosen, &state));
	return set_methods(c, &chosen, &state, &list);
}

/* --- set and clear --------------------------------------------------------------------------- */

static void wipe_values(IMA_INITIATOR_AUTHPARMS *values)
{
	explicit_bzero(values, sizeof(*values));
}

/* Copies a name of the command line into a field. */
static int copy_name(struct context *c, IMA_BYTE *field, size_t size, IMA_UINT *length)
{
	const char *name = c->option[OPT_NAME];

	if (!name || !*name)
		return refused(c, EXIT_USAGE, "the name is missing: --name NAME");
	if (strlen(name) > size)
		return refused(c, EXIT_USAGE, "the name is longer than %zu bytes", size);
	*length = strlen(name);
	memcpy(field, name, *length);
	return EXIT_DONE;
}

static int copy_secret(struct context *c, IMA_BYTE *field, size_t size, IMA_UINT *length)
{
	struct secret _cleanup_secret_ secret;
	int err = secret_read(c, size, &secret);

	if (err)
		return err;
	memcpy(field, secret.bytes, secret.length);
	*length = secret.length;
	return EXIT_DONE;
}

static int chap_values(struct context *c, IMA_INITIATOR_AUTHPARMS *values)
{
	IMA_CHAP_INITIATOR_AUTHPARMS *chap = &values->chapParms;
	int err = copy_name(c, chap->name, sizeof(chap->name), &chap->nameLength);

	if (err)
		return err;
	return copy_secret(c, chap->challengeSecret, sizeof(chap->challengeSecret),
			   &chap->challengeSecretLength);
}

static int srp_values(struct context *c, IMA_INITIATOR_AUTHPARMS *values)
{
	IMA_SRP_INITIATOR_AUTHPARMS *srp = &values->srpParms;

	if (given(c, OPT_SECRET_FILE) || given(c, OPT_SECRET_FD))
		return refused(c, EXIT_USAGE,
			       "this API has no place for the secret of SRP");
	return copy_name(c, srp->userName, sizeof(srp->userName), &srp->userNameLength);
}

static int krb5_values(struct context *c, IMA_INITIATOR_AUTHPARMS *values)
{
	IMA_KRB5_INITIATOR_AUTHPARMS *kerberos = &values->kerberosParms;

	if (given(c, OPT_NAME))
		return refused(c, EXIT_USAGE, "--name has no meaning for KRB5");
	return copy_secret(c, kerberos->clientKey, sizeof(kerberos->clientKey),
			   &kerberos->clientKeyLength);
}

static int spkm_values(struct context *c, IMA_INITIATOR_AUTHPARMS *values)
{
	IMA_SPKM_INITIATOR_AUTHPARMS *spkm = &values->spkmParms;

	if (given(c, OPT_NAME))
		return refused(c, EXIT_USAGE, "--name has no meaning for SPKM");
	return copy_secret(c, spkm->privateKey, sizeof(spkm->privateKey),
			   &spkm->privateKeyLength);
}

static int none_values(struct context *c, IMA_INITIATOR_AUTHPARMS *values)
{
	(void)values;
	return refused(c, EXIT_USAGE, "None has no parameters");
}

static int (*const makers[])(struct context *c, IMA_INITIATOR_AUTHPARMS *values) = {
	[IMA_AUTHMETHOD_NONE] = none_values,  [IMA_AUTHMETHOD_CHAP] = chap_values,
	[IMA_AUTHMETHOD_SRP] = srp_values,    [IMA_AUTHMETHOD_KRB5] = krb5_values,
	[IMA_AUTHMETHOD_SPKM1] = spkm_values, [IMA_AUTHMETHOD_SPKM2] = spkm_values,
};

/* The method of the argument, CHAP without one. */
static int method_argument(struct context *c, IMA_AUTHMETHOD *method)
{
	*method = IMA_AUTHMETHOD_CHAP;
	return arg(c, 0) ? method_parse(c, arg(c, 0), method) : EXIT_DONE;
}

int auth_set(struct context *c)
{
	IMA_INITIATOR_AUTHPARMS _cleanup_(wipe_values) values = { 0 };
	const struct object *lhba;
	IMA_AUTHMETHOD method;
	const char *name;
	IMA_STATUS status;
	int err = method_argument(c, &method);

	if (!err && chap_set_is_meant(c))
		return chap_set(c);
	if (!err)
		err = lhba_get(c, &lhba);
	if (!err)
		err = makers[method](c, &values);
	if (err)
		return err;
	name = auth_method_text(method);
	status = CALL(c, IMA_SetInitiatorAuthParms, lhba->oid, method, &values);
	if (IMA_ERROR(status))
		return failed(c, status, lhba->name,
			      "cannot set the parameters of %s of %s", name, lhba->name);
	return output_change(
		c, true, status, lhba->name,
		"the parameters of %s of %s are set: imactl auth methods %s uses them",
		name, lhba->name, name);
}

/* The list in use without method; None if nothing else is left. */
static struct method_list without(const struct method_list *list, IMA_AUTHMETHOD method)
{
	struct method_list rest = { .count = 0 };

	for (IMA_UINT i = 0; i < list->count; i++)
		if (list->method[i] != method)
			rest.method[rest.count++] = list->method[i];
	if (!rest.count)
		rest.method[rest.count++] = IMA_AUTHMETHOD_NONE;
	return rest;
}

/* A method in use keeps its parameters, so it is taken out of use first. */
static int stop_using(struct context *c, const struct object *lhba,
		      const struct auth_state *state, IMA_AUTHMETHOD method)
{
	struct method_list rest = without(&state->in_use, method);
	IMA_STATUS status;

	if (!place_of(&state->in_use, method))
		return EXIT_DONE;
	status = CALL(c, IMA_SetInitiatorAuthMethods, lhba->oid, rest.count, rest.method);
	if (IMA_ERROR(status))
		return failed(c, status, lhba->name, "cannot stop %s from using %s",
			      lhba->name, auth_method_text(method));
	return EXIT_DONE;
}

int auth_clear(struct context *c)
{
	IMA_INITIATOR_AUTHPARMS empty = { 0 };
	struct auth_state state;
	struct chosen chosen;
	IMA_AUTHMETHOD method;
	IMA_STATUS status;
	const char *name;
	int err = method_argument(c, &method);

	if (!err && method == IMA_AUTHMETHOD_NONE)
		err = none_values(c, &empty);
	if (!err)
		err = chosen_get(c, &chosen);
	if (!err)
		err = read_state(c, &chosen, &state);
	if (err)
		return err;
	name = auth_method_text(method);
	if (place_of(&state.supported, method) && !place_of(&state.settable, method))
		return output_change(c, false, IMA_STATUS_SUCCESS, chosen.name,
				     "%s of %s has no parameters", name, chosen.name);
	err = stop_using(c, chosen.lhba, &state, method);
	if (err)
		return err;
	status = CALL(c, IMA_SetInitiatorAuthParms, chosen.oid, method, &empty);
	if (IMA_ERROR(status))
		return failed(c, status, chosen.name,
			      "cannot clear the parameters of %s of %s", name,
			      chosen.name);
	return output_change(c, true, status, chosen.name,
			     "%s of %s has no parameters and is not used", name,
			     chosen.name);
}

/* --- remove --------------------------------------------------------------------------------- */

/* Methods first: parameters of a method in use are kept. */
static int take_back(struct context *c, const struct chosen *chosen, IMA_STATUS *status)
{
	static const IMAX_SETTING all[] = { IMAX_SETTING_AUTH_METHODS,
					    IMAX_SETTING_CHAP_TARGET,
					    IMAX_SETTING_CHAP_INITIATOR,
					    IMAX_SETTING_CHAP_ALGORITHMS };
	static const IMAX_SETTING mutual[] = { IMAX_SETTING_CHAP_TARGET };

	if (given(c, OPT_MUTUAL))
		return settings_remove(c, chosen, mutual, ARRAY_SIZE(mutual),
				       "mutual CHAP", status);
	return settings_remove(c, chosen, all, ARRAY_SIZE(all), "the authentication",
			       status);
}

/* What there is to see before and after tells whether anything was changed. */
static int snapshot(struct context *c, const struct chosen *chosen,
		    struct json_object **doc)
{
	struct auth_state state;
	int err = read_state(c, chosen, &state);

	if (!err)
		*doc = own_document(c, chosen, &state);
	return err;
}

static int tell_removed(struct context *c, const struct chosen *chosen, bool changed,
			IMA_STATUS status)
{
	const char *what = given(c, OPT_MUTUAL) ? "mutual CHAP" : "authentication";

	return output_change(
		c, changed, status, chosen->name, "%s of %s %s%s", what, chosen->name,
		chosen_is(chosen, IMA_OBJECT_TYPE_LHBA) ? "has its default"
							: "is that of its LHBA",
		changed ? " from the next login on" : " already");
}

int auth_remove(struct context *c)
{
	struct json_object *before = NULL, *after = NULL;
	struct chosen chosen;
	IMA_STATUS status;
	bool changed;
	int err = chosen_get(c, &chosen);

	if (!err)
		err = snapshot(c, &chosen, &before);
	if (!err)
		err = take_back(c, &chosen, &status);
	if (!err)
		err = snapshot(c, &chosen, &after);
	changed = !json_object_equal(before, after);
	json_object_put(before);
	json_object_put(after);
	if (err)
		return err;
	return tell_removed(c, &chosen, changed, status);
}
