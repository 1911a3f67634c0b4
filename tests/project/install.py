#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""install.py CC... - an installation into a private prefix, used as a stranger would.

The project is configured once more, with a prefix of its own, built from the same sources and
installed; then the program of README.md is compiled with what pkg-config says, and run.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tap import Tap  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PREFIX = '/opt/ima'
INITIATORS = ('linux', 'user')


def run(words, **options):
    """(exit code, output)"""
    done = subprocess.run(words, text=True, errors='replace', stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    return done.returncode, done.stdout


class Installation:
    """DESTDIR/PREFIX, and the environment that finds it there."""

    def __init__(self, folder):
        self.build = os.path.join(folder, 'build')
        self.destdir = os.path.join(folder, 'root')
        self.top = self.destdir + PREFIX
        self.libdir = None
        self.env = dict(os.environ, DESTDIR=self.destdir)

    def make(self):
        code, output = run(['meson', 'setup', self.build, ROOT, '--prefix', PREFIX,
                            '-Dtests=false', '--buildtype=debug'])
        if code == 0:
            code, output = run(['meson', 'install', '-C', self.build], env=self.env)
        return code, output

    def find_libraries(self):
        for folder, _, names in os.walk(self.top):
            if 'libima.so.1' in names:
                self.libdir = folder
        pkgconfig = os.path.join(self.libdir, 'pkgconfig')
        self.env.update(PKG_CONFIG_PATH=pkgconfig, PKG_CONFIG_SYSROOT_DIR=self.destdir,
                        LD_LIBRARY_PATH=self.libdir,
                        PATH=os.path.join(self.top, 'bin') + ':' + os.environ['PATH'])

    def files(self):
        return sorted(os.path.relpath(os.path.join(folder, name), self.destdir)
                      for folder, _, names in os.walk(self.destdir) for name in names)

    def relocate(self):
        """The drop-ins for the place where DESTDIR really is; returns what they say without."""
        texts = ''
        for initiator in INITIATORS:
            path = os.path.join(self.top, 'etc', 'ima.conf.d', f'{initiator}.conf')
            with open(path, encoding='utf-8') as file:
                text = file.read()
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text.replace(PREFIX, self.top))
            texts += text
        return texts

    def use(self):
        """Configuration and state from here, on a machine without an initiator in its kernel."""
        machine = os.path.join(self.destdir, 'machine')
        os.mkdir(machine)
        self.env.update(IMA_CONFIG=os.path.join(self.top, 'etc', 'ima.conf'),
                        IMA_STATE_DIR=os.path.join(self.destdir, 'state'),
                        IMA_LINUX_ROOT=machine)


def readme_program():
    with open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as file:
        return re.search(r'```c\n(.*?)```', file.read(), re.S).group(1)


def manual_pages():
    return [name[:-4] for name in os.listdir(os.path.join(ROOT, 'man')) if name.endswith('.scd')]


def check_files(tap, place):
    lib = os.path.relpath(place.libdir, place.destdir)
    top = PREFIX[1:]
    needed = [f'{lib}/libima.so', f'{lib}/pkgconfig/ima.pc',
              f'{top}/bin/imactl', f'{top}/include/ima.h', f'{top}/include/ima-ext.h',
              f'{top}/include/ima-plugin.h', f'{top}/etc/ima.conf']
    for initiator in INITIATORS:
        needed += [f'{lib}/ima/ima-{initiator}.so', f'{top}/etc/ima.conf.d/{initiator}.conf']
    needed += [f'{top}/share/man/man{page[-1]}/{page}' for page in manual_pages()]
    files = place.files()
    missing = [name for name in needed if name not in files]
    tap.check(not missing, 'library, headers, plugin, imactl, manual pages and configuration '
              'are installed', 'missing: ' + ' '.join(missing))
    outside = [name for name in files if not name.startswith(top + '/')]
    tap.check(not outside, 'nothing is installed outside of the prefix', ' '.join(outside))


def check_program(tap, place, compiler, folder):
    source, program = os.path.join(folder, 'list-targets.c'), os.path.join(folder, 'list-targets')
    with open(source, 'w', encoding='utf-8') as file:
        file.write(readme_program())
    code, flags = run(['pkg-config', '--cflags', '--libs', 'ima'], env=place.env)
    tap.check(code == 0, 'pkg-config knows ima', flags)
    code, output = run(compiler + ['-Wall', '-Wextra', '-Werror', source, '-o', program]
                       + flags.split(), env=place.env)
    tap.check(code == 0, 'the program in README.md compiles without a warning', output)
    code, output = run([program], env=place.env)
    tap.check((code, output) == (0, ''), 'it runs, and finds no target on this machine',
              f'exit code {code}\n{output}')
    code, plugindir = run(['pkg-config', '--variable=plugindir', 'ima'], env=place.env)
    tap.check(plugindir.strip().endswith('/ima'), 'pkg-config tells where plugins go', plugindir)


def check_imactl(tap, place):
    drop_ins = place.relocate()
    place.use()
    lib = os.path.relpath(place.libdir, place.destdir)
    plugins = [f'/{lib}/ima/ima-{initiator}.so' for initiator in INITIATORS]
    tap.check(all(f'\t{path}\n' in drop_ins for path in plugins),
              'the drop-ins name the installed plugins by their absolute paths', drop_ins)
    code, output = run(['imactl', 'plugin', 'list'], env=place.env)
    tap.check(code == 0 and all(path in output for path in plugins),
              'the installed imactl loads the plugins', f'exit code {code}\n{output}')
    code, output = run(['imactl', 'target', 'list'], env=place.env)
    tap.check(code == 0, 'imactl target list works', f'exit code {code}\n{output}')


def main():
    tap, compiler = Tap(), sys.argv[1:]
    folder = tempfile.mkdtemp(prefix='ima-install.')
    try:
        place = Installation(folder)
        code, output = place.make()
        tap.check(code == 0, 'meson install with DESTDIR succeeds', output)
        if code == 0:
            place.find_libraries()
            check_files(tap, place)
            check_imactl(tap, place)
            check_program(tap, place, compiler, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
