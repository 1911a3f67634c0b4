#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that the places that name the functions of the API agree. Prints TAP.

Headers, the library's call table and symbol file, the tests' own table, the manual pages and,
with --library, what the built library exports must have the same functions. Every function of
the public headers must have a comment that names its clause, parameters, objects and statuses.
"""

import argparse
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADERS = ('include/ima.h', 'include/ima-ext.h', 'include/ima-plugin.h')

# Answered without a plugin, so not in the library's table of what plugins can answer.
LIBRARY_ALONE = {
    'IMA_GenerateNodeName', 'IMA_GetAssociatedPluginOid', 'IMA_GetLibraryProperties',
    'IMA_GetObjectType', 'IMA_GetPluginOidList', 'IMA_GetSharedNodeOid',
    'IMAX_GetConfigurationProblems', 'IMAX_GetLastError', 'IMAX_SetDeadline', 'IMAX_StatusName'}
# Other names and forms of functions in that table.
ALIASES = {'IMA_PluginIOCtl', 'IMA_GetAddressKeyProperties', 'IMA_GetLuOidFromBytes',
           'IMA_SetNetworkPortalIpAddressByRef'}
# Extensions that name no object and so are not in the tests' table.
WITHOUT_OBJECT = {'IMAX_GetConfigurationProblems', 'IMAX_GetLastError', 'IMAX_SetDeadline',
                  'IMAX_StatusName'}

# A status of a later edition whose value is not known (D19).
WITHOUT_VALUE = {'IMA_ERROR_PLUGINS_NOT_SUPPORTED'}

OBJECTS = {'plugin': 'PLUGIN', 'node': 'NODE', 'LHBA': 'LHBA', 'PHBA': 'PHBA',
           'network portal': 'PORTAL', 'LNP': 'LNP', 'PNP': 'PNP', 'target': 'TARGET', 'LU': 'LU',
           'discovery address': 'ADDRESS', 'static discovery target': 'STATIC',
           'connection': 'CONNECTION', 'session': 'SESSION', 'any': 'ANY',
           'any type owned by a plugin': 'ANY'}

results = []


def report(name, problems):
    """One TAP line; problems is a list of sentences, empty if all is well."""
    results.append(not problems)
    print(f'{"not ok" if problems else "ok"} {len(results)} - {name}')
    for problem in problems:
        print(f'# {problem}')


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        return file.read()


def differences(ours, ours_name, theirs, theirs_name):
    return ([f'{name} is in {ours_name} only' for name in sorted(ours - theirs)] +
            [f'{name} is in {theirs_name} only' for name in sorted(theirs - ours)])


class Function:
    """A declaration of a public header with the comment above it."""

    def __init__(self, header, comment, name, parameters):
        self.header = header
        self.name = name
        self.comment = re.sub(r'^\s*\*? ?', '', comment, flags=re.M)
        words = [re.findall(r'\w+', p) for p in parameters.split(',')]
        self.parameters = [w[-1] for w in words if w != ['void']]

    @property
    def clause(self):
        match = re.match(rf'\s*{self.name} - clause 6\.2\.(\d+)\n', self.comment)
        return int(match.group(1)) if match else 0

    @property
    def objects(self):
        match = re.search(r'^Objects: ([^.]*)\.', self.comment, re.M)
        words = match.group(1).replace('\n', ' ').split(', ') if match else []
        return {OBJECTS.get(word, word) for word in words}

    @property
    def statuses(self):
        """Those at the head of the items of the list of what it returns."""
        heads = re.findall(r'^- ([^:]*):', self.returns, re.M)
        return set(re.findall(r'IMA_(?:STATUS|ERROR)_\w+', ' '.join(heads)))

    @property
    def returns(self):
        return self.comment.partition('Return:')[2]


def functions_of(header):
    pattern = re.compile(r'(?:/\*\*(?P<comment>(?:(?!\*/).)*)\*/\s*)?'
                         r'^IMA_API [\w\s]+?[\s*](?P<name>\w+)\((?P<parameters>[^;]*)\);',
                         re.S | re.M)
    return [Function(header, m['comment'] or '', m['name'], m['parameters'])
            for m in pattern.finditer(read(header))]


def table_of_tests():
    """{name: (clause number, set of objects)} of the table typed from the specification."""
    rows = re.findall(r'^CALL\((\d+), (\w+), ([\w |]+), ', read('tests/support/spec-calls.def'),
                      re.M)
    return {name: (int(number), set(objects.split(' | ')) - {'NONE'})
            for number, name, objects in rows}


def table_of_library():
    lines = re.sub(r'/\*.*?\*/', '', read('lib/calls.def'), flags=re.S)
    return set(re.findall(r'^[A-Z]+ *\((Q?IMAX?_\w+)', lines, re.M))


def symbol_file():
    text = re.sub(r'/\*.*?\*/', '', read('lib/libima.map'), flags=re.S)
    return set(re.findall(r'\b(\w+);', text)) - {'local'}


def check_comment(function, table, defined):
    text = function.comment
    if not text:
        return ['there is no comment']
    named = re.findall(r'^@(\w+):', text, re.M)
    problems = [f'parameter {p} is not explained' for p in function.parameters if p not in named]
    problems += [f'@{p} is no parameter' for p in named if p not in function.parameters]
    if not text.lstrip().startswith(function.name + ' - '):
        problems.append('the comment does not begin with the name')
    if not function.returns.strip():
        problems.append('what it returns is not said')
    problems += [f'{status} is not defined' for status in sorted(function.statuses - defined)]
    number, objects = table.get(function.name, (0, set()))
    if function.clause != number:
        problems.append(f'the clause is 6.2.{number} in the table of the tests')
    if function.objects != objects:
        problems.append(f'objects {sorted(function.objects)}, but {sorted(objects)} in the table '
                        'of the tests')
    if number and not {'IMA_STATUS_SUCCESS'} <= function.statuses:
        problems.append('IMA_STATUS_SUCCESS is not explained')
    return problems


def is_short_alias(function):
    """Said in one line to be the same function under another name."""
    return function.name in ALIASES and 'the same function' in function.comment


def check_headers(functions):
    table = table_of_tests()
    defined = set(re.findall(r'^#define (IMA_(?:STATUS|ERROR)_\w+)', read('include/ima.h'), re.M))
    for function in functions:
        if not is_short_alias(function):
            report(f'{function.name} has a complete comment',
                   check_comment(function, table, defined))
    clauses = [f.clause for f in functions if f.clause]
    report('the header has the 98 functions of clause 6.2 in order',
           [] if clauses == list(range(1, 99)) else [f'clauses {clauses}'])


def check_names(functions):
    names = {f.name for f in functions}
    report('the header and the table of the tests have the same functions',
           differences(names - WITHOUT_OBJECT, 'the header', set(table_of_tests()), 'the table'))
    report('the header and lib/calls.def have the same functions',
           differences(names - LIBRARY_ALONE - ALIASES, 'the header', table_of_library(),
                       'lib/calls.def'))
    report('the header and lib/libima.map have the same functions',
           differences(names, 'the header', symbol_file(), 'lib/libima.map'))


def check_old_client():
    """The program in the form of the 1.1.3 header uses every name of ima.h that header has."""
    newer = {'IMA_PluginIOctl', 'IMA_GetLuOidFromBytes', 'IMA_SetNetworkPortalIpAddressByRef',
             'IMA_NO_GENERIC', 'IMA_API', 'IMA_H'}
    code = re.sub(r'/\*.*?\*/', '', read('include/ima.h'), flags=re.S)
    names = set(re.findall(r'\b(?:Q?IMA_\w+|HBA_\w+|RL_\w+|MAKE_IMA_\w+|GET_SYSTEM_ERROR)', code))
    used = set(re.findall(r'\b\w+', read('tests/abi/client-1.1.3.c')))
    report('tests/abi/client-1.1.3.c uses every name of the header',
           [f'{name} is not used' for name in sorted(names - newer - used)])


def check_documents():
    known = set(re.findall(r'\bQ?IMAX?_\w+', ''.join(read(h) for h in HEADERS)))
    known |= set(re.findall(r"'(IMA_\w+)'", read('meson.build')))
    known |= WITHOUT_VALUE
    environment = set(re.findall(r'getenv\("(IMA\w+)"\)', sources()))
    for folder in ('man', 'docs', '.'):
        for name in sorted(os.listdir(os.path.join(ROOT, folder)) if os.path.isdir(
                os.path.join(ROOT, folder)) else []):
            if name.endswith(('.scd', '.md')):
                path = os.path.normpath(os.path.join(folder, name))
                used = set(re.findall(r'\b(Q?IMAX?_\w+[a-zA-Z0-9])\b(?!\*|\.\.\.)', read(path)))
                report(f'{path} names only what there is',
                       [f'{word} is not in the headers'
                        for word in sorted(used - known - environment)])


def sources():
    found = []
    for folder in ('lib', 'shared', 'plugins', 'plugin-support', 'tools', 'imad', 'iscsi', 'tests'):
        for where, _, names in os.walk(os.path.join(ROOT, folder)):
            found += [os.path.join(where, name) for name in names
                      if name.endswith(('.c', '.h', '.py', '.sh'))]
    return ''.join(read(name) for name in found)


def output_of(words):
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE).stdout


def check_library(path, functions, sanitized):
    lines = output_of(['nm', '-D', '--defined-only', '--with-symbol-versions', path]).splitlines()
    symbols = [line.split()[-1] for line in lines if ' A ' not in line]
    names = {symbol.partition('@')[0] for symbol in symbols}
    report('the library exports the functions of the headers and nothing else',
           differences({f.name for f in functions}, 'the headers', names, 'the library'))
    report('every symbol has a version',
           [f'{s} has none' for s in symbols if not re.search(r'@@LIBIMA_\d+\.\d+$', s)])
    dynamic = output_of(['readelf', '-d', '--wide', path])
    soname = re.search(r'SONAME.*\[(.*)\]', dynamic)
    report('the shared object name is libima.so.1',
           [] if soname and soname.group(1) == 'libima.so.1' else [f'it is {soname}'])
    if sanitized:
        return  # it needs the sanitizers too
    needed = [name for name in re.findall(r'NEEDED.*\[(.*)\]', dynamic)
              if not re.match(r'(libc|ld-linux[-\w]*)\.so\.\d+$', name)]
    report('the library needs libc only', [f'it needs {name}' for name in needed])


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--library', metavar='FILE', help='check what this libima.so exports')
    parser.add_argument('--sanitized', action='store_true',
                        help='the library was built with sanitizers')
    options = parser.parse_args()
    functions = functions_of('include/ima.h') + functions_of('include/ima-ext.h')
    check_headers(functions)
    check_names(functions)
    check_old_client()
    check_documents()
    if options.library:
        check_library(options.library, functions, options.sanitized)
    print(f'1..{len(results)}')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
