// SPDX-License-Identifier: LGPL-2.1-or-later
#include "output.h"

#include <stdarg.h>

#include "backend.h"
#include "command.h"
#include "doc.h"
#include "progress.h"

static const struct backend *backend_of(const struct context *c)
{
	return given(c, OPT_JSON) ? &json_backend : &text_backend;
}

static int finish(struct context *c)
{
	if (c->failure.exit)
		return (int)c->failure.exit;
	if (fflush(stdout) || ferror(stdout))
		return refused(c, EXIT_FAILED, "cannot write to standard output: %m");
	return EXIT_DONE;
}

int output_document(struct context *c, const struct view *view, struct json_object *data)
{
	progress_stop();
	c->failure.exit = EXIT_DONE; /* what failed on the way did not matter */
	c->failure.text[0] = 0;
	backend_of(c)->document(c, view, data);
	json_object_put(data);
	return finish(c);
}

void output_row(struct context *c, const struct view *view, struct json_object *data,
		struct json_object *row)
{
	struct json_object *left = backend_of(c)->row(c, view, row);

	if (left)
		doc_push(data, left);
}

int output_event(struct context *c, const struct view *view, struct json_object *data)
{
	c->failure.exit = EXIT_DONE;
	backend_of(c)->event(c, view, data);
	json_object_put(data);
	return finish(c);
}

int output_change(struct context *c, bool changed, IMA_STATUS status, const char *object,
		  const char *format, ...)
{
	static const struct view view = { .schema = "change", .layout = LAYOUT_CHANGE };
	bool reboot = status == IMA_STATUS_REBOOT_NECESSARY;
	struct json_object *doc = doc_new();
	_cleanup_free_ char *text = NULL;
	char sentence[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(sentence, sizeof(sentence), format, ap);
	va_end(ap);
	text = text_format("%s%s", sentence, reboot ? ", effective after a reboot" : "");
	doc_text(doc, "noun", c->command->noun);
	doc_text(doc, "verb", c->command->verb);
	doc_text(doc, "object", object);
	doc_bool(doc, "changed", changed);
	doc_bool(doc, "rebootNecessary", reboot);
	doc_text(doc, "text", text);
	return output_document(c, &view, doc);
}

void output_failure(struct context *c)
{
	progress_stop();
	failure_print(&c->failure);
	backend_of(c)->failure(c);
	fflush(stdout);
}
