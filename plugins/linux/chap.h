/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chap.h - what taking settings back needs of CHAP.
 */
#ifndef LINUX_CHAP_H
#define LINUX_CHAP_H

/* What open-iscsi does if nobody says anything. */
#define CHAP_ALGORITHMS_KEY	"node.session.auth.chap_algs"
#define CHAP_ALGORITHMS_DEFAULT "MD5"

#endif
