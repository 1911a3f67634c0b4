// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-lu.c - logical units: list, show, SCSI commands, exposing.
 */
#include "commands.h"

#include <string.h>

#include "doc.h"
#include "documents.h"
#include "find.h"
#include "lun.h"
#include "output.h"
#include "progress.h"
#include "scsi.h"
#include "shared/number.h"

#define LUNS_FIRST 16384   /* bytes for 2,047 LUNs */
#define LUNS_MOST  8388616 /* bytes for 1,048,576 LUNs */

/* --- SCSI commands ------------------------------------------------------------------------ */

/* What a command brought; data is freed by reply_free(). */
struct reply {
	uint8_t *data;
	IMA_UINT length;
	IMA_BYTE sense[IMAX_SENSE_LEN];
	IMA_UINT sense_length;
};

static void reply_start(struct reply *reply, size_t size)
{
	memset(reply, 0, sizeof(*reply));
	reply->data = allocate(1, size);
	reply->length = size;
	reply->sense_length = sizeof(reply->sense);
}

static void reply_free(struct reply *reply)
{
	free(reply->data);
}
#define _cleanup_reply_ _cleanup_(reply_free)

/* Records the failure with the sense data of the command, if it has any. */
static int scsi_failed(struct context *c, IMA_STATUS status, const struct reply *reply,
		       const char *object, const char *what)
{
	failed(c, status, object, "%s to %s failed", what, object);
	if (status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION &&
	    reply->sense_length <= sizeof(reply->sense))
		failure_sense(c, reply->sense, reply->sense_length);
	return (int)c->failure.exit;
}

static int lu_failed(struct context *c, IMA_STATUS status, const struct reply *reply,
		     const struct lu *lu, const char *what)
{
	const char *object = keep_text(
		c, text_format("LUN %s of %s", lu->text, lu->target.name));

	return scsi_failed(c, status, reply, object, what);
}

static IMA_STATUS inquiry(struct context *c, IMA_OID oid, int page, size_t size,
			  struct reply *reply)
{
	reply_start(reply, size);
	return CALL(c, IMA_LuInquiry, oid, page >= 0, IMA_FALSE,
		    (IMA_BYTE)(page >= 0 ? page : 0), reply->data, &reply->length,
		    reply->sense, &reply->sense_length);
}

/* A page that says it is longer than what was asked for is asked for again. */
static IMA_STATUS read_page(struct context *c, IMA_OID oid, uint8_t page,
			    struct reply *reply)
{
	IMA_STATUS status = inquiry(c, oid, page, 252, reply);
	size_t length;

	if (IMA_ERROR(status))
		return status;
	length = scsi_vpd_length(reply->data, reply->length);
	if (length <= 252)
		return status;
	free(reply->data);
	return inquiry(c, oid, page, length > 65535 ? 65535 : length, reply);
}

static IMA_STATUS read_capacity(struct context *c, IMA_OID oid, unsigned cdb,
				struct reply *reply)
{
	reply_start(reply, cdb == 16 ? 32 : 8);
	return CALL(c, IMA_LuReadCapacity, oid, cdb, reply->data, &reply->length,
		    reply->sense, &reply->sense_length);
}

static IMA_STATUS report_luns(struct context *c, IMA_OID oid, IMA_BOOL well_known,
			      IMA_BYTE select, struct reply *reply)
{
	IMA_STATUS status;
	size_t size = LUNS_FIRST, whole;

	for (;;) {
		reply_start(reply, size);
		status = CALL(c, IMA_LuReportLuns, oid, well_known, select, reply->data,
			      &reply->length, reply->sense, &reply->sense_length);
		if (IMA_ERROR(status))
			return status;
		whole = scsi_luns_length(reply->data, reply->length);
		if (whole <= size || whole > LUNS_MOST)
			return status;
		size = whole;
		free(reply->data);
	}
}

IMA_STATUS luns_reported(struct context *c, IMA_OID target, uint64_t **luns,
			 size_t *count)
{
	struct reply _cleanup_reply_ reply;
	IMA_STATUS status = report_luns(c, target, IMA_FALSE, 0, &reply);
	size_t end;

	if (IMA_ERROR(status))
		return status;
	end = scsi_luns_length(reply.data, reply.length);
	if (end > reply.length)
		end = reply.length;
	*count = 0;
	*luns = allocate(end / 8 + 1, sizeof(**luns));
	for (size_t i = 8; i + 8 <= end; i += 8)
		(*luns)[(*count)++] = lun_from_bytes(reply.data + i);
	return status;
}

/* Is it the answer of a device that does not know the command? */
static bool is_unknown_command(IMA_STATUS status, const struct reply *reply)
{
	struct json_object *sense;
	bool illegal;

	if (status == IMA_ERROR_NOT_SUPPORTED)
		return true;
	if (status != IMA_ERROR_SCSI_STATUS_CHECK_CONDITION ||
	    reply->sense_length > sizeof(reply->sense))
		return false;
	sense = scsi_sense(reply->sense, reply->sense_length);
	illegal = doc_get_number(sense, "senseKey") == 5;
	json_object_put(sense);
	return illegal;
}

/* The long form, or the short one of a device that has no other. */
static IMA_STATUS capacity_of(struct context *c, IMA_OID oid, unsigned *cdb,
			      struct reply *reply)
{
	IMA_STATUS status;

	if (*cdb)
		return read_capacity(c, oid, *cdb, reply);
	*cdb = 16;
	status = read_capacity(c, oid, 16, reply);
	if (!is_unknown_command(status, reply))
		return status;
	free(reply->data);
	*cdb = 10;
	return read_capacity(c, oid, 10, reply);
}

/* --- documents ------------------------------------------------------------------------------ */

static void add_os_ids(struct json_object *doc, const IMA_LU_PROPERTIES *props)
{
	if (props->osParallelIdsValid != IMA_TRUE) {
		doc_null(doc, "osBusNumber");
		doc_null(doc, "osTargetId");
		doc_null(doc, "osLun");
		return;
	}
	doc_number(doc, "osBusNumber", props->osBusNumber);
	doc_number(doc, "osTargetId", props->osTargetId);
	doc_number(doc, "osLun", props->osLun);
}

static struct json_object *properties_document(const struct target *target,
					       const IMA_LU_PROPERTIES *props)
{
	static const IMA_DATETIME never;
	bool exposed = props->exposedToOs == IMA_TRUE;
	struct json_object *doc = doc_new();

	doc_text(doc, "target", target->name);
	doc_text(doc, "lhba", target->lhba->name);
	lun_document(doc, props->targetLun);
	doc_bool(doc, "exposedToOs", exposed);
	doc_time(doc, "timeExposedToOs", exposed ? &props->timeExposedToOs : &never);
	doc_wide(doc, "osDeviceName", props->osDeviceName,
		 props->osDeviceNameValid ? ARRAY_SIZE(props->osDeviceName) : 0);
	add_os_ids(doc, props);
	return doc;
}

struct json_object *lu_document(struct context *c, const struct target *target,
				IMA_OID oid)
{
	IMA_LU_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetLuProperties, oid, &props)))
		return NULL;
	return properties_document(target, &props);
}

static void add_inquiry(struct context *c, struct json_object *doc, IMA_OID oid)
{
	static const char *const keys[] = {
		"peripheralDeviceType", "peripheralDeviceTypeText",
		"t10VendorIdentification", "productIdentification", "productRevisionLevel"
	};
	struct reply _cleanup_reply_ reply;
	IMA_STATUS status = inquiry(c, oid, -1, 96, &reply);
	struct json_object *all = NULL;

	if (IMA_ERROR(status))
		warn_failed(c, status, doc_get_text(doc, "lunText"),
			    "INQUIRY of LUN %s failed", doc_get_text(doc, "lunText"));
	else
		all = scsi_inquiry(reply.data, reply.length);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		doc_add(doc, keys[i],
			json_object_get(all ? doc_get(all, keys[i]) : NULL));
	json_object_put(all);
}

/*
 * How well a designator names a logical unit: those that are unique in the world first, the
 * longest of them at the top. 0: not at all.
 */
static unsigned rank_of(struct json_object *designator)
{
	static const struct {
		unsigned type, naa, rank;
	} ranks[] = { { 3, 6, 9 }, { 3, 5, 8 }, { 2, 0, 7 }, { 3, 2, 6 }, { 10, 0, 5 },
		      { 8, 0, 4 }, { 3, 3, 3 }, { 1, 0, 2 }, { 0, 0, 1 } };
	unsigned type = (unsigned)doc_get_number(designator, "designatorType");
	unsigned naa = (unsigned)doc_get_number(designator, "naa");

	if (strcmp(doc_get_text(designator, "association"), "logical unit"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(ranks); i++)
		if (ranks[i].type == type && ranks[i].naa == naa)
			return ranks[i].rank;
	return 0;
}

static const char *best_designator(struct json_object *page)
{
	struct json_object *all = doc_get(page, "designators"), *best = NULL;

	for (size_t i = 0; all && i < json_object_array_length(all); i++) {
		struct json_object *one = json_object_array_get_idx(all, i);

		if (rank_of(one) > (best ? rank_of(best) : 0))
			best = one;
	}
	return best ? doc_get_text(best, "designator") : NULL;
}

static void add_identification(struct context *c, struct json_object *doc, IMA_OID oid)
{
	struct reply _cleanup_reply_ reply;
	struct json_object *page = NULL;

	if (IMA_SUCCESS(read_page(c, oid, 0x83, &reply)))
		page = scsi_vpd(reply.data, reply.length);
	doc_text(doc, "identifier", page ? best_designator(page) : NULL);
	json_object_put(page);
}

static void add_capacity(struct context *c, struct json_object *doc, IMA_OID oid)
{
	struct reply _cleanup_reply_ reply;
	struct json_object *capacity = NULL;
	unsigned cdb = 0;

	if (IMA_SUCCESS(capacity_of(c, oid, &cdb, &reply)))
		capacity = scsi_capacity(cdb, reply.data, reply.length);
	doc_add(doc, "capacity",
		json_object_get(capacity ? doc_get(capacity, "capacity") : NULL));
	doc_add(doc, "blockLength",
		json_object_get(capacity ? doc_get(capacity, "blockLength") : NULL));
	json_object_put(capacity);
}

static void add_details(struct context *c, struct json_object *doc, IMA_OID oid)
{
	add_inquiry(c, doc, oid);
	add_identification(c, doc, oid);
	add_capacity(c, doc, oid);
}

/* --- list ------------------------------------------------------------------------------------ */

/* NULL if it is gone. */
static struct json_object *row_document(struct context *c, const struct target *target,
					IMA_OID oid, bool details)
{
	struct json_object *doc = lu_document(c, target, oid);

	if (doc && details)
		add_details(c, doc, oid);
	return doc;
}

static void push_lu(struct context *c, const struct target *target, IMA_OID oid,
		    bool details, struct json_object *data)
{
	struct json_object *doc = row_document(c, target, oid, details);

	if (doc)
		doc_push(data, doc);
}

static bool has_oid(const IMA_OID_LIST *list, IMA_OID oid)
{
	for (IMA_UINT i = 0; list && i < list->oidCount; i++)
		if (oid_equal(list->oids[i], oid))
			return true;
	return false;
}

/* The LUs of a REPORT LUNS answer that are not in list. */
static void push_reported(struct context *c, const struct target *target,
			  const struct reply *reply, const IMA_OID_LIST *list,
			  bool details, struct json_object *data)
{
	size_t end = scsi_luns_length(reply->data, reply->length);

	if (end > reply->length)
		end = reply->length;
	for (size_t i = 8; i + 8 <= end; i += 8) {
		IMA_OID oid;

		if (IMA_ERROR(CALL(c, IMA_GetLuOid, target->oid,
				   lun_from_bytes(reply->data + i), &oid)))
			continue;
		if (!has_oid(list, oid))
			push_lu(c, target, oid, details, data);
	}
}

static int compare_luns(const void *a, const void *b)
{
	struct json_object *one = *(struct json_object *const *)a;
	struct json_object *other = *(struct json_object *const *)b;

	return strcmp(doc_get_text(one, "lunBytes"), doc_get_text(other, "lunBytes"));
}

int lus_document(struct context *c, const struct target *target, bool details,
		 struct json_object **lus)
{
	_cleanup_ima_ IMA_OID_LIST *exposed = NULL;
	struct reply _cleanup_reply_ reply;
	IMA_STATUS status;

	*lus = NULL;
	status = report_luns(c, target->oid, IMA_FALSE, 0, &reply);
	if (IMA_ERROR(status))
		return scsi_failed(c, status, &reply, target->name, "REPORT LUNS");
	if (IMA_ERROR(CALL(c, IMA_GetLuOidList, target->oid, &exposed)))
		exposed = NULL;
	*lus = doc_array();
	for (IMA_UINT i = 0; exposed && i < exposed->oidCount; i++)
		push_lu(c, target, exposed->oids[i], details, *lus);
	push_reported(c, target, &reply, exposed, details, *lus);
	json_object_array_sort(*lus, compare_luns);
	return EXIT_DONE;
}

struct json_object *exposed_document(struct context *c, const struct target *target)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	struct json_object *lus;

	if (IMA_ERROR(CALL(c, IMA_GetLuOidList, target->oid, &list)))
		return NULL;
	lus = doc_array();
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		push_lu(c, target, list->oids[i], false, lus);
	return lus;
}

static int list_exposed_by(struct context *c, const struct object *lhba,
			   const struct view *view, struct json_object *data)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMA_GetLuOidList, lhba->oid, &list);

	if (IMA_ERROR(status))
		return failed(c, status, lhba->name,
			      "cannot list the logical units of %s", lhba->name);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		struct json_object *doc;
		IMA_LU_PROPERTIES props;
		struct target target;

		if (IMA_ERROR(CALL(c, IMA_GetLuProperties, list->oids[i], &props)) ||
		    target_read(c, props.associatedTargetOid, &target))
			continue;
		doc = row_document(c, &target, list->oids[i], given(c, OPT_LONG));
		if (doc)
			output_row(c, view, data, doc);
	}
	return EXIT_DONE;
}

/* What is exposed, without asking any target. */
static int list_exposed(struct context *c, const struct view *view,
			struct json_object *data)
{
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++)
		err = list_exposed_by(c, lhbas[i], view, data);
	c->failure.exit = err ? c->failure.exit : EXIT_DONE;
	return err;
}

static void append(struct json_object *data, struct json_object *more)
{
	for (size_t i = 0; more && i < json_object_array_length(more); i++)
		doc_push(data, json_object_get(json_object_array_get_idx(more, i)));
	json_object_put(more);
}

/* One target of --all; one that does not answer is a warning. */
static int list_target(struct context *c, const struct target *target, void *data)
{
	struct json_object *lus;

	if (lus_document(c, target, given(c, OPT_LONG), &lus))
		failure_to_warning(c);
	append(data, lus);
	return EXIT_DONE;
}

static int list_one(struct context *c, struct json_object *data)
{
	struct json_object *lus = NULL;
	struct target target;
	int err = target_get(c, arg(c, 0), &target);

	if (!err)
		err = lus_document(c, &target, given(c, OPT_LONG), &lus);
	append(data, lus);
	return err;
}

static const struct column short_columns[] = {
	{ "TARGET", "target", NULL, 0, NULL },
	{ "LUN", "lunText", NULL, COLUMN_RIGHT, NULL },
	{ "EXPOSED", "exposedToOs", NULL, 0, NULL },
	{ "DEVICE", "osDeviceName", NULL, 0, NULL },
	{ "LHBA", "lhba", NULL, 0, NULL },
};
const struct view lus_view = VIEW(LAYOUT_TABLE, "lu-list", short_columns);

int lu_list(struct context *c)
{
	static const struct column long_columns[] = {
		{ "TARGET", "target", NULL, 0, NULL },
		{ "LUN", "lunText", NULL, COLUMN_RIGHT, NULL },
		{ "CAPACITY", "capacity", format_size, COLUMN_RIGHT, NULL },
		{ "TYPE", "peripheralDeviceTypeText", NULL, 0, NULL },
		{ "VENDOR", "t10VendorIdentification", NULL, 0, NULL },
		{ "PRODUCT", "productIdentification", NULL, 0, NULL },
		{ "REVISION", "productRevisionLevel", NULL, 0, NULL },
		{ "IDENTIFIER", "identifier", NULL, 0, NULL },
		{ "EXPOSED", "exposedToOs", NULL, 0, NULL },
		{ "DEVICE", "osDeviceName", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
	};
	static const struct view long_view = VIEW(LAYOUT_TABLE, "lu-list", long_columns);
	struct view view = given(c, OPT_LONG) ? long_view : lus_view;
	struct json_object *data = doc_array();
	int err;

	if (arg(c, 0))
		err = list_one(c, data);
	else if (given(c, OPT_ALL))
		err = targets_each(c, list_target, data);
	else
		err = list_exposed(c, &view, data);
	view.empty = arg(c, 0) ? "the target has no logical unit"
			       : "no logical unit is exposed: imactl lu list TARGET asks "
				 "a target";
	if (!err)
		return output_document(c, &view, data);
	json_object_put(data);
	return err;
}

int lu_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Target", "target", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "LUN", "lunText", NULL, 0, NULL },
		{ "Addressing method", "lunAddressing", NULL, 0, NULL },
		{ "LUN as bytes", "lunBytes", NULL, 0, NULL },
		{ "Type", "peripheralDeviceTypeText", NULL, 0, NULL },
		{ "Vendor", "t10VendorIdentification", NULL, 0, NULL },
		{ "Product", "productIdentification", NULL, 0, NULL },
		{ "Revision", "productRevisionLevel", NULL, 0, NULL },
		{ "Identifier", "identifier", NULL, 0, NULL },
		{ "Capacity", "capacity", format_bytes, 0, NULL },
		{ "Block length", "blockLength", NULL, 0, NULL },
		{ "Exposed to the operating system", "exposedToOs", NULL, 0, NULL },
		{ "Exposed since", "timeExposedToOs", NULL, 0, NULL },
		{ "Device", "osDeviceName", NULL, 0, NULL },
		{ "Bus", "osBusNumber", NULL, 0, NULL },
		{ "Target number", "osTargetId", NULL, 0, NULL },
		{ "LUN of the device", "osLun", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "lu-show", columns);
	struct json_object *doc;
	IMA_LU_PROPERTIES props;
	IMA_STATUS status;
	struct lu lu;
	int err = lu_get(c, 0, &lu);

	if (err)
		return err;
	status = CALL(c, IMA_GetLuProperties, lu.oid, &props);
	if (IMA_ERROR(status))
		return failed(c, status, lu.text,
			      "cannot read the properties of LUN %s of %s", lu.text,
			      lu.target.name);
	doc = properties_document(&lu.target, &props);
	add_details(c, doc, lu.oid);
	return output_document(c, &view, doc);
}

/* --- one command -------------------------------------------------------------------------------- */

/* The document of a SCSI answer, with the LU it is from. */
static struct json_object *answer_document(const struct lu *lu,
					   struct json_object *answer)
{
	doc_text(answer, "target", lu->target.name);
	doc_text(answer, "lhba", lu->target.lhba->name);
	lun_document(answer, lu->lun);
	return answer;
}

static void print_hex(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i += 16) {
		printf("%04zx ", i);
		for (size_t j = i; j < i + 16; j++)
			if (j < length)
				printf(" %02x", data[j]);
			else
				fputs("   ", stdout);
		fputs("  ", stdout);
		for (size_t j = i; j < i + 16 && j < length; j++)
			putchar(data[j] >= 0x20 && data[j] < 0x7f ? data[j] : '.');
		putchar('\n');
	}
}

/* The decoded answer, or with --hex its bytes. */
static int output_answer(struct context *c, const struct view *view,
			 struct json_object *answer, const struct reply *reply)
{
	static const struct view bytes = { .layout = LAYOUT_CHANGE };

	if (!given(c, OPT_HEX) || given(c, OPT_JSON))
		return output_document(c, view, answer);
	progress_stop();
	print_hex(reply->data, reply->length);
	return output_document(c, &bytes, answer);
}

/* A page nobody here knows is at least shown. */
static int output_page(struct context *c, const struct lu *lu, uint8_t page,
		       const struct reply *reply)
{
	struct json_object *answer = scsi_vpd(reply->data, reply->length);
	bool known = scsi_vpd_is_decoded(reply->data, reply->length);
	int err = output_answer(c, scsi_vpd_view(page), answer_document(lu, answer),
				reply);

	if (err || known || given(c, OPT_JSON) || given(c, OPT_HEX))
		return err;
	puts("\nBytes:");
	print_hex(reply->data, reply->length);
	return EXIT_DONE;
}

static int parse_page(struct context *c, int *page)
{
	const char *text = c->option[OPT_PAGE];
	uint64_t number;

	*page = -1;
	if (!text)
		return EXIT_DONE;
	if (number_parse(text, 0, 255, &number))
		return refused(c, EXIT_USAGE,
			       "\"%s\" is no page code: 0 to 255, or 0x00 to 0xff", text);
	*page = (int)number;
	return EXIT_DONE;
}

int lu_inquiry(struct context *c)
{
	struct reply _cleanup_reply_ reply = { 0 };
	IMA_STATUS status;
	struct lu lu;
	int page, err = parse_page(c, &page);

	if (!err)
		err = lu_get(c, 0, &lu);
	if (err)
		return err;
	status = page < 0 ? inquiry(c, lu.oid, -1, 96, &reply)
			  : read_page(c, lu.oid, (uint8_t)page, &reply);
	if (IMA_ERROR(status))
		return lu_failed(c, status, &reply, &lu, "INQUIRY");
	if (page < 0)
		return output_answer(
			c, scsi_inquiry_view(),
			answer_document(&lu, scsi_inquiry(reply.data, reply.length)),
			&reply);
	return output_page(c, &lu, (uint8_t)page, &reply);
}

int lu_capacity(struct context *c)
{
	struct reply _cleanup_reply_ reply = { 0 };
	const char *text = c->option[OPT_CDB];
	uint64_t number = 0;
	IMA_STATUS status;
	unsigned cdb;
	struct lu lu;
	int err;

	if (text &&
	    (number_parse(text, 10, 16, &number) || (number != 10 && number != 16)))
		return refused(c, EXIT_USAGE, "--cdb takes 10 or 16, not \"%s\"", text);
	err = lu_get(c, 0, &lu);
	if (err)
		return err;
	cdb = (unsigned)number;
	status = capacity_of(c, lu.oid, &cdb, &reply);
	if (IMA_ERROR(status))
		return lu_failed(c, status, &reply, &lu, "READ CAPACITY");
	return output_answer(
		c, scsi_capacity_view(cdb),
		answer_document(&lu, scsi_capacity(cdb, reply.data, reply.length)),
		&reply);
}

static struct json_object *luns_answer(const struct target *target, IMA_BYTE select,
				       const struct reply *reply)
{
	struct json_object *doc = doc_new();
	size_t whole = scsi_luns_length(reply->data, reply->length);

	doc_text(doc, "target", target->name);
	doc_text(doc, "lhba", target->lhba->name);
	doc_bool(doc, "wellKnown", false);
	doc_number(doc, "selectReport", select);
	doc_add(doc, "luns", scsi_luns(reply->data, reply->length));
	doc_bool(doc, "complete", whole && whole <= reply->length);
	doc_hex(doc, "bytes", reply->data, reply->length);
	return doc;
}

int lu_report(struct context *c)
{
	static const struct column lun_columns[] = {
		{ "LUN", "lunText", NULL, COLUMN_RIGHT, NULL },
		{ "ADDRESSING METHOD", "lunAddressing", NULL, 0, NULL },
		{ "BYTES", "lunBytes", NULL, 0, NULL },
	};
	static const struct view luns = VIEW(LAYOUT_TABLE, NULL, lun_columns);
	static const struct column columns[] = {
		{ "Target", "target", NULL, 0, NULL },
		{ "Sent to the well known LU", "wellKnown", NULL, 0, NULL },
		{ "SELECT REPORT", "selectReport", format_hex8, 0, NULL },
		{ "Logical unit numbers", "luns", NULL, 0, &luns },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "lu-report", columns);
	struct reply _cleanup_reply_ reply = { 0 };
	const char *text = c->option[OPT_SELECT];
	uint64_t select = 0;
	struct json_object *answer;
	struct target target;
	IMA_STATUS status;
	int err;

	if (text && number_parse(text, 0, 255, &select))
		return refused(c, EXIT_USAGE, "--select takes 0 to 255, not \"%s\"",
			       text);
	err = target_get(c, arg(c, 0), &target);
	if (err)
		return err;
	status = report_luns(c, target.oid, given(c, OPT_WELL_KNOWN), (IMA_BYTE)select,
			     &reply);
	if (IMA_ERROR(status))
		return scsi_failed(c, status, &reply, target.name, "REPORT LUNS");
	answer = luns_answer(&target, (IMA_BYTE)select, &reply);
	doc_bool(answer, "wellKnown", given(c, OPT_WELL_KNOWN));
	return output_answer(c, &view, answer, &reply);
}

/* --- exposing -------------------------------------------------------------------------------------- */

static int change_exposure(struct context *c, IMA_STATUS (*call)(IMA_OID),
			   IMA_STATUS already, const char *verb, const char *state,
			   const char *again)
{
	IMA_STATUS status;
	struct lu lu;
	int err = lu_get(c, 0, &lu);

	if (err)
		return err;
	status = CALL(c, call, lu.oid);
	if (status == already)
		return output_change(c, false, IMA_STATUS_SUCCESS, lu.text,
				     "LUN %s of %s is %s %s", lu.text, lu.target.name,
				     state, again);
	if (IMA_ERROR(status))
		return failed(c, status, lu.text, "cannot %s LUN %s of %s", verb, lu.text,
			      lu.target.name);
	return output_change(c, true, status, lu.text, "LUN %s of %s is %s", lu.text,
			     lu.target.name, state);
}

int lu_expose(struct context *c)
{
	return change_exposure(c, IMA_ExposeLu, IMA_ERROR_LU_EXPOSED, "expose", "exposed",
			       "already");
}

int lu_unexpose(struct context *c)
{
	return change_exposure(c, IMA_UnexposeLu, IMA_ERROR_LU_NOT_EXPOSED, "unexpose",
			       "not exposed", "anyway");
}
