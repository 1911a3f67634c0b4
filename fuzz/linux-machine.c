// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * linux-machine.c - any machine: sysfs, /proc and the files of open-iscsi with any content are
 * listed and examined, and name and alias are set. Nothing of it reaches the network.
 *
 * The input is text in the form of tests/plugin-linux/record-tree: "f MODE PATH = TEXT",
 * "l PATH -> TARGET" and "d PATH", one per line. What "run" says is what every program prints.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin-support/field.h"
#include "plugins/linux/attr.h"
#include "plugins/linux/linux.h"
#include "shared/diagnosis.h"
#include "shared/utf8.h"

#define OWNER	 7
#define OUTPUT	 "run"
#define PATIENCE 10000000000u /* ns */

static char folder[64];
static int root = -1;

/* --- The machine ------------------------------------------------------------------------ */

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void clean_up(void)
{
	close(root);
	nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_root(void)
{
	snprintf(folder, sizeof(folder), "%s/fuzz-machine.XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	CHECK(mkdtemp(folder));
	root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(root >= 0 && !setenv("IMA_LINUX_ROOT", folder, 1));
}

/* Parts of the path that lead up are taken for no path at all. */
static bool stays_inside(const char *path)
{
	if (!*path || *path == '/')
		return false;
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (!strncmp(at, "..", 2) && (!at[2] || at[2] == '/'))
			return false;
	}
	return true;
}

/* As many steps up as the path has folders, and none after them. */
static bool leads_inside(const char *path, const char *target)
{
	while (!strncmp(target, "../", 3)) {
		path = strchr(path, '/');
		if (!path++)
			return false;
		target += 3;
	}
	return stays_inside(target);
}

/* The folder an entry is in, made without following a link; or -1. */
static int open_parent(const char *path, const char **name)
{
	int dir = dup(root);

	CHECK(dir >= 0);
	while (dir >= 0 && strchr(path, '/')) {
		char part[256];
		int next = -1;

		if (snprintf(part, sizeof(part), "%.*s", (int)strcspn(path, "/"), path) <
		    (int)sizeof(part)) {
			mkdirat(dir, part, 0755);
			next = openat(dir, part,
				      O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		}
		close(dir);
		dir = next;
		path = strchr(path, '/') + 1;
	}
	*name = path;
	return dir;
}

static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (*text == '\\' && text[1]) {
			text++;
			*out++ = *text == 'n' ? '\n' : *text;
			text++;
		} else {
			*out++ = *text++;
		}
	}
	*out = 0;
}

static void write_file(const char *path, mode_t mode, const char *text)
{
	const char *name;
	int dir = open_parent(path, &name), fd;

	if (dir < 0)
		return;
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	close(dir);
	if (fd < 0)
		return;
	CHECK(write(fd, text, strlen(text)) >= 0 && !fchmod(fd, mode & 0666));
	close(fd);
}

static void make_file(char *line)
{
	char *path, *text = strstr(line, " =");
	mode_t mode = (mode_t)strtoul(line, &path, 8);

	if (!text || path >= text || *path != ' ')
		return;
	*text = 0;
	text += text[2] ? 3 : 2;
	unescape(text);
	if (stays_inside(++path))
		write_file(path, mode, text);
}

static void make_link(char *path)
{
	char *target = strstr(path, " -> ");
	const char *name;
	int dir;

	if (!target)
		return;
	*target = 0;
	target += 4;
	if (!stays_inside(path) || !leads_inside(path, target))
		return;
	dir = open_parent(path, &name);
	if (dir >= 0 && symlinkat(target, dir, name) < 0)
		CHECK(errno);
	close(dir);
}

static void make_folder(const char *path)
{
	const char *name;
	int dir;

	if (!stays_inside(path))
		return;
	dir = open_parent(path, &name);
	if (dir >= 0)
		mkdirat(dir, name, 0755);
	close(dir);
}

static void make_entry(char *line)
{
	if (!strncmp(line, "f ", 2))
		make_file(line + 2);
	else if (!strncmp(line, "l ", 2))
		make_link(line + 2);
	else if (!strncmp(line, "d ", 2))
		make_folder(line + 2);
}

static void make_machine(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *line;

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	while ((line = strsep(&rest, "\n")))
		make_entry(line);
	free(text);
}

/* --- What the plugin has instead of a library and a machine -------------------------------- */

static IMA_UINT64 get_deadline(void)
{
	return host_now() + PATIENCE;
}

static void check_text(const char *text)
{
	uint32_t c;

	while (*text) {
		int n = utf8_decode(text, &c);

		CHECK(n > 0);
		text += n;
	}
}

static void check_error(const IMAX_LAST_ERROR *error)
{
	CHECK(IMA_ERROR(error->status) && error->text[0]);
	check_text(error->text);
}

static void log_nothing(IMAX_LOG_LEVEL level, const IMA_CHAR *text)
{
	(void)level;
	CHECK(*text);
}

static int run_nothing(void *unused, const char *const argv[], uint64_t deadline,
		       struct child_output *output)
{
	(void)unused, (void)deadline;
	*output = (struct child_output){ 0 };
	if (!argv[1] || strcmp(argv[1], "--version"))
		return -EPERM;
	return file_read(root, OUTPUT, 65536, &output->text, &output->size);
}

static int no_scsi(const struct world *world, const char *device,
		   struct scsi_command *command, uint64_t deadline)
{
	(void)world, (void)device, (void)command, (void)deadline;
	return -EPERM;
}

static int no_addresses(struct ifaddrs **list)
{
	*list = NULL;
	return 0;
}

static void begin(void)
{
	static char state[96];
	static const IMAX_HOST host = { .size = sizeof(host),
					.GetDeadline = get_deadline,
					.SetLastError = check_error,
					.Log = log_nothing,
					.stateDirectory = state };

	snprintf(state, sizeof(state), "%s/var/lib/ima", folder);
	CHECK(IMAX_SetHost(&host) == IMA_STATUS_SUCCESS);
	CHECK(Initialize(OWNER) == IMA_STATUS_SUCCESS);
	plugin.world.runner.run = run_nothing;
	plugin.world.scsi = no_scsi;
	plugin.world.addresses = no_addresses;
	snprintf(plugin.world.iscsiadm, sizeof(plugin.world.iscsiadm), "iscsiadm");
}

/* --- Everything that can be read ------------------------------------------------------------ */

#define CHECK_TEXT(field)                                      \
	do {                                                   \
		char text_of_field[4 * ARRAY_SIZE(field) + 1]; \
		CHECK(FIELD_GET(field, text_of_field) >= 0);   \
	} while (0)

#define READ(function, type)                                                       \
	do {                                                                       \
		type value_of_object;                                              \
		memset(&value_of_object, 0xaa, sizeof(value_of_object));           \
		CHECK(function(oid, &value_of_object) != IMA_ERROR_UNKNOWN_ERROR); \
	} while (0)

static void read_keys(IMA_OID oid)
{
	READ(IMA_GetDataPduInOrderProperties, IMA_BOOL_VALUE);
	READ(IMA_GetDataSequenceInOrderProperties, IMA_BOOL_VALUE);
	READ(IMA_GetImmediateDataProperties, IMA_BOOL_VALUE);
	READ(IMA_GetInitialR2TProperties, IMA_BOOL_VALUE);
	READ(IMA_GetDefaultTime2RetainProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetDefaultTime2WaitProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetErrorRecoveryLevelProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetFirstBurstLengthProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetMaxBurstLengthProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetMaxConnectionsProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetMaxOutstandingR2TProperties, IMA_MIN_MAX_VALUE);
	READ(IMA_GetMaxRecvDataSegmentLengthProperties, IMA_MIN_MAX_VALUE);
	READ(IMAX_GetChapAlgorithms, IMAX_CHAP_ALGORITHMS);
}

static void read_lhba(IMA_OID oid)
{
	IMA_LHBA_PROPERTIES props;

	CHECK(!IMA_GetLhbaProperties(oid, &props));
	CHECK_TEXT(props.osDeviceName);
	READ(IMA_GetDiscoveryProperties, IMA_DISCOVERY_PROPERTIES);
	READ(IMA_GetIpsecProperties, IMA_IPSEC_PROPERTIES);
	read_keys(oid);
}

static void read_node(IMA_OID oid)
{
	IMA_NODE_PROPERTIES props;

	if (IMA_GetNodeProperties(oid, &props))
		return;
	CHECK_TEXT(props.name);
	CHECK_TEXT(props.alias);
}

static void read_target(IMA_OID oid)
{
	IMA_TARGET_PROPERTIES props;
	IMA_ADDRESS_KEYS *keys;

	CHECK(!IMA_GetTargetProperties(oid, &props));
	CHECK_TEXT(props.name);
	CHECK_TEXT(props.alias);
	CHECK(props.name[0]);
	READ(IMA_GetTargetErrorStatistics, IMA_TARGET_ERROR_STATISTICS);
	READ(IMA_GetDeviceStatistics, IMA_DEVICE_STATISTICS);
	if (!IMA_GetAddressKeys(oid, &keys)) {
		for (IMA_UINT i = 0; i < keys->addressKeyCount; i++)
			CHECK(keys->addressKeys[i].portNumber);
		IMA_FreeMemory(keys);
	}
	read_keys(oid);
}

static void read_lu(IMA_OID oid)
{
	IMA_LU_PROPERTIES props;

	CHECK(!IMA_GetLuProperties(oid, &props));
	CHECK_TEXT(props.osDeviceName);
	READ(IMA_GetDeviceStatistics, IMA_DEVICE_STATISTICS);
}

static void read_session(IMA_OID oid)
{
	READ(IMA_GetSessionProperties, IMA_SESSION_PROPERTIES);
}

static void read_connection(IMA_OID oid)
{
	READ(IMA_GetConnectionProperties, IMA_CONNECTION_PROPERTIES);
}

static void read_address(IMA_OID oid)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;

	CHECK(!IMA_GetDiscoveryAddressProperties(oid, &props));
	CHECK(props.discoveryAddress.portNumber);
}

static void read_static_target(IMA_OID oid)
{
	READ(IMA_GetStaticDiscoveryTargetProperties,
	     IMA_STATIC_DISCOVERY_TARGET_PROPERTIES);
}

static void read_physical_port(IMA_OID oid)
{
	READ(IMA_GetPnpProperties, IMA_PNP_PROPERTIES);
	READ(IMA_GetPnpStatistics, IMA_PNP_STATISTICS);
	READ(IMA_GetNetworkPortStatus, IMA_NETWORK_PORT_STATUS);
	READ(IMA_GetIpProperties, IMA_IP_PROPERTIES);
}

static void read_logical_port(IMA_OID oid)
{
	READ(IMA_GetLnpProperties, IMA_LNP_PROPERTIES);
	READ(IMA_GetNetworkPortStatus, IMA_NETWORK_PORT_STATUS);
}

static void read_portal(IMA_OID oid)
{
	READ(IMA_GetNetworkPortalProperties, IMA_NETWORK_PORTAL_PROPERTIES);
}

static void read_all(IMA_STATUS status, IMA_OID_LIST **place,
		     void (*read_one)(IMA_OID oid))
{
	IMA_OID_LIST *list = *place;

	if (IMA_ERROR(status))
		return;
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		for (IMA_UINT k = 0; k < i; k++)
			CHECK(memcmp(&list->oids[i], &list->oids[k], sizeof(IMA_OID)));
		read_one(list->oids[i]);
	}
	IMA_FreeMemory(list);
}

static void read_adapter(IMA_OID oid)
{
	IMA_PHBA_PROPERTIES props;
	IMA_OID_LIST *list;

	CHECK(!IMA_GetPhbaProperties(oid, &props));
	CHECK_TEXT(props.model);
	CHECK_TEXT(props.driverName);
	CHECK_TEXT(props.firmwareVersion);
	read_all(IMA_GetPnpOidList(oid, &list), &list, read_physical_port);
}

static void read_objects_of(IMA_OID oid)
{
	IMA_OID_LIST *list;

	read_lhba(oid);
	read_all(IMA_GetTargetOidList(oid, &list), &list, read_target);
	read_all(IMA_GetLuOidList(oid, &list), &list, read_lu);
	read_all(IMA_GetSessionOidList(oid, &list), &list, read_session);
	read_all(IMA_GetDiscoveryAddressOidList(oid, &list), &list, read_address);
	read_all(IMA_GetStaticDiscoveryTargetOidList(oid, &list), &list,
		 read_static_target);
	read_all(IMA_GetNetworkPortalOidList(oid, &list), &list, read_portal);
}

static void read_connections_of(IMA_OID oid)
{
	IMA_OID_LIST *list;

	read_all(IMA_GetConnectionOidList(oid, &list), &list, read_connection);
}

static void read_sessions_of(IMA_OID oid)
{
	IMA_OID_LIST *list;

	read_all(IMA_GetSessionOidList(oid, &list), &list, read_connections_of);
}

static void read_machine(void)
{
	static const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_OID_LIST *list;

	read_node(shared);
	read_all(IMA_GetLhbaOidList(&list), &list, read_objects_of);
	read_all(IMA_GetLhbaOidList(&list), &list, read_sessions_of);
	read_all(IMA_GetNonSharedNodeOidList(&list), &list, read_node);
	read_all(IMA_GetPhbaOidList(&list), &list, read_adapter);
	read_all(IMA_GetLnpOidList(&list), &list, read_logical_port);
}

/* Lines of five fields without control characters. */
static void check_findings(const char *text)
{
	size_t tabs = 0;

	check_text(text);
	for (; *text; text++) {
		tabs += *text == '\t';
		CHECK((unsigned char)*text >= ' ' || strchr("\t\n", *text));
		if (*text == '\n') {
			CHECK(tabs == DIAGNOSIS_FIELDS - 1);
			tabs = 0;
		}
	}
	CHECK(!tabs);
}

static void examine_machine(void)
{
	static const IMA_OID whole = { IMA_OBJECT_TYPE_PLUGIN, OWNER, 0 };
	static char text[DIAGNOSIS_SIZE + 1];
	IMA_UINT size = DIAGNOSIS_SIZE;

	if (IMA_PluginIOctl(whole, DIAGNOSIS_COMMAND, "", 0, text, &size))
		return;
	text[size] = 0;
	check_findings(text);
}

/* What was set is there, whatever was before. */
static void rename_machine(void)
{
	static const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	static const IMA_WCHAR name[] = L"iqn.2003-01.org.example:fuzz", alias[] = L"a b";
	IMA_NODE_PROPERTIES props;

	if (IMA_ERROR(IMA_SetNodeName(shared, name)) ||
	    IMA_ERROR(IMA_SetNodeAlias(shared, alias)))
		return;
	CHECK(!IMA_GetNodeProperties(shared, &props));
	CHECK(!wcscmp(props.name, name) && !wcscmp(props.alias, alias));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Whole lines: each costs a file. */
	if (!size || data[size - 1] != '\n')
		return 0;
	make_root();
	make_machine(data, size);
	begin();
	read_machine();
	examine_machine();
	rename_machine();
	Terminate();
	clean_up();
	return 0;
}
