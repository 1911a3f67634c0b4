// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lhba.c - the one logical HBA. It is no device of the operating system, so it has no name there.
 */
#include <string.h>

#include "auth.h"
#include "user.h"

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	return status_from_errno(oid_list_one(user.lhba->oid, ppList));
}

static int take_size(const struct store_row *row, void *size)
{
	*(IMA_UINT *)size = (IMA_UINT)store_integer(row, 0, 0);
	return 0;
}

static IMA_STATUS get_stale_size(IMA_OID oid, IMA_UINT *size)
{
	VISIT visit = visit_begin();
	int err;

	if (visit.status)
		return visit.status;
	if (!is_lhba(oid))
		return not_found(oid);
	*size = 0;
	if (user.is_absent)
		return IMA_STATUS_SUCCESS;
	err = store_select(user.store, STORE_STALE_SIZE, take_size, size, "");
	return err ? visit_fail(err) : IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps)
{
	IMA_UINT stale;
	IMA_STATUS status = get_stale_size(lhbaOid, &stale);

	if (status)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->staleDataRemovable = IMA_TRUE;
	pProps->staleDataSize = stale;
	pProps->initiatorAuthMethodsSettable = IMA_TRUE;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	IMA_UINT stale;
	IMA_STATUS status = get_stale_size(lhbaOid, &stale);
	int err;

	if (status || !stale)
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	err = store_run(user.store, STORE_REMOVE_STALE, "");
	if (err)
		return visit_fail(err);
	auth_forget_lost();
	return visit_commit(&visit, true);
}

IMA_STATUS IMA_GetIpsecProperties(IMA_OID oid, IMA_IPSEC_PROPERTIES *pProps)
{
	if (!is_lhba(oid))
		return not_found(oid);
	/* IPsec, if any, is the kernel's and is not used or seen here. */
	memset(pProps, 0, sizeof(*pProps));
	return IMA_STATUS_SUCCESS;
}
