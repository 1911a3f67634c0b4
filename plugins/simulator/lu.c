// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lu.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "login.h"

#define BHS_SIZE 48 /* basic header segment of a PDU, RFC 7143 11.2.1 */

struct lhba *lu_lhba(const struct found_lu *lu)
{
	return (struct lhba *)lu->object.parent->parent;
}

/* --- device names -------------------------------------------------------------------- */

static const char *const device_letters[] = { "sd", "st", "sr", "sg" };

/* The class of a peripheral device type: disk, tape, optical, anything else. */
static unsigned int device_class(uint32_t type)
{
	static const unsigned char classes[] = { [0x00] = 0, 1, 3, 3, 2, 2, 3, 2,
						 3,	     3, 3, 3, 3, 3, 0 };

	return type < sizeof(classes) ? classes[type] : 3;
}

static bool grow_numbers(struct device_numbers *numbers)
{
	uint32_t size = numbers->size ? numbers->size * 2 : 64;
	bool *grown = realloc(numbers->used, size);

	if (!grown)
		return false;
	memset(grown + numbers->size, 0, size - numbers->size);
	numbers->used = grown;
	numbers->size = size;
	return true;
}

/* The lowest free number, plus one; 0 if there is no memory. */
static uint32_t take_number(struct device_numbers *numbers)
{
	uint32_t n = numbers->lowest;

	while (n < numbers->size && numbers->used[n])
		n++;
	if (n == numbers->size && !grow_numbers(numbers))
		return 0;
	numbers->used[n] = true;
	numbers->lowest = n + 1;
	return n + 1;
}

static void take_device(struct model *model, struct found_lu *lu)
{
	if (lu->device)
		return;
	lu->device_class = (uint8_t)device_class(lu->lu->now.type);
	lu->device = take_number(&model->devices[lu->device_class]);
	if (!lu->device)
		model->no_memory = true;
}

void lu_release_device(struct model *model, struct found_lu *lu)
{
	struct device_numbers *numbers = &model->devices[lu->device_class];

	if (!lu->device)
		return;
	numbers->used[lu->device - 1] = false;
	if (lu->device - 1 < numbers->lowest)
		numbers->lowest = lu->device - 1;
	lu->device = 0;
}

/* a to z, aa to zz, ... as the kernel counts disks. */
static void disk_letters(uint32_t number, char out[8])
{
	char reversed[8];
	unsigned int n = 0;

	for (uint32_t rest = number; n < sizeof(reversed); rest = rest / 26 - 1) {
		reversed[n++] = (char)('a' + rest % 26);
		if (rest < 26)
			break;
	}
	for (unsigned int i = 0; i < n; i++)
		out[i] = reversed[n - 1 - i];
	out[n] = 0;
}

bool lu_device_name(const struct found_lu *lu, char *out, size_t size)
{
	char letters[12] = "";

	if (!lu->device)
		return false;
	if (lu->device_class == 0)
		disk_letters(lu->device - 1, letters);
	else
		snprintf(letters, sizeof(letters), "%u", lu->device - 1);
	snprintf(out, size, "/dev/%s%s", device_letters[lu->device_class], letters);
	return true;
}

/* --- exposing ------------------------------------------------------------------------ */

void lu_sync_device(struct model *model, struct found_lu *lu)
{
	if (lu->now.exposed == (lu->device != 0))
		return;
	if (!lu->now.exposed) {
		lu_release_device(model, lu);
		lu->now.time_exposed = lu->next.time_exposed = 0;
		return;
	}
	take_device(model, lu);
	if (!lu->now.time_exposed)
		lu->now.time_exposed = lu->next.time_exposed = model->clock;
}

/* LUs the LHBA exposes by itself leave no mark in the state file. */
static void set_exposed(struct model *model, struct found_lu *lu, bool exposed,
			bool later)
{
	if (lu_lhba(lu)->now.lu_exposing) {
		object_store(model, lu, struct found_lu_values, exposed, exposed, later);
	} else {
		lu->next.exposed = exposed;
		if (!later && lu->now.exposed != exposed) {
			lu->now.exposed = exposed;
			object_changed(model, &lu->object);
		}
	}
	lu_sync_device(model, lu);
}

void lu_expose(struct model *model, struct found_lu *lu, bool later)
{
	set_exposed(model, lu, true, later);
}

void lu_unexpose(struct model *model, struct found_lu *lu, bool later)
{
	set_exposed(model, lu, false, later);
}

void found_expose_all(struct model *model, struct found *found)
{
	struct lhba *lhba = (struct lhba *)found->object.parent;

	if (lhba->now.lu_exposing || !found_session(found))
		return;
	for_each(lu, &found->object.children[0])
		lu_expose(model, (struct found_lu *)lu, false);
}

void found_unexpose_all(struct model *model, struct found *found)
{
	struct lhba *lhba = (struct lhba *)found->object.parent;

	if (lhba->now.lu_exposing)
		return;
	for_each(lu, &found->object.children[0])
		lu_unexpose(model, (struct found_lu *)lu, false);
}

static void scan_lu(struct model *model, struct found *found, struct lu *lu)
{
	uint64_t number = lu->object.identity->number;
	struct found_lu *found_lu;

	if (object_find(model, KIND_FOUND_LU, &found->object, number, ""))
		return;
	found_lu = (struct found_lu *)object_new(model, KIND_FOUND_LU, &found->object,
						 number, "");
	if (!found_lu) {
		model->no_memory = true;
		return;
	}
	found_lu->lu = lu;
	found_lu->counted = model_milliseconds(model);
	found_lu->now.collecting = found_lu->next.collecting = found->now.collecting;
	object_announce(model, &found_lu->object);
}

void found_scan(struct model *model, struct found *found)
{
	/* LUs that go take their objects along, so counts differ if and only if one is new. */
	if (found->object.children[0].count == found->target->object.children[0].count &&
	    found->scanned)
		return;
	found->scanned = true;
	for_each(lu, &found->target->object.children[0])
		scan_lu(model, found, (struct lu *)lu);
	found_expose_all(model, found);
}

/* --- traffic ------------------------------------------------------------------------- */

bool statistics_are_on(uint32_t mode, bool collecting)
{
	return mode == STATISTICS_ALWAYS || (mode == STATISTICS_SWITCHABLE && collecting);
}

bool lu_is_collecting(const struct found_lu *lu)
{
	return statistics_are_on(lu_lhba(lu)->now.statistics, lu->now.collecting);
}

bool found_is_collecting(const struct found *found)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;

	return statistics_are_on(lhba->now.statistics, found->now.collecting);
}

static uint64_t pdus_for(uint64_t bytes, uint32_t segment)
{
	return bytes ? (bytes - 1) / segment + 1 : 0;
}

static void count_port(struct pnp *pnp, uint64_t sent, uint64_t sent_pdus,
		       uint64_t received, uint64_t received_pdus)
{
	const struct phba *phba = (const struct phba *)pnp->object.parent;

	if (!statistics_are_on(phba->now.statistics, phba->now.collecting))
		return;
	pnp->counters.bytesSent += sent;
	pnp->counters.pdusSent += (IMA_UINT32)sent_pdus;
	pnp->counters.bytesReceived += received;
	pnp->counters.pdusReceived += (IMA_UINT32)received_pdus;
}

/*
 * A read is one command PDU there and Data-In PDUs back, a write one command PDU and
 * Data-Out PDUs there and one response PDU back. A PDU has 48 bytes of header.
 */
void lu_traffic(struct model *model, struct found_lu *lu, uint64_t read, uint64_t written,
		uint64_t milliseconds)
{
	const struct found *found = (const struct found *)lu->object.parent;
	const struct session *session = found_session(found);
	const struct connection *connection =
		session ? (struct connection *)session->object.children[0].first : NULL;
	uint64_t sent_pdus = (read > 0) + (written > 0), received_pdus = written > 0;
	IMA_DEVICE_STATISTICS *c = &lu->counters;

	(void)model;
	received_pdus += pdus_for(read, key_of_found(found, KEY_MAX_RECV, false));
	sent_pdus += pdus_for(written, found->target->now.keys[KEY_MAX_RECV]);
	if (lu_is_collecting(lu)) {
		c->scsiPayloadBytesSent += written;
		c->scsiPayloadBytesReceived += read;
		c->iScsiPduBytesSent += written + BHS_SIZE * sent_pdus;
		c->iScsiPduBytesReceived += read + BHS_SIZE * received_pdus;
		c->iScsiPdusSent += sent_pdus;
		c->iScsiPdusReceived += received_pdus;
		c->millisecondsSpentSending += written ? milliseconds : 0;
		c->millisecondsSpentReceiving += read ? milliseconds : 0;
	}
	if (connection && connection->pnp)
		count_port(connection->pnp, written + BHS_SIZE * sent_pdus, sent_pdus,
			   read + BHS_SIZE * received_pdus, received_pdus);
}

/* Whole seconds count; the rest waits for the next time. */
static void clock_traffic(struct model *model, struct found_lu *lu)
{
	const struct lu_values *v = &lu->lu->now;
	int64_t seconds = (model_milliseconds(model) - lu->counted) / 1000;

	if (seconds <= 0)
		return;
	lu->counted += seconds * 1000;
	if (lu->now.exposed && (v->read_rate || v->write_rate) &&
	    found_session((const struct found *)lu->object.parent))
		lu_traffic(model, lu, v->read_rate * (uint64_t)seconds,
			   v->write_rate * (uint64_t)seconds, (uint64_t)seconds * 1000);
}

void model_traffic(struct model *model)
{
	if (!model->rates)
		return;
	for_each(lhba, &model->roots[KIND_LHBA])
		for_each(found, &lhba->children[2])
			for_each(lu, &found->children[0])
				clock_traffic(model, (struct found_lu *)lu);
}

void model_traffic_restart(struct model *model)
{
	for_each(lhba, &model->roots[KIND_LHBA])
		for_each(found, &lhba->children[2])
			for_each(lu, &found->children[0])
				((struct found_lu *)lu)->counted = model_milliseconds(
					model);
}

void found_counters(const struct found *found, IMA_DEVICE_STATISTICS *sum)
{
	memset(sum, 0, sizeof(*sum));
	for_each(object, &found->object.children[0]) {
		const struct found_lu *lu = (struct found_lu *)object;
		const IMA_DEVICE_STATISTICS *c = &lu->counters;

		if (!lu->now.exposed)
			continue;
		sum->scsiPayloadBytesSent += c->scsiPayloadBytesSent;
		sum->scsiPayloadBytesReceived += c->scsiPayloadBytesReceived;
		sum->iScsiPduBytesSent += c->iScsiPduBytesSent;
		sum->iScsiPduBytesReceived += c->iScsiPduBytesReceived;
		sum->iScsiPdusSent += c->iScsiPdusSent;
		sum->iScsiPdusReceived += c->iScsiPdusReceived;
		sum->millisecondsSpentSending += c->millisecondsSpentSending;
		sum->millisecondsSpentReceiving += c->millisecondsSpentReceiving;
	}
}
