// SPDX-License-Identifier: LGPL-2.1-or-later
/* initialize-fails.c - says that it cannot work. */
#define BAD_NO_INITIALIZE
#define BAD_LISTS_LHBA
#include "bad.h"

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	return IMA_ERROR_UNEXPECTED_OS_ERROR;
}
