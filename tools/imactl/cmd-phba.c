// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-phba.c - physical HBAs and their firmware.
 */
#include "commands.h"

#include <strings.h>
#include <unistd.h>

#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"
#include "shared/utf8.h"

#define PATH_SIZE 4096

static const struct {
	IMA_PHBA_STATUS status;
	const char *text;
} states[] = {
	{ IMA_PHBA_STATUS_WORKING, "working" },
	{ IMA_PHBA_STATUS_FAILED, "failed" },
};

static void add_status(struct context *c, struct json_object *doc, IMA_OID oid)
{
	IMA_PHBA_STATUS status;
	const char *text = NULL;

	if (IMA_SUCCESS(CALL(c, IMA_GetPhbaStatus, oid, &status)))
		for (size_t i = 0; i < ARRAY_SIZE(states); i++)
			if (states[i].status == status)
				text = states[i].text;
	doc_text(doc, "status", text);
}

static struct json_object *ulps_document(IMA_UINT flags)
{
	static const struct {
		IMA_UINT flag;
		const char *name;
	} ulps[] = { { IMA_ULP_TCP, "TCP" },
		     { IMA_ULP_SCTP, "SCTP" },
		     { IMA_ULP_UDP, "UDP" } };
	struct json_object *array = doc_array();

	for (size_t i = 0; i < ARRAY_SIZE(ulps); i++)
		if (flags & ulps[i].flag)
			doc_push(array, doc_string(ulps[i].name));
	return array;
}

/* Text fields of the properties: key, and where they are. */
static const struct {
	const char *key;
	size_t offset, size;
} texts[] = {
#define TEXT(member)                                                            \
	{                                                                       \
#member, offsetof(IMA_PHBA_PROPERTIES, member),                 \
			ARRAY_SIZE(((const IMA_PHBA_PROPERTIES *)NULL)->member) \
	}
	TEXT(vendor),	       TEXT(model),
	TEXT(description),     TEXT(serialNumber),
	TEXT(hardwareVersion), TEXT(asicVersion),
	TEXT(firmwareVersion), TEXT(optionRomVersion),
	TEXT(driverName),      TEXT(driverVersion),
#undef TEXT
};

static void fill(struct json_object *doc, const IMA_PHBA_PROPERTIES *props)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		doc_wide(doc, texts[i].key,
			 (const IMA_WCHAR *)(const void *)((const char *)props +
							   texts[i].offset),
			 texts[i].size);
	doc_add(doc, "supportedUlps", ulps_document(props->supportedUlps));
	doc_xbool(doc, "bidirectionalTransfersSupported",
		  props->bidirectionalTransfersSupported);
	if (props->maximumCdbLength)
		doc_number(doc, "maximumCdbLength", props->maximumCdbLength);
	else
		doc_null(doc, "maximumCdbLength");
	doc_xbool(doc, "canBeNic", props->canBeNic);
	doc_xbool(doc, "isNic", props->isNic);
	doc_xbool(doc, "isInitiator", props->isInitiator);
	doc_xbool(doc, "isTarget", props->isTarget);
	doc_xbool(doc, "usingTcpOffloadEngine", props->usingTcpOffloadEngine);
	doc_xbool(doc, "usingIscsiOffloadEngine", props->usingIscsiOffloadEngine);
}

static int phba_document(struct context *c, const struct object *phba,
			 struct json_object **out)
{
	IMA_PHBA_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetPhbaProperties, phba->oid, &props);

	if (IMA_ERROR(status))
		return failed(c, status, phba->name,
			      "cannot read the properties of PHBA %s", phba->name);
	*out = doc_new();
	doc_text(*out, "name", phba->name);
	doc_number(*out, "number", phba->number);
	doc_text(*out, "plugin", phba->plugin);
	add_status(c, *out, phba->oid);
	fill(*out, &props);
	return EXIT_DONE;
}

int phba_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "STATUS", "status", NULL, 0, NULL },
		{ "VENDOR", "vendor", NULL, 0, NULL },
		{ "MODEL", "model", NULL, 0, NULL },
		{ "FIRMWARE", "firmwareVersion", NULL, 0, NULL },
		{ "DRIVER", "driverName", NULL, 0, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "phba-list", columns,
					     .empty = "there is no PHBA");
	const struct objects *phbas;
	struct json_object *data;
	int err = objects_get(c, IMA_OBJECT_TYPE_PHBA, &phbas);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; i < phbas->count; i++) {
		struct json_object *doc;

		err = phba_document(c, &phbas->list[i], &doc);
		if (err) {
			json_object_put(data);
			return err;
		}
		doc_push(data, doc);
	}
	return output_document(c, &view, data);
}

static void add_download(struct context *c, struct json_object *doc, IMA_OID oid)
{
	IMA_PHBA_DOWNLOAD_PROPERTIES props;
	struct json_object *download = NULL;

	if (IMA_SUCCESS(CALL(c, IMA_GetPhbaDownloadProperties, oid, &props))) {
		download = doc_new();
		doc_bool(download, "isPhbaDownloadFileSupported",
			 props.isPhbaDownloadFileSupported == IMA_TRUE);
		doc_bool(download, "firmwareDownloadSupported",
			 props.firmwareDownloadSupported == IMA_TRUE);
		doc_bool(download, "optionRomDownloadSupported",
			 props.optionRomDownloadSupported == IMA_TRUE);
	}
	doc_add(doc, "download", download);
}

static int phba_of_argument(struct context *c, const struct object **phba)
{
	return object_get(c, IMA_OBJECT_TYPE_PHBA, arg(c, 0), phba);
}

static const struct column show_columns[] = {
	{ "Name", "name", NULL, 0, NULL },
	{ "Number", "number", NULL, 0, NULL },
	{ "Plugin", "plugin", NULL, 0, NULL },
	{ "Status", "status", NULL, 0, NULL },
	{ "Vendor", "vendor", NULL, 0, NULL },
	{ "Model", "model", NULL, 0, NULL },
	{ "Description", "description", NULL, 0, NULL },
	{ "Serial number", "serialNumber", NULL, 0, NULL },
	{ "Hardware version", "hardwareVersion", NULL, 0, NULL },
	{ "ASIC version", "asicVersion", NULL, 0, NULL },
	{ "Firmware version", "firmwareVersion", NULL, 0, NULL },
	{ "Option ROM version", "optionRomVersion", NULL, 0, NULL },
	{ "Driver", "driverName", NULL, 0, NULL },
	{ "Driver version", "driverVersion", NULL, 0, NULL },
	{ "Upper level protocols", "supportedUlps", NULL, 0, NULL },
	{ "Bidirectional transfers", "bidirectionalTransfersSupported", NULL, 0, NULL },
	{ "Maximum CDB length", "maximumCdbLength", NULL, 0, NULL },
	{ "Can be a NIC", "canBeNic", NULL, 0, NULL },
	{ "Is a NIC", "isNic", NULL, 0, NULL },
	{ "Is an initiator", "isInitiator", NULL, 0, NULL },
	{ "Is a target", "isTarget", NULL, 0, NULL },
	{ "Uses a TCP offload engine", "usingTcpOffloadEngine", NULL, 0, NULL },
	{ "Uses an iSCSI offload engine", "usingIscsiOffloadEngine", NULL, 0, NULL },
	{ "Checks image files", "download.isPhbaDownloadFileSupported", NULL, 0, NULL },
	{ "Takes firmware", "download.firmwareDownloadSupported", NULL, 0, NULL },
	{ "Takes an option ROM", "download.optionRomDownloadSupported", NULL, 0, NULL },
};

int phba_show(struct context *c)
{
	static const struct view view = VIEW(LAYOUT_RECORD, "phba-show", show_columns);
	const struct object *phba;
	struct json_object *doc;
	int err = phba_of_argument(c, &phba);

	if (!err)
		err = phba_document(c, phba, &doc);
	if (err)
		return err;
	add_download(c, doc, phba->oid);
	return output_document(c, &view, doc);
}

int phba_status(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Status", "status", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "phba-status", columns);
	const struct object *phba;
	struct json_object *doc;
	int err = phba_of_argument(c, &phba);

	if (err)
		return err;
	doc = doc_new();
	doc_text(doc, "name", phba->name);
	add_status(c, doc, phba->oid);
	return output_document(c, &view, doc);
}

/* --- images -------------------------------------------------------------------------------- */

static const struct {
	IMA_PHBA_DOWNLOAD_IMAGE_TYPE type;
	const char *name;
} image_types[] = {
	{ IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, "firmware" },
	{ IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM, "option-rom" },
	{ IMA_DOWNLOAD_IMAGE_TYPE_ALL, "all" },
	{ IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE, "bootcode" },
};

static const char *image_type_text(IMA_PHBA_DOWNLOAD_IMAGE_TYPE type)
{
	for (size_t i = 0; i < ARRAY_SIZE(image_types); i++)
		if (image_types[i].type == type)
			return image_types[i].name;
	return NULL;
}

static int image_type_parse(struct context *c, IMA_PHBA_DOWNLOAD_IMAGE_TYPE *type)
{
	const char *name = c->option[OPT_TYPE];

	*type = IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE;
	for (size_t i = 0; name && i < ARRAY_SIZE(image_types); i++)
		if (!strcasecmp(image_types[i].name, name)) {
			*type = image_types[i].type;
			name = NULL;
		}
	if (!name)
		return EXIT_DONE;
	return refused(
		c, EXIT_USAGE,
		"\"%s\" is no kind of image: firmware, option-rom, all or bootcode",
		name);
}

/* The path as the API takes it, absolute: a plugin may work in another folder. */
static int image_path(struct context *c, const char *typed, IMA_WCHAR path[PATH_SIZE])
{
	_cleanup_free_ char *real = realpath(typed, NULL);

	if (!real)
		return not_found(c, IMA_OBJECT_TYPE_UNKNOWN, typed,
				 "cannot find the file %s: %m", typed);
	if (access(real, R_OK))
		return refused(c, EXIT_FAILED, "cannot read the file %s: %m", typed);
	if (utf8_to_wide(real, path, PATH_SIZE) < 0)
		return refused(c, EXIT_USAGE, "the file name %s is no UTF-8 or too long",
			       typed);
	return EXIT_DONE;
}

int phba_check(struct context *c)
{
	static const struct column columns[] = {
		{ "PHBA", "phba", NULL, 0, NULL },
		{ "File", "file", NULL, 0, NULL },
		{ "Kind of image", "imageType", NULL, 0, NULL },
		{ "Version", "version", NULL, 0, NULL },
		{ "Description", "description", NULL, 0, NULL },
		{ "Newer than what the PHBA has", "upgrade", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "phba-check", columns);
	IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES props;
	IMA_WCHAR path[PATH_SIZE];
	const struct object *phba;
	struct json_object *doc;
	IMA_STATUS status;
	int err = image_path(c, arg(c, 1), path);

	if (!err)
		err = phba_of_argument(c, &phba);
	if (err)
		return err;
	status = CALL(c, IMA_IsPhbaDownloadFile, phba->oid, path, &props);
	if (IMA_ERROR(status))
		return failed(c, status, phba->name, "%s is no image for PHBA %s",
			      arg(c, 1), phba->name);
	doc = doc_new();
	doc_text(doc, "phba", phba->name);
	doc_text(doc, "file", arg(c, 1));
	doc_text(doc, "imageType", image_type_text(props.imageType));
	doc_wide(doc, "version", props.version, ARRAY_SIZE(props.version));
	doc_wide(doc, "description", props.description, ARRAY_SIZE(props.description));
	doc_xbool(doc, "upgrade", props.upgrade);
	return output_document(c, &view, doc);
}

int phba_download(struct context *c)
{
	IMA_PHBA_DOWNLOAD_IMAGE_TYPE type;
	IMA_WCHAR path[PATH_SIZE];
	const struct object *phba;
	IMA_STATUS status;
	int err = image_type_parse(c, &type);

	if (!err)
		err = image_path(c, arg(c, 1), path);
	if (!err)
		err = phba_of_argument(c, &phba);
	if (err)
		return err;
	status = CALL(c, IMA_PhbaDownload, phba->oid, type, path);
	if (IMA_ERROR(status))
		return failed(c, status, phba->name, "cannot download %s to PHBA %s",
			      arg(c, 1), phba->name);
	return output_change(c, true, status, phba->name, "PHBA %s has the %s of %s",
			     phba->name, image_type_text(type), arg(c, 1));
}
