# SPDX-License-Identifier: LGPL-2.1-or-later
"""machine.py - what system tests in Python share: the guest, imactl, TAP.

The functions of guest.sh are reached with guest(). imactl runs with a configuration that has
the Linux initiator alone, if nothing else is said.
"""
import ctypes
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


def begin(*initiators):
    """Of these, or of the kernel's alone."""
    os.makedirs(STATE, exist_ok=True)
    with open(STATE + '/ima.conf', 'w', encoding='ascii') as file:
        for name in initiators or ('linux',):
            file.write(f'org.libima.{name} {BUILD}/plugins/{name}/ima-{name}.so\n')
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


def output(command):
    """Bytes that a command line prints."""
    return subprocess.run(command, shell=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def reply(*words):
    """Bytes that imactl lu got."""
    return bytes.fromhex(imactl('lu', *words)[1].get('bytes', ''))


def disks():
    return sorted(name for name in os.listdir('/dev') if name.startswith('sd'))


def disk_of(target, lun):
    return imactl('lu', 'show', target, str(lun))[1]['osDeviceName'].removeprefix('/dev/')


def same_bytes(target, lun, pages):
    """What the LU says, byte by byte as sg3-utils read it."""
    generic = os.path.realpath(f'/sys/block/{disk_of(target, lun)}/device/generic')
    sg = '/dev/' + os.path.basename(generic)
    lun = str(lun)
    equal(reply('inquiry', target, lun), output(f'sg_inq -r {sg}'), 'INQUIRY is what sg_inq reads')
    for page in pages:
        equal(reply('inquiry', target, lun, '--page', page), output(f'sg_vpd -r -p {page} {sg}'),
              f'page {page} is what sg_vpd reads')
    equal(reply('capacity', target, lun, '--cdb', '10'), output(f'sg_readcap -r {sg}'),
          'READ CAPACITY 10 is what sg_readcap reads')
    equal(reply('capacity', target, lun, '--cdb', '16'), output(f'sg_readcap -16 -r {sg}'),
          'READ CAPACITY 16 is what sg_readcap reads')
    equal(reply('report', target), output(f'sg_luns -r {sg}'), 'REPORT LUNS is what sg_luns reads')


# What the transport counts, by the direction it is counted for.
COUNTED = {'iScsiPduBytesSent': ('txdata_octets',), 'iScsiPduBytesReceived': ('rxdata_octets',),
           'iScsiPdusSent': ('noptx_pdus', 'scsicmd_pdus', 'tmfcmd_pdus', 'login_pdus', 'text_pdus',
                             'dataout_pdus', 'logout_pdus', 'snack_pdus'),
           'iScsiPdusReceived': ('noprx_pdus', 'scsirsp_pdus', 'tmfrsp_pdus', 'textrsp_pdus',
                                 'datain_pdus', 'logoutrsp_pdus', 'r2t_pdus', 'async_pdus',
                                 'rjt_pdus')}


def counters_of_iscsiadm(target):
    """Added up over the sessions of the target."""
    sums, ours = {}, False
    for line in sh('iscsiadm -m session -s').stdout.splitlines():
        if line.startswith('Stats for session'):
            ours = f'target: {target},' in line
        name, _, value = line.strip().partition(': ')
        if ours and value.isdigit():
            sums[name] = sums.get(name, 0) + int(value)
    return {name: sum(sums[part] for part in parts) for name, parts in COUNTED.items()}


def counted_as_iscsiadm_says(target):
    """NOPs go on meanwhile, so what we read is between what it reads before and after."""
    before = counters_of_iscsiadm(target)
    ours = imactl('stats', 'show', target)[1]['traffic']
    after = counters_of_iscsiadm(target)
    ok(before['iScsiPdusSent'] > 0 and all(before[n] <= ours[n] <= after[n] for n in COUNTED),
       'the counters of the transport are those that iscsiadm shows', (before, ours, after))


def traffic_moves(target, lun):
    """What is read is counted."""
    counted_as_iscsiadm_says(target)
    first = imactl('stats', 'show', target)[1]['traffic']
    sh(f'dd if=/dev/{disk_of(target, lun)} of=/dev/null bs=64k count=8 iflag=direct', check=True)
    second = imactl('stats', 'show', target)[1]['traffic']
    equal(second['scsiPayloadBytesReceived'] - first['scsiPayloadBytesReceived'], 8 * 65536,
          'the payload that was read is counted')
    for name in ('iScsiPdusSent', 'iScsiPdusReceived', 'iScsiPduBytesReceived'):
        ok(second[name] > first[name], f'{name} grows')


# Attributes of a session that the kernel shows, and the keys they come from.
NEGOTIATED = {'FirstBurstLength': 'first_burst_len', 'MaxBurstLength': 'max_burst_len',
              'ImmediateData': 'immediate_data', 'InitialR2T': 'initial_r2t',
              'MaxOutstandingR2T': 'max_outstanding_r2t', 'ErrorRecoveryLevel': 'erl'}


def as_sysfs_says(target, sid):
    """What imactl shows as negotiated is what the kernel has."""
    keys = imactl('session', 'show', target)[1][0]['keys']
    shown = {row['key']: row['negotiated'] for row in keys if row['declaredBy'] != 'target'}
    for key, attr in NEGOTIATED.items():
        equal(int(shown[key]), int(session_attr(sid, attr)), f'{key} is what the kernel negotiated')
    connection = f'/sys/class/iscsi_connection/connection{sid}:0'
    equal(shown['MaxRecvDataSegmentLength'], int(read(f'{connection}/max_recv_dlength')),
          'and so is MaxRecvDataSegmentLength')
    for key, attr in (('HeaderDigest', 'header_digest'), ('DataDigest', 'data_digest')):
        equal(shown[key], ['None', 'CRC32C'][int(read(f'{connection}/{attr}'))], f'and {key}')


class Oid(ctypes.Structure):
    _fields_ = [('type', ctypes.c_uint32), ('owner', ctypes.c_uint32), ('number', ctypes.c_uint64)]


class Failures:
    """How often the sessions of the first target of the first LHBA failed since this was made. The
    plugin counts as long as its process lasts, so imactl cannot tell: the library is called."""

    def __init__(self):
        self.library = ctypes.CDLL(BUILD + '/lib/libima.so.1')
        lhba = self.first(self.library.IMA_GetLhbaOidList)
        self.target = self.first(self.library.IMA_GetTargetOidList, lhba)
        self.count()

    def first(self, call, *arguments):
        """Of a list: a number, four bytes of nothing, the objects."""
        found = ctypes.c_void_p()
        status = call(*arguments, ctypes.byref(found))
        if status or not ctypes.c_uint32.from_address(found.value).value:
            bail(f'{call.__name__}: {status & 0xffffffff:#x}')
        oid = Oid.from_buffer_copy(ctypes.string_at(found.value + 8, ctypes.sizeof(Oid)))
        self.library.IMA_FreeMemory(found)
        return oid

    def count(self):
        """sessionFailedCount; None if it is not valid."""
        fields = (ctypes.c_uint32 * 128)()
        status = self.library.IMA_GetTargetErrorStatistics(self.target, fields)
        return fields[3] if not status and fields[2] else None


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
