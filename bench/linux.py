# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Linux initiator against the commands of open-iscsi, in one run of a guest: how many times
faster, each against the best of several rounds that take turns."""
import os
import shutil
import signal
import statistics
import subprocess
import time

from machine import BUILD, IMACTL, begin, guest, imactl, sessions, sh, wait_until

BENCH = BUILD + '/bench'
SIZES = (100, 500, 1000)
RECORDS = 4000
LOGINS = 20
DISKS = '/sys/class/scsi_disk'
LIO = '/sys/kernel/config/target'


def put(value, *path):
    with open('/'.join(path), 'w', encoding='ascii') as file:
        file.write(str(value))


def make_target(number):
    """One with a disk that keeps nothing."""
    disk = f'{LIO}/core/rd_mcp_0/b{number}'
    group = f'{LIO}/iscsi/iqn.2024-01.test:t{number}/tpgt_1'
    os.makedirs(disk)
    put('rd_pages=256,rd_nullio=1', disk, 'control')
    put(1, disk, 'enable')
    put(f'serial-{number}', disk, 'wwn/vpd_unit_serial')
    os.makedirs(f'{group}/np/127.0.0.1:3260')
    os.makedirs(f'{group}/lun/lun_0')
    os.symlink(disk, f'{group}/lun/lun_0/disk')
    put(0, group, 'attrib/authentication')
    put(1, group, 'attrib/generate_node_acls')
    put(1, group, 'enable')


def run(*words):
    """Milliseconds, and standard output."""
    start = time.monotonic()
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    spent = (time.monotonic() - start) * 1000
    if done.returncode:
        print(f'{" ".join(words)}: exit code {done.returncode}: {done.stderr.decode()[-300:]}')
    return spent, done.stdout


def self_timed(program):
    out = run(f'{BENCH}/{program}')[1].split()
    return float(out[0]) if out else float('nan'), out


def take_turns(rounds, *functions):
    """The times of each."""
    times = [[f() for f in functions] for _ in range(rounds)]
    return list(zip(*times))


def best(rounds, *functions):
    """The least of each; they take turns."""
    return [min(times) for times in take_turns(rounds, *functions)]


def row(text, theirs, ours, bar):
    print(f'{text:58} {theirs:9.1f} ms {ours:9.1f} ms {theirs / ours:7.1f} x  ({bar})',
          flush=True)


def grow(count):
    have = len(sessions())
    start = time.monotonic()
    subprocess.run([f'{BENCH}/kernel-sessions', '3260', str(have + 1), str(count)], check=True)
    if not wait_until(lambda: len(os.listdir(DISKS)) == count, 120):
        print(f'only {len(os.listdir(DISKS))} of {count} disks came')
    print(f'# {count} sessions with a disk each, made in {time.monotonic() - start:.1f} s',
          flush=True)


def listing():
    """Every session with all that is known of it, and every logical unit."""
    return run(IMACTL, 'session', 'show', '--lus', '--json')[0]


def bench_sessions():
    per_session = {}
    for count in SIZES:
        grow(count)
        whole, api = [], []
        for _ in range(5):
            whole.append(listing())
            api.append(self_timed('linux-listing')[0])
        per_session[count] = min(api) / count, min(whole) / count
        if count == 500:
            bench_500()
    first, last = per_session[SIZES[0]], per_session[SIZES[-1]]
    print(f'time per session at {SIZES[-1]} against {SIZES[0]}: API {last[0] / first[0]:.2f}, '
          f'imactl {last[1] / first[1]:.2f} (bar: at most 1.2)')


def attributes(sid):
    """Files that say what is listed of a session."""
    session = f'/sys/class/iscsi_session/session{sid}'
    connection = f'/sys/class/iscsi_connection/connection{sid}:0'
    names = ('targetname', 'ifacename', 'username', 'tpgt', 'erl', 'initial_r2t', 'immediate_data',
             'first_burst_len', 'max_burst_len', 'max_outstanding_r2t')
    links = ('data_digest', 'header_digest', 'max_recv_dlength', 'max_xmit_dlength')
    return [f'{session}/{name}' for name in names] + [f'{connection}/{name}' for name in links]


def floor(theirs):
    """What the files alone take that have to be read, one after the other."""
    paths = [path for sid in sessions() for path in attributes(sid)]
    start = time.monotonic()
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        os.read(file, 4096)
        os.close(file)
    spent = (time.monotonic() - start) * 1000
    print(f'# open, read and close of the {len(paths)} attributes of {len(sessions())} sessions: '
          f'{spent:.1f} ms, {spent / len(paths) * 1000:.1f} us each; one by one no listing is more '
          f'than {theirs / spent:.1f} times faster', flush=True)


def bench_500():
    theirs, ours = best(3, lambda: run('iscsiadm', '-m', 'session', '-P', '3')[0], listing)
    row('iscsiadm -m session -P 3 / imactl session show --lus', theirs, ours, 'bar: 10')
    floor(theirs)
    theirs, ours = best(5, lambda: self_timed('listing-libopeniscsiusr')[0],
                        lambda: self_timed('linux-listing')[0])
    row('libopeniscsiusr / libima, same listing', theirs, ours, 'bar: 1')


def bench_records():
    """Copies of a record that discovery made, and of the link to it."""
    first, portal = 'iqn.2024-01.test:t1', '127.0.0.1,3260,1'
    links = '/etc/iscsi/send_targets/127.0.0.1,3260'
    with open(f'/etc/iscsi/nodes/{first}/{portal}/default', encoding='utf8') as file:
        text = file.read()
    for number in range(RECORDS):
        name = f'iqn.2024-01.test:r{number}'
        folder = f'/etc/iscsi/nodes/{name}/{portal}'
        os.makedirs(folder)
        put(text.replace(first, name), folder, 'default')
        os.symlink(folder, f'{links}/{name},{portal},default')
    theirs, ours = best(3, lambda: run('iscsiadm', '-m', 'node')[0],
                        lambda: run(IMACTL, 'target', 'list')[0])
    row(f'{RECORDS} records: iscsiadm -m node / imactl target list', theirs, ours, 'bar: 10')
    for number in range(RECORDS):
        shutil.rmtree(f'/etc/iscsi/nodes/iqn.2024-01.test:r{number}')
        os.unlink(f'{links}/iqn.2024-01.test:r{number},{portal},default')


def log_out_all():
    sh('iscsiadm -m session -u')
    wait_until(lambda: not sessions(), 60)


def bench_logins():
    """Logins of all, by one process of each."""
    def theirs():
        spent = run('iscsiadm', '-m', 'node', '-L', 'all')[0]
        log_out_all()
        return spent

    def ours():
        spent = run(IMACTL, 'target', 'login', '--all')[0]
        log_out_all()
        return spent

    def child():
        spent = run('iscsiadm', '-m', 'node', '-p', '127.0.0.1:3260', '-I', 'default', '-l')[0]
        log_out_all()
        return spent
    times = take_turns(8, theirs, ours, child)
    for what, of in (('best', min), ('median', statistics.median), ('mean', statistics.mean)):
        row(f'{LOGINS} logins: iscsiadm -m node -L all / imactl, {what}', of(times[0]),
            of(times[1]), 'bar: 1')
    print(f'# of that, what imactl has iscsiadm do takes {min(times[2]):.1f} ms, the start of imactl '
          f'{best(3, lambda: run(IMACTL, "plugin", "list")[0])[0]:.1f} ms', flush=True)


def bench_hung():
    sh('iscsiadm -m node -T iqn.2024-01.test:t1 -l', check=True)
    words = (IMACTL, 'session', 'list')
    before = best(5, lambda: run(*words)[0])[0]
    daemon = int(sh('pidof -s iscsid').stdout)
    os.kill(daemon, signal.SIGSTOP)
    hung = best(5, lambda: run(*words)[0])[0]
    row('iscsid stopped: imactl session list before / after', before, hung, 'bar: 1')
    start = time.monotonic()
    code = imactl('target', 'logout', 'iqn.2024-01.test:t1', '--timeout', '2')[0]
    print(f'iscsid stopped: logout with a deadline of 2 s ended after '
          f'{time.monotonic() - start:.2f} s with exit code {code}')
    os.kill(daemon, signal.SIGCONT)


def discover():
    """Records for all, as discovery makes them."""
    sh('iscsiadm -m discovery -t st -p 127.0.0.1 -o new', check=True)


begin()
guest('start_lio; start_iscsid')
for i in range(1, LOGINS + 1):
    make_target(i)
discover()
print(f'{"work: theirs / ours":58} {"theirs":>12} {"ours":>12} {"ratio":>9}')
bench_records()
bench_logins()
bench_hung()
log_out_all()
for i in range(LOGINS + 1, SIZES[-1] + 1):
    make_target(i)
discover()
bench_sessions()
