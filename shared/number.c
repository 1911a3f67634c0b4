// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

static int base_of(const char *text)
{
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return isxdigit((unsigned char)text[2]) ? 16 : 0;
	return isdigit((unsigned char)text[0]) ? 10 : 0;
}

int number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	int base = base_of(text);
	unsigned long long number;
	char *end;

	if (!base)
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, base);
	if (*end)
		return -EINVAL;
	if (errno || number < min || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}
