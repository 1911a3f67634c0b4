/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* build-time.h - when a file was compiled; SOURCE_DATE_EPOCH makes it reproducible. */
#ifndef SHARED_BUILD_TIME_H
#define SHARED_BUILD_TIME_H

#include <time.h>

/**
 * build_time_set - local time from __DATE__ ("Mmm dd yyyy") and __TIME__ ("hh:mm:ss") of the caller
 * @time: all zero before; its tm_zone stays NULL, since that would point into this process
 */
void build_time_set(struct tm *time, const char *date, const char *clock);

#endif
