// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chosen.h"

#include <string.h>

#include "doc.h"
#include "keeper.h"

static int choose_target(struct context *c, struct chosen *chosen)
{
	int err = target_get(c, c->option[OPT_TARGET], &chosen->target);

	if (err)
		return err;
	chosen->oid = chosen->target.oid;
	chosen->name = chosen->target.name;
	chosen->lhba = chosen->target.lhba;
	chosen->kind = "target";
	return EXIT_DONE;
}

static int choose_address(struct context *c, struct chosen *chosen)
{
	const struct keeper *keeper;
	int err = discovery_address_get(c, c->option[OPT_ADDRESS], &chosen->oid,
					&chosen->name, &keeper);

	if (err)
		return err;
	if (keeper->is_port)
		return refused(c, EXIT_NOT_SUPPORTED,
			       "%s is a discovery address of the port %s, not of an LHBA",
			       chosen->name, keeper->object->name);
	chosen->lhba = keeper->object;
	chosen->kind = "address";
	return EXIT_DONE;
}

int chosen_get(struct context *c, struct chosen *chosen)
{
	int err;

	memset(chosen, 0, sizeof(*chosen));
	if (given(c, OPT_TARGET) && given(c, OPT_ADDRESS))
		return refused(c, EXIT_USAGE,
			       "--target and --address exclude each other");
	if (given(c, OPT_TARGET))
		return choose_target(c, chosen);
	if (given(c, OPT_ADDRESS))
		return choose_address(c, chosen);
	err = lhba_get(c, &chosen->lhba);
	if (err)
		return err;
	chosen->oid = chosen->lhba->oid;
	chosen->name = chosen->lhba->name;
	chosen->kind = "lhba";
	return EXIT_DONE;
}

void chosen_document(struct json_object *doc, const struct chosen *chosen)
{
	bool address = chosen_is(chosen, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS);

	doc_text(doc, "lhba", chosen->lhba->name);
	doc_text(doc, "target",
		 chosen_is(chosen, IMA_OBJECT_TYPE_TARGET) ? chosen->name : NULL);
	doc_text(doc, "address", address ? chosen->name : NULL);
}

const char *chosen_source(const struct chosen *chosen, bool has, IMA_BOOL inherited)
{
	if (!has)
		return NULL;
	return inherited == IMA_TRUE ? "lhba" : chosen->kind;
}

/* The settings that are to be taken back, and those that were not yet. */
struct removal {
	const struct chosen *chosen;
	IMAX_SETTING left[SETTINGS_MAX];
	size_t count, done;
	const char *what;
	IMA_STATUS status;
};

/*
 * One pass over what is left. What would not go together with another setting stays, since
 * that other one may be taken back as well. EXIT_DONE, or what failed last.
 */
static int remove_pass(struct context *c, struct removal *removal)
{
	size_t count = removal->count;
	int err = EXIT_DONE;

	removal->count = 0;
	for (size_t i = 0; i < count; i++) {
		IMAX_SETTING setting = removal->left[i];
		IMA_STATUS status = CALL(c, IMAX_RemoveSetting, removal->chosen->oid,
					 setting);

		if (IMA_ERROR(status))
			err = failed(c, status, removal->chosen->name,
				     "cannot take back %s of %s", removal->what,
				     removal->chosen->name);
		else
			removal->done++;
		if (status == IMA_STATUS_REBOOT_NECESSARY)
			removal->status = status;
		if (IMA_ERROR(status) && status != IMA_ERROR_NOT_SUPPORTED)
			removal->left[removal->count++] = setting;
	}
	return err;
}

int settings_remove(struct context *c, const struct chosen *chosen,
		    const IMAX_SETTING *settings, size_t count, const char *what,
		    IMA_STATUS *status)
{
	struct removal removal = { .chosen = chosen, .count = count, .what = what };
	size_t before;
	int err;

	memcpy(removal.left, settings, count * sizeof(*settings));
	removal.status = IMA_STATUS_SUCCESS;
	do {
		before = removal.done;
		err = remove_pass(c, &removal);
	} while (removal.count && removal.done > before);
	*status = removal.status;
	if (removal.count || !removal.done)
		return err;
	c->failure.exit = EXIT_DONE;
	c->failure.text[0] = 0;
	return EXIT_DONE;
}
