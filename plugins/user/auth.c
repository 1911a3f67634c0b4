// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "login.h"
#include "shared/number.h"
#include "user.h"

/* --- Objects ------------------------------------------------------------------------------ */

struct holder holder_of_target(const struct target *target)
{
	return (struct holder){ .target = target,
				.auth = &target->auth,
				.owner = { OWNER_TARGET, target->object->key } };
}

struct holder holder_of_address(const struct discovery_address *address)
{
	return (struct holder){ .address = address,
				.auth = &address->auth,
				.owner = { OWNER_ADDRESS, address->object->key } };
}

static struct holder holder_lhba(void)
{
	return (struct holder){ .auth = &user.state.auth, .owner = { OWNER_LHBA, "" } };
}

bool holder_find(IMA_OID oid, struct holder *holder)
{
	const struct target *target = target_by_oid(oid);
	const struct discovery_address *address = NULL;

	if (oid.objectType == IMA_OBJECT_TYPE_DISCOVERY_ADDRESS)
		address = object_table_data(user.objects, oid);
	if (target)
		*holder = holder_of_target(target);
	else if (address)
		*holder = holder_of_address(address);
	else if (is_lhba(oid))
		*holder = holder_lhba();
	else
		return false;
	return true;
}

/* "target iqn...", for sentences */
static void describe(const struct holder *holder, char *out, size_t size)
{
	static const char *const kinds[] = { [OWNER_LHBA] = "the logical HBA",
					     [OWNER_TARGET] = "target ",
					     [OWNER_ADDRESS] = "discovery address " };

	snprintf(out, size, "%s%s", kinds[holder->owner.kind], holder->owner.name);
}

/* --- What is in the store ------------------------------------------------------------------ */

static bool is_method(uint64_t number)
{
	return number == IMA_AUTHMETHOD_NONE || number == IMA_AUTHMETHOD_CHAP;
}

static bool is_algorithm(uint64_t number)
{
	return number >= ISCSI_CHAP_MD5 && number <= ISCSI_CHAP_SHA3_256;
}

/* "8,5": different numbers that are allowed; how many, or -EINVAL. */
static int parse_list(const char *text, bool (*is_allowed)(uint64_t number), size_t max,
		      uint8_t *out)
{
	char copy[32], *at = copy, *word;
	uint64_t number;
	size_t count = 0;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, strlen(text) + 1);
	while ((word = strsep(&at, ","))) {
		if (count == max || number_parse(word, 0, UINT8_MAX, &number) ||
		    !is_allowed(number) || memchr(out, (int)number, count))
			return -EINVAL;
		out[count++] = (uint8_t)number;
	}
	return (int)count;
}

static int parse_methods(struct auth *auth, const char *value)
{
	uint8_t numbers[USER_METHODS];
	int count = parse_list(value, is_method, USER_METHODS, numbers);

	if (count < 0)
		return count;
	auth->method_count = (size_t)count;
	for (int i = 0; i < count; i++)
		auth->methods[i] = (IMA_AUTHMETHOD)numbers[i];
	return 0;
}

static int parse_algorithms(struct auth *auth, const char *value)
{
	uint8_t numbers[ISCSI_CHAP_ALGORITHMS];
	int count = parse_list(value, is_algorithm, ISCSI_CHAP_ALGORITHMS, numbers);

	if (count < 0)
		return count;
	memset(auth->algorithms, 0, sizeof(auth->algorithms));
	memcpy(auth->algorithms, numbers, (size_t)count);
	return 0;
}

static int parse_revision(uint32_t *revision, const char *value)
{
	uint64_t number;

	if (number_parse(value, 1, UINT32_MAX, &number))
		return -EINVAL;
	*revision = (uint32_t)number;
	return 0;
}

#define EXCEPTED "none" /* instead of a revision */

static int parse_initiator(struct auth *auth, const char *value)
{
	return parse_revision(&auth->chap[CHAP_INITIATOR], value);
}

static int parse_target(struct auth *auth, const char *value)
{
	auth->is_excepted = !strcmp(value, EXCEPTED);
	if (auth->is_excepted)
		return 0;
	return parse_revision(&auth->chap[CHAP_TARGET], value);
}

static const struct {
	const char *name;
	int (*parse)(struct auth *auth, const char *value);
} settings[AUTH_SETTINGS] = {
	[AUTH_CHAP_INITIATOR] = { "chap-initiator", parse_initiator },
	[AUTH_CHAP_TARGET] = { "chap-target", parse_target },
	[AUTH_METHODS] = { "auth-methods", parse_methods },
	[AUTH_ALGORITHMS] = { "chap-algorithms", parse_algorithms },
};

int auth_setting_parse(struct auth *auth, const char *name, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (!strcmp(name, settings[i].name))
			return settings[i].parse(auth, value);
	return -EINVAL;
}

/* A target gets a row if it has none. */
int auth_write(const struct holder *holder, enum auth_setting setting, const char *value)
{
	const char *name = settings[setting].name;
	enum store_statement statement = value ? STORE_SET_OWN_SETTING
					       : STORE_REMOVE_OWN_SETTING;
	const char *tail = value ? "tt" : "t";
	char format[5];
	int64_t id = 0;
	int err = 0;

	if (holder->target)
		err = store_target_row(user.store, holder->target->object->key, &id);
	if (holder->address)
		id = holder->address->id;
	if (err)
		return err;
	snprintf(format, sizeof(format), "%s%s",
		 holder->target	   ? "in"
		 : holder->address ? "ni"
				   : "nn",
		 tail);
	return id ? store_run(user.store, statement, format, id, name, value)
		  : store_run(user.store, statement, format, name, value);
}

int auth_write_list(const struct holder *holder, enum auth_setting setting,
		    const uint8_t *numbers, size_t count)
{
	char text[32] = "";
	size_t length = 0;

	for (size_t i = 0; i < count && length < sizeof(text); i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%u",
					   i ? "," : "", numbers[i]);
	return auth_write(holder, setting, text);
}

/* --- What is in force ---------------------------------------------------------------------- */

const struct auth *auth_methods(const struct auth *own)
{
	return own->method_count ? own : &user.state.auth;
}

bool auth_uses(const struct auth *own, IMA_AUTHMETHOD method)
{
	const struct auth *auth = auth_methods(own);

	for (size_t i = 0; i < auth->method_count; i++)
		if (auth->methods[i] == method)
			return true;
	return false;
}

/*
 * The strongest first, but for SHA-256: tgtd takes 7 for SHA-1 and fails, unless it finds 5
 * before it. So this list logs in to tgtd with MD5, and to others with the best they have.
 */
static const uint8_t preferred[ISCSI_CHAP_ALGORITHMS] = {
	ISCSI_CHAP_SHA3_256,
	ISCSI_CHAP_SHA1,
	ISCSI_CHAP_MD5,
	ISCSI_CHAP_SHA256,
};

size_t auth_supported(uint8_t out[ISCSI_CHAP_ALGORITHMS])
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(preferred); i++)
		if (iscsi_chap_algorithm_name(preferred[i]))
			out[count++] = preferred[i];
	return count;
}

size_t auth_algorithms(const struct auth *own, uint8_t out[ISCSI_CHAP_ALGORITHMS])
{
	const struct auth *auth = own->algorithms[0] ? own : &user.state.auth;
	size_t count = 0;

	if (!auth->algorithms[0])
		return auth_supported(out);
	while (count < ISCSI_CHAP_ALGORITHMS && auth->algorithms[count]) {
		out[count] = auth->algorithms[count];
		count++;
	}
	return count;
}

IMA_STATUS auth_read(struct secrets *secrets, bool *is_hidden)
{
	const char *why = "";
	int err;

	*secrets = (struct secrets){ 0 };
	if (is_hidden)
		*is_hidden = false;
	if (!user.secrets_path[0])
		return IMA_STATUS_SUCCESS;
	err = secrets_read(user.secrets_path, secrets, &why);
	if (err == -EACCES && is_hidden) {
		*is_hidden = true;
		return IMA_STATUS_SUCCESS;
	}
	if (!err || err == -ENOMEM)
		return status_from_errno(err);
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, 0,
			 "cannot use the secrets in %s: %s", user.secrets_path, why);
}

/* What the object has to prove itself with; NULL: it need not. */
static const struct chap *proof_of(const struct holder *holder,
				   const struct secrets *secrets)
{
	return holder->auth->is_excepted
		       ? NULL
		       : secrets_in_force(secrets, holder->owner, CHAP_TARGET);
}

/* --- For a login --------------------------------------------------------------------------- */

static bool is_same_secret(const struct chap *a, const struct chap *b)
{
	return a->secret_length == b->secret_length &&
	       !memcmp(a->secret, b->secret, a->secret_length);
}

static IMA_STATUS refuse_same(const struct holder *holder)
{
	char whose[ADDRESS_TEXT_SIZE + 32];

	describe(holder, whose, sizeof(whose));
	return host_fail(
		IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
		"%s would have the same secret for both directions of CHAP, so that "
		"a target could send back what it was sent (RFC 7143, 9.2.1); "
		"choose another secret for one of them",
		whose);
}

static IMA_STATUS refuse_missing(const struct holder *holder)
{
	char whose[ADDRESS_TEXT_SIZE + 32];

	describe(holder, whose, sizeof(whose));
	return host_fail(
		IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_PLUGIN, 0,
		"CHAP is chosen for %s, but %s holds no CHAP name and secret for "
		"it; set them again",
		whose, user.secrets_path);
}

static IMA_STATUS take_secrets(const struct holder *holder, const struct secrets *secrets,
			       struct login *login)
{
	const struct chap *initiator, *target;

	initiator = secrets_in_force(secrets, holder->owner, CHAP_INITIATOR);
	target = proof_of(holder, secrets);
	if (!initiator)
		return refuse_missing(holder);
	if (target && is_same_secret(initiator, target))
		return refuse_same(holder);
	login->chap[CHAP_INITIATOR] = *initiator;
	if (target)
		login->chap[CHAP_TARGET] = *target;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS auth_plan(const struct holder *holder, struct login *login)
{
	const struct auth *methods = auth_methods(holder->auth);
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	IMA_STATUS status;

	memcpy(login->methods, methods->methods, sizeof(login->methods));
	login->method_count = methods->method_count;
	memset(login->algorithms, 0, sizeof(login->algorithms));
	if (!auth_uses(holder->auth, IMA_AUTHMETHOD_CHAP))
		return IMA_STATUS_SUCCESS;
	auth_algorithms(holder->auth, login->algorithms);
	status = auth_read(&secrets, NULL);
	return status ? status : take_secrets(holder, &secrets, login);
}

/* --- What may be set ----------------------------------------------------------------------- */

static IMA_STATUS refuse_removal(const struct holder *holder)
{
	char whose[ADDRESS_TEXT_SIZE + 32];

	describe(holder, whose, sizeof(whose));
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "CHAP is in use for %s; choose other methods before its "
			 "parameters are removed",
			 whose);
}

static IMA_STATUS check_holder(const struct holder *holder, const struct secrets *secrets)
{
	const struct chap *initiator, *target;

	initiator = secrets_in_force(secrets, holder->owner, CHAP_INITIATOR);
	target = proof_of(holder, secrets);
	if (!initiator && auth_uses(holder->auth, IMA_AUTHMETHOD_CHAP))
		return refuse_removal(holder);
	return initiator && target && is_same_secret(initiator, target)
		       ? refuse_same(holder)
		       : IMA_STATUS_SUCCESS;
}

static bool has_own(const struct auth *auth)
{
	return auth->method_count || auth->chap[CHAP_INITIATOR] ||
	       auth->chap[CHAP_TARGET] || auth->is_excepted;
}

/* What is set for the LHBA counts for others too, together with what they have themselves. */
static IMA_STATUS check_heirs(const struct secrets *secrets)
{
	const struct vector *targets = &user.state.targets;
	const struct vector *addresses = &user.state.addresses;
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	struct holder holder;

	for (size_t i = 0; !status && i < targets->count; i++) {
		holder = holder_of_target(targets->items[i]);
		if (has_own(holder.auth))
			status = check_holder(&holder, secrets);
	}
	for (size_t i = 0; !status && i < addresses->count; i++) {
		holder = holder_of_address(addresses->items[i]);
		if (has_own(holder.auth))
			status = check_holder(&holder, secrets);
	}
	return status;
}

static IMA_STATUS check_all(const struct holder *holder, const struct secrets *secrets)
{
	IMA_STATUS status = check_holder(holder, secrets);

	return status || holder->owner.kind != OWNER_LHBA ? status : check_heirs(secrets);
}

static int write_revision(const struct holder *holder, enum chap_direction direction,
			  bool is_set)
{
	char text[16];

	/* From 1 again after 4 billion changes. */
	snprintf(text, sizeof(text), "%u",
		 holder->auth->chap[direction] % UINT32_MAX + 1);
	return auth_write(holder, (enum auth_setting)direction, is_set ? text : NULL);
}

static int write_revisions(const struct holder *holder, unsigned int directions,
			   bool is_set)
{
	int err = 0;

	for (int i = 0; !err && i < CHAP_DIRECTIONS; i++)
		if (directions & 1U << i)
			err = write_revision(holder, (enum chap_direction)i, is_set);
	return err;
}

static int set_secrets(struct secrets *secrets, struct owner owner,
		       unsigned int directions, const struct chap *chap)
{
	int err = 0;

	for (int i = 0; !err && i < CHAP_DIRECTIONS; i++)
		if (directions & 1U << i)
			err = secrets_set(secrets, owner, (enum chap_direction)i, chap);
	return err;
}

static IMA_STATUS write_file(const struct secrets *secrets)
{
	int err = secrets_write(user.secrets_path, secrets);

	if (!err || err == -ENOMEM)
		return status_from_errno(err);
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, err,
			 "cannot write %s", user.secrets_path);
}

IMA_STATUS auth_change_chap(const struct holder *holder, unsigned int directions,
			    const struct chap *chap)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	IMA_STATUS status = auth_read(&secrets, NULL);
	int err;

	if (status)
		return status;
	err = set_secrets(&secrets, holder->owner, directions, chap);
	if (err)
		return status_from_errno(err);
	status = check_all(holder, &secrets);
	if (status)
		return status;
	err = write_revisions(holder, directions, chap);
	return err ? visit_fail(err) : write_file(&secrets);
}

IMA_STATUS auth_except(const struct holder *holder)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	IMA_STATUS status = auth_read(&secrets, NULL);
	int err;

	if (status)
		return status;
	err = auth_write(holder, AUTH_CHAP_TARGET, EXCEPTED);
	if (err)
		return visit_fail(err);
	if (!secrets_find(&secrets, holder->owner, CHAP_TARGET))
		return IMA_STATUS_SUCCESS;
	secrets_set(&secrets, holder->owner, CHAP_TARGET, NULL); /* needs no memory */
	return write_file(&secrets);
}

/* --- Of what is gone ------------------------------------------------------------------------ */

static int count_row(const struct store_row *row, void *count)
{
	(void)row;
	++*(unsigned int *)count;
	return 0;
}

/* When in doubt it is there. */
static bool is_lost(const struct secret *entry)
{
	unsigned int count = 0;

	if (entry->kind == OWNER_LHBA)
		return false;
	return !store_select(user.store,
			     entry->kind == OWNER_TARGET ? STORE_TARGET_ID
							 : STORE_ADDRESS_ID,
			     count_row, &count, "t", entry->owner) &&
	       !count;
}

void auth_forget_lost(void)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	const char *why = "it cannot be written";
	size_t count, i = 0;
	int err = secrets_read(user.secrets_path, &secrets, &why);

	count = secrets.count;
	while (!err && i < secrets.count)
		if (is_lost(&secrets.entries[i]))
			secrets_remove(&secrets, i);
		else
			i++;
	if (!err && secrets.count != count)
		err = secrets_write(user.secrets_path, &secrets);
	if (err)
		host_log(IMAX_LOG_WARNING,
			 "secrets of what is gone stay in %s, because %s",
			 user.secrets_path, why);
}
