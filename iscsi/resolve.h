/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * resolve.h - host names to addresses without stopping the loop.
 *
 * Numeric addresses, IPv6 zone ids included, are answered at once. Names go through
 * getaddrinfo(3) on one of a bounded number of helper threads; the answer is posted to the
 * loop. getaddrinfo cannot be interrupted: a request that is cancelled is forgotten at once,
 * and its thread takes the next one when the system has answered.
 */
#ifndef ISCSI_RESOLVE_H
#define ISCSI_RESOLVE_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct iscsi_loop;
struct iscsi_resolver;
struct iscsi_lookup;

#define ISCSI_ADDRESSES_MAX 16 /* addresses of one name that are tried */

/** union iscsi_address - a socket address */
union iscsi_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/**
 * iscsi_resolver_new - a resolver whose answers come on the given loop
 * @max_threads: helper threads at most, 1 to 64; they are started when needed
 */
int iscsi_resolver_new(struct iscsi_loop *loop, unsigned int max_threads,
		       struct iscsi_resolver **resolver);

/**
 * iscsi_resolver_ask - whom to ask instead of getaddrinfo(3) and freeaddrinfo(3)
 *
 * For tests. To be called before the first lookup.
 */
struct addrinfo;
void iscsi_resolver_ask(struct iscsi_resolver *resolver,
			int (*ask)(const char *host, const char *service,
				   const struct addrinfo *hints, struct addrinfo **list),
			void (*release)(struct addrinfo *list));

/**
 * iscsi_resolver_free - release a resolver; NULL is fine
 *
 * Every lookup must have been answered or cancelled. Threads that still wait in getaddrinfo
 * end by themselves later.
 */
void iscsi_resolver_free(struct iscsi_resolver *resolver);

/**
 * iscsi_address_parse - a numeric address; never asks anybody
 *
 * Return: 0; -EINVAL if host is a name.
 */
int iscsi_address_parse(const char *host, uint16_t port, union iscsi_address *address);

/** iscsi_address_size - what connect(2) wants to know */
socklen_t iscsi_address_size(const union iscsi_address *address);

/**
 * iscsi_resolve - look a name up
 * @answer: called on the loop's thread, not from inside: the addresses, or count 0 and the
 *     code of getaddrinfo (EAI_...; with EAI_SYSTEM, errno in *system_error*)
 * @lookup: receives a handle that is valid until answer is called or it is cancelled
 *
 * Return: 0 or -ENOMEM, -EAGAIN (no thread could be started).
 */
int iscsi_resolve(struct iscsi_resolver *resolver, const char *host, uint16_t port,
		  void (*answer)(void *user, const union iscsi_address *addresses,
				 size_t count, int code, int system_error),
		  void *user, struct iscsi_lookup **lookup);

/** iscsi_resolve_cancel - answer will not be called; loop's thread only; NULL is fine */
void iscsi_resolve_cancel(struct iscsi_lookup *lookup);

#endif
