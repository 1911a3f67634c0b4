// SPDX-License-Identifier: 0BSD
/*
 * Prints what appears, disappears or changes, until its input ends; first it runs a discovery.
 *
 * The callbacks run on a thread of the library, which holds no lock meanwhile: they may call
 * any function, as print() does. stdio does the locking that this program needs.
 */
#include <ima-ext.h>
#include <ima.h>
#include <locale.h>
#include <stdio.h>

/* What people call the object. An object that has gone cannot be asked. */
static void print(const char *what, IMA_OID oid)
{
	static const char *const types[] = {
		[IMA_OBJECT_TYPE_NODE] = "node",
		[IMA_OBJECT_TYPE_LHBA] = "LHBA",
		[IMA_OBJECT_TYPE_TARGET] = "target",
		[IMA_OBJECT_TYPE_LU] = "LU",
		[IMA_OBJECT_TYPE_DISCOVERY_ADDRESS] = "discovery address",
		[IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET] = "static target",
	};
	IMA_TARGET_PROPERTIES target = { .name = L"" };
	IMA_OBJECT_TYPE type = IMA_OBJECT_TYPE_UNKNOWN;
	const char *name = "object";

	IMA_GetObjectType(oid, &type);
	if (type < sizeof(types) / sizeof(types[0]) && types[type])
		name = types[type];
	if (type == IMA_OBJECT_TYPE_TARGET)
		IMA_GetTargetProperties(oid, &target);
	printf("%s: %s %ls\n", what, name, target.name);
	fflush(stdout);
}

static void visibility_changed(IMA_BOOL visible, IMA_OID oid)
{
	print(visible ? "appeared" : "disappeared", oid);
}

static void properties_changed(IMA_OID oid)
{
	print("changed", oid);
}

static void discover(void)
{
	IMA_OID_LIST *lhbas, *targets;

	if (IMA_ERROR(IMA_GetLhbaOidList(&lhbas)))
		return;
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++)
		if (IMA_SUCCESS(IMAX_DiscoverTargets(lhbas->oids[i], &targets)))
			IMA_FreeMemory(targets);
	IMA_FreeMemory(lhbas);
}

int main(void)
{
	setlocale(LC_ALL, "");
	if (IMA_ERROR(IMA_RegisterForObjectVisibilityChanges(visibility_changed)) ||
	    IMA_ERROR(IMA_RegisterForObjectPropertyChanges(properties_changed)))
		return 1;
	discover();
	while (getchar() != EOF)
		;
	IMA_DeregisterForObjectVisibilityChanges(visibility_changed);
	IMA_DeregisterForObjectPropertyChanges(properties_changed);
	return 0;
}
