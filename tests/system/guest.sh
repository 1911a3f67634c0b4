# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The guest itself: a target, open-iscsi's daemon, a login. If this fails, so does the rest.
# shellcheck source=/dev/null
. "$GUEST_LIB"

start_tgtd
tgt_target 1 2
start_iscsid
iscsiadm -m discovery -t st -p 127.0.0.1:3260 >/dev/null
ok $? 'discovery finds the target'
iscsiadm -m node -T iqn.2024-01.test:t1 -l >/dev/null
ok $? 'login succeeds'
await test -e /dev/sdb
ok $? 'the disks have device nodes'
iscsiadm -m node -T iqn.2024-01.test:t1 -u >/dev/null
ok $? 'logout succeeds'
tap_done
