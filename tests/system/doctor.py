# SPDX-License-Identifier: LGPL-2.1-or-later
"""imactl doctor on a real machine: healthy first, then one thing after the other goes wrong."""
import os
import signal

from machine import begin, equal, finish, guest, imactl, ok, sh, wait_until

TARGET = 'iqn.2024-01.test:one'
LOCK = '/run/lock/iscsi/lock'


def doctor(*words):
    """Exit code and {check: [severity, ...]} of what is not ok; and what was said."""
    code, findings = imactl('doctor', *words)
    found = {}
    for finding in findings:
        if finding['severity'] != 'ok':
            found.setdefault(finding['check'], []).append(finding['severity'])
    return (code, found), findings


def says(words, result, name):
    return ok(any(words in f'{f["object"]} {f["finding"]}' for f in result[1]), name, result[1])


def pids():
    return [int(pid) for pid in os.listdir('/proc') if pid.isdigit() and
            sh(f'cat /proc/{pid}/comm').stdout.strip() == 'iscsid']


def processes(number):
    for pid in pids():
        os.kill(pid, number)


begin()
guest(f'''start_lio
lio_disk d 4
lio_target {TARGET} "127.0.0.1:3260" "rd_mcp_0/d"''')
sh('modprobe -a iscsi_tcp sd_mod sg')
result = doctor()
equal(result[0], (1, {'daemon': ['problem']}), 'without iscsid that is the problem')
guest('start_iscsid')
imactl('discovery', 'add', '127.0.0.1')
imactl('discovery', 'run')
imactl('target', 'login', TARGET)
result = doctor('--connect')
equal(result[0], (0, {}), 'on a healthy machine nothing is wrong')
says('open-iscsi 2.', result, 'the version is told')

processes(signal.SIGSTOP)
wait_until(lambda: all(' T ' in sh(f'cat /proc/{pid}/stat').stdout for pid in pids()))
result = doctor('--timeout', '10')
equal(result[0], (1, {'daemon': ['problem']}), 'an iscsid that is stopped is found')
processes(signal.SIGCONT)

sh(f'touch {LOCK} && ln {LOCK} {LOCK}.write')
result = doctor()
equal(result[0], (0, {'lock': ['hint']}), 'a lock that is held is a hint')
sh('date -s "@$(($(date +%s) + 100))"', check=True)
result = doctor()
equal(result[0], (1, {'lock': ['problem']}), 'one that is left over is a problem')
result = imactl('param', 'set', 'MaxOutstandingR2T', '3')
ok(result[0] == 5 and 'longer than any change takes' in str(result), 'which no command waits for',
   result)
os.unlink(LOCK + '.write')

guest('''for portal in $LIO/iscsi/*/tpgt_1/np/*; do rmdir "$portal"; done''')
result = doctor('--connect')
ok('portals' in result[0][1], 'a portal that does not answer is found', result)
says('127.0.0.1:3260', result, 'by its address')
equal(doctor()[0][1].get('portals'), None, 'only if that is asked for')

sh(f'rm -r /etc/iscsi/nodes/{TARGET} /etc/iscsi/send_targets')
result = doctor()
ok(result[0][1].get('sessions', [''])[0] == 'warning', 'a session without a record is found',
   result)
says(TARGET, result, 'by its target')
finish()
