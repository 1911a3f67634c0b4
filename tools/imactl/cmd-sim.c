// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-sim.c - the simulated machine: shows it, changes it, makes calls go wrong.
 *
 * imactl does not know the language of ima-simulator(5): it hands text to the plugin and
 * prints what comes back. A plugin is asked only if it is of our make, since the numbers of
 * IOctls belong to vendors and may mean anything elsewhere.
 */
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "doc.h"
#include "find.h"
#include "output.h"
#include "plugins/simulator/ima-simulator.h"
#include "progress.h"

#define SIGNATURE   "ima-simulator "
#define TEXT_MAX    (8u << 20) /* the simulator takes no more */
#define OUTPUT_SIZE (1u << 20)

/* --- which plugin ----------------------------------------------------------------------- */

static bool is_of_our_make(struct context *c, IMA_OID oid)
{
	IMA_PLUGIN_PROPERTIES plugin;
	IMA_LIBRARY_PROPERTIES library;
	_cleanup_free_ char *theirs = NULL, *ours = NULL;

	if (IMA_ERROR(CALL(c, IMA_GetPluginProperties, oid, &plugin)) ||
	    IMA_ERROR(CALL(c, IMA_GetLibraryProperties, &library)))
		return false;
	theirs = text_of_wide(plugin.vendor, ARRAY_SIZE(plugin.vendor));
	ours = text_of_wide(library.vendor, ARRAY_SIZE(library.vendor));
	return !strcmp(theirs, ours);
}

/* "ima-simulator 1 0.9.0", kept; NULL if the plugin is no simulator. */
static const char *version_of(struct context *c, const struct object *plugin)
{
	char answer[256];
	IMA_UINT length = sizeof(answer);

	if (!is_of_our_make(c, plugin->oid) ||
	    IMA_ERROR(CALL(c, IMA_PluginIOctl, plugin->oid, IMA_SIM_VERSION, NULL, 0,
			   answer, &length)))
		return NULL;
	if (length < strlen(SIGNATURE) || length > sizeof(answer) ||
	    memcmp(answer, SIGNATURE, strlen(SIGNATURE)))
		return NULL;
	return keep_text(c, text_format("%.*s", (int)length, answer));
}

static int no_simulator(struct context *c)
{
	if (given(c, OPT_PLUGIN))
		return refused(c, EXIT_NOT_SUPPORTED,
			       "plugin %s is no simulator: imactl plugin list shows what "
			       "is loaded",
			       c->option[OPT_PLUGIN]);
	return refused(
		c, EXIT_NOT_SUPPORTED,
		"no simulator is loaded: ima.conf(5) has to name ima-simulator.so, "
		"and IMA_DEBUG=error tells why it is not loaded then");
}

/* The simulator among the plugins that are loaded, or of --plugin. */
static int simulator_get(struct context *c, const struct object **simulator,
			 const char **version)
{
	const struct objects *plugins;
	int err = objects_get(c, IMA_OBJECT_TYPE_PLUGIN, &plugins);

	*simulator = NULL;
	for (size_t i = 0; !err && i < plugins->count; i++) {
		const char *text = version_of(c, &plugins->list[i]);

		if (!text)
			continue;
		if (*simulator)
			return refused(c, EXIT_USAGE,
				       "%s and %s are simulators: choose with --plugin",
				       (*simulator)->name, plugins->list[i].name);
		*simulator = &plugins->list[i];
		*version = text;
	}
	if (err)
		return err;
	return *simulator ? EXIT_DONE : no_simulator(c);
}

int sim_version(struct context *c)
{
	static const struct column columns[] = {
		{ "Plugin", "plugin", NULL, 0, NULL },
		{ "Version", "version", NULL, 0, NULL },
		{ "Interface", "interface", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "sim-version", columns);
	const struct object *simulator;
	const char *text, *version;
	struct json_object *doc;
	int err = simulator_get(c, &simulator, &text);

	if (err)
		return err;
	text += strlen(SIGNATURE);
	version = strchr(text, ' ');
	doc = doc_new();
	doc_text(doc, "plugin", simulator->name);
	doc_text(doc, "version", version ? version + 1 : NULL);
	doc_number(doc, "interface", strtoul(text, NULL, 10));
	return output_document(c, &view, doc);
}

/* --- running text ----------------------------------------------------------------------- */

/* What is to be run, and what came back. */
struct control {
	const struct object *simulator;
	const char *text;
	size_t length;
	char *output; /* kept */
	size_t output_length;
};

/* With room for size bytes of output; what is there, or is needed, is in output_length. */
static IMA_STATUS try_text(struct context *c, struct control *control, size_t size)
{
	IMA_UINT length = size;
	IMA_STATUS status;

	control->output = keep(c, malloc(size));
	status = CALL(c, IMA_PluginIOctl, control->simulator->oid, IMA_SIM_COMMAND,
		      control->text, control->length, control->output, &length);
	control->output_length = length;
	return status;
}

static IMA_STATUS send_text(struct context *c, struct control *control)
{
	IMA_STATUS status = try_text(c, control, OUTPUT_SIZE);

	if (status == IMA_ERROR_INVALID_PARAMETER && control->output_length > OUTPUT_SIZE)
		status = try_text(c, control, control->output_length);
	return status;
}

static bool line_only_shows(const char *line, size_t length)
{
	static const char *const words[] = { "show", "list", "oid", "help" };
	size_t n = 0;

	if (!length || line[0] == ' ' || line[0] == '\t' || line[0] == '#')
		return true; /* nothing, the rest of a statement, a comment */
	while (n < length && !strchr(" \t\r", line[n]))
		n++;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == n && !memcmp(words[i], line, n))
			return true;
	return false;
}

static bool only_shows(const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (!line_only_shows(text, n))
			return false;
		text += n + (text[n] == '\n');
	}
	return true;
}

/* Does the machine outlive imactl? Null if it does not say. */
static IMA_XBOOL machine_is_lasting(struct context *c, const struct object *simulator)
{
	static const char question[] = "show machine";
	struct control control = { simulator, question, strlen(question), NULL, 0 };

	if (IMA_ERROR(send_text(c, &control)))
		return IMA_UNKNOWN;
	if (memmem(control.output, control.output_length, "mode=file", 9))
		return IMA_TRUE;
	return memmem(control.output, control.output_length, "mode=memory", 11)
		       ? IMA_FALSE
		       : IMA_UNKNOWN;
}

static struct json_object *lines_of(const struct control *control)
{
	const char *at = control->output, *end = at + control->output_length;
	struct json_object *array = doc_array();

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((newline ? newline : end) - at);
		_cleanup_free_ char *line = text_format("%.*s", (int)n, at);

		doc_push(array, doc_string(line));
		at += n + 1;
	}
	return array;
}

static void add_change(struct context *c, struct json_object *doc,
		       const struct control *control)
{
	IMA_XBOOL lasting = machine_is_lasting(c, control->simulator);

	if (control->output_length == OUTPUT_SIZE)
		warn(c, "the output was cut off after %u bytes", OUTPUT_SIZE);
	doc_bool(doc, "changed", true);
	doc_xbool(doc, "lasting", lasting);
	doc_text(doc, "text", "the simulated machine was changed");
	if (lasting == IMA_FALSE)
		warn(c, "the machine lives in this process only, so the change is gone "
			"now: a scenario with \"machine set mode=file\" keeps it");
}

/* A word that is more than one for the shell is one statement for us. */
static bool looks_unquoted(const struct context *c)
{
	if (strcmp(c->command->verb, "run") || c->nargs < 2)
		return false;
	for (int i = 0; i < c->nargs; i++)
		if (strpbrk(c->args[i], " \t\n"))
			return false;
	return true;
}

static int run_control(struct context *c, struct control *control)
{
	static const struct view view = { .schema = "sim-run", .layout = LAYOUT_LINES };
	struct json_object *doc;
	IMA_STATUS status = send_text(c, control);

	if (IMA_ERROR(status))
		return failed(c, status, control->simulator->name, "%s refuses%s",
			      control->simulator->name,
			      looks_unquoted(c) ? " (each argument is a whole statement: "
						  "put it in quotes)"
						: "");
	doc = doc_new();
	doc_text(doc, "plugin", control->simulator->name);
	if (only_shows(control->text)) {
		doc_bool(doc, "changed", false);
		doc_null(doc, "lasting");
		doc_null(doc, "text");
	} else {
		add_change(c, doc, control);
	}
	doc_add(doc, "lines", lines_of(control));
	return output_document(c, &view, doc);
}

static int run_text(struct context *c, const char *text, size_t length)
{
	struct control control = { NULL, text, length, NULL, 0 };
	const char *version;
	int err = simulator_get(c, &control.simulator, &version);

	return err || !control.simulator ? err : run_control(c, &control);
}

/* --- text from arguments ------------------------------------------------------------------ */

/* The arguments as lines: an error tells the number of the statement then. */
int sim_run(struct context *c)
{
	char *text = NULL;

	if (c->nargs < 1)
		return refused(c, EXIT_USAGE,
			       "a statement is missing: imactl sim run 'target NAME "
			       "lose', imactl sim help shows the language");
	for (int i = 0; i < c->nargs; i++) {
		_cleanup_free_ char *before = text;

		text = text_format("%s%s\n", before ? before : "", c->args[i]);
	}
	keep(c, text);
	return run_text(c, text, strlen(text));
}

/* A word for the simulator, in quotes if it has to be; KEY="VALUE" is how those look. */
static char *quoted(const char *word)
{
	size_t key = strcspn(word, "=");
	char *out, *to;

	if (!word[key] || !strpbrk(word + key, " \t\"\\#"))
		return text_format("%s", word);
	out = to = allocate(2, strlen(word) + 2);
	to = mempcpy(to, word, ++key);
	*to++ = '"';
	for (word += key; *word; word++) {
		if (*word == '"' || *word == '\\')
			*to++ = '\\';
		*to++ = *word;
	}
	*to = '"';
	return out;
}

/* The verb and its arguments are one statement: sim clock +10s. */
int sim_statement(struct context *c)
{
	char *text = text_format("%s", c->command->verb);

	for (int i = 0; i < c->nargs; i++) {
		_cleanup_free_ char *before = text;
		_cleanup_free_ char *word = quoted(c->args[i]);

		text = text_format("%s %s", before, word);
	}
	keep(c, text);
	return run_text(c, text, strlen(text));
}

/* --- text from a file ---------------------------------------------------------------------- */

static int read_all(struct context *c, int fd, const char *from, char *text,
		    size_t *length)
{
	ssize_t n;

	*length = 0;
	do {
		n = read(fd, text + *length, TEXT_MAX + 1 - *length);
		if (n < 0 && errno != EINTR)
			return refused(c, EXIT_FAILED, "cannot read %s: %m", from);
		*length += n > 0 ? (size_t)n : 0;
	} while (n && *length <= TEXT_MAX);
	if (*length > TEXT_MAX)
		return refused(c, EXIT_USAGE, "%s is longer than %u MiB", from,
			       TEXT_MAX >> 20);
	return EXIT_DONE;
}

static int read_file(struct context *c, const char *path, char *text, size_t *length)
{
	_cleanup_close_ int fd = -1;

	if (!strcmp(path, "-"))
		return read_all(c, STDIN_FILENO, "standard input", text, length);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return refused(c, errno == ENOENT ? EXIT_NOT_FOUND : EXIT_FAILED,
			       "cannot read %s: %m", path);
	return read_all(c, fd, path, text, length);
}

int sim_script(struct context *c)
{
	char *text = keep(c, calloc(1, TEXT_MAX + 2));
	size_t length;
	int err = read_file(c, arg(c, 0), text, &length);

	return err ? err : run_text(c, text, length);
}
