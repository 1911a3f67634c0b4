// SPDX-License-Identifier: LGPL-2.1-or-later
#include "script.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "command.h"
#include "lu.h"
#include "network.h"
#include "stale.h"
#include "shared/cleanup.h"
#include "shared/number.h"

/* --- words about an object ------------------------------------------------------------ */

/* Verbs that set the same words every time. */
static const struct {
	int kind;
	const char *verb, *key, *value;
} short_verbs[] = {
	{ KIND_TARGET, "lose", "login", "ignore" },
	{ KIND_TARGET, "restore", "login", "accept" },
	{ KIND_TARGET, "refuse", "login", "reject" },
	{ KIND_PNP, "lose", "link", "no" },
	{ KIND_PNP, "restore", "link", "yes" },
	{ KIND_NETWORK, "lose", "up", "no" },
	{ KIND_NETWORK, "restore", "up", "yes" },
	{ KIND_ISNS, "lose", "answers", "no" },
	{ KIND_ISNS, "restore", "answers", "yes" },
	{ KIND_PHBA, "fail", "status", "failed" },
	{ KIND_PHBA, "repair", "status", "working" },
	{ KIND_FOUND, "login", "login", "yes" },
	{ KIND_FOUND, "logout", "login", "no" },
	{ KIND_FOUND_LU, "expose", "exposed", "yes" },
	{ KIND_FOUND_LU, "unexpose", "exposed", "no" },
	{ KIND_FOUND_LU, "use", "in-use", "yes" },
	{ KIND_FOUND_LU, "release", "in-use", "no" },
};

static int find_kind(const char *name)
{
	for (int kind = 0; kind < KINDS; kind++)
		if (strcmp(kinds[kind].name, name) == 0 && kinds[kind].n_properties)
			return kind;
	return -1;
}

static bool is_about_found(int kind)
{
	return kind == KIND_FOUND || kind == KIND_FOUND_LU;
}

/* Parse the assignments into values, and remember which rows they were. */
static int parse_assignments(struct run *run, const struct kind *kind, unsigned int first,
			     char *values, uint64_t rows[3])
{
	for (unsigned int i = first; i < run->statement->count; i++) {
		const struct word *word = &run->statement->words[i];
		const struct property *property = kind_property(kind, word->text);
		unsigned int row;

		if (!word->value)
			return problem_set(run->problem, word->line,
					   "expected PROPERTY=VALUE, not '%.80s'",
					   word->text);
		if (!property)
			return problem_set(run->problem, word->line,
					   "%s has no property '%.80s'", kind->name,
					   word->text);
		row = (unsigned int)(property - kind->properties);
		if (rows[row / 64] >> row % 64 & 1)
			return problem_set(run->problem, word->line,
					   "%s stands there twice", property->name);
		rows[row / 64] |= 1ULL << row % 64;
		if (value_parse(property, word, values + property->offset, run->model,
				run->problem) < 0)
			return -EINVAL;
	}
	return 0;
}

static void after_store(struct model *model, struct object *object)
{
	if (object_kind(object) == KIND_FOUND_LU)
		lu_sync_device(model, (struct found_lu *)object);
	if (object_kind(object) == KIND_LU && (((struct lu *)object)->now.read_rate ||
					       ((struct lu *)object)->now.write_rate))
		model->rates = true;
}

static void store_rows(struct model *model, struct object *object, const char *values,
		       const uint64_t rows[3], bool later)
{
	for (unsigned int row = 0; row < object->kind->n_properties; row++)
		if (rows[row / 64] >> row % 64 & 1)
			object_store_row(model, object, &object->kind->properties[row],
					 values + object->kind->properties[row].offset,
					 later);
	after_store(model, object);
}

/* All or nothing. */
static int assign(struct run *run, struct object *object, unsigned int first, bool later)
{
	const struct kind *kind = object->kind;
	uint64_t rows[3] = { 0 };
	char *values = malloc(kind->values_size);
	int err;

	if (!values)
		return -ENOMEM;
	memcpy(values, later ? object_next(object) : object_now(object),
	       kind->values_size);
	err = parse_assignments(run, kind, first, values, rows);
	if (!err && kind->check)
		err = kind->check(values, run->statement->line, run->problem);
	if (!err)
		store_rows(run->model, object, values, rows, later);
	explicit_bzero(values, kind->values_size); /* may hold secrets */
	free(values);
	return err;
}

/* --- verbs ---------------------------------------------------------------------------- */

static void name_object(struct object *object, const struct key *key)
{
	int kind = object_kind(object);

	if (kind == KIND_ISNS)
		((struct isns *)object)->endpoint = key->endpoint;
	if (kind != KIND_DISCOVERY && kind != KIND_STATIC)
		return;
	((struct source *)object)->endpoint = key->endpoint;
	if (kind == KIND_STATIC)
		memcpy(((struct source *)object)->target, key->name,
		       strcspn(key->name, "@"));
}

static int add_object(struct run *run, int kind, const struct key *key)
{
	struct object *object;
	int err;

	if (kinds[kind].internal || kinds[kind].form == NAME_NONE)
		return run_fails(run, "a %s cannot be added", kinds[kind].name);
	if (object_find(run->model, kind, key->parent, key->number, key->name))
		return run_fails(run, "there is already a %s %.200s", kinds[kind].name,
				 run->statement->words[1].text);
	object = object_new(run->model, kind, key->parent, key->number, key->name);
	if (!object)
		return -ENOMEM;
	name_object(object, key);
	object->event_pending = true; /* its appearance tells everything */
	err = assign(run, object, 3, false);
	object->event_pending = false;
	if (err) {
		object_discard(run->model, object);
		return err;
	}
	object_announce(run->model, object);
	return 0;
}

static const struct object *referrer_of_tree(const struct model *model,
					     const struct object *object)
{
	const struct object *user = object_referrer(model, object);

	for (unsigned int i = 0; i < object->kind->n_children && !user; i++)
		for_each(child, &object->children[i])
			if (!user && child->kind->type != IMA_OBJECT_TYPE_LU &&
			    child->kind->type != IMA_OBJECT_TYPE_TARGET)
				user = referrer_of_tree(model, child);
	return user;
}

static int remove_object(struct run *run, struct object *object)
{
	const struct object *user;

	if (object->kind->internal || object->kind->form == NAME_NONE)
		return run_fails(run, "a %s cannot be removed", object->kind->name);
	if (run->statement->count > 3)
		return run_fails(run, "nothing follows remove");
	/* LUs and targets are in no reference, and there may be many. */
	user = object_kind(object) == KIND_LU || object_kind(object) == KIND_TARGET
		       ? NULL
		       : referrer_of_tree(run->model, object);
	if (user)
		return run_fails(run, "%s %.100s is used by %s %.100s",
				 object->kind->name, object->identity->name,
				 user->kind->name, user->identity->name);
	object_remove(run->model, object);
	return 0;
}

static int run_short_verb(struct run *run, struct object *object, const char *verb)
{
	for (size_t i = 0; i < ARRAY_SIZE(short_verbs); i++) {
		struct statement words;
		struct run inner = *run;

		if (short_verbs[i].kind != object_kind(object) ||
		    strcmp(short_verbs[i].verb, verb) != 0)
			continue;
		if (run->statement->count > 3)
			return run_fails(run, "nothing follows %s", verb);
		words.line = run->statement->line;
		words.count = 1;
		words.words[0] = (struct word){ .line = words.line };
		words.words[0].text = (char[32]){ 0 };
		words.words[0].value = (char[32]){ 0 };
		memcpy(words.words[0].text, short_verbs[i].key,
		       strlen(short_verbs[i].key));
		memcpy(words.words[0].value, short_verbs[i].value,
		       strlen(short_verbs[i].value));
		inner.statement = &words;
		return assign(&inner, object, 0, false);
	}
	return run_fails(run, "%s has no verb '%.40s'", object->kind->name, verb);
}

static int run_verb(struct run *run, struct object *object, const char *verb,
		    unsigned int first)
{
	if (strcmp(verb, "set") == 0)
		return assign(run, object, first, false);
	if (strcmp(verb, "later") == 0 && object->kind->next)
		return assign(run, object, first, true);
	if (strcmp(verb, "remove") == 0)
		return remove_object(run, object);
	return run_short_verb(run, object, verb);
}

static const char *verb_of(const struct statement *statement, unsigned int index)
{
	if (index >= statement->count || statement->words[index].value)
		return NULL;
	return statement->words[index].text;
}

static int run_machine(struct run *run)
{
	const char *verb = verb_of(run->statement, 1);

	if (!verb)
		return run_fails(run, "expected: machine set [PROPERTY=VALUE]...");
	return run_verb(run, &run->model->machine->object, verb, 2);
}

static int parse_path(struct run *run, int kind, const char *path, struct key *key)
{
	switch (path_parse(run->model, kind, path, key)) {
	case 0:
		return 0;
	case -ENOENT:
		return run_fails(
			run, "%s %.200s: what stands before the last '/' is not there",
			kinds[kind].name, path);
	default:
		return run_fails(run, "'%.200s' cannot be the name of a %s", path,
				 kinds[kind].name);
	}
}

/* KIND PATH VERB [PROPERTY=VALUE]...; the machine has no path. */
static int run_object(struct run *run, int kind)
{
	const char *path = verb_of(run->statement, 1), *verb = verb_of(run->statement, 2);
	struct object *object;
	struct key key;

	if (kinds[kind].form == NAME_NONE)
		return run_machine(run);
	if (!path || !verb)
		return run_fails(run, "expected: %s NAME VERB [PROPERTY=VALUE]...",
				 kinds[kind].name);
	if (parse_path(run, kind, path, &key) < 0)
		return -EINVAL;
	if (strcmp(verb, "add") == 0)
		return add_object(run, kind, &key);
	object = object_find(run->model, kind, key.parent, key.number, key.name);
	if (!object)
		return run_fails(run, "there is no %s %.200s", kinds[kind].name, path);
	return run_verb(run, object, verb, 3);
}

static int run_statement(struct run *run)
{
	const char *name = verb_of(run->statement, 0);
	const struct command *command = name ? command_find(name) : NULL;
	int kind = name ? find_kind(name) : -1;

	if (kind >= 0)
		return run_object(run, kind);
	if (command)
		return command_run(command, run);
	return run_fails(run, "'%.80s' is neither a command nor a kind of object",
			 run->statement->words[0].text);
}

/* --- texts ---------------------------------------------------------------------------- */

int script_run(struct model *model, struct reader *reader, FILE *out,
	       struct problem *problem)
{
	struct statement statement;
	struct run run = { model, &statement, out, problem };
	int more, err = 0;

	while (!err && (more = reader_next(reader, &statement, problem)) != 0)
		err = more < 0 ? more : run_statement(&run);
	return err;
}

void deferred_free(struct deferred *deferred)
{
	free(deferred->bytes);
	*deferred = (struct deferred){ 0 };
}

/* Only as many words as there are. */
static int defer(struct deferred *deferred, const struct statement *statement)
{
	size_t bytes = offsetof(struct statement, words) +
		       statement->count * sizeof(struct word);
	size_t size = deferred->size ? deferred->size : 4096;
	char *grown;

	while (size < deferred->length + bytes)
		size *= 2;
	if (size != deferred->size) {
		grown = realloc(deferred->bytes, size);
		if (!grown)
			return -ENOMEM;
		deferred->bytes = grown;
		deferred->size = size;
	}
	memcpy(deferred->bytes + deferred->length, statement, bytes);
	deferred->length += bytes;
	return 0;
}

/*
 * Something that is not there may come later: then it is stale data. Everything else about
 * the statement must be right.
 */
static int check_found(struct run *run, int kind)
{
	uint64_t rows[3] = { 0 };
	char *values = calloc(1, kinds[kind].values_size);
	int err;

	if (!values)
		return -ENOMEM;
	err = parse_assignments(run, &kinds[kind], 3, values, rows);
	free(values);
	return err;
}

static struct object *lhba_of_path(const struct model *model, const char *path)
{
	char name[64];
	size_t length = strcspn(path, "/");

	if (length >= sizeof(name))
		return NULL;
	memcpy(name, path, length);
	name[length] = 0;
	return object_find(model, KIND_LHBA, NULL, 0, name);
}

/* LHBA/NAME or LHBA/NAME/LUN, whatever is there. */
static bool is_found_path(int kind, const char *path)
{
	const char *name = strchr(path, '/'), *lun = strrchr(path, '/');
	char copy[256];
	uint64_t number;
	size_t length;

	if (!name || (kind == KIND_FOUND_LU) != (lun != name))
		return false;
	length = kind == KIND_FOUND_LU ? (size_t)(lun - name) - 1 : strlen(name + 1);
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, name + 1, length);
	copy[length] = 0;
	return iscsi_name_is_valid(copy) &&
	       (kind == KIND_FOUND || number_parse(lun + 1, 0, UINT64_MAX, &number) == 0);
}

/* What is set, and what waits for a reboot. */
static bool is_kept_verb(const char *verb)
{
	return strcmp(verb, "set") == 0 || strcmp(verb, "later") == 0;
}

static int keep_stale(struct run *run, int kind, const char *path)
{
	struct object *lhba = lhba_of_path(run->model, path);
	const char *verb = run->statement->words[2].text;
	char *text = NULL;
	size_t length = 0;
	FILE *out;
	int err;

	if (!lhba || !is_found_path(kind, path) || !is_kept_verb(verb))
		return run_fails(run, "there is no %s %.200s", kinds[kind].name, path);
	if (check_found(run, kind) < 0)
		return -EINVAL;
	out = open_memstream(&text, &length);
	if (!out)
		return -ENOMEM;
	fprintf(out, "%s %s %s", kinds[kind].name, path, verb);
	for (unsigned int i = 3; i < run->statement->count; i++) {
		fprintf(out, " %s=", run->statement->words[i].text);
		text_print_quoted(run->statement->words[i].value, out);
	}
	fputc('\n', out);
	err = fclose(out) == 0 ? stale_add(run->model, (struct lhba *)lhba, text)
			       : -ENOMEM;
	free(text);
	return err;
}

static int run_kept(struct run *run)
{
	int kind = find_kind(run->statement->words[0].text);
	const char *path = verb_of(run->statement, 1);

	if (is_about_found(kind) && path && verb_of(run->statement, 2) &&
	    !object_find_path(run->model, kind, path))
		return keep_stale(run, kind, path);
	return run_statement(run);
}

int script_run_deferred(struct model *model, struct deferred *deferred,
			struct problem *problem)
{
	struct statement statement;
	struct run run = { model, &statement, NULL, problem };
	int err = 0;

	for (size_t at = 0; !err && at < deferred->length;) {
		const char *kept = deferred->bytes + at;
		size_t head = offsetof(struct statement, words);

		memcpy(&statement, kept, head);
		memcpy(statement.words, kept + head,
		       statement.count * sizeof(struct word));
		at += head + statement.count * sizeof(struct word);
		err = run_kept(&run);
		/* What is found must be right for the next statement. */
		model_settle(model, false);
	}
	return err;
}

int script_define(struct model *model, struct reader *reader, struct deferred *deferred,
		  struct problem *problem)
{
	struct statement statement;
	struct run run = { model, &statement, NULL, problem };
	int more, err = 0;

	while (!err && (more = reader_next(reader, &statement, problem)) != 0) {
		const struct command *command = more > 0
							? command_find(
								  statement.words[0].text)
							: NULL;

		if (more < 0)
			err = more;
		else if ((command && !command->definition) ||
			 is_about_found(find_kind(statement.words[0].text)))
			err = defer(deferred, &statement);
		else
			err = run_statement(&run);
	}
	return err;
}

static int open_copy(struct reader *reader, const char *text, char **copy,
		     struct problem *problem)
{
	*copy = strdup(text);
	return *copy ? reader_open(reader, *copy, strlen(*copy), problem) : -ENOMEM;
}

bool script_target_is_there(const struct model *model, const char *text)
{
	struct problem problem = { .source = "stale data" };
	_cleanup_free_ char *copy = NULL;
	struct statement statement;
	struct reader reader;
	int kind;

	if (open_copy(&reader, text, &copy, &problem) < 0 ||
	    reader_next(&reader, &statement, &problem) <= 0 || statement.count < 2)
		return false;
	kind = find_kind(statement.words[0].text);
	return kind >= 0 && object_find_path(model, kind, statement.words[1].text);
}

void script_run_quietly(struct model *model, const char *text)
{
	struct problem problem = { .source = "stale data" };
	_cleanup_free_ char *copy = NULL;
	struct reader reader;

	if (open_copy(&reader, text, &copy, &problem) == 0)
		script_run(model, &reader, NULL, &problem);
}

bool script_changes(const char *text)
{
	struct problem problem = { .source = "command" };
	_cleanup_free_ char *copy = NULL;
	struct statement statement;
	struct reader reader;

	if (open_copy(&reader, text, &copy, &problem) < 0)
		return true;
	while (reader_next(&reader, &statement, &problem) > 0) {
		const struct command *command = command_find(statement.words[0].text);

		if (!command || !command->shows)
			return true;
	}
	return problem.text[0] != 0;
}
