// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/build-time.h"

#include <stdlib.h>
#include <string.h>

void build_time_set(struct tm *time, const char *date, const char *clock)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = { date[0], date[1], date[2], 0 };

	time->tm_mon = (int)(strstr(months, month) - months) / 3;
	time->tm_mday = (int)strtol(date + 4, NULL, 10);
	time->tm_year = (int)strtol(date + 7, NULL, 10) - 1900;
	time->tm_hour = (int)strtol(clock, NULL, 10);
	time->tm_min = (int)strtol(clock + 3, NULL, 10);
	time->tm_sec = (int)strtol(clock + 6, NULL, 10);
	time->tm_isdst = -1;
	mktime(time);
	time->tm_zone = NULL;
}
