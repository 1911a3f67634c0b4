// SPDX-License-Identifier: LGPL-2.1-or-later
/* no-initialize.c - cannot know its owner id: lists objects of owner 0. */
#define BAD_NO_INITIALIZE
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

IMA_STATUS IMA_GetPluginProperties(IMA_OID pluginOid, IMA_PLUGIN_PROPERTIES *pProps)
{
	memset(pProps, 0, sizeof(*pProps));
	pProps->supportedImaVersion = pluginOid.ownerId;
	return IMA_STATUS_SUCCESS;
}
