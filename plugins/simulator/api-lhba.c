// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-lhba.c - logical HBAs: properties, stale data, authentication.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "api-auth.h"
#include "auth.h"
#include "plugin-support/field.h"
#include "sim.h"
#include "stale.h"

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetLhbaOidList, NO_OID, 0,
		    list_objects(&call.model->roots[KIND_LHBA], NULL, ppList));
}

static IMA_STATUS get_properties(const struct lhba *lhba, IMA_LHBA_PROPERTIES *properties)
{
	memset(properties, 0, sizeof(*properties));
	FIELD_SET_CUT(properties->osDeviceName, lhba->now.os_device_name);
	properties->luExposingSupported = lhba->now.lu_exposing;
	properties->staleDataRemovable = lhba->now.stale_data_removable;
	if (lhba->now.stale_data_removable)
		properties->staleDataSize = lhba->now.stale_data + lhba->stale_bytes;
	properties->initiatorAuthMethodsSettable = lhba->now.auth_methods_settable;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps)
{
	return CALL(IMA_GetLhbaProperties, lhbaOid, LHBA,
		    get_properties((struct lhba *)call.object, pProps));
}

static IMA_STATUS remove_stale_data(struct model *model, struct lhba *lhba)
{
	if (!lhba->now.stale_data_removable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the LHBA cannot remove stale data");
	stale_remove(model, lhba);
	object_store(model, lhba, struct lhba_values, stale_data, 0, false);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	return CALL(IMA_RemoveStaleData, lhbaOid, LHBA,
		    remove_stale_data(call.model, (struct lhba *)call.object));
}

/* --- authentication: methods ----------------------------------------------------------- */

/* What fits; a call without an array asks for the number. */
IMA_STATUS give_methods(const struct methods *methods, IMA_UINT *count,
			IMA_AUTHMETHOD *list)
{
	IMA_UINT room = list ? *count : 0;

	*count = methods->count;
	if (list && room < *count)
		*count = room;
	for (IMA_UINT i = 0; list && i < *count; i++)
		list[i] = (IMA_AUTHMETHOD)methods->list[i];
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS get_supported(const struct lhba *lhba, bool settable, IMA_UINT *count,
				IMA_AUTHMETHOD *list)
{
	const struct methods *supported = methods_or_none(&lhba->now.auth_supported);
	struct methods chosen = { 0 };

	if (!lhba->now.auth_reportable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the LHBA cannot report its methods");
	for (unsigned int i = 0; i < supported->count; i++)
		if (!settable || auth_is_set(&lhba->next.auth, supported->list[i]))
			chosen.list[chosen.count++] = supported->list[i];
	return give_methods(&chosen, count, list);
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	return CALL(IMA_GetSupportedAuthMethods, lhbaOid, LHBA,
		    get_supported((struct lhba *)call.object, getSettableMethods,
				  pMethodCount, pMethodList));
}

static IMA_STATUS get_in_use(const struct lhba *lhba, IMA_UINT *count,
			     IMA_AUTHMETHOD *list)
{
	if (!lhba->now.auth_reportable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the LHBA cannot report its methods");
	return give_methods(methods_or_none(&lhba->now.auth_in_use), count, list);
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	return CALL(IMA_GetInUseInitiatorAuthMethods, lhbaOid, LHBA,
		    get_in_use((struct lhba *)call.object, pMethodCount, pMethodList));
}

IMA_STATUS take_methods(const struct lhba *lhba, const struct object *object,
			IMA_UINT count, const IMA_AUTHMETHOD *list,
			struct methods *methods)
{
	const struct methods *supported = methods_or_none(&lhba->now.auth_supported);

	memset(methods, 0, sizeof(*methods));
	if (!count || count > METHODS_MAX)
		return fails(IMA_ERROR_INVALID_PARAMETER, "%lu methods are not possible",
			     count);
	for (IMA_UINT i = 0; i < count; i++) {
		uint32_t method = (uint32_t)list[i];

		if (!methods_have(supported, method))
			return fails(IMA_ERROR_INVALID_PARAMETER,
				     "method %u is not supported by the LHBA", method);
		if (methods_have(methods, method))
			return fails(IMA_ERROR_INVALID_PARAMETER,
				     "method %u is there twice", method);
		if (!auth_is_ready(lhba, object, method))
			return fails(IMA_ERROR_INVALID_PARAMETER,
				     "the parameters of method %u have not been set",
				     method);
		methods->list[methods->count++] = (uint8_t)method;
	}
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS set_methods(struct model *model, struct lhba *lhba, IMA_UINT count,
			      const IMA_AUTHMETHOD *list)
{
	bool later = lhba->now.reboot & REBOOT_AUTH_METHODS;
	struct methods methods;
	IMA_STATUS status;

	if (!lhba->now.auth_methods_settable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the methods of the LHBA cannot be set");
	status = take_methods(lhba, &lhba->object, count, list, &methods);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	object_store(model, lhba, struct lhba_values, auth_in_use, methods, later);
	return done(later);
}

IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList)
{
	return CALL(IMA_SetInitiatorAuthMethods, lhbaOid, LHBA,
		    set_methods(call.model, (struct lhba *)call.object, methodCount,
				pMethodList));
}

/* --- authentication: parameters --------------------------------------------------------- */

/* Where a byte string is in the structure of the standard and in ours. */
struct auth_part {
	uint32_t method;
	size_t data, size, length; /* in IMA_INITIATOR_AUTHPARMS */
	size_t ours;		   /* in struct auth_parms */
	bool secret;
};
#define PART(method_, member, field, ours_, secret_)                             \
	{                                                                        \
		method_, offsetof(IMA_INITIATOR_AUTHPARMS, member.field),        \
			sizeof(((IMA_INITIATOR_AUTHPARMS *)0)->member.field),    \
			offsetof(IMA_INITIATOR_AUTHPARMS, member.field##Length), \
			offsetof(struct auth_parms, ours_), secret_              \
	}
static const struct auth_part auth_parts[] = {
	PART(IMA_AUTHMETHOD_CHAP, chapParms, name, chap_name, false),
	PART(IMA_AUTHMETHOD_CHAP, chapParms, challengeSecret, chap_secret, true),
	PART(IMA_AUTHMETHOD_SRP, srpParms, userName, srp_user, false),
	PART(IMA_AUTHMETHOD_KRB5, kerberosParms, clientKey, krb5_key, true),
	PART(IMA_AUTHMETHOD_SPKM1, spkmParms, privateKey, spkm[0].private_key, true),
	PART(IMA_AUTHMETHOD_SPKM1, spkmParms, publicKey, spkm[0].public_key, false),
	PART(IMA_AUTHMETHOD_SPKM2, spkmParms, privateKey, spkm[1].private_key, true),
	PART(IMA_AUTHMETHOD_SPKM2, spkmParms, publicKey, spkm[1].public_key, false),
};
#define FOR_PARTS(part, wanted)                                                      \
	for (const struct auth_part *part = auth_parts;                              \
	     part < auth_parts + sizeof(auth_parts) / sizeof(auth_parts[0]); part++) \
		if (part->method == (wanted))

static IMA_UINT *part_length(const struct auth_part *part, void *parms)
{
	return (IMA_UINT *)(void *)((char *)parms + part->length);
}

static struct bytes *part_bytes(const struct auth_part *part, void *auth)
{
	return (struct bytes *)(void *)((char *)auth + part->ours);
}

static IMA_STATUS check_method(const struct lhba *lhba, IMA_AUTHMETHOD method)
{
	const struct methods *supported = methods_or_none(&lhba->now.auth_supported);

	if (supported->count == 1 && supported->list[0] == IMA_AUTHMETHOD_NONE)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the LHBA supports no method with parameters");
	if (method == IMA_AUTHMETHOD_NONE || !methods_have(supported, method))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "method %u is not supported by the LHBA",
			     (unsigned int)method);
	return IMA_STATUS_SUCCESS;
}

/* Whoever may not see a secret gets an empty one. */
static IMA_STATUS get_parms(struct lhba *lhba, IMA_AUTHMETHOD method,
			    IMA_INITIATOR_AUTHPARMS *parms)
{
	IMA_STATUS status = check_method(lhba, method);

	if (status != IMA_STATUS_SUCCESS)
		return status;
	memset(parms, 0, sizeof(*parms));
	if (method == IMA_AUTHMETHOD_CHAP) {
		parms->chapParms.retries = lhba->now.auth.chap_retries;
		parms->chapParms.minValueLength = lhba->now.auth.chap_min;
		parms->chapParms.maxValueLength = lhba->now.auth.chap_max;
	}
	FOR_PARTS(part, (uint32_t)method)
	{
		const struct bytes *bytes = part_bytes(part, &lhba->now.auth);

		if (part->secret && !lhba->now.secrets_readable)
			continue;
		memcpy((char *)parms + part->data, bytes->data, bytes->length);
		*part_length(part, parms) = bytes->length;
	}
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *pParms)
{
	return CALL(IMA_GetInitiatorAuthParms, lhbaOid, LHBA,
		    get_parms((struct lhba *)call.object, method, pParms));
}

static IMA_STATUS take_chap(const IMA_CHAP_INITIATOR_AUTHPARMS *chap,
			    struct auth_parms *auth)
{
	if (chap->minValueLength > chap->maxValueLength ||
	    chap->maxValueLength > UINT32_MAX || chap->retries > UINT32_MAX)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "minValueLength, maxValueLength or retries is out of range");
	auth->chap_retries = chap->retries;
	auth->chap_min = chap->minValueLength;
	auth->chap_max = chap->maxValueLength;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS take_parms(IMA_AUTHMETHOD method, const IMA_INITIATOR_AUTHPARMS *parms,
			     struct auth_parms *auth)
{
	if (method == IMA_AUTHMETHOD_CHAP &&
	    take_chap(&parms->chapParms, auth) != IMA_STATUS_SUCCESS)
		return IMA_ERROR_INVALID_PARAMETER;
	FOR_PARTS(part, (uint32_t)method)
	{
		const char *from = (const char *)parms;
		struct bytes *bytes = part_bytes(part, auth);
		IMA_UINT length;

		memcpy(&length, from + part->length, sizeof(length));
		if (length > part->size)
			return fails(IMA_ERROR_INVALID_PARAMETER,
				     "a length is above the size of its array");
		explicit_bzero(bytes->data, part->size);
		memcpy(bytes->data, from + part->data, length);
		bytes->length = (uint32_t)length;
	}
	return IMA_STATUS_SUCCESS;
}

/* Every row of the tables that lies in the parameters. */
static void store_auth(struct model *model, struct lhba *lhba,
		       const struct auth_parms *auth, bool later)
{
	size_t first = offsetof(struct lhba_values, auth);

	for (unsigned int i = 0; i < lhba->object.kind->n_properties; i++) {
		const struct property *row = &lhba->object.kind->properties[i];

		if (row->offset >= first && row->offset < first + sizeof(*auth))
			object_store_row(model, &lhba->object, row,
					 (const char *)auth + (row->offset - first),
					 later);
	}
}

static IMA_STATUS change_parms(struct model *model, struct lhba *lhba,
			       IMA_AUTHMETHOD method,
			       const IMA_INITIATOR_AUTHPARMS *parms,
			       struct auth_parms *auth)
{
	bool later = lhba->now.reboot & REBOOT_AUTH_PARMS;
	IMA_STATUS status = take_parms(method, parms, auth);

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!auth_is_set(auth, method) && (methods_have(&lhba->now.auth_in_use, method) ||
					   methods_have(&lhba->next.auth_in_use, method)))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the method is in use and cannot be without its parameters");
	if (method == IMA_AUTHMETHOD_CHAP && auth->chap_secret.length &&
	    bytes_equal((struct bytes *)(void *)&auth->chap_secret,
			(struct bytes *)(void *)&lhba->next.mutual.secret))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the secret is that of the other direction, which RFC 7143, "
			     "9.2.1, forbids");
	store_auth(model, lhba, auth, later);
	return done(later);
}

static IMA_STATUS set_parms(struct model *model, struct lhba *lhba, IMA_AUTHMETHOD method,
			    const IMA_INITIATOR_AUTHPARMS *parms)
{
	struct auth_parms *auth;
	IMA_STATUS status;

	if (!lhba->now.auth_parms_settable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the authentication parameters of the LHBA cannot be set");
	status = check_method(lhba, method);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	auth = allocation_fails() ? NULL : malloc(sizeof(*auth));
	if (!auth)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	*auth = lhba->next.auth;
	status = change_parms(model, lhba, method, parms, auth);
	explicit_bzero(auth, sizeof(*auth));
	free(auth);
	return status;
}

IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *pParms)
{
	return CALL(IMA_SetInitiatorAuthParms, lhbaOid, LHBA,
		    set_parms(call.model, (struct lhba *)call.object, method, pParms));
}
