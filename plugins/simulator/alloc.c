// SPDX-License-Identifier: LGPL-2.1-or-later
#include "alloc.h"

static __thread uint64_t countdown;

void allocation_plan(uint64_t nth)
{
	countdown = nth;
}

bool allocation_fails(void)
{
	return countdown && !--countdown;
}
