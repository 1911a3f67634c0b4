/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * iscsi.h - an iSCSI initiator (RFC 7143) that does no input or output of its own.
 *
 * A session speaks the protocol; the bytes go through a struct iscsi_io that its creator
 * provides, and time is what that object says it is. iscsi/tcp.h has the one for real
 * networks, iscsi/loop.h the event loop that drives it; tests bring their own.
 *
 * Threads: a session, its io and its tasks belong to one thread, that of the loop. Nothing here
 * takes a lock. Other threads hand work over with iscsi_loop_post().
 *
 * Callbacks: done, up, down and the like are called from iscsi_session_readable(),
 * iscsi_session_writable(), iscsi_session_connected() and iscsi_session_tick() only, never
 * from inside the function that started the work; iscsi_session_free() is the one exception.
 * A callback may call anything, iscsi_session_free() on its own session included.
 *
 * Time: every deadline is absolute, in nanoseconds of CLOCK_MONOTONIC (or of the clock of the
 * injected io); ISCSI_NO_DEADLINE never comes.
 *
 * Errors: functions return 0 or a negative errno; what goes wrong later comes as a struct
 * iscsi_error. Text in it is for people, complete, and never contains a secret.
 */
#ifndef ISCSI_ISCSI_H
#define ISCSI_ISCSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "shared/iscsi-name.h"

#define ISCSI_NO_DEADLINE  UINT64_MAX
#define ISCSI_DEFAULT_PORT 3260

#define ISCSI_NAME_MAX	   223 /* bytes of an iSCSI name, without terminator */
#define ISCSI_ALIAS_MAX	   255
#define ISCSI_HOST_MAX	   255 /* bytes of a DNS name or address text */
#define ISCSI_CDB_MAX	   260 /* bytes of a CDB; what exceeds 16 travels in an AHS */
#define ISCSI_SENSE_MAX	   252

struct iscsi_session;

/* --- Errors ---------------------------------------------------------------------------- */

/**
 * enum iscsi_failure - what kind of thing went wrong
 * @ISCSI_FAILED_NOTHING: nothing did
 * @ISCSI_FAILED_LOCAL: memory, a limit or an argument on our side
 * @ISCSI_FAILED_RESOLVE: the host name has no address
 * @ISCSI_FAILED_CONNECT: no connection to any address of the portal; error says why
 * @ISCSI_FAILED_CONNECTION: an established connection was closed or reset
 * @ISCSI_FAILED_TIMEOUT: the peer did not answer before the deadline
 * @ISCSI_FAILED_LOGIN: the target refused the login; status class and detail are valid
 * @ISCSI_FAILED_AUTH: authentication failed on our side: the target skipped it, chose what
 *     was not offered, sent an unusable challenge, or could not prove who it is
 * @ISCSI_FAILED_NEGOTIATION: an answer to a login key is not possible; key is valid
 * @ISCSI_FAILED_PROTOCOL: any other violation of RFC 7143 by the target
 * @ISCSI_FAILED_DIGEST: a header or data digest does not match
 * @ISCSI_FAILED_REJECTED: the target answered with Reject or a response other than
 *     "Command Completed at Target"; reason is valid
 * @ISCSI_FAILED_BY_TARGET: the target ended the session by an asynchronous message
 * @ISCSI_FAILED_CANCELLED: ended by our own side: abort, logout, free
 */
enum iscsi_failure {
	ISCSI_FAILED_NOTHING,
	ISCSI_FAILED_LOCAL,
	ISCSI_FAILED_RESOLVE,
	ISCSI_FAILED_CONNECT,
	ISCSI_FAILED_CONNECTION,
	ISCSI_FAILED_TIMEOUT,
	ISCSI_FAILED_LOGIN,
	ISCSI_FAILED_AUTH,
	ISCSI_FAILED_NEGOTIATION,
	ISCSI_FAILED_PROTOCOL,
	ISCSI_FAILED_DIGEST,
	ISCSI_FAILED_REJECTED,
	ISCSI_FAILED_BY_TARGET,
	ISCSI_FAILED_CANCELLED,
};

/** enum iscsi_layer - where it went wrong; follows from the kind of failure */
enum iscsi_layer {
	ISCSI_LAYER_LOCAL,
	ISCSI_LAYER_TRANSPORT, /* resolving, connecting, losing the connection, silence */
	ISCSI_LAYER_ISCSI,     /* login, negotiation, protocol */
};

/**
 * struct iscsi_error - why something failed
 * @kind: what kind of failure
 * @layer: where it happened
 * @error: negative errno; 0 if none fits better than the kind does
 * @status_valid: status_class and status_detail are those of a Login Response
 * @status_class: Status-Class (RFC 7143, 11.13.5)
 * @status_detail: Status-Detail
 * @reason: reason code of Reject, or response code, with ISCSI_FAILED_REJECTED
 * @key: the text key that is at fault; empty if none
 * @text: one sentence without a final full stop: what failed, with whom, why
 */
struct iscsi_error {
	enum iscsi_failure kind;
	enum iscsi_layer layer;
	int error;
	bool status_valid;
	uint8_t status_class;
	uint8_t status_detail;
	uint8_t reason;
	char key[64];
	char text[448];
};

/**
 * iscsi_failure_name - a kind of failure in one or two words, for logs and counters
 *
 * Return: a string constant, never NULL.
 */
const char *iscsi_failure_name(enum iscsi_failure kind);

/**
 * iscsi_login_status_text - a login status in the words of RFC 7143
 *
 * Return: a string constant, never NULL, for any value.
 */
const char *iscsi_login_status_text(uint8_t status_class, uint8_t status_detail);

/* --- Portals -------------------------------------------------------------------------- */

/**
 * struct iscsi_portal - where a target listens
 * @host: DNS name, IPv4 address or IPv6 address without brackets, zone id allowed
 * @port: TCP port
 * @tag: target portal group tag, -1 if not known
 */
struct iscsi_portal {
	char host[ISCSI_HOST_MAX + 1];
	uint16_t port;
	int32_t tag;
};

/**
 * iscsi_portal_parse - "host[:port][,tag]" as users type it and targets send it
 * @text: host may be a name, an IPv4 address, or an IPv6 address in brackets; a bare IPv6
 *     address is taken if no port follows it
 * @portal: filled in on success only
 *
 * Return: 0, or -EINVAL.
 */
int iscsi_portal_parse(const char *text, struct iscsi_portal *portal);

/**
 * iscsi_portal_format - "host:port", brackets around IPv6, ",tag" if the tag is known
 * @portal: portal
 * @out: receives the text, cut if it does not fit; ISCSI_PORTAL_TEXT is always enough
 * @size: bytes of out
 */
void iscsi_portal_format(const struct iscsi_portal *portal, char *out, size_t size);
#define ISCSI_PORTAL_TEXT (ISCSI_HOST_MAX + 16)

/* --- Login keys with a value ----------------------------------------------------------- */

/**
 * enum iscsi_param - the negotiable keys of RFC 7143, section 13
 *
 * Booleans are 0 (No) and 1 (Yes); digests are enum iscsi_digest; all else is a number.
 */
enum iscsi_param {
	ISCSI_HEADER_DIGEST,
	ISCSI_DATA_DIGEST,
	ISCSI_MAX_CONNECTIONS,
	ISCSI_INITIAL_R2T,
	ISCSI_IMMEDIATE_DATA,
	ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH,
	ISCSI_MAX_BURST_LENGTH,
	ISCSI_FIRST_BURST_LENGTH,
	ISCSI_DEFAULT_TIME2WAIT,
	ISCSI_DEFAULT_TIME2RETAIN,
	ISCSI_MAX_OUTSTANDING_R2T,
	ISCSI_DATA_PDU_IN_ORDER,
	ISCSI_DATA_SEQUENCE_IN_ORDER,
	ISCSI_ERROR_RECOVERY_LEVEL,
	ISCSI_PARAM_COUNT
};

/**
 * enum iscsi_digest - offer for a digest, or what was agreed (the first two)
 */
enum iscsi_digest {
	ISCSI_DIGEST_NONE,
	ISCSI_DIGEST_CRC32C,	  /* nothing else is acceptable */
	ISCSI_DIGEST_NONE_CRC32C, /* either, none preferred */
	ISCSI_DIGEST_CRC32C_NONE, /* either, CRC32C preferred */
};

/**
 * struct iscsi_param_info - what is known about a key
 * @name: the key as it is written on the wire
 * @boolean: values are 0 and 1
 * @min: smallest value RFC 7143 allows
 * @max: largest value RFC 7143 allows
 * @initial: value in force when the key is not negotiated
 * @offer_min: smallest value this initiator honours and therefore offers
 * @offer_max: largest value this initiator honours and therefore offers
 * @offer: what iscsi_params_default() sets
 */
struct iscsi_param_info {
	const char *name;
	bool boolean;
	uint32_t min, max, initial;
	uint32_t offer_min, offer_max, offer;
};

/** iscsi_param_info - what is known about a key; NULL for a value outside of the enum */
const struct iscsi_param_info *iscsi_param_info(enum iscsi_param param);

/** struct iscsi_params - one value for each key: the offers, or what was agreed */
struct iscsi_params {
	uint32_t value[ISCSI_PARAM_COUNT];
};

/** iscsi_params_default - the offers of an initiator that has no reason for others */
void iscsi_params_default(struct iscsi_params *params);

/**
 * iscsi_params_check - whether these offers can be made
 * @params: offers
 * @wrong: receives the first key that is at fault; may be NULL
 *
 * Return: 0; -ERANGE if a value is outside of offer_min to offer_max; -EINVAL if values
 * contradict each other (FirstBurstLength above MaxBurstLength).
 */
int iscsi_params_check(const struct iscsi_params *params, enum iscsi_param *wrong);

/* --- Authentication -------------------------------------------------------------------- */

/** enum iscsi_chap_algorithm - CHAP_A as registered with IANA */
enum iscsi_chap_algorithm {
	ISCSI_CHAP_MD5 = 5,
	ISCSI_CHAP_SHA1 = 6,
	ISCSI_CHAP_SHA256 = 7,
	ISCSI_CHAP_SHA3_256 = 8,
};
#define ISCSI_CHAP_ALGORITHMS 4
#define ISCSI_CHAP_NAME_MAX   255
#define ISCSI_CHAP_SECRET_MAX 255

/** iscsi_chap_algorithm_name - "MD5" and so on; NULL if this engine does not have it */
const char *iscsi_chap_algorithm_name(uint8_t algorithm);

/**
 * struct iscsi_auth - how to prove who we are, and how the target has to
 * @name: CHAP_N we send; NULL: no authentication is offered, and none is given
 * @secret: our secret; 1 to ISCSI_CHAP_SECRET_MAX bytes, any values
 * @secret_length: bytes of secret
 * @target_name: CHAP_N the target must send; NULL: any
 * @target_secret: secret the target must prove to know; NULL: one-way authentication
 * @target_secret_length: bytes of target_secret; the two secrets must differ
 * @algorithms: CHAP algorithms to offer, most preferred first; zeros are skipped; none at
 *     all means MD5
 *
 * With a name AuthMethod=CHAP alone is offered, and a target that goes on without is left.
 */
struct iscsi_auth {
	const char *name;
	const void *secret;
	size_t secret_length;
	const char *target_name;
	const void *target_secret;
	size_t target_secret_length;
	uint8_t algorithms[ISCSI_CHAP_ALGORITHMS];
};

/* --- Session ---------------------------------------------------------------------------- */

/**
 * struct iscsi_config - with whom to log in, and how
 * @initiator_name: our name; must be a valid iSCSI name
 * @initiator_alias: our alias; NULL or empty: none is sent
 * @target_name: the target; NULL: a discovery session
 * @portal: where to connect
 * @isid: initiator part of the session id, see iscsi_isid_random(). Two sessions of one
 *     initiator name with one target portal group must differ in it, or the second ends the
 *     first.
 * @params: values to offer; of a discovery session only those that apply are
 * @auth: authentication
 * @max_redirects: how many redirections (status class 1) to follow; 0: none
 * @ping_interval: nanoseconds of silence after which a NOP-Out asks whether the target is
 *     there; 0: never
 * @ping_timeout: nanoseconds the answer may take; 0: as long as ping_interval
 */
struct iscsi_config {
	const char *initiator_name;
	const char *initiator_alias;
	const char *target_name;
	struct iscsi_portal portal;
	uint8_t isid[6];
	struct iscsi_params params;
	struct iscsi_auth auth;
	unsigned int max_redirects;
	uint64_t ping_interval;
	uint64_t ping_timeout;
};

/** iscsi_config_init - default parameters, MD5, 4 redirections, all else zero */
void iscsi_config_init(struct iscsi_config *config);

/** iscsi_isid_random - an ISID of type "Random" (RFC 7143, 11.12.5); 0 or negative errno */
int iscsi_isid_random(uint8_t isid[6]);

/**
 * enum iscsi_auth_method - how the login was authenticated
 */
enum iscsi_auth_method {
	ISCSI_AUTH_NONE,
	ISCSI_AUTH_CHAP,
	ISCSI_AUTH_CHAP_MUTUAL,
};

/**
 * struct iscsi_result - what a login brought about
 * @params: values in force. For MaxRecvDataSegmentLength: what we declared
 * @target_max_recv_data_segment_length: what the target declared, or 8192
 * @answered: bit (1 << iscsi_param) is set if the target answered or declared the key
 * @auth_method: how the login was authenticated
 * @chap_algorithm: CHAP algorithm used, 0 if none
 * @isid: as configured
 * @tsih: target session identifying handle
 * @cid: connection id
 * @portal_group_tag: target portal group tag the target sent, -1 if none
 * @redirects: redirections followed
 * @portal: where the login succeeded
 */
struct iscsi_result {
	struct iscsi_params params;
	uint32_t target_max_recv_data_segment_length;
	uint32_t answered;
	enum iscsi_auth_method auth_method;
	uint8_t chap_algorithm;
	uint8_t isid[6];
	uint16_t tsih;
	uint16_t cid;
	int32_t portal_group_tag;
	unsigned int redirects;
	struct iscsi_portal portal;
};

/**
 * struct iscsi_counters - work done by a session, summed up over all its logins
 * @pdus_sent, @pdus_received: PDUs
 * @bytes_sent, @bytes_received: all bytes on the connection
 * @data_sent, @data_received: bytes of SCSI data
 * @commands: SCSI commands that ended, whatever their status
 * @busy_ns: time during which at least one SCSI command was outstanding
 * @sending_ns: time during which something was to be sent and not sent yet
 * @receiving_ns: time during which all was sent and a SCSI command was outstanding
 * @logins, @login_failures: logins that succeeded, that failed
 * @digest_errors, @format_errors, @timeouts: failures of each kind, logins included
 * @failures: sessions that were lost in full feature phase
 * @digest_failures, @format_failures, @timeout_failures: those of them that were given up
 *     because of a digest, of a violation of the protocol, of silence
 * @timeout_closes: connections that were closed because of silence, at any time
 */
struct iscsi_counters {
	uint64_t pdus_sent, pdus_received;
	uint64_t bytes_sent, bytes_received;
	uint64_t data_sent, data_received;
	uint64_t commands;
	uint64_t busy_ns, sending_ns, receiving_ns;
	uint32_t logins, login_failures;
	uint32_t digest_errors, format_errors, timeouts;
	uint32_t failures, digest_failures, format_failures, timeout_failures;
	uint32_t timeout_closes;
};

/** enum iscsi_async_event - AsyncEvent of an Asynchronous Message */
enum iscsi_async_event {
	ISCSI_ASYNC_SCSI = 0,	/* sense data: target or LU says something */
	ISCSI_ASYNC_LOGOUT = 1, /* the target asks us to log out; it is being done */
	ISCSI_ASYNC_DROP_CONNECTION = 2,
	ISCSI_ASYNC_DROP_SESSION = 3,
	ISCSI_ASYNC_NEGOTIATE = 4,
	ISCSI_ASYNC_VENDOR = 255,
};

/**
 * struct iscsi_async - an Asynchronous Message
 * @event: AsyncEvent, any value
 * @lun: LU for ISCSI_ASYNC_SCSI
 * @parameter: Parameter1 to Parameter3
 * @sense, @sense_length: sense data, NULL if none
 */
struct iscsi_async {
	uint8_t event;
	uint8_t lun[8];
	uint16_t parameter[3];
	const uint8_t *sense;
	size_t sense_length;
};

/**
 * struct iscsi_session_ops - what a session tells its creator
 * @up: full feature phase is reached; may be NULL
 * @down: the session is over: the login failed, the connection is lost, or the logout that
 *     was asked for is done (error is NULL then). Comes exactly once for every
 *     iscsi_session_login() that returned 0, after all tasks are done. The session may now
 *     log in again or be freed, also from inside.
 * @async: an Asynchronous Message came; may be NULL. The session does what the message asks.
 */
struct iscsi_session_ops {
	void (*up)(struct iscsi_session *session, void *user);
	void (*down)(struct iscsi_session *session, void *user,
		     const struct iscsi_error *error);
	void (*async)(struct iscsi_session *session, void *user,
		      const struct iscsi_async *event);
};

struct iscsi_io;

/**
 * iscsi_session_new - make a session that is not connected to anything
 * @io: its connection to the world; belongs to the session once this succeeded
 * @ops: callbacks, must outlive the session
 * @user: passed to the callbacks
 * @session: receives the session
 *
 * Return: 0, or -ENOMEM.
 */
int iscsi_session_new(struct iscsi_io *io, const struct iscsi_session_ops *ops,
		      void *user, struct iscsi_session **session);

/**
 * iscsi_session_free - end a session at once
 * @session: may be NULL
 *
 * Closes the connection without a logout. Every task that is not done is completed with
 * ISCSI_FAILED_CANCELLED before this returns; down is not called.
 */
void iscsi_session_free(struct iscsi_session *session);

/**
 * iscsi_session_login - connect and log in
 * @config: copied; the copy of the secrets is wiped when the login has ended
 * @deadline: of connecting and all of the login together
 *
 * Return: 0, and up or down is called later; -EBUSY if the session is not down; -EINVAL for
 * a bad name, portal or authentication setting, -ERANGE or -EINVAL as
 * iscsi_params_check(); -ENOMEM; what else the io says when it cannot begin to connect.
 */
int iscsi_session_login(struct iscsi_session *session, const struct iscsi_config *config,
			uint64_t deadline);

/**
 * iscsi_session_logout - log out in good order
 * @deadline: of the logout; when it passes the connection is closed all the same
 *
 * Tasks that are not done yet are completed with ISCSI_FAILED_CANCELLED. Then down is
 * called: with NULL if the target confirmed, with an error otherwise.
 *
 * Return: 0; -ENOTCONN if the session is not in full feature phase.
 */
int iscsi_session_logout(struct iscsi_session *session, uint64_t deadline);

/** iscsi_session_is_up - whether the session is in full feature phase */
bool iscsi_session_is_up(const struct iscsi_session *session);

/** iscsi_session_result - what the last successful login brought about */
const struct iscsi_result *iscsi_session_result(const struct iscsi_session *session);

/** iscsi_session_target_alias - TargetAlias the target sent; empty if none */
const char *iscsi_session_target_alias(const struct iscsi_session *session);

/** iscsi_session_counters - see struct iscsi_counters */
const struct iscsi_counters *iscsi_session_counters(const struct iscsi_session *session);

/** iscsi_session_user - the user pointer of iscsi_session_new() */
void *iscsi_session_user(const struct iscsi_session *session);

/* --- SCSI commands ---------------------------------------------------------------------- */

/** enum iscsi_task_attribute - SCSI task attribute */
enum iscsi_task_attribute {
	ISCSI_UNTAGGED,
	ISCSI_SIMPLE,
	ISCSI_ORDERED,
	ISCSI_HEAD_OF_QUEUE,
	ISCSI_ACA,
};

/* One PDU on its way out; the session's own. */
struct iscsi_out {
	struct iscsi_out *next;
	bool (*sent)(struct iscsi_session *session, struct iscsi_out *out);
	const uint8_t *ahs, *data;
	uint32_t ahs_length, data_length;
	uint8_t header[52]; /* with its digest */
	uint8_t trailer[7]; /* padding and data digest */
	uint8_t trailer_length;
	bool queued;
	bool heap;    /* released when it is sent */
	bool refills; /* sent is going to fill it again: nothing may go with it */
};

/* A target's permission to send data; the session's own. */
struct iscsi_burst {
	uint32_t ttt, offset, length;
};
#define ISCSI_BURSTS_MAX 9 /* MaxOutstandingR2T, and unsolicited data */

/**
 * struct iscsi_traffic - what a SCSI command took
 * @pdus_sent, @pdus_received: PDUs that name its task tag
 * @bytes_sent, @bytes_received: their bytes, all included
 * @data_sent, @data_received: of these, SCSI data
 * @sending_ns: from its beginning until its last byte so far was sent
 * @receiving_ns: from then to its end
 */
struct iscsi_traffic {
	uint32_t pdus_sent, pdus_received;
	uint64_t bytes_sent, bytes_received;
	uint64_t data_sent, data_received;
	uint64_t sending_ns, receiving_ns;
};

/* What a session keeps in a task. */
struct iscsi_task_own {
	struct iscsi_session *session;
	struct iscsi_task *next, *prev;
	uint8_t *ahs;
	uint32_t itt, cmd_sn;
	uint32_t data_sn; /* of the next Data-In or R2T */
	uint32_t moved;	  /* bytes received, or sent */
	uint32_t out_sn;  /* DataSN of the next Data-Out of the burst */
	uint8_t state, bursts;
	uint64_t begun, sent; /* times: submitted, last byte gone */
	struct iscsi_burst burst[ISCSI_BURSTS_MAX];
	struct iscsi_out out;
};

/**
 * struct iscsi_task - one SCSI command; memory of the caller, from submit until done
 *
 * Set by the caller; everything else must be zero, and after done a task may be used again:
 * @lun: LU, as in the PDU (SAM); see scsi_lun_encode()
 * @cdb: command descriptor block
 * @cdb_length: bytes of cdb, 1 to ISCSI_CDB_MAX
 * @attribute: task attribute
 * @in: receives data of the target; NULL if the command has none
 * @in_length: bytes of in: the Expected Data Transfer Length of a read
 * @out: data for the target; NULL if the command has none. Not together with in.
 * @out_length: bytes of out
 * @deadline: when the command must have ended
 * @done: called once, when the task has ended
 * @user: for the caller
 *
 * The result, valid in done and after:
 * @error: NULL: the target completed the command; otherwise why it did not. Valid in done only.
 * @status: SCSI status, if error is NULL; not GOOD is no error
 * @sense, @sense_length: sense data; sense_full is how much the target sent
 * @transferred: bytes of in that are valid, or bytes of out the target took
 * @residual: bytes less (or more, if overflow) than in_length or out_length that the
 *     target would have moved
 * @overflow: residual counts bytes for which the buffer was too short
 * @traffic: what it took, whatever the result
 */
struct iscsi_task {
	uint8_t lun[8];
	uint8_t cdb[ISCSI_CDB_MAX];
	uint16_t cdb_length;
	enum iscsi_task_attribute attribute;
	void *in;
	uint32_t in_length;
	const void *out;
	uint32_t out_length;
	uint64_t deadline;
	void (*done)(struct iscsi_task *task);
	void *user;

	const struct iscsi_error *error;
	uint8_t status;
	bool overflow;
	uint16_t sense_length;
	uint16_t sense_full;
	uint32_t residual;
	uint32_t transferred;
	uint8_t sense[ISCSI_SENSE_MAX];
	struct iscsi_traffic traffic;

	struct iscsi_task_own own;
};

/**
 * iscsi_session_submit - send a SCSI command
 * @task: see there; must stay where it is until done is called
 *
 * A command the target's window has no room for waits in the session.
 *
 * Return: 0, and done is called later; -ENOTCONN if the session is not in full feature phase
 * of a normal session; -EINVAL for a task that cannot be sent; -ENOMEM. On an error done is
 * not called.
 */
int iscsi_session_submit(struct iscsi_session *session, struct iscsi_task *task);

/**
 * iscsi_task_cancel - give a task up
 *
 * It is completed with ISCSI_FAILED_CANCELLED at the next event; its buffers are not touched
 * after this returns. The target is told to abort it. Nothing happens to a task that is
 * already done.
 */
void iscsi_task_cancel(struct iscsi_task *task);

/* --- Discovery -------------------------------------------------------------------------- */

/**
 * struct iscsi_found - a target a discovery session was told of
 * @name: its name; a valid iSCSI name
 * @portals, @portal_count: its addresses in the order they were sent; none means: the
 *     portal that was asked
 */
struct iscsi_found {
	const char *name;
	const struct iscsi_portal *portals;
	size_t portal_count;
};

/**
 * struct iscsi_discovery - one SendTargets request; memory of the caller until done
 * @target: "All" if NULL; otherwise a target name
 * @deadline: of the whole request
 * @max_targets: more is an error; 0: 1,000,000
 * @found: called for each target, as the answer comes in; what it is given is valid inside
 *     only. A target that sends the name of another one twice is reported twice.
 * @done: called once; error is NULL if the answer was complete
 * @user: for the caller
 * @refused: receives how many targets and addresses were left out because their name is not
 *     an iSCSI name, or the address none; one of them does not spoil the others. Valid in done.
 */
struct iscsi_discovery {
	const char *target;
	uint64_t deadline;
	uint32_t max_targets;
	void (*found)(struct iscsi_discovery *discovery, const struct iscsi_found *found);
	void (*done)(struct iscsi_discovery *discovery, const struct iscsi_error *error);
	void *user;
	uint32_t refused;
};

/**
 * iscsi_session_discover - ask with SendTargets, in a discovery or a normal session
 *
 * Return: 0, and done is called later; -ENOTCONN if the session is not in full feature phase;
 * -EBUSY if a request is under way; -EINVAL, -ENOMEM. On an error done is not called.
 */
int iscsi_session_discover(struct iscsi_session *session,
			   struct iscsi_discovery *discovery);

/* --- What drives a session -------------------------------------------------------------- */

/**
 * struct iscsi_io_ops - input, output and time as a session sees them
 * @connect: begin to connect to a portal, give up at the deadline. Result:
 *     iscsi_session_connected() later, not from inside. Returns 0 or a negative errno.
 * @send: like writev(2) without blocking: bytes taken, or a negative errno. -EAGAIN: the
 *     session waits for iscsi_session_writable().
 * @recv: like readv(2) without blocking: bytes, 0 at the end, or a negative errno. -EAGAIN:
 *     the session waits for iscsi_session_readable().
 * @close: end the connection, or the attempt at one; no calls to the session follow from it.
 *     A new connect may come after it.
 * @free: close and release the object
 * @now: nanoseconds of the clock
 * @wake_at: call iscsi_session_tick() at this time, or at once if it has passed, not from
 *     inside; replaces the time asked for before. ISCSI_NO_DEADLINE: not at all.
 * @random: fill a buffer with unpredictable bytes; 0 or a negative errno
 */
struct iscsi_io_ops {
	int (*connect)(struct iscsi_io *io, const struct iscsi_portal *portal,
		       uint64_t deadline);
	ssize_t (*send)(struct iscsi_io *io, const struct iovec *iov, int count);
	ssize_t (*recv)(struct iscsi_io *io, const struct iovec *iov, int count);
	void (*close)(struct iscsi_io *io);
	void (*free)(struct iscsi_io *io);
	uint64_t (*now)(struct iscsi_io *io);
	void (*wake_at)(struct iscsi_io *io, uint64_t when);
	int (*random)(struct iscsi_io *io, void *out, size_t size);
};

/**
 * struct iscsi_io - base of a transport
 * @ops: see there
 * @session: set by iscsi_session_new(); whom to call
 * @scratch: memory for receiving, valid while a call into the session runs, shared by all
 *     sessions of a loop: an idle session needs no buffer. Never NULL.
 * @scratch_size: bytes of scratch, at least 512
 */
struct iscsi_io {
	const struct iscsi_io_ops *ops;
	struct iscsi_session *session;
	void *scratch;
	size_t scratch_size;
};

/**
 * iscsi_session_connected - the io is connected, or failed to
 * @error: NULL: connected; otherwise why not (kind, error and text)
 */
void iscsi_session_connected(struct iscsi_session *session,
			     const struct iscsi_error *error);

/** iscsi_session_readable - there may be bytes to receive */
void iscsi_session_readable(struct iscsi_session *session);

/** iscsi_session_writable - bytes may be sent again */
void iscsi_session_writable(struct iscsi_session *session);

/** iscsi_session_tick - the time asked for with wake_at has come */
void iscsi_session_tick(struct iscsi_session *session);

#endif
