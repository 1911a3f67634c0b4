// SPDX-License-Identifier: LGPL-2.1-or-later
#include "advice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "login.h"
#include "shared/cleanup.h"

#define INITIATOR_ERROR 2 /* classes of a login status */
#define TARGET_ERROR	3

/* With CHAP, without it, or either way. */
enum when { ALWAYS, WITH_CHAP, WITHOUT_CHAP };

static const struct {
	uint8_t class, detail;
	enum when when;
	const char *text;
} by_status[] = {
	{ INITIATOR_ERROR, 0x00, WITH_CHAP,
	  "the target may know none of the CHAP algorithms that were offered; set those "
	  "it "
	  "has" },
	{ INITIATOR_ERROR, 0x01, WITH_CHAP,
	  "check the CHAP name and secret of the initiator, and the CHAP algorithms" },
	{ INITIATOR_ERROR, 0x01, WITHOUT_CHAP,
	  "the target demands authentication; set a CHAP name and secret for it and use "
	  "CHAP" },
	{ INITIATOR_ERROR, 0x02, ALWAYS,
	  "the target does not admit this initiator; add its name to the access list "
	  "there" },
	{ INITIATOR_ERROR, 0x03, ALWAYS,
	  "there is no such target at this portal, or not for this initiator; discover "
	  "again" },
	{ INITIATOR_ERROR, 0x04, ALWAYS,
	  "discover again to see what has taken its place" },
	{ INITIATOR_ERROR, 0x06, ALWAYS, "log out of it elsewhere first" },
	{ TARGET_ERROR, 0x00, ALWAYS, "its log may say why" },
	{ TARGET_ERROR, 0x01, ALWAYS, "try again later" },
	{ TARGET_ERROR, 0x02, ALWAYS, "try again later" },
};

/* What our own side did not accept. */
static const struct {
	enum iscsi_failure kind;
	const char *key, *text;
} by_key[] = {
	{ ISCSI_FAILED_AUTH, "",
	  "if it is to be used without authentication, use the method none for it" },
	{ ISCSI_FAILED_AUTH, "AuthMethod",
	  "if it is to be used without authentication, use the method none for it" },
	{ ISCSI_FAILED_NEGOTIATION, "AuthMethod",
	  "if it is to be used without authentication, use the method none for it" },
	{ ISCSI_FAILED_AUTH, "CHAP_A", "set the CHAP algorithms it has" },
	{ ISCSI_FAILED_AUTH, "CHAP_N",
	  "do not trust it, or set the CHAP name it has for mutual authentication" },
	{ ISCSI_FAILED_AUTH, "CHAP_R",
	  "do not trust it, or set the secret it has for mutual authentication" },
	{ ISCSI_FAILED_NEGOTIATION, "HeaderDigest", "offer it None as well" },
	{ ISCSI_FAILED_NEGOTIATION, "DataDigest", "offer it None as well" },
};

static bool is_when(enum when when, bool with_chap)
{
	return when == ALWAYS || (when == WITH_CHAP) == with_chap;
}

static const char *find_by_status(const struct iscsi_error *error, bool with_chap)
{
	for (size_t i = 0; i < ARRAY_SIZE(by_status); i++)
		if (by_status[i].class == error->status_class &&
		    by_status[i].detail == error->status_detail &&
		    is_when(by_status[i].when, with_chap))
			return by_status[i].text;
	return NULL;
}

static const char *find_by_key(const struct iscsi_error *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(by_key); i++)
		if (by_key[i].kind == error->kind && !strcmp(by_key[i].key, error->key))
			return by_key[i].text;
	return NULL;
}

static void __attribute__((format(printf, 2, 3)))
append(struct iscsi_error *error, const char *format, ...)
{
	size_t length = strlen(error->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text + length, sizeof(error->text) - length, format, arguments);
	va_end(arguments);
}

/* Names and algorithms are no secrets, and to see them often tells what is wrong. */
static void append_chap(struct iscsi_error *error, const struct login *login)
{
	append(error, " (tried: name \"%.64s\", algorithms",
	       login->chap[CHAP_INITIATOR].name);
	for (size_t i = 0; i < ISCSI_CHAP_ALGORITHMS && login->algorithms[i]; i++) {
		const char *name = iscsi_chap_algorithm_name(login->algorithms[i]);

		append(error, "%s %s", i ? "," : "", name ? name : "?");
	}
	append(error, ")");
}

void advice_add(struct iscsi_error *error, const struct login *login, size_t method)
{
	bool with_chap = login->methods[method] == IMA_AUTHMETHOD_CHAP;
	const char *text = error->status_valid ? find_by_status(error, with_chap)
					       : find_by_key(error);

	if (!text)
		return;
	append(error, "; %s", text);
	if (with_chap && error->status_valid && error->status_class == INITIATOR_ERROR &&
	    error->status_detail <= 1)
		append_chap(error, login);
}
