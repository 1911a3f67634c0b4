// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * login.c - the login phase (RFC 7143, sections 6.3, 11.12 and 11.13).
 *
 * One request is outstanding at any time. Without authentication the login begins in the
 * operational stage and takes one round trip; with it, the security stage comes first and has
 * the steps of enum step. Everything here lives in struct iscsi_login, which exists from
 * iscsi_session_login() to the end of the login and is wiped.
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"
#include "iscsi/chap.h"
#include "iscsi/keys.h"
#include "iscsi/libcrypto.h"
#include "iscsi/text.h"

#define REQUEST_DATA_MAX 8192  /* what a target takes before it declared anything */
#define PAIRS_MAX	 256   /* keys a target may send in a login */
#define BYTES_MAX	 65536 /* text a target may send in a login */
#define ROUNDS_MAX	 64    /* requests of a login; ten are plenty */

/* What the last request of the security stage was. */
enum step { STEP_METHOD, STEP_ALGORITHM, STEP_RESPONSE };

enum declared { SEEN_ALIAS = 1, SEEN_TAG = 2, SEEN_ADDRESS = 4, SEEN_METHOD = 8 };

struct iscsi_login {
	/* Configuration; the texts are behind the structure. */
	const char *initiator_name, *initiator_alias;
	struct iscsi_params params;
	uint8_t isid[6];
	unsigned int max_redirects;
	bool authenticate;
	/* All attempts. */
	struct iscsi_portal portal;
	unsigned int redirects;
	/* This attempt. */
	struct iscsi_chap chap;
	struct iscsi_negotiation negotiation;
	struct iscsi_text_reader reader;
	struct iscsi_text text; /* what is to be said */
	size_t text_at;		/* what of it is said already */
	struct iscsi_out out;
	uint32_t itt;
	unsigned int rounds;
	uint8_t stage, step;
	bool transit;	   /* the text ends the stage */
	bool transit_sent; /* the last request asked to end the stage */
	bool reading;	   /* the target's answer goes on in its next response */
	unsigned int seen;
	int32_t tag;
	char *alias;
	struct iscsi_portal redirect;
};

/* --- Life -------------------------------------------------------------------------------- */

static int check_config(const struct iscsi_config *config)
{
	if (!config->initiator_name || iscsi_name_check(config->initiator_name, NULL) ||
	    (config->target_name && iscsi_name_check(config->target_name, NULL)))
		return -EINVAL;
	if (config->initiator_alias &&
	    strnlen(config->initiator_alias, ISCSI_ALIAS_MAX + 1) > ISCSI_ALIAS_MAX)
		return -EINVAL;
	if (!config->portal.port ||
	    strnlen(config->portal.host, ISCSI_HOST_MAX + 1) > ISCSI_HOST_MAX ||
	    !config->portal.host[0])
		return -EINVAL;
	return iscsi_params_check(&config->params, NULL);
}

static struct iscsi_login *allocate(const struct iscsi_config *config)
{
	const char *alias = config->initiator_alias ? config->initiator_alias : "";
	size_t name_size = strlen(config->initiator_name) + 1;
	struct iscsi_login *login = calloc(1, sizeof(*login) + name_size + strlen(alias) +
						      1);
	char *at;

	if (!login)
		return NULL;
	at = (char *)(login + 1);
	login->initiator_name = memcpy(at, config->initiator_name, name_size);
	login->initiator_alias = memcpy(at + name_size, alias, strlen(alias) + 1);
	return login;
}

int iscsi_login_new(struct iscsi_session *session, const struct iscsi_config *config)
{
	struct iscsi_login *login;
	int err = check_config(config);

	if (err)
		return err;
	login = allocate(config);
	if (!login)
		return -ENOMEM;
	login->params = config->params;
	login->portal = config->portal;
	login->max_redirects = config->max_redirects;
	login->authenticate = config->auth.name;
	memcpy(login->isid, config->isid, sizeof(login->isid));
	if (login->authenticate)
		err = iscsi_chap_init(&login->chap, &config->auth);
	session->login = login;
	if (err)
		iscsi_login_free(session);
	return err;
}

/* What belongs to one attempt. */
static void clear_attempt(struct iscsi_login *login)
{
	iscsi_text_free(&login->text);
	iscsi_text_reader_free(&login->reader);
	free(steal(login->alias));
}

void iscsi_login_free(struct iscsi_session *session)
{
	struct iscsi_login *login = steal(session->login);

	if (!login)
		return;
	clear_attempt(login);
	iscsi_chap_wipe(&login->chap);
	free(login);
}

const struct iscsi_portal *iscsi_login_portal(const struct iscsi_session *session)
{
	return &session->login->portal;
}

/* --- Requests ---------------------------------------------------------------------------- */

static uint8_t next_stage(const struct iscsi_login *login)
{
	return login->stage == STAGE_SECURITY ? STAGE_OPERATIONAL : STAGE_FULL_FEATURE;
}

static uint8_t request_flags(const struct iscsi_login *login, bool more)
{
	uint8_t flags = (uint8_t)(login->stage << 2);

	if (more)
		flags |= LOGIN_CONTINUE;
	if (login->transit_sent)
		flags |= LOGIN_TRANSIT | next_stage(login);
	return flags;
}

/* Say the next length bytes of the text. */
static int send_part(struct iscsi_session *session, size_t length, bool more,
		     struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	struct iscsi_out *out = &login->out;

	if (login->text.failed)
		return iscsi_out_of_memory(error);
	if (++login->rounds > ROUNDS_MAX)
		return iscsi_violation(error, "the login does not end after %u requests",
				       ROUNDS_MAX);
	iscsi_out_init(out, OP_LOGIN | IMMEDIATE, request_flags(login, more), login->itt);
	memcpy(out->header + AT_ISID, login->isid, sizeof(login->isid));
	put32(out->header + AT_CMD_SN, session->cmd_sn);
	if (length)
		out->data = (uint8_t *)login->text.data + login->text_at;
	out->data_length = (uint32_t)length;
	login->text_at += length;
	iscsi_out_push(session, out);
	return 0;
}

static int send_request(struct iscsi_session *session, struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	size_t left = login->text.length - login->text_at;
	bool more = left > REQUEST_DATA_MAX;

	login->transit_sent = login->transit && !more;
	return send_part(session, more ? REQUEST_DATA_MAX : left, more, error);
}

/* The target has more to say; until it is done only an empty request is allowed. */
static int send_empty(struct iscsi_session *session, struct iscsi_error *error)
{
	session->login->transit_sent = false;
	return send_part(session, 0, false, error);
}

/* The text in the buffer was said; begin another one. */
static struct iscsi_text *new_text(struct iscsi_login *login, bool transit)
{
	if (login->text.data)
		explicit_bzero(login->text.data, login->text.size);
	login->text.length = 0;
	login->text_at = 0;
	login->transit = transit;
	return &login->text;
}

static void begin_operational(struct iscsi_login *login, struct iscsi_text *text)
{
	login->stage = STAGE_OPERATIONAL;
	login->transit = true;
	iscsi_keys_offer(&login->negotiation, text);
}

/* Who we are and whom we want: in the first request, whatever its stage. */
static void introduce(const struct iscsi_session *session, struct iscsi_text *text)
{
	const struct iscsi_login *login = session->login;

	iscsi_text_add(text, "InitiatorName", login->initiator_name);
	if (login->initiator_alias[0])
		iscsi_text_add(text, "InitiatorAlias", login->initiator_alias);
	iscsi_text_add(text, "SessionType", session->discovery ? "Discovery" : "Normal");
	if (!session->discovery)
		iscsi_text_add(text, "TargetName", session->target_name);
}

int iscsi_login_start(struct iscsi_session *session, struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	struct iscsi_text *text = new_text(login, false);

	iscsi_keys_init(&login->negotiation, &login->params, session->discovery);
	iscsi_text_reader_init(&login->reader, PAIRS_MAX, BYTES_MAX);
	iscsi_chap_restart(&login->chap);
	login->itt = iscsi_session_control_tag(session);
	login->rounds = 0;
	login->reading = false;
	login->seen = 0;
	login->tag = -1;
	login->stage = STAGE_SECURITY;
	login->step = STEP_METHOD;
	introduce(session, text);
	if (login->authenticate)
		iscsi_text_add(text, "AuthMethod", "CHAP");
	else
		begin_operational(login, text);
	return send_request(session, error);
}

/* --- Keys -------------------------------------------------------------------------------- */

static int take_alias(struct iscsi_login *login, const char *value,
		      struct iscsi_error *error)
{
	if (strlen(value) > ISCSI_ALIAS_MAX)
		return iscsi_keys_error(error, "TargetAlias", value,
					"longer than 255 bytes");
	login->alias = strdup(value);
	return login->alias ? 0 : iscsi_out_of_memory(error);
}

static int take_tag(struct iscsi_login *login, const char *value,
		    struct iscsi_error *error)
{
	uint32_t tag;

	if (iscsi_text_number(value, 0, UINT16_MAX, &tag))
		return iscsi_keys_error(error, "TargetPortalGroupTag", value,
					"not a number from 0 to 65535");
	login->tag = (int32_t)tag;
	return 0;
}

static int take_address(struct iscsi_login *login, const char *value,
			struct iscsi_error *error)
{
	if (iscsi_portal_parse(value, &login->redirect))
		return iscsi_keys_error(error, "TargetAddress", value, "not an address");
	return 0;
}

static int take_method(struct iscsi_login *login, const char *value,
		       struct iscsi_error *error)
{
	/* Without authentication there is no security stage in which it could be agreed on. */
	if (!login->authenticate)
		return iscsi_keys_error(error, "AuthMethod", value,
					"nothing was offered");
	if (!strcmp(value, "CHAP"))
		return 0;
	iscsi_error_set(
		error, ISCSI_FAILED_AUTH, -EPROTO,
		"the target does not accept CHAP, the only method that was offered");
	snprintf(error->key, sizeof(error->key), "AuthMethod");
	return -EPROTO;
}

static const struct {
	const char *key;
	unsigned int bit;
	int (*take)(struct iscsi_login *login, const char *value,
		    struct iscsi_error *error);
} declared_keys[] = {
	{ "TargetAlias", SEEN_ALIAS, take_alias },
	{ "TargetPortalGroupTag", SEEN_TAG, take_tag },
	{ "TargetAddress", SEEN_ADDRESS, take_address },
	{ "AuthMethod", SEEN_METHOD, take_method },
};

static int take_declared(struct iscsi_login *login, const char *key, const char *value,
			 struct iscsi_error *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(declared_keys); i++) {
		if (strcmp(key, declared_keys[i].key))
			continue;
		if (login->seen & declared_keys[i].bit)
			return iscsi_keys_error(error, key, value,
						"the target sent this key twice");
		login->seen |= declared_keys[i].bit;
		return declared_keys[i].take(login, value, error);
	}
	return -ENOENT;
}

static const char *const initiator_keys[] = {
	"InitiatorName", "InitiatorAlias", "TargetName", "SessionType", "SendTargets",
};

static bool is_initiator_key(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(initiator_keys); i++)
		if (!strcmp(key, initiator_keys[i]))
			return true;
	return false;
}

/* A key we do not know is answered so, unless it is such an answer itself. */
static int take_unknown(struct iscsi_login *login, const char *key, const char *value,
			struct iscsi_error *error)
{
	if (is_initiator_key(key))
		return iscsi_keys_error(error, key, value,
					"a target must not send this key");
	if (strcmp(value, "NotUnderstood"))
		iscsi_text_add(&login->text, key, "NotUnderstood");
	return 0;
}

static int take_operational(struct iscsi_login *login, const char *key, const char *value,
			    struct iscsi_error *error)
{
	int err = iscsi_keys_take(&login->negotiation, key, value, &login->text, error);

	if (!err && login->stage == STAGE_SECURITY)
		return iscsi_keys_error(error, key, value,
					"sent before the operational stage");
	return err;
}

static int take_chap(struct iscsi_login *login, const char *key, const char *value,
		     struct iscsi_error *error)
{
	if (strncmp(key, "CHAP_", 5))
		return -ENOENT;
	if (login->stage == STAGE_SECURITY && login->step != STEP_METHOD)
		return iscsi_chap_take(&login->chap, key, value, error);
	return iscsi_keys_error(error, key, NULL, "sent although it was not asked for");
}

static int take_pair(void *user, const char *key, const char *value,
		     struct iscsi_error *error)
{
	struct iscsi_login *login = user;
	int err = take_chap(login, key, value, error);

	if (err == -ENOENT)
		err = take_declared(login, key, value, error);
	if (err == -ENOENT)
		err = take_operational(login, key, value, error);
	return err == -ENOENT ? take_unknown(login, key, value, error) : err;
}

/* --- Status ------------------------------------------------------------------------------ */

static int refused(struct iscsi_error *error, uint8_t class, uint8_t detail,
		   const char *why)
{
	iscsi_error_set(error, ISCSI_FAILED_LOGIN, class == 1 ? -ELOOP : -EACCES,
			"%sthe target answered \"%s\" (status %02x%02xh)", why,
			iscsi_login_status_text(class, detail), class, detail);
	error->status_valid = true;
	error->status_class = class;
	error->status_detail = detail;
	return error->error;
}

/* A redirection has no other keys that count. */
static int take_redirect_pair(void *user, const char *key, const char *value,
			      struct iscsi_error *error)
{
	return strcmp(key, "TargetAddress") ? 0 : take_declared(user, key, value, error);
}

static int redirect(struct iscsi_session *session, const uint8_t *bhs,
		    const uint8_t *data, uint32_t length, struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	uint8_t class = bhs[AT_STATUS_CLASS], detail = bhs[AT_STATUS_DETAIL];
	int err;

	login->seen &= ~(unsigned int)SEEN_ADDRESS;
	err = iscsi_text_read(&login->reader, data, length, true, take_redirect_pair,
			      login, error);
	if (err)
		return err;
	if (!(login->seen & SEEN_ADDRESS))
		return refused(error, class, detail, "redirected without an address: ");
	if (login->redirects == login->max_redirects)
		return refused(error, class, detail, "redirected too often: ");
	login->redirects++;
	login->portal = login->redirect;
	clear_attempt(login);
	session->io->ops->close(session->io);
	err = iscsi_session_begin_connect(session);
	if (err) {
		iscsi_error_set(error, ISCSI_FAILED_CONNECT, err, "redirected: %s",
				strerror(-err));
		return err;
	}
	session->epoch++;
	return SESSION_STOP;
}

/* --- Responses --------------------------------------------------------------------------- */

static int check_response(struct iscsi_session *session, const uint8_t *bhs,
			  struct iscsi_error *error)
{
	const struct iscsi_login *login = session->login;
	uint8_t flags = bhs[AT_FLAGS];

	if (login->out.queued)
		return iscsi_violation(
			error, "an answer to a login request that is not sent yet");
	if (get32(bhs + AT_ITT) != login->itt)
		return iscsi_violation(error, "a login response with a wrong task tag");
	if (bhs[AT_STATUS_CLASS])
		return 0;
	if (bhs[AT_VERSION_ACTIVE])
		return iscsi_violation(error, "version %02xh of the protocol, not 00h",
				       bhs[AT_VERSION_ACTIVE]);
	if (memcmp(bhs + AT_ISID, login->isid, sizeof(login->isid)))
		return iscsi_violation(error, "a login response with a wrong ISID");
	if ((flags >> 2 & 3) != login->stage)
		return iscsi_violation(error, "a login response for stage %u in stage %u",
				       flags >> 2 & 3, login->stage);
	if (flags & LOGIN_TRANSIT && flags & LOGIN_CONTINUE)
		return iscsi_violation(error, "a login response with both T and C");
	return 0;
}

static int skipped_security(struct iscsi_error *error)
{
	iscsi_error_set(
		error, ISCSI_FAILED_AUTH, -EPROTO,
		"the target wants to go on without the authentication that is required");
	return -EPROTO;
}

static int check_transit(const struct iscsi_login *login, uint8_t flags,
			 struct iscsi_error *error)
{
	uint8_t next = login->stage == STAGE_SECURITY ? STAGE_OPERATIONAL
						      : STAGE_FULL_FEATURE;

	if (!(flags & LOGIN_TRANSIT) || (login->transit_sent && (flags & 3) == next))
		return 0;
	if (login->stage == STAGE_SECURITY)
		return skipped_security(error);
	return iscsi_violation(error, "the target leaves login stage %u for %u unasked",
			       login->stage, flags & 3);
}

/* The first response sets the number, each one after it counts. */
static int take_login_stat_sn(struct iscsi_session *session, const uint8_t *bhs,
			      struct iscsi_error *error)
{
	uint32_t stat_sn = get32(bhs + AT_STAT_SN);

	if (session->login->rounds > 1 && stat_sn != session->exp_stat_sn)
		return iscsi_violation(error, "StatSN %u where %u was expected", stat_sn,
				       session->exp_stat_sn);
	session->exp_stat_sn = stat_sn + 1;
	return 0;
}

static int random_bytes(void *user, void *out, size_t size)
{
	struct iscsi_io *io = user;

	return io->ops->random(io, out, size);
}

static int missing_method(struct iscsi_error *error)
{
	iscsi_error_set(error, ISCSI_FAILED_AUTH, -EPROTO,
			"the target did not answer AuthMethod");
	snprintf(error->key, sizeof(error->key), "AuthMethod");
	return -EPROTO;
}

/* AuthMethod is agreed: which algorithms there are. */
static int offer_algorithms(struct iscsi_login *login, struct iscsi_error *error)
{
	if (!(login->seen & SEEN_METHOD))
		return missing_method(error);
	login->step = STEP_ALGORITHM;
	if (iscsi_chap_offer(&login->chap, &login->text))
		return 0;
	iscsi_error_set(
		error, ISCSI_FAILED_LOCAL, -ENOTSUP, "%s",
		libcrypto()
			? "libcrypto has none of the CHAP algorithms that are configured"
			: "CHAP needs " LIBCRYPTO_NAME ", which cannot be loaded");
	return -ENOTSUP;
}

static int respond(struct iscsi_session *session, struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;

	login->step = STEP_RESPONSE;
	login->transit = true;
	return iscsi_chap_answer(&login->chap, &login->text, random_bytes, session->io,
				 error);
}

/* The target has read our response; with T it accepts it. */
static int conclude_security(struct iscsi_login *login, bool transit,
			     struct iscsi_error *error)
{
	int err = 0;

	login->transit = true;
	if (!transit)
		return 0;
	if (iscsi_chap_mutual(&login->chap))
		err = iscsi_chap_verify(&login->chap, error);
	if (!err)
		begin_operational(login, &login->text);
	return err;
}

static int security_step(struct iscsi_session *session, bool transit,
			 struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;

	switch (login->step) {
	case STEP_METHOD:
		return offer_algorithms(login, error);
	case STEP_ALGORITHM:
		return respond(session, error);
	default:
		return conclude_security(login, transit, error);
	}
}

static enum iscsi_auth_method auth_method(const struct iscsi_login *login)
{
	if (!login->authenticate)
		return ISCSI_AUTH_NONE;
	return iscsi_chap_mutual(&login->chap) ? ISCSI_AUTH_CHAP_MUTUAL : ISCSI_AUTH_CHAP;
}

static void fill_result(const struct iscsi_login *login, const uint8_t *bhs,
			struct iscsi_result *result)
{
	*result = (struct iscsi_result){
		.params = login->negotiation.agreed,
		.target_max_recv_data_segment_length = login->negotiation.target_max_recv,
		.answered = login->negotiation.seen,
		.auth_method = auth_method(login),
		.chap_algorithm = login->chap.algorithm,
		.tsih = get16(bhs + AT_TSIH),
		.portal_group_tag = login->tag,
		.redirects = login->redirects,
		.portal = login->portal,
	};
	memcpy(result->isid, login->isid, sizeof(result->isid));
}

static int conclude_login(struct iscsi_session *session, const uint8_t *bhs,
			  struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	int err = iscsi_keys_finish(&login->negotiation, error);

	if (err)
		return err;
	if (!get16(bhs + AT_TSIH))
		return iscsi_violation(error,
				       "the target gave the session no handle (TSIH 0)");
	fill_result(login, bhs, &session->result);
	session->target_alias = steal(login->alias);
	iscsi_login_free(session);
	iscsi_session_up(session);
	return 0;
}

/* A complete answer was read: say what comes next. */
static int step(struct iscsi_session *session, const uint8_t *bhs,
		struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	bool transit = bhs[AT_FLAGS] & LOGIN_TRANSIT;
	int err = 0;

	if (login->stage == STAGE_SECURITY)
		err = security_step(session, transit, error);
	else if (transit)
		return conclude_login(session, bhs, error);
	else
		login->transit = true;
	return err ? err : send_request(session, error);
}

/* Read the keys. What we said is said, unless this answer goes on or ours does. */
static int read_text(struct iscsi_login *login, const uint8_t *data, uint32_t length,
		     bool more, struct iscsi_error *error)
{
	if (login->text_at == login->text.length && !login->reading)
		new_text(login, login->transit);
	login->reading = more;
	return iscsi_text_read(&login->reader, data, length, !more, take_pair, login,
			       error);
}

static int check_status(const uint8_t *bhs, struct iscsi_error *error)
{
	uint8_t class = bhs[AT_STATUS_CLASS], detail = bhs[AT_STATUS_DETAIL];

	return class || detail ? refused(error, class, detail, "") : 0;
}

/* All but the text: 0, or what is wrong with it. */
static int check_numbers(struct iscsi_session *session, const uint8_t *bhs,
			 struct iscsi_error *error)
{
	int err = check_status(bhs, error);

	if (!err)
		err = take_login_stat_sn(session, bhs, error);
	return err ? err : check_transit(session->login, bhs[AT_FLAGS], error);
}

int iscsi_login_response(struct iscsi_session *session, const uint8_t *bhs,
			 const uint8_t *data, uint32_t length, struct iscsi_error *error)
{
	struct iscsi_login *login = session->login;
	bool more = bhs[AT_FLAGS] & LOGIN_CONTINUE;
	bool unsent = login->text_at < login->text.length && !login->reading;
	int err = check_response(session, bhs, error);

	if (!err && bhs[AT_STATUS_CLASS] == 1)
		return redirect(session, bhs, data, length, error);
	if (!err)
		err = check_numbers(session, bhs, error);
	if (!err)
		err = read_text(login, data, length, more, error);
	if (err)
		return err;
	if (more)
		return send_empty(session, error);
	return unsent ? send_request(session, error) : step(session, bhs, error);
}
