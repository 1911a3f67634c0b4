/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stub.h - a fast target in a process of its own, on loopback, for tests and benchmarks.
 *
 * It speaks enough iSCSI to log in (with CHAP if a secret is set), to answer INQUIRY, READ
 * CAPACITY (10), REPORT LUNS, READ (10), WRITE (10), SendTargets, NOP and logout, and beside
 * that a bare protocol of requests and answers of any size, on the same sockets and with the same
 * loop: what a round trip costs without any iSCSI.
 */
#ifndef TESTS_ISCSI_STUB_H
#define TESTS_ISCSI_STUB_H

#include <stdint.h>
#include <sys/types.h>

struct stub_config {
	uint32_t targets;    /* how many SendTargets reports */
	const char *secret;  /* CHAP; NULL: none */
	uint8_t algorithm;   /* CHAP_A it wants */
	uint32_t max_recv;   /* MaxRecvDataSegmentLength it declares */
	uint32_t max_burst;  /* bytes of data after which a read sends another PDU */
	uint32_t text_piece; /* bytes of SendTargets text in one PDU */
};

struct stub {
	pid_t pid;
	uint16_t port;
	char portal[32]; /* 127.0.0.1:port */
};

void stub_config_init(struct stub_config *config);

/* 0 or negative errno. The process ends with its parent at the latest. */
int stub_start(struct stub *stub, const struct stub_config *config);
void stub_stop(struct stub *stub);

/* The bare protocol: a request is this header and bytes up to its length. */
#define STUB_BARE 0x45434845U /* no iSCSI PDU begins so */
struct stub_request {
	uint32_t magic, length, answer;
};

#endif
