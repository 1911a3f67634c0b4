// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * help.c - the table of commands for people.
 */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"

char *synopsis_of(const struct command *command)
{
	char *text = text_format("imactl %s%s%s", command->noun, command_gap(command),
				 command->verb);

	for (const struct argument *a = command->arguments; a->name; a++) {
		_cleanup_free_ char *before = text;
		const char *open = a->count == WORD_ONE ? "" : "[";
		const char *close = a->count == WORD_ONE    ? ""
				    : a->count == WORD_MANY ? "...]"
							    : "]";

		text = text_format("%s %s%s%s", before, open, a->name, close);
	}
	return text;
}

static void print_option(const struct option_def *option)
{
	char name[64];
	char letter[8] = "    ";

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	snprintf(name, sizeof(name), "%s--%s%s%s", letter, option->name,
		 option->value ? " " : "", option->value ? option->value : "");
	printf("  %-26s %s\n", name, option->help);
}

static void print_global_options(void)
{
	for (int i = 0; i < OPT_END; i++)
		if (options[i].global)
			print_option(&options[i]);
}

static void print_examples(const char *examples)
{
	while (*examples) {
		size_t n = strcspn(examples, "\n");

		printf("  imactl %.*s\n", (int)n, examples);
		examples += n + (examples[n] == '\n');
	}
}

void help_all(void)
{
	puts("Usage: imactl [OPTION...] NOUN VERB [ARGUMENT...]\n"
	     "\n"
	     "Finds and manages the iSCSI initiators of this machine.\n"
	     "\n"
	     "Nouns:");
	for (size_t i = 0; i < nouns_count; i++)
		printf("  %-12s %s\n", nouns[i].name, nouns[i].help);
	puts("\nOptions of every command:");
	print_global_options();
	puts("\nimactl NOUN --help lists the verbs of a noun, imactl NOUN VERB --help "
	     "explains\n"
	     "one. Exit status: 0 done, 1 failed, 2 usage, 3 not found, 4 not "
	     "supported,\n"
	     "5 timed out, 6 authentication.\n"
	     "\n"
	     "Examples:");
	print_examples("discovery add 192.0.2.10\ndiscovery run\ntarget list\n"
		       "lu list iqn.2003-01.org.example:disk --long");
}

void help_noun(const struct noun *noun)
{
	printf("Usage: imactl %s VERB [OPTION...] [ARGUMENT...]\n\n%s: %s\n\nVerbs:\n",
	       noun->name, noun->name, noun->help);
	for (size_t i = 0; i < commands_count; i++) {
		_cleanup_free_ char *synopsis = NULL;

		if (strcmp(commands[i].noun, noun->name))
			continue;
		synopsis = synopsis_of(&commands[i]);
		printf("  %-30s %s\n",
		       synopsis + strlen("imactl ") + strlen(noun->name) + 1,
		       commands[i].help);
	}
	puts("\nExamples:");
	for (size_t i = 0; i < commands_count; i++)
		if (!strcmp(commands[i].noun, noun->name))
			print_examples(commands[i].examples);
}

void help_command(const struct command *command)
{
	_cleanup_free_ char *synopsis = synopsis_of(command);

	printf("Usage: %s [OPTION...]\n\n%s%s%s: %s\n", synopsis, command->noun,
	       command_gap(command), command->verb, command->help);
	if (command->text)
		printf("\n%s%s", command->text,
		       command->text[strlen(command->text) - 1] == '\n' ? "" : "\n");
	puts("\nOptions:");
	for (int i = 0; i < OPT_END; i++)
		if (command->options & OPTION(i))
			print_option(&options[i]);
	print_global_options();
	puts("\nExamples:");
	print_examples(command->examples);
}

void print_synopses(void)
{
	for (size_t i = 0; i < commands_count; i++) {
		_cleanup_free_ char *synopsis = synopsis_of(&commands[i]);

		printf("%s", synopsis);
		for (int o = 0; o < OPT_END; o++)
			if (commands[i].options & OPTION(o))
				printf(" [--%s%s%s]", options[o].name,
				       options[o].value ? " " : "",
				       options[o].value ? options[o].value : "");
		putchar('\n');
	}
}
