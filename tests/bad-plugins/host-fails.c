// SPDX-License-Identifier: LGPL-2.1-or-later
/* host-fails.c - does not like what the library offers. */
#define BAD_LISTS_LHBA
#include "bad.h"

IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost)
{
	(void)pHost;
	return IMA_ERROR_NOT_SUPPORTED;
}
