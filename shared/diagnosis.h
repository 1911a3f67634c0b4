/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * diagnosis.h - how imactl doctor asks a plugin what is wrong with its initiator.
 *
 * IMA_PluginIOctl with DIAGNOSIS_COMMAND; a plugin that does not know it answers
 * IMA_ERROR_NOT_SUPPORTED. The input is empty or DIAGNOSIS_CONNECT. The output is UTF-8, one
 * finding per line: severity, name of the check, object (may be empty), what was found, what to
 * do about it (may be empty), separated by tabs. Longer than the buffer, it is cut after a line.
 */
#ifndef SHARED_DIAGNOSIS_H
#define SHARED_DIAGNOSIS_H

#define DIAGNOSIS_COMMAND 0x494d4144
/* Checks may connect to other machines. */
#define DIAGNOSIS_CONNECT "connect"
#define DIAGNOSIS_FIELDS  5
/* As much as anybody reads. */
#define DIAGNOSIS_SIZE (1024 * 1024)

/* Severities: nothing to do; may be on purpose; will hurt one day; hurts now. */
#define DIAGNOSIS_OK	  "ok"
#define DIAGNOSIS_HINT	  "hint"
#define DIAGNOSIS_WARNING "warning"
#define DIAGNOSIS_PROBLEM "problem"

#endif
