// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ima-conform - holds a plugin of libima to ISO/IEC 11989, function by function.
 *
 * The plugin is loaded through libima, by a private configuration that names nothing else,
 * and everything is seen from the outside, as a client sees it.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "config.h"
#include "report.h"
#include "settings.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "shared/utf8.h"

enum { EXIT_CONFORMS = 0, EXIT_FAILS = 1, EXIT_USAGE = 2, EXIT_NO_PLUGIN = 3 };

static const char help[] =
	"Usage: ima-conform [options] PLUGIN.so\n"
	"       ima-conform [options] --all\n"
	"\n"
	"Loads a plugin through libima and checks every rule of ISO/IEC 11989 that can "
	"be\n"
	"checked from outside, on every kind of object the plugin shows.\n"
	"\n"
	"  --all             check every plugin of the configuration (ima.conf)\n"
	"  --destructive     also change settings, and put them back\n"
	"  --json            one JSON document, schema ima-conform/report/1\n"
	"  --tap             a TAP line for every rule of every function\n"
	"  --html            a page for people\n"
	"  --objects N       look at N objects of each type closely (default 16)\n"
	"  --image FILE      an image that the physical HBAs take (firmware, option "
	"ROM)\n"
	"  --timeout SECONDS deadline of each call (default 15)\n"
	"  --rules           list the rules and stop\n"
	"  --settings        print the settings that last, a line each, and stop\n"
	"  --help, --version\n"
	"\n"
	"Exit status: 0 no rule fails, 1 a rule fails, 2 usage, 3 the plugin cannot be "
	"loaded.\n"
	"\n"
	"Examples:\n"
	"  ima-conform /usr/lib/ima/ima-user.so\n"
	"  IMA_STATE_DIR=/tmp/state ima-conform --destructive --json ./my-plugin.so\n";

struct command {
	struct options options;
	report_format format;
	bool all, settings;
	const char *plugin;
};

/* --- The configuration that names the plugin under test --- */

static char directory[PATH_MAX], config[PATH_MAX + 16];

static int make_config(const char *plugin)
{
	_cleanup_free_ char *path = realpath(plugin, NULL);
	const char *tmp = secure_getenv("TMPDIR");
	_cleanup_fclose_ FILE *file = NULL;

	if (!path)
		return -errno;
	snprintf(directory, sizeof(directory), "%s/ima-conform.XXXXXX",
		 tmp ? tmp : "/tmp");
	if (!mkdtemp(directory))
		return -errno;
	snprintf(config, sizeof(config), "%s/ima.conf", directory);
	file = fopen(config, "wxe");
	if (!file || fprintf(file, "org.libima.conformance\t%s\n", path) < 0 ||
	    fflush(file))
		return -errno;
	return setenv("IMA_CONFIG", config, 1) ? -errno : 0;
}

static void remove_config(void)
{
	if (config[0])
		unlink(config);
	if (directory[0])
		rmdir(directory);
}

/* --- One plugin --- */

static void run_checks(struct run *run)
{
	static void (*const checks[])(struct run *) = {
		check_library,	  check_getters,  check_lists,	    check_node,
		check_keys,	  check_switches, check_discovery,  check_authentication,
		check_network,	  check_firmware, check_scsi,	    check_exposing,
		check_statistics, check_ioctl,	  check_extensions, check_persistence,
		check_events,	  check_threads,  check_sessions,
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		checks[i](run);
}

static int run_plugin(struct run *run, IMA_OID plugin, const struct command *command)
{
	IMA_PLUGIN_PROPERTIES props;
	int err;

	run->options = command->options;
	run->plugin = plugin;
	snprintf(run->name, sizeof(run->name), "plugin %u", plugin.ownerId);
	if (IMA_SUCCESS(IMA_GetPluginProperties(plugin, &props)) && props.fileName[0])
		utf8_from_wide(props.fileName, ARRAY_SIZE(props.fileName), run->name,
			       sizeof(run->name));
	err = objects_collect(run);
	if (!err && command->settings)
		settings_print(run);
	else if (!err)
		run_checks(run);
	return err;
}

static int explain(const char *what, int err)
{
	fprintf(stderr, "ima-conform: %s: %s\n", what, strerror(-err));
	return EXIT_NO_PLUGIN;
}

static int judge(const struct run *runs, size_t count, report_format format)
{
	size_t bad = 0;
	int err = format(runs, count);

	if (err)
		return explain("cannot print the report", err);
	for (size_t i = 0; i < count; i++)
		for (enum part part = 0; part < PARTS; part++)
			bad += verdict_count(&runs[i], part, PARTLY) +
			       verdict_count(&runs[i], part, UNSUPPORTED_NOT_ALLOWED);
	return bad ? EXIT_FAILS : EXIT_CONFORMS;
}

static int run_all(const struct command *command, const IMA_OID_LIST *plugins)
{
	struct run *runs = calloc(plugins->oidCount, sizeof(*runs));
	int result = EXIT_CONFORMS, err = runs ? 0 : -ENOMEM;

	for (IMA_UINT i = 0; i < plugins->oidCount && !err; i++)
		err = run_plugin(&runs[i], plugins->oids[i], command);
	if (err)
		result = explain("cannot collect the objects", err);
	else if (!command->settings)
		result = judge(runs, plugins->oidCount, command->format);
	for (IMA_UINT i = 0; runs && i < plugins->oidCount; i++)
		objects_free(&runs[i]);
	free(runs);
	return result;
}

static int conform(const struct command *command)
{
	IMA_OID_LIST *plugins = NULL;
	int result = EXIT_NO_PLUGIN,
	    err = command->all ? 0 : make_config(command->plugin);

	if (err)
		return explain(command->plugin, err);
	IMAX_SetDeadline(command->options.deadline_ms);
	if (IMA_ERROR(IMA_GetPluginOidList(&plugins)))
		return EXIT_NO_PLUGIN;
	if (plugins->oidCount)
		result = run_all(command, plugins);
	else
		fprintf(stderr, "ima-conform: no plugin was loaded; IMA_DEBUG=7 in the "
				"environment makes "
				"libima say why\n");
	IMA_FreeMemory(plugins);
	return result;
}

/* --- The command line --- */

static int list_rules(void)
{
	for (size_t i = 0; i < RULES; i++)
		printf("%-18s %-6s %s\n", rule_table[i].name, rule_table[i].clause,
		       rule_table[i].text);
	return EXIT_CONFORMS;
}

static int usage(const char *what, const char *which)
{
	fprintf(stderr, "ima-conform: %s%s; try ima-conform --help\n", what, which);
	return EXIT_USAGE;
}

enum {
	OPT_ALL = 256,
	OPT_DESTRUCTIVE,
	OPT_JSON,
	OPT_TAP,
	OPT_HTML,
	OPT_OBJECTS,
	OPT_IMAGE,
	OPT_TIMEOUT,
	OPT_RULES,
	OPT_SETTINGS,
	OPT_HELP,
	OPT_VERSION
};

static const struct option long_options[] = {
	{ "all", no_argument, NULL, OPT_ALL },
	{ "destructive", no_argument, NULL, OPT_DESTRUCTIVE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "tap", no_argument, NULL, OPT_TAP },
	{ "html", no_argument, NULL, OPT_HTML },
	{ "objects", required_argument, NULL, OPT_OBJECTS },
	{ "image", required_argument, NULL, OPT_IMAGE },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "rules", no_argument, NULL, OPT_RULES },
	{ "settings", no_argument, NULL, OPT_SETTINGS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

static int take_image(struct command *command)
{
	static wchar_t image[PATH_MAX];

	if (utf8_to_wide(optarg, image, ARRAY_SIZE(image)) < 0)
		return usage("--image takes the name of a file in UTF-8", "");
	command->options.image = image;
	return -1;
}

/* One option; -1: go on, otherwise the exit status. */
static int take_option(struct command *command, int option)
{
	uint64_t number;

	switch (option) {
	case OPT_ALL:
		command->all = true;
		return -1;
	case OPT_DESTRUCTIVE:
		command->options.destructive = true;
		return -1;
	case OPT_JSON:
		command->format = report_json;
		return -1;
	case OPT_TAP:
		command->format = report_tap;
		return -1;
	case OPT_HTML:
		command->format = report_html;
		return -1;
	case OPT_OBJECTS:
		if (number_parse(optarg, 1, 2048, &number))
			return usage("--objects takes a number from 1 to 2048, not ",
				     optarg);
		command->options.sample = number;
		return -1;
	case OPT_SETTINGS:
		command->settings = true;
		return -1;
	case OPT_IMAGE:
		return take_image(command);
	case OPT_TIMEOUT:
		if (number_parse(optarg, 1, IMAX_DEADLINE_MAX / 1000, &number))
			return usage("--timeout takes 1 to 3600 seconds, not ", optarg);
		command->options.deadline_ms = (uint32_t)number * 1000;
		return -1;
	case OPT_RULES:
		return list_rules();
	case OPT_HELP:
		fputs(help, stdout);
		return EXIT_CONFORMS;
	case OPT_VERSION:
		puts("ima-conform " IMA_VERSION);
		return EXIT_CONFORMS;
	default:
		return EXIT_USAGE;
	}
}

int main(int argc, char **argv)
{
	struct command command = { .options = { .sample = 16, .deadline_ms = 15000 },
				   .format = report_text };
	int option, result;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		result = take_option(&command, option);
		if (result >= 0)
			return result;
	}
	if (command.all != (optind == argc))
		return usage(command.all ? "--all takes no plugin" : "which plugin?", "");
	if (!command.all && optind + 1 != argc)
		return usage("one plugin at a time, not also ", argv[optind + 1]);
	command.plugin = argv[optind];
	atexit(remove_config);
	return conform(&command);
}
