/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foreach.h - EACH(macro, (a), (b), ...) is macro(0, (a)), macro(1, (b)), ... for 1 to 8
 * arguments; COUNT_OF(...) is their number.
 */
#ifndef SUPPORT_FOREACH_H
#define SUPPORT_FOREACH_H

#define COUNT_OF(...)				  COUNT_OF_(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1)
#define COUNT_OF_(a, b, c, d, e, f, g, h, n, ...) n

#define EACH(m, ...)				  EACH_(COUNT_OF(__VA_ARGS__), m, __VA_ARGS__)
#define EACH_(n, m, ...)			  EACH__(n, m, __VA_ARGS__)
#define EACH__(n, m, ...)			  EACH_##n(m, __VA_ARGS__)
#define EACH_1(m, a)				  m(0, a)
#define EACH_2(m, a, b)				  EACH_1(m, a), m(1, b)
#define EACH_3(m, a, b, c)			  EACH_2(m, a, b), m(2, c)
#define EACH_4(m, a, b, c, d)			  EACH_3(m, a, b, c), m(3, d)
#define EACH_5(m, a, b, c, d, e)		  EACH_4(m, a, b, c, d), m(4, e)
#define EACH_6(m, a, b, c, d, e, f)		  EACH_5(m, a, b, c, d, e), m(5, f)
#define EACH_7(m, a, b, c, d, e, f, g)		  EACH_6(m, a, b, c, d, e, f), m(6, g)
#define EACH_8(m, a, b, c, d, e, f, g, h)	  EACH_7(m, a, b, c, d, e, f, g), m(7, h)

/* Parts of an argument (type, kind, name). */
#define TYPE_OF(type, kind, name) type
#define KIND_OF(type, kind, name) kind
#define NAME_OF(type, kind, name) name

#endif
