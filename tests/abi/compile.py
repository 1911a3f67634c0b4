#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compiles the public headers and the client programs as their users would. Prints TAP.

Each header alone, with every language standard and both compilers, without a warning; then the
client programs, which are also run against the library with the recording plugin in a private
folder. A sanitized library runs programs of its own compiler only.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WARNINGS = ['-Wall', '-Wextra', '-Wundef', '-Wshadow', '-Wpedantic', '-Werror']
HEADERS = ['ima.h', 'ima-ext.h', 'ima-plugin.h']
COMPILERS = {'gcc': {'c': 'gcc', 'c++': 'g++'}, 'clang': {'c': 'clang', 'c++': 'clang++'}}
STANDARDS = ['c99', 'c11', 'c17', 'c++98', 'c++17']
CLIENTS = {'client-1.1.3.c': ['c99', 'c11', 'c++98', 'c++17'],
           'client-iso.c': ['c11', 'c17', 'c++98', 'c++17']}

results = []


def report(name, good, output='', skip=None):
    results.append(good)
    print(f'{"ok" if good else "not ok"} {len(results)} - {name}{" # SKIP " + skip if skip else ""}')
    for line in output.splitlines():
        print(f'# {line}')
    sys.stdout.flush()


def run(words, **options):
    done = subprocess.run(words, text=True, errors='replace', check=False, timeout=300,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)
    return done.returncode == 0, done.stdout


def language_of(standard):
    return 'c++' if standard.startswith('c++') else 'c'


def command(family, standard, options):
    """The compiler for a standard with warnings as errors, or None if there is none."""
    language = language_of(standard)
    compiler = shutil.which(COMPILERS[family][language])
    if not compiler:
        return None
    words = [compiler, '-x', language, f'-std={standard}', f'-I{options.include}'] + WARNINGS
    # IMA_UINT64 is a long long, which C++98 has as an extension only.
    words += ['-Wno-long-long'] if standard == 'c++98' else []
    return words + (['-Wstrict-prototypes'] if language == 'c' else [])


def header_text(header, again):
    text = f'#include "{header}"\n'
    if again:
        text += ''.join(f'#include "{other}"\n' for other in HEADERS)
    return text + 'extern int nothing;\nint nothing;\n'


def check_header(options, folder, header, family, standard):
    name = f'{header} alone as {standard} with {family}'
    words = command(family, standard, options)
    if not words:
        report(name, True, skip=f'{COMPILERS[family][language_of(standard)]} is not installed')
        return
    output, good = '', True
    for again in (False, True):
        for more in ([], ['-DIMA_NO_GENERIC']):
            path = os.path.join(folder, 'header.c')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(header_text(header, again))
            done, said = run(words + more + ['-fsyntax-only', path])
            good, output = good and done, output + said
    report(name, good, output)


def sandbox(options, folder):
    """The environment of a program that finds the recording plugin only."""
    plugin = os.path.join(folder, 'plugin.so')
    if not os.path.exists(plugin):
        shutil.copy(options.plugin, plugin)
        os.mkdir(os.path.join(folder, 'state'), 0o755)
        with open(os.path.join(folder, 'ima.conf'), 'w', encoding='utf-8') as file:
            file.write(f'recorder {plugin}\n')
    return {**os.environ, 'IMA_CONFIG': os.path.join(folder, 'ima.conf'),
            'IMA_STATE_DIR': os.path.join(folder, 'state'),
            'LD_LIBRARY_PATH': os.path.dirname(options.library)}


def check_client(options, folder, client, family, standard):
    name = f'{client} as {standard} with {family}'
    words = command(family, standard, options)
    if not words:
        report(name, True, skip=f'{COMPILERS[family][language_of(standard)]} is not installed')
        return
    foreign = options.sanitize and family != options.family
    program = os.path.join(folder, 'client')
    words += [os.path.join(HERE, client), f'-I{HERE}', '-o', program]
    words += ['-fsyntax-only'] if foreign else options.sanitize + ['-x', 'none', options.library]
    good, output = run(words)
    report(f'{name} compiles', good, output)
    if good and not foreign:
        report(f'{name} works', *run([program], env=sandbox(options, folder)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--include', required=True, help='folder of the public headers')
    parser.add_argument('--library', required=True, help='libima.so.1')
    parser.add_argument('--plugin', required=True, help='the recording plugin')
    parser.add_argument('--family', required=True, help='compiler of the library: gcc or clang')
    parser.add_argument('--sanitize', default='none', help='sanitizers of the library')
    options = parser.parse_args()
    options.sanitize = [] if options.sanitize == 'none' else [f'-fsanitize={options.sanitize}']
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix='ima-abi-') as folder:
        for family in COMPILERS:
            for header in HEADERS:
                for standard in STANDARDS:
                    check_header(options, folder, header, family, standard)
            for client, standards in CLIENTS.items():
                for standard in standards:
                    check_client(options, folder, client, family, standard)
    print(f'1..{len(results)}')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
