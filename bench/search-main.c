// SPDX-License-Identifier: LGPL-2.1-or-later
/* search-main.c - "search PORTAL": what iscsi-ls does, for session.c to compare with it. */
#include <stdio.h>

#include "search.h"

int main(int argc, char **argv)
{
	struct iscsi_loop *loop;
	struct search search;

	if (argc != 2 || iscsi_loop_new(&loop))
		return 2;
	search_init(&search, loop, argv[1]);
	search_run(&search);
	printf("%u targets\n", search.found);
	search_clear(&search);
	iscsi_loop_free(loop);
	return 0;
}
