/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lu.h - logical units as an LHBA has them: exposed or not, device names, traffic.
 */
#ifndef SIM_LU_H
#define SIM_LU_H

#include "model.h"

/* Make an LU object for each LU of the target that has none. */
void found_scan(struct model *model, struct found *found);
/* Where the LHBA exposes LUs by itself: expose or hide all of them. */
void found_expose_all(struct model *model, struct found *found);
void found_unexpose_all(struct model *model, struct found *found);

/* later: only after the next reboot. */
void lu_expose(struct model *model, struct found_lu *lu, bool later);
void lu_unexpose(struct model *model, struct found_lu *lu, bool later);
/* Devices follow what was set by a statement. */
void lu_sync_device(struct model *model, struct found_lu *lu);
void lu_release_device(struct model *model, struct found_lu *lu);
/* "/dev/sda" into out; false if it has none. */
bool lu_device_name(const struct found_lu *lu, char *out, size_t size);

/* mode is STATISTICS_...; collecting, what was switched. */
bool statistics_are_on(uint32_t mode, bool collecting);
bool lu_is_collecting(const struct found_lu *lu);
bool found_is_collecting(const struct found *found);

struct lhba *lu_lhba(const struct found_lu *lu);

/* Bytes that were read and written through an LU in so many milliseconds. */
void lu_traffic(struct model *model, struct found_lu *lu, uint64_t read, uint64_t written,
		uint64_t milliseconds);
/* What flows by the clock, up to now. */
void model_traffic(struct model *model);
/* What flows by the clock begins now. */
void model_traffic_restart(struct model *model);
/* The sum over the exposed LUs of the target. */
void found_counters(const struct found *found, IMA_DEVICE_STATISTICS *sum);

#endif
