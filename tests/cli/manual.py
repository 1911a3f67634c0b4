#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual page and --help say what imactl does: the table of commands is held against both."""

import os
import re
import shlex

from runner import SCHEMAS, SOURCE, Tap, World


def page_text():
    """The page without markup, lines of a paragraph joined."""
    with open(os.path.join(SOURCE, 'man', 'imactl.1.scd'), encoding='utf-8') as file:
        text = file.read()
    text = re.sub(r'(?<!\\)[*_]', '', text).replace('\\', '')
    return re.sub(r'\+\+\n', '\n', text)


def synopses_of(text):
    """Blocks of lines that begin with "imactl", outside of examples."""
    text = re.sub(r'```.*?```', '', text, flags=re.S)
    found, current = [], None
    for line in text.split('\n'):
        if line.startswith('imactl ') and not line.startswith('imactl -'):
            current = [line]
            found.append(current)
        elif line.strip() and current is not None and line.startswith(('[', 'TARGET]', 'METHOD]')):
            current.append(line)
        else:
            current = None
    return [' '.join(' '.join(lines).split()) for lines in found]


def examples_in(text):
    for block in re.findall(r'```\n(.*?)```', text, flags=re.S):
        for line in block.split('\n'):
            if line.startswith('imactl '):
                yield line


def examples_of_help(world, synopses):
    for synopsis in synopses:
        words = re.split(r' [\[A-Z]', synopsis)[0].split()[1:]
        shown = world.run(*words, '--help')
        yield from (line.strip() for line in shown.out.split('Examples:')[1].split('\n')
                    if line.strip())


def is_understood(world, line):
    """Noun, verb and options of an example exist; --help keeps it from doing anything."""
    words = [word for word in shlex.split(re.sub(r'\d<\S+', '', line))[1:]]
    result = world.run(*words, '--help')
    return result.code == 0 and result.out.startswith('Usage:'), result


def main():
    tap = Tap()
    with World() as world:
        synopses = world.run('--synopses').out.split('\n')[:-1]
        text = page_text()
        told = [line for line in synopses_of(text) if not line.startswith('imactl is ')]
        command_forms = {'imactl [OPTION...] NOUN VERB [ARGUMENT...]',
                         'imactl [NOUN [VERB]] --help', 'imactl --version'}
        for synopsis in synopses:
            tap.ok(synopsis in told, f'manual page: {synopsis}')
        unknown = [line for line in told if line not in synopses and line not in command_forms and
                   re.match(r'imactl [a-z]+ [a-z-]+( |$)', line) and '[' in line]
        tap.equal(unknown, [], 'manual page: no command that is not there')
        raw = open(os.path.join(SOURCE, 'man', 'imactl.1.scd'), encoding='utf-8').read()
        lines = list(examples_in(raw))
        shown = list(examples_of_help(world, synopses))
        tap.ok(len(lines) > 40 and len(shown) > 70, 'there are examples',
               f'{len(lines)} {len(shown)}')
        for line in sorted(set(lines + shown)):
            good, result = is_understood(world, line)
            tap.ok(good, f'example: {line}', result)
        nouns = {synopsis.split()[1] for synopsis in synopses}
        for noun in sorted(nouns):
            tap.ok(any(line.split()[1] == noun for line in lines),
                   f'manual page: an example of {noun}')
            tap.ok(world.run(noun, '--help').code == 0, f'{noun} --help')
        options = set(re.findall(r'--[a-z-]+', world.run('--help').out))
        tap.equal(sorted(o for o in options if o not in raw), [],
                  'manual page: every global option')
        codes = re.findall(r'^\*(\d)\*$', raw, flags=re.M)
        tap.equal(codes, list('0123456'), 'manual page: every exit status')
        tap.ok(os.path.exists(os.path.join(SCHEMAS, 'change.json')), 'the schema of changes')
    tap.end()


main()
