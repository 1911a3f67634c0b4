/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - messages for people who look for a fault: why a plugin was not loaded and the like.
 *
 * Silent unless IMA_DEBUG is set (and the process is not privileged): to a level, one of error,
 * warning, info, debug or 3, 4, 6, 7; anything else means debug. Then to stderr.
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdbool.h>

#include "api.h"

/* Whether a message of a plugin at this level would be heard. */
bool log_wants(IMAX_LOG_LEVEL level);

/* One line; subject, which may be NULL, says whose message it is. */
void log_line(IMAX_LOG_LEVEL level, const char *subject, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Until log_collect_end, warnings of the library and errors of plugins are kept as well, shown
 * or not, whichever thread they come from. The end returns them, one a line, to be freed; NULL
 * if there are none.
 */
void log_collect_begin(void);
char *log_collect_end(void);

#define log_warning(...) log_line(IMAX_LOG_WARNING, NULL, __VA_ARGS__)
#define log_info(...)	 log_line(IMAX_LOG_INFO, NULL, __VA_ARGS__)

#endif
