/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kinds.h - the kinds of objects a simulated machine and its network are made of.
 *
 * Each kind has a structure that begins with struct object and holds its values: now, what is
 * in force, and for most kinds next, what will be after the next reboot. The rows of
 * kinds.c tell which properties the values have; sim code reads the fields directly and
 * writes them through object_store, which keeps now and next, the marks for the state file
 * and the change events right.
 */
#ifndef SIM_KINDS_H
#define SIM_KINDS_H

#include "ima-plugin.h"

#include "value.h"

enum kind_id {
	KIND_MACHINE,
	KIND_HOST,
	KIND_NETWORK,
	KIND_ISNS,
	KIND_ACCOUNT,
	KIND_NODE,
	KIND_PHBA,
	KIND_PNP,
	KIND_LNP,
	KIND_PORTAL,
	KIND_LHBA,
	KIND_TARGET,
	KIND_LU,
	KIND_PAGE,
	KIND_DISCOVERY,
	KIND_STATIC,
	KIND_FOUND,
	KIND_FOUND_LU,
	KIND_SESSION,
	KIND_CONNECTION,
	KINDS
};

/* How the last part of an object's path is written. */
enum name_form {
	NAME_NONE,     /* the only one of its kind */
	NAME_WORD,     /* letters, digits, '-', '.', '_' */
	NAME_ISCSI,    /* iSCSI name */
	NAME_ENDPOINT, /* HOST:PORT */
	NAME_STATIC,   /* iSCSI name @ HOST:PORT */
	NAME_LUN,      /* number */
	NAME_PAGE,     /* 0xNN or standard */
};

struct object_list {
	struct object *first, *last;
	size_t count;
};

struct identity;

struct object {
	const struct kind *kind;
	const struct identity
		*identity; /* lives as long as the process knows the plugin */
	struct object *parent;
	struct object *previous, *next; /* of the same kind and parent */
	struct object_list *children;	/* one list for each kind that hangs here */
	uint64_t marked[3];		/* properties that differ from the scenario's */
	bool added;			/* not in the scenario */
	bool event_pending;
};

struct model;

struct kind {
	const char *name;
	IMA_OBJECT_TYPE type; /* IMA_OBJECT_TYPE_UNKNOWN: not visible through the API */
	enum name_form form;
	int parents
		[2]; /* enum kind_id, or -1; the second is the one with a longer path */
	unsigned int slot;	 /* list of the parent it hangs in */
	unsigned int n_children; /* lists it has itself */
	unsigned int size;
	unsigned int now, next; /* offsets of the values; next is 0 if there are none */
	unsigned int values_size;
	unsigned int n_properties;
	const struct property *properties;
	const void *defaults; /* values of a new object, NULL for zeros */
	bool internal;	      /* cannot be added by a statement */
	bool network;	      /* every property may change what is found and reached */
	/* Do the values go together? The message names no object; line is the statement's. */
	int (*check)(const void *values, unsigned int line, struct problem *problem);
};

extern const struct kind kinds[KINDS];

/* --- what the values are ------------------------------------------------------------ */

enum { MODE_MEMORY, MODE_FILE };

struct machine_values {
	char description[256];
	uint32_t mode;
	int64_t clock_start;
	uint64_t clock_step; /* milliseconds a call takes */
	bool real_time;
};
struct machine {
	struct object object;
	struct machine_values now;
};

struct host_values {
	struct ip_value address;
};
struct host {
	struct object object;
	struct host_values now;
};

struct network_values {
	struct subnets subnets;
	bool up;
	bool slp;
	bool dhcp;
	struct ip_value dhcp_mask, dhcp_gateway, dhcp_dns1, dhcp_dns2;
	struct address dhcp_isns, slp_isns;
};
struct network {
	struct object object;
	struct network_values now;
};

struct isns_values {
	bool answers;
};
struct isns {
	struct object object;
	struct isns_values now;
	struct address endpoint;
};

struct auth_parms {
	uint64_t chap_retries, chap_min, chap_max;
	struct bytes_512 chap_name;
	struct bytes_256 chap_secret;
	struct bytes_512 srp_user;
	struct bytes_1024 krb5_key;
	struct {
		struct bytes_4096 private_key, public_key;
	} spkm[2];
};

/* Name and secret of one direction of CHAP; without a secret there are none. */
struct chap_parms {
	struct bytes_512 name;
	struct bytes_256 secret;
};

struct account_values {
	struct auth_parms auth;
};
struct account {
	struct object object;
	struct account_values now;
};

/* What a reboot may be needed for; the words are in kinds.c. */
enum reboot_group {
	REBOOT_NAME = 1 << 0,
	REBOOT_ALIAS = 1 << 1,
	REBOOT_KEYS = 1 << 2,
	REBOOT_AUTH_METHODS = 1 << 3,
	REBOOT_AUTH_PARMS = 1 << 4,
	REBOOT_DISCOVERY = 1 << 5,
	REBOOT_ADDRESSES = 1 << 6,
	REBOOT_STATICS = 1 << 7,
	REBOOT_EXPOSING = 1 << 8,
	REBOOT_STATISTICS = 1 << 9,
	REBOOT_IP_METHOD = 1 << 10,
	REBOOT_MASK = 1 << 11,
	REBOOT_GATEWAY = 1 << 12,
	REBOOT_DNS = 1 << 13,
	REBOOT_ADDRESS = 1 << 14,
	REBOOT_DOWNLOAD = 1 << 15,
};

struct node_values {
	char name[224];
	char alias[256];
	bool settable, initiator, target;
	uint32_t reboot;
};
struct node {
	struct object object;
	struct node_values now, next;
};

enum {
	SUPPORTS_ISNS = 1,
	SUPPORTS_SLP = 2,
	SUPPORTS_STATIC = 4,
	SUPPORTS_SENDTARGETS = 8
};
enum { REMOVAL_EXPOSED, REMOVAL_IN_USE };

struct discovery_settings {
	uint32_t supported; /* SUPPORTS_... */
	bool isns_settable, slp_settable, static_settable, sendtargets_settable;
	uint32_t isns, slp, static_method, sendtargets; /* IMA_XBOOL */
	uint32_t isns_method;				/* IMA_ISNS_DISCOVERY_METHOD */
	uint32_t isns_methods;				/* 1 << method: can be set */
	struct address isns_host;
	bool needs_primary;
	uint32_t removal; /* what keeps sources from being removed */
};

enum { STATISTICS_SWITCHABLE, STATISTICS_ALWAYS, STATISTICS_NEVER, STATISTICS_ABSENT };

struct phba_values {
	char vendor[512], model[512], description[1024], serial[512], hardware[512],
		asic[512], firmware[512], option_rom[512], boot_code[512], driver[512],
		driver_version[512];
	uint32_t ulps;
	uint32_t bidirectional, can_be_nic, is_nic, initiator, target, toe, iscsi_offload;
	uint32_t max_cdb;
	uint32_t status;
	bool download_check, download_firmware, download_option_rom, download_boot_code,
		downgrade;
	char image_model[64];
	struct discovery_settings discovery;
	uint32_t statistics;
	bool collecting;
	uint32_t reboot;
};
struct phba {
	struct object object;
	struct phba_values now, next;
};

struct pnp_values {
	struct object *network;
	uint8_t mac[6];
	bool mac_settable;
	uint64_t max_rate, rate, max_frame;
	uint32_t status;
	bool link;
	bool dhcp, ip_method_settable, mask_settable, gateway_settable, dns1_settable,
		dns2_settable;
	struct ip_value mask, gateway, dns1, dns2;
	bool ipsec, ipsec_hardware, ipsec_software;
	uint32_t reboot;
};
struct pnp {
	struct object object;
	struct pnp_values now, next;
	IMA_PNP_STATISTICS counters;
	bool compared; /* the two next are what clients know */
	IMA_NETWORK_PORT_STATUS last_status;
	IMA_IP_PROPERTIES last_ip;
};

struct lnp_values {
	struct references pnps;
	uint8_t mac[6];
	bool mac_settable;
};
struct lnp {
	struct object object;
	struct lnp_values now;
	bool compared;
	IMA_NETWORK_PORT_STATUS last_status;
};

struct portal_values {
	struct ip_value address;
	bool settable;
	uint32_t reboot;
};
struct portal {
	struct object object;
	struct portal_values now, next;
};

/* The twelve login keys, in the order of the table in keys.c. */
enum key_id {
	KEY_MAX_CONNECTIONS,
	KEY_MAX_RECV,
	KEY_MAX_BURST,
	KEY_FIRST_BURST,
	KEY_TIME2WAIT,
	KEY_TIME2RETAIN,
	KEY_MAX_R2T,
	KEY_ERROR_RECOVERY,
	KEY_INITIAL_R2T,
	KEY_IMMEDIATE_DATA,
	KEY_PDU_ORDER,
	KEY_SEQUENCE_ORDER,
	KEYS
};
#define KEYS_NUMERIC KEY_INITIAL_R2T

struct key_setting {
	uint32_t value, standard, min, max, increment;
	bool settable, exposed;
};

enum digest_id { DIGEST_HEADER, DIGEST_DATA, DIGESTS };

struct digest_setting {
	uint32_t value; /* IMAX_DIGEST_OFFER */
	bool settable, exposed;
};

enum { NEEDS_LOGIN_ALIAS = 1, NEEDS_LOGIN_ADDRESS_KEYS = 2 };

struct lhba_values {
	char os_device_name[512];
	struct object *node;
	struct references phbas, lnps, networks;
	bool lu_exposing, parallel_ids, auto_login, scsi_commands;
	bool stale_data_removable;
	uint64_t stale_data;
	bool auth_reportable, auth_methods_settable, auth_parms_settable,
		secrets_readable;
	struct methods auth_supported, auth_in_use;
	struct auth_parms auth;
	bool mutual_chap, chap_algorithms_settable, target_auth_settable;
	struct methods chap_supported, chap_algorithms; /* CHAP_A - IMAX_CHAP_MD5 */
	struct chap_parms mutual; /* what targets prove themselves with */
	struct discovery_settings discovery;
	struct key_setting keys[KEYS];
	bool target_keys_settable, target_sendtargets_settable;
	struct digest_setting digests[DIGESTS];
	bool auto_rescan;
	uint32_t statistics;
	bool collecting; /* what new targets and LUs begin with */
	uint32_t error_counters, needs_login;
	bool ipsec, ipsec_hardware, ipsec_software;
	uint32_t reboot;
};
struct lhba {
	struct object object;
	struct lhba_values now, next;
	uint64_t stale_bytes; /* of statements about objects that are not found */
	uint32_t next_os_target_id;
};

enum { ANSWER_ACCEPT, ANSWER_REJECT, ANSWER_IGNORE };

struct target_values {
	char alias[256];
	struct portals portals;
	char array[64]; /* targets of one array answer SendTargets for each other */
	bool sendtargets, isns, slp;
	uint32_t login, discovery; /* ANSWER_... */
	uint16_t reject;	   /* Status-Class and Status-Detail */
	struct methods auth;	   /* what it accepts; empty: anything */
	struct methods
		discovery_auth; /* the same for discovery sessions; empty: no login */
	struct methods chap_algorithms; /* what it knows; empty: all */
	struct object *account;
	struct object *mutual_account; /* what it proves itself with, NULL: it cannot */
	char allow[224]; /* the only initiator name it accepts, if not empty */
	bool well_known_lu, scan;
	uint32_t
		digests[DIGESTS]; /* IMAX_DIGEST_OFFER: what it agrees to, in any order */
	uint32_t keys[KEYS];
};
struct target {
	struct object object;
	struct target_values now;
	uint16_t next_tsih;
};

struct lu_values {
	uint64_t size; /* bytes */
	uint32_t block_size;
	uint32_t type; /* index of the word: peripheral device type */
	uint8_t physical_exponent;
	bool thin, removable, read_capacity_16;
	char vendor[9], product[17], revision[5], serial[33], designator[64];
	uint64_t naa, eui;
	uint64_t read_rate, write_rate; /* bytes per second of the clock */
};
struct lu {
	struct object object;
	struct lu_values now;
};

struct page_values {
	struct bytes_1024 data;
};
struct page {
	struct object object;
	struct page_values now;
};

/* Discovery addresses and static targets. */
struct source_values {
	bool active;  /* used for discovery */
	bool removed; /* gone for clients, used until the next reboot */
	struct methods
		auth_in_use; /* discovery addresses only, also the next; empty: LHBA */
	struct chap_parms chap[2]; /* by IMAX_CHAP_DIRECTION */
	bool mutual_excepted;	   /* it need not prove itself, whatever the LHBA has */
};
struct source {
	struct object object;
	struct source_values now, next;
	struct address endpoint;
	char target[224]; /* static targets only */
};

struct found_values {
	struct override keys[KEYS], digests[DIGESTS];
	struct methods auth_in_use, chap_algorithms; /* empty: those of the LHBA */
	struct chap_parms chap[2];		     /* by IMAX_CHAP_DIRECTION */
	bool mutual_excepted;			     /* as of a source */
	bool sendtargets, collecting, login;
};
enum error_counter {
	ERROR_LOGIN_FAILED,
	ERROR_SESSION_FAILED,
	ERROR_DIGEST,
	ERROR_TIME_LIMIT,
	ERROR_FORMAT,
	ERROR_TIMEOUT,
	ERROR_COUNTERS,
	ERROR_LAST_FAILURE =
		ERROR_COUNTERS /* bit for the time of the last failed login */
};
struct found {
	struct object object;
	struct found_values now, next;
	struct target *target; /* it stays as long as this does */
	uint32_t methods;      /* IMA_TARGET_DISCOVERY_METHOD flags */
	uint32_t methods_new;  /* while a discovery runs */
	bool answered;	       /* the last discovery found it */
	bool alias_known, scanned, login_failed;
	uint32_t os_target_id;
	uint32_t errors[ERROR_COUNTERS];
	int64_t last_failure;
};

struct found_lu_values {
	bool exposed, in_use, collecting;
	int64_t time_exposed;
};
struct found_lu {
	struct object object;
	struct found_lu_values now, next;
	struct lu *lu;
	uint32_t device; /* number of the device name + 1, 0: none */
	uint8_t device_class;
	int64_t counted; /* clock up to which read-rate and write-rate are in the counters */
	IMA_DEVICE_STATISTICS counters;
};

struct session {
	struct object object;
	IMA_SESSION_PROPERTIES properties; /* associatedLhbaOid is filled in when asked */
};
struct connection {
	struct object object;
	IMA_CONNECTION_PROPERTIES properties;
	struct portal_address portal;
	struct pnp *pnp; /* the port it goes through, NULL for a software initiator */
};

#endif
