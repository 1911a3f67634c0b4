// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * firmware.c - images for physical HBAs. Files that hold no image are refused; one that does
 * is told with --image, and downloaded with --destructive only.
 */
#include "check.h"

static const wchar_t no_file[] = L"/nonexistent/image";
static const wchar_t no_image[] = L"/dev/null";

static void check_probe(struct run *run, IMA_OID phba, IMA_BOOL supported,
			const wchar_t *file)
{
	IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES props;
	IMA_STATUS status = CALL(run, IMA_IsPhbaDownloadFile, phba, phba, file, &props);

	if (!supported)
		check(run, FN_IMA_IsPhbaDownloadFile, RULE_NOT_SETTABLE,
		      status == IMA_ERROR_NOT_SUPPORTED, phba, "answered %s",
		      IMAX_StatusName(status));
	else
		check(run, FN_IMA_IsPhbaDownloadFile, RULE_RANGE,
		      status == IMA_ERROR_INVALID_PARAMETER, phba,
		      "a file without an image answered %s", IMAX_StatusName(status));
}

static void check_download(struct run *run, IMA_OID phba,
			   IMA_PHBA_DOWNLOAD_IMAGE_TYPE type, bool supported)
{
	IMA_STATUS status = CALL(run, IMA_PhbaDownload, phba, phba, type, no_image);

	if (!supported)
		check(run, FN_IMA_PhbaDownload, RULE_NOT_SETTABLE,
		      status == IMA_ERROR_NOT_SUPPORTED, phba,
		      "image type %u answered %s", (unsigned int)type,
		      IMAX_StatusName(status));
	else
		check(run, FN_IMA_PhbaDownload, RULE_RANGE,
		      status == IMA_ERROR_INVALID_PARAMETER, phba,
		      "a file without an image answered %s", IMAX_StatusName(status));
}

static void check_image(struct run *run, IMA_OID phba, const wchar_t *image)
{
	IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES props;
	IMA_STATUS status = CALL(run, IMA_IsPhbaDownloadFile, phba, phba, image, &props);

	check(run, FN_IMA_IsPhbaDownloadFile, RULE_SETS, IMA_SUCCESS(status), phba,
	      "the image answered %s", IMAX_StatusName(status));
	if (IMA_ERROR(status))
		return;
	check(run, FN_IMA_IsPhbaDownloadFile, RULE_CHOICE,
	      (unsigned int)props.imageType <= IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE, phba,
	      "imageType is %u", (unsigned int)props.imageType);
	if (!run->options.destructive) {
		unchecked(run, FN_IMA_PhbaDownload, RULE_SETS, "needs --destructive");
		return;
	}
	status = CALL(run, IMA_PhbaDownload, phba, phba, props.imageType, image);
	check(run, FN_IMA_PhbaDownload, RULE_SETS, IMA_SUCCESS(status), phba,
	      "the image answered %s", IMAX_StatusName(status));
}

static void check_phba(struct run *run, IMA_OID phba)
{
	IMA_PHBA_DOWNLOAD_PROPERTIES props;

	if (IMA_ERROR(IMA_GetPhbaDownloadProperties(phba, &props)))
		return;
	check_probe(run, phba, props.isPhbaDownloadFileSupported, no_file);
	check_probe(run, phba, props.isPhbaDownloadFileSupported, no_image);
	check_download(run, phba, IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE,
		       props.firmwareDownloadSupported);
	check_download(run, phba, IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM,
		       props.optionRomDownloadSupported);
	if (run->options.image && props.isPhbaDownloadFileSupported)
		check_image(run, phba, run->options.image);
	if (!run->options.image) {
		unchecked(run, FN_IMA_IsPhbaDownloadFile, RULE_SETS, "needs --image");
		unchecked(run, FN_IMA_PhbaDownload, RULE_SETS, "needs --image");
	}
}

void check_firmware(struct run *run)
{
	IMA_OID phba = unknown_object(run, IMA_OBJECT_TYPE_PHBA);
	IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES props;
	IMA_STATUS status = CALL(run, IMA_IsPhbaDownloadFile, phba, phba, no_image,
				 &props);

	check_unknown(run, FN_IMA_IsPhbaDownloadFile, phba, status);
	status = CALL(run, IMA_PhbaDownload, phba, phba, IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE,
		      no_image);
	check_unknown(run, FN_IMA_PhbaDownload, phba, status);
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_PHBA); i++)
		check_phba(run, run->objects[IMA_OBJECT_TYPE_PHBA].oid[i]);
}
