// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scenario.c - scenarios of the simulator: what is accepted makes a machine whose state can be
 * written, and read back as the same state; commands leave a machine that can be shown.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#include "machine.h"
#include "network.h"
#include "script.h"
#include "shared/cleanup.h"
#include "state.h"

static const char base[] =
	"network n add subnets=10.0.0.0/8\n"
	"node shared add name=iqn.2026-01.x:n\n"
	"phba p add discovery=isns,slp,static,sendtargets sendtargets=yes\n"
	"pnp p/a add network=n\n"
	"lnp l add pnps=p/a\n"
	"lhba a add lu-exposing=yes discovery=isns,slp,static,sendtargets\n"
	"lhba b add phbas=p lnps=l discovery=none\n"
	"target iqn.2026-01.x:t add portals=10.0.0.3 array=x\n"
	"lu iqn.2026-01.x:t/0 add\n"
	"discovery a/10.0.0.3 add\n"
	"discovery p/a/10.0.0.3 add\n";

static char *state_of(const struct model *model, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	CHECK(out);
	model_write(model, true, out);
	CHECK(fclose(out) == 0);
	return text;
}

static struct model *build(struct identities *identities, const char *text, size_t size,
			   const char *state, size_t state_size)
{
	struct problem problem = { 0 };
	struct model *model = machine_build(identities, text, size, "fuzz", state,
					    state_size, &problem);

	CHECK(model || problem.text[0]);
	return model;
}

static void check_scenario(const char *text, size_t size)
{
	struct identities identities;
	_cleanup_free_ char *first = NULL, *second = NULL;
	size_t first_size = 0, second_size = 0;
	struct model *model, *again;

	CHECK(identities_init(&identities) == 0);
	model = build(&identities, text, size, NULL, 0);
	if (model) {
		first = state_of(model, &first_size);
		again = build(&identities, text, size, first, first_size);
		CHECK(again);
		second = state_of(again, &second_size);
		CHECK(first_size == second_size && !memcmp(first, second, first_size));
		model_free(again);
	}
	model_free(model);
	identities_free(&identities);
}

/* Settling after each text is what a call does. */
static void check_commands(char *text, size_t size)
{
	struct problem problem = { .source = "fuzz" };
	struct identities identities;
	_cleanup_free_ char *said = NULL, *state = NULL;
	size_t length = 0;
	struct reader reader;
	struct model *model;
	FILE *out = open_memstream(&said, &length);

	CHECK(out && identities_init(&identities) == 0);
	model = build(&identities, base, sizeof(base) - 1, NULL, 0);
	CHECK(model);
	if (reader_open(&reader, text, size, &problem) == 0)
		script_run(model, &reader, out, &problem);
	model_settle(model, false);
	model_reboot(model);
	model_settle(model, false);
	CHECK(fclose(out) == 0);
	state = state_of(model, &length);
	model_free(model);
	identities_free(&identities);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = malloc(size + 1);

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	/* A million objects are no finding. */
	if (memmem(text, size, "generate", 8) || memmem(text, size, "storm", 5))
		return 0;
	check_scenario(text, size);
	check_commands(text, size);
	return 0;
}
