/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lun.h - the two forms of a logical unit number.
 *
 * The integer has four 16-bit units, the least significant first; unit i is in bytes 2i (high
 * part) and 2i + 1 (low part) of the SCSI form. Linux has the same rule. LUN 5 is 5, and
 * the REPORT LUNS well known logical unit is C101h.
 */
#ifndef PLUGIN_SUPPORT_LUN_H
#define PLUGIN_SUPPORT_LUN_H

#include <stdint.h>

static inline uint64_t lun_from_bytes(const uint8_t bytes[8])
{
	uint64_t lun = 0;

	for (int i = 6; i >= 0; i -= 2)
		lun = lun << 16 | (uint64_t)bytes[i] << 8 | bytes[i + 1];
	return lun;
}

static inline void lun_to_bytes(uint64_t lun, uint8_t bytes[8])
{
	for (int i = 0; i < 8; i += 2, lun >>= 16) {
		bytes[i] = (uint8_t)(lun >> 8);
		bytes[i + 1] = (uint8_t)lun;
	}
}

#endif
