// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * main.c - one run of imactl: parse, run, report.
 */
#include "imactl.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "commands.h"
#include "config.h"
#include "doc.h"
#include "output.h"
#include "progress.h"
#include "shared/number.h"

#define NS_PER_MS     UINT64_C(1000000)
#define OUTPUT_BUFFER 65536

void context_start(struct context *c)
{
	memset(c, 0, sizeof(*c));
}

void context_end(struct context *c)
{
	for (size_t i = 0; i < c->nkept; i++)
		free(c->kept[i]);
	free(c->kept);
	free(c->held);
	json_object_put(c->warnings);
}

void *keep(struct context *c, void *allocation)
{
	void **longer;

	if (!allocation)
		out_of_memory();
	if (!(c->nkept & (c->nkept - 1))) { /* the array doubles at powers of two */
		longer = reallocarray(c->kept, c->nkept ? 2 * c->nkept : 1,
				      sizeof(void *));
		if (!longer)
			out_of_memory();
		c->kept = longer;
	}
	c->kept[c->nkept++] = allocation;
	return allocation;
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * NS_PER_MS + (uint64_t)now.tv_nsec;
}

void call_begin(struct context *c)
{
	uint64_t now, ms = 1;

	if (!c->deadline)
		return;
	now = now_ns();
	if (now < c->deadline)
		ms = (c->deadline - now + NS_PER_MS - 1) / NS_PER_MS;
	IMAX_SetDeadline((IMA_UINT32)ms);
}

/* Up to three decimals as thousandths: "25" is 250. 0 or -1. */
static int parse_decimals(const char *text, uint64_t *thousandths)
{
	size_t length = strspn(text, "0123456789");
	char padded[4] = "000";

	if (!length || length > 3 || text[length])
		return -1;
	memcpy(padded, text, length);
	return number_parse(padded, 0, 999, thousandths);
}

/* "5", "0.25": seconds with up to three decimals. 0 or -1. */
static int parse_ms(const char *text, uint64_t *ms)
{
	uint64_t seconds, thousandths = 0;
	size_t length = strspn(text, "0123456789");
	char whole[16] = "";

	if (!length || length >= sizeof(whole))
		return -1;
	memcpy(whole, text, length);
	if (number_parse(whole, 0, IMAX_DEADLINE_MAX / 1000, &seconds))
		return -1;
	if (text[length] &&
	    (text[length] != '.' || parse_decimals(text + length + 1, &thousandths)))
		return -1;
	*ms = seconds * 1000 + thousandths;
	return *ms && *ms <= IMAX_DEADLINE_MAX ? 0 : -1;
}

static int set_deadline(struct context *c)
{
	const char *text = c->option[OPT_TIMEOUT];
	uint64_t ms;

	if (!text)
		return EXIT_DONE;
	if (parse_ms(text, &ms))
		return refused(c, EXIT_USAGE,
			       "--timeout takes seconds, 0.001 to %u, not \"%s\"",
			       IMAX_DEADLINE_MAX / 1000, text);
	c->deadline = now_ns() + ms * NS_PER_MS;
	return EXIT_DONE;
}

static int show_version(struct context *c)
{
	static const struct view view = { .schema = "version", .layout = LAYOUT_TEXT };
	IMA_LIBRARY_PROPERTIES props;
	_cleanup_free_ char *library = NULL, *text = NULL;
	struct json_object *doc = doc_new();

	if (IMA_SUCCESS(IMA_GetLibraryProperties(&props)))
		library = text_of_wide(props.implementationVersion,
				       ARRAY_SIZE(props.implementationVersion));
	text = text_format("imactl %s, libima %s", IMA_VERSION,
			   library ? library : "unknown");
	doc_text(doc, "imactl", IMA_VERSION);
	doc_text(doc, "library", library);
	doc_text(doc, "text", text);
	return output_document(c, &view, doc);
}

/* --help and --version. */
static int show_help(struct context *c)
{
	if (given(c, OPT_HELP) && c->command)
		help_command(c->command);
	else if (given(c, OPT_HELP) && c->nargs)
		help_noun(noun_find(c->args[0]));
	else if (given(c, OPT_HELP))
		help_all();
	else
		return show_version(c);
	return EXIT_DONE;
}

/* An initiator whose plugin is missing must not look like one that has nothing. */
static void warn_of_problems(struct context *c)
{
	_cleanup_ima_ char *text = NULL;
	char *rest;

	if (c->command->run == doctor || IMA_ERROR(IMAX_GetConfigurationProblems(&text)))
		return;
	rest = text;
	for (char *line; (line = strsep(&rest, "\n"));)
		if (*line)
			warn(c, "%s", line);
}

static int run(struct context *c, int argc, char **argv)
{
	int err = parse(c, argc, argv);

	if (err)
		return err;
	if (!c->command || given(c, OPT_HELP) || given(c, OPT_VERSION))
		return show_help(c);
	err = set_deadline(c);
	if (err)
		return err;
	warn_of_problems(c);
	progress_start(c->command->busy);
	err = c->command->run(c);
	progress_stop();
	return err;
}

/* What programs ask: the completion of the shell, the test of the manual page. */
static int hidden(struct context *c, int argc, char **argv, bool *done)
{
	*done = true;
	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return complete(c, argc - 2, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "--synopses")) {
		print_synopses();
		return EXIT_DONE;
	}
	*done = false;
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	struct context c;
	bool done;
	int err;

	setlocale(LC_ALL, "");
	/* Lists are long; a terminal shows each line as it comes. */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOFBF, OUTPUT_BUFFER);
	context_start(&c);
	err = hidden(&c, argc, argv, &done);
	if (!done)
		err = run(&c, argc, argv);
	/* Without a text the document that was printed says it all: doctor, target login. */
	if (err && *c.failure.text)
		output_failure(&c);
	else if (fflush(stdout) || ferror(stdout))
		err = EXIT_FAILED;
	context_end(&c);
	return err;
}
