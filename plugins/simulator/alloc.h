/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * alloc.h - allocations that fail on demand.
 *
 * A fault says which allocation of a call is to fail. Allocations a client can notice ask
 * here first.
 */
#ifndef SIM_ALLOC_H
#define SIM_ALLOC_H

#include <stdbool.h>
#include <stdint.h>

/* The nth allocation of this thread from now on fails; 0: none. */
void allocation_plan(uint64_t nth);
/* Does this one fail? */
bool allocation_fails(void);

#endif
