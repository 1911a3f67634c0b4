// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsi-name.c - any text as an iSCSI name: an answer, and a reason with every refusal.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "shared/cleanup.h"
#include "shared/iscsi-name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = malloc(size + 1);
	const char *why = "";
	int err;

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	err = iscsi_name_check(text, &why);
	CHECK(err ? why && *why : !why);
	CHECK(err || (strlen(text) >= 11 && strlen(text) <= ISCSI_NAME_MAX));
	return 0;
}
