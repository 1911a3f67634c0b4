// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * user-secrets.c - the file with secrets of the user-space initiator with any content: what is
 * accepted is within the bounds, each entry is there once, and can be set and removed.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "plugins/user/secrets.h"

static void check_entry(const struct secrets *secrets, const struct secret *entry)
{
	struct owner owner = { entry->kind, entry->owner };

	CHECK(entry->chap.secret_length > 0 &&
	      entry->chap.secret_length <= CHAP_SECRET_MAX);
	CHECK(strnlen(entry->chap.name, sizeof(entry->chap.name)) <= CHAP_NAME_MAX);
	CHECK(entry->direction == CHAP_TARGET || entry->chap.name[0]);
	CHECK((entry->kind == OWNER_LHBA) == !entry->owner[0]);
	CHECK(secrets_find(secrets, owner, entry->direction) == &entry->chap);
}

static void change(struct secrets *secrets)
{
	static const struct owner added = { OWNER_TARGET, "iqn.2003-01.org.example:x" };
	const struct chap chap = { .name = "joe",
				   .secret = "secret",
				   .secret_length = 6 };

	CHECK(!secrets_set(secrets, added, CHAP_TARGET, &chap));
	CHECK(secrets_find(secrets, added, CHAP_TARGET));
	CHECK(!secrets_set(secrets, added, CHAP_TARGET, NULL));
	CHECK(!secrets_find(secrets, added, CHAP_TARGET));
	while (secrets->count)
		secrets_remove(secrets, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secrets secrets;
	char *text = malloc(size + 1);

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	if (secrets_parse(&secrets, text, size)) {
		CHECK(!secrets.count && !secrets.entries);
	} else {
		for (size_t i = 0; i < secrets.count; i++)
			check_entry(&secrets, &secrets.entries[i]);
		change(&secrets);
	}
	secrets_drop(&secrets);
	free(text);
	return 0;
}
