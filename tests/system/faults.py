# SPDX-License-Identifier: LGPL-2.1-or-later
"""Targets, links and daemons that fail: statuses, events, deadlines, recovery. The times that
are printed depend on the machine; what is checked is that nothing hangs."""
import os
import signal
import threading
import time

from machine import (Failures, Monitor, begin, done_with, equal, finish, guest, imactl,
                     ok, session_attr, sessions, sh, wait_until)

TGT, LIO = 'iqn.2024-01.test:t1', 'iqn.2024-01.test:lio'
# A command that is given 3 s has hung if it takes this long on the slowest machine.
HUNG = 30
DISABLE = f'/sys/kernel/config/target/iscsi/{LIO}/tpgt_1/enable'


def pid_of(name):
    return int(sh(f'pidof -s {name}').stdout or 0)


def state():
    return [session_attr(sid, 'state') for sid in sessions()]


def status_of(result):
    return (result[1].get('error', {}).get('status') or {}).get('name')


def timed(*words):
    """A command with a deadline of 3 s, and how long it took."""
    start = time.monotonic()
    result = imactl(*words, '--timeout', '3')
    seconds = time.monotonic() - start
    print(f'# {" ".join(words)}: {seconds:.1f} s')
    return result, seconds


def is_back(name='the session comes back'):
    ok(wait_until(lambda: state() == ['LOGGED_IN'], 60), name, state())


def fails_and_recovers(what, make, mend, target, lun):
    """What every fault of the link or the target has in common."""
    monitor.mark()
    make()
    ok(wait_until(lambda: state() and state() != ['LOGGED_IN'], 60),
       f'{what}: the session fails', state())
    ok(monitor.wait('changed', 'target', name=target), f'{what}: the target has changed',
       monitor.all())
    result, seconds = timed('lu', 'inquiry', target, lun)
    equal(status_of(result), 'IMA_ERROR_TARGET_TIMEOUT', f'{what}: a command times out')
    ok(seconds < HUNG, f'{what}: and does not hang', seconds)
    for words in (('target', 'list'), ('session', 'list'), ('lu', 'list')):
        done_with(timed(*words)[0], 0, f'{what}: {words[0]} {words[1]} works')
    ok(wait_until(lambda: state() == ['FREE'], 60), f'{what}: the session is given up', state())
    monitor.mark()
    mend()
    is_back(f'{what}: it comes back')
    ok(monitor.wait('changed', 'target', name=target), f'{what}: that is an event too',
       monitor.all())
    done_with(imactl('lu', 'inquiry', target, lun), 0, f'{what}: and the LU answers')


def put(value, path):
    with open(path, 'w', encoding='ascii') as file:
        file.write(value)


begin()
guest('''sed -i -e 's/^node.conn\\[0\\].timeo.noop_out_interval.*/node.conn[0].timeo.noop_out_interval = 1/' \
    -e 's/^node.conn\\[0\\].timeo.noop_out_timeout.*/node.conn[0].timeo.noop_out_timeout = 1/' \
    -e 's/^node.session.timeo.replacement_timeout.*/node.session.timeo.replacement_timeout = 2/' \
    /etc/iscsi/iscsid.conf
start_tgtd
tgt_target 1 1
start_iscsid''')
imactl('discovery', 'add', '127.0.0.1')
imactl('discovery', 'run')
done_with(imactl('target', 'login', TGT), 0, 'login to the user-space target')
monitor = Monitor()

# --- The target drops the connection
failures = Failures()
equal(failures.count(), 0, 'no session has failed yet')
monitor.mark()
sh('tgtadm --lld iscsi --op delete --mode conn --tid 1 --sid 1 --cid 0', check=True)
ok(monitor.wait('changed', 'target', name=TGT), 'a dropped connection is an event')
ok(wait_until(lambda: failures.count() == 1), 'and counts as a failed session', failures.count())
is_back()
done_with(imactl('lu', 'inquiry', TGT, '1'), 0, 'and answers')

# --- It stops, the link is down, packets are lost, it is gone
fails_and_recovers('target stopped', lambda: os.kill(pid_of('tgtd'), signal.SIGSTOP),
                   lambda: os.kill(pid_of('tgtd'), signal.SIGCONT), TGT, '1')
fails_and_recovers('link down', lambda: sh('ip link set lo down', check=True),
                   lambda: sh('ip link set lo up', check=True), TGT, '1')
fails_and_recovers('all packets lost',
                   lambda: sh('tc qdisc add dev lo root netem loss 100%', check=True),
                   lambda: sh('tc qdisc del dev lo root', check=True), TGT, '1')
fails_and_recovers('target killed', lambda: os.kill(pid_of('tgtd'), signal.SIGKILL),
                   lambda: guest('start_tgtd; tgt_target 1 1'), TGT, '1')

# --- iscsid hangs
sids = sessions()
os.kill(pid_of('iscsid'), signal.SIGSTOP)
for words in (('target', 'list'), ('session', 'show'), ('lu', 'list'), ('discovery', 'list'),
              ('param', 'list', '--target', TGT), ('stats', 'show', TGT),
              ('lu', 'inquiry', TGT, '1')):
    done_with(timed(*words)[0], 0, f'iscsid stopped: {" ".join(words[:2])} does not need it')
for words in (('target', 'logout', TGT), ('target', 'login', TGT), ('discovery', 'run')):
    result, seconds = timed(*words)
    ok(seconds < HUNG, f'iscsid stopped: {" ".join(words[:2])} ends', seconds)
    print(f'#   exit code {result[0]}, {status_of(result)}')
equal(sessions(), sids, 'iscsid stopped: nothing was done')
os.kill(pid_of('iscsid'), signal.SIGCONT)
ok(wait_until(lambda: imactl('target', 'logout', TGT)[0] == 0 and not sessions(), 60),
   'once it goes on the logout is done')

# --- iscsid ends and begins again while others call
results = []


def call_again_and_again():
    end = time.monotonic() + 4
    while time.monotonic() < end:
        for words in (('target', 'login', TGT), ('target', 'logout', TGT)):
            results.append(imactl(*words, '--timeout', '5'))


caller = threading.Thread(target=call_again_and_again)
caller.start()
for _ in range(3):
    time.sleep(0.7)
    os.kill(pid_of('iscsid'), signal.SIGKILL)
    guest('setsid iscsid -f >/run/iscsid2.log 2>&1 & await iscsiadm -m node')
caller.join(timeout=120)
ok(not caller.is_alive(), 'calls return while iscsid dies and is started again')
print(f'# {len(results)} calls, {sum(1 for result in results if result[0])} of them failed')
ok(results and all(status_of(r) for r in results if r[0]), 'and each failure has a status',
   results)
ok(wait_until(lambda: imactl('target', 'login', TGT)[0] == 0, 60), 'afterwards a login succeeds')
is_back('and there is a session')
done_with(imactl('lu', 'inquiry', TGT, '1'), 0, 'which answers')
imactl('target', 'logout', TGT)

# --- iscsid is gone
os.kill(pid_of('iscsid'), signal.SIGKILL)
wait_until(lambda: not pid_of('iscsid'), 20)
result = imactl('target', 'login', TGT)
equal(status_of(result), 'IMA_ERROR_UNEXPECTED_OS_ERROR', 'without iscsid a login fails')
ok('iscsid' in str(result), 'and the error names iscsid', result)
guest('setsid iscsid -f >/run/iscsid2.log 2>&1 & await iscsid_answers')
done_with(imactl('target', 'login', TGT), 0, 'with a new one it succeeds')

# --- The target is gone
imactl('target', 'logout', TGT)
os.kill(pid_of('tgtd'), signal.SIGKILL)
wait_until(lambda: not pid_of('tgtd'), 20)
result, seconds = timed('target', 'login', TGT)
equal(status_of(result), 'IMA_ERROR_TARGET_TIMEOUT', 'nobody listens: the login says so')
equal((result[1]['error']['errno'] or {}).get('name'), 'ECONNREFUSED', 'with the reason')
ok(seconds < HUNG, 'and ends', seconds)
equal(status_of(imactl('discovery', 'run')), 'IMA_ERROR_TARGET_TIMEOUT', 'so does discovery')

# --- The target refuses
guest(f'''start_lio
lio_disk d 4
lio_target {LIO} "127.0.0.1:3261" "rd_mcp_0/d"''')
imactl('discovery', 'add', '127.0.0.1:3261')
imactl('discovery', 'run')
done_with(imactl('target', 'login', LIO), 0, "login to the kernel's target")
fails_and_recovers('portal group disabled', lambda: put('0', DISABLE), lambda: put('1', DISABLE),
                   LIO, '0')
imactl('target', 'logout', LIO)
put('0', DISABLE)
result = imactl('target', 'login', LIO)
ok(result[0] != 0 and str(LIO) in str(result), 'a disabled portal group refuses the login', result)
put('1', DISABLE)
done_with(imactl('target', 'login', LIO), 0, 'enabled again it accepts')
monitor.end()
finish()
