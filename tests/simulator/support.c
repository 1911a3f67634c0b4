// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ima-simulator.h"
#include "sandbox.h"

static int (*tests_of_program)(void);
static const char *scenario_path;

static int with_scenario(void)
{
	setenv("IMA_SIM_SCENARIO", scenario_path, 1);
	setenv("TZ", "UTC", 1);
	return tests_of_program();
}

int sim_run(int argc, char **argv, const char *scenario, int (*tests)(void))
{
	static const struct sandbox_plugin plugin = { "org.libima.simulator", SIMULATOR };

	tests_of_program = tests;
	scenario_path = scenario;
	return sandbox_run(argc, argv, &plugin, 1, with_scenario);
}

IMA_OID sim_plugin(void)
{
	return (IMA_OID){ .objectType = IMA_OBJECT_TYPE_PLUGIN, .ownerId = 1 };
}

static IMA_STATUS control(const char *text, char *output, IMA_UINT *length)
{
	return IMA_PluginIOctl(sim_plugin(), IMA_SIM_COMMAND, text, strlen(text), output,
			       output ? length : NULL);
}

IMA_STATUS sim_try(const char *text)
{
	return control(text, NULL, NULL);
}

void sim(const char *format, ...)
{
	char text[4096];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (control(text, NULL, NULL) != IMA_STATUS_SUCCESS)
		fail_msg("%s: %s", text, last_error());
}

const char *sim_says(const char *format, ...)
{
	static char output[65536];
	IMA_UINT length = sizeof(output) - 1;
	char text[4096];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (control(text, output, &length) != IMA_STATUS_SUCCESS)
		fail_msg("%s: %s", text, last_error());
	output[length] = 0;
	return output;
}

int sim_reset(void **state)
{
	(void)state;
	return control("reset", NULL, NULL) == IMA_STATUS_SUCCESS ? 0 : -1;
}

static IMA_OBJECT_TYPE type_of(const char *name)
{
	static const struct {
		const char *kind;
		IMA_OBJECT_TYPE type;
	} kinds[] = {
		{ "node:", IMA_OBJECT_TYPE_NODE },
		{ "phba:", IMA_OBJECT_TYPE_PHBA },
		{ "pnp:", IMA_OBJECT_TYPE_PNP },
		{ "lnp:", IMA_OBJECT_TYPE_LNP },
		{ "portal:", IMA_OBJECT_TYPE_NETWORK_PORTAL },
		{ "lhba:", IMA_OBJECT_TYPE_LHBA },
		{ "discovery:", IMA_OBJECT_TYPE_DISCOVERY_ADDRESS },
		{ "static:", IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET },
		{ "found:", IMA_OBJECT_TYPE_TARGET },
		{ "found-lu:", IMA_OBJECT_TYPE_LU },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(kinds[i].kind, name, strlen(kinds[i].kind)) == 0)
			return kinds[i].type;
	fail_msg("%s: no kind with OIDs", name);
	return IMA_OBJECT_TYPE_UNKNOWN;
}

IMA_OID sim_oid(const char *name)
{
	IMA_OID oid = { .objectType = type_of(name) };

	oid.objectSequenceNumber = strtoull(sim_says("oid %s", name), NULL, 10);
	oid.ownerId = oid.objectSequenceNumber ? 1 : 0; /* the shared node */
	return oid;
}

const char *last_error(void)
{
	static IMAX_LAST_ERROR error;

	error.size = sizeof(error);
	IMAX_GetLastError(&error);
	return error.text;
}

IMA_IP_ADDRESS ip(const char *text)
{
	IMA_IP_ADDRESS address = { .ipv4Address = strchr(text, ':') ? IMA_FALSE
								    : IMA_TRUE };

	assert_int_equal(inet_pton(address.ipv4Address ? AF_INET : AF_INET6, text,
				   address.ipAddress),
			 1);
	return address;
}

IMA_TARGET_ADDRESS portal(const char *host, IMA_UINT16 port)
{
	IMA_TARGET_ADDRESS address = { .portNumber = port };

	address.hostnameIpAddress.id.ipAddress = ip(host);
	return address;
}

IMA_TARGET_ADDRESS host_portal(const IMA_WCHAR *host, IMA_UINT16 port)
{
	IMA_TARGET_ADDRESS address = { .portNumber = port };

	address.hostnameIpAddress.hostnameInUse = IMA_TRUE;
	wcsncpy(address.hostnameIpAddress.id.hostname, host, IMA_HOST_NAME_LEN - 1);
	return address;
}

IMA_STATIC_DISCOVERY_TARGET static_target(const IMA_WCHAR *name,
					  IMA_TARGET_ADDRESS address)
{
	IMA_STATIC_DISCOVERY_TARGET target = { .targetAddress = address };

	wcsncpy(target.targetName, name, IMA_NODE_NAME_LEN - 1);
	return target;
}

void assert_bytes(const void *got, const void *expected, size_t size)
{
	const unsigned char *a = got, *b = expected;

	for (size_t i = 0; i < size; i++)
		if (a[i] != b[i])
			fail_msg("byte %zu is 0x%02x, expected 0x%02x", i, a[i], b[i]);
}

void assert_status_at(IMA_STATUS got, IMA_STATUS expected, const char *call,
		      const char *file, int line)
{
	if (got == expected)
		return;
	print_error("%s: got %s, expected %s (%s)\n", call, IMAX_StatusName(got),
		    IMAX_StatusName(expected), last_error());
	_fail(file, line);
}

const IMA_WCHAR *image(const char *model, const char *lines, enum image how)
{
	static IMA_WCHAR wide[512];
	const char *path = sandbox_path("image");
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "%s\nmodel: %s\n%slength: 9\ncrc32: %s\n\n%s",
		how == IMAGE_NO_HEAD ? "ELF" : "IMA-SIM-IMAGE 1", model, lines,
		how == IMAGE_BAD_SUM ? "cbf43927" : "cbf43926",
		how == IMAGE_SHORT ? "12345678" : "123456789");
	assert_int_equal(fclose(file), 0);
	swprintf(wide, 512, L"%s", path);
	return wide;
}

bool sim_lacks(const char *function)
{
	return strcmp(function, "QIMA_SetUpdateInterval") == 0;
}
