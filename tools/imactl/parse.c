// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parse.c - the command line: options anywhere, then noun, verb and arguments.
 */
#include "command.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

const struct noun *noun_find(const char *name)
{
	for (size_t i = 0; i < nouns_count; i++)
		if (!strcmp(nouns[i].name, name))
			return &nouns[i];
	return NULL;
}

const struct command *command_find(const char *noun, const char *verb)
{
	for (size_t i = 0; i < commands_count; i++)
		if (!strcmp(commands[i].noun, noun) && !strcmp(commands[i].verb, verb))
			return &commands[i];
	return NULL;
}

bool command_takes(const struct command *command, enum option_id id)
{
	return options[id].global || (command->options & OPTION(id));
}

/* --- what was meant ---------------------------------------------------------------------- */

/* Edits that make one word of the other, up to limit. */
static unsigned distance(const char *a, const char *b, unsigned limit)
{
	unsigned best;

	if (!*a || !*b)
		return (unsigned)(strlen(a) + strlen(b));
	if (*a == *b)
		return distance(a + 1, b + 1, limit);
	if (!limit)
		return 1;
	best = distance(a + 1, b + 1, limit - 1);
	for (int i = 0; i < 2; i++) {
		unsigned n = i ? distance(a + 1, b, limit - 1)
			       : distance(a, b + 1, limit - 1);

		best = n < best ? n : best;
	}
	return best + 1;
}

static bool is_close(const char *typed, const char *name)
{
	size_t length = strlen(typed);

	if (length >= 2 && !strncmp(typed, name, length))
		return true;
	return length < 32 && distance(typed, name, 2) <= 2 && length > 2;
}

static const char *close_noun(const char *typed)
{
	for (size_t i = 0; i < nouns_count; i++)
		if (is_close(typed, nouns[i].name))
			return nouns[i].name;
	return NULL;
}

static const char *close_verb(const char *noun, const char *typed)
{
	for (size_t i = 0; i < commands_count; i++)
		if (!strcmp(commands[i].noun, noun) && is_close(typed, commands[i].verb))
			return commands[i].verb;
	return NULL;
}

static int unknown_noun(struct context *c, const char *typed)
{
	const char *meant = close_noun(typed);

	return refused(c, EXIT_USAGE,
		       "there is no noun \"%s\"%s%s%s: imactl --help lists them", typed,
		       meant ? ", do you mean " : "", meant ? meant : "",
		       meant ? "?" : "");
}

static int unknown_verb(struct context *c, const char *noun, const char *typed)
{
	const char *meant = close_verb(noun, typed);

	return refused(c, EXIT_USAGE,
		       "%s has no verb \"%s\"%s%s%s: imactl %s --help lists them", noun,
		       typed, meant ? ", do you mean " : "", meant ? meant : "",
		       meant ? "?" : "", noun);
}

/* --- options ------------------------------------------------------------------------------ */

/* The tables of getopt_long(); the value of a long option is its id plus LONG. */
#define LONG 256

struct tables {
	struct option longs[OPT_END + 1];
	char shorts[2 * OPT_END + 2];
};

static void build_tables(struct tables *tables)
{
	size_t n = 0;

	memset(tables, 0, sizeof(*tables));
	tables->shorts[n++] = ':';
	for (int i = 0; i < OPT_END; i++) {
		tables->longs[i] = (struct option){ options[i].name,
						    options[i].value ? required_argument
								     : no_argument,
						    NULL, LONG + i };
		if (!options[i].letter)
			continue;
		tables->shorts[n++] = options[i].letter;
		if (options[i].value)
			tables->shorts[n++] = ':';
	}
}

static enum option_id option_of(int value)
{
	if (value >= LONG)
		return (enum option_id)(value - LONG);
	for (int i = 0; i < OPT_END; i++)
		if (options[i].letter == value)
			return (enum option_id)i;
	return OPT_END;
}

static int bad_option(struct context *c, int value, const char *word)
{
	if (value == ':')
		return refused(c, EXIT_USAGE, "%s takes a value", word);
	if (optopt >= LONG)
		return refused(c, EXIT_USAGE, "--%s takes no value",
			       options[optopt - LONG].name);
	if (optopt)
		return refused(c, EXIT_USAGE,
			       "there is no option -%c: imactl --help lists them",
			       optopt);
	return refused(c, EXIT_USAGE, "there is no option %s: imactl --help lists them",
		       word);
}

/* JSON errors from the first word on, wherever --json is. */
static void look_for_json(struct context *c, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json") || !strcmp(argv[i], "-j"))
			c->option[OPT_JSON] = "";
}

static int parse_options(struct context *c, int argc, char **argv)
{
	struct tables tables;
	int value;

	build_tables(&tables);
	look_for_json(c, argc, argv);
	opterr = 0;
	optind = 0;
	while ((value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) !=
	       -1) {
		enum option_id id;

		if (value == '?' || value == ':')
			return bad_option(c, value, argv[optind - 1]);
		id = option_of(value);
		c->option[id] = options[id].value ? optarg : "";
	}
	return EXIT_DONE;
}

static int check_options(struct context *c)
{
	for (int i = 0; i < OPT_END; i++)
		if (c->option[i] && !command_takes(c->command, (enum option_id)i))
			return refused(c, EXIT_USAGE, "--%s has no meaning for %s%s%s",
				       options[i].name, c->command->noun,
				       command_gap(c->command), c->command->verb);
	if (given(c, OPT_JSON) && given(c, OPT_COLUMNS))
		return refused(
			c, EXIT_USAGE,
			"--columns is for tables: a JSON document always has everything");
	return EXIT_DONE;
}

static int check_arguments(struct context *c)
{
	const struct argument *argument = c->command->arguments;
	int i = 0;

	for (; argument->name; argument++) {
		if (argument->count == WORD_MANY)
			return EXIT_DONE;
		if (argument->count == WORD_ONE && !arg(c, i))
			return refused(
				c, EXIT_USAGE, "%s is missing: imactl %s %s --help",
				argument->name, c->command->noun, c->command->verb);
		i++;
	}
	if (c->nargs > i)
		return refused(c, EXIT_USAGE,
			       "\"%s\" is one argument too many: imactl %s%s%s --help",
			       c->args[i], c->command->noun, command_gap(c->command),
			       c->command->verb);
	return EXIT_DONE;
}

static int parse_verb(struct context *c, const struct noun *noun, int n, char **words)
{
	if (n == 1 && given(c, OPT_HELP))
		return EXIT_DONE;
	if (n == 1)
		return refused(c, EXIT_USAGE,
			       "a verb is missing: imactl %s --help lists them",
			       noun->name);
	c->command = command_find(noun->name, words[1]);
	if (!c->command)
		return unknown_verb(c, noun->name, words[1]);
	c->args = words + 2;
	c->nargs = n - 2;
	return EXIT_DONE;
}

/* Noun, verb and arguments among the words that are no options. */
static int parse_words(struct context *c, int n, char **words)
{
	const struct noun *noun;

	if (!n && (given(c, OPT_HELP) || given(c, OPT_VERSION)))
		return EXIT_DONE;
	if (!n)
		return refused(c, EXIT_USAGE,
			       "a noun is missing: imactl --help lists them");
	noun = noun_find(words[0]);
	if (!noun)
		return unknown_noun(c, words[0]);
	c->args = words;
	c->nargs = n;
	c->command = command_find(noun->name, "");
	if (!c->command)
		return parse_verb(c, noun, n, words);
	c->args = words + 1;
	c->nargs = n - 1;
	return EXIT_DONE;
}

int parse(struct context *c, int argc, char **argv)
{
	int err = parse_options(c, argc, argv);

	if (!err)
		err = parse_words(c, argc - optind, argv + optind);
	if (err || !c->command || given(c, OPT_HELP))
		return err;
	err = check_options(c);
	return err ? err : check_arguments(c);
}
