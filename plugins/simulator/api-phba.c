// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-phba.c - physical HBAs: properties, status, download of images.
 */
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "image.h"
#include "plugin-support/field.h"
#include "shared/utf8.h"
#include "sim.h"

IMA_STATUS IMA_GetPhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetPhbaOidList, NO_OID, 0,
		    list_objects(&call.model->roots[KIND_PHBA], NULL, ppList));
}

static IMA_STATUS get_properties(const struct phba *phba, IMA_PHBA_PROPERTIES *p)
{
	const struct phba_values *v = &phba->now;

	memset(p, 0, sizeof(*p));
	FIELD_SET_CUT(p->vendor, v->vendor);
	FIELD_SET_CUT(p->model, v->model);
	FIELD_SET_CUT(p->description, v->description);
	FIELD_SET_CUT(p->serialNumber, v->serial);
	FIELD_SET_CUT(p->hardwareVersion, v->hardware);
	FIELD_SET_CUT(p->asicVersion, v->asic);
	FIELD_SET_CUT(p->firmwareVersion, v->firmware);
	FIELD_SET_CUT(p->optionRomVersion, v->option_rom);
	FIELD_SET_CUT(p->driverName, v->driver);
	FIELD_SET_CUT(p->driverVersion, v->driver_version);
	p->supportedUlps = v->ulps;
	p->bidirectionalTransfersSupported = v->bidirectional;
	p->maximumCdbLength = v->max_cdb;
	p->canBeNic = v->can_be_nic;
	p->isNic = v->is_nic;
	p->isInitiator = v->initiator;
	p->isTarget = v->target;
	p->usingTcpOffloadEngine = v->toe;
	p->usingIscsiOffloadEngine = v->iscsi_offload;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetPhbaProperties(IMA_OID phbaOid, IMA_PHBA_PROPERTIES *pProps)
{
	return CALL(IMA_GetPhbaProperties, phbaOid, PHBA,
		    get_properties((struct phba *)call.object, pProps));
}

static IMA_STATUS get_status(const struct phba *phba, IMA_PHBA_STATUS *status)
{
	*status = (IMA_PHBA_STATUS)phba->now.status;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetPhbaStatus(IMA_OID hbaOid, IMA_PHBA_STATUS *pStatus)
{
	return CALL(IMA_GetPhbaStatus, hbaOid, PHBA,
		    get_status((struct phba *)call.object, pStatus));
}

static IMA_STATUS get_download(const struct phba *phba, IMA_PHBA_DOWNLOAD_PROPERTIES *p)
{
	memset(p, 0, sizeof(*p));
	p->isPhbaDownloadFileSupported = phba->now.download_check;
	p->optionRomDownloadSupported = phba->now.download_option_rom;
	p->firmwareDownloadSupported = phba->now.download_firmware;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetPhbaDownloadProperties(IMA_OID phbaOid,
					 IMA_PHBA_DOWNLOAD_PROPERTIES *pProps)
{
	return CALL(IMA_GetPhbaDownloadProperties, phbaOid, PHBA,
		    get_download((struct phba *)call.object, pProps));
}

/* --- images ----------------------------------------------------------------------------- */

/* The file is read before the lock is taken: a slow disk delays nobody else. */
struct image_file {
	char path[PATH_MAX];
	struct image image;
	int err;
	const char *why;
};

static void image_file_read(struct image_file *file, const IMA_WCHAR *name)
{
	file->why = "is no name of a file";
	file->err = utf8_from_wide(name, PATH_MAX, file->path, sizeof(file->path));
	if (file->err < 0)
		file->path[0] = 0;
	else
		file->err = image_read(file->path, &file->image, &file->why);
}

static IMA_STATUS check_image(const struct phba *phba, const struct image_file *file)
{
	int os_error = file->err == -EINVAL ? 0 : file->err;

	if (file->err == -ENOMEM)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	if (file->err)
		return host_fail(IMA_ERROR_INVALID_PARAMETER,
				 os_error ? IMAX_LAYER_OS : IMAX_LAYER_PLUGIN, os_error,
				 "'%s' %s", file->path, file->why);
	if (strcmp(file->image.model, phba->now.image_model) != 0)
		return fails(IMA_ERROR_INVALID_PARAMETER, "the image is for a %s",
			     file->image.model);
	return IMA_STATUS_SUCCESS;
}

static IMA_PHBA_DOWNLOAD_IMAGE_TYPE image_type(const struct image *image)
{
	if (image->firmware[0])
		return image->option_rom[0] ? IMA_DOWNLOAD_IMAGE_TYPE_ALL
					    : IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE;
	return image->option_rom[0] ? IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM
				    : IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE;
}

/* What the parts of an image replace. */
struct part {
	IMA_PHBA_DOWNLOAD_IMAGE_TYPE type;
	size_t image, values; /* where the versions are */
	size_t supported;     /* where the PHBA says so */
};
static const struct part parts[] = {
	{ IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, offsetof(struct image, firmware),
	  offsetof(struct phba_values, firmware),
	  offsetof(struct phba_values, download_firmware) },
	{ IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM, offsetof(struct image, option_rom),
	  offsetof(struct phba_values, option_rom),
	  offsetof(struct phba_values, download_option_rom) },
	{ IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE, offsetof(struct image, boot_code),
	  offsetof(struct phba_values, boot_code),
	  offsetof(struct phba_values, download_boot_code) },
};
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

static const char *part_of_image(const struct part *part, const struct image *image)
{
	return (const char *)image + part->image;
}

static const char *part_of_phba(const struct part *part, const struct phba *phba)
{
	return (const char *)&phba->now + part->values;
}

/* Newer in any part; unknown if the PHBA does not tell what it has. */
static IMA_XBOOL is_upgrade(const struct phba *phba, const struct image *image)
{
	IMA_XBOOL upgrade = IMA_FALSE;

	for (unsigned int i = 0; i < N_PARTS; i++) {
		const char *offered = part_of_image(&parts[i], image);
		const char *present = part_of_phba(&parts[i], phba);

		if (*offered && *present && version_compare(offered, present) > 0)
			return IMA_TRUE;
		if (*offered && !*present)
			upgrade = IMA_UNKNOWN;
	}
	return upgrade;
}

static IMA_STATUS describe(const struct phba *phba, const struct image_file *file,
			   IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES *p)
{
	const struct image *image = &file->image;
	IMA_STATUS status;

	if (!phba->now.download_check)
		return fails(IMA_ERROR_NOT_SUPPORTED, "the PHBA cannot check images");
	status = check_image(phba, file);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	memset(p, 0, sizeof(*p));
	p->imageType = image_type(image);
	FIELD_SET_CUT(p->version, image->firmware[0]	 ? image->firmware
				  : image->option_rom[0] ? image->option_rom
							 : image->boot_code);
	FIELD_SET_CUT(p->description, image->description);
	p->upgrade = is_upgrade(phba, image);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_IsPhbaDownloadFile(IMA_OID phbaOid, const IMA_WCHAR *pFileName,
				  IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES *pProps)
{
	struct image_file file;

	image_file_read(&file, pFileName);
	return CALL(IMA_IsPhbaDownloadFile, phbaOid, PHBA,
		    describe((struct phba *)call.object, &file, pProps));
}

static bool is_wanted(const struct part *part, IMA_PHBA_DOWNLOAD_IMAGE_TYPE type)
{
	return part->type == type || (type == IMA_DOWNLOAD_IMAGE_TYPE_ALL &&
				      part->type != IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE);
}

static bool part_is_supported(const struct part *part, const struct phba *phba)
{
	return *(const bool *)((const char *)&phba->now + part->supported);
}

static IMA_STATUS check_part(const struct phba *phba, const struct part *part,
			     const struct image *image)
{
	const char *offered = part_of_image(part, image);

	if (!*offered)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the file holds no image of this type");
	if (!phba->now.downgrade &&
	    version_compare(offered, part_of_phba(part, phba)) < 0)
		return fails(
			IMA_ERROR_INVALID_PARAMETER,
			"version %s is older than %s, and the PHBA takes no older image",
			offered, part_of_phba(part, phba));
	return IMA_STATUS_SUCCESS;
}

static void store_part(struct model *model, struct phba *phba, const struct part *part,
		       const struct image *image, bool later)
{
	char version[sizeof(phba->now.firmware)] = "";
	const char *offered = part_of_image(part, image);

	memcpy(version, offered, strlen(offered));
	object_store_at(model, &phba->object, part->values, version, later);
}

static IMA_STATUS download(struct model *model, struct phba *phba,
			   IMA_PHBA_DOWNLOAD_IMAGE_TYPE type,
			   const struct image_file *file)
{
	bool later = phba->now.reboot & REBOOT_DOWNLOAD;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (unsigned int i = 0; i < N_PARTS; i++)
		if (is_wanted(&parts[i], type) && !part_is_supported(&parts[i], phba))
			return fails(IMA_ERROR_NOT_SUPPORTED,
				     "the PHBA takes no image of this type");
	status = check_image(phba, file);
	for (unsigned int i = 0; i < N_PARTS && status == IMA_STATUS_SUCCESS; i++)
		if (is_wanted(&parts[i], type))
			status = check_part(phba, &parts[i], &file->image);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	for (unsigned int i = 0; i < N_PARTS; i++)
		if (is_wanted(&parts[i], type))
			store_part(model, phba, &parts[i], &file->image, later);
	return done(later);
}

IMA_STATUS IMA_PhbaDownload(IMA_OID phbaOid, IMA_PHBA_DOWNLOAD_IMAGE_TYPE imageType,
			    const IMA_WCHAR *pFileName)
{
	struct image_file file;

	image_file_read(&file, pFileName);
	return CALL(IMA_PhbaDownload, phbaOid, PHBA,
		    download(call.model, (struct phba *)call.object, imageType, &file));
}
