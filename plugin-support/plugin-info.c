// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/plugin-info.h"

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

#include "config.h"
#include "plugin-support/field.h"
#include "shared/build-time.h"

void plugin_info(IMA_PLUGIN_PROPERTIES *properties)
{
	Dl_info info;

	memset(properties, 0, sizeof(*properties));
	properties->supportedImaVersion = 1;
	FIELD_SET_CUT(properties->vendor, IMA_VENDOR);
	FIELD_SET_CUT(properties->implementationVersion, IMA_VERSION);
	if (dladdr((void *)(uintptr_t)plugin_info, &info))
		FIELD_SET_CUT(properties->fileName, info.dli_fname);
	build_time_set(&properties->buildTime, __DATE__, __TIME__);
	properties->lhbasCanBeCreatedAndDestroyed = IMA_FALSE;
}
