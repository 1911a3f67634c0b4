/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lun.h - logical unit numbers: 8 bytes of SAM, the API's integer, what people type.
 *
 * The integer has the first 16-bit unit of the bytes as its lowest one, as Linux has it.
 */
#ifndef IMACTL_LUN_H
#define IMACTL_LUN_H

#include <stdint.h>

#include <json-c/json.h>

#define LUN_REPORT_LUNS UINT64_C(0xc101) /* the well known logical unit */

#define LUN_MEANINGS	2

/*
 * "0" to "255": peripheral device addressing. "256" to "16383": flat space addressing, or else
 * the integer, because there are targets of both kinds. A larger decimal number, or one with
 * 0x: the integer. 16 hexadecimal digits, or 8 bytes with '-' between them: the bytes. The number
 * of meanings, the likelier first, or -EINVAL.
 */
int lun_parse(const char *text, uint64_t luns[LUN_MEANINGS]);

uint64_t lun_from_bytes(const uint8_t bytes[8]);
void lun_to_bytes(uint64_t lun, uint8_t bytes[8]);

/*
 * Adds "lun", the number of a single-level LUN or null, "lunAddressing", the method in SAM's
 * words, "lunBytes", 16 hexadecimal digits, and "lunText", what people type.
 */
void lun_document(struct json_object *doc, uint64_t lun);
/* "5", or the bytes of a LUN that is not what lun_parse() makes of a number; allocated. */
char *lun_text(uint64_t lun);

#endif
