/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slp-search.h - finding the services of a type with SLP (RFC 2608, 6 and 12).
 *
 * Directory agents are asked: those that are configured, otherwise those that answer to a
 * multicast. Where there is none, all service agents are asked by multicast, until nobody new
 * answers. Multicast is IPv4.
 *
 * Everything here belongs to the loop's thread.
 */
#ifndef USER_SLP_SEARCH_H
#define USER_SLP_SEARCH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "discovery-protocols/slp.h"
#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "slp-config.h"
#include "slp-talk.h"

#define SLP_RESPONDERS_SIZE 16384 /* of a thousand agents; more are not heard */
#define SLP_TALKS_MAX	    256	  /* agents whose answers are too long for UDP */

struct slp_search;

/* A socket for multicast on one interface. */
struct slp_caster {
	struct iscsi_watch watch;
	struct slp_search *search;
	int fd;
};

/**
 * struct slp_search - memory of the user, from slp_search_start() until done
 * @config, @type, @predicate, @deadline: what to ask; they outlive it
 * @url: called for each URL; 0, or a negative errno that ends the search
 * @done: last of all; error is NULL if the answer is complete. The search is stopped already.
 */
struct slp_search {
	const struct slp_config *config;
	const char *type, *predicate;
	uint64_t deadline;
	int (*url)(struct slp_search *search, struct slp_text url);
	void (*done)(struct slp_search *search, const struct iscsi_error *error);
	void *user;

	struct iscsi_timer timer;
	struct slp_caster casters[SLP_INTERFACES_MAX];
	size_t caster_count;
	struct talk *talks[SLP_TALKS_MAX];
	size_t talk_count, talks_open, talks_good;
	struct address agents[SLP_AGENTS_MAX]; /* directory agents that were found */
	size_t agent_count;
	char responders[SLP_RESPONDERS_SIZE];
	uint16_t transaction;
	size_t transmissions;
	bool is_active, is_ending, is_multicast, is_looking_for_agents;
	struct iscsi_error error; /* the first one */
};

/** slp_search_start - what is not set is zero; done is called, without memory from inside */
void slp_search_start(struct slp_search *search);

/** slp_search_stop - done is not called; nothing happens if it was */
void slp_search_stop(struct slp_search *search);

#endif
