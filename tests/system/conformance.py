# SPDX-License-Identifier: LGPL-2.1-or-later
"""ima-conform on the Linux initiator, with sessions to the kernel's target; prints its report.

Run by scripts/conformance in the guest. Everything that can be there is there: targets found by
SendTargets and a static one, with a session and without, logical units that are exposed and
one that is not.
"""
import os
import subprocess
import sys

from machine import BUILD, STATE, begin, guest, imactl, sh

LOGGED_IN, IDLE, STATIC = ('iqn.2024-01.test:in', 'iqn.2024-01.test:idle',
                           'iqn.2024-01.test:static')


def must(result):
    if result[0]:
        sys.exit(f'imactl failed: {result}')


begin()
if guest(f'''start_lio
for i in 0 1 2 3 4; do lio_disk d$i 4; done
lio_target {LOGGED_IN} "127.0.0.1:3260" "rd_mcp_0/d0 rd_mcp_0/d1"
lio_target {IDLE} "127.0.0.1:3260" "rd_mcp_0/d2"
lio_target {STATIC} "127.0.0.1:3261" "rd_mcp_0/d3 rd_mcp_0/d4"
start_iscsid'''):
    sys.exit('the guest has no target or no daemon')
must(imactl('discovery', 'add', '127.0.0.1:3260'))
must(imactl('discovery', 'run'))
must(imactl('static', 'add', STATIC, '127.0.0.1:3261'))
must(imactl('target', 'login', LOGGED_IN))
must(imactl('target', 'login', STATIC))
must(imactl('lu', 'unexpose', STATIC, '1'))
done = subprocess.run([BUILD + '/tools/ima-conform/ima-conform', '--destructive', '--json',
                       BUILD + '/plugins/linux/ima-linux.so'], check=False)
sys.exit(0 if done.returncode in (0, 1) else done.returncode)
