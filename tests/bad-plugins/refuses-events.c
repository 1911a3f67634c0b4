// SPDX-License-Identifier: LGPL-2.1-or-later
/* refuses-events.c - wants nothing to do with events. */
#include "bad.h"

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	return IMA_ERROR_NOT_SUPPORTED;
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	return IMA_ERROR_UNKNOWN_ERROR;
}
