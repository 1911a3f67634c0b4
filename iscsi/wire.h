/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wire.h - PDUs as they are on the wire (RFC 7143, section 11).
 *
 * Headers are byte arrays; fields are read and written at their offsets, so neither the
 * alignment nor the byte order of the machine matters. Only what is used here is named.
 */
#ifndef ISCSI_WIRE_H
#define ISCSI_WIRE_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define BHS_SIZE    48
#define DIGEST_SIZE 4
#define NO_TAG	    0xffffffffU
#define LENGTH_24   0xffffffU /* largest DataSegmentLength the header has room for */

enum opcode {
	OP_NOP_OUT = 0x00,
	OP_COMMAND = 0x01,
	OP_TASK_MANAGEMENT = 0x02,
	OP_LOGIN = 0x03,
	OP_TEXT = 0x04,
	OP_DATA_OUT = 0x05,
	OP_LOGOUT = 0x06,
	OP_NOP_IN = 0x20,
	OP_RESPONSE = 0x21,
	OP_TASK_MANAGEMENT_RESPONSE = 0x22,
	OP_LOGIN_RESPONSE = 0x23,
	OP_TEXT_RESPONSE = 0x24,
	OP_DATA_IN = 0x25,
	OP_LOGOUT_RESPONSE = 0x26,
	OP_R2T = 0x31,
	OP_ASYNC = 0x32,
	OP_REJECT = 0x3f,
};
#define OPCODE_MASK 0x3f
#define IMMEDIATE   0x40 /* I bit, byte 0 */
#define FINAL	    0x80 /* F bit, byte 1 */

/* Offsets of fields many PDUs have in the same place. */
enum field {
	AT_OPCODE = 0,
	AT_FLAGS = 1,
	AT_AHS_LENGTH = 4,  /* in words */
	AT_DATA_LENGTH = 5, /* 24 bits */
	AT_LUN = 8,
	AT_ITT = 16,
	AT_TTT = 20,
	AT_CMD_SN = 24,	     /* to the target */
	AT_EXP_STAT_SN = 28, /* to the target */
	AT_STAT_SN = 24,     /* from the target */
	AT_EXP_CMD_SN = 28,  /* from the target */
	AT_MAX_CMD_SN = 32,  /* from the target */
};

/* SCSI Command. */
enum {
	COMMAND_READ = 0x40,
	COMMAND_WRITE = 0x20,
	AT_EXPECTED_LENGTH = 20,
	AT_CDB = 32,
	CDB_IN_BHS = 16,
	AHS_EXTENDED_CDB = 1,
};

/* SCSI Response and Data-In. */
enum {
	RESIDUAL_OVERFLOW = 0x04,
	RESIDUAL_UNDERFLOW = 0x02,
	BIDI_RESIDUAL = 0x18,
	DATA_IN_STATUS = 0x01, /* S bit */
	DATA_IN_ACKNOWLEDGE = 0x40,
	AT_RESPONSE = 2, /* SCSI Response, Task Management, Logout, Reject reason */
	AT_STATUS = 3,
	AT_DATA_SN = 36,
	AT_BUFFER_OFFSET = 40,
	AT_RESIDUAL = 44,
	AT_DESIRED_LENGTH = 44, /* R2T */
};

/* Login. */
enum {
	LOGIN_TRANSIT = 0x80,
	LOGIN_CONTINUE = 0x40,
	AT_VERSION_MAX = 2,
	AT_VERSION_ACTIVE = 3,
	AT_ISID = 8,
	AT_TSIH = 14,
	AT_CID = 20,
	AT_STATUS_CLASS = 36,
	AT_STATUS_DETAIL = 37,
	STAGE_SECURITY = 0,
	STAGE_OPERATIONAL = 1,
	STAGE_FULL_FEATURE = 3,
};

/* Text: F and C in byte 1. */
enum { TEXT_CONTINUE = 0x40 };

/* Task Management. */
enum {
	TASK_ABORT = 1,
	AT_REFERENCED_TAG = 20,
	AT_REFERENCED_CMD_SN = 32,
};

/* Asynchronous Message. */
enum {
	AT_ASYNC_EVENT = 36,
	AT_ASYNC_PARAMETER = 38,
};

static inline uint16_t get16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return be16toh(value);
}

static inline uint32_t get24(const uint8_t *at)
{
	return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

static inline uint32_t get32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return be32toh(value);
}

static inline uint64_t get64(const uint8_t *at)
{
	return (uint64_t)get32(at) << 32 | get32(at + 4);
}

static inline void put16(uint8_t *at, uint16_t value)
{
	value = htobe16(value);
	memcpy(at, &value, sizeof(value));
}

static inline void put24(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 16);
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	value = htobe32(value);
	memcpy(at, &value, sizeof(value));
}

/* Bytes from length to the next multiple of 4. */
static inline uint32_t pad_of(uint32_t length)
{
	return -length & 3;
}

/* Serial number arithmetic (RFC 1982): whether a comes before b. */
static inline int serial_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
