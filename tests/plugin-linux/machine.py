# SPDX-License-Identifier: LGPL-2.1-or-later
"""machine.py - a recorded tree as the machine of imactl and the Linux initiator."""

import os
import re
import shutil

from runner import World

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fixtures')
ESCAPE = re.compile(rb'\\(?:x([0-9a-f]{2})|(.))')


def unescape(text):
    def one(match):
        if match.group(1):
            return bytes([int(match.group(1), 16)])
        return b'\n' if match.group(2) == b'n' else match.group(2)
    return ESCAPE.sub(one, text)


class Machine(World):
    """A world whose machine is a fixture; root() is where its files are."""

    def __init__(self, fixture):
        super().__init__('ima-linux')
        self.root = self.path('root')
        self.env['IMA_LINUX_ROOT'] = self.root
        with open(os.path.join(FIXTURES, fixture + '.tree'), 'rb') as file:
            for line in file:
                self.make(line.rstrip(b'\n'))
        self.put('proc/self/mountinfo', '')
        os.makedirs(self.path('root/dev'), exist_ok=True)

    def make(self, line):
        kind, _, rest = line.partition(b' ')
        if kind == b'd':
            os.makedirs(os.path.join(self.root, rest.decode()), exist_ok=True)
        elif kind == b'l':
            name, _, target = rest.decode().partition(' -> ')
            path = os.path.join(self.root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(target, path)
        elif kind == b'f':
            mode, _, rest = rest.partition(b' ')
            name, _, content = rest.partition(b' =')
            self.put(name.decode(), unescape(content[1:]), int(mode, 8))

    def put(self, name, content, mode=0o644):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path):
            os.unlink(path)
        self.write(os.path.join('root', name), content, mode)

    def remove(self, name):
        path = os.path.join(self.root, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)

    def program(self, name, script):
        """A program of the machine: a shell script."""
        self.put('usr/sbin/' + name, '#!/bin/sh\n' + script + '\n', 0o755)
