/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cmocka wants these headers, in this order. */
#ifndef TEST_H
#define TEST_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
