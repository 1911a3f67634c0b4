// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * discover.c - SendTargets (RFC 7143, 4.3 and Appendix C) and other text in full feature phase.
 *
 * The answer may be of any number of PDUs, cut anywhere. What is kept at a time is one target
 * with its addresses; it is handed over when the next one begins.
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"
#include "iscsi/keys.h"
#include "iscsi/text.h"

#define DEFAULT_TARGETS	 1000000U
#define PORTALS_MAX	 1024 /* addresses of one target */
#define BYTES_PER_TARGET 1024
#define EMPTY_MAX	 16 /* answers in a row that say nothing */

struct iscsi_text_exchange {
	struct iscsi_discovery
		*discovery; /* NULL: an empty request, its answer is ignored */
	struct iscsi_text_reader reader;
	uint64_t deadline;
	uint32_t itt;
	uint32_t targets_left;
	unsigned int empty;
	char name[ISCSI_NAME_MAX + 1]; /* the target that is being read; empty if none */
	struct iscsi_portal *portals;
	size_t portal_count, portal_room;
	bool bad_address; /* it has one that cannot be used */
	bool skip;	  /* its name is none: its addresses concern nobody */
};

uint64_t iscsi_text_deadline(const struct iscsi_session *session)
{
	return session->text ? session->text->deadline : ISCSI_NO_DEADLINE;
}

static void free_exchange(struct iscsi_text_exchange *text)
{
	iscsi_text_reader_free(&text->reader);
	free(text->portals);
	free(text);
}

/* --- Requests ---------------------------------------------------------------------------- */

static int send_text(struct iscsi_session *session, uint32_t ttt, const uint8_t *lun,
		     const struct iscsi_text *text)
{
	struct iscsi_out *out = iscsi_out_new(
		OP_TEXT | IMMEDIATE, FINAL, session->text->itt, text ? text->data : NULL,
		text ? (uint32_t)text->length : 0);

	if (!out)
		return -ENOMEM;
	if (lun)
		memcpy(out->header + AT_LUN, lun, 8);
	put32(out->header + AT_TTT, ttt);
	put32(out->header + AT_CMD_SN, session->cmd_sn);
	iscsi_out_push(session, out);
	return 0;
}

static int begin_exchange(struct iscsi_session *session,
			  struct iscsi_discovery *discovery, uint64_t deadline,
			  const struct iscsi_text *request)
{
	struct iscsi_text_exchange *text = calloc(1, sizeof(*text));

	if (!text)
		return -ENOMEM;
	text->discovery = discovery;
	text->deadline = deadline;
	text->targets_left = discovery && discovery->max_targets ? discovery->max_targets
								 : DEFAULT_TARGETS;
	iscsi_text_reader_init(&text->reader, SIZE_MAX,
			       (size_t)text->targets_left * BYTES_PER_TARGET);
	text->itt = iscsi_session_control_tag(session);
	session->text = text;
	if (send_text(session, NO_TAG, NULL, request)) {
		free_exchange(steal(session->text));
		return -ENOMEM;
	}
	iscsi_session_wake(session, deadline);
	return 0;
}

static int check_request(const struct iscsi_session *session,
			 const struct iscsi_discovery *discovery)
{
	if (session->state != SESSION_UP || session->doomed)
		return -ENOTCONN;
	if (!discovery->done ||
	    (discovery->target && iscsi_name_check(discovery->target, NULL)))
		return -EINVAL;
	return session->text ? -EBUSY : 0;
}

int iscsi_session_discover(struct iscsi_session *session,
			   struct iscsi_discovery *discovery)
{
	struct iscsi_text request = { 0 };
	int err = check_request(session, discovery);

	if (err)
		return err;
	discovery->refused = 0;
	iscsi_text_add(&request, "SendTargets",
		       discovery->target ? discovery->target : "All");
	err = request.failed
		      ? -ENOMEM
		      : begin_exchange(session, discovery, discovery->deadline, &request);
	iscsi_text_free(&request);
	if (!err && !session->depth)
		iscsi_out_flush(session);
	return err;
}

int iscsi_text_offer_nothing(struct iscsi_session *session)
{
	uint64_t deadline = iscsi_session_now(session) + 10000000000ULL;

	if (session->text || session->state != SESSION_UP)
		return 0;
	return begin_exchange(session, NULL, deadline, NULL);
}

/* --- Ends -------------------------------------------------------------------------------- */

void iscsi_text_end(struct iscsi_session *session, const struct iscsi_error *error)
{
	struct iscsi_text_exchange *text = steal(session->text);
	struct iscsi_discovery *discovery;

	if (!text)
		return;
	discovery = text->discovery;
	free_exchange(text);
	if (discovery)
		discovery->done(discovery, error);
}

void iscsi_text_rejected(struct iscsi_session *session, uint32_t itt,
			 const struct iscsi_error *error)
{
	if (session->text && session->text->itt == itt)
		iscsi_text_end(session, error);
}

/* --- Answers ----------------------------------------------------------------------------- */

/*
 * The target that was read so far is complete. One of whose addresses none can be used is left
 * out: without any it would seem to be where we asked.
 */
static int hand_over(struct iscsi_session *session)
{
	struct iscsi_text_exchange *text = session->text;
	struct iscsi_found found = { text->name, text->portals, text->portal_count };
	bool usable = text->portal_count || !text->bad_address;
	unsigned int epoch = session->epoch;

	if (text->name[0] && usable && text->discovery->found)
		text->discovery->found(text->discovery, &found);
	if (iscsi_session_changed(session, epoch))
		return SESSION_STOP;
	text->name[0] = 0;
	text->portal_count = 0;
	text->bad_address = false;
	text->skip = false;
	return 0;
}

static int take_target(struct iscsi_session *session, const char *value,
		       struct iscsi_error *error)
{
	struct iscsi_text_exchange *text = session->text;
	int err = hand_over(session);

	if (err)
		return err;
	if (!text->targets_left--) {
		iscsi_error_set(error, ISCSI_FAILED_LOCAL, -E2BIG,
				"the target reports more targets than the limit allows");
		return -E2BIG;
	}
	text->skip = iscsi_name_check(value, NULL);
	if (text->skip)
		text->discovery->refused++;
	else
		memcpy(text->name, value, strlen(value) + 1);
	return 0;
}

static int make_room(struct iscsi_text_exchange *text)
{
	size_t room = text->portal_room ? 2 * text->portal_room : 4;
	struct iscsi_portal *portals;

	if (text->portal_count < text->portal_room)
		return 0;
	if (room > PORTALS_MAX)
		return -E2BIG;
	portals = realloc(text->portals, room * sizeof(*portals));
	if (!portals)
		return -ENOMEM;
	text->portals = portals;
	text->portal_room = room;
	return 0;
}

static int take_address(struct iscsi_session *session, const char *value,
			struct iscsi_error *error)
{
	struct iscsi_text_exchange *text = session->text;
	int err;

	if (text->skip)
		return 0;
	if (!text->name[0])
		return iscsi_keys_error(error, "TargetAddress", value,
					"sent before any TargetName");
	err = make_room(text);
	if (err == -E2BIG)
		return iscsi_keys_error(error, "TargetAddress", value,
					"too many for one target");
	if (err)
		return iscsi_out_of_memory(error);
	if (!iscsi_portal_parse(value, &text->portals[text->portal_count])) {
		text->portal_count++;
	} else {
		text->bad_address = true;
		text->discovery->refused++;
	}
	return 0;
}

/* Keys of later versions or vendors do not concern us: nobody asked for them. */
static int take_pair(void *user, const char *key, const char *value,
		     struct iscsi_error *error)
{
	struct iscsi_session *session = user;

	if (!session->text->discovery)
		return 0;
	if (!strcmp(key, "TargetName"))
		return take_target(session, value, error);
	if (!strcmp(key, "TargetAddress"))
		return take_address(session, value, error);
	if (!strcmp(key, "SendTargets")) {
		iscsi_keys_error(error, key, value, "the target refuses to answer");
		return -EPROTO;
	}
	return 0;
}

static int check_response(struct iscsi_text_exchange *text, const uint8_t *bhs,
			  uint32_t length, struct iscsi_error *error)
{
	bool final = bhs[AT_FLAGS] & FINAL;

	if (!text || get32(bhs + AT_ITT) != text->itt)
		return iscsi_violation(error, "a text response nobody waits for");
	if (final && bhs[AT_FLAGS] & TEXT_CONTINUE)
		return iscsi_violation(error, "a text response with both F and C");
	if (!final && get32(bhs + AT_TTT) == NO_TAG)
		return iscsi_violation(
			error,
			"a text response that is not the last and has no tag to go on");
	text->empty = length ? 0 : text->empty + 1;
	if (text->empty > EMPTY_MAX)
		return iscsi_violation(
			error, "a text answer that neither says anything nor ends");
	return 0;
}

static int finish(struct iscsi_session *session)
{
	int err = session->text->discovery ? hand_over(session) : 0;

	if (!err)
		iscsi_text_end(session, NULL);
	return err;
}

int iscsi_text_response(struct iscsi_session *session, const uint8_t *bhs,
			const uint8_t *data, uint32_t length, struct iscsi_error *error)
{
	struct iscsi_text_exchange *text = session->text;
	bool last = !(bhs[AT_FLAGS] & TEXT_CONTINUE);
	int err = check_response(text, bhs, length, error);

	if (!err)
		err = iscsi_text_read(&text->reader, data, length, last, take_pair,
				      session, error);
	if (err)
		return err;
	if (bhs[AT_FLAGS] & FINAL)
		return finish(session);
	return send_text(session, get32(bhs + AT_TTT), bhs + AT_LUN, NULL)
		       ? iscsi_out_of_memory(error)
		       : 0;
}
