// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * library.c - calls the library answers without asking a plugin.
 */
#include "api.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "config.h"
#include "shared/build-time.h"
#include "shared/cleanup.h"
#include "shared/node-name.h"
#include "shared/utf8.h"
#include "status.h"

IMA_STATUS IMA_GenerateNodeName(IMA_NODE_NAME generatedName)
{
	char name[ISCSI_NAME_MAX + 1];
	int err;

	if (!generatedName)
		return call_refuse(__func__, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the name is NULL");
	err = node_name_generate(NULL, name);
	if (err)
		return call_refuse(__func__, NULL, status_from_errno(err),
				   "nothing identifies this system");
	utf8_to_wide(name, generatedName, IMA_NODE_NAME_LEN);
	return IMA_STATUS_SUCCESS;
}

/* The file this code was loaded from, empty if that is not known. */
static const char *own_file(void)
{
	Dl_info info;

	return dladdr(&own_file, &info) && info.dli_fname ? info.dli_fname : "";
}

IMA_STATUS IMA_GetLibraryProperties(IMA_LIBRARY_PROPERTIES *pProps)
{
	char file[4096];

	if (!pProps)
		return call_refuse(__func__, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the properties is NULL");
	memset(pProps, 0, sizeof(*pProps));
	pProps->supportedImaVersion = 1;
	utf8_to_wide_lossy(IMA_VENDOR, pProps->vendor, ARRAY_SIZE(pProps->vendor));
	utf8_to_wide_lossy(IMA_VERSION, pProps->implementationVersion,
			   ARRAY_SIZE(pProps->implementationVersion));
	utf8_to_wide_lossy(realpath(own_file(), file) ? file : own_file(),
			   pProps->fileName, ARRAY_SIZE(pProps->fileName));
	build_time_set(&pProps->buildTime, __DATE__, __TIME__);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetSharedNodeOid(IMA_OID *pSharedNodeOid)
{
	static const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	if (!pSharedNodeOid)
		return call_refuse(__func__, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the object id is NULL");
	*pSharedNodeOid = shared;
	return IMA_STATUS_SUCCESS;
}

/* The checks for an object of any type of which only the owner counts. */
static IMA_STATUS check_owner(struct call *call)
{
	unsigned type = (unsigned)call->object.objectType;

	if (type >= 32 || !((unsigned)ANY_TYPE >> type & 1))
		return IMA_ERROR_INVALID_OBJECT_TYPE;
	if (call->object.ownerId &&
	    !registry_plugin(registry_get(), call->object.ownerId))
		return IMA_ERROR_OBJECT_NOT_FOUND;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetObjectType(IMA_OID oid, IMA_OBJECT_TYPE *pObjectType)
{
	struct call call;
	IMA_STATUS status;

	if (!pObjectType)
		return call_refuse(__func__, &oid, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the type is NULL");
	call_begin(&call, __func__, &oid);
	status = check_owner(&call);
	if (!status)
		*pObjectType = oid.objectType;
	return call_end(&call, status);
}

IMA_STATUS IMA_GetAssociatedPluginOid(IMA_OID oid, IMA_OID *pPluginOid)
{
	struct call call;
	IMA_STATUS status;

	if (!pPluginOid)
		return call_refuse(__func__, &oid, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the object id is NULL");
	call_begin(&call, __func__, &oid);
	status = check_owner(&call);
	if (!status && !oid.ownerId) {
		call.why = "the library owns the object, no plugin";
		status = IMA_ERROR_INVALID_PARAMETER;
	}
	if (!status) {
		IMA_OID plugin = { IMA_OBJECT_TYPE_PLUGIN, oid.ownerId, 0 };

		*pPluginOid = plugin;
	}
	return call_end(&call, status);
}
