/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scsi.h - what the run itself needs of SCSI.
 */
#ifndef IMA_CONFORM_SCSI_H
#define IMA_CONFORM_SCSI_H

#include <stdbool.h>
#include <stddef.h>

#include "ima.h"

#define LUNS_MAX 256

struct luns {
	size_t count;
	IMA_UINT64 lun[LUNS_MAX];
};

/* The first LUNs a target reports, in the integer form; false if it does not tell. */
bool scsi_luns(IMA_OID target, struct luns *luns);

#endif
