/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * command.h - the table of commands: what can be typed, what it means, what runs.
 *
 * One row of commands[] drives parsing, --help, completion and the check of the manual
 * page's synopsis. A new command is a row in commands.c and its function.
 */
#ifndef IMACTL_COMMAND_H
#define IMACTL_COMMAND_H

#include "imactl.h"

/* What a word of the command line names; completion offers candidates for it. */
enum word_kind {
	WORD_NOTHING, /* free text */
	WORD_PLUGIN,
	WORD_LHBA,
	WORD_PHBA,
	WORD_NODE,
	WORD_TARGET,
	WORD_LUN,
	WORD_KEY,
	WORD_VALUE,
	WORD_DISCOVERY_METHOD,
	WORD_ISNS_METHOD,
	WORD_AUTH_METHOD,
	WORD_DISCOVERY_ADDRESS,
	WORD_STATIC_TARGET,
	WORD_STATIC_ADDRESS,
	WORD_PNP,
	WORD_LNP,
	WORD_PORTAL,
	WORD_IP_METHOD,
	WORD_IMAGE_TYPE,
	WORD_CDB,
	WORD_PAGE,
	WORD_DIGEST,
	WORD_DIGEST_OFFER,
	WORD_SIM_SHOWN,
	WORD_SIM_FUNCTION,
	WORD_FILE,
	WORD_NOUN,
	WORD_VERB
};

enum word_count { WORD_ONE, WORD_OPTIONAL, WORD_MANY };

struct argument {
	const char *name; /* as the help shows it; NULL ends the list */
	enum word_kind kind;
	enum word_count count;
};

struct option_def {
	const char *name;
	char letter;	   /* 0: none */
	const char *value; /* name of its value, NULL: takes none */
	enum word_kind kind;
	bool global; /* every command takes it */
	const char *help;
};

struct noun {
	const char *name;
	const char *help;
};

#define ARGUMENTS_MAX 3
#define OPTION(id)    (UINT64_C(1) << (id))

struct command {
	const char *noun;
	const char *verb; /* "" if the noun is all there is to say */
	struct argument arguments[ARGUMENTS_MAX + 1];
	uint64_t options;     /* besides the global ones */
	const char *help;     /* one line */
	const char *text;     /* more, or NULL */
	const char *examples; /* one per line, without "imactl " */
	const char *busy;     /* what the progress line says; NULL: never takes long */
	int (*run)(struct context *c);
};

extern const struct noun nouns[];
extern const size_t nouns_count;
extern const struct command commands[];
extern const size_t commands_count;
extern const struct option_def options[OPT_END];

const struct noun *noun_find(const char *name);
const struct command *command_find(const char *noun, const char *verb);
/* What stands between noun and verb. */
static inline const char *command_gap(const struct command *command)
{
	return *command->verb ? " " : "";
}
bool command_takes(const struct command *command, enum option_id id);

/*
 * The command line: fills command, args and option of c. argv must outlive c; its order is
 * changed. EXIT_DONE with c->command NULL: --help or --version was asked for without a
 * command, or nothing but a noun with --help.
 */
int parse(struct context *c, int argc, char **argv);

/* Help on standard output: all, one noun, one command. */
void help_all(void);
void help_noun(const struct noun *noun);
void help_command(const struct command *command);
/* "imactl target login TARGET", a text of the caller's. */
char *synopsis_of(const struct command *command);
/* One synopsis per line, for the check of the manual page. */
void print_synopses(void);

/* Candidates for the last of the words typed after "imactl", one per line. */
int complete(struct context *c, int nwords, char **words);

#endif
