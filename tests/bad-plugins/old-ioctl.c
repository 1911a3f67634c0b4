// SPDX-License-Identifier: LGPL-2.1-or-later
/* old-ioctl.c - knows only the spelling of the 1.1.3 header. */
#include "bad.h"

IMA_STATUS IMA_PluginIOCtl(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer,
			   IMA_UINT inputBufferLength, void *pOutputBuffer,
			   IMA_UINT *pOutputBufferLength)
{
	(void)pluginOid;
	if (inputBufferLength != *pOutputBufferLength)
		return IMA_ERROR_INVALID_PARAMETER;
	memcpy(pOutputBuffer, pInputBuffer, inputBufferLength);
	return command == 7 ? IMA_STATUS_SUCCESS : IMA_ERROR_NOT_SUPPORTED;
}
