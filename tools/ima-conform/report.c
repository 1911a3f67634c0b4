// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <json-c/json.h>

#include "shared/cleanup.h"

static const char *const verdict_names[VERDICTS] = {
	[CONFORMS] = "conforms",
	[PARTLY] = "partly",
	[UNSUPPORTED] = "unsupported",
	[UNSUPPORTED_NOT_ALLOWED] = "unsupported, not allowed",
	[NOT_REACHABLE] = "not reachable",
};

static const char *const outcome_names[] = {
	[UNTRIED] = "untried",
	[UNCHECKED] = "unchecked",
	[PASSED] = "passed",
	[FAILED] = "failed",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

static size_t outcomes(const struct run *run, enum function_index fn,
		       enum outcome outcome)
{
	size_t count = 0;

	for (size_t rule = 0; rule < RULES; rule++)
		count += run->results[fn][rule].outcome == outcome;
	return count;
}

static bool is_reachable(const struct run *run, enum function_index fn)
{
	uint32_t objects = function_table[fn].objects;

	if (objects & NODE || objects == NONE)
		return true; /* the shared node is always there */
	for (size_t type = 1; type < OBJECT_TYPES; type++)
		if (objects & 1u << type && run->objects[type].count)
			return true;
	return false;
}

enum verdict verdict_of(const struct run *run, enum function_index fn)
{
	if (run->results[fn][RULE_MANDATORY].outcome == FAILED && !run->succeeded[fn])
		return UNSUPPORTED_NOT_ALLOWED;
	if (outcomes(run, fn, FAILED))
		return PARTLY;
	if (!is_reachable(run, fn))
		return NOT_REACHABLE;
	if (!run->served[fn])
		return UNSUPPORTED;
	return CONFORMS;
}

static const struct {
	const char *title;		  /* in text and HTML */
	const char *functions, *verdicts; /* in JSON */
	size_t first, end;
} parts[PARTS] = {
	[STANDARD] = { "ISO/IEC 11989", "functions", "verdicts", 0, FIRST_EXTENSION },
	[EXTENSIONS] = { "Extensions", "extensions", "extensionVerdicts", FIRST_EXTENSION,
			 FUNCTIONS },
};

size_t verdict_count(const struct run *run, enum part part, enum verdict verdict)
{
	size_t count = 0;

	for (size_t fn = parts[part].first; fn < parts[part].end; fn++)
		count += verdict_of(run, fn) == verdict;
	return count;
}

/* --- Text --- */

static void text_rules(const struct run *run, enum function_index fn)
{
	for (size_t rule = 0; rule < RULES; rule++) {
		const struct result *result = &run->results[fn][rule];

		if (result->outcome == FAILED)
			printf("          %s (%s): %s\n", rule_table[rule].name,
			       rule_table[rule].clause, result->text);
		if (result->outcome == UNCHECKED)
			printf("          %s: not checked: %s\n", rule_table[rule].name,
			       result->text);
	}
}

static void text_part(const struct run *run, enum part part)
{
	printf("  %s\n", parts[part].title);
	for (size_t fn = parts[part].first; fn < parts[part].end; fn++) {
		printf("  %-9s %-42s %s, %zu rules passed\n", function_clause(fn),
		       function_table[fn].name, verdict_name(verdict_of(run, fn)),
		       outcomes(run, fn, PASSED));
		text_rules(run, fn);
	}
	for (size_t verdict = 0; verdict < VERDICTS; verdict++)
		printf("  %3zu %s\n", verdict_count(run, part, verdict),
		       verdict_name(verdict));
}

int report_text(const struct run *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("%s\n", runs[i].name);
		for (enum part part = 0; part < PARTS; part++)
			text_part(&runs[i], part);
	}
	return 0;
}

/* --- TAP --- */

static void tap_line(size_t *number, const struct run *run, enum function_index fn,
		     enum rule rule)
{
	const struct result *result = &run->results[fn][rule];
	const char *name = rule_table[rule].name;

	if (result->outcome == UNTRIED)
		return;
	printf("%sok %zu - %s %s: %s", result->outcome == FAILED ? "not " : "", ++*number,
	       function_clause(fn), function_table[fn].name, name);
	if (result->outcome == UNCHECKED)
		printf(" # SKIP %s", result->text);
	if (result->outcome == FAILED)
		printf("\n# %s", result->text);
	putchar('\n');
}

int report_tap(const struct run *runs, size_t count)
{
	size_t number = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t fn = 0; fn < FUNCTIONS; fn++)
			for (size_t rule = 0; rule < RULES; rule++)
				tap_line(&number, &runs[i], fn, rule);
	printf("1..%zu\n", number);
	return 0;
}

/* --- JSON --- */

static int put(json_object *object, const char *name, json_object *value)
{
	if (value && !json_object_object_add(object, name, value))
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

static int append(json_object *array, json_object *value)
{
	if (value && !json_object_array_add(array, value))
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

static json_object *json_rule(const struct run *run, enum function_index fn,
			      enum rule rule)
{
	const struct result *result = &run->results[fn][rule];
	json_object *object = json_object_new_object();
	int err = 0;

	if (!object)
		return NULL;
	err |= put(object, "rule", json_object_new_string(rule_table[rule].name));
	err |= put(object, "clause", json_object_new_string(rule_table[rule].clause));
	err |= put(object, "outcome",
		   json_object_new_string(outcome_names[result->outcome]));
	err |= put(object, "checks", json_object_new_int64(result->checks));
	err |= put(object, "failures", json_object_new_int64(result->failures));
	err |= put(object, "text", json_object_new_string(result->text));
	if (!err)
		return object;
	json_object_put(object);
	return NULL;
}

static json_object *json_function(const struct run *run, enum function_index fn)
{
	json_object *object = json_object_new_object();
	json_object *rules = json_object_new_array();
	int err = object && rules ? 0 : -ENOMEM;

	for (size_t rule = 0; rule < RULES && !err; rule++)
		if (run->results[fn][rule].outcome != UNTRIED)
			err |= append(rules, json_rule(run, fn, rule));
	if (!err) {
		if (function_table[fn].number)
			err |= put(object, "number",
				   json_object_new_int64(function_table[fn].number));
		err |= put(object, "function",
			   json_object_new_string(function_table[fn].name));
		err |= put(object, "verdict",
			   json_object_new_string(verdict_name(verdict_of(run, fn))));
		err |= put(object, "rules", json_object_get(rules));
	}
	json_object_put(rules);
	if (!err)
		return object;
	json_object_put(object);
	return NULL;
}

static json_object *json_verdicts(const struct run *run, enum part part)
{
	json_object *object = json_object_new_object();
	int err = object ? 0 : -ENOMEM;

	for (size_t v = 0; v < VERDICTS && !err; v++)
		err = put(object, verdict_name(v),
			  json_object_new_int64((int64_t)verdict_count(run, part, v)));
	if (!err)
		return object;
	json_object_put(object);
	return NULL;
}

static json_object *json_functions(const struct run *run, enum part part)
{
	json_object *functions = json_object_new_array();
	int err = functions ? 0 : -ENOMEM;

	for (size_t fn = parts[part].first; fn < parts[part].end && !err; fn++)
		err = append(functions, json_function(run, fn));
	if (!err)
		return functions;
	json_object_put(functions);
	return NULL;
}

static json_object *json_run(const struct run *run)
{
	json_object *object = json_object_new_object();
	int err = object ? 0 : -ENOMEM;

	if (err)
		return NULL;
	err |= put(object, "plugin", json_object_new_string(run->name));
	err |= put(object, "destructive",
		   json_object_new_boolean(run->options.destructive));
	for (enum part part = 0; part < PARTS; part++) {
		err |= put(object, parts[part].verdicts, json_verdicts(run, part));
		err |= put(object, parts[part].functions, json_functions(run, part));
	}
	if (!err)
		return object;
	json_object_put(object);
	return NULL;
}

int report_json(const struct run *runs, size_t count)
{
	json_object *document = json_object_new_object();
	json_object *data = json_object_new_array();
	int err = document && data ? 0 : -ENOMEM;

	for (size_t i = 0; i < count && !err; i++)
		err |= append(data, json_run(&runs[i]));
	if (!err)
		err |= put(document, "schema",
			   json_object_new_string("ima-conform/report/1"));
	if (!err)
		err |= put(document, "data", json_object_get(data));
	if (!err)
		puts(json_object_to_json_string_ext(
			document,
			JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(data);
	json_object_put(document);
	return err ? -ENOMEM : 0;
}

/* --- HTML --- */

static void html_escape(const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", stdout);
			break;
		case '<':
			fputs("&lt;", stdout);
			break;
		case '>':
			fputs("&gt;", stdout);
			break;
		default:
			putchar(*text);
		}
	}
}

static void html_row(const struct run *run, enum function_index fn)
{
	enum verdict verdict = verdict_of(run, fn);

	printf("<tr "
	       "class=\"v%d\"><td>%s</td><td><code>%s</code></td><td>%s</td><td>%zu</"
	       "td><td>",
	       verdict, function_clause(fn), function_table[fn].name,
	       verdict_name(verdict), outcomes(run, fn, PASSED));
	for (size_t rule = 0; rule < RULES; rule++) {
		const struct result *result = &run->results[fn][rule];

		if (result->outcome != FAILED && result->outcome != UNCHECKED)
			continue;
		printf("<p><b>%s</b> (%s): ", rule_table[rule].name,
		       result->outcome == FAILED ? rule_table[rule].clause
						 : "not checked");
		html_escape(result->text);
		printf("</p>");
	}
	printf("</td></tr>\n");
}

static void html_part(const struct run *run, enum part part)
{
	printf("<h2>%s</h2>\n<p>%zu of %zu functions conform.</p>\n", parts[part].title,
	       verdict_count(run, part, CONFORMS), parts[part].end - parts[part].first);
	puts("<table><tr><th>Clause</th><th>Function</th><th>Verdict</th>"
	     "<th>Rules passed</th><th>Failed or not checked</th></tr>");
	for (size_t fn = parts[part].first; fn < parts[part].end; fn++)
		html_row(run, fn);
	puts("</table>");
}

int report_html(const struct run *runs, size_t count)
{
	puts("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	     "<title>Conformance to ISO/IEC 11989</title>\n<style>"
	     "body{font:15px sans-serif;margin:2em}table{border-collapse:collapse}"
	     "td,th{border:1px solid #bbb;padding:.2em "
	     ".6em;text-align:left;vertical-align:top}"
	     "p{margin:.2em 0}.v0 td:nth-child(3){background:#dfd}"
	     ".v1 td:nth-child(3),.v3 "
	     "td:nth-child(3){background:#fdd}</style></head><body>");
	for (size_t i = 0; i < count; i++) {
		printf("<h1>");
		html_escape(runs[i].name);
		puts("</h1>");
		for (enum part part = 0; part < PARTS; part++)
			html_part(&runs[i], part);
	}
	puts("</body></html>");
	return 0;
}
