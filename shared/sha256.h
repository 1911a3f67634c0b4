/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sha256.h - SHA-256 (FIPS 180-4), for names derived from identifiers that must not be shown.
 *
 * The library has no dependency on a crypto library; secrets of protocols are not its business.
 */
#ifndef SHARED_SHA256_H
#define SHARED_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

struct sha256 {
	uint32_t state[8];
	uint64_t length;
	uint8_t block[64];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t size);
/* The digest; hash is of no use afterwards. */
void sha256_end(struct sha256 *hash, uint8_t digest[SHA256_SIZE]);

#endif
