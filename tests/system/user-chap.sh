# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The user-space initiator with the kernel's target: authentication of discovery; the rest of CHAP
# is in interop.sh. The program that is run prints TAP.
# shellcheck source=/dev/null
. "$GUEST_LIB"

target=iqn.2024-01.test:chap
group=/sys/kernel/config/target/iscsi/$target/tpgt_1
discovery=/sys/kernel/config/target/iscsi/discovery_auth
start_lio
lio_disk d 4
lio_target "$target" "127.0.0.1:3260" "rd_mcp_0/d"
put joe "$group/auth/userid"
put initiatorsecret1 "$group/auth/password"
put tina "$group/auth/userid_mutual"
put targetsecret4567 "$group/auth/password_mutual"
put 1 "$group/attrib/authentication"
put finder "$discovery/userid"
put discoverysecret1 "$discovery/password"
put found "$discovery/userid_mutual"
put foundsecret4567a "$discovery/password_mutual"
put 1 "$discovery/enforce_discovery_auth"
CMOCKA_MESSAGE_OUTPUT=TAP "$1/tests/plugin-user/user-lio"
