/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * iscsi-name.h - is a text an iSCSI name (RFC 7143, 4.2.7; RFC 3722)?
 *
 * Checked are the three forms iqn., eui. and naa., the length and the characters. ASCII: letters,
 * digits, hyphen, dot, colon; upper case is accepted because names compare without regard to
 * case; the underscore is accepted after the naming authority because storage arrays use it.
 * Beyond ASCII: everything but what RFC 3722 prohibits as space, control or private use. There is
 * no normalisation here.
 */
#ifndef SHARED_ISCSI_NAME_H
#define SHARED_ISCSI_NAME_H

/* Bytes in UTF-8, without the terminator. */
#define ISCSI_NAME_MAX 223

/*
 * 0, or -ENAMETOOLONG, or -EINVAL. *why, if why is not NULL, then says what is wrong, to be put
 * after the name: "is longer than 223 bytes". It is a constant.
 */
int iscsi_name_check(const char *name, const char **why);

#endif
