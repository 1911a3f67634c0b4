/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * configuration.h - which plugins to load: ima.conf and the files in ima.conf.d.
 *
 * One plugin per line: a name, spaces or tabs, and the absolute path of a shared object, which
 * may hold blanks. Blanks at both ends of a line, and a carriage return, do not count. Lines that
 * are empty or begin with # are skipped.
 *
 *     # comment
 *     org.libima.user		/usr/lib/ima/ima-user.so
 *
 * What stands in place of the path is a setting if it does not begin with a slash; libraries that
 * know plugins only skip such a line, for it names no file:
 *
 *     deadline-ms		30000
 *
 * deadline-ms: how long calls may take if the program says nothing else, 1 to 3600000, 15000
 * without it; the last one counts.
 *
 * A line is at most 8191 bytes long, a name 127, a path 4095. A line that is wrong is reported in
 * the log with file and line number, and skipped; so is a name that stands there a second time.
 */
#ifndef LIB_CONFIGURATION_H
#define LIB_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#define CONFIGURATION_LINE_MAX 8191
#define CONFIGURATION_NAME_MAX 127
#define CONFIGURATION_PATH_MAX 4095

#define DEADLINE_DEFAULT       15000

struct configuration {
	struct configured_plugin {
		char *name, *path;
	} * plugins;
	size_t count, room;
	uint32_t deadline; /* in milliseconds */
};

void configuration_init(struct configuration *configuration);
void configuration_free(struct configuration *configuration);

/*
 * Adds what a text says; origin is the name of the file for messages. 0 or -ENOMEM: nothing
 * that stands in a text is an error.
 */
int configuration_parse(struct configuration *configuration, const char *text,
			size_t size, const char *origin);

/*
 * Adds the file at path and then those of its drop-in folder, path.d with the files named
 * *.conf, in the order of strcmp. Files that do not exist are not missed, files that cannot be
 * trusted are not read. 0 or -ENOMEM.
 */
int configuration_load(struct configuration *configuration, const char *path);

/* The path of the main file: IMA_CONFIG if that counts in this process, or the built-in one. */
const char *configuration_path(void);

#endif
