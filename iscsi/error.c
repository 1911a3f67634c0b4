// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shared/cleanup.h"

static const struct {
	const char *name;
	enum iscsi_layer layer;
} failures[] = {
	[ISCSI_FAILED_NOTHING] = { "no error", ISCSI_LAYER_LOCAL },
	[ISCSI_FAILED_LOCAL] = { "local error", ISCSI_LAYER_LOCAL },
	[ISCSI_FAILED_RESOLVE] = { "name not resolved", ISCSI_LAYER_TRANSPORT },
	[ISCSI_FAILED_CONNECT] = { "no connection", ISCSI_LAYER_TRANSPORT },
	[ISCSI_FAILED_CONNECTION] = { "connection lost", ISCSI_LAYER_TRANSPORT },
	[ISCSI_FAILED_TIMEOUT] = { "timed out", ISCSI_LAYER_TRANSPORT },
	[ISCSI_FAILED_LOGIN] = { "login refused", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_AUTH] = { "authentication failed", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_NEGOTIATION] = { "negotiation failed", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_PROTOCOL] = { "protocol error", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_DIGEST] = { "digest error", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_REJECTED] = { "request rejected", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_BY_TARGET] = { "ended by target", ISCSI_LAYER_ISCSI },
	[ISCSI_FAILED_CANCELLED] = { "cancelled", ISCSI_LAYER_LOCAL },
};

const char *iscsi_failure_name(enum iscsi_failure kind)
{
	return (size_t)kind < ARRAY_SIZE(failures) ? failures[kind].name
						   : "unknown failure";
}

/* RFC 7143, 11.13.5. */
static const struct {
	uint16_t status;
	const char *text;
} login_statuses[] = {
	{ 0x0000, "Success" },
	{ 0x0101, "Target moved temporarily" },
	{ 0x0102, "Target moved permanently" },
	{ 0x0200, "Initiator error" },
	{ 0x0201, "Authentication failure" },
	{ 0x0202, "Authorization failure" },
	{ 0x0203, "Not found" },
	{ 0x0204, "Target removed" },
	{ 0x0205, "Unsupported version" },
	{ 0x0206, "Too many connections" },
	{ 0x0207, "Missing parameter" },
	{ 0x0208, "Can't include in session" },
	{ 0x0209, "Session type not supported" },
	{ 0x020a, "Session does not exist" },
	{ 0x020b, "Invalid during login" },
	{ 0x0300, "Target error" },
	{ 0x0301, "Service unavailable" },
	{ 0x0302, "Out of resources" },
};

static const char *const login_classes[] = {
	"unknown status of class Success",
	"unknown status of class Redirection",
	"unknown status of class Initiator Error",
	"unknown status of class Target Error",
};

const char *iscsi_login_status_text(uint8_t status_class, uint8_t status_detail)
{
	for (size_t i = 0; i < ARRAY_SIZE(login_statuses); i++)
		if (login_statuses[i].status == (status_class << 8 | status_detail))
			return login_statuses[i].text;
	return status_class < ARRAY_SIZE(login_classes) ? login_classes[status_class]
							: "unknown status class";
}

void iscsi_error_set(struct iscsi_error *error, enum iscsi_failure kind, int code,
		     const char *format, ...)
{
	va_list arguments;

	memset(error, 0, sizeof(*error));
	error->kind = kind;
	error->layer = failures[kind].layer;
	error->error = code;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
}

const char *iscsi_printable(const char *text, size_t length, char *out, size_t size)
{
	size_t n = length < size ? length : size - 1;

	for (size_t i = 0; i < n; i++)
		out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	out[n] = 0;
	if (n < length && size > 4)
		memcpy(out + size - 4, "...", 4);
	return out;
}
