// SPDX-License-Identifier: LGPL-2.1-or-later
#include "machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config.h"
#include "login.h"
#include "network.h"
#include "plugin-support/host.h"
#include "script.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "state.h"
#include "storm.h"

#define STATE_HEAD  "# ima-simulator state 1, scenario "
#define STATE_MAX   (256U << 20)
#define NAME_SUFFIX ".conf"

/* --- which files ---------------------------------------------------------------------- */

/* A name without a slash is a scenario that is installed. */
static int scenario_from_environment(const char *value, char *path, size_t size)
{
	int n = strchr(value, '/') ? snprintf(path, size, "%s", value)
				   : snprintf(path, size, "%s/%s" NAME_SUFFIX,
					      SIM_SCENARIO_DIR, value);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

static int find_scenario(char *path, size_t size)
{
	const char *value = secure_getenv("IMA_SIM_SCENARIO");

	if (value && *value)
		return scenario_from_environment(value, path, size);
	if (host_state_path("scenario", path, size) == 0 && access(path, F_OK) == 0)
		return 0;
	snprintf(path, size, "%s", SIM_SCENARIO_FILE);
	return access(path, F_OK) == 0 ? 0 : -ENOENT;
}

/* "laptop" of ".../laptop.conf", for the name of the state file. */
static void set_state_path(struct machine_files *files)
{
	const char *slash = strrchr(files->scenario, '/');
	const char *base = slash ? slash + 1 : files->scenario;
	size_t length = strlen(base), suffix = strlen(NAME_SUFFIX);
	char name[NAME_MAX + 1];

	if (length > suffix && strcmp(base + length - suffix, NAME_SUFFIX) == 0)
		length -= suffix;
	snprintf(name, sizeof(name), "simulator-%.*s.state", (int)length, base);
	if (host_state_path(name, files->state, sizeof(files->state)) < 0)
		files->state[0] = 0;
}

/* FNV-1a; tells texts apart, not more. */
static uint32_t digest_of(const char *text, size_t length)
{
	uint32_t digest = 2166136261U;

	for (size_t i = 0; i < length; i++)
		digest = (digest ^ (unsigned char)text[i]) * 16777619U;
	return digest;
}

int machine_files_open(struct machine_files *files)
{
	int err = find_scenario(files->scenario, sizeof(files->scenario));

	if (err) {
		host_log(IMAX_LOG_ERROR,
			 "simulator: no scenario; set IMA_SIM_SCENARIO or install %s",
			 SIM_SCENARIO_FILE);
		return err;
	}
	err = atomic_file_read(files->scenario, SOURCE_MAX_BYTES, &files->text,
			       &files->length);
	if (err) {
		host_log(IMAX_LOG_ERROR, "simulator: cannot read %s: %s", files->scenario,
			 strerrordesc_np(-err));
		return err;
	}
	files->digest = digest_of(files->text, files->length);
	set_state_path(files);
	return 0;
}

void machine_files_close(struct machine_files *files)
{
	free(files->text);
	memset(files, 0, sizeof(*files));
}

/* --- building ------------------------------------------------------------------------- */

struct source_text {
	char *copy;
	struct reader reader;
	struct deferred deferred;
};

static void source_text_free(struct source_text *source)
{
	deferred_free(&source->deferred);
	free(source->copy);
}

static int source_text_define(struct source_text *source, struct model *model,
			      const char *text, size_t length, struct problem *problem)
{
	int err;

	source->copy = malloc(length + 1);
	if (!source->copy)
		return -ENOMEM;
	memcpy(source->copy, text, length);
	source->copy[length] = 0;
	err = reader_open(&source->reader, source->copy, length, problem);
	if (err)
		return err;
	return script_define(model, &source->reader, &source->deferred, problem);
}

static void forget_changes(struct model *model)
{
	for (size_t i = 0; i < model->n_changes; i++) {
		struct object *object = object_by_id(model, model->changes[i].id);

		if (object)
			object->event_pending = false;
	}
	model->n_changes = 0;
}

static int64_t monotonic_milliseconds(void)
{
	return (int64_t)(host_now() / 1000000);
}

/* The two texts a machine is made of: the scenario, and the state or nothing. */
struct build {
	struct model *model;
	struct problem *problem;
	struct source_text sources[2];
	const char *texts[2], *names[2];
	size_t lengths[2];
};

/* What the state says differs from the scenario, and is marked so. */
static void begin_text(struct build *build, int i)
{
	build->model->running = i > 0;
	build->problem->source = build->names[i];
}

static int build_definitions(struct build *build)
{
	int err = 0;

	for (int i = 0; i < 2 && build->texts[i] && !err; i++) {
		begin_text(build, i);
		err = source_text_define(&build->sources[i], build->model,
					 build->texts[i], build->lengths[i],
					 build->problem);
	}
	return err;
}

static int build_deferred(struct build *build)
{
	int err = 0;

	for (int i = 0; i < 2 && build->texts[i] && !err; i++) {
		begin_text(build, i);
		err = script_run_deferred(build->model, &build->sources[i].deferred,
					  build->problem);
	}
	return err;
}

static int build_machine(struct build *build)
{
	struct model *model = build->model;
	int err = build_definitions(build);

	if (err)
		return err;
	model->clock = model->machine->now.clock_start;
	model->real_last = monotonic_milliseconds();
	model->running = false;
	model_settle(model, true);
	err = build_deferred(build);
	model->running = true;
	forget_changes(model);
	return model->no_memory ? -ENOMEM : err;
}

struct model *machine_build(struct identities *identities, const char *scenario,
			    size_t scenario_length, const char *name, const char *state,
			    size_t state_length, struct problem *problem)
{
	struct build build = { .model = model_new(identities),
			       .problem = problem,
			       .texts = { scenario, state },
			       .names = { name, "state" },
			       .lengths = { scenario_length, state_length } };
	int err = build.model ? build_machine(&build) : -ENOMEM;

	source_text_free(&build.sources[0]);
	source_text_free(&build.sources[1]);
	if (!err) {
		build.model->dirty = false;
		return build.model;
	}
	model_free(build.model);
	return NULL;
}

/* --- the state file ------------------------------------------------------------------- */

void machine_look(struct machine_files *files)
{
	if (!files->state[0] || stat(files->state, &files->seen) < 0)
		memset(&files->seen, 0, sizeof(files->seen));
}

bool machine_is_stale(const struct machine_files *files)
{
	struct stat now = { 0 };

	if (!files->state[0])
		return false;
	if (stat(files->state, &now) < 0)
		memset(&now, 0, sizeof(now));
	return now.st_ino != files->seen.st_ino || now.st_size != files->seen.st_size ||
	       now.st_mtim.tv_sec != files->seen.st_mtim.tv_sec ||
	       now.st_mtim.tv_nsec != files->seen.st_mtim.tv_nsec;
}

/* The state file of another scenario, or of an older text of this one, is of no use. */
static bool state_belongs(const struct machine_files *files, const char *text)
{
	char head[64];

	snprintf(head, sizeof(head), STATE_HEAD "%08x\n", files->digest);
	return strncmp(text, head, strlen(head)) == 0;
}

static char *read_state(struct machine_files *files, size_t *length)
{
	char *text = NULL;
	int err;

	machine_look(files);
	if (!files->seen.st_ino)
		return NULL;
	err = atomic_file_read(files->state, STATE_MAX, &text, length);
	if (err) {
		host_log(IMAX_LOG_WARNING, "simulator: cannot read %s: %s", files->state,
			 strerrordesc_np(-err));
		return NULL;
	}
	if (state_belongs(files, text))
		return text;
	host_log(IMAX_LOG_WARNING,
		 "simulator: %s belongs to another scenario and is not used",
		 files->state);
	free(text);
	return NULL;
}

static struct model *build_logged(struct machine_files *files,
				  struct identities *identities, const char *state,
				  size_t length)
{
	struct problem problem = { 0 };
	struct model *model = machine_build(identities, files->text, files->length,
					    files->scenario, state, length, &problem);

	if (!model)
		host_log(IMAX_LOG_ERROR, "simulator: %s",
			 problem.text[0] ? problem.text : "out of memory");
	return model;
}

struct model *machine_load(struct machine_files *files, struct identities *identities)
{
	struct model *model = build_logged(files, identities, NULL, 0), *full;
	_cleanup_free_ char *state = NULL;
	size_t length = 0;

	if (!model || model->machine->now.mode != MODE_FILE)
		return model;
	state = read_state(files, &length);
	if (!state)
		return model;
	full = build_logged(files, identities, state, length);
	explicit_bzero(state, length);
	if (!full)
		return model; /* a state file that is damaged: the scenario as it is */
	model_free(model);
	return full;
}

char *machine_state_text(const struct machine_files *files, const struct model *model,
			 size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	if (!out)
		return NULL;
	fprintf(out, STATE_HEAD "%08x\n", files->digest);
	model_write(model, true, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

int machine_store(const struct machine_files *files, const char *text, size_t length)
{
	if (!files->state[0])
		return -ENOENT;
	return atomic_file_write(files->state, text, length, 0600);
}

int machine_forget(struct machine_files *files)
{
	int err = files->state[0] && unlink(files->state) < 0 && errno != ENOENT ? -errno
										 : 0;

	machine_look(files);
	return err;
}

/* --- two models ----------------------------------------------------------------------- */

/* What the process counts is not in the state file. */
static void take_counters(const struct object *from, struct object *to)
{
	switch (object_kind(to)) {
	case KIND_PNP:
		((struct pnp *)to)->counters = ((const struct pnp *)from)->counters;
		break;
	case KIND_FOUND:
		memcpy(((struct found *)to)->errors, ((const struct found *)from)->errors,
		       sizeof(((struct found *)to)->errors));
		((struct found *)to)->last_failure =
			((const struct found *)from)->last_failure;
		break;
	case KIND_FOUND_LU:
		((struct found_lu *)to)->counters =
			((const struct found_lu *)from)->counters;
		break;
	default:
		break;
	}
}

static bool has_marks(const struct object *object)
{
	return object->marked[0] || object->marked[1] || object->marked[2];
}

/* Only what was changed since the scenario can differ. */
static void compare_rows(struct model *model, const struct object *before,
			 struct object *object)
{
	const struct kind *kind = object->kind;

	if (!has_marks(before) && !has_marks(object))
		return;
	for (unsigned int i = 0; i < kind->n_properties; i++) {
		size_t offset = kind->properties[i].offset;

		if (!value_equal(&kind->properties[i],
				 (char *)object_now(before) + offset,
				 (char *)object_now(object) + offset))
			object_row_changed(model, object, &kind->properties[i]);
	}
}

/* What follows from the network. */
static bool objects_differ(const struct object *a, const struct object *b)
{
	if (object_kind(a) == KIND_FOUND)
		return ((const struct found *)a)->methods !=
		       ((const struct found *)b)->methods;
	if (object_kind(a) == KIND_FOUND_LU)
		return ((const struct found_lu *)a)->now.exposed !=
		       ((const struct found_lu *)b)->now.exposed;
	if (object_kind(a) == KIND_LNP)
		return ((const struct lnp *)a)->last_status !=
		       ((const struct lnp *)b)->last_status;
	return false;
}

/* A session goes on, whatever another process does; what it negotiated stays. */
static void take_sessions(const struct model *old, struct model *model, bool counted)
{
	if (model->next_session < old->next_session)
		model->next_session = old->next_session;
	for (size_t id = 0; id < model->by_id_size; id++) {
		struct object *object = model->by_id[id];

		if (!object || object_kind(object) != KIND_FOUND)
			continue;
		found_take_session(model, (struct found *)object,
				   counted ? (struct found *)object_by_id(old, id)
					   : NULL);
	}
}

void machine_compare(const struct model *old, struct model *model, bool counted)
{
	take_sessions(old, model, counted);
	for (size_t id = 0; id < old->by_id_size; id++)
		if (old->by_id[id] && !object_by_id(model, id))
			model_report(model, old->by_id[id], CHANGE_VANISHED);
	for (size_t id = 0; id < model->by_id_size; id++) {
		const struct object *before = object_by_id(old, id);

		if (!model->by_id[id])
			continue;
		if (!before) {
			model_report(model, model->by_id[id], CHANGE_APPEARED);
			continue;
		}
		if (counted)
			take_counters(before, model->by_id[id]);
		compare_rows(model, before, model->by_id[id]);
		if (objects_differ(before, model->by_id[id]))
			object_changed(model, model->by_id[id]);
	}
	storms_compare(old, model);
}
