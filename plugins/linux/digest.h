/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * digest.h - where HeaderDigest and DataDigest are kept.
 */
#ifndef LINUX_DIGEST_H
#define LINUX_DIGEST_H

#define HEADER_DIGEST_KEY "node.conn[0].iscsi.HeaderDigest"
#define DATA_DIGEST_KEY	  "node.conn[0].iscsi.DataDigest"
#define DIGEST_DEFAULT	  "None"

#endif
