# shellcheck shell=sh
# shellcheck disable=SC2034 # variables for the scripts that source this
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# guest.sh - what scripts that run in the guest share: daemons, targets, TAP.

# await COMMAND...: until it succeeds, at most 5 s
await() {
	tries=0
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -gt 100 ] && { echo "# gave up waiting: $*"; return 1; }
		sleep 0.05
	done
}

# start_tgtd [PORTAL...]: the user-space target on 127.0.0.1:3260 and more portals
start_tgtd() {
	portals=127.0.0.1:3260
	for portal; do portals=$portals,portal=$portal; done
	setsid tgtd -f -d 0 -t 1 --iscsi "portal=$portals" >/run/tgtd.log 2>&1 &
	TGTD=$!
	await tgtadm --op show --mode sys
}

# tgt_target NUMBER [LUS]: target iqn.2024-01.test:tNUMBER with LUNs 1 to LUS of 16 MiB
tgt_target() {
	tgtadm --lld iscsi --op new --mode target --tid "$1" -T "iqn.2024-01.test:t$1"
	for lun in $(seq 1 "${2:-1}"); do
		truncate -s 16M "/run/disk$1.$lun"
		tgtadm --lld iscsi --op new --mode logicalunit --tid "$1" --lun "$lun" \
			-b "/run/disk$1.$lun"
	done
	tgtadm --lld iscsi --op bind --mode target --tid "$1" -I ALL
}

iscsid_answers() {
	iscsiadm -m session >/dev/null 2>&1
	[ $? = 21 ]
}

# start_iscsid: without setsid its end would take this script along
start_iscsid() {
	modprobe -a iscsi_tcp sd_mod sg
	setsid iscsid -f -d "${1:-0}" >/run/iscsid.log 2>&1 &
	ISCSID=$!
	await iscsid_answers
}

LIO=/sys/kernel/config/target

start_lio() {
	modprobe -a target_core_mod target_core_file iscsi_target_mod
	mount -t configfs configfs /sys/kernel/config 2>/dev/null
	mkdir -p $LIO/iscsi /var/target/pr /etc/target
}

# put VALUE FILE: configfs takes a newline as part of a CHAP value
put() {
	printf %s "$1" >"$2"
}

# lio_disk NAME MIB: a RAM disk as core/rd_mcp_0/NAME
lio_disk() {
	mkdir -p "$LIO/core/rd_mcp_0/$1"
	put "rd_pages=$(($2 * 256))" "$LIO/core/rd_mcp_0/$1/control"
	put 1 "$LIO/core/rd_mcp_0/$1/enable"
	put "serial-$1" "$LIO/core/rd_mcp_0/$1/wwn/vpd_unit_serial"
}

# lio_file NAME MIB: a file that can be resized as core/fileio_0/NAME
lio_file() {
	mkdir -p "$LIO/core/fileio_0/$1"
	truncate -s "$2M" "/run/lio-$1"
	put "fd_dev_name=/run/lio-$1,fd_dev_size=$(($2 * 1048576))" \
		"$LIO/core/fileio_0/$1/control"
	put 1 "$LIO/core/fileio_0/$1/enable"
	put "serial-$1" "$LIO/core/fileio_0/$1/wwn/vpd_unit_serial"
}

# lio_target IQN "PORTAL..." "BACKSTORE...": LUNs from 0 in the order of the backstores
lio_target() {
	group=$LIO/iscsi/$1/tpgt_1
	mkdir -p "$group"
	for portal in $2; do mkdir "$group/np/$portal"; done
	lun=0
	for store in $3; do
		mkdir "$group/lun/lun_$lun"
		ln -s "$LIO/core/$store" "$group/lun/lun_$lun/store"
		lun=$((lun + 1))
	done
	put 0 "$group/attrib/authentication"
	put 1 "$group/attrib/generate_node_acls"
	put 1 "$group/attrib/cache_dynamic_acls"
	put 0 "$group/attrib/demo_mode_write_protect"
	put 1 "$group/enable"
}

# TAP: is EXPECTED GOT NAME, ok STATUS NAME, tap_done
TAP_COUNT=0
ok() {
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$1" = 0 ]; then echo "ok $TAP_COUNT - $2"; else echo "not ok $TAP_COUNT - $2"; fi
}

is() {
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf '#   expected: %s\n#   got:      %s\n' "$1" "$2"
}

tap_done() {
	echo "1..$TAP_COUNT"
}
