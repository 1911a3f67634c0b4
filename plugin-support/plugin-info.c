// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/plugin-info.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "plugin-support/field.h"

/* When this file was compiled; SOURCE_DATE_EPOCH makes it reproducible. */
static void set_build_time(struct tm *time)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char date[] = __DATE__;  /* Mmm dd yyyy */
	static const char clock[] = __TIME__; /* hh:mm:ss */
	char month[4] = { date[0], date[1], date[2], 0 };

	time->tm_mon = (int)(strstr(months, month) - months) / 3;
	time->tm_mday = (int)strtol(date + 4, NULL, 10);
	time->tm_year = (int)strtol(date + 7, NULL, 10) - 1900;
	time->tm_hour = (int)strtol(clock, NULL, 10);
	time->tm_min = (int)strtol(clock + 3, NULL, 10);
	time->tm_sec = (int)strtol(clock + 6, NULL, 10);
	time->tm_isdst = -1;
	mktime(time);
	time->tm_zone = NULL; /* points into this process */
}

void plugin_info(IMA_PLUGIN_PROPERTIES *properties)
{
	Dl_info info;

	memset(properties, 0, sizeof(*properties));
	properties->supportedImaVersion = 1;
	FIELD_SET_CUT(properties->vendor, IMA_VENDOR);
	FIELD_SET_CUT(properties->implementationVersion, IMA_VERSION);
	if (dladdr((void *)(uintptr_t)plugin_info, &info))
		FIELD_SET_CUT(properties->fileName, info.dli_fname);
	set_build_time(&properties->buildTime);
	properties->lhbasCanBeCreatedAndDestroyed = IMA_FALSE;
}
