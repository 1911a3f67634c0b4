// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node-state.c - the file of the shared node with any content: what is accepted is a valid name
 * and alias, and is written and read again as the same.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "lib/node-file.h"

static void check_round_trip(const struct node_state *state)
{
	char text[NODE_STATE_TEXT_MAX];
	size_t size = node_state_format(state, text);
	struct node_state again;
	const char *why;
	unsigned line;

	CHECK(size < sizeof(text));
	CHECK(!node_state_parse(&again, text, size, &line, &why));
	CHECK(!strcmp(again.name, state->name) && !strcmp(again.alias, state->alias));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct node_state state;
	const char *why = NULL;
	unsigned line = 0;

	if (node_state_parse(&state, (const char *)data, size, &line, &why)) {
		CHECK(why && *why && line >= 1);
		return 0;
	}
	CHECK(!state.name[0] || !iscsi_name_check(state.name, NULL));
	CHECK(strlen(state.alias) <= NODE_ALIAS_MAX);
	check_round_trip(&state);
	return 0;
}
