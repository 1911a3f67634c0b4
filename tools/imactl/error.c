// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * error.c - from the statuses of the library to sentences, exit codes and error documents.
 */
#include "imactl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "output.h"
#include "progress.h"
#include "scsi.h"

/* What a status means to people, where the library says no more, and to scripts. */
static const struct {
	IMA_STATUS status;
	enum exit_code exit;
	const char *text;
} statuses[] = {
	{ IMA_ERROR_NOT_SUPPORTED, EXIT_NOT_SUPPORTED,
	  "the initiator does not support it" },
	{ IMA_ERROR_INSUFFICIENT_MEMORY, EXIT_FAILED, "out of memory" },
	{ IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD, EXIT_FAILED,
	  "it is the only discovery method that is enabled" },
	{ IMA_ERROR_UNEXPECTED_OS_ERROR, EXIT_FAILED, "the operating system failed" },
	{ IMA_ERROR_SYNC_TIMEOUT, EXIT_TIMED_OUT,
	  "something on this machine did not answer in time" },
	{ IMA_ERROR_LU_EXPOSED, EXIT_FAILED, "a logical unit is exposed" },
	{ IMA_ERROR_LU_NOT_EXPOSED, EXIT_FAILED, "the logical unit is not exposed" },
	{ IMA_ERROR_LU_IN_USE, EXIT_FAILED, "the operating system uses a logical unit" },
	{ IMA_ERROR_TARGET_TIMEOUT, EXIT_TIMED_OUT, "the target did not answer in time" },
	{ IMA_ERROR_LOGIN_REJECTED, EXIT_FAILED, "the target refused the login" },
	{ IMA_ERROR_STATS_COLLECTION_NOT_ENABLED, EXIT_FAILED,
	  "statistics are not being collected" },
	{ IMA_ERROR_SCSI_STATUS_CHECK_CONDITION, EXIT_FAILED, "SCSI CHECK CONDITION" },
	{ IMA_ERROR_SCSI_STATUS_BUSY, EXIT_FAILED, "SCSI BUSY" },
	{ IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT, EXIT_FAILED,
	  "SCSI RESERVATION CONFLICT" },
	{ IMA_ERROR_SCSI_STATUS_TASK_SET_FULL, EXIT_FAILED, "SCSI TASK SET FULL" },
	{ IMA_ERROR_SCSI_STATUS_ACA_ACTIVE, EXIT_FAILED, "SCSI ACA ACTIVE" },
	{ IMA_ERROR_SCSI_STATUS_TASK_ABORTED, EXIT_FAILED, "SCSI TASK ABORTED" },
	{ IMA_ERROR_INVALID_PARAMETER, EXIT_USAGE, "the initiator refuses the value" },
	{ IMA_ERROR_OBJECT_NOT_FOUND, EXIT_NOT_FOUND, "there is no such object" },
	{ IMA_ERROR_NAME_TOO_LONG, EXIT_USAGE, "the name is too long" },
};

/* Status-Class and Status-Detail of a Login Response: RFC 7143, 11.13.5. */
static const struct login_status {
	uint16_t code;
	enum exit_code exit;
	const char *text;
} login_statuses[] = {
	{ 0x0101, EXIT_FAILED, "target moved temporarily" },
	{ 0x0102, EXIT_FAILED, "target moved permanently" },
	{ 0x0200, EXIT_FAILED, "initiator error" },
	{ 0x0201, EXIT_AUTHENTICATION, "authentication failure" },
	{ 0x0202, EXIT_AUTHENTICATION, "authorization failure" },
	{ 0x0203, EXIT_NOT_FOUND, "not found" },
	{ 0x0204, EXIT_FAILED, "target removed" },
	{ 0x0205, EXIT_FAILED, "unsupported version" },
	{ 0x0206, EXIT_FAILED, "too many connections" },
	{ 0x0207, EXIT_FAILED, "missing parameter" },
	{ 0x0208, EXIT_FAILED, "cannot include connection in session" },
	{ 0x0209, EXIT_FAILED, "session type not supported" },
	{ 0x020a, EXIT_FAILED, "session does not exist" },
	{ 0x020b, EXIT_FAILED, "invalid during login" },
	{ 0x0300, EXIT_FAILED, "target error" },
	{ 0x0301, EXIT_FAILED, "service unavailable" },
	{ 0x0302, EXIT_FAILED, "out of resources" },
};

static const struct {
	IMAX_LAYER layer;
	const char *name;
} layers[] = {
	{ IMAX_LAYER_LIBRARY, "library" },     { IMAX_LAYER_PLUGIN, "plugin" },
	{ IMAX_LAYER_OS, "operating system" }, { IMAX_LAYER_TRANSPORT, "transport" },
	{ IMAX_LAYER_ISCSI, "iSCSI" },	       { IMAX_LAYER_SCSI, "SCSI" },
	{ IMAX_LAYER_CHILD, "program" },
};

static const char *const object_types[] = {
	[IMA_OBJECT_TYPE_UNKNOWN] = "unknown",
	[IMA_OBJECT_TYPE_PLUGIN] = "plugin",
	[IMA_OBJECT_TYPE_NODE] = "node",
	[IMA_OBJECT_TYPE_LHBA] = "LHBA",
	[IMA_OBJECT_TYPE_PHBA] = "PHBA",
	[IMA_OBJECT_TYPE_NETWORK_PORTAL] = "network portal",
	[IMA_OBJECT_TYPE_PORTAL_GROUP] = "portal group",
	[IMA_OBJECT_TYPE_LNP] = "LNP",
	[IMA_OBJECT_TYPE_PNP] = "PNP",
	[IMA_OBJECT_TYPE_TARGET] = "target",
	[IMA_OBJECT_TYPE_LU] = "logical unit",
	[IMA_OBJECT_TYPE_DISCOVERY_ADDRESS] = "discovery address",
	[IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET] = "static discovery target",
	[IMA_OBJECT_TYPE_CONNECTION] = "connection",
	[IMA_OBJECT_TYPE_SESSION] = "session",
};

const char *object_type_text(IMA_OBJECT_TYPE type)
{
	return (size_t)type < ARRAY_SIZE(object_types) ? object_types[type] : "unknown";
}

static const char *status_text(IMA_STATUS status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "it failed for a reason the initiator does not tell";
}

static const struct login_status *login_status_of(const IMAX_LAST_ERROR *last)
{
	uint16_t code = (uint16_t)(last->loginStatusClass << 8 | last->loginStatusDetail);

	for (size_t i = 0; last->loginStatusValid && i < ARRAY_SIZE(login_statuses); i++)
		if (login_statuses[i].code == code)
			return &login_statuses[i];
	return NULL;
}

/* As iscsiadm has it: ISCSI_ERR_LOGIN_AUTH_FAILED. */
#define ISCSIADM_AUTHENTICATION 24

/* A login that ended without a status of the target was ended by us: it did not prove itself. */
static enum exit_code exit_code_of_login(const IMAX_LAST_ERROR *last)
{
	const struct login_status *login = login_status_of(last);

	if (login)
		return login->exit;
	if (last->childExitValid && last->childExitCode == ISCSIADM_AUTHENTICATION)
		return EXIT_AUTHENTICATION;
	return last->layer == IMAX_LAYER_ISCSI && !last->loginStatusValid
		       ? EXIT_AUTHENTICATION
		       : EXIT_FAILED;
}

static enum exit_code exit_code_of(const IMAX_LAST_ERROR *last)
{
	if (last->status == IMA_ERROR_LOGIN_REJECTED)
		return exit_code_of_login(last);
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == last->status)
			return statuses[i].exit;
	return EXIT_FAILED;
}

static const char *layer_text(IMAX_LAYER layer)
{
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++)
		if (layers[i].layer == layer)
			return layers[i].name;
	return "unknown";
}

/* What the library knows about the call that just returned status. */
static void record_last_error(IMA_STATUS status, IMAX_LAST_ERROR *last)
{
	memset(last, 0, sizeof(*last));
	last->size = sizeof(*last);
	if (IMAX_GetLastError(last) || last->status != status) {
		memset(last, 0, sizeof(*last));
		last->status = status;
	}
}

/*
 * Why the call failed. A plugin says it in a sentence; the library in one that begins with call
 * and object, which people need not read twice.
 */
static const char *reason_of(const IMAX_LAST_ERROR *last)
{
	const char *reason;

	if (!*last->text)
		return status_text(last->status);
	if (strncmp(last->text, last->call, strlen(last->call)))
		return last->text;
	reason = strstr(last->text, ": ");
	return reason ? reason + 2 : last->text;
}

printf_like(4, 0) static void record(struct failure *failure, IMA_STATUS status,
				     const char *object, const char *format, va_list ap)
{
	const char *reason;
	char what[640];

	memset(failure, 0, sizeof(*failure));
	record_last_error(status, &failure->last);
	vsnprintf(what, sizeof(what), format, ap);
	reason = reason_of(&failure->last);
	failure->has_status = true;
	failure->exit = exit_code_of(&failure->last);
	snprintf(failure->object, sizeof(failure->object), "%s", object ? object : "");
	/* A plugin may have begun its sentence with the same words. */
	if (!strncmp(reason, what, strlen(what)))
		snprintf(failure->text, sizeof(failure->text), "%s", reason);
	else
		snprintf(failure->text, sizeof(failure->text), "%s: %s", what, reason);
}

void failure_set(struct failure *failure, IMA_STATUS status, const char *object,
		 const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	record(failure, status, object, format, ap);
	va_end(ap);
}

void failure_refuse(struct failure *failure, enum exit_code exit, const char *object,
		    const char *format, ...)
{
	va_list ap;

	memset(failure, 0, sizeof(*failure));
	failure->exit = exit;
	snprintf(failure->object, sizeof(failure->object), "%s", object);
	va_start(ap, format);
	vsnprintf(failure->text, sizeof(failure->text), format, ap);
	va_end(ap);
}

int failed(struct context *c, IMA_STATUS status, const char *object, const char *format,
	   ...)
{
	va_list ap;

	va_start(ap, format);
	record(&c->failure, status, object, format, ap);
	va_end(ap);
	return (int)c->failure.exit;
}

int refused(struct context *c, enum exit_code exit, const char *format, ...)
{
	va_list ap;

	memset(&c->failure, 0, sizeof(c->failure));
	c->failure.exit = exit;
	va_start(ap, format);
	vsnprintf(c->failure.text, sizeof(c->failure.text), format, ap);
	va_end(ap);
	return (int)exit;
}

int not_found(struct context *c, IMA_OBJECT_TYPE type, const char *name,
	      const char *format, ...)
{
	va_list ap;

	memset(&c->failure, 0, sizeof(c->failure));
	c->failure.exit = EXIT_NOT_FOUND;
	c->failure.has_status = true;
	c->failure.last.status = IMA_ERROR_OBJECT_NOT_FOUND;
	c->failure.last.object.objectType = type;
	snprintf(c->failure.object, sizeof(c->failure.object), "%s", name);
	va_start(ap, format);
	vsnprintf(c->failure.text, sizeof(c->failure.text), format, ap);
	va_end(ap);
	return EXIT_NOT_FOUND;
}

static void show_warning(struct context *c, const struct failure *failure)
{
	progress_stop();
	fputs("imactl: warning: ", stderr);
	print_safely(stderr, failure->text);
	fputc('\n', stderr);
	if (!c->warnings)
		c->warnings = doc_array();
	doc_push(c->warnings, failure_document(failure));
}

static void push_warning(struct context *c, const struct failure *failure)
{
	if (!c->holding)
		return show_warning(c, failure);
	c->held = reallocarray(c->held, c->nheld + 1, sizeof(*failure));
	if (!c->held)
		out_of_memory();
	c->held[c->nheld++] = *failure;
}

void warnings_hold(struct context *c)
{
	c->holding = true;
}

void warnings_release(struct context *c, bool show)
{
	for (size_t i = 0; show && i < c->nheld; i++)
		show_warning(c, &c->held[i]);
	free(c->held);
	c->held = NULL;
	c->nheld = 0;
	c->holding = false;
}

void failure_to_warning(struct context *c)
{
	struct failure failure = c->failure;

	c->failure.exit = EXIT_DONE;
	push_warning(c, &failure);
}

void warn_failed(struct context *c, IMA_STATUS status, const char *object,
		 const char *format, ...)
{
	struct failure failure;
	va_list ap;

	va_start(ap, format);
	record(&failure, status, object, format, ap);
	va_end(ap);
	push_warning(c, &failure);
}

void warn(struct context *c, const char *format, ...)
{
	struct failure failure = { 0 };
	va_list ap;

	va_start(ap, format);
	vsnprintf(failure.text, sizeof(failure.text), format, ap);
	va_end(ap);
	push_warning(c, &failure);
}

void failure_sense(struct context *c, const uint8_t *sense, size_t length)
{
	IMAX_LAST_ERROR *last = &c->failure.last;

	if (last->senseLength || length > sizeof(last->sense))
		return;
	memcpy(last->sense, sense, length);
	last->senseLength = (IMA_UINT32)length;
}

/* --- the document ------------------------------------------------------------------- */

static struct json_object *status_document(IMA_STATUS status)
{
	struct json_object *doc = doc_new();

	doc_text(doc, "name", IMAX_StatusName(status));
	doc_number(doc, "value", status);
	return doc;
}

static struct json_object *object_document(const struct failure *failure)
{
	struct json_object *doc;

	if (!*failure->object && !failure->last.object.objectType)
		return NULL;
	doc = doc_new();
	doc_text(doc, "type", object_type_text(failure->last.object.objectType));
	doc_text(doc, "name", failure->object);
	return doc;
}

static struct json_object *errno_document(IMA_INT32 number)
{
	struct json_object *doc = doc_new();

	doc_add(doc, "number", json_object_new_int(number));
	doc_text(doc, "name", strerrorname_np(number));
	doc_text(doc, "text", strerrordesc_np(number));
	return doc;
}

static struct json_object *login_document(const IMAX_LAST_ERROR *last)
{
	const struct login_status *status = login_status_of(last);
	struct json_object *doc = doc_new();

	doc_number(doc, "class", last->loginStatusClass);
	doc_number(doc, "detail", last->loginStatusDetail);
	doc_text(doc, "text", status ? status->text : NULL);
	return doc;
}

static struct json_object *scsi_document(const IMAX_LAST_ERROR *last)
{
	struct json_object *doc = doc_new();
	size_t length = last->senseLength > IMAX_SENSE_LEN ? IMAX_SENSE_LEN
							   : last->senseLength;

	if (last->scsiStatusValid)
		doc_number(doc, "status", last->scsiStatus);
	else
		doc_null(doc, "status");
	doc_text(doc, "statusText",
		 last->scsiStatusValid ? scsi_status_text(last->scsiStatus) : NULL);
	doc_add(doc, "sense", length ? scsi_sense(last->sense, length) : NULL);
	return doc;
}

struct json_object *failure_document(const struct failure *failure)
{
	const IMAX_LAST_ERROR *last = &failure->last;
	struct json_object *doc = doc_new();
	bool called = *last->call;

	doc_text(doc, "text", failure->text);
	doc_number(doc, "exitCode", failure->exit);
	doc_add(doc, "status",
		failure->has_status ? status_document(last->status) : NULL);
	doc_text(doc, "call", last->call);
	doc_add(doc, "object", object_document(failure));
	doc_text(doc, "plugin", last->plugin);
	doc_text(doc, "layer", called ? layer_text(last->layer) : NULL);
	doc_add(doc, "errno", last->osError ? errno_document(last->osError) : NULL);
	doc_add(doc, "login", last->loginStatusValid ? login_document(last) : NULL);
	doc_add(doc, "scsi",
		last->scsiStatusValid || last->senseLength ? scsi_document(last) : NULL);
	doc_add(doc, "programExitCode",
		last->childExitValid ? json_object_new_int(last->childExitCode) : NULL);
	return doc;
}

static void print_login(const struct failure *failure)
{
	const struct login_status *login = login_status_of(&failure->last);

	if (!failure->last.loginStatusValid)
		return;
	fprintf(stderr, ", login status %02x%02x", failure->last.loginStatusClass,
		failure->last.loginStatusDetail);
	if (login)
		fprintf(stderr, " %s", login->text);
}

static void print_sense(const IMAX_LAST_ERROR *last)
{
	struct json_object *sense;
	_cleanup_free_ char *text = NULL;

	if (!last->senseLength || last->senseLength > IMAX_SENSE_LEN)
		return;
	sense = scsi_sense(last->sense, last->senseLength);
	text = scsi_sense_text(sense);
	fprintf(stderr, "        (sense data: %s)\n", text);
	json_object_put(sense);
}

void failure_print(const struct failure *failure)
{
	fputs("imactl: ", stderr);
	print_safely(stderr, failure->text);
	fputc('\n', stderr);
	if (failure->has_status && *failure->last.call) {
		fprintf(stderr, "        (%s from ",
			IMAX_StatusName(failure->last.status));
		print_safely(stderr, failure->last.call);
		if (failure->last.layer != IMAX_LAYER_PLUGIN)
			fprintf(stderr, ", %s layer", layer_text(failure->last.layer));
		if (*failure->last.plugin) {
			fputs(", plugin ", stderr);
			print_safely(stderr, failure->last.plugin);
		}
		print_login(failure);
		fputs(")\n", stderr);
	}
	print_sense(&failure->last);
}
