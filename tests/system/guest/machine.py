# SPDX-License-Identifier: LGPL-2.1-or-later
"""machine.py - what system tests in Python share: the guest, imactl, TAP.

The functions of guest.sh are reached with guest(). imactl runs with a configuration that has
the Linux initiator alone.
"""
import datetime
import json
import os
import signal
import subprocess
import sys
import time

BUILD = sys.argv[1]
IMACTL = BUILD + '/tools/imactl/imactl'
STATE = '/run/ima'
count = failed = 0


def sh(command, check=False, **options):
    """Runs a command line; standard output and error as text."""
    done = subprocess.run(command, shell=True, text=True, errors='replace', check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **options)
    if check and done.returncode:
        bail(f'{command}: exit code {done.returncode}: {done.stderr}')
    return done


def guest(commands):
    """Shell commands with the functions of guest.sh. Daemons they start stay."""
    done = subprocess.run(['/bin/sh', '-c', '. "$GUEST_LIB"; ' + commands], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode:
        print('# ' + done.stderr.replace('\n', '\n# '))
    return done.returncode


def begin():
    os.makedirs(STATE, exist_ok=True)
    with open(STATE + '/ima.conf', 'w', encoding='ascii') as file:
        file.write(f'org.libima.linux {BUILD}/plugins/linux/ima-linux.so\n')
    os.environ.update(IMA_CONFIG=STATE + '/ima.conf', IMA_STATE_DIR=STATE)


def imactl(*words, timeout=60, prefix=(), stdin=None):
    """(exit code, document): the data of a success, the error document of a failure."""
    done = subprocess.run([*prefix, IMACTL, *words, '--json'], text=True, check=False,
                          input=stdin, stdin=None if stdin else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
    try:
        document = json.loads(done.stdout) if done.stdout.strip() else {}
    except ValueError:
        document = {'text': done.stdout}
    if done.returncode and 'error' not in document:
        document.setdefault('stderr', done.stderr)
    return done.returncode, document.get('data', document)


def ok(fine, name, detail=''):
    global count, failed
    count += 1
    failed += not fine
    print(f'{"ok" if fine else "not ok"} {count} - {name}', flush=True)
    if not fine and detail != '':
        print('#   ' + str(detail).replace('\n', '\n#   '), flush=True)
    return fine


def equal(got, expected, name):
    return ok(got == expected, name, f'expected: {expected!r}\ngot:      {got!r}')


def done_with(result, code, name):
    """A result of imactl() has this exit code."""
    return ok(result[0] == code, name, f'exit code {result[0]}, not {code}: {result[1]}')


def bail(text):
    print('Bail out! ' + text, flush=True)
    sys.exit(1)


def finish():
    print(f'1..{count}')
    sys.exit(0)


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def read(path):
    try:
        with open(path, encoding='utf8', errors='replace') as file:
            return file.read().strip()
    except OSError:
        return None


def sessions():
    """Numbers of the kernel's sessions."""
    try:
        return sorted(int(name[7:]) for name in os.listdir('/sys/class/iscsi_session'))
    except OSError:
        return []


def session_attr(sid, name):
    return read(f'/sys/class/iscsi_session/session{sid}/{name}')


class Monitor:
    """imactl monitor beside the test, and what it said since the last mark()."""
    OUTPUT = '/run/monitor'

    def __init__(self):
        with open(self.OUTPUT, 'w', encoding='ascii') as file:
            self.process = subprocess.Popen([IMACTL, 'monitor', '--json'], stdout=file,
                                            stderr=subprocess.DEVNULL)
        self.seen = 0
        # It is listening as soon as it has heard of a change.
        wait_until(self.hears, 20)
        self.mark()

    def hears(self):
        """A record of an interface comes and goes."""
        sh('iscsiadm -m iface -I heard -o new; iscsiadm -m iface -I heard -o delete')
        return wait_until(lambda: self.select('disappeared', 'LHBA'), 0.3)

    def all(self):
        """Each event with its time in seconds."""
        lines = (read(self.OUTPUT) or '').splitlines()[self.seen:]
        events = [json.loads(line)['data'] for line in lines]
        for event in events:
            at = datetime.datetime.fromisoformat(event['time'].replace('Z', '+00:00'))
            event['seconds'] = at.timestamp()
        return events

    def select(self, event, kind, name=''):
        return [e for e in self.all() if e['event'] == event and
                e['type'].lower() == kind.lower() and name in (e['name'] or '')]

    def wait(self, event, kind, count=1, name='', seconds=20):
        """Those events, as soon as there are so many."""
        wait_until(lambda: len(self.select(event, kind, name)) >= count, seconds)
        return self.select(event, kind, name)

    def mark(self):
        self.seen = len((read(self.OUTPUT) or '').splitlines())

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
