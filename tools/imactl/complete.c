// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * complete.c - candidates for the word the shell wants to complete.
 *
 * Only what is known is offered: nothing here asks a target, and nothing waits long.
 */
#include "command.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "find.h"
#include "lun.h"
#include "params.h"

#define DEADLINE_MS 1000

/* A candidate that begins with what was typed, regardless of case. */
static void offer(const char *typed, const char *candidate)
{
	if (!strncasecmp(candidate, typed, strlen(typed)))
		puts(candidate);
}

static void offer_all(const char *typed, const char *const *candidates)
{
	for (; *candidates; candidates++)
		offer(typed, *candidates);
}

static void offer_objects(struct context *c, const char *typed, IMA_OBJECT_TYPE type)
{
	const struct objects *all;

	if (objects_get(c, type, &all))
		return;
	for (size_t i = 0; i < all->count; i++)
		offer(typed, all->list[i].name);
}

static int offer_target(struct context *c, const struct target *target, void *data)
{
	(void)c;
	offer(data, target->name);
	return EXIT_DONE;
}

static void offer_addresses(struct context *c, const char *typed, const char *before)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	const struct object *lhba;

	(void)before;
	if (lhba_get(c, &lhba) ||
	    IMA_ERROR(CALL(c, IMA_GetDiscoveryAddressOidList, lhba->oid, &list)))
		return;
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_DISCOVERY_ADDRESS_PROPERTIES props;
		_cleanup_free_ char *text = NULL;

		if (IMA_ERROR(CALL(c, IMA_GetDiscoveryAddressProperties, list->oids[i],
				   &props)))
			continue;
		text = address_text(&props.discoveryAddress);
		offer(typed, text);
	}
}

/* Names of the static targets, or with a name before it, its addresses. */
static void offer_statics(struct context *c, const char *typed, const char *name)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	const struct object *lhba;

	if (lhba_get(c, &lhba) ||
	    IMA_ERROR(CALL(c, IMA_GetStaticDiscoveryTargetOidList, lhba->oid, &list)))
		return;
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_STATIC_DISCOVERY_TARGET_PROPERTIES props;
		_cleanup_free_ char *target = NULL, *address = NULL;

		if (IMA_ERROR(CALL(c, IMA_GetStaticDiscoveryTargetProperties,
				   list->oids[i], &props)))
			continue;
		target = text_of_wide(props.staticTarget.targetName, IMA_NODE_NAME_LEN);
		address = address_text(&props.staticTarget.targetAddress);
		if (!name)
			offer(typed, target);
		else if (!strcasecmp(name, target))
			offer(typed, address);
	}
}

/* The LUNs of the target before it that are exposed. */
static void offer_luns(struct context *c, const char *typed, const char *name)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	struct target target;

	if (!name || target_get(c, name, &target) ||
	    IMA_ERROR(CALL(c, IMA_GetLuOidList, target.oid, &list)))
		return;
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_LU_PROPERTIES props;
		_cleanup_free_ char *text = NULL;

		if (IMA_ERROR(CALL(c, IMA_GetLuProperties, list->oids[i], &props)))
			continue;
		text = lun_text(props.targetLun);
		offer(typed, text);
	}
}

static void offer_values(struct context *c, const char *typed, const char *key)
{
	static const char *const yes_no[] = { "Yes", "No", NULL };
	const struct param *param = key ? param_called(key) : NULL;

	(void)c;
	if (param && param->get_bool)
		offer_all(typed, yes_no);
}

/* Everything a fault can be put on; the table of the library knows all calls. */
static const char *const sim_functions[] = { "any", "clear",
#define OTHER(call) #call,
#include "lib/calls.def"
					     NULL };

/* What the simulator's statement "show" knows, objects aside. */
static const char *const sim_shown[] = {
	"machine", "host",     "network",   "isns",   "account", "node",       "phba",
	"pnp",	   "lnp",      "portal",    "lhba",   "target",	 "lu",	       "page",
	"found",   "found-lu", "discovery", "static", "session", "connection", "clock",
	"faults",  "stale",    "state",	    NULL
};

/* Words that are always the same. */
static const char *const *fixed_words(enum word_kind kind)
{
	static const char *const discovery[] = { "sendtargets", "static", "isns", "slp",
						 NULL };
	static const char *const isns[] = { "static", "dhcp", "slp", NULL };
	static const char *const auth[] = { "none",  "chap",  "srp", "krb5",
					    "spkm1", "spkm2", NULL };
	static const char *const cdb[] = { "10", "16", NULL };
	static const char *const page[] = { "0x00", "0x80", "0x83", "0xb0",
					    "0xb1", "0xb2", NULL };
	static const char *const image[] = { "firmware", "option-rom", "all", "bootcode",
					     NULL };
	static const char *const digest[] = { "header", "data", "both", NULL };
	static const char *const offer_of_digest[] = { "none", "crc32c", "none,crc32c",
						       "crc32c,none", NULL };
	static const char *const ip[] = { "dhcp", "static", NULL };
	static const char *const *const words[WORD_VERB + 1] = {
		[WORD_DISCOVERY_METHOD] = discovery,
		[WORD_ISNS_METHOD] = isns,
		[WORD_AUTH_METHOD] = auth,
		[WORD_CDB] = cdb,
		[WORD_PAGE] = page,
		[WORD_DIGEST] = digest,
		[WORD_DIGEST_OFFER] = offer_of_digest,
		[WORD_SIM_SHOWN] = sim_shown,
		[WORD_SIM_FUNCTION] = sim_functions,
		[WORD_IMAGE_TYPE] = image,
		[WORD_IP_METHOD] = ip,
	};

	return words[kind];
}

static IMA_OBJECT_TYPE type_of(enum word_kind kind)
{
	static const IMA_OBJECT_TYPE types[WORD_VERB + 1] = {
		[WORD_PLUGIN] = IMA_OBJECT_TYPE_PLUGIN,
		[WORD_LHBA] = IMA_OBJECT_TYPE_LHBA,
		[WORD_PHBA] = IMA_OBJECT_TYPE_PHBA,
		[WORD_NODE] = IMA_OBJECT_TYPE_NODE,
		[WORD_PNP] = IMA_OBJECT_TYPE_PNP,
		[WORD_LNP] = IMA_OBJECT_TYPE_LNP,
		[WORD_PORTAL] = IMA_OBJECT_TYPE_NETWORK_PORTAL,
	};

	return types[kind];
}

static void offer_targets(struct context *c, const char *typed, const char *before)
{
	(void)before;
	targets_each(c, offer_target, keep(c, text_format("%s", typed)));
}

static void offer_keys(struct context *c, const char *typed, const char *before)
{
	(void)c, (void)before;
	for (size_t i = 0; i < params_count; i++)
		offer(typed, params[i].key);
}

static void offer_static_names(struct context *c, const char *typed, const char *before)
{
	(void)before;
	offer_statics(c, typed, NULL);
}

static void offer_files(struct context *c, const char *typed, const char *before)
{
	(void)c, (void)typed, (void)before;
	puts("//file"); /* the shell knows files better */
}

/* Candidates of a kind; before is the argument before it, or NULL. */
static void offer_kind(struct context *c, enum word_kind kind, const char *typed,
		       const char *before)
{
	static void (*const makers[WORD_VERB + 1])(struct context * c, const char *typed,
						   const char *before) = {
		[WORD_TARGET] = offer_targets,
		[WORD_LUN] = offer_luns,
		[WORD_KEY] = offer_keys,
		[WORD_VALUE] = offer_values,
		[WORD_DISCOVERY_ADDRESS] = offer_addresses,
		[WORD_STATIC_TARGET] = offer_static_names,
		[WORD_STATIC_ADDRESS] = offer_statics,
		[WORD_FILE] = offer_files,
	};

	if (fixed_words(kind))
		offer_all(typed, fixed_words(kind));
	else if (type_of(kind))
		offer_objects(c, typed, type_of(kind));
	else if (makers[kind])
		makers[kind](c, typed, before);
}

/* --- where in the command line ------------------------------------------------------------ */

/* The words before the one to complete, without options and their values. */
struct place {
	const char *noun, *verb, *last; /* last: the argument before */
	const struct command *command;
	int arguments;
	const struct option_def *waiting; /* the option whose value comes next */
};

static const struct option_def *option_called(const char *word)
{
	for (int i = 0; i < OPT_END; i++) {
		if (!strncmp(word, "--", 2) && !strcmp(word + 2, options[i].name))
			return &options[i];
		if (word[0] == '-' && options[i].letter && word[1] == options[i].letter &&
		    !word[2])
			return &options[i];
	}
	return NULL;
}

static void take_word(struct place *place, const char *word)
{
	if (!place->noun) {
		place->noun = word;
		place->command = command_find(word, "");
		place->verb = place->command ? "" : NULL;
	} else if (!place->verb) {
		place->verb = word;
		place->command = command_find(place->noun, word);
	} else {
		place->arguments++;
		place->last = word;
	}
}

/* Fills option of c too, so that --lhba limits what is offered. */
static struct place find_place(struct context *c, int nwords, char **words)
{
	struct place place = { 0 };

	for (int i = 0; i < nwords; i++) {
		const struct option_def *option = option_called(words[i]);

		if (place.waiting) {
			c->option[place.waiting - options] = words[i];
			place.waiting = NULL;
		} else if (words[i][0] == '-') {
			place.waiting = option && option->value ? option : NULL;
		} else {
			take_word(&place, words[i]);
		}
	}
	return place;
}

static void offer_options(const struct command *command, const char *typed)
{
	for (int i = 0; i < OPT_END; i++) {
		_cleanup_free_ char *text = text_format("--%s", options[i].name);

		if (options[i].global ||
		    (command && command_takes(command, (enum option_id)i)))
			offer(typed, text);
	}
}

static void offer_nouns(const char *typed)
{
	for (size_t i = 0; i < nouns_count; i++)
		offer(typed, nouns[i].name);
}

static void offer_verbs(const char *noun, const char *typed)
{
	for (size_t i = 0; i < commands_count; i++)
		if (!strcmp(commands[i].noun, noun))
			offer(typed, commands[i].verb);
}

/* The argument at a place; the last one goes on if it may be repeated. */
static const struct argument *argument_at(const struct command *command, int place)
{
	const struct argument *argument = command->arguments;

	for (; argument->name; argument++, place--)
		if (!place || argument->count == WORD_MANY)
			return argument;
	return NULL;
}

static void offer_argument(struct context *c, const struct place *place,
			   const char *typed)
{
	const struct argument *argument = place->command ? argument_at(place->command,
								       place->arguments)
							 : NULL;

	if (argument)
		offer_kind(c, argument->kind, typed, place->last);
}

int complete(struct context *c, int nwords, char **words)
{
	const char *typed = nwords ? words[nwords - 1] : "";
	struct place place = find_place(c, nwords ? nwords - 1 : 0, words);

	IMAX_SetDeadline(DEADLINE_MS);
	if (place.waiting)
		offer_kind(c, place.waiting->kind, typed, NULL);
	else if (typed[0] == '-')
		offer_options(place.command, typed);
	else if (!place.noun)
		offer_nouns(typed);
	else if (!place.verb)
		offer_verbs(place.noun, typed);
	else
		offer_argument(c, &place, typed);
	return EXIT_DONE;
}
