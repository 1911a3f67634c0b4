// SPDX-License-Identifier: LGPL-2.1-or-later
/* foreign-owners.c - lists objects of others, and its own more than once. */
#define BAD_FREES
#include "bad.h"

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_LHBA, 9);
	(*ppList)->oids[0].ownerId = 0;
	(*ppList)->oids[1].ownerId = owner + 1;
	(*ppList)->oids[2].ownerId = 0xffffffffU;
	(*ppList)->oids[5] = (*ppList)->oids[3];
	(*ppList)->oids[8] = (*ppList)->oids[4];
	return IMA_STATUS_SUCCESS;
}
