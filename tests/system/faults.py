# SPDX-License-Identifier: LGPL-2.1-or-later
"""Targets, links and daemons that fail: statuses, events, deadlines, recovery."""
import json
import os
import signal
import subprocess
import time

from machine import (IMACTL, begin, done_with, equal, finish, guest, imactl, ok, read,
                     session_attr, sessions, sh, wait_until)

TGT, LIO = 'iqn.2024-01.test:t1', 'iqn.2024-01.test:lio'
DISABLE = f'/sys/kernel/config/target/iscsi/{LIO}/tpgt_1/enable'


def pid_of(name):
    return int(sh(f'pidof -s {name}').stdout or 0)


def state():
    return [session_attr(sid, 'state') for sid in sessions()]


def status_of(result):
    return (result[1].get('error', {}).get('status') or {}).get('name')


def timed(*words):
    start = time.monotonic()
    result = imactl(*words)
    return result, time.monotonic() - start


class Monitor:
    def __init__(self):
        with open('/run/monitor', 'w', encoding='ascii') as file:
            self.process = subprocess.Popen([IMACTL, 'monitor', '--json'], stdout=file,
                                            stderr=subprocess.DEVNULL)
        time.sleep(1)
        self.seen = 0

    def events(self):
        lines = (read('/run/monitor') or '').splitlines()
        return [json.loads(line).get('data', {}) for line in lines[self.seen:]]

    def mark(self):
        self.seen = len((read('/run/monitor') or '').splitlines())

    def await_type(self, kind, seconds=10):
        return wait_until(lambda: any(kind in json.dumps(event).lower()
                                      for event in self.events()), seconds)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=10)


begin()
guest('''sed -i -e 's/^node.conn\\[0\\].timeo.noop_out_interval.*/node.conn[0].timeo.noop_out_interval = 1/' \
    -e 's/^node.conn\\[0\\].timeo.noop_out_timeout.*/node.conn[0].timeo.noop_out_timeout = 1/' \
    -e 's/^node.session.timeo.replacement_timeout.*/node.session.timeo.replacement_timeout = 4/' \
    /etc/iscsi/iscsid.conf
start_tgtd
tgt_target 1 1
start_iscsid''')
imactl('discovery', 'add', '127.0.0.1')
imactl('discovery', 'run')
done_with(imactl('target', 'login', TGT), 0, 'login to the user-space target')
monitor = Monitor()

# --- The target drops the connection
monitor.mark()
sh('tgtadm --lld iscsi --op delete --mode conn --tid 1 --sid 1 --cid 0')
ok(wait_until(lambda: state() != ['LOGGED_IN'], 5) or monitor.await_type('target'),
   'a dropped connection is noticed')
ok(monitor.await_type('target'), 'and is an event of the target')
ok(wait_until(lambda: state() == ['LOGGED_IN'], 15), 'the session comes back')
done_with(imactl('lu', 'inquiry', TGT, '1'), 0, 'and answers')

# --- The target stops
monitor.mark()
os.kill(pid_of('tgtd'), signal.SIGSTOP)
ok(wait_until(lambda: state() == ['FAILED'] or state() == ['FREE'], 10),
   'a silent target fails the session')
result, seconds = timed('lu', 'inquiry', TGT, '1', '--timeout', '3')
equal(status_of(result), 'IMA_ERROR_TARGET_TIMEOUT', 'a command to it times out')
ok(seconds < 6, 'within its deadline', seconds)
done_with(imactl('target', 'list'), 0, 'what does not need the target works')
ok(wait_until(lambda: state() == ['FREE'], 15), 'the session is given up')
os.kill(pid_of('tgtd'), signal.SIGCONT)
ok(wait_until(lambda: state() == ['LOGGED_IN'], 20), 'it comes back with the target')
ok(monitor.await_type('target'), 'which were events')
done_with(imactl('lu', 'inquiry', TGT, '1'), 0, 'and the LU answers')

# --- iscsid hangs
os.kill(pid_of('iscsid'), signal.SIGSTOP)
done_with(imactl('target', 'list', '--timeout', '5'), 0, 'reading does not need iscsid')
done_with(imactl('lu', 'list', '--timeout', '5'), 0, 'nor does listing LUs')
result, seconds = timed('target', 'logout', TGT, '--timeout', '3')
ok(status_of(result) == 'IMA_ERROR_SYNC_TIMEOUT', 'a logout with iscsid stopped times out', result)
ok(seconds < 6, 'within its deadline', seconds)
os.kill(pid_of('iscsid'), signal.SIGCONT)
wait_until(lambda: True, 1)
done_with(imactl('target', 'logout', TGT), 0, 'afterwards it is done')

# --- iscsid is gone
os.kill(pid_of('iscsid'), signal.SIGKILL)
result = imactl('target', 'login', TGT)
equal(status_of(result), 'IMA_ERROR_UNEXPECTED_OS_ERROR', 'without iscsid a login fails')
ok('iscsid' in str(result), 'and the error names iscsid', result)
guest('setsid iscsid -f >/run/iscsid2.log 2>&1 & await iscsid_answers')
done_with(imactl('target', 'login', TGT), 0, 'with a new one it succeeds')

# --- The target is gone
monitor.mark()
imactl('target', 'logout', TGT)
os.kill(pid_of('tgtd'), signal.SIGKILL)
wait_until(lambda: not pid_of('tgtd'), 5)
result, seconds = timed('target', 'login', TGT)
equal(status_of(result), 'IMA_ERROR_TARGET_TIMEOUT', 'nobody listens: the login says so')
equal((result[1]['error']['errno'] or {}).get('name'), 'ECONNREFUSED', 'with the reason')
ok(seconds < 5, 'at once', seconds)
result = imactl('discovery', 'run')
equal(status_of(result), 'IMA_ERROR_TARGET_TIMEOUT', 'so does discovery')
monitor.end()

# --- The target refuses
guest(f'''start_lio
lio_disk d 4
lio_target {LIO} "127.0.0.1:3261" "rd_mcp_0/d"''')
imactl('discovery', 'add', '127.0.0.1:3261')
imactl('discovery', 'run')
done_with(imactl('target', 'login', LIO), 0, "login to the kernel's target")
imactl('target', 'logout', LIO)
with open(DISABLE, 'w', encoding='ascii') as file:
    file.write('0')
result = imactl('target', 'login', LIO)
ok(result[0] != 0 and str(LIO) in str(result), 'a disabled portal group refuses the login', result)
with open(DISABLE, 'w', encoding='ascii') as file:
    file.write('1')
done_with(imactl('target', 'login', LIO), 0, 'enabled again it accepts')
finish()
