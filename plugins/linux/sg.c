// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sg.c - SCSI commands through /dev/sgN.
 *
 * The command is written to the device and its end is waited for with poll(2): the ioctl would
 * not return while the kernel tries to get a lost session back, for two minutes and more. When
 * the deadline passes the device is closed and the driver forgets the command.
 */
#include "sg.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <scsi/sg.h>
#include <string.h>
#include <unistd.h>

#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "world.h"

/* host_status values of the kernel that mean that the command did not reach the device. */
enum {
	DID_OK = 0x00,
	DID_TIME_OUT = 0x03,
};

static int milliseconds_until(uint64_t deadline)
{
	uint64_t now = host_now();

	return now >= deadline ? 0 : (int)((deadline - now) / 1000000 + 1);
}

static int submit(int fd, struct scsi_command *c, uint64_t deadline)
{
	sg_io_hdr_t header = {
		.interface_id = 'S',
		.dxfer_direction = c->length ? SG_DXFER_FROM_DEV : SG_DXFER_NONE,
		.cmd_len = c->cdb_length,
		.cmdp = c->cdb,
		.dxfer_len = c->length,
		.dxferp = c->data,
		.mx_sb_len = SCSI_SENSE_MAX,
		.sbp = c->sense,
		.timeout = (unsigned int)milliseconds_until(deadline),
	};

	return write(fd, &header, sizeof(header)) < 0 ? -errno : 0;
}

static int wait_for_end(int fd, uint64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, milliseconds_until(deadline));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n ? 0 : -ETIMEDOUT;
}

static int take_result(struct scsi_command *c, const sg_io_hdr_t *h)
{
	if (h->host_status == DID_TIME_OUT)
		return -ETIMEDOUT;
	if (h->host_status != DID_OK)
		return -ENOTCONN;
	c->status = h->status;
	c->sense_length = h->sb_len_wr;
	if (h->resid > 0 && (uint32_t)h->resid <= c->length)
		c->length -= (uint32_t)h->resid;
	return 0;
}

static int collect(int fd, struct scsi_command *c)
{
	sg_io_hdr_t header = {
		.interface_id = 'S',
		.dxferp = c->data,
		.dxfer_len = c->length,
		.dxfer_direction = c->length ? SG_DXFER_FROM_DEV : SG_DXFER_NONE,
		.mx_sb_len = SCSI_SENSE_MAX,
		.sbp = c->sense,
	};

	if (read(fd, &header, sizeof(header)) < 0)
		return -errno;
	return take_result(c, &header);
}

int sg_run(const struct world *world, const char *device, struct scsi_command *command,
	   uint64_t deadline)
{
	/* Not blocking: the driver then opens a device whose session is being recovered too. */
	int _cleanup_close_ fd = openat(world->dev, device,
					O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = submit(fd, command, deadline);
	if (!err)
		err = wait_for_end(fd, deadline);
	return err ? err : collect(fd, command);
}
