// SPDX-License-Identifier: 0BSD
// Prints the name of every target of every initiator of this machine.
#include <ima.h>
#include <locale.h>
#include <stdio.h>

int main(void)
{
	IMA_OID_LIST *lhbas, *list;
	IMA_TARGET_PROPERTIES props;

	setlocale(LC_ALL, "");
	if (IMA_ERROR(IMA_GetLhbaOidList(&lhbas)))
		return 1;
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++) {
		if (IMA_ERROR(IMA_GetTargetOidList(lhbas->oids[i], &list)))
			continue;
		for (IMA_UINT j = 0; j < list->oidCount; j++)
			if (IMA_SUCCESS(IMA_GetTargetProperties(list->oids[j], &props)))
				printf("%ls\n", props.name);
		IMA_FreeMemory(list);
	}
	IMA_FreeMemory(lhbas);
	return 0;
}
