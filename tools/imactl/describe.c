// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * describe.c - what people call an object, whatever it is.
 */
#include "find.h"

#include <string.h>

#include "address.h"
#include "doc.h"
#include "lun.h"

static char *describe_target(struct context *c, IMA_OID oid)
{
	IMA_TARGET_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetTargetProperties, oid, &props)))
		return NULL;
	return text_of_wide(props.name, IMA_NODE_NAME_LEN);
}

static char *describe_lu(struct context *c, IMA_OID oid)
{
	_cleanup_free_ char *target = NULL, *lun = NULL;
	IMA_LU_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetLuProperties, oid, &props)))
		return NULL;
	target = describe_target(c, props.associatedTargetOid);
	lun = lun_text(props.targetLun);
	return text_format("%s LUN %s", target ? target : "?", lun);
}

static char *describe_address(struct context *c, IMA_OID oid)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetDiscoveryAddressProperties, oid, &props)))
		return NULL;
	return address_text(&props.discoveryAddress);
}

static char *describe_static(struct context *c, IMA_OID oid)
{
	_cleanup_free_ char *name = NULL, *address = NULL;
	IMA_STATIC_DISCOVERY_TARGET_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetStaticDiscoveryTargetProperties, oid, &props)))
		return NULL;
	name = text_of_wide(props.staticTarget.targetName, IMA_NODE_NAME_LEN);
	address = address_text(&props.staticTarget.targetAddress);
	return text_format("%s at %s", name, address);
}

static char *describe_node(struct context *c, IMA_OID oid)
{
	IMA_NODE_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetNodeProperties, oid, &props)))
		return NULL;
	return text_of_wide(props.name, IMA_NODE_NAME_LEN);
}

static char *listed_name(struct context *c, IMA_OID oid)
{
	const struct objects *all;

	if (objects_get(c, oid.objectType, &all)) {
		c->failure.exit = EXIT_DONE;
		return NULL;
	}
	for (size_t i = 0; i < all->count; i++)
		if (oid_equal(all->list[i].oid, oid))
			return text_format("%s", all->list[i].name);
	return NULL;
}

/* The name of an object that has a number; one that is new is found by listing again. */
static char *describe_listed(struct context *c, IMA_OID oid)
{
	char *name = listed_name(c, oid);

	if (name)
		return name;
	objects_forget(c, oid.objectType);
	return listed_name(c, oid);
}

static char *(*const describers[])(struct context *c, IMA_OID oid) = {
	[IMA_OBJECT_TYPE_PLUGIN] = describe_listed,
	[IMA_OBJECT_TYPE_NODE] = describe_node,
	[IMA_OBJECT_TYPE_LHBA] = describe_listed,
	[IMA_OBJECT_TYPE_PHBA] = describe_listed,
	[IMA_OBJECT_TYPE_NETWORK_PORTAL] = describe_listed,
	[IMA_OBJECT_TYPE_LNP] = describe_listed,
	[IMA_OBJECT_TYPE_PNP] = describe_listed,
	[IMA_OBJECT_TYPE_TARGET] = describe_target,
	[IMA_OBJECT_TYPE_LU] = describe_lu,
	[IMA_OBJECT_TYPE_DISCOVERY_ADDRESS] = describe_address,
	[IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET] = describe_static,
};

char *object_describe(struct context *c, IMA_OID oid)
{
	if ((size_t)oid.objectType >= ARRAY_SIZE(describers) ||
	    !describers[oid.objectType])
		return NULL;
	return describers[oid.objectType](c, oid);
}
