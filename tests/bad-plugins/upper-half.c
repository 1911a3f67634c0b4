// SPDX-License-Identifier: LGPL-2.1-or-later
/* upper-half.c - leaves rubbish above the 32 bits of a status. */
#define BAD_FREES
#include "bad.h"

#define RUBBISH 0xdeadbeef00000000UL

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_LHBA, 1);
	return IMA_STATUS_SUCCESS | RUBBISH;
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_TARGET, 1);
	return oid.objectSequenceNumber | RUBBISH;
}

/* The number of the object is the status. */
IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	return luOid.objectSequenceNumber | RUBBISH;
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	(void)lhbaOid;
	*pMethodList = IMA_AUTHMETHOD_CHAP;
	*pMethodCount = 1;
	return IMA_STATUS_SUCCESS | RUBBISH;
}

IMA_STATUS IMA_LuReadCapacity(IMA_OID deviceOid, IMA_UINT cdbLength,
			      IMA_BYTE *pOutputBuffer, IMA_UINT *pOutputBufferLength,
			      IMA_BYTE *pSenseBuffer, IMA_UINT *pSenseBufferLength)
{
	(void)deviceOid;
	(void)cdbLength;
	(void)pSenseBuffer;
	(void)pSenseBufferLength;
	*pOutputBuffer = 1;
	*pOutputBufferLength = 1;
	return IMA_STATUS_SUCCESS | RUBBISH;
}

IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName)
{
	(void)nodeOid;
	(void)newName;
	return IMA_STATUS_REBOOT_NECESSARY | RUBBISH;
}
