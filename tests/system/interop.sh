# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A test of tests/interop with LIO, as a command that makes its own targets and prints TAP.
exec "$@"
