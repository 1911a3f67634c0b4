// SPDX-License-Identifier: LGPL-2.1-or-later
/* unresolved.c - needs a function that nobody has. */
#include "bad.h"

int nobody_has_this(void);

IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	return luOid.objectSequenceNumber + (IMA_UINT)nobody_has_this();
}
