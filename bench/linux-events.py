# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long after the kernel's own announcement a client of the library hears of a change: the
median and the worst of several rounds, in a guest with a real kernel."""
import os
import statistics
import subprocess

from machine import BUILD, begin, disk_of, guest, imactl

TARGET = 'iqn.2024-01.test:events'
GROUP = f'/sys/kernel/config/target/iscsi/{TARGET}/tpgt_1'
CORE = '/sys/kernel/config/target/core'
ROUNDS = 10
BAR = 100


def measure(what, action, word, event, command):
    """Rounds in which the command does its work or undoes it count the same."""
    done = subprocess.run([BUILD + '/bench/linux-events', str(ROUNDS), action, word, event,
                           command],
                          stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.split('\n')[:-1]
    times = [float(line) for line in lines if line[0].isdigit()]
    missing = [line for line in lines if not line[0].isdigit()]
    if not times:
        print(f'{what:44} nothing measured: {missing}')
        return
    print(f'{what:44} median {statistics.median(times):6.1f} ms, worst {max(times):6.1f} ms  '
          f'(bar: {BAR})  {" ".join(missing)}', flush=True)


begin()
guest(f'''start_lio
lio_disk d0 4
lio_disk late 4
lio_file grows 16
lio_target {TARGET} "127.0.0.1:3260" "rd_mcp_0/d0 fileio_0/grows"
start_iscsid''')
imactl('discovery', 'add', '127.0.0.1')
imactl('discovery', 'run')
imactl('target', 'login', TARGET)
measure('a session begins: its LU appears', 'add', '/scsi_device/', 'appeared lu',
        f'iscsiadm -m session -u >/dev/null; iscsiadm -m node -T {TARGET} -l >/dev/null')
disk = disk_of(TARGET, 0)
larger = disk_of(TARGET, 1)
device = f'/sys/block/{larger}/device'
host = os.path.basename(os.path.realpath(device)).split(':')[0]
scan = f'/sys/class/scsi_host/host{host}/scan'
measure('a LU is resized', 'change', 'RESIZE=1', 'changed lu',
        f'''test $(stat -c %s /run/lio-grows) = 16777216 && size=33554432 || size=16777216
truncate -s $size /run/lio-grows
printf fd_dev_size=$size >{CORE}/fileio_0/grows/control
echo 1 >{device}/rescan''')
measure('the target reports other LUNs', 'change', 'REPORTED_LUNS', 'changed target',
        f'''if test -d {GROUP}/lun/lun_7; then rm {GROUP}/lun/lun_7/store; rmdir {GROUP}/lun/lun_7
else mkdir {GROUP}/lun/lun_7; ln -s {CORE}/rd_mcp_0/late {GROUP}/lun/lun_7/store; fi
sg_turs /dev/{disk} >/dev/null 2>&1''')
measure('a LU is removed', 'remove', '/scsi_device/', 'disappeared lu',
        f'echo "0 0 1" >{scan}; sleep 0.3; '
        f'echo 1 >/sys/class/scsi_device/{host}:0:0:1/device/delete')
measure('a LU is added', 'add', '/scsi_device/', 'appeared lu',
        f'echo 1 2>/dev/null >/sys/class/scsi_device/{host}:0:0:1/device/delete; sleep 0.3; '
        f'echo "0 0 1" >{scan}')
imactl('target', 'logout', TARGET)
