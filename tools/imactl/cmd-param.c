// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-param.c - login keys of an LHBA and of single targets.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "chosen.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"
#include "params.h"
#include "shared/number.h"

#define NUMBER(name)  .get_number = IMA_Get##name##Properties, .set_number = IMA_Set##name
#define BOOLEAN(name) .get_bool = IMA_Get##name##Properties, .set_bool = IMA_Set##name

const struct param params[] = {
	{ "MaxConnections", NULL, "minimum", "session", NUMBER(MaxConnections),
	  .setting = IMAX_SETTING_MAX_CONNECTIONS },
	{ "InitialR2T", NULL, "or", "session", BOOLEAN(InitialR2T),
	  .setting = IMAX_SETTING_INITIAL_R2T },
	{ "ImmediateData", NULL, "and", "session", BOOLEAN(ImmediateData),
	  .setting = IMAX_SETTING_IMMEDIATE_DATA },
	{ "MaxRecvDataSegmentLength", "bytes", "declared", "connection",
	  NUMBER(MaxRecvDataSegmentLength),
	  .setting = IMAX_SETTING_MAX_RECV_DATA_SEGMENT_LENGTH },
	{ "MaxBurstLength", "bytes", "minimum", "session", NUMBER(MaxBurstLength),
	  .setting = IMAX_SETTING_MAX_BURST_LENGTH },
	{ "FirstBurstLength", "bytes", "minimum", "session", NUMBER(FirstBurstLength),
	  .setting = IMAX_SETTING_FIRST_BURST_LENGTH },
	{ "DefaultTime2Wait", "seconds", "maximum", "session", NUMBER(DefaultTime2Wait),
	  .setting = IMAX_SETTING_DEFAULT_TIME2WAIT },
	{ "DefaultTime2Retain", "seconds", "minimum", "session",
	  NUMBER(DefaultTime2Retain), .setting = IMAX_SETTING_DEFAULT_TIME2RETAIN },
	{ "MaxOutstandingR2T", NULL, "minimum", "session", NUMBER(MaxOutstandingR2T),
	  .setting = IMAX_SETTING_MAX_OUTSTANDING_R2T },
	{ "DataPDUInOrder", NULL, "or", "session", BOOLEAN(DataPduInOrder),
	  .setting = IMAX_SETTING_DATA_PDU_IN_ORDER },
	{ "DataSequenceInOrder", NULL, "or", "session", BOOLEAN(DataSequenceInOrder),
	  .setting = IMAX_SETTING_DATA_SEQUENCE_IN_ORDER },
	{ "ErrorRecoveryLevel", NULL, "minimum", "session", NUMBER(ErrorRecoveryLevel),
	  .setting = IMAX_SETTING_ERROR_RECOVERY_LEVEL },
};
const size_t params_count = ARRAY_SIZE(params);

const struct param *param_called(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(params); i++)
		if (!strcasecmp(params[i].key, key))
			return &params[i];
	return NULL;
}

/* A key of an object: the properties of a boolean in the shape of those of a number. */
static IMA_STATUS read_param(struct context *c, const struct param *param, IMA_OID oid,
			     IMA_MIN_MAX_VALUE *props)
{
	IMA_BOOL_VALUE value;
	IMA_STATUS status;

	if (param->get_number)
		return CALL(c, param->get_number, oid, props);
	status = CALL(c, param->get_bool, oid, &value);
	if (IMA_SUCCESS(status))
		*props = (IMA_MIN_MAX_VALUE){
			.currentValueValid = value.currentValueValid,
			.settable = value.settable,
			.currentValue = value.currentValue,
			.defaultValue = value.defaultValue,
			.maximumValue = 1,
			.incrementValue = 1
		};
	return status;
}

static struct json_object *value_of(const struct param *param, IMA_UINT32 value)
{
	struct json_object *object = param->get_number
					     ? json_object_new_uint64(value)
					     : json_object_new_boolean(value != 0);

	if (!object)
		out_of_memory();
	return object;
}

IMA_STATUS param_value(struct context *c, const struct param *param, IMA_OID oid,
		       struct json_object **value)
{
	IMA_MIN_MAX_VALUE props;
	IMA_STATUS status = read_param(c, param, oid, &props);

	if (IMA_SUCCESS(status))
		*value = props.currentValueValid ? value_of(param, props.currentValue)
						 : NULL;
	return status;
}

/*
 * Where the value of a target or LHBA comes from. The API does not tell; a target whose value
 * is that of its LHBA is taken to have none of its own.
 */
static const char *source_of(struct context *c, const struct param *param,
			     const struct object *lhba, const struct target *target,
			     const IMA_MIN_MAX_VALUE *props)
{
	IMA_MIN_MAX_VALUE parent;

	if (!props->currentValueValid)
		return NULL;
	if (target && !IMA_ERROR(read_param(c, param, lhba->oid, &parent)) &&
	    parent.currentValueValid && parent.currentValue != props->currentValue)
		return "target";
	if (props->settable && props->currentValue == props->defaultValue)
		return "default";
	return "lhba";
}

static void add_limits(struct json_object *doc, const struct param *param,
		       const IMA_MIN_MAX_VALUE *props)
{
	bool numbers = props->settable && param->get_number;

	doc_add(doc, "default",
		props->settable ? value_of(param, props->defaultValue) : NULL);
	doc_add(doc, "minimum", numbers ? value_of(param, props->minimumValue) : NULL);
	doc_add(doc, "maximum", numbers ? value_of(param, props->maximumValue) : NULL);
	doc_add(doc, "increment",
		numbers ? value_of(param, props->incrementValue) : NULL);
}

static int param_document(struct context *c, const struct param *param,
			  const struct object *lhba, const struct target *target,
			  struct json_object **out)
{
	const char *name = target ? target->name : lhba->name;
	IMA_MIN_MAX_VALUE props;
	IMA_STATUS status = read_param(c, param, target ? target->oid : lhba->oid,
				       &props);
	struct json_object *doc;

	if (IMA_ERROR(status))
		return failed(c, status, name, "cannot read %s of %s", param->key, name);
	*out = doc = doc_new();
	doc_text(doc, "key", param->key);
	doc_text(doc, "lhba", lhba->name);
	doc_text(doc, "target", target ? target->name : NULL);
	doc_add(doc, "value",
		props.currentValueValid ? value_of(param, props.currentValue) : NULL);
	doc_text(doc, "source", source_of(c, param, lhba, target, &props));
	doc_bool(doc, "settable", props.settable == IMA_TRUE);
	add_limits(doc, param, &props);
	doc_text(doc, "unit", param->unit);
	doc_text(doc, "result", param->result);
	doc_text(doc, "scope", param->scope);
	return EXIT_DONE;
}

int params_document(struct context *c, const struct object *lhba,
		    const struct target *target, struct json_object **out)
{
	int err = EXIT_DONE;

	*out = doc_array();
	for (size_t i = 0; !err && i < ARRAY_SIZE(params); i++) {
		struct json_object *doc;

		err = param_document(c, &params[i], lhba, target, &doc);
		if (!err)
			doc_push(*out, doc);
	}
	return err;
}

static const struct column list_columns[] = {
	{ "KEY", "key", NULL, 0, NULL },
	{ "VALUE", "value", format_key_value, COLUMN_RIGHT, NULL },
	{ "FROM", "source", NULL, 0, NULL },
	{ "DEFAULT", "default", format_key_value, COLUMN_RIGHT, NULL },
	{ "MIN", "minimum", NULL, COLUMN_RIGHT, NULL },
	{ "MAX", "maximum", NULL, COLUMN_RIGHT, NULL },
	{ "UNIT", "unit", NULL, 0, NULL },
	{ "SETTABLE", "settable", NULL, 0, NULL },
};
const struct view params_view = VIEW(LAYOUT_TABLE, "param-list", list_columns);

static const struct target *target_of(const struct chosen *chosen)
{
	return chosen_is(chosen, IMA_OBJECT_TYPE_TARGET) ? &chosen->target : NULL;
}

int param_list(struct context *c)
{
	struct json_object *data = NULL;
	struct chosen chosen;
	int err = chosen_get(c, &chosen);

	if (!err)
		err = params_document(c, chosen.lhba, target_of(&chosen), &data);
	if (!err)
		return output_document(c, &params_view, data);
	json_object_put(data);
	return err;
}

static int param_argument(struct context *c, const struct param **param)
{
	*param = param_called(arg(c, 0));
	if (!*param)
		return refused(c, EXIT_USAGE,
			       "\"%s\" is no login key: imactl param list shows them",
			       arg(c, 0));
	return EXIT_DONE;
}

int param_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Key", "key", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "Target", "target", NULL, 0, NULL },
		{ "Value", "value", format_key_value, 0, NULL },
		{ "From", "source", NULL, 0, NULL },
		{ "Settable", "settable", NULL, 0, NULL },
		{ "Default", "default", format_key_value, 0, NULL },
		{ "Minimum", "minimum", NULL, 0, NULL },
		{ "Maximum", "maximum", NULL, 0, NULL },
		{ "Increment", "increment", NULL, 0, NULL },
		{ "Unit", "unit", NULL, 0, NULL },
		{ "Result of the negotiation", "result", NULL, 0, NULL },
		{ "Scope", "scope", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "param-show", columns);
	const struct param *param;
	struct json_object *doc;
	struct chosen chosen;
	int err = param_argument(c, &param);

	if (!err)
		err = chosen_get(c, &chosen);
	if (!err)
		err = param_document(c, param, chosen.lhba, target_of(&chosen), &doc);
	return err ? err : output_document(c, &view, doc);
}

/* --- set --------------------------------------------------------------------------------- */

static int parse_boolean(struct context *c, const struct param *param, const char *text,
			 IMA_UINT32 *value)
{
	static const struct {
		const char *text;
		IMA_UINT32 value;
	} words[] = { { "yes", 1 }, { "no", 0 },  { "true", 1 }, { "false", 0 },
		      { "on", 1 },  { "off", 0 }, { "1", 1 },	 { "0", 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(words[i].text, text)) {
			*value = words[i].value;
			return EXIT_DONE;
		}
	return refused(c, EXIT_USAGE, "%s takes Yes or No, not \"%s\"", param->key, text);
}

static int parse_value(struct context *c, const struct param *param, const char *text,
		       const IMA_MIN_MAX_VALUE *props, IMA_UINT32 *value)
{
	uint64_t number;

	if (param->get_bool)
		return parse_boolean(c, param, text, value);
	if (number_parse(text, 0, UINT32_MAX, &number))
		return refused(c, EXIT_USAGE, "%s takes a number, not \"%s\"", param->key,
			       text);
	if (props->settable &&
	    (number < props->minimumValue || number > props->maximumValue))
		return refused(c, EXIT_USAGE, "%s takes %u to %u%s%s, not %s", param->key,
			       props->minimumValue, props->maximumValue,
			       param->unit ? " " : "", param->unit ? param->unit : "",
			       text);
	*value = (IMA_UINT32)number;
	return EXIT_DONE;
}

/* was: the object has the value already; setting it again is harmless, and then a success. */
static int write_param(struct context *c, const struct param *param,
		       const struct chosen *chosen, IMA_UINT32 value, bool was)
{
	const char *name = chosen->name;
	IMA_STATUS status;

	if (param->set_number)
		status = CALL(c, param->set_number, chosen->oid, value);
	else
		status = CALL(c, param->set_bool, chosen->oid, value);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, name, "cannot set %s of %s to %s", param->key,
			      name, arg(c, 1));
	if (was)
		return output_change(
			c, false, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status, name,
			"%s of %s is %s already", param->key, name, arg(c, 1));
	return output_change(c, true, status, name,
			     "%s of %s is %s from the next login on", param->key, name,
			     arg(c, 1));
}

int param_set(struct context *c)
{
	const struct param *param;
	IMA_MIN_MAX_VALUE props;
	struct chosen chosen;
	IMA_UINT32 value = 0;
	IMA_STATUS status;
	const char *name;
	int err = param_argument(c, &param);

	if (!err)
		err = chosen_get(c, &chosen);
	if (err)
		return err;
	name = chosen.name;
	status = read_param(c, param, chosen.oid, &props);
	if (IMA_ERROR(status))
		return failed(c, status, name, "cannot read %s of %s", param->key, name);
	err = parse_value(c, param, arg(c, 1), &props, &value);
	if (err)
		return err;
	return write_param(c, param, &chosen, value,
			   props.currentValueValid && props.currentValue == value);
}

/* --- reset ------------------------------------------------------------------------------- */

/* Takes one key back, or all for NULL. */
static int take_back(struct context *c, const struct chosen *chosen,
		     const struct param *param, IMA_STATUS *status)
{
	IMAX_SETTING settings[ARRAY_SIZE(params)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(params); i++)
		if (!param || param == &params[i])
			settings[n++] = params[i].setting;
	return settings_remove(c, chosen, settings, n, arg(c, 0), status);
}

/* The values of all keys before and after tell whether anything was changed. */
static int reset(struct context *c, const struct chosen *chosen,
		 const struct param *param, IMA_STATUS *status, bool *changed)
{
	const struct target *target = target_of(chosen);
	struct json_object *before = NULL, *after = NULL;
	int err = params_document(c, chosen->lhba, target, &before);

	if (!err)
		err = take_back(c, chosen, param, status);
	if (!err)
		err = params_document(c, chosen->lhba, target, &after);
	*changed = !json_object_equal(before, after);
	json_object_put(before);
	json_object_put(after);
	return err;
}

int param_reset(struct context *c)
{
	bool all = !strcasecmp(arg(c, 0), "all");
	const struct param *param = NULL;
	struct chosen chosen;
	IMA_STATUS status;
	bool changed;
	int err = all ? EXIT_DONE : param_argument(c, &param);

	if (!err)
		err = chosen_get(c, &chosen);
	if (!err)
		err = reset(c, &chosen, param, &status, &changed);
	if (err)
		return err;
	return output_change(c, changed, status, chosen.name, "%s of %s %s %s%s",
			     all ? "every login key" : param->key, chosen.name,
			     changed ? "has" : "had",
			     target_of(&chosen) ? "the value of its LHBA" : "its default",
			     changed ? " from the next login on" : " already");
}
