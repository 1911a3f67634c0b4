/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * target.h - a target in memory: the io of a session, a clock that stands still, and a peer
 * that behaves until it is told not to.
 *
 * Everything happens in target_run() and target_advance(). What the session sends is cut into
 * PDUs; each is shown to the hook, and if that does not take it, answered as a target should.
 */
#ifndef TESTS_ISCSI_TARGET_H
#define TESTS_ISCSI_TARGET_H

#include "iscsi/iscsi.h"
#include "iscsi/wire.h"

#define SECONDS	 1000000000ULL
#define NO_LIMIT SIZE_MAX

struct bytes {
	uint8_t *data;
	size_t length, size, at;
};

struct pdu {
	const uint8_t *bhs;
	const uint8_t *data;
	uint32_t length;
};

struct target;
typedef bool target_hook(struct target *target, const struct pdu *pdu);

/* key=NULL ends a list; value NULL: leave the key out of the answer. */
struct answer {
	const char *key, *value;
};

enum connect_how { CONNECT, CONNECT_NEVER, CONNECT_REFUSED, CONNECT_FAILS_AT_ONCE };

struct target {
	/* How the transport behaves. */
	enum connect_how connect_how;
	size_t chunk;	   /* bytes the session can receive at once */
	size_t send_limit; /* bytes it can send at once */
	size_t send_room;  /* bytes it can send until target_unblock() */
	bool hang_up;	   /* end of the stream once all bytes are received */
	bool reset;	   /* the same with an error */
	bool send_fails;   /* sending fails, receiving goes on */
	uint8_t ahs;	   /* words of additional header in what is sent */
	/* How the target behaves. */
	target_hook *hook;
	void *user;
	const struct answer *answers; /* instead of what it would say to these keys */
	const char *extra; /* more text of the first operational answer, NUL separated */
	size_t extra_length;
	const char *secret, *own_secret; /* CHAP: of the initiator, of the target */
	bool silent;			 /* takes everything, says nothing */
	bool header_digest, data_digest; /* in force now */
	bool digests_later;		 /* in force after the login */
	uint32_t window;		 /* commands it takes at once */
	uint32_t max_recv; /* MaxRecvDataSegmentLength it declares; 0: none */
	/* What it knows. */
	uint32_t stat_sn, exp_cmd_sn, exp_stat_sn;
	uint8_t isid[6];
	uint8_t disk[65536];
	unsigned int logins, commands, requests[64];
	unsigned int connects;
	struct iscsi_portal connected_to;
	uint8_t challenge[32];
	bool security_seen, up;
	/* The session's side. */
	uint64_t now, wake;
	unsigned int random;
	bool connecting, connected, end_told;
	bool blocked;
	bool freed;
	struct bytes in, out; /* from the session, to the session */
	struct session_side *side;
};

/* A session on a target, and what it was told. */
struct fixture {
	struct target target;
	struct iscsi_session *session;
	struct iscsi_config config;
	unsigned int ups, downs, asyncs;
	bool failed; /* the last down came with an error */
	struct iscsi_error error;
	struct iscsi_async async;
	void (*on_down)(struct fixture *fixture);
	void (*on_up)(struct fixture *fixture);
	void (*on_async)(struct fixture *fixture);
};

#define TARGET_NAME "iqn.2003-01.org.example:target"

void fixture_init(struct fixture *fixture);
void fixture_free(struct fixture *fixture);
/* Begin to log in, with a deadline of 10 s, and let things happen until nothing does. */
void fixture_login(struct fixture *fixture);
/* The same, and it must work. */
void fixture_up(struct fixture *fixture);
/* All of it, with a target that does something else. */
void fixture_start(struct fixture *fixture, target_hook *hook, void *user);

/* Let things happen until nothing does. */
void target_run(struct target *target);
/* Let time go by, with all that happens meanwhile. */
void target_advance(struct target *target, uint64_t nanoseconds);
/* Room to send for the session again. */
void target_unblock(struct target *target, size_t bytes);

/* Say any bytes. */
void target_say(struct target *target, const void *bytes, size_t length);
/* Begin a response: all zero but opcode, flags and task tag. */
void target_pdu(uint8_t bhs[BHS_SIZE], uint8_t opcode, uint8_t flags, uint32_t itt);
/* Send it: StatSN (advanced if advance), window, lengths, padding, digests. */
void target_send(struct target *target, uint8_t bhs[BHS_SIZE], const void *data,
		 uint32_t length, bool advance);

/* The parts of good behaviour, for hooks that want most of it. */
void target_answer(struct target *target, const struct pdu *pdu);
/* A login response with this text; flags as in the PDU. */
void target_login_response(struct target *target, const struct pdu *pdu, uint8_t flags,
			   uint16_t status, const char *text, size_t length);
void target_data_in(struct target *target, const struct pdu *command, uint32_t data_sn,
		    uint32_t offset, const void *data, uint32_t length, uint8_t flags,
		    uint32_t residual);
void target_response(struct target *target, const struct pdu *command, uint8_t status,
		     uint8_t flags, uint32_t residual, const void *sense,
		     uint16_t sense_length);

/* Whether the code that runs is the engine's, as far as target_run() called it. */
extern bool target_in_engine;

/* Value of a key in text; NULL if it is not there. */
const char *text_value(const void *text, size_t length, const char *key);

uint8_t opcode_of(const struct pdu *pdu);

#endif
