/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lu.h - logical units. */
#ifndef USER_LU_H
#define USER_LU_H

#include <stdint.h>

#include "ima.h"

struct iscsi_task;
struct lu;
struct object;
struct target;

/** struct report - an answer to REPORT LUNS: 8 bytes of header, then 8 per LUN */
struct report {
	uint8_t *data;
	uint32_t length;
};

/** report_size - how long the answer would be if there were room for all of it */
uint32_t report_size(const struct report *report);

/** lu_report_status - whether REPORT LUNS was answered with GOOD; status, last error set */
IMA_STATUS lu_report_status(IMA_OID target, const struct iscsi_task *task);

/** lu_note_report - make the LUs of a target those of the report; outside of the gate */
IMA_STATUS lu_note_report(IMA_OID target, const struct report *report);

/**
 * lu_scan - ask a target for its LUs and take note of them; outside of the gate
 *
 * LUs it does not report any more are gone. If the process has a session with the target, its
 * LUs become those that are exposed. Return: status, last error set.
 */
IMA_STATUS lu_scan(IMA_OID target);

/** lu_by_oid - NULL if there is none; in the gate */
const struct lu *lu_by_oid(IMA_OID oid);

/** lu_object - that of a LU, whether it exists or not; NULL: no memory; in the gate */
struct object *lu_object(const struct target *target, uint64_t lun);

/** lu_forget_all - a target is gone, and its LUs with it; in the gate */
void lu_forget_all(struct target *target);

#endif
