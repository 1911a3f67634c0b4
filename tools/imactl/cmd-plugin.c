// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-plugin.c - the plugins of the library, and the library itself.
 */
#include "commands.h"

#include "doc.h"
#include "find.h"
#include "output.h"

static int plugin_document(struct context *c, const struct object *plugin,
			   struct json_object **doc)
{
	IMA_PLUGIN_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetPluginProperties, plugin->oid, &props);

	if (IMA_ERROR(status))
		return failed(c, status, plugin->name,
			      "cannot read the properties of plugin %s", plugin->name);
	*doc = doc_new();
	doc_text(*doc, "name", plugin->name);
	doc_number(*doc, "number", plugin->number);
	doc_wide(*doc, "vendor", props.vendor, ARRAY_SIZE(props.vendor));
	doc_wide(*doc, "implementationVersion", props.implementationVersion,
		 ARRAY_SIZE(props.implementationVersion));
	doc_wide(*doc, "fileName", props.fileName, ARRAY_SIZE(props.fileName));
	doc_number(*doc, "supportedImaVersion", props.supportedImaVersion);
	doc_time(*doc, "buildTime", &props.buildTime);
	doc_bool(*doc, "lhbasCanBeCreatedAndDestroyed",
		 props.lhbasCanBeCreatedAndDestroyed == IMA_TRUE);
	return EXIT_DONE;
}

int plugin_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "VERSION", "implementationVersion", NULL, 0, NULL },
		{ "VENDOR", "vendor", NULL, 0, NULL },
		{ "FILE", "fileName", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "plugin-list", columns,
					     .empty = "no plugin is loaded: ima.conf(5) "
						      "tells the library which to load");
	const struct objects *plugins;
	struct json_object *data;
	int err = objects_get(c, IMA_OBJECT_TYPE_PLUGIN, &plugins);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; i < plugins->count; i++) {
		struct json_object *doc = NULL;

		err = plugin_document(c, &plugins->list[i], &doc);
		if (err) {
			json_object_put(data);
			return err;
		}
		doc_push(data, doc);
	}
	return output_document(c, &view, data);
}

int plugin_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Number", "number", NULL, 0, NULL },
		{ "Vendor", "vendor", NULL, 0, NULL },
		{ "Version", "implementationVersion", NULL, 0, NULL },
		{ "File", "fileName", NULL, 0, NULL },
		{ "IMA version", "supportedImaVersion", NULL, 0, NULL },
		{ "Built", "buildTime", NULL, 0, NULL },
		{ "LHBAs can be created and destroyed", "lhbasCanBeCreatedAndDestroyed",
		  NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "plugin-show", columns);
	const struct object *plugin;
	struct json_object *doc;
	int err = object_get(c, IMA_OBJECT_TYPE_PLUGIN, arg(c, 0), &plugin);

	if (!err)
		err = plugin_document(c, plugin, &doc);
	return err ? err : output_document(c, &view, doc);
}

int library_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Vendor", "vendor", NULL, 0, NULL },
		{ "Version", "implementationVersion", NULL, 0, NULL },
		{ "File", "fileName", NULL, 0, NULL },
		{ "IMA version", "supportedImaVersion", NULL, 0, NULL },
		{ "Built", "buildTime", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "library-show", columns);
	IMA_LIBRARY_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetLibraryProperties, &props);
	struct json_object *doc;

	if (IMA_ERROR(status))
		return failed(c, status, NULL,
			      "cannot read the properties of the library");
	doc = doc_new();
	doc_wide(doc, "vendor", props.vendor, ARRAY_SIZE(props.vendor));
	doc_wide(doc, "implementationVersion", props.implementationVersion,
		 ARRAY_SIZE(props.implementationVersion));
	doc_wide(doc, "fileName", props.fileName, ARRAY_SIZE(props.fileName));
	doc_number(doc, "supportedImaVersion", props.supportedImaVersion);
	doc_time(doc, "buildTime", &props.buildTime);
	return output_document(c, &view, doc);
}
