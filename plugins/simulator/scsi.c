// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scsi.h"

#include <string.h>

#include "plugin-support/lun.h"
#include "shared/cleanup.h"

#define WELL_KNOWN_LUN	 0xC101U /* REPORT LUNS, SPC-3 8.2 */
#define STANDARD_LENGTH	 96
#define PAGE_STANDARD	 0x100 /* number of a page object that replaces the standard data */
#define PERIPHERAL_NO_LU 0x7f /* qualifier 011b, type 1Fh */
#define TYPE_WELL_KNOWN	 0x1e
#define MAX_LBA_32	 0xffffffffU

enum { KEY_NOT_READY = 0x2, KEY_HARDWARE = 0x4, KEY_ILLEGAL = 0x5 };
enum {
	CODE_INVALID_OPCODE = 0x20,
	CODE_INVALID_FIELD = 0x24,
	CODE_NO_LU = 0x25,
	CODE_NO_MEDIUM = 0x3a,
};

/* --- pieces ---------------------------------------------------------------------------- */

static void check_condition(struct scsi_command *command, uint8_t key, uint8_t code)
{
	command->status = SCSI_CHECK_CONDITION;
	command->sense_length = sense_make(command->sense, key, code, 0);
	/* The offending field: byte 2 of the CDB is where all of ours are. */
	if (code == CODE_INVALID_FIELD) {
		command->sense[15] = 0xc0;
		command->sense[17] = 2;
	}
}

static void put(struct scsi_command *command, const void *bytes, size_t length)
{
	size_t room = command->room - command->length;

	if (length > room)
		length = room;
	memcpy(command->data + command->length, bytes, length);
	command->length += length;
}

static void store_be(uint8_t *bytes, unsigned int size, uint64_t value)
{
	for (unsigned int i = size; i > 0; i--, value >>= 8)
		bytes[i - 1] = (uint8_t)value;
}

static uint64_t load_be(const uint8_t *bytes, unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* ASCII, filled up with blanks. */
static void store_text(uint8_t *bytes, size_t size, const char *text)
{
	size_t length = strlen(text);

	memset(bytes, ' ', size);
	memcpy(bytes, text, length < size ? length : size);
}

static bool is_disk(const struct lu *lu)
{
	return lu->now.type == 0;
}

static uint8_t peripheral(const struct scsi_command *command)
{
	if (command->well_known)
		return TYPE_WELL_KNOWN;
	return command->lu ? (uint8_t)command->lu->now.type : PERIPHERAL_NO_LU;
}

/* --- INQUIRY ----------------------------------------------------------------------------- */

static const struct page *find_page(const struct model *model, const struct lu *lu,
				    uint64_t number)
{
	return (const struct page *)object_find(model, KIND_PAGE, &lu->object, number,
						"");
}

static void standard_data(const struct model *model, struct scsi_command *command)
{
	static const uint8_t descriptors[] = { 0x09, 0x60,   /* iSCSI */
					       0x04, 0x60,   /* SPC-4 */
					       0x04, 0xc0 }; /* SBC-3 */
	const struct lu *lu = command->lu;
	const struct page *own = lu ? find_page(model, lu, PAGE_STANDARD) : NULL;
	uint8_t data[STANDARD_LENGTH] = { peripheral(command), 0, 0x06, 0x12 };

	if (own) {
		put(command, own->now.data.data, own->now.data.length);
		return;
	}
	data[1] = lu && lu->now.removable ? 0x80 : 0;
	data[4] = STANDARD_LENGTH - 5;
	data[7] = 0x02; /* command queuing */
	store_text(data + 8, 8, lu ? lu->now.vendor : "LIBIMA");
	store_text(data + 16, 16, lu ? lu->now.product : "SIMULATED TARGET");
	store_text(data + 32, 4, lu ? lu->now.revision : "1");
	memcpy(data + 58, descriptors, lu && is_disk(lu) ? 6 : 4);
	put(command, data, sizeof(data));
}

/* A VPD page: header, then what a function adds. */
struct vpd {
	uint8_t bytes[1024];
	size_t length;
};

static uint8_t *vpd_add(struct vpd *vpd, size_t length)
{
	uint8_t *bytes = vpd->bytes + vpd->length;

	vpd->length += length;
	return bytes;
}

static void page_serial(const struct scsi_command *command, struct vpd *vpd)
{
	size_t length = strlen(command->lu->now.serial);

	memcpy(vpd_add(vpd, length), command->lu->now.serial, length);
}

/* SPC-4 7.8.6: code set, protocol and association, type, length. */
static uint8_t *add_designator(struct vpd *vpd, uint8_t code_set, uint8_t kind,
			       size_t length)
{
	uint8_t *bytes = vpd_add(vpd, 4 + length);

	bytes[0] = code_set;
	bytes[1] = kind;
	bytes[3] = (uint8_t)length;
	return bytes + 4;
}

static void add_t10(const struct lu_values *v, struct vpd *vpd)
{
	const char *name = v->designator[0] ? v->designator : v->serial;
	uint8_t *bytes = add_designator(vpd, 2, 0x01, 8 + strlen(name));

	store_text(bytes, 8, v->vendor);
	memcpy(bytes + 8, name, strlen(name));
}

/* The name of the target port: iSCSI name and portal group, filled up to a multiple of 4. */
static void add_port(const struct target *target, struct vpd *vpd)
{
	char name[256] = "";
	unsigned int group = target->now.portals.count ? target->now.portals.list[0].group
						       : 1;
	int n = snprintf(name, sizeof(name), "%s,t,0x%04x", target->object.identity->name,
			 group);
	size_t length = ((size_t)n + 4) & ~(size_t)3;

	memcpy(add_designator(vpd, 0x53, 0x98, length), name, length);
}

static void page_identification(const struct scsi_command *command, struct vpd *vpd)
{
	const struct lu_values *v = &command->lu->now;

	if (v->naa)
		store_be(add_designator(vpd, 1, 0x03, 8), 8, v->naa);
	if (v->eui)
		store_be(add_designator(vpd, 1, 0x02, 8), 8, v->eui);
	if (v->designator[0] || v->serial[0])
		add_t10(v, vpd);
	add_port(command->target, vpd);
}

static void page_limits(const struct scsi_command *command, struct vpd *vpd)
{
	uint8_t *bytes = vpd_add(vpd, 60);

	store_be(bytes + 2, 2,
		 1U << command->lu->now.physical_exponent); /* granularity */
	store_be(bytes + 4, 4, 65535);			    /* longest transfer */
	if (command->lu->now.thin) {
		store_be(bytes + 16, 4, 0xffffffff); /* longest UNMAP */
		store_be(bytes + 20, 4, 256);
	}
}

static void page_characteristics(const struct scsi_command *command, struct vpd *vpd)
{
	(void)command;
	store_be(vpd_add(vpd, 60), 2, 1); /* does not rotate */
}

static void page_provisioning(const struct scsi_command *command, struct vpd *vpd)
{
	uint8_t *bytes = vpd_add(vpd, 4);

	(void)command;
	bytes[1] = 0x80; /* UNMAP */
	bytes[2] = 0x02; /* thin */
}

static bool has_serial(const struct lu *lu)
{
	return lu->now.serial[0];
}

static bool is_thin(const struct lu *lu)
{
	return is_disk(lu) && lu->now.thin;
}

static const struct {
	uint8_t code;
	bool (*has)(const struct lu *lu); /* NULL: always */
	void (*fill)(const struct scsi_command *command, struct vpd *vpd);
} pages[] = {
	{ 0x80, has_serial, page_serial },    { 0x83, NULL, page_identification },
	{ 0xb0, is_disk, page_limits },	      { 0xb1, is_disk, page_characteristics },
	{ 0xb2, is_thin, page_provisioning },
};

static bool has_page(const struct model *model, const struct lu *lu, unsigned int code)
{
	if (!code || find_page(model, lu, code))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i].code == code)
			return !pages[i].has || pages[i].has(lu);
	return false;
}

static void page_list(const struct model *model, const struct lu *lu, struct vpd *vpd)
{
	for (unsigned int code = 0; code < 0x100; code++)
		if (has_page(model, lu, code))
			*vpd_add(vpd, 1) = (uint8_t)code;
}

static void vpd_data(const struct model *model, struct scsi_command *command,
		     uint8_t code)
{
	const struct page *own = find_page(model, command->lu, code);
	struct vpd vpd = { .bytes = { peripheral(command), code }, .length = 4 };

	if (own) {
		put(command, own->now.data.data, own->now.data.length);
		return;
	}
	if (!code)
		page_list(model, command->lu, &vpd);
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		if (code && pages[i].code == code)
			pages[i].fill(command, &vpd);
	store_be(vpd.bytes + 2, 2, vpd.length - 4);
	put(command, vpd.bytes, vpd.length);
}

static void inquiry(struct model *model, struct scsi_command *command)
{
	bool evpd = command->cdb[1] & 1, cmddt = command->cdb[1] & 2;
	uint8_t code = command->cdb[2];

	/* Command support data is of SPC-2 and has become REPORT SUPPORTED OPERATION CODES. */
	if (cmddt || (!evpd && code))
		check_condition(command, KEY_ILLEGAL, CODE_INVALID_FIELD);
	else if (!evpd)
		standard_data(model, command);
	else if (!command->lu || !has_page(model, command->lu, code))
		check_condition(command, KEY_ILLEGAL,
				command->lu ? CODE_INVALID_FIELD : CODE_NO_LU);
	else
		vpd_data(model, command, code);
}

/* --- READ CAPACITY ------------------------------------------------------------------------- */

static bool can_read_capacity(struct scsi_command *command)
{
	const struct lu *lu = command->lu;

	if (!lu)
		check_condition(command, KEY_ILLEGAL, CODE_NO_LU);
	else if (lu->now.type != 0 && lu->now.type != 5 && lu->now.type != 7)
		check_condition(command, KEY_ILLEGAL, CODE_INVALID_OPCODE);
	else if (!lu->now.size)
		check_condition(command, KEY_NOT_READY, CODE_NO_MEDIUM);
	return command->status == SCSI_GOOD;
}

static uint64_t last_block(const struct lu *lu)
{
	return lu->now.size / lu->now.block_size - 1;
}

static void read_capacity_10(struct model *model, struct scsi_command *command)
{
	uint8_t data[8];
	uint64_t last;

	(void)model;
	if (!can_read_capacity(command))
		return;
	last = last_block(command->lu);
	store_be(data, 4, last < MAX_LBA_32 ? last : MAX_LBA_32);
	store_be(data + 4, 4, command->lu->now.block_size);
	put(command, data, sizeof(data));
}

static void read_capacity_16(struct model *model, struct scsi_command *command)
{
	uint8_t data[32] = { 0 };

	(void)model;
	if ((command->cdb[1] & 0x1f) != 0x10) {
		check_condition(command, KEY_ILLEGAL, CODE_INVALID_FIELD);
		return;
	}
	if (!can_read_capacity(command))
		return;
	store_be(data, 8, last_block(command->lu));
	store_be(data + 8, 4, command->lu->now.block_size);
	data[13] = command->lu->now.physical_exponent;
	data[14] = command->lu->now.thin ? 0xc0 : 0; /* LBPME, LBPRZ */
	put(command, data, sizeof(data));
}

/* --- REPORT LUNS ----------------------------------------------------------------------------- */

static void put_lun(struct scsi_command *command, uint64_t lun)
{
	uint8_t bytes[8];

	lun_to_bytes(lun, bytes);
	put(command, bytes, sizeof(bytes));
}

static void report_luns(struct model *model, struct scsi_command *command)
{
	const struct object_list *lus = &command->target->object.children[0];
	uint8_t select = command->cdb[2], head[8] = { 0 };
	size_t ordinary = select == 1 ? 0 : lus->count;
	size_t well_known = select && command->target->now.well_known_lu;

	(void)model;
	if (select > 2) {
		check_condition(command, KEY_ILLEGAL, CODE_INVALID_FIELD);
		return;
	}
	store_be(head, 4, 8 * (ordinary + well_known));
	put(command, head, sizeof(head));
	if (ordinary)
		for_each(lu, lus)
			put_lun(command, lu->identity->number);
	if (well_known)
		put_lun(command, WELL_KNOWN_LUN);
}

/* --- all ------------------------------------------------------------------------------------- */

/* Where the allocation length is; READ CAPACITY (10) has none. */
static const struct {
	uint8_t opcode, length_at, length_size;
	void (*run)(struct model *model, struct scsi_command *command);
} opcodes[] = {
	{ 0x12, 3, 2, inquiry },
	{ 0x25, 0, 0, read_capacity_10 },
	{ 0x9e, 10, 4, read_capacity_16 },
	{ 0xa0, 6, 4, report_luns },
};

void scsi_execute(struct model *model, struct scsi_command *command)
{
	command->status = SCSI_GOOD;
	command->length = 0;
	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		uint64_t length;

		if (opcodes[i].opcode != command->cdb[0])
			continue;
		length = load_be(command->cdb + opcodes[i].length_at,
				 opcodes[i].length_size);
		if (opcodes[i].length_size && length < command->room)
			command->room = length;
		opcodes[i].run(model, command);
		return;
	}
	check_condition(command, KEY_ILLEGAL, CODE_INVALID_OPCODE);
}
