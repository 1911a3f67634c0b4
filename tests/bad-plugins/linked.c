// SPDX-License-Identifier: LGPL-2.1-or-later
/* linked.c - is linked with libima, so that every name it lacks is found there. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

int bad_control(int what)
{
	IMA_OID oid;

	(void)what;
	return (int)IMA_GetSharedNodeOid(&oid);
}
