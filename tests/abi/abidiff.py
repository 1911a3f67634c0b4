#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the binary interface of the built library with the recorded one. Prints TAP.

libima.abi is the record: what abidw writes for a library with debug information. A change that
is wanted is recorded with --update; one that is not wanted breaks programs that exist.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'libima.abi')
ABIDW = ['abidw', '--no-show-locs', '--no-comp-dir-path', '--no-corpus-path',
         '--exported-interfaces-only', '--drop-private-types']


def run(words):
    done = subprocess.run(words, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def why_not(library):
    """The reason this machine or build cannot tell, or None."""
    if not shutil.which('abidw') or not shutil.which('abidiff'):
        return 'abidw and abidiff are not installed (abigail-tools)'
    if os.uname().machine != 'x86_64':
        return 'the record is of x86_64'
    code, sections = run(['readelf', '-SW', library])
    if code or '.debug_info' not in sections:
        return 'the library has no debug information'
    if '__asan_' in run(['nm', '-D', library])[1] or '__tsan_' in run(['nm', '-D', library])[1]:
        return 'a build with sanitizers'
    return None


def record(headers, library):
    code, said = run(ABIDW + ['--headers-dir', headers, library])
    if code:
        print(said, end='')
        return 1
    with open(RECORD, 'w', encoding='utf-8') as file:
        # Where the sources were is no part of the interface.
        file.write(re.sub(r" path='[^']*?(\w+/\w[-\w]*\.c)'", r" path='\1'", said))
    return 0


def compare(library):
    code, said = run(['abidiff', RECORD, library])
    # A record it cannot read is an error it only tells in words.
    different = code or said.strip()
    print(f'{"not ok" if different else "ok"} 1 - the binary interface is the recorded one')
    if different:
        print(''.join(f'# {line}\n' for line in said.splitlines()))
        print('# If that is wanted: tests/abi/abidiff.py --update with the same arguments.')
    return 1 if different else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--headers', required=True, help='folder of the public headers')
    parser.add_argument('--library', required=True, help='libima.so.1')
    parser.add_argument('--update', action='store_true', help='record the interface')
    options = parser.parse_args()
    reason = why_not(options.library)
    if options.update and not reason:
        return record(options.headers, options.library)
    print('1..1')
    if reason:
        print(f'ok 1 - the binary interface is the recorded one # SKIP {reason}')
        return 0
    return compare(options.library)


if __name__ == '__main__':
    sys.exit(main())
