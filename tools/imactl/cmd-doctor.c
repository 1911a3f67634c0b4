// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-doctor.c - asks every plugin what is wrong with its initiator; see shared/diagnosis.h.
 */
#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "find.h"
#include "output.h"
#include "shared/diagnosis.h"

/* What the plugins say. */
struct examination {
	struct json_object *findings;
	size_t asked; /* plugins that examine themselves */
	bool problem;
};

/* A line of DIAGNOSIS_FIELDS; one that is none is left out. */
static void take_line(struct examination *e, const char *plugin, char *line)
{
	static const char *const keys[] = { "severity", "check", "object", "finding",
					    "advice" };
	char *fields[DIAGNOSIS_FIELDS];
	struct json_object *doc;
	size_t n = 0;

	_Static_assert(ARRAY_SIZE(keys) == DIAGNOSIS_FIELDS, "a key for each field");
	for (char *field; n < DIAGNOSIS_FIELDS && (field = strsep(&line, "\t"));)
		fields[n++] = field;
	if (n < DIAGNOSIS_FIELDS)
		return;
	doc = doc_new();
	for (size_t i = 0; i < DIAGNOSIS_FIELDS; i++) {
		_cleanup_free_ char *text = text_repaired(fields[i]);

		doc_text(doc, keys[i], text);
	}
	doc_text(doc, "plugin", plugin);
	doc_push(e->findings, doc);
	e->problem |= !strcmp(fields[0], DIAGNOSIS_PROBLEM);
}

static void take_lines(struct examination *e, const char *plugin, char *text)
{
	for (char *line; (line = strsep(&text, "\n"));)
		if (*line)
			take_line(e, plugin, line);
}

static int examine(struct context *c, const struct object *plugin, struct examination *e)
{
	static const char connect[] = DIAGNOSIS_CONNECT;
	_cleanup_free_ char *text = allocate(1, DIAGNOSIS_SIZE + 1);
	bool wanted = given(c, OPT_CONNECT);
	IMA_UINT length = DIAGNOSIS_SIZE;
	IMA_STATUS status;

	status = CALL(c, IMA_PluginIOctl, plugin->oid, DIAGNOSIS_COMMAND,
		      wanted ? connect : NULL, wanted ? strlen(connect) : 0, text,
		      &length);
	if (status == IMA_ERROR_NOT_SUPPORTED)
		return EXIT_DONE;
	if (IMA_ERROR(status))
		return failed(c, status, plugin->name, "cannot examine %s", plugin->name);
	e->asked++;
	take_lines(e, plugin->name, text);
	return EXIT_DONE;
}

/* A sentence of the library about its configuration. */
static void add_problem(struct examination *e, const char *finding)
{
	struct json_object *doc = doc_new();

	doc_text(doc, "severity", DIAGNOSIS_PROBLEM);
	doc_text(doc, "check", "configuration");
	doc_text(doc, "object", NULL);
	doc_text(doc, "finding", finding);
	doc_text(doc, "advice", "correct the configuration, see ima.conf(5)");
	doc_text(doc, "plugin", "libima");
	doc_push(e->findings, doc);
	e->asked++;
	e->problem = true;
}

/* Plugins that could not be loaded and the like. */
static void examine_library(struct examination *e)
{
	_cleanup_ima_ char *text = NULL;
	char *rest;

	if (IMA_ERROR(IMAX_GetConfigurationProblems(&text)))
		return;
	rest = text;
	for (char *finding; (finding = strsep(&rest, "\n"));)
		if (*finding)
			add_problem(e, finding);
}

static int examine_all(struct context *c, struct examination *e)
{
	const struct objects *plugins;
	int err = objects_get(c, IMA_OBJECT_TYPE_PLUGIN, &plugins);

	examine_library(e);
	for (size_t i = 0; !err && i < plugins->count; i++)
		err = examine(c, &plugins->list[i], e);
	if (!err && !e->asked)
		err = refused(c, EXIT_NOT_SUPPORTED,
			      "no plugin that is loaded can examine its initiator");
	return err;
}

int doctor(struct context *c)
{
	static const struct column columns[] = {
		{ "SEVERITY", "severity", NULL, 0, NULL },
		{ "CHECK", "check", NULL, 0, NULL },
		{ "OBJECT", "object", NULL, 0, NULL },
		{ "FINDING", "finding", NULL, 0, NULL },
		{ "WHAT TO DO", "advice", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "doctor", columns);
	struct examination e = { .findings = doc_array() };
	int err = examine_all(c, &e);

	if (err) {
		json_object_put(e.findings);
		return err;
	}
	err = output_document(c, &view, e.findings);
	return err ? err : e.problem ? EXIT_FAILED : EXIT_DONE;
}
