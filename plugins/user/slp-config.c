// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slp-config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "discovery-protocols/slp.h"
#include "failure.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/number.h"

#define FILE_NAME "/etc/slp.conf"
#define FILE_MAX  (1U << 20)
#define MS	  1000000ULL /* nanoseconds */

static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		*--end = 0;
	return text;
}

/* Calls a function for each part of a list with commas; the first error ends it. */
static int each(char *list, int (*take)(struct slp_config *config, const char *part),
		struct slp_config *config)
{
	int err = 0;

	for (char *part; !err && (part = strsep(&list, ","));)
		if (*(part = trim(part)))
			err = take(config, part);
	return err;
}

static int take_agent(struct slp_config *config, const char *part)
{
	if (config->agent_count == SLP_AGENTS_MAX)
		return -E2BIG;
	if (address_parse(part, config->port, &config->agents[config->agent_count]))
		return -EINVAL;
	config->agent_count++;
	return 0;
}

static int set_agents(struct slp_config *config, char *value)
{
	config->agent_count = 0;
	return each(value, take_agent, config);
}

static int take_interface(struct slp_config *config, const char *part)
{
	if (config->interface_count == SLP_INTERFACES_MAX)
		return -E2BIG;
	if (inet_pton(AF_INET, part, &config->interfaces[config->interface_count]) != 1)
		return -EINVAL;
	config->interface_count++;
	return 0;
}

static int set_interfaces(struct slp_config *config, char *value)
{
	config->interface_count = 0;
	return each(value, take_interface, config);
}

static int set_scopes(struct slp_config *config, char *value)
{
	if (!*value || strlen(value) >= sizeof(config->scopes))
		return -EINVAL;
	snprintf(config->scopes, sizeof(config->scopes), "%s", value);
	return 0;
}

static int set_ttl(struct slp_config *config, char *value)
{
	uint64_t number;
	int err = number_parse(value, 1, 255, &number);

	if (!err)
		config->ttl = (uint8_t)number;
	return err;
}

static int set_port(struct slp_config *config, char *value)
{
	uint64_t number;
	int err = number_parse(value, 1, UINT16_MAX, &number);

	if (!err)
		config->port = (uint16_t)number;
	return err;
}

static int set_times(struct slp_times *times, char *value)
{
	struct slp_times read = { .count = 0 };
	uint64_t number;

	for (char *part; (part = strsep(&value, ","));) {
		if (read.count == SLP_TIMEOUTS_MAX)
			return -E2BIG;
		if (number_parse(trim(part), 1, 60000, &number))
			return -EINVAL;
		read.after[read.count++] = number * MS;
	}
	*times = read;
	return 0;
}

static int set_multicast(struct slp_config *config, char *value)
{
	return set_times(&config->multicast, value);
}

static int set_directory(struct slp_config *config, char *value)
{
	return set_times(&config->directory, value);
}

static int set_datagram(struct slp_config *config, char *value)
{
	return set_times(&config->datagram, value);
}

/* The port is OpenSLP's; agents without a port take it, so it comes first. */
static const struct property {
	const char *name;
	int (*set)(struct slp_config *config, char *value);
} properties[] = {
	{ "net.slp.port", set_port },
	{ "net.slp.DAAddresses", set_agents },
	{ "net.slp.interfaces", set_interfaces },
	{ "net.slp.useScopes", set_scopes },
	{ "net.slp.multicastTTL", set_ttl },
	{ "net.slp.multicastTimeouts", set_multicast },
	{ "net.slp.DADiscoveryTimeouts", set_directory },
	{ "net.slp.datagramTimeouts", set_datagram },
};

void slp_config_default(struct slp_config *config)
{
	*config = (struct slp_config){
		.scopes = "DEFAULT",
		.ttl = 255,
		.port = SLP_PORT,
		.multicast = { { 250 * MS, 500 * MS, 1000 * MS }, 3 },
		.directory = { { 250 * MS, 500 * MS }, 2 },
		.datagram = { { 500 * MS, 1000 * MS, 2000 * MS, 4000 * MS }, 4 },
	};
}

/* A line "name = value" of this property; comments begin with # or ;. */
static int take_line(struct slp_config *config, const struct property *property,
		     char *line)
{
	char *name = trim(line), *value = strchr(name, '=');

	if (!value || *name == '#' || *name == ';')
		return 0;
	*value++ = 0;
	if (strcasecmp(trim(name), property->name) != 0)
		return 0;
	return property->set(config, trim(value)) ? -EINVAL : 0;
}

/* Once for each property, so that their order in the file does not matter. */
int slp_config_parse(struct slp_config *config, const char *text, const char **wrong)
{
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++) {
		char _cleanup_free_ *copy = strdup(text);
		char *rest = copy;

		if (!copy)
			return -ENOMEM;
		for (char *line; (line = strsep(&rest, "\n"));)
			if (take_line(config, &properties[i], line)) {
				*wrong = properties[i].name;
				return -EINVAL;
			}
	}
	return 0;
}

bool slp_config_read(struct slp_config *config, struct iscsi_error *error)
{
	const char *path = secure_getenv("IMA_SLP_CONFIG"), *wrong = "";
	char _cleanup_free_ *text = NULL;
	size_t size;
	int err;

	slp_config_default(config);
	path = path ? path : FILE_NAME;
	err = atomic_file_read(path, FILE_MAX, &text, &size);
	if (err == -ENOENT && !strcmp(path, FILE_NAME))
		return true;
	if (err) {
		failure_set(error, ISCSI_FAILED_LOCAL, err,
			    "the SLP configuration %s cannot be read: %s", path,
			    strerror(-err));
		return false;
	}
	err = slp_config_parse(config, text, &wrong);
	if (err)
		failure_set(error, ISCSI_FAILED_LOCAL, err,
			    "the SLP configuration %s has no valid value for %s", path,
			    wrong);
	return !err;
}
