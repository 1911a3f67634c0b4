/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * designator.h - what a device is called: designation descriptors of page 0x83.
 */
#ifndef IMACTL_DESIGNATOR_H
#define IMACTL_DESIGNATOR_H

#include "fields.h"

/* header: the first 4 bytes of the descriptor; b: the designator. */
struct json_object *scsi_designator(const uint8_t *header, struct bytes b);

#endif
