// SPDX-License-Identifier: LGPL-2.1-or-later
#include "keeper.h"

#include "doc.h"

/* What was found so far, and the first reason why another one is not among it. */
struct search {
	entries_fn entries;
	const char *what;
	struct keeper *list;
	size_t count;
	bool failed;
};

static void consider(struct context *c, struct search *search,
		     const struct object *object, bool is_port)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, search->entries, object->oid, &list);

	if (IMA_SUCCESS(status)) {
		search->list[search->count++] = (struct keeper){ object, is_port };
		return;
	}
	list = NULL;
	if (!search->failed)
		failed(c, status, object->name, "cannot list the %s of %s", search->what,
		       object->name);
	else if (status != IMA_ERROR_NOT_SUPPORTED)
		warn_failed(c, status, object->name, "cannot list the %s of %s",
			    search->what, object->name);
	search->failed = true;
}

static int consider_one(struct context *c, struct search *search)
{
	bool is_port = given(c, OPT_PNP);
	const struct object *object;
	int err;

	if (is_port && given(c, OPT_LHBA))
		return refused(c, EXIT_USAGE, "--lhba and --pnp exclude each other");
	err = is_port ? object_get(c, IMA_OBJECT_TYPE_PNP, c->option[OPT_PNP], &object)
		      : lhba_get(c, &object);
	if (err)
		return err;
	search->list = keep(c, allocate(1, sizeof(struct keeper)));
	consider(c, search, object, is_port);
	return EXIT_DONE;
}

static int consider_all(struct context *c, struct search *search)
{
	const struct objects *lhbas, *pnps;
	int err = objects_get(c, IMA_OBJECT_TYPE_LHBA, &lhbas);

	if (!err)
		err = objects_get(c, IMA_OBJECT_TYPE_PNP, &pnps);
	if (err)
		return err;
	search->list = keep(
		c, allocate(lhbas->count + pnps->count + 1, sizeof(struct keeper)));
	for (size_t i = 0; i < lhbas->count; i++)
		consider(c, search, &lhbas->list[i], false);
	for (size_t i = 0; i < pnps->count; i++)
		consider(c, search, &pnps->list[i], true);
	return EXIT_DONE;
}

int keepers_get(struct context *c, entries_fn entries, const char *what,
		const struct keeper **keepers, size_t *count)
{
	struct search search = { .entries = entries, .what = what };
	int err = given(c, OPT_LHBA) || given(c, OPT_PNP) ? consider_one(c, &search)
							  : consider_all(c, &search);

	if (err)
		return err;
	if (!search.count && search.failed)
		return (int)c->failure.exit;
	c->failure.exit = EXIT_DONE;
	*keepers = search.list;
	*count = search.count;
	return EXIT_DONE;
}

static int several(struct context *c, const struct keeper *keepers, size_t count)
{
	char *names = NULL;

	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *before = names;

		names = text_format("%s%s%s %s", before ? before : "", before ? ", " : "",
				    keepers[i].is_port ? "--pnp" : "--lhba",
				    keepers[i].object->name);
	}
	keep(c, names);
	return refused(c, EXIT_USAGE, "there are %zu to choose from: %s", count, names);
}

int keeper_get(struct context *c, entries_fn entries, const char *what,
	       const struct keeper **keeper)
{
	size_t count;
	int err = keepers_get(c, entries, what, keeper, &count);

	if (err)
		return err;
	if (!count)
		return not_found(c, IMA_OBJECT_TYPE_LHBA, "", "there is no LHBA");
	return count == 1 ? EXIT_DONE : several(c, *keeper, count);
}

int keeper_each(struct context *c, const struct keeper *keeper, entries_fn entries,
		const char *what, each_fn each, void *user)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, entries, keeper->object->oid, &list);
	int err = EXIT_DONE;

	if (IMA_ERROR(status)) {
		list = NULL;
		return failed(c, status, keeper->object->name, "cannot list the %s of %s",
			      what, keeper->object->name);
	}
	for (IMA_UINT i = 0; !err && i < list->oidCount; i++)
		err = each(c, keeper, list->oids[i], user);
	return err;
}

int keepers_each(struct context *c, entries_fn entries, const char *what, each_fn each,
		 void *user)
{
	const struct keeper *keepers = NULL;
	size_t count = 0;
	int err = keepers_get(c, entries, what, &keepers, &count);

	for (size_t i = 0; !err && i < count; i++)
		err = keeper_each(c, &keepers[i], entries, what, each, user);
	return err;
}

void keeper_document(struct json_object *doc, const struct keeper *keeper)
{
	doc_text(doc, "lhba", keeper->is_port ? NULL : keeper->object->name);
	doc_text(doc, "pnp", keeper->is_port ? keeper->object->name : NULL);
}
