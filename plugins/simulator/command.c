// SPDX-License-Identifier: LGPL-2.1-or-later
#include "command.h"

#include <errno.h>
#include <string.h>

#include "fault.h"
#include "generate.h"
#include "lu.h"
#include "network.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "stale.h"
#include "state.h"
#include "storm.h"

/* --- words ---------------------------------------------------------------------------- */

static const struct word *run_word(const struct run *run, unsigned int index)
{
	return index < run->statement->count ? &run->statement->words[index] : NULL;
}

static bool word_is(const struct word *word, const char *text)
{
	return word && !word->value && strcmp(word->text, text) == 0;
}

/* The object a word KIND:PATH names, NULL if there is none. */
static struct object *find_object_word(const struct run *run, const struct word *word)
{
	const char *colon = strchr(word->text, ':');

	for (int kind = 0; colon && kind < KINDS; kind++) {
		size_t length = strlen(kinds[kind].name);
		struct object *object;

		if ((size_t)(colon - word->text) != length ||
		    memcmp(kinds[kind].name, word->text, length) != 0)
			continue;
		object = object_find_path(run->model, kind, colon + 1);
		if (object)
			return object;
	}
	return NULL;
}

/* The same, with a message if there is none. */
static struct object *run_object_word(struct run *run, const struct word *word)
{
	struct object *object = find_object_word(run, word);

	if (!object)
		run_fails(run, "there is no object '%.200s'", word->text);
	return object;
}

static struct object *run_path(struct run *run, int kind, unsigned int index)
{
	const char *path = run->statement->words[index].text;
	struct object *object = object_find_path(run->model, kind, path);

	if (!object)
		run_fails(run, "there is no %s %.200s", kinds[kind].name, path);
	return object;
}

/* --- clock ---------------------------------------------------------------------------- */

void clock_advance(struct model *model, uint64_t milliseconds)
{
	uint64_t total = model->milliseconds + milliseconds;

	model->clock += (int64_t)(total / 1000);
	model->milliseconds = (uint32_t)(total % 1000);
	model_traffic(model);
}

static int run_clock(struct run *run)
{
	const struct word *first = run_word(run, 1), *second = run_word(run, 2);
	uint64_t milliseconds;
	int64_t seconds;

	if (word_is(first, "set") && second && !second->value) {
		if (time_parse(second->text, &seconds) < 0)
			return run_fails(run, "clock set: expected a time such as "
					      "2026-01-31T23:59:00Z");
		/* A clock that is set moves no traffic. */
		run->model->clock = seconds;
		run->model->milliseconds = 0;
		model_traffic_restart(run->model);
	} else if (!second && first->text[0] == '+' &&
		   duration_parse(first->text + 1, &milliseconds) == 0) {
		clock_advance(run->model, milliseconds);
	} else {
		return run_fails(run, "expected: clock +DURATION or clock set TIME");
	}
	run->model->dirty = true;
	return 0;
}

/* --- faults --------------------------------------------------------------------------- */

static int run_fault(struct run *run)
{
	const struct word *number = run_word(run, 2);
	uint64_t value;
	int err;

	if (!word_is(run_word(run, 1), "clear")) {
		err = fault_add(run->model, run->statement, run->problem);
		if (!err && run->out)
			fprintf(run->out, "fault %llu\n",
				(unsigned long long)run->model->next_fault);
		return err;
	}
	if (!number) {
		faults_clear(run->model);
		return 0;
	}
	if (number_parse(number->text, 1, UINT64_MAX, &value) < 0 ||
	    fault_remove(run->model, value) < 0)
		return run_fails(run, "there is no fault %.40s", number->text);
	return 0;
}

/* --- what happens --------------------------------------------------------------------- */

static int run_reboot(struct run *run)
{
	model_reboot(run->model);
	return 0;
}

static int run_discover(struct run *run)
{
	struct discovery_result result = { 0 };
	struct object *lhba;

	if (run->statement->count == 1) {
		run->model->unsettled = true;
		return 0;
	}
	lhba = run_path(run, KIND_LHBA, 1);
	if (!lhba)
		return -EINVAL;
	lhba_discover(run->model, (struct lhba *)lhba, &result);
	run->model->unsettled = true;
	return 0;
}

/* Numbers by name: "read=4K write=1M". */
struct named_number {
	const char *name;
	uint64_t value;
	bool is_duration;
};

static int parse_named(struct run *run, unsigned int first, struct named_number *numbers,
		       size_t count)
{
	for (unsigned int i = first; i < run->statement->count; i++) {
		const struct word *word = &run->statement->words[i];
		size_t n = 0;
		int err;

		while (n < count && strcmp(numbers[n].name, word->text) != 0)
			n++;
		if (n == count || !word->value)
			return run_fails(run, "%s: '%.40s' is not expected",
					 run->statement->words[0].text, word->text);
		err = numbers[n].is_duration
			      ? duration_parse(word->value, &numbers[n].value)
			      : size_parse(word->value, 0, 1ULL << 50, &numbers[n].value);
		if (err)
			return run_fails(run, "%s: '%.40s' is no %s", word->text,
					 word->value,
					 numbers[n].is_duration ? "duration" : "number");
	}
	return 0;
}

static int run_traffic(struct run *run)
{
	struct object *object = run_path(run, KIND_FOUND_LU, 1);
	struct named_number numbers[] = { { .name = "read" },
					  { .name = "write" },
					  { .name = "time", .is_duration = true } };

	if (!object || parse_named(run, 2, numbers, ARRAY_SIZE(numbers)) < 0)
		return -EINVAL;
	if (!((struct found_lu *)object)->now.exposed)
		return run_fails(run, "traffic: the LU is not exposed");
	lu_traffic(run->model, (struct found_lu *)object, numbers[0].value,
		   numbers[1].value, numbers[2].value);
	return 0;
}

static int run_errors(struct run *run)
{
	struct object *object = run_path(run, KIND_FOUND, 1);
	struct named_number numbers[ERROR_COUNTERS] = {
		[ERROR_LOGIN_FAILED] = { .name = "login" },
		[ERROR_SESSION_FAILED] = { .name = "session" },
		[ERROR_DIGEST] = { .name = "digest" },
		[ERROR_TIME_LIMIT] = { .name = "time-limit" },
		[ERROR_FORMAT] = { .name = "format" },
		[ERROR_TIMEOUT] = { .name = "timeout" },
	};
	struct found *found = (struct found *)object;

	if (!object || parse_named(run, 2, numbers, ARRAY_SIZE(numbers)) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		found->errors[i] += (uint32_t)numbers[i].value;
	if (numbers[ERROR_LOGIN_FAILED].value)
		found->last_failure = run->model->clock;
	return 0;
}

/*
 * Events without a reason: a property changes, or the object goes and comes, count times. With a
 * number it is one that was.
 */
static int run_storm(struct run *run)
{
	struct object *object = find_object_word(run, run_word(run, 1));
	struct named_number numbers[] = { { .name = "count", .value = 100 },
					  { .name = "number" } };
	bool visibility = word_is(run_word(run, 2), "visibility");

	if (!visibility && !word_is(run_word(run, 2), "property"))
		return run_fails(
			run, "expected: storm KIND:PATH property|visibility [count=N]");
	if (parse_named(run, 3, numbers, ARRAY_SIZE(numbers)) < 0)
		return -EINVAL;
	if (numbers[0].value > 1000000)
		return run_fails(run, "storm: count must not be above 1000000");
	if (numbers[1].value) {
		storm_remember(run->model, object, visibility, numbers[0].value,
			       numbers[1].value);
		return 0;
	}
	if (!run_object_word(run, run_word(run, 1)))
		return -EINVAL;
	storm_raise(run->model, object, visibility, numbers[0].value);
	return 0;
}

static int run_generate(struct run *run)
{
	return generate(run->model, run->statement, run->problem);
}

static int run_reset(struct run *run)
{
	run->model->reset = true;
	return 0;
}

static int run_forget_stale(struct run *run)
{
	stale_clear(run->model);
	return 0;
}

/* --- showing -------------------------------------------------------------------------- */

static void show_clock(const struct model *model, FILE *out)
{
	time_print(model->clock, out);
	fputc('\n', out);
}

static void show_tree(const struct object *object, int kind, bool paths, FILE *out)
{
	if (kind < 0 || object_kind(object) == kind) {
		if (!paths && object->kind->n_properties)
			object_show(object, out);
		else if (paths)
			object_print_path(object, out);
		if (paths)
			fputc('\n', out);
	}
	for (unsigned int i = 0; i < object->kind->n_children; i++)
		for_each(child, &object->children[i])
			show_tree(child, kind, paths, out);
}

static void show_kind(const struct model *model, int kind, bool paths, FILE *out)
{
	for (int root = 0; root < KINDS; root++)
		for_each(object, &model->roots[root])
			show_tree(object, kind, paths, out);
}

static int kind_of_word(struct run *run, const struct word *word)
{
	for (int kind = 0; kind < KINDS; kind++)
		if (word_is(word, kinds[kind].name))
			return kind;
	return run_fails(run, "there is no kind '%.40s'", word->text);
}

static void show_faults(const struct model *model, FILE *out)
{
	faults_print(model, true, out);
}

static void show_state(const struct model *model, FILE *out)
{
	model_write(model, false, out);
}

static const struct {
	const char *name;
	void (*show)(const struct model *model, FILE *out);
} shown[] = {
	{ "clock", show_clock },
	{ "faults", show_faults },
	{ "stale", stale_print },
	{ "state", show_state },
};

static int show_objects(struct run *run, const struct word *word)
{
	struct object *object;
	int kind = -1;

	if (word && strchr(word->text, ':')) {
		object = run_object_word(run, word);
		if (object)
			object_show(object, run->out);
		return object ? 0 : -EINVAL;
	}
	if (word)
		kind = kind_of_word(run, word);
	if (word && kind < 0)
		return -EINVAL;
	show_kind(run->model, kind, false, run->out);
	return 0;
}

static int run_show(struct run *run)
{
	const struct word *word = run_word(run, 1);

	if (!run->out)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (word_is(word, shown[i].name)) {
			shown[i].show(run->model, run->out);
			return 0;
		}
	return show_objects(run, word);
}

/* For programs that mix control and API: the number of the object in its OID. */
static int run_oid(struct run *run)
{
	const struct object *object = run_object_word(run, run_word(run, 1));
	bool shared;

	if (!object)
		return -EINVAL;
	shared = object_kind(object) == KIND_NODE &&
		 strcmp(object->identity->name, "shared") == 0;
	if (run->out)
		fprintf(run->out, "%llu\n",
			(unsigned long long)(shared ? 0 : object_id(object)));
	return 0;
}

static int run_list(struct run *run)
{
	int kind = kind_of_word(run, run_word(run, 1));

	if (kind < 0)
		return -EINVAL;
	if (run->out)
		show_kind(run->model, kind, true, run->out);
	return 0;
}

static int run_help(struct run *run);

static const struct command commands[] = {
	{ "clock", "clock +DURATION | clock set TIME", 2, 3, run_clock, false, false },
	{ "discover", "discover [LHBA]", 1, 2, run_discover, false, false },
	{ "errors",
	  "errors LHBA/TARGET [login=N] [session=N] [digest=N] [time-limit=N] "
	  "[format=N] [timeout=N]",
	  3, 8, run_errors, false, false },
	{ "fault",
	  "fault FUNCTION|any [object=KIND:PATH] [status=STATUS] [scsi=STATUS] "
	  "[sense=KEY/CODE/QUALIFIER] [delay=DURATION] [hang=target|local] "
	  "[allocation=N] [crash=yes] [skip=N] [count=N|always] | fault clear [NUMBER]",
	  2, 12, run_fault, false, false },
	{ "forget-stale", "forget-stale", 1, 1, run_forget_stale, false, false },
	{ "generate",
	  "generate targets=N lus=N [name=NAME] [portal=ADDRESS:PORT] [size=SIZE] "
	  "[array=NAME]",
	  2, 7, run_generate, false, true },
	{ "help", "help", 1, 1, run_help, true, false },
	{ "list", "list KIND", 2, 2, run_list, true, false },
	{ "oid", "oid KIND:PATH", 2, 2, run_oid, true, false },
	{ "reboot", "reboot", 1, 1, run_reboot, false, false },
	{ "reset", "reset", 1, 1, run_reset, false, false },
	{ "show", "show [KIND | KIND:PATH | clock | faults | stale | state]", 1, 2,
	  run_show, true, false },
	{ "storm", "storm KIND:PATH property|visibility [count=N]", 3, 5, run_storm,
	  false, false },
	{ "traffic", "traffic LHBA/TARGET/LUN [read=SIZE] [write=SIZE] [time=DURATION]",
	  3, 5, run_traffic, false, false },
};

static int run_help(struct run *run)
{
	if (!run->out)
		return 0;
	fputs("KIND NAME add|set|later [PROPERTY=VALUE]...\nKIND NAME remove|VERB\n",
	      run->out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(run->out, "%s\n", commands[i].usage);
	return 0;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int command_run(const struct command *command, struct run *run)
{
	if (run->statement->count < command->min || run->statement->count > command->max)
		return run_fails(run, "expected: %s", command->usage);
	return command->run(run);
}
