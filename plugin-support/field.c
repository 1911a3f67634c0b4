// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/field.h"

#include <string.h>

#include "shared/utf8.h"

int field_set(IMA_WCHAR *field, size_t count, const char *text)
{
	int n = utf8_to_wide(text, field, count);

	if (n < 0)
		memset(field, 0, count * sizeof(*field));
	return n < 0 ? n : 0;
}

void field_set_cut(IMA_WCHAR *field, size_t count, const char *text)
{
	utf8_to_wide_lossy(text ? text : "", field, count);
}

int field_get(const IMA_WCHAR *field, size_t count, char *out, size_t size)
{
	return utf8_from_wide(field, count, out, size);
}
