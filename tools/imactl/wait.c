// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "doc.h"
#include "documents.h"
#include "lun.h"

#define NS_PER_MS UINT64_C(1000000)
#define FIRST_MS  20
#define MOST_MS	  250

/* An LU the target reports. */
struct awaited {
	uint64_t lun;
	bool asked;	  /* for its device type */
	bool gets_device; /* with such a type it does */
	const char *problem;
};

struct wait {
	struct context *c;
	const struct target *target;
	bool os_devices; /* of an LHBA of the operating system */
	struct awaited *list;
	size_t count;
};

static void pause_ms(unsigned ms)
{
	struct timespec time = { .tv_nsec = (long)(ms * NS_PER_MS) };

	nanosleep(&time, NULL);
}

/* Does Linux make a device for it? Enclosures and arrays have none but /dev/sg. */
static bool type_gets_device(unsigned type)
{
	static const uint8_t types[] = { 0x00, 0x01, 0x04, 0x05, 0x07, 0x0e, 0x14 };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i] == type)
			return true;
	return false;
}

/* An LU that cannot say what it is counts as one that gets a device. */
static bool gets_device(struct wait *wait, struct awaited *lu, IMA_OID oid)
{
	IMA_BYTE data[36], sense[IMAX_SENSE_LEN];
	IMA_UINT length = sizeof(data), sense_length = sizeof(sense);
	IMA_STATUS status;

	if (lu->asked)
		return lu->gets_device;
	status = CALL(wait->c, IMA_LuInquiry, oid, IMA_FALSE, IMA_FALSE, 0, data, &length,
		      sense, &sense_length);
	lu->asked = IMA_SUCCESS(status) && length;
	lu->gets_device = !lu->asked ||
			  (!(data[0] & 0xe0) && type_gets_device(data[0] & 0x1f));
	return lu->gets_device;
}

static bool in_list(const IMA_OID_LIST *list, IMA_OID oid)
{
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		if (oid_equal(list->oids[i], oid))
			return true;
	return false;
}

/* What the LU lacks, or NULL. */
static const char *problem_of(struct wait *wait, struct awaited *lu,
			      const IMA_OID_LIST *exposed)
{
	IMA_LU_PROPERTIES props;
	IMA_OID oid;

	if (IMA_ERROR(CALL(wait->c, IMA_GetLuOid, wait->target->oid, lu->lun, &oid)) ||
	    IMA_ERROR(CALL(wait->c, IMA_GetLuProperties, oid, &props)))
		return "is not known";
	if (!in_list(exposed, oid))
		return "is not exposed";
	if (wait->os_devices && props.osDeviceNameValid != IMA_TRUE &&
	    gets_device(wait, lu, oid))
		return "has no device";
	return NULL;
}

/* All there? */
static bool check(struct wait *wait)
{
	_cleanup_ima_ IMA_OID_LIST *exposed = NULL;
	static const IMA_OID_LIST none;
	bool all = true;

	if (IMA_ERROR(CALL(wait->c, IMA_GetLuOidList, wait->target->oid, &exposed)))
		exposed = NULL;
	for (size_t i = 0; i < wait->count; i++) {
		struct awaited *lu = &wait->list[i];

		lu->problem = problem_of(wait, lu, exposed ? exposed : &none);
		all &= !lu->problem;
	}
	return all;
}

static IMA_STATUS ask_for_luns(struct wait *wait)
{
	_cleanup_free_ uint64_t *luns = NULL;
	size_t count;
	IMA_STATUS status = luns_reported(wait->c, wait->target->oid, &luns, &count);

	if (IMA_ERROR(status))
		return status;
	wait->list = allocate(count + 1, sizeof(*wait->list));
	wait->count = count;
	for (size_t i = 0; i < count; i++)
		wait->list[i].lun = luns[i];
	return status;
}

/* "LUN 2 is not exposed, LUN 3 has no device"; the first of many. */
static char *problems_text(const struct wait *wait)
{
	char *text = text_format("%s", "");
	size_t n = 0;

	for (size_t i = 0; i < wait->count; i++) {
		_cleanup_free_ char *before = text, *lun = lun_text(wait->list[i].lun);

		if (wait->list[i].problem && n++ < 8)
			text = text_format("%s%sLUN %s %s", before, *before ? ", " : "",
					   lun, wait->list[i].problem);
		else
			text = text_format("%s", before);
	}
	if (n > 8) {
		_cleanup_free_ char *before = text;

		text = text_format("%s and %zu more", before, n - 8);
	}
	return text;
}

static void give_up(const struct wait *wait, struct failure *failure)
{
	_cleanup_free_ char *problems = problems_text(wait);

	failure_refuse(failure, EXIT_TIMED_OUT, wait->target->name,
		       "logged in to %s, but not all its logical units are there: %s; "
		       "--timeout gives them more time",
		       wait->target->name, problems);
}

static bool has_os_devices(struct context *c, const struct target *target)
{
	IMA_LHBA_PROPERTIES props;

	return IMA_SUCCESS(CALL(c, IMA_GetLhbaProperties, target->lhba->oid, &props)) &&
	       props.osDeviceName[0];
}

static enum exit_code wait_until(struct wait *wait, uint64_t until,
				 struct failure *failure)
{
	for (unsigned ms = FIRST_MS;; ms = ms * 2 < MOST_MS ? ms * 2 : MOST_MS) {
		IMA_STATUS status = wait->list ? IMA_STATUS_SUCCESS : ask_for_luns(wait);

		if (IMA_ERROR(status))
			failure_set(failure, status, wait->target->name,
				    "logged in to %s, but cannot ask it for its logical "
				    "units",
				    wait->target->name);
		else if (check(wait))
			return EXIT_DONE;
		else
			give_up(wait, failure);
		if (status == IMA_ERROR_NOT_SUPPORTED || now_ns() >= until)
			return failure->exit;
		pause_ms(ms);
	}
}

enum exit_code lus_wait(struct context *c, const struct target *target,
			struct failure *failure)
{
	uint64_t until = c->deadline ? c->deadline
				     : now_ns() + WAIT_SECONDS * 1000 * NS_PER_MS;
	struct wait wait = { .c = c, .target = target };
	enum exit_code exit;

	wait.os_devices = has_os_devices(c, target);
	exit = wait_until(&wait, until, failure);
	free(wait.list);
	if (exit == EXIT_DONE)
		failure->exit = EXIT_DONE;
	return exit;
}
