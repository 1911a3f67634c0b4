#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""imactl-list.py IMACTL PLUGIN - time of "imactl target list", the whole process, with many
known targets of the user-space initiator, and how that compares with starting imactl at all."""

import concurrent.futures
import os
import statistics
import subprocess
import sys
import tempfile
import time

TARGETS = 1000
RUNS = 30


def prepare(imactl, plugin, folder):
    """The environment of imactl with TARGETS static targets."""
    config = os.path.join(folder, 'ima.conf')
    with open(config, 'w', encoding='ascii') as file:
        file.write(f'org.libima.user {plugin}\n')
    env = {**os.environ, 'IMA_CONFIG': config, 'IMA_STATE_DIR': os.path.join(folder, 'state')}

    def add(number):
        subprocess.run([imactl, '--quiet', 'static', 'add',
                        f'iqn.2003-01.org.example:disk{number:04}', f'192.0.2.{number % 254 + 1}'],
                       env=env, check=True)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(TARGETS)))
    return env


def milliseconds(words, env):
    """Median of RUNS; the output must have a line per target."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(words, env=env, stdout=subprocess.PIPE, check=True)
        times.append((time.perf_counter() - start) * 1000)
        lines = done.stdout.count(b'\n')
    return statistics.median(times), min(times), lines


def main():
    imactl, plugin = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix='imactl-list-') as folder:
        env = prepare(imactl, plugin, folder)
        base, _, _ = milliseconds([imactl, '--help'], env)
        print(f'{TARGETS} known targets, median and best of {RUNS} runs')
        print(f'{"imactl --help":28} {base:6.1f} ms')
        for words in (['plugin', 'list'], ['target', 'list'], ['target', 'list', '--json']):
            median, best, lines = milliseconds([imactl, *words], env)
            print(f'{"imactl " + " ".join(words):28} {median:6.1f} ms {best:6.1f} ms  '
                  f'{median / base:5.1f} x --help  {lines} lines')


main()
