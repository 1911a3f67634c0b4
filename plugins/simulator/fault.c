// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fault.h"

#include <errno.h>
#include <string.h>

#include "shared/cleanup.h"
#include "shared/number.h"

static const struct {
	const char *name;
	bool changes;
} functions[FUNCTIONS] = {
#define READS(function)	  { #function, false },
#define CHANGES(function) { #function, true },
#include "functions.def"
};

#define STATUS(name)        \
	{                   \
#name, name \
	}
static const struct {
	const char *name;
	uint32_t status;
} statuses[] = {
	STATUS(IMA_STATUS_SUCCESS),
	STATUS(IMA_STATUS_REBOOT_NECESSARY),
	STATUS(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES),
	STATUS(IMA_STATUS_SCSI_STATUS_CONDITION_MET),
	STATUS(IMA_ERROR_NOT_SUPPORTED),
	STATUS(IMA_ERROR_INSUFFICIENT_MEMORY),
	STATUS(IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD),
	STATUS(IMA_ERROR_UNEXPECTED_OS_ERROR),
	STATUS(IMA_ERROR_SYNC_TIMEOUT),
	STATUS(IMA_ERROR_LU_EXPOSED),
	STATUS(IMA_ERROR_LU_NOT_EXPOSED),
	STATUS(IMA_ERROR_LU_IN_USE),
	STATUS(IMA_ERROR_TARGET_TIMEOUT),
	STATUS(IMA_ERROR_LOGIN_REJECTED),
	STATUS(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED),
	STATUS(IMA_ERROR_SCSI_STATUS_CHECK_CONDITION),
	STATUS(IMA_ERROR_SCSI_STATUS_BUSY),
	STATUS(IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT),
	STATUS(IMA_ERROR_SCSI_STATUS_TASK_SET_FULL),
	STATUS(IMA_ERROR_SCSI_STATUS_ACA_ACTIVE),
	STATUS(IMA_ERROR_SCSI_STATUS_TASK_ABORTED),
	STATUS(IMA_ERROR_UNKNOWN_ERROR),
	STATUS(IMA_ERROR_INVALID_PARAMETER),
	STATUS(IMA_ERROR_INVALID_OBJECT_TYPE),
	STATUS(IMA_ERROR_INCORRECT_OBJECT_TYPE),
	STATUS(IMA_ERROR_OBJECT_NOT_FOUND),
	STATUS(IMA_ERROR_NAME_TOO_LONG),
};

/* SAM-3, table 22. */
static const struct {
	const char *name;
	uint8_t status;
} scsi_statuses[] = {
	{ "good", 0x00 },
	{ "check-condition", 0x02 },
	{ "condition-met", 0x04 },
	{ "busy", 0x08 },
	{ "intermediate", 0x10 },
	{ "intermediate-condition-met", 0x14 },
	{ "reservation-conflict", 0x18 },
	{ "task-set-full", 0x28 },
	{ "aca-active", 0x30 },
	{ "task-aborted", 0x40 },
};

const char *function_name(int function)
{
	return function < 0 ? "any" : functions[function].name;
}

bool function_changes(int function)
{
	return functions[function].changes;
}

int status_parse(const char *text, uint32_t *status)
{
	uint64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (strcmp(statuses[i].name, text) == 0) {
			*status = statuses[i].status;
			return 0;
		}
	if (number_parse(text, 0, UINT32_MAX, &number) < 0)
		return -EINVAL;
	*status = (uint32_t)number;
	return 0;
}

const char *status_name(uint32_t status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return NULL;
}

uint8_t sense_make(uint8_t *sense, uint8_t key, uint8_t code, uint8_t qualifier)
{
	memset(sense, 0, 18);
	sense[0] = 0x70; /* current error, fixed format */
	sense[2] = key;
	sense[7] = 10; /* bytes that follow */
	sense[12] = code;
	sense[13] = qualifier;
	return 18;
}

/* --- the words of the statement ------------------------------------------------------ */

static int parse_function(const char *text, int *function)
{
	*function = -1;
	if (strcmp(text, "any") == 0)
		return 0;
	for (int i = 0; i < FUNCTIONS; i++)
		if (strcmp(functions[i].name, text) == 0) {
			*function = i;
			return 0;
		}
	return -EINVAL;
}

/* KIND:PATH; the object need not be there (yet), but must have been. */
static int set_object(struct fault *fault, struct model *model, const char *text)
{
	const char *colon = strchr(text, ':');
	struct key key;
	char *path;

	for (int kind = 0; colon && kind < KINDS; kind++) {
		size_t length = strlen(kinds[kind].name);

		if ((size_t)(colon - text) != length ||
		    memcmp(kinds[kind].name, text, length) != 0)
			continue;
		if (path_parse(model, kind, colon + 1, &key) < 0)
			return -EINVAL;
		fault->object = identity_id(model->identities, kind,
					    object_id(key.parent), key.number, key.name);
		fault->object_kind = kind;
		path = strdup(text);
		free(fault->path);
		fault->path = path;
		return fault->object && path ? 0 : -EINVAL;
	}
	return -EINVAL;
}

static int set_status(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	fault->has_status = true;
	return status_parse(text, &fault->status);
}

static int set_scsi(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	for (size_t i = 0; i < ARRAY_SIZE(scsi_statuses); i++)
		if (strcmp(scsi_statuses[i].name, text) == 0) {
			fault->has_scsi = true;
			fault->scsi_status = scsi_statuses[i].status;
			return 0;
		}
	return -EINVAL;
}

static const char *scsi_name(uint8_t status)
{
	size_t i = 0;

	while (scsi_statuses[i].status != status)
		i++;
	return scsi_statuses[i].name;
}

/* KEY/CODE/QUALIFIER, each two hexadecimal digits, or hex:DIGITS for the whole. */
static int set_sense(struct fault *fault, struct model *model, const char *text)
{
	static const struct property row = { .name = "sense",
					     .type = VALUE_BYTES,
					     .size = sizeof(struct bytes_256) };
	struct problem problem = { .source = "" };
	struct word word = { .value = (char[300]){ "hex:" } };
	struct bytes_256 bytes;
	bool triple = strlen(text) == 8 && text[2] == '/' && text[5] == '/';

	if (triple)
		snprintf(word.value, 300, "hex:%.2s%.2s%.2s", text, text + 3, text + 6);
	else if (strncmp(text, "hex:", 4) == 0 && strlen(text) < 300)
		memcpy(word.value, text, strlen(text) + 1);
	if (value_parse(&row, &word, &bytes, model, &problem) < 0 || !bytes.length)
		return -EINVAL;
	fault->sense_length = (uint8_t)bytes.length;
	memcpy(fault->sense, bytes.data, bytes.length);
	if (triple)
		fault->sense_length = sense_make(fault->sense, bytes.data[0] & 0xf,
						 bytes.data[1], bytes.data[2]);
	return 0;
}

static int set_delay(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	return duration_parse(text, &fault->delay);
}

static int set_hang(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	fault->hang = strcmp(text, "target") == 0  ? HANG_TARGET
		      : strcmp(text, "local") == 0 ? HANG_LOCAL
						   : HANG_NO;
	return fault->hang ? 0 : -EINVAL;
}

static int set_crash(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	fault->crash = strcmp(text, "yes") == 0;
	return fault->crash ? 0 : -EINVAL;
}

static int set_allocation(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	return number_parse(text, 1, 1000000, &fault->allocation);
}

static int set_count(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	fault->count = FAULT_ALWAYS;
	if (strcmp(text, "always") == 0)
		return 0;
	return number_parse(text, 1, UINT32_MAX, &fault->count);
}

static int set_skip(struct fault *fault, struct model *model, const char *text)
{
	(void)model;
	return number_parse(text, 0, UINT32_MAX, &fault->skip);
}

static const struct {
	const char *key;
	int (*set)(struct fault *fault, struct model *model, const char *text);
	const char *expected;
} options[] = {
	{ "object", set_object, "KIND:PATH of an object" },
	{ "status", set_status, "the name of a status" },
	{ "scsi", set_scsi, "the name of a SCSI status" },
	{ "sense", set_sense, "KEY/CODE/QUALIFIER or hex:DIGITS" },
	{ "delay", set_delay, "a duration such as 250ms or 2s" },
	{ "hang", set_hang, "target or local" },
	{ "allocation", set_allocation, "a number from 1 to 1000000" },
	{ "crash", set_crash, "yes" },
	{ "count", set_count, "a number or always" },
	{ "skip", set_skip, "a number" },
};

static int set_option(struct fault *fault, struct model *model, const struct word *word,
		      struct problem *problem)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (strcmp(options[i].key, word->text) != 0)
			continue;
		if (!word->value || options[i].set(fault, model, word->value) < 0)
			return problem_set(problem, word->line,
					   "%s: expected %s, not '%.80s'", word->text,
					   options[i].expected,
					   word->value ? word->value : "");
		return 0;
	}
	return problem_set(problem, word->line, "a fault has no '%.40s'", word->text);
}

static void fault_free(struct fault *fault)
{
	if (!fault)
		return;
	free(fault->path);
	free(fault);
}

static void cleanup_fault(struct fault **fault)
{
	fault_free(*fault);
}

static bool does_something(const struct fault *fault)
{
	return fault->has_status || fault->has_scsi || fault->delay || fault->hang ||
	       fault->crash || fault->allocation;
}

static int parse_fault(struct fault *fault, struct model *model,
		       const struct statement *statement, struct problem *problem)
{
	fault->count = 1;
	if (statement->count < 2 || statement->words[1].value ||
	    parse_function(statement->words[1].text, &fault->function) < 0)
		return problem_set(problem, statement->line,
				   "fault: expected the name of a function or any");
	for (unsigned int i = 2; i < statement->count; i++)
		if (set_option(fault, model, &statement->words[i], problem) < 0)
			return -EINVAL;
	if (!does_something(fault))
		return problem_set(
			problem, statement->line,
			"fault: one of status, scsi, delay, hang, allocation and crash "
			"is needed");
	return 0;
}

int fault_add(struct model *model, const struct statement *statement,
	      struct problem *problem)
{
	struct fault *_cleanup_(cleanup_fault) fault = calloc(1, sizeof(*fault));

	if (!fault)
		return -ENOMEM;
	if (parse_fault(fault, model, statement, problem) < 0)
		return -EINVAL;
	fault->number = ++model->next_fault;
	model->dirty = true;
	*model->faults_end = fault;
	model->faults_end = &fault->next;
	fault = NULL;
	return 0;
}

/* --- the list ------------------------------------------------------------------------ */

static void unlink_fault(struct model *model, struct fault **place)
{
	struct fault *fault = *place;

	*place = fault->next;
	if (model->faults_end == &fault->next)
		model->faults_end = place;
	model->dirty = true;
	fault_free(fault);
}

int fault_remove(struct model *model, uint64_t number)
{
	for (struct fault **place = &model->faults; *place; place = &(*place)->next)
		if ((*place)->number == number) {
			unlink_fault(model, place);
			return 0;
		}
	return -ENOENT;
}

void faults_clear(struct model *model)
{
	while (model->faults)
		unlink_fault(model, &model->faults);
}

/* "any" spares the IOctl: how else could the fault be cleared? */
static bool is_hit(const struct fault *fault, int function, uint64_t object)
{
	if (fault->function >= 0 ? fault->function != function
				 : function == FUNCTION_IMA_PluginIOctl)
		return false;
	return !fault->object || fault->object == object;
}

bool fault_match(struct model *model, int function, uint64_t object, struct fault *fault)
{
	for (struct fault **place = &model->faults; *place; place = &(*place)->next) {
		struct fault *entry = *place;

		if (!is_hit(entry, function, object))
			continue;
		if (entry->skip) {
			entry->skip--;
			model->dirty = true;
			continue;
		}
		*fault = *entry;
		fault->path = NULL;
		if (entry->count == FAULT_ALWAYS)
			return true;
		model->dirty = true;
		if (!--entry->count)
			unlink_fault(model, place);
		return true;
	}
	return false;
}

static void print_sense(const struct fault *fault, FILE *out)
{
	if (!fault->sense_length)
		return;
	fputs(" sense=hex:", out);
	for (unsigned int i = 0; i < fault->sense_length; i++)
		fprintf(out, "%02x", fault->sense[i]);
}

static void print_answer(const struct fault *fault, FILE *out)
{
	if (fault->has_status && status_name(fault->status))
		fprintf(out, " status=%s", status_name(fault->status));
	else if (fault->has_status)
		fprintf(out, " status=0x%08x", fault->status);
	if (fault->has_scsi)
		fprintf(out, " scsi=%s", scsi_name(fault->scsi_status));
	print_sense(fault, out);
}

static void print_trouble(const struct fault *fault, FILE *out)
{
	if (fault->delay)
		fprintf(out, " delay=%llums", (unsigned long long)fault->delay);
	if (fault->hang)
		fprintf(out, " hang=%s", fault->hang == HANG_TARGET ? "target" : "local");
	if (fault->allocation)
		fprintf(out, " allocation=%llu", (unsigned long long)fault->allocation);
	if (fault->crash)
		fputs(" crash=yes", out);
}

static void fault_print(const struct fault *fault, FILE *out)
{
	fprintf(out, "fault %s", function_name(fault->function));
	if (fault->path)
		fprintf(out, " object=%s", fault->path);
	print_answer(fault, out);
	print_trouble(fault, out);
	if (fault->skip)
		fprintf(out, " skip=%llu", (unsigned long long)fault->skip);
	if (fault->count == FAULT_ALWAYS)
		fputs(" count=always\n", out);
	else
		fprintf(out, " count=%llu\n", (unsigned long long)fault->count);
}

void faults_print(const struct model *model, bool numbers, FILE *out)
{
	for (const struct fault *fault = model->faults; fault; fault = fault->next) {
		if (numbers)
			fprintf(out, "%llu: ", (unsigned long long)fault->number);
		fault_print(fault, out);
	}
}
