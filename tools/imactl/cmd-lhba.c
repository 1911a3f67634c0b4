// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-lhba.c - logical HBAs.
 */
#include "commands.h"

#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"

static int lhba_document(struct context *c, const struct object *lhba,
			 struct json_object **out)
{
	IMA_LHBA_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetLhbaProperties, lhba->oid, &props);
	struct json_object *doc;

	if (IMA_ERROR(status))
		return failed(c, status, lhba->name, "cannot read the properties of %s",
			      lhba->name);
	*out = doc = doc_new();
	doc_text(doc, "name", lhba->name);
	doc_number(doc, "number", lhba->number);
	doc_text(doc, "plugin", lhba->plugin);
	doc_wide(doc, "osDeviceName", props.osDeviceName, ARRAY_SIZE(props.osDeviceName));
	doc_bool(doc, "luExposingSupported", props.luExposingSupported == IMA_TRUE);
	doc_bool(doc, "isDestroyable", props.isDestroyable == IMA_TRUE);
	doc_bool(doc, "staleDataRemovable", props.staleDataRemovable == IMA_TRUE);
	doc_number(doc, "staleDataSize", props.staleDataSize);
	doc_bool(doc, "initiatorAuthMethodsSettable",
		 props.initiatorAuthMethodsSettable == IMA_TRUE);
	doc_bool(doc, "targetAuthMethodsSettable",
		 props.targetAuthMethodsSettable == IMA_TRUE);
	return EXIT_DONE;
}

void ipsec_document(struct context *c, struct json_object *doc, IMA_OID oid)
{
	IMA_IPSEC_PROPERTIES props;
	struct json_object *ipsec = NULL;

	if (!CALL(c, IMA_GetIpsecProperties, oid, &props)) {
		ipsec = doc_new();
		doc_bool(ipsec, "supported", props.ipsecSupported == IMA_TRUE);
		doc_bool(ipsec, "implementedInHardware",
			 props.implementedInHardware == IMA_TRUE);
		doc_bool(ipsec, "implementedInSoftware",
			 props.implementedInSoftware == IMA_TRUE);
	}
	doc_add(doc, "ipsec", ipsec);
}

static void count_targets(struct context *c, struct json_object *doc,
			  const struct object *lhba)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;

	if (CALL(c, IMA_GetTargetOidList, lhba->oid, &list))
		doc_null(doc, "targets");
	else
		doc_number(doc, "targets", list->oidCount);
}

int lhba_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
		{ "DEVICE", "osDeviceName", NULL, 0, NULL },
		{ "TARGETS", "targets", NULL, COLUMN_RIGHT, NULL },
		{ "EXPOSES LUS", "luExposingSupported", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "lhba-list", columns,
					     .empty = "there is no LHBA");
	const struct objects *lhbas;
	struct json_object *data;
	int err = objects_get(c, IMA_OBJECT_TYPE_LHBA, &lhbas);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; i < lhbas->count; i++) {
		struct json_object *doc;

		err = lhba_document(c, &lhbas->list[i], &doc);
		if (err) {
			json_object_put(data);
			return err;
		}
		count_targets(c, doc, &lhbas->list[i]);
		doc_push(data, doc);
	}
	return output_document(c, &view, data);
}

/* The LHBA of the argument, of --lhba, or the only one. */
static int lhba_of_argument(struct context *c, const struct object **lhba)
{
	if (!arg(c, 0))
		return lhba_get(c, lhba);
	return object_get(c, IMA_OBJECT_TYPE_LHBA, arg(c, 0), lhba);
}

int lhba_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Number", "number", NULL, 0, NULL },
		{ "Plugin", "plugin", NULL, 0, NULL },
		{ "Device in the operating system", "osDeviceName", NULL, 0, NULL },
		{ "Targets", "targets", NULL, 0, NULL },
		{ "LUs can be exposed one by one", "luExposingSupported", NULL, 0, NULL },
		{ "Authentication methods can be set", "initiatorAuthMethodsSettable",
		  NULL, 0, NULL },
		{ "Stale data can be removed", "staleDataRemovable", NULL, 0, NULL },
		{ "Stale data", "staleDataSize", format_bytes, 0, NULL },
		{ "IPsec", "ipsec.supported", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "lhba-show", columns);
	const struct object *lhba;
	struct json_object *doc;
	int err = lhba_of_argument(c, &lhba);

	if (!err)
		err = lhba_document(c, lhba, &doc);
	if (err)
		return err;
	count_targets(c, doc, lhba);
	ipsec_document(c, doc, lhba->oid);
	return output_document(c, &view, doc);
}

int lhba_remove_stale_data(struct context *c)
{
	IMA_LHBA_PROPERTIES props = { 0 };
	const struct object *lhba;
	IMA_STATUS status;
	int err = lhba_of_argument(c, &lhba);

	if (err)
		return err;
	CALL(c, IMA_GetLhbaProperties, lhba->oid, &props);
	status = CALL(c, IMA_RemoveStaleData, lhba->oid);
	if (IMA_ERROR(status))
		return failed(c, status, lhba->name, "cannot remove the stale data of %s",
			      lhba->name);
	return output_change(c, props.staleDataSize > 0, status, lhba->name,
			     "%s: removed %lu bytes of stale data", lhba->name,
			     props.staleDataSize);
}
