// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kinds.c - tables: the kinds, their properties and what the properties begin with.
 *
 * Whoever adds a row here has added it to the parser, the control language, the listing and
 * the state file; ima-simulator(5) describes the rows and a test compares both.
 */
#include "kinds.h"

#include <stddef.h>
#include <string.h>

#include "shared/cleanup.h"

#define WORDS(name, ...)                                          \
	static const char *const name##_list[] = { __VA_ARGS__ }; \
	static const struct words name = { ARRAY_SIZE(name##_list), name##_list }

WORDS(digest_words, "none", "crc32c", "none,crc32c", "crc32c,none");
WORDS(chap_algorithm_words, "md5", "sha1", "sha256", "sha3-256");
WORDS(mode_words, "memory", "file");
WORDS(answer_words, "accept", "reject", "ignore");
WORDS(ulp_words, "tcp", "sctp", "udp");
WORDS(phba_status_words, "working", "failed");
WORDS(port_status_words, "working", "degraded", "critical", "failed");
WORDS(isns_method_words, "static", "dhcp", "slp");
WORDS(supports_words, "isns", "slp", "static", "sendtargets");
WORDS(removal_words, "exposed", "in-use");
WORDS(statistics_words, "switchable", "always", "never", "absent");
WORDS(needs_login_words, "alias", "address-keys");
WORDS(error_counter_words, "login", "session", "digest", "time-limit", "format",
      "timeout", "last-failure");
WORDS(reboot_words, "name", "alias", "keys", "auth-methods", "auth-parms", "discovery",
      "addresses", "static-targets", "exposing", "statistics", "ip-method", "mask",
      "gateway", "dns", "address", "download");
WORDS(device_type_words, "disk", "tape", "printer", "processor", "worm", "cdrom",
      "scanner", "optical", "changer", "communication", "prepress-1", "prepress-2",
      "controller", "enclosure", "rbc", "card-reader", "bridge", "osd", "automation");

/* One row: the name, the type, the structure of the values and the field in it. */
#define ROW(text, kind, values, field, ...)                       \
	{                                                         \
		.name = (text), .type = VALUE_##kind,             \
		.offset = (unsigned int)offsetof(values, field),  \
		.size = sizeof(((values *)0)->field), __VA_ARGS__ \
	}
#define REBOOT(values, groups)                                              \
	ROW("reboot-needed", WORDS, values, reboot, .words = &reboot_words, \
	    .min = (groups))

#define V struct machine_values
static const struct property machine_properties[] = {
	ROW("description", TEXT, V, description),
	ROW("mode", WORD, V, mode, .words = &mode_words),
	ROW("clock-start", TIME, V, clock_start),
	ROW("clock-step", NUMBER, V, clock_step, .max = 86400000),
	ROW("real-time", BOOL, V, real_time),
};
static const V machine_defaults = { .clock_start =
					    1767225600 /* 2026-01-01T00:00:00Z */ };
#undef V

#define V struct host_values
static const struct property host_properties[] = { ROW("address", IP, V, address) };
#undef V

#define V struct network_values
static const struct property network_properties[] = {
	ROW("subnets", SUBNETS, V, subnets),
	ROW("up", BOOL, V, up),
	ROW("slp", BOOL, V, slp),
	ROW("dhcp", BOOL, V, dhcp),
	ROW("dhcp-mask", IP, V, dhcp_mask),
	ROW("dhcp-gateway", IP, V, dhcp_gateway),
	ROW("dhcp-dns1", IP, V, dhcp_dns1),
	ROW("dhcp-dns2", IP, V, dhcp_dns2),
	ROW("dhcp-isns", ENDPOINT, V, dhcp_isns),
	ROW("slp-isns", ENDPOINT, V, slp_isns),
};
static const V network_defaults = { .up = true, .slp = true };
#undef V

#define V struct isns_values
static const struct property isns_properties[] = { ROW("answers", BOOL, V, answers) };
static const V isns_defaults = { .answers = true };
#undef V

#define AUTH_ROWS(values)                                                                \
	ROW("chap-retries", NUMBER, values, auth.chap_retries, .max = UINT32_MAX,        \
	    .flags = PROPERTY_HIDDEN),                                                   \
		ROW("chap-min-value-length", NUMBER, values, auth.chap_min,              \
		    .max = UINT32_MAX, .flags = PROPERTY_HIDDEN),                        \
		ROW("chap-max-value-length", NUMBER, values, auth.chap_max,              \
		    .max = UINT32_MAX, .flags = PROPERTY_HIDDEN),                        \
		ROW("chap-name", BYTES, values, auth.chap_name,                          \
		    .flags = PROPERTY_HIDDEN),                                           \
		ROW("chap-secret", BYTES, values, auth.chap_secret,                      \
		    .flags = PROPERTY_SECRET | PROPERTY_HIDDEN),                         \
		ROW("srp-user", BYTES, values, auth.srp_user, .flags = PROPERTY_HIDDEN), \
		ROW("krb5-key", BYTES, values, auth.krb5_key,                            \
		    .flags = PROPERTY_SECRET | PROPERTY_HIDDEN),                         \
		ROW("spkm1-private-key", BYTES, values, auth.spkm[0].private_key,        \
		    .flags = PROPERTY_SECRET | PROPERTY_HIDDEN),                         \
		ROW("spkm1-public-key", BYTES, values, auth.spkm[0].public_key,          \
		    .flags = PROPERTY_HIDDEN),                                           \
		ROW("spkm2-private-key", BYTES, values, auth.spkm[1].private_key,        \
		    .flags = PROPERTY_SECRET | PROPERTY_HIDDEN),                         \
		ROW("spkm2-public-key", BYTES, values, auth.spkm[1].public_key,          \
		    .flags = PROPERTY_HIDDEN)

static const struct property account_properties[] = { AUTH_ROWS(struct account_values) };

#define V struct node_values
static const struct property node_properties[] = {
	ROW("name", ISCSI, V, name, .max = 223), ROW("alias", TEXT, V, alias, .max = 255),
	ROW("settable", BOOL, V, settable),	 ROW("initiator", BOOL, V, initiator),
	ROW("target", BOOL, V, target),		 REBOOT(V, REBOOT_NAME | REBOOT_ALIAS),
};
static const V node_defaults = { .settable = true, .initiator = true };
#undef V

#define DISCOVERY_ROWS(values)                                                           \
	ROW("discovery", WORDS, values, discovery.supported, .words = &supports_words,   \
	    .flags = PROPERTY_NETWORK),                                                  \
		ROW("isns-settable", BOOL, values, discovery.isns_settable),             \
		ROW("isns", XBOOL, values, discovery.isns, .flags = PROPERTY_NETWORK),   \
		ROW("isns-method", WORD, values, discovery.isns_method,                  \
		    .words = &isns_method_words, .flags = PROPERTY_NETWORK),             \
		ROW("isns-methods", WORDS, values, discovery.isns_methods,               \
		    .words = &isns_method_words, .flags = PROPERTY_HIDDEN),              \
		ROW("isns-host", ENDPOINT, values, discovery.isns_host,                  \
		    .flags = PROPERTY_NETWORK),                                          \
		ROW("slp-settable", BOOL, values, discovery.slp_settable),               \
		ROW("slp", XBOOL, values, discovery.slp, .flags = PROPERTY_NETWORK),     \
		ROW("static-settable", BOOL, values, discovery.static_settable),         \
		ROW("static", XBOOL, values, discovery.static_method,                    \
		    .flags = PROPERTY_NETWORK),                                          \
		ROW("sendtargets-settable", BOOL, values,                                \
		    discovery.sendtargets_settable),                                     \
		ROW("sendtargets", XBOOL, values, discovery.sendtargets,                 \
		    .flags = PROPERTY_NETWORK),                                          \
		ROW("needs-primary", BOOL, values, discovery.needs_primary,              \
		    .flags = PROPERTY_HIDDEN),                                           \
		ROW("removal", WORD, values, discovery.removal, .words = &removal_words, \
		    .flags = PROPERTY_HIDDEN)
#define DISCOVERY_DEFAULTS                           \
	.discovery = { .isns_settable = true,        \
		       .slp_settable = true,         \
		       .static_settable = true,      \
		       .sendtargets_settable = true, \
		       .isns_methods = 7 }

#define V struct phba_values
static const struct property phba_properties[] = {
	ROW("vendor", TEXT, V, vendor),
	ROW("model", TEXT, V, model),
	ROW("description", TEXT, V, description),
	ROW("serial", TEXT, V, serial),
	ROW("hardware-version", TEXT, V, hardware),
	ROW("asic-version", TEXT, V, asic),
	ROW("firmware-version", TEXT, V, firmware),
	ROW("option-rom-version", TEXT, V, option_rom),
	ROW("boot-code-version", TEXT, V, boot_code, .flags = PROPERTY_HIDDEN),
	ROW("driver", TEXT, V, driver),
	ROW("driver-version", TEXT, V, driver_version),
	ROW("ulps", WORDS, V, ulps, .words = &ulp_words),
	ROW("bidirectional", XBOOL, V, bidirectional),
	ROW("max-cdb-length", NUMBER, V, max_cdb, .max = 65535),
	ROW("can-be-nic", XBOOL, V, can_be_nic),
	ROW("is-nic", XBOOL, V, is_nic),
	ROW("initiator", XBOOL, V, initiator),
	ROW("target", XBOOL, V, target),
	ROW("tcp-offload", XBOOL, V, toe),
	ROW("iscsi-offload", XBOOL, V, iscsi_offload),
	ROW("status", WORD, V, status, .words = &phba_status_words,
	    .flags = PROPERTY_NETWORK),
	ROW("download-check", BOOL, V, download_check),
	ROW("download-firmware", BOOL, V, download_firmware),
	ROW("download-option-rom", BOOL, V, download_option_rom),
	ROW("download-boot-code", BOOL, V, download_boot_code, .flags = PROPERTY_HIDDEN),
	ROW("downgrade", BOOL, V, downgrade, .flags = PROPERTY_HIDDEN),
	ROW("image-model", TEXT, V, image_model, .flags = PROPERTY_HIDDEN),
	DISCOVERY_ROWS(V),
	ROW("statistics", WORD, V, statistics, .words = &statistics_words,
	    .flags = PROPERTY_HIDDEN),
	ROW("collecting", BOOL, V, collecting, .flags = PROPERTY_HIDDEN),
	REBOOT(V, REBOOT_DISCOVERY | REBOOT_STATISTICS | REBOOT_DOWNLOAD),
};
static const V phba_defaults = {
	.ulps = 1,
	.initiator = IMA_TRUE,
	.max_cdb = 16,
	.downgrade = true,
	DISCOVERY_DEFAULTS,
};
#undef V

#define IPSEC_ROWS(values)                                           \
	ROW("ipsec", BOOL, values, ipsec),                           \
		ROW("ipsec-hardware", BOOL, values, ipsec_hardware), \
		ROW("ipsec-software", BOOL, values, ipsec_software)

#define V struct pnp_values
static const struct property pnp_properties[] = {
	ROW("network", OBJECT, V, network, .reference = KIND_NETWORK,
	    .flags = PROPERTY_HIDDEN),
	ROW("mac", MAC, V, mac),
	ROW("mac-settable", BOOL, V, mac_settable),
	ROW("max-rate", NUMBER, V, max_rate, .max = UINT32_MAX),
	ROW("rate", NUMBER, V, rate, .max = UINT32_MAX),
	ROW("max-frame", NUMBER, V, max_frame, .max = UINT32_MAX),
	ROW("status", WORD, V, status, .words = &port_status_words),
	ROW("link", BOOL, V, link),
	ROW("dhcp", BOOL, V, dhcp),
	ROW("ip-method-settable", BOOL, V, ip_method_settable),
	ROW("mask-settable", BOOL, V, mask_settable),
	ROW("gateway-settable", BOOL, V, gateway_settable),
	ROW("dns1-settable", BOOL, V, dns1_settable),
	ROW("dns2-settable", BOOL, V, dns2_settable),
	ROW("mask", IP, V, mask),
	ROW("gateway", IP, V, gateway),
	ROW("dns1", IP, V, dns1),
	ROW("dns2", IP, V, dns2),
	IPSEC_ROWS(V),
	REBOOT(V, REBOOT_IP_METHOD | REBOOT_MASK | REBOOT_GATEWAY | REBOOT_DNS |
			  REBOOT_ADDRESSES | REBOOT_STATICS),
};
static const V pnp_defaults = {
	.max_rate = 1000,
	.rate = 1000,
	.max_frame = 1518,
	.link = true,
	.ip_method_settable = true,
	.mask_settable = true,
	.gateway_settable = true,
	.dns1_settable = true,
	.dns2_settable = true,
};
#undef V

#define V struct lnp_values
static const struct property lnp_properties[] = {
	ROW("pnps", OBJECTS, V, pnps, .reference = KIND_PNP),
	ROW("mac", MAC, V, mac),
	ROW("mac-settable", BOOL, V, mac_settable),
};
#undef V

#define V struct portal_values
static const struct property portal_properties[] = {
	ROW("address", IP, V, address),
	ROW("settable", BOOL, V, settable, .flags = PROPERTY_HIDDEN),
	REBOOT(V, REBOOT_ADDRESS),
};
static const V portal_defaults = { .settable = true };
#undef V

#define KEY_FLAGS .flags = PROPERTY_INHERITED
#define KEY_COMMON(text, index)                                                     \
	ROW(text ".settable", BOOL, struct lhba_values, keys[index].settable,       \
	    KEY_FLAGS),                                                             \
		ROW(text ".exposed", BOOL, struct lhba_values, keys[index].exposed, \
		    KEY_FLAGS)
#define KEY_NUMBER(text, index)                                                        \
	ROW(text, NUMBER, struct lhba_values, keys[index].value, .max = UINT32_MAX,    \
	    KEY_FLAGS),                                                                \
		ROW(text ".default", NUMBER, struct lhba_values, keys[index].standard, \
		    .max = UINT32_MAX, KEY_FLAGS),                                     \
		ROW(text ".min", NUMBER, struct lhba_values, keys[index].min,          \
		    .max = UINT32_MAX, KEY_FLAGS),                                     \
		ROW(text ".max", NUMBER, struct lhba_values, keys[index].max,          \
		    .max = UINT32_MAX, KEY_FLAGS),                                     \
		ROW(text ".increment", NUMBER, struct lhba_values,                     \
		    keys[index].increment, .max = UINT32_MAX, KEY_FLAGS),              \
		KEY_COMMON(text, index)
#define KEY_BOOL(text, index)                                                        \
	ROW(text, BOOL, struct lhba_values, keys[index].value, KEY_FLAGS),           \
		ROW(text ".default", BOOL, struct lhba_values, keys[index].standard, \
		    KEY_FLAGS),                                                      \
		KEY_COMMON(text, index)
#define DIGEST(text, index)                                                              \
	ROW(text, WORD, struct lhba_values, digests[index].value,                        \
	    .words = &digest_words, KEY_FLAGS),                                          \
		ROW(text ".settable", BOOL, struct lhba_values, digests[index].settable, \
		    KEY_FLAGS),                                                          \
		ROW(text ".exposed", BOOL, struct lhba_values, digests[index].exposed,   \
		    KEY_FLAGS)
#define ALGORITHMS(text, values, field, ...) \
	ROW(text, METHODS, values, field, .words = &chap_algorithm_words, __VA_ARGS__)
#define CHAP_ROWS(values, name_field, secret_field, text)                       \
	ROW(text "-name", BYTES, values, name_field, .flags = PROPERTY_HIDDEN), \
		ROW(text "-secret", BYTES, values, secret_field,                \
		    .flags = PROPERTY_SECRET | PROPERTY_HIDDEN)

#define V struct lhba_values
static const struct property lhba_properties[] = {
	ROW("os-device-name", TEXT, V, os_device_name),
	ROW("node", OBJECT, V, node, .reference = KIND_NODE),
	ROW("phbas", OBJECTS, V, phbas, .reference = KIND_PHBA,
	    .flags = PROPERTY_HIDDEN | PROPERTY_NETWORK),
	ROW("lnps", OBJECTS, V, lnps, .reference = KIND_LNP,
	    .flags = PROPERTY_HIDDEN | PROPERTY_NETWORK),
	ROW("networks", OBJECTS, V, networks, .reference = KIND_NETWORK,
	    .flags = PROPERTY_HIDDEN | PROPERTY_NETWORK),
	ROW("lu-exposing", BOOL, V, lu_exposing),
	ROW("parallel-ids", BOOL, V, parallel_ids),
	ROW("auto-login", BOOL, V, auto_login,
	    .flags = PROPERTY_HIDDEN | PROPERTY_NETWORK),
	ROW("scsi-commands", BOOL, V, scsi_commands, .flags = PROPERTY_HIDDEN),
	ROW("stale-data-removable", BOOL, V, stale_data_removable),
	ROW("stale-data", NUMBER, V, stale_data, .max = 1ULL << 40),
	ROW("auth-reportable", BOOL, V, auth_reportable, .flags = PROPERTY_HIDDEN),
	ROW("auth-methods-settable", BOOL, V, auth_methods_settable),
	ROW("auth-parms-settable", BOOL, V, auth_parms_settable,
	    .flags = PROPERTY_HIDDEN),
	ROW("secrets-readable", BOOL, V, secrets_readable, .flags = PROPERTY_HIDDEN),
	ROW("auth-supported", METHODS, V, auth_supported, .flags = PROPERTY_HIDDEN),
	ROW("auth-in-use", METHODS, V, auth_in_use, .flags = PROPERTY_HIDDEN),
	AUTH_ROWS(V),
	ROW("mutual-chap", BOOL, V, mutual_chap, .flags = PROPERTY_HIDDEN),
	CHAP_ROWS(V, mutual.name, mutual.secret, "mutual"),
	ALGORITHMS("chap-algorithms", V, chap_algorithms, KEY_FLAGS),
	ALGORITHMS("chap-algorithms-supported", V, chap_supported, KEY_FLAGS),
	ROW("chap-algorithms-settable", BOOL, V, chap_algorithms_settable, KEY_FLAGS),
	ROW("target-auth-settable", BOOL, V, target_auth_settable,
	    .flags = PROPERTY_HIDDEN),
	DISCOVERY_ROWS(V),
	KEY_NUMBER("max-connections", KEY_MAX_CONNECTIONS),
	KEY_NUMBER("max-recv-data-segment-length", KEY_MAX_RECV),
	KEY_NUMBER("max-burst-length", KEY_MAX_BURST),
	KEY_NUMBER("first-burst-length", KEY_FIRST_BURST),
	KEY_NUMBER("default-time2wait", KEY_TIME2WAIT),
	KEY_NUMBER("default-time2retain", KEY_TIME2RETAIN),
	KEY_NUMBER("max-outstanding-r2t", KEY_MAX_R2T),
	KEY_NUMBER("error-recovery-level", KEY_ERROR_RECOVERY),
	KEY_BOOL("initial-r2t", KEY_INITIAL_R2T),
	KEY_BOOL("immediate-data", KEY_IMMEDIATE_DATA),
	KEY_BOOL("data-pdu-in-order", KEY_PDU_ORDER),
	KEY_BOOL("data-sequence-in-order", KEY_SEQUENCE_ORDER),
	ROW("target-keys-settable", BOOL, V, target_keys_settable, KEY_FLAGS),
	ROW("target-sendtargets-settable", BOOL, V, target_sendtargets_settable),
	DIGEST("header-digest", DIGEST_HEADER),
	DIGEST("data-digest", DIGEST_DATA),
	ROW("auto-rescan", BOOL, V, auto_rescan,
	    .flags = PROPERTY_HIDDEN | PROPERTY_NETWORK),
	ROW("statistics", WORD, V, statistics, .words = &statistics_words,
	    .flags = PROPERTY_HIDDEN),
	ROW("collecting", BOOL, V, collecting, .flags = PROPERTY_HIDDEN),
	ROW("error-counters", WORDS, V, error_counters, .words = &error_counter_words,
	    .flags = PROPERTY_HIDDEN),
	ROW("needs-login", WORDS, V, needs_login, .words = &needs_login_words,
	    .flags = PROPERTY_HIDDEN),
	IPSEC_ROWS(V),
	REBOOT(V, REBOOT_KEYS | REBOOT_AUTH_METHODS | REBOOT_AUTH_PARMS |
			  REBOOT_DISCOVERY | REBOOT_ADDRESSES | REBOOT_STATICS |
			  REBOOT_EXPOSING | REBOOT_STATISTICS),
};
#define KEY_STARTS(start, low, high)                                                \
	{                                                                           \
		.value = (start), .standard = (start), .min = (low), .max = (high), \
		.increment = 1, .settable = true, .exposed = true                   \
	}
static const V lhba_defaults = {
	.parallel_ids = true,
	.auto_login = true,
	.scsi_commands = true,
	.stale_data_removable = true,
	.auth_reportable = true,
	.auth_methods_settable = true,
	.auth_parms_settable = true,
	.secrets_readable = true,
	.auth_supported = { 2, { IMA_AUTHMETHOD_NONE, IMA_AUTHMETHOD_CHAP } },
	.auth_in_use = { 1, { IMA_AUTHMETHOD_NONE } },
	.mutual_chap = true,
	.chap_algorithms_settable = true,
	.target_auth_settable = true,
	/* The strongest first. */
	.chap_supported = { 4, { 3, 2, 1, 0 } },
	.chap_algorithms = { 4, { 3, 2, 1, 0 } },
	.digests = { [DIGEST_HEADER] = { .settable = true, .exposed = true },
		     [DIGEST_DATA] = { .settable = true, .exposed = true } },
	.auto_rescan = true,
	.discovery = { .supported = SUPPORTS_STATIC | SUPPORTS_SENDTARGETS,
		       .isns_settable = true,
		       .slp_settable = true,
		       .static_settable = true,
		       .sendtargets_settable = true,
		       .isns_methods = 7,
		       .static_method = IMA_TRUE,
		       .sendtargets = IMA_TRUE },
	.keys = { [KEY_MAX_CONNECTIONS] = KEY_STARTS(1, 1, 65535),
		  [KEY_MAX_RECV] = KEY_STARTS(8192, 512, 16777215),
		  [KEY_MAX_BURST] = KEY_STARTS(262144, 512, 16777215),
		  [KEY_FIRST_BURST] = KEY_STARTS(65536, 512, 16777215),
		  [KEY_TIME2WAIT] = KEY_STARTS(2, 0, 3600),
		  [KEY_TIME2RETAIN] = KEY_STARTS(20, 0, 3600),
		  [KEY_MAX_R2T] = KEY_STARTS(1, 1, 65535),
		  [KEY_ERROR_RECOVERY] = KEY_STARTS(0, 0, 2),
		  [KEY_INITIAL_R2T] = KEY_STARTS(1, 0, 1),
		  [KEY_IMMEDIATE_DATA] = KEY_STARTS(1, 0, 1),
		  [KEY_PDU_ORDER] = KEY_STARTS(1, 0, 1),
		  [KEY_SEQUENCE_ORDER] = KEY_STARTS(1, 0, 1) },
	.target_keys_settable = true,
	.error_counters = 0x7f,
};
#undef V

#define OFFER(text, index, low, high) \
	ROW(text, NUMBER, struct target_values, keys[index], .min = (low), .max = (high))
#define OFFER_BOOL(text, index) ROW(text, BOOL, struct target_values, keys[index])

#define V			struct target_values
static const struct property target_properties[] = {
	ROW("alias", TEXT, V, alias, .max = 255),
	ROW("portals", PORTALS, V, portals),
	ROW("array", TEXT, V, array),
	ROW("sendtargets", BOOL, V, sendtargets),
	ROW("isns", BOOL, V, isns),
	ROW("slp", BOOL, V, slp),
	ROW("login", WORD, V, login, .words = &answer_words),
	ROW("discovery", WORD, V, discovery, .words = &answer_words),
	ROW("reject", NUMBER, V, reject, .min = 0x0100, .max = 0x03ff),
	ROW("auth", METHODS, V, auth),
	ROW("discovery-auth", METHODS, V, discovery_auth),
	ALGORITHMS("chap-algorithms", V, chap_algorithms, .flags = 0),
	ROW("account", OBJECT, V, account, .reference = KIND_ACCOUNT),
	ROW("mutual-account", OBJECT, V, mutual_account, .reference = KIND_ACCOUNT),
	ROW("allow", ISCSI, V, allow, .max = 223),
	ROW("well-known-lu", BOOL, V, well_known_lu),
	ROW("scan", BOOL, V, scan),
	ROW("header-digest", WORD, V, digests[DIGEST_HEADER], .words = &digest_words),
	ROW("data-digest", WORD, V, digests[DIGEST_DATA], .words = &digest_words),
	OFFER("max-connections", KEY_MAX_CONNECTIONS, 1, 65535),
	OFFER("max-recv-data-segment-length", KEY_MAX_RECV, 512, 16777215),
	OFFER("max-burst-length", KEY_MAX_BURST, 512, 16777215),
	OFFER("first-burst-length", KEY_FIRST_BURST, 512, 16777215),
	OFFER("default-time2wait", KEY_TIME2WAIT, 0, 3600),
	OFFER("default-time2retain", KEY_TIME2RETAIN, 0, 3600),
	OFFER("max-outstanding-r2t", KEY_MAX_R2T, 1, 65535),
	OFFER("error-recovery-level", KEY_ERROR_RECOVERY, 0, 2),
	OFFER_BOOL("initial-r2t", KEY_INITIAL_R2T),
	OFFER_BOOL("immediate-data", KEY_IMMEDIATE_DATA),
	OFFER_BOOL("data-pdu-in-order", KEY_PDU_ORDER),
	OFFER_BOOL("data-sequence-in-order", KEY_SEQUENCE_ORDER),
};
static const V target_defaults = {
	.sendtargets = true,
	.reject = 0x0300, /* target error */
	.well_known_lu = true,
	.scan = true,
	.keys = { [KEY_MAX_CONNECTIONS] = 8,
		  [KEY_MAX_RECV] = 262144,
		  [KEY_MAX_BURST] = 1048576,
		  [KEY_FIRST_BURST] = 262144,
		  [KEY_TIME2WAIT] = 2,
		  [KEY_TIME2RETAIN] = 20,
		  [KEY_MAX_R2T] = 8,
		  [KEY_ERROR_RECOVERY] = 2,
		  [KEY_IMMEDIATE_DATA] = 1,
		  [KEY_PDU_ORDER] = 1,
		  [KEY_SEQUENCE_ORDER] = 1 },
};
#undef V

#define V struct lu_values
static const struct property lu_properties[] = {
	ROW("size", NUMBER, V, size, .max = 1ULL << 62),
	ROW("block-size", NUMBER, V, block_size, .min = 512, .max = 1U << 20),
	ROW("physical-exponent", NUMBER, V, physical_exponent, .max = 15),
	ROW("type", WORD, V, type, .words = &device_type_words),
	ROW("thin", BOOL, V, thin),
	ROW("removable", BOOL, V, removable),
	ROW("read-capacity-16", BOOL, V, read_capacity_16),
	ROW("vendor", TEXT, V, vendor),
	ROW("product", TEXT, V, product),
	ROW("revision", TEXT, V, revision),
	ROW("serial", TEXT, V, serial),
	ROW("designator", TEXT, V, designator),
	ROW("naa", NUMBER, V, naa, .max = UINT64_MAX),
	ROW("eui", NUMBER, V, eui, .max = UINT64_MAX),
	ROW("read-rate", NUMBER, V, read_rate, .max = 1ULL << 40),
	ROW("write-rate", NUMBER, V, write_rate, .max = 1ULL << 40),
};
static const V lu_defaults = {
	.size = 1ULL << 30,
	.block_size = 512,
	.read_capacity_16 = true,
	.vendor = "LIBIMA",
	.product = "SIMULATED LU",
	.revision = "1",
};
#undef V

static const struct property page_properties[] = { ROW("data", BYTES, struct page_values,
						       data) };

#define V struct source_values
static const struct property source_properties[] = {
	ROW("active", BOOL, V, active, .flags = PROPERTY_HIDDEN),
	ROW("removed", BOOL, V, removed, .flags = PROPERTY_HIDDEN),
};
static const struct property address_properties[] = {
	ROW("active", BOOL, V, active, .flags = PROPERTY_HIDDEN),
	ROW("removed", BOOL, V, removed, .flags = PROPERTY_HIDDEN),
	ROW("auth-in-use", METHODS, V, auth_in_use, .flags = PROPERTY_HIDDEN),
	CHAP_ROWS(V, chap[0].name, chap[0].secret, "chap"),
	CHAP_ROWS(V, chap[1].name, chap[1].secret, "mutual"),
	ROW("mutual-excepted", BOOL, V, mutual_excepted, .flags = PROPERTY_HIDDEN),
};
static const V source_defaults = { .active = true };
#undef V

#define OVERRIDE(text, index, high) \
	ROW(text, OVERRIDE, struct found_values, keys[index], .max = (high))
#define V struct found_values
static const struct property found_properties[] = {
	OVERRIDE("max-connections", KEY_MAX_CONNECTIONS, UINT32_MAX),
	OVERRIDE("max-recv-data-segment-length", KEY_MAX_RECV, UINT32_MAX),
	OVERRIDE("max-burst-length", KEY_MAX_BURST, UINT32_MAX),
	OVERRIDE("first-burst-length", KEY_FIRST_BURST, UINT32_MAX),
	OVERRIDE("default-time2wait", KEY_TIME2WAIT, UINT32_MAX),
	OVERRIDE("default-time2retain", KEY_TIME2RETAIN, UINT32_MAX),
	OVERRIDE("max-outstanding-r2t", KEY_MAX_R2T, UINT32_MAX),
	OVERRIDE("error-recovery-level", KEY_ERROR_RECOVERY, UINT32_MAX),
	OVERRIDE("initial-r2t", KEY_INITIAL_R2T, 1),
	OVERRIDE("immediate-data", KEY_IMMEDIATE_DATA, 1),
	OVERRIDE("data-pdu-in-order", KEY_PDU_ORDER, 1),
	OVERRIDE("data-sequence-in-order", KEY_SEQUENCE_ORDER, 1),
	ROW("header-digest", OVERRIDE, V, digests[DIGEST_HEADER], .words = &digest_words),
	ROW("data-digest", OVERRIDE, V, digests[DIGEST_DATA], .words = &digest_words),
	ROW("auth-in-use", METHODS, V, auth_in_use, .flags = PROPERTY_HIDDEN),
	ALGORITHMS("chap-algorithms", V, chap_algorithms, .flags = 0),
	CHAP_ROWS(V, chap[0].name, chap[0].secret, "chap"),
	CHAP_ROWS(V, chap[1].name, chap[1].secret, "mutual"),
	ROW("mutual-excepted", BOOL, V, mutual_excepted, .flags = PROPERTY_HIDDEN),
	ROW("sendtargets", BOOL, V, sendtargets, .flags = PROPERTY_NETWORK),
	ROW("collecting", BOOL, V, collecting),
	ROW("login", BOOL, V, login,
	    .flags = PROPERTY_HIDDEN | PROPERTY_NOW | PROPERTY_NETWORK),
};
#undef V

#define V struct found_lu_values
static const struct property found_lu_properties[] = {
	ROW("exposed", BOOL, V, exposed),
	ROW("in-use", BOOL, V, in_use, .flags = PROPERTY_HIDDEN | PROPERTY_NOW),
	ROW("collecting", BOOL, V, collecting),
	ROW("exposed-since", TIME, V, time_exposed, .flags = PROPERTY_NOW),
};
#undef V

/* --- coherence ---------------------------------------------------------------------- */

static int check_ipsec(bool any, bool hardware, bool software, unsigned int line,
		       struct problem *problem)
{
	if (any != (hardware || software))
		return problem_set(problem, line,
				   "ipsec is yes if and only if ipsec-hardware or "
				   "ipsec-software is");
	return 0;
}

static int check_pnp(const void *values, unsigned int line, struct problem *problem)
{
	const struct pnp_values *pnp = values;

	if (pnp->dns2_settable && !pnp->dns1_settable)
		return problem_set(problem, line, "dns2-settable needs dns1-settable");
	if (pnp->dns2.family && !pnp->dns1.family)
		return problem_set(problem, line, "dns2 needs dns1");
	return check_ipsec(pnp->ipsec, pnp->ipsec_hardware, pnp->ipsec_software, line,
			   problem);
}

static int check_phba(const void *values, unsigned int line, struct problem *problem)
{
	const struct phba_values *phba = values;

	if (phba->initiator == IMA_FALSE && phba->target == IMA_FALSE)
		return problem_set(problem, line,
				   "initiator and target must not both be no");
	if (phba->driver_version[0] && !phba->driver[0])
		return problem_set(problem, line, "driver-version needs driver");
	return 0;
}

static int check_lnp(const void *values, unsigned int line, struct problem *problem)
{
	const struct lnp_values *lnp = values;

	if (!lnp->pnps.count)
		return problem_set(problem, line, "pnps: an lnp has at least one pnp");
	return 0;
}

static int check_portal(const void *values, unsigned int line, struct problem *problem)
{
	const struct portal_values *portal = values;

	if (!portal->address.family)
		return problem_set(problem, line, "address is missing");
	return 0;
}

static int check_host(const void *values, unsigned int line, struct problem *problem)
{
	const struct host_values *host = values;

	if (!host->address.family)
		return problem_set(problem, line, "address is missing");
	return 0;
}

static int check_key(const struct key_setting *key, const char *name, unsigned int line,
		     struct problem *problem)
{
	if (key->settable && !key->exposed)
		return problem_set(problem, line, "%s.settable needs %s.exposed", name,
				   name);
	if (key->min > key->max || key->value < key->min || key->value > key->max)
		return problem_set(problem, line, "%s must be from %s.min to %s.max",
				   name, name, name);
	return 0;
}

static int check_digest(const struct digest_setting *digest, const char *name,
			unsigned int line, struct problem *problem)
{
	if (digest->settable && !digest->exposed)
		return problem_set(problem, line, "%s.settable needs %s.exposed", name,
				   name);
	return 0;
}

/* Something is offered, and nothing that is not there. */
static int check_algorithms(const struct lhba_values *lhba, unsigned int line,
			    struct problem *problem)
{
	const struct methods *supported = &lhba->chap_supported;
	unsigned int known = 0;

	for (unsigned int i = 0; i < supported->count; i++)
		known |= 1U << supported->list[i];
	for (unsigned int i = 0; i < lhba->chap_algorithms.count; i++)
		if (!(known >> lhba->chap_algorithms.list[i] & 1))
			return problem_set(problem, line,
					   "chap-algorithms must be some of "
					   "chap-algorithms-supported");
	if (!lhba->chap_algorithms.count)
		return problem_set(problem, line,
				   "chap-algorithms: there is at least one");
	return 0;
}

static int check_lhba(const void *values, unsigned int line, struct problem *problem)
{
	static const char *const names[KEYS] = {
		"max-connections",     "max-recv-data-segment-length",
		"max-burst-length",    "first-burst-length",
		"default-time2wait",   "default-time2retain",
		"max-outstanding-r2t", "error-recovery-level",
		"initial-r2t",	       "immediate-data",
		"data-pdu-in-order",   "data-sequence-in-order",
	};
	const struct lhba_values *lhba = values;

	for (unsigned int i = 0; i < KEYS; i++)
		if (check_key(&lhba->keys[i], names[i], line, problem) < 0)
			return -1;
	if (lhba->keys[KEY_FIRST_BURST].value > lhba->keys[KEY_MAX_BURST].value)
		return problem_set(
			problem, line,
			"first-burst-length must not be above max-burst-length");
	if (check_algorithms(lhba, line, problem) < 0 ||
	    check_digest(&lhba->digests[DIGEST_HEADER], "header-digest", line, problem) <
		    0 ||
	    check_digest(&lhba->digests[DIGEST_DATA], "data-digest", line, problem) < 0)
		return -1;
	return check_ipsec(lhba->ipsec, lhba->ipsec_hardware, lhba->ipsec_software, line,
			   problem);
}

static int check_lu(const void *values, unsigned int line, struct problem *problem)
{
	const struct lu_values *lu = values;

	if (lu->block_size & (lu->block_size - 1))
		return problem_set(problem, line, "block-size must be a power of two");
	if (lu->size % lu->block_size)
		return problem_set(problem, line,
				   "size must be a multiple of block-size");
	return 0;
}

/* --- the kinds ----------------------------------------------------------------------- */

#define NO_PARENT      \
	{              \
		-1, -1 \
	}
#define VALUES(type)                                                                  \
	.size = sizeof(struct type), .now = (unsigned int)offsetof(struct type, now), \
	.values_size = sizeof(struct type##_values)
#define LATER(type)	  .next = (unsigned int)offsetof(struct type, next)
#define PROPERTIES(table) .properties = (table), .n_properties = ARRAY_SIZE(table)

const struct kind kinds[KINDS] = {
	[KIND_MACHINE] = { "machine", IMA_OBJECT_TYPE_UNKNOWN, NAME_NONE, NO_PARENT,
			   VALUES(machine), PROPERTIES(machine_properties),
			   .defaults = &machine_defaults },
	[KIND_HOST] = { "host", IMA_OBJECT_TYPE_UNKNOWN, NAME_WORD, NO_PARENT,
			VALUES(host), PROPERTIES(host_properties), .network = true,
			.check = check_host },
	[KIND_NETWORK] = { "network", IMA_OBJECT_TYPE_UNKNOWN, NAME_WORD, NO_PARENT,
			   VALUES(network), PROPERTIES(network_properties),
			   .defaults = &network_defaults, .network = true },
	[KIND_ISNS] = { "isns", IMA_OBJECT_TYPE_UNKNOWN, NAME_ENDPOINT, NO_PARENT,
			VALUES(isns), PROPERTIES(isns_properties),
			.defaults = &isns_defaults, .network = true },
	[KIND_ACCOUNT] = { "account", IMA_OBJECT_TYPE_UNKNOWN, NAME_WORD, NO_PARENT,
			   VALUES(account), PROPERTIES(account_properties) },
	[KIND_NODE] = { "node", IMA_OBJECT_TYPE_NODE, NAME_WORD, NO_PARENT, VALUES(node),
			LATER(node), PROPERTIES(node_properties),
			.defaults = &node_defaults },
	[KIND_PHBA] = { "phba", IMA_OBJECT_TYPE_PHBA, NAME_WORD, NO_PARENT, VALUES(phba),
			LATER(phba), PROPERTIES(phba_properties), .n_children = 1,
			.defaults = &phba_defaults, .check = check_phba },
	[KIND_PNP] = { "pnp",
		       IMA_OBJECT_TYPE_PNP,
		       NAME_WORD,
		       { KIND_PHBA, -1 },
		       0,
		       2,
		       VALUES(pnp),
		       LATER(pnp),
		       PROPERTIES(pnp_properties),
		       .defaults = &pnp_defaults,
		       .network = true,
		       .check = check_pnp },
	[KIND_LNP] = { "lnp", IMA_OBJECT_TYPE_LNP, NAME_WORD, NO_PARENT, VALUES(lnp),
		       PROPERTIES(lnp_properties), .n_children = 1, .network = true,
		       .check = check_lnp },
	[KIND_PORTAL] = { "portal",
			  IMA_OBJECT_TYPE_NETWORK_PORTAL,
			  NAME_WORD,
			  { KIND_LNP, -1 },
			  0,
			  0,
			  VALUES(portal),
			  LATER(portal),
			  PROPERTIES(portal_properties),
			  .defaults = &portal_defaults,
			  .check = check_portal },
	[KIND_LHBA] = { "lhba", IMA_OBJECT_TYPE_LHBA, NAME_WORD, NO_PARENT, VALUES(lhba),
			LATER(lhba), PROPERTIES(lhba_properties), .n_children = 3,
			.defaults = &lhba_defaults, .check = check_lhba },
	[KIND_TARGET] = { "target", IMA_OBJECT_TYPE_UNKNOWN, NAME_ISCSI, NO_PARENT,
			  VALUES(target), PROPERTIES(target_properties), .n_children = 1,
			  .defaults = &target_defaults, .network = true },
	[KIND_LU] = { "lu",
		      IMA_OBJECT_TYPE_UNKNOWN,
		      NAME_LUN,
		      { KIND_TARGET, -1 },
		      0,
		      1,
		      VALUES(lu),
		      PROPERTIES(lu_properties),
		      .defaults = &lu_defaults,
		      .check = check_lu },
	[KIND_PAGE] = { "page",
			IMA_OBJECT_TYPE_UNKNOWN,
			NAME_PAGE,
			{ KIND_LU, -1 },
			0,
			0,
			VALUES(page),
			PROPERTIES(page_properties) },
	[KIND_DISCOVERY] = { "discovery",
			     IMA_OBJECT_TYPE_DISCOVERY_ADDRESS,
			     NAME_ENDPOINT,
			     { KIND_LHBA, KIND_PNP },
			     0,
			     0,
			     VALUES(source),
			     LATER(source),
			     PROPERTIES(address_properties),
			     .defaults = &source_defaults,
			     .network = true },
	[KIND_STATIC] = { "static",
			  IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET,
			  NAME_STATIC,
			  { KIND_LHBA, KIND_PNP },
			  1,
			  0,
			  VALUES(source),
			  LATER(source),
			  PROPERTIES(source_properties),
			  .defaults = &source_defaults,
			  .network = true },
	[KIND_FOUND] = { "found",
			 IMA_OBJECT_TYPE_TARGET,
			 NAME_ISCSI,
			 { KIND_LHBA, -1 },
			 2,
			 2,
			 VALUES(found),
			 LATER(found),
			 PROPERTIES(found_properties),
			 .internal = true },
	[KIND_FOUND_LU] = { "found-lu",
			    IMA_OBJECT_TYPE_LU,
			    NAME_LUN,
			    { KIND_FOUND, -1 },
			    0,
			    0,
			    VALUES(found_lu),
			    LATER(found_lu),
			    PROPERTIES(found_lu_properties),
			    .internal = true },
	[KIND_SESSION] = { "session",
			   IMA_OBJECT_TYPE_SESSION,
			   NAME_LUN,
			   { KIND_FOUND, -1 },
			   1,
			   1,
			   .size = sizeof(struct session),
			   .internal = true },
	[KIND_CONNECTION] = { "connection",
			      IMA_OBJECT_TYPE_CONNECTION,
			      NAME_LUN,
			      { KIND_SESSION, -1 },
			      0,
			      0,
			      .size = sizeof(struct connection),
			      .internal = true },
};
