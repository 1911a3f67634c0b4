// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * crc32c.c - with the instruction of the processor where there is one, by tables otherwise.
 */
#include "iscsi/crc32c.h"

#include <pthread.h>
#include <string.h>

#define POLYNOMIAL 0x82f63b78U /* 0x1edc6f41, bits reversed */

static uint32_t table[8][256];

static void fill_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		table[0][i] = crc;
	}
	for (uint32_t i = 0; i < 256; i++)
		for (int t = 1; t < 8; t++)
			table[t][i] = table[t - 1][i] >> 8 ^
				      table[0][table[t - 1][i] & 0xff];
}

static uint32_t one_byte(uint32_t crc, uint8_t byte)
{
	return crc >> 8 ^ table[0][(crc ^ byte) & 0xff];
}

/* Eight bytes at a time, each through a table of its own. */
static uint32_t eight_bytes(uint32_t crc, const uint8_t *p)
{
	crc ^= (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
	return table[7][crc & 0xff] ^ table[6][crc >> 8 & 0xff] ^
	       table[5][crc >> 16 & 0xff] ^ table[4][crc >> 24] ^ table[3][p[4]] ^
	       table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
}

uint32_t iscsi_crc32c_portable(uint32_t crc, const void *data, size_t length)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const uint8_t *p = data;

	pthread_once(&once, fill_table);
	for (; length >= 8; length -= 8, p += 8)
		crc = eight_bytes(crc, p);
	while (length--)
		crc = one_byte(crc, *p++);
	return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

/*
 * The instruction takes three cycles and a new one can start every cycle, so three parts of
 * a long run are done side by side; shifting a CRC over zeros joins them.
 */
#define LANE 4096

static uint32_t shift_table[2][4][256]; /* over one lane, over two */

static uint32_t shift_bitwise(uint32_t crc, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		crc = one_byte(crc, 0);
	return crc;
}

static void fill_shift(void)
{
	uint8_t zero[1] = { 0 };

	iscsi_crc32c_portable(0, zero, 0); /* makes sure the byte table is there */
	for (int lanes = 0; lanes < 2; lanes++)
		for (int bit = 0; bit < 32; bit++) {
			uint32_t image = shift_bitwise(1U << bit,
						       (size_t)(lanes + 1) * LANE);

			for (uint32_t i = 0; i < 256; i++)
				if (i >> (bit % 8) & 1)
					shift_table[lanes][bit / 8][i] ^= image;
		}
}

static uint32_t shift(uint32_t crc, int lanes)
{
	return shift_table[lanes - 1][0][crc & 0xff] ^
	       shift_table[lanes - 1][1][crc >> 8 & 0xff] ^
	       shift_table[lanes - 1][2][crc >> 16 & 0xff] ^
	       shift_table[lanes - 1][3][crc >> 24];
}

static uint64_t load(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

__attribute__((target("sse4.2"))) static uint32_t three_lanes(uint32_t crc,
							      const uint8_t *p)
{
	uint64_t a = crc, b = 0, c = 0;

	for (size_t i = 0; i < LANE; i += 8) {
		a = _mm_crc32_u64(a, load(p + i));
		b = _mm_crc32_u64(b, load(p + LANE + i));
		c = _mm_crc32_u64(c, load(p + 2 * LANE + i));
	}
	return shift((uint32_t)a, 2) ^ shift((uint32_t)b, 1) ^ (uint32_t)c;
}

__attribute__((target("sse4.2"))) static uint32_t with_instruction(uint32_t crc,
								   const void *data,
								   size_t length)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const uint8_t *p = data;
	uint64_t wide;

	if (length >= 3 * LANE)
		pthread_once(&once, fill_shift);
	for (; length >= 3 * LANE; length -= 3 * LANE, p += 3 * LANE)
		crc = three_lanes(crc, p);
	for (wide = crc; length >= 8; length -= 8, p += 8)
		wide = _mm_crc32_u64(wide, load(p));
	for (crc = (uint32_t)wide; length; length--)
		crc = _mm_crc32_u8(crc, *p++);
	return crc;
}

static int have_instruction(void)
{
	return __builtin_cpu_supports("sse4.2");
}

#elif defined(__aarch64__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>

__attribute__((target("+crc"))) static uint32_t with_instruction(uint32_t crc,
								 const void *data,
								 size_t length)
{
	const uint8_t *p = data;
	uint64_t eight;

	for (; length >= 8; length -= 8, p += 8) {
		memcpy(&eight, p, sizeof(eight));
		crc = __crc32cd(crc, eight);
	}
	while (length--)
		crc = __crc32cb(crc, *p++);
	return crc;
}

static int have_instruction(void)
{
	return !!(getauxval(AT_HWCAP) & HWCAP_CRC32);
}

#else
#define with_instruction iscsi_crc32c_portable

static int have_instruction(void)
{
	return 0;
}
#endif

uint32_t iscsi_crc32c(uint32_t crc, const void *data, size_t length)
{
	return have_instruction() ? with_instruction(crc, data, length)
				  : iscsi_crc32c_portable(crc, data, length);
}
