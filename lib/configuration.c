// SPDX-License-Identifier: LGPL-2.1-or-later
#include "configuration.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "log.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "trust.h"

/* Much more than anybody writes. */
#define FILE_MAX (1024 * 1024)

void configuration_init(struct configuration *configuration)
{
	memset(configuration, 0, sizeof(*configuration));
	configuration->deadline = DEADLINE_DEFAULT;
}

void configuration_free(struct configuration *configuration)
{
	for (size_t i = 0; i < configuration->count; i++) {
		free(configuration->plugins[i].name);
		free(configuration->plugins[i].path);
	}
	free(configuration->plugins);
	configuration_init(configuration);
}

static bool has_name(const struct configuration *configuration, const char *name)
{
	for (size_t i = 0; i < configuration->count; i++)
		if (!strcmp(configuration->plugins[i].name, name))
			return true;
	return false;
}

static int reserve_one(struct configuration *configuration)
{
	size_t room = configuration->room ? 2 * configuration->room : 8;
	struct configured_plugin *plugins;

	if (configuration->count < configuration->room)
		return 0;
	plugins = realloc(configuration->plugins, room * sizeof(*plugins));
	if (!plugins)
		return -ENOMEM;
	configuration->plugins = plugins;
	configuration->room = room;
	return 0;
}

static int add_plugin(struct configuration *configuration, const char *name,
		      const char *path)
{
	char _cleanup_free_ *own_name = strdup(name);
	char _cleanup_free_ *own_path = strdup(path);
	struct configured_plugin *plugin;

	if (!own_name || !own_path || reserve_one(configuration))
		return -ENOMEM;
	plugin = &configuration->plugins[configuration->count++];
	plugin->name = steal(own_name);
	plugin->path = steal(own_path);
	return 0;
}

/* NULL, or what is wrong with a setting. */
static const char *apply_setting(struct configuration *configuration, const char *name,
				 const char *value)
{
	uint64_t number;

	if (strcmp(name, "deadline-ms"))
		return "is neither a plugin with an absolute path nor a known setting";
	if (number_parse(value, 1, IMAX_DEADLINE_MAX, &number))
		return "needs a number from 1 to 3600000";
	configuration->deadline = (uint32_t)number;
	return NULL;
}

/* NULL, or what is wrong with the pair of a line. *err: -ENOMEM. */
static const char *apply_pair(struct configuration *configuration, const char *name,
			      const char *value, int *err)
{
	if (strlen(name) > CONFIGURATION_NAME_MAX)
		return "has a name of more than 127 bytes";
	if (value[0] != '/')
		return apply_setting(configuration, name, value);
	if (strlen(value) > CONFIGURATION_PATH_MAX)
		return "has a path of more than 4095 bytes";
	if (has_name(configuration, name))
		return "is a second plugin of this name";
	*err = add_plugin(configuration, name, value);
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void trim_end(char *line, size_t length)
{
	while (length && (is_blank(line[length - 1]) || line[length - 1] == '\r'))
		length--;
	line[length] = 0;
}

/* NULL, or what is wrong with a line, which is written to. */
static const char *apply_line(struct configuration *configuration, char *line, int *err)
{
	size_t length;

	while (is_blank(*line))
		line++;
	if (!*line || *line == '#')
		return NULL;
	length = strcspn(line, " \t");
	if (!line[length])
		return "has no path";
	line[length++] = 0;
	while (is_blank(line[length]))
		length++;
	return apply_pair(configuration, line, line + length, err);
}

static const char *parse_line(struct configuration *configuration, const char *text,
			      size_t length, int *err)
{
	char line[CONFIGURATION_LINE_MAX + 1];

	if (length > CONFIGURATION_LINE_MAX)
		return "is longer than 8191 bytes";
	if (memchr(text, 0, length))
		return "holds a zero byte";
	memcpy(line, text, length);
	trim_end(line, length);
	return apply_line(configuration, line, err);
}

int configuration_parse(struct configuration *configuration, const char *text,
			size_t size, const char *origin)
{
	unsigned number = 1;
	int err = 0;

	for (size_t at = 0; !err && at < size; number++) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - text) - at : size - at;
		const char *wrong = parse_line(configuration, text + at, length, &err);

		if (wrong)
			log_warning("%s:%u: this line is skipped, it %s", origin, number,
				    wrong);
		at += length + 1;
	}
	return err;
}

static int load_file(struct configuration *configuration, const char *path)
{
	char _cleanup_free_ *text = NULL;
	char real[PATH_MAX];
	const char *why;
	size_t size;
	int err = trust_check(path, real, &why);

	if (err == -ENOENT) {
		log_info("there is no configuration file %s", path);
		return 0;
	}
	if (err) {
		log_warning("%s is not read: the file or a folder above it %s", path,
			    why);
		return 0;
	}
	err = atomic_file_read(real, FILE_MAX, &text, &size);
	if (err) {
		log_warning("%s cannot be read: %s", path, strerror(-err));
		return err == -ENOMEM ? err : 0;
	}
	return configuration_parse(configuration, text, size, path);
}

static int is_drop_in(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

/* Not alphasort: that one follows the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_folder(struct configuration *configuration, const char *folder)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int err = 0;
	int count = scandir(folder, &entries, is_drop_in, by_bytes);

	if (count < 0)
		return errno == ENOMEM ? -ENOMEM : 0;
	for (int i = 0; i < count; i++) {
		if (!err && snprintf(path, sizeof(path), "%s/%s", folder,
				     entries[i]->d_name) < (int)sizeof(path))
			err = load_file(configuration, path);
		free(entries[i]);
	}
	free(entries);
	return err;
}

int configuration_load(struct configuration *configuration, const char *path)
{
	char folder[PATH_MAX];
	int err = load_file(configuration, path);

	if (err || snprintf(folder, sizeof(folder), "%s.d", path) >= (int)sizeof(folder))
		return err;
	return load_folder(configuration, folder);
}

const char *configuration_path(void)
{
	const char *chosen = secure_getenv("IMA_CONFIG");

	return chosen && *chosen ? chosen : IMA_CONFIG_FILE;
}
