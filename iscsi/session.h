/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session.h - what the parts of the engine share; inside of the engine only.
 *
 *   session.c    life of a session, what drives it, dispatch of received PDUs
 *   out.c        queue of PDUs to be sent
 *   login.c      login phase
 *   task.c       task tags, ending and aborting tasks, deadlines
 *   command.c    SCSI commands, their data and responses
 *   discover.c   SendTargets
 *   control.c    NOP, Asynchronous Message, Reject, Logout
 *
 * Handlers of received PDUs return 0, or a negative errno with *error filled in, which ends the
 * session. After anything that may have called back, iscsi_session_changed() tells whether
 * the session is still the one it was; if not, the handler returns at once.
 */
#ifndef ISCSI_SESSION_H
#define ISCSI_SESSION_H

#include "iscsi/error.h"
#include "iscsi/reader.h"

#define SESSION_STOP 1 /* a handler's answer if the session is no longer the same */

enum session_state {
	SESSION_DOWN,
	SESSION_CONNECTING,
	SESSION_LOGIN,
	SESSION_UP,
	SESSION_LOGOUT,
};

/* What the time goes into that is counted. */
enum session_activity {
	SESSION_IDLE,
	SESSION_SENDING,
	SESSION_RECEIVING,
};

struct iscsi_login;
struct iscsi_text_exchange;

/*
 * What an initiator task tag stands for. The tag is generation << 16 | index, so that a late
 * answer to a tag that was given away again is noticed. Tags with index CONTROL_INDEX are
 * those of PDUs of which one is outstanding at a time.
 */
enum slot_use {
	SLOT_FREE,
	SLOT_COMMAND,
	SLOT_ABANDONED, /* the task has ended for the caller; the target may not know yet */
	SLOT_ABORT,	/* a Task Management Request for other */
};

struct iscsi_slot {
	struct iscsi_task *task;
	uint16_t generation;
	uint16_t
		other; /* abort and abandoned: each other's slot; free: the next free one */
	uint8_t use;
};

#define NO_SLOT	      0xffff
#define SLOTS_MAX     0xf000
#define CONTROL_INDEX 0xffff

struct iscsi_tasks {
	struct iscsi_slot *slots;
	uint32_t slot_count;
	uint16_t free_slot;
	uint32_t active;   /* commands not done */
	uint32_t aborting; /* aborts not answered */
	uint64_t abort_deadline;
	uint64_t busy_since;
	struct iscsi_task *first, *last; /* all that are not done, oldest first */
	struct iscsi_task *waiting;	 /* the first of them that is not sent */
};

struct iscsi_session {
	struct iscsi_io *io;
	const struct iscsi_session_ops *ops;
	void *user;
	enum session_state state;
	unsigned int depth; /* calls from the io that are running */
	unsigned int epoch; /* counts connections */
	bool doomed;	    /* to be freed when depth is 0 */
	bool ending;	    /* the session is being ended: no login now */
	bool discovery;
	bool hungry; /* more may be there to receive */
	int send_error;
	uint64_t deadline; /* of login or logout */
	uint64_t wake;	   /* what the io was asked for */

	uint32_t cmd_sn, max_cmd_sn, exp_stat_sn;
	uint32_t control_tag; /* of the last control PDU that is answered */
	struct iscsi_reader reader;
	struct iscsi_out *out_first, **out_last;
	size_t out_sent;      /* bytes of the first PDU that are gone */
	unsigned int replies; /* answers to NOP-In not sent yet */

	struct iscsi_login *login;
	struct iscsi_tasks tasks;
	struct iscsi_text_exchange *text;
	uint32_t logout_tag;
	struct iscsi_error *logout_cause; /* the target asked for it */

	uint64_t ping_interval, ping_timeout;
	uint64_t last_heard, ping_deadline;
	uint32_t ping_tag;

	char *target_name, *target_alias;
	struct iscsi_result result;
	struct iscsi_counters counters;
	enum session_activity activity;
	uint64_t activity_since;
};

/* --- session.c --- */

uint64_t iscsi_session_now(struct iscsi_session *session);
/* Ask for a tick at a time, if it is earlier than what was asked for before. */
void iscsi_session_wake(struct iscsi_session *session, uint64_t when);
/* There is more or less to do now: the time so far went into what there was. */
void iscsi_session_account(struct iscsi_session *session);
/* End the connection and all that depends on it, call down. error: as in down. */
void iscsi_session_end(struct iscsi_session *session, const struct iscsi_error *error);
static inline bool iscsi_session_changed(const struct iscsi_session *session,
					 unsigned int epoch)
{
	return session->epoch != epoch;
}
/* A tag for a control PDU; never that of a command, NO_TAG or the one before. */
uint32_t iscsi_session_control_tag(struct iscsi_session *session);
/* -EPROTO and *error: a violation of the protocol, in the words of format. */
int iscsi_violation(struct iscsi_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int iscsi_out_of_memory(struct iscsi_error *error);
/* "TARGET at PORTAL" */
void iscsi_session_describe(const struct iscsi_session *session, char *out, size_t size);
void iscsi_session_up(struct iscsi_session *session);
int iscsi_session_begin_connect(struct iscsi_session *session);

/* --- out.c --- */

/* Make an empty PDU: all zero but opcode, flags and tag. */
void iscsi_out_init(struct iscsi_out *out, uint8_t opcode, uint8_t flags, uint32_t itt);
/* Lengths, ExpStatSN, CmdSN, padding and digests, then to the end of the queue. */
void iscsi_out_push(struct iscsi_session *session, struct iscsi_out *out);
/* The same for a PDU that is refilled by its sent callback: it stays where it is. */
void iscsi_out_seal(struct iscsi_session *session, struct iscsi_out *out);
/* A PDU with a copy of the data, on the heap, released when sent. NULL: no memory. */
struct iscsi_out *iscsi_out_new(uint8_t opcode, uint8_t flags, uint32_t itt,
				const void *data, uint32_t length);
/* Send what can be sent. Errors are found in send_error later. */
void iscsi_out_flush(struct iscsi_session *session);
/* The memory of a queued PDU goes away: put a copy in its place. 0 or -ENOMEM. */
int iscsi_out_detach(struct iscsi_session *session, struct iscsi_out *out);
void iscsi_out_clear(struct iscsi_session *session);
/* All bytes of a sealed PDU. */
size_t iscsi_out_size(const struct iscsi_session *session, const struct iscsi_out *out);

/* --- login.c --- */

int iscsi_login_new(struct iscsi_session *session, const struct iscsi_config *config);
void iscsi_login_free(struct iscsi_session *session);
int iscsi_login_start(struct iscsi_session *session, struct iscsi_error *error);
int iscsi_login_response(struct iscsi_session *session, const uint8_t *bhs,
			 const uint8_t *data, uint32_t length, struct iscsi_error *error);
const struct iscsi_portal *iscsi_login_portal(const struct iscsi_session *session);

/* --- task.c --- */

enum task_state { TASK_WAITING, TASK_SENT, TASK_CANCELLED };

/* A new tag in *itt; -ENOMEM if there is no memory or there are too many. */
int iscsi_slot_new(struct iscsi_session *session, enum slot_use use,
		   struct iscsi_task *task, uint32_t *itt);
/* What a tag stands for; NULL if for nothing. */
struct iscsi_slot *iscsi_slot_find(struct iscsi_session *session, uint32_t itt);
void iscsi_slot_free(struct iscsi_session *session, struct iscsi_slot *slot);
/* The target is done with an abandoned command. */
void iscsi_slot_forget(struct iscsi_session *session, struct iscsi_slot *slot);

void iscsi_task_add(struct iscsi_session *session, struct iscsi_task *task);
/* The task has ended: release its tag, call done. error: as in the task. */
void iscsi_task_end(struct iscsi_session *session, struct iscsi_task *task,
		    const struct iscsi_error *error);
/* End what is overdue or cancelled; *next: when to look again. */
int iscsi_task_expire(struct iscsi_session *session, uint64_t now, uint64_t *next,
		      struct iscsi_error *error);
/* The connection is gone: complete everything. */
void iscsi_task_end_all(struct iscsi_session *session, const struct iscsi_error *error);
int iscsi_task_aborted(struct iscsi_session *session, const uint8_t *bhs,
		       const uint8_t *data, uint32_t length, struct iscsi_error *error);

/* --- command.c --- */

int iscsi_data_in_header(struct iscsi_session *session, const uint8_t *bhs,
			 uint32_t length, uint8_t **place, struct iscsi_error *error);
int iscsi_data_in(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		  uint32_t length, struct iscsi_error *error);
int iscsi_command_response(struct iscsi_session *session, const uint8_t *bhs,
			   const uint8_t *data, uint32_t length,
			   struct iscsi_error *error);
int iscsi_r2t(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
	      uint32_t length, struct iscsi_error *error);
/* Queue commands that wait, as far as the window allows. Whether there was one. */
bool iscsi_command_pump(struct iscsi_session *session);

/* --- discover.c --- */

int iscsi_text_response(struct iscsi_session *session, const uint8_t *bhs,
			const uint8_t *data, uint32_t length, struct iscsi_error *error);
uint64_t iscsi_text_deadline(const struct iscsi_session *session);
/* Answer the target's wish to negotiate with an empty request. */
int iscsi_text_offer_nothing(struct iscsi_session *session);
/* The target rejected a text request. */
void iscsi_text_rejected(struct iscsi_session *session, uint32_t itt,
			 const struct iscsi_error *error);
void iscsi_text_end(struct iscsi_session *session, const struct iscsi_error *error);

/* --- control.c --- */

int iscsi_nop_in(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		 uint32_t length, struct iscsi_error *error);
int iscsi_async(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		uint32_t length, struct iscsi_error *error);
int iscsi_reject(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		 uint32_t length, struct iscsi_error *error);
int iscsi_logout_response(struct iscsi_session *session, const uint8_t *bhs,
			  const uint8_t *data, uint32_t length,
			  struct iscsi_error *error);
/* Ping if it is time; -ETIMEDOUT and *error if an answer is overdue. *next: when to look again. */
int iscsi_ping(struct iscsi_session *session, uint64_t now, uint64_t *next,
	       struct iscsi_error *error);

#endif
