// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rows.c - the table of spec-rows.def, and how a rule is broken.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"

#define SET(argument, number)                                       \
	{                                                           \
#argument, CHANGE_VALUE, 0, 0, (IMA_UINT64)(number) \
	}
#define NIL(argument)                   \
	{                               \
#argument, CHANGE_VALUE \
	}
#define CLEAR(argument)                 \
	{                               \
#argument, CHANGE_CLEAR \
	}
#define FIELD(argument, type, field, number)                             \
	{                                                                \
#argument, CHANGE_VALUE, offsetof(type, field),          \
			sizeof(((type *)0)->field), (IMA_UINT64)(number) \
	}
#define AT(argument, number)                                                         \
	{                                                                            \
#argument, CHANGE_POINTEE, 0, sizeof(IMA_UINT), (IMA_UINT64)(number) \
	}
#define AT_FIELD(argument, type, field, number)                          \
	{                                                                \
#argument, CHANGE_POINTEE, offsetof(type, field),        \
			sizeof(((type *)0)->field), (IMA_UINT64)(number) \
	}
#define SAME(argument, other)                           \
	{                                               \
#argument, CHANGE_SAME, 0, 0, 0, #other \
	}
#define PAD_TEXT(argument, character, length)                        \
	{                                                            \
#argument, CHANGE_PAD, 0, 0, length, NULL, character \
	}

#define CHANGES(...)                  \
	NULL, (const struct change[]) \
	{                             \
		__VA_ARGS__,          \
		{                     \
			0             \
		}                     \
	}
#define REFUSED(...)	ROW_REFUSED, CHANGES(__VA_ARGS__)
#define EITHER(...)	ROW_EITHER, CHANGES(__VA_ARGS__)
#define PLUGIN		ROW_PLUGIN
#define ELSEWHERE(name) ROW_ELSEWHERE, name
#define CANNOT(reason)	ROW_CANNOT, reason
#define ROW(function, status, condition, ...) \
	{ #function, status, #status, condition, __VA_ARGS__ },

/* In rows that cannot be tested only; it has no value (D19). */
#define IMA_ERROR_PLUGINS_NOT_SUPPORTED 0

const struct row rows[] = {
#include "spec-rows.def"
};
const size_t row_count = ARRAY_SIZE(rows);

static void put(unsigned char *at, size_t size, IMA_UINT64 number)
{
	IMA_UINT32 half = (IMA_UINT32)number;
	unsigned char byte = (unsigned char)number;

	if (size == sizeof(number))
		memcpy(at, &number, size);
	else if (size == sizeof(half))
		memcpy(at, &half, size);
	else if (size == sizeof(byte))
		*at = byte;
	else
		abort();
}

static void pad(IMA_WCHAR *text, IMA_WCHAR character, size_t length)
{
	size_t have = wcslen(text);

	wmemset(text + have, character, length - have);
	text[length] = 0;
}

void change_apply(const struct change *change, struct arguments *arguments)
{
	int i = arguments_index(arguments, change->argument);
	struct argument *a = &arguments->arg[i];
	size_t size = change->size ? change->size : arguments->call->arg[i].size;

	switch (change->how) {
	case CHANGE_VALUE:
		put(a->value + change->offset, size, change->number);
		break;
	case CHANGE_CLEAR:
		memset(a->value, 0, size);
		break;
	case CHANGE_POINTEE:
		put(a->memory + change->offset, size, change->number);
		break;
	case CHANGE_SAME:
		memcpy(a->memory,
		       arguments->arg[arguments_index(arguments, change->other)].memory,
		       a->size);
		break;
	case CHANGE_PAD:
		pad((IMA_WCHAR *)(void *)a->memory, change->character, change->number);
		break;
	case CHANGE_END:
		abort();
	}
	arguments_remember(arguments);
}
