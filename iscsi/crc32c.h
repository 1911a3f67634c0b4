/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * crc32c.h - CRC32C of header and data digests (RFC 7143, section 13.1).
 */
#ifndef ISCSI_CRC32C_H
#define ISCSI_CRC32C_H

#include <stddef.h>
#include <stdint.h>

#define CRC32C_START 0xffffffffU

/* Go on with a CRC that began as CRC32C_START. */
uint32_t iscsi_crc32c(uint32_t crc, const void *data, size_t length);

/* The same without the processor's help; for tests and for processors that have none. */
uint32_t iscsi_crc32c_portable(uint32_t crc, const void *data, size_t length);

/* The finished CRC as the four bytes that go on the wire. */
static inline void iscsi_crc32c_put(uint8_t out[4], uint32_t crc)
{
	crc = ~crc;
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(crc >> (8 * i));
}

#endif
