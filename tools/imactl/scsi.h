/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scsi.h - what devices answer, in the words of SPC, SBC and SAM.
 *
 * Pure functions: bytes in, document out. The bytes come from a device and may be
 * anything; a member that lies beyond their end is null.
 */
#ifndef IMACTL_SCSI_H
#define IMACTL_SCSI_H

#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "output.h"

/* Standard INQUIRY data. */
struct json_object *scsi_inquiry(const uint8_t *data, size_t length);
/* A vital product data page; what is in one that is not known here stays in "bytes". */
struct json_object *scsi_vpd(const uint8_t *data, size_t length);
/* Is there more in the document than the bytes? */
bool scsi_vpd_is_decoded(const uint8_t *data, size_t length);
/* Bytes the page says it has, at least 4; 0 if data is too short to tell. */
size_t scsi_vpd_length(const uint8_t *data, size_t length);
/* READ CAPACITY parameter data; cdb is 10 or 16. */
struct json_object *scsi_capacity(unsigned cdb, const uint8_t *data, size_t length);
/* The LUNs of REPORT LUNS parameter data that are within length. */
struct json_object *scsi_luns(const uint8_t *data, size_t length);
/* Bytes the whole list takes, header included; 0 if data is too short to tell. */
size_t scsi_luns_length(const uint8_t *data, size_t length);
struct json_object *scsi_sense(const uint8_t *sense, size_t length);
/* "ILLEGAL REQUEST: INVALID FIELD IN CDB (5/24/00)", of the document; allocated. */
char *scsi_sense_text(struct json_object *sense);
const char *scsi_status_text(uint8_t status);

/* The text forms of what the functions above return. */
const struct view *scsi_inquiry_view(void);
const struct view *scsi_vpd_view(uint8_t page);
const struct view *scsi_capacity_view(unsigned cdb);

/* Names, or NULL. */
const char *scsi_device_type_text(unsigned type);
const char *scsi_vpd_name(uint8_t page);
const char *scsi_sense_key_text(unsigned key);
const char *scsi_additional_sense_text(uint8_t asc, uint8_t ascq);
const char *scsi_version_text(unsigned version);
const char *scsi_version_descriptor_text(unsigned code);

#endif
