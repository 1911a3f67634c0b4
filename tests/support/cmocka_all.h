/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cmocka_all.h - cmocka with what it needs before it.
 */
#ifndef TESTS_SUPPORT_CMOCKA_ALL_H
#define TESTS_SUPPORT_CMOCKA_ALL_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#endif
