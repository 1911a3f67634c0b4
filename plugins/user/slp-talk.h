/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slp-talk.h - one request to one SLP agent: with UDP again and again, and with TCP if the answer
 * does not fit into a datagram.
 *
 * Everything here belongs to the loop's thread. Nothing is called from inside talk_start() and
 * talk_stop().
 */
#ifndef USER_SLP_TALK_H
#define USER_SLP_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "discovery-protocols/slp.h"
#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "iscsi/resolve.h"
#include "slp-config.h"
#include "stream.h"

/**
 * struct talk - memory of the user, from talk_start() until done
 * @done: the answer, or NULL and why there is none; the message is valid inside only
 */
struct talk {
	void (*done)(struct talk *talk, const struct slp_message *answer,
		     const struct iscsi_error *error);
	void *user;
	const struct slp_times *times;
	struct address agent;
	uint64_t deadline;
	uint16_t transaction;
	uint8_t request[SLP_DATAGRAM_MAX];
	size_t request_size;

	struct iscsi_watch watch;
	struct iscsi_timer timer;
	struct iscsi_lookup *lookup;
	struct stream stream;
	union iscsi_address address;
	int fd;
	size_t transmissions;
	uint8_t *answer; /* with TCP */
	size_t answer_size, answer_room;
	bool is_active, is_failed;
	bool has_strange; /* datagrams that are no answer came */
	struct iscsi_error error;
};

/**
 * talk_start - agent, request, times, deadline, done and user are set, everything else is zero
 * @with_tcp: at once
 *
 * Return: 0, and done is called later; -ENOMEM, -EAGAIN.
 */
int talk_start(struct talk *talk, bool with_tcp);

/** talk_stop - done is not called; nothing happens if it was */
void talk_stop(struct talk *talk);

#endif
