/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tcp.h - the struct iscsi_io of real sessions: a TCP socket on an event loop.
 *
 * Connecting resolves the name if it is one and tries its addresses in turn; an address that
 * does not answer gets its share of the time that is left until the deadline.
 */
#ifndef ISCSI_TCP_H
#define ISCSI_TCP_H

struct iscsi_io;
struct iscsi_loop;
struct iscsi_resolver;

/**
 * iscsi_tcp_new - a transport that is not connected; for iscsi_session_new()
 * @loop: drives it, must outlive it
 * @resolver: looks up names, must outlive it; NULL: only numeric addresses are accepted
 *
 * Return: 0 or -ENOMEM.
 */
int iscsi_tcp_new(struct iscsi_loop *loop, struct iscsi_resolver *resolver,
		  struct iscsi_io **io);

#endif
