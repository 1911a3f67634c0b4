// SPDX-License-Identifier: LGPL-2.1-or-later
/* greedy.c - writes all it has, whatever room there is. */
#include "bad.h"

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	IMA_UINT count = lhbaOid.objectSequenceNumber;

	for (IMA_UINT i = 0; i < count && i < 16; i++)
		pMethodList[i] = (IMA_AUTHMETHOD)(i % 6);
	*pMethodCount = count;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	(void)getSettableMethods;
	return IMA_GetInUseInitiatorAuthMethods(lhbaOid, pMethodCount, pMethodList);
}

/* The number of the object is the status; the lengths are beyond any buffer. */
IMA_STATUS IMA_LuInquiry(IMA_OID deviceOid, IMA_BOOL evpd, IMA_BOOL cmddt,
			 IMA_BYTE pageCode, IMA_BYTE *pOutputBuffer,
			 IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			 IMA_UINT *pSenseBufferLength)
{
	(void)evpd;
	(void)cmddt;
	(void)pageCode;
	(void)pOutputBuffer;
	(void)pSenseBuffer;
	*pOutputBufferLength = 1000000;
	if (pSenseBufferLength)
		*pSenseBufferLength = 1000000;
	return deviceOid.objectSequenceNumber;
}
