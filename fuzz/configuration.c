// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * configuration.c - ima.conf with any content: every plugin it yields has a name and an absolute
 * path within the limits, once; the deadline stays in its range.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "lib/api.h"
#include "lib/configuration.h"

static void check_plugin(const struct configuration *found, size_t i)
{
	const struct configured_plugin *plugin = &found->plugins[i];

	CHECK(*plugin->name && *plugin->name != '#');
	CHECK(strlen(plugin->name) <= CONFIGURATION_NAME_MAX);
	CHECK(!strpbrk(plugin->name, " \t\n"));
	CHECK(plugin->path[0] == '/' && strlen(plugin->path) <= CONFIGURATION_PATH_MAX);
	CHECK(!strchr(plugin->path, '\n') &&
	      !strchr(" \t\r", plugin->path[strlen(plugin->path) - 1]));
	for (size_t j = 0; j < i; j++)
		CHECK(strcmp(found->plugins[j].name, plugin->name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct configuration found;

	configuration_init(&found);
	CHECK(!configuration_parse(&found, (const char *)data, size, "fuzz"));
	CHECK(found.deadline >= 1 && found.deadline <= IMAX_DEADLINE_MAX);
	for (size_t i = 0; i < found.count; i++)
		check_plugin(&found, i);
	configuration_free(&found);
	return 0;
}
