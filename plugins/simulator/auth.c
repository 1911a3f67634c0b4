// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth.h"

#include <stddef.h>
#include <string.h>

#include "login.h"
#include "model.h"

#define STATUS_AUTHENTICATION 0x0201 /* RFC 7143, 11.13.5 */

/* --- what is in force ----------------------------------------------------------------- */

bool methods_have(const struct methods *methods, uint32_t method)
{
	for (unsigned int i = 0; i < methods->count; i++)
		if (methods->list[i] == method)
			return true;
	return false;
}

const struct methods *methods_or_none(const struct methods *methods)
{
	static const struct methods none = { 1, { IMA_AUTHMETHOD_NONE } };

	return methods->count ? methods : &none;
}

static const void *values_of(const struct object *object, bool later)
{
	return later ? object_next(object) : object_now(object);
}

const struct methods *auth_methods_of(const struct lhba *lhba,
				      const struct object *object, bool later)
{
	const struct lhba_values *values = values_of(&lhba->object, later);
	const struct methods *own = &values->auth_in_use;

	if (object_kind(object) == KIND_FOUND)
		own = &((const struct found_values *)values_of(object, later))
			       ->auth_in_use;
	else if (object_kind(object) == KIND_DISCOVERY)
		own = &((const struct source_values *)values_of(object, later))
			       ->auth_in_use;
	return methods_or_none(own->count ? own : &values->auth_in_use);
}

const struct methods *auth_algorithms_of(const struct lhba *lhba,
					 const struct object *object, bool later)
{
	const struct lhba_values *values = values_of(&lhba->object, later);
	const struct found_values *own = values_of(object, later);

	return object_kind(object) == KIND_FOUND && own->chap_algorithms.count
		       ? &own->chap_algorithms
		       : &values->chap_algorithms;
}

#define LHBA_PLACE(name, secret)                                                         \
	{                                                                                \
		offsetof(struct lhba_values, name), offsetof(struct lhba_values, secret) \
	}
#define CHAP_PLACE(values, i)                                                      \
	{                                                                          \
		offsetof(values, chap) + (i) * sizeof(struct chap_parms) +         \
			offsetof(struct chap_parms, name),                         \
			offsetof(values, chap) + (i) * sizeof(struct chap_parms) + \
				offsetof(struct chap_parms, secret)                \
	}

struct auth_place auth_place(const struct object *object, int direction)
{
	static const struct auth_place places[KINDS][2] = {
		[KIND_LHBA] = { LHBA_PLACE(auth.chap_name, auth.chap_secret),
				LHBA_PLACE(mutual.name, mutual.secret) },
		[KIND_FOUND] = { CHAP_PLACE(struct found_values, 0),
				 CHAP_PLACE(struct found_values, 1) },
		[KIND_DISCOVERY] = { CHAP_PLACE(struct source_values, 0),
				     CHAP_PLACE(struct source_values, 1) },
	};

	return places[object_kind(object)][direction];
}

static struct auth_chap chap_at(const struct object *object, int direction, bool later)
{
	struct auth_place place = auth_place(object, direction);
	const char *values = values_of(object, later);

	return (struct auth_chap){
		.name = (const struct bytes *)(const void *)(values + place.name),
		.secret = (const struct bytes *)(const void *)(values + place.secret),
	};
}

static bool is_excepted(const struct object *object, bool later)
{
	const void *values = values_of(object, later);

	return object_kind(object) == KIND_FOUND
		       ? ((const struct found_values *)values)->mutual_excepted
		       : ((const struct source_values *)values)->mutual_excepted;
}

struct auth_chap auth_chap_of(const struct lhba *lhba, const struct object *object,
			      int direction, bool later)
{
	struct auth_chap chap = chap_at(object, direction, later);

	if (object == &lhba->object || chap.secret->length)
		return chap;
	if (direction == IMAX_CHAP_TARGET && is_excepted(object, later))
		return chap;
	chap = chap_at(&lhba->object, direction, later);
	chap.inherited = chap.secret->length != 0;
	return chap;
}

/* --- what methods consist of ------------------------------------------------------------ */

#define BYTES(field) ((const struct bytes *)(const void *)&(field))

/* What a method consists of: what must be there, and what the target compares. */
static unsigned int auth_parts(const struct auth_parms *auth, uint32_t method,
			       const struct bytes *parts[2])
{
	switch (method) {
	case IMA_AUTHMETHOD_CHAP:
		parts[0] = BYTES(auth->chap_name);
		parts[1] = BYTES(auth->chap_secret);
		return 2;
	case IMA_AUTHMETHOD_SRP:
		parts[0] = BYTES(auth->srp_user);
		return 1;
	case IMA_AUTHMETHOD_KRB5:
		parts[0] = BYTES(auth->krb5_key);
		return 1;
	case IMA_AUTHMETHOD_SPKM1:
	case IMA_AUTHMETHOD_SPKM2:
		parts[0] = BYTES(auth->spkm[method - IMA_AUTHMETHOD_SPKM1].public_key);
		parts[1] = BYTES(auth->spkm[method - IMA_AUTHMETHOD_SPKM1].private_key);
		return 2;
	default:
		return 0;
	}
}

bool auth_is_set(const struct auth_parms *auth, uint32_t method)
{
	const struct bytes *parts[2];
	unsigned int count = auth_parts(auth, method, parts);

	for (unsigned int i = 0; i < count; i++)
		if (!parts[i]->length)
			return false;
	return true;
}

bool bytes_equal(const struct bytes *a, const struct bytes *b)
{
	return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static bool auth_matches(const struct auth_parms *auth, const struct auth_parms *account,
			 uint32_t method)
{
	const struct bytes *ours[2], *theirs[2];
	unsigned int count = auth_parts(auth, method, ours);

	auth_parts(account, method, theirs);
	/* Of a key pair the other side knows the public key only. */
	if (method >= IMA_AUTHMETHOD_SPKM1)
		count = 1;
	for (unsigned int i = 0; i < count; i++)
		if (!bytes_equal(ours[i], theirs[i]))
			return false;
	return true;
}

bool auth_is_ready(const struct lhba *lhba, const struct object *object, uint32_t method)
{
	struct auth_chap chap;

	if (method != IMA_AUTHMETHOD_CHAP)
		return auth_is_set(&lhba->next.auth, method);
	chap = auth_chap_of(lhba, object, IMAX_CHAP_INITIATOR, true);
	return chap.name->length && chap.secret->length;
}

/* --- logins --------------------------------------------------------------------------- */

/* The first the initiator prefers that the target accepts; -1 if there is none. */
static int choose(const struct methods *offered, const struct methods *accepted)
{
	for (unsigned int i = 0; i < offered->count; i++)
		if (!accepted->count || methods_have(accepted, offered->list[i]))
			return offered->list[i];
	return -1;
}

static const char *prove_target(const struct auth_chap *mutual,
				const struct target *target)
{
	const struct account *prover = (const struct account *)target->now.mutual_account;

	if (!prover)
		return "it does not prove itself with mutual CHAP";
	if (!bytes_equal(mutual->secret, BYTES(prover->now.auth.chap_secret)))
		return "it proves itself with another secret";
	if (mutual->name->length &&
	    !bytes_equal(mutual->name, BYTES(prover->now.auth.chap_name)))
		return "it proves itself with another name";
	return NULL;
}

static const char *login_with_chap(const struct lhba *lhba, const struct object *object,
				   const struct target *target, uint16_t *status)
{
	const struct account *account = (const struct account *)target->now.account;
	struct auth_chap chap = auth_chap_of(lhba, object, IMAX_CHAP_INITIATOR, false);
	struct auth_chap mutual = auth_chap_of(lhba, object, IMAX_CHAP_TARGET, false);

	if (!chap.name->length || !chap.secret->length)
		return "the parameters of the method are not set";
	if (choose(auth_algorithms_of(lhba, object, false),
		   &target->now.chap_algorithms) < 0)
		return "no CHAP algorithm in common";
	if (account && (!bytes_equal(chap.name, BYTES(account->now.auth.chap_name)) ||
			!bytes_equal(chap.secret, BYTES(account->now.auth.chap_secret))))
		return "name, secret or key do not match";
	if (!mutual.secret->length || !lhba->now.mutual_chap)
		return NULL;
	*status = 0;
	return prove_target(&mutual, target);
}

static const char *login_with(const struct lhba *lhba, const struct target *target,
			      uint32_t method)
{
	const struct account *account = (const struct account *)target->now.account;

	if (!auth_is_set(&lhba->now.auth, method))
		return "the parameters of the method are not set";
	if (account && !auth_matches(&lhba->now.auth, &account->now.auth, method))
		return "name, secret or key do not match";
	return NULL;
}

const char *auth_login(const struct lhba *lhba, const struct object *object,
		       const struct target *target, const struct methods *accepted,
		       int *method, uint16_t *status)
{
	*status = STATUS_AUTHENTICATION;
	*method = choose(auth_methods_of(lhba, object, false), accepted);
	if (*method < 0)
		return "no authentication method in common";
	if (*method == IMA_AUTHMETHOD_CHAP)
		return login_with_chap(lhba, object, target, status);
	return login_with(lhba, target, (uint32_t)*method);
}
