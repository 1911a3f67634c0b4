/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * command.h - SCSI questions the plugin itself asks.
 */
#ifndef LINUX_COMMAND_H
#define LINUX_COMMAND_H

#include "linux.h"

/* The LUNs a target reports (uint64_t), through its session or an informational one. */
IMA_STATUS report_luns(IMA_OID target, struct array *luns);

/* The same of a target that is known well enough since that time. */
IMA_STATUS report_luns_since(IMA_OID target, uint64_t since, struct array *luns);

/* Whether a list of LUNs (uint64_t) has this one. */
bool luns_have(const struct array *luns, uint64_t lun);

#endif
