#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/scenarios.md shows what imactl and the examples print on each scenario that is shipped.

    scenarios.py BUILD-FOLDER            run its commands, compare; prints TAP
    scenarios.py BUILD-FOLDER --write    put what they print now into the page

A section "## NAME" is about plugins/simulator/scenarios/NAME.conf and begins with a fresh
state. In a block of kind console a line "$ ..." is a command: imactl or example-... with
arguments; what it prints follows, and its exit status if that is not 0.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, 'docs', 'scenarios.md')
SCENARIOS = os.path.join(ROOT, 'plugins', 'simulator', 'scenarios')
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, 'tests', 'project'))
from tap import Tap  # noqa: E402


def environment(build, folder, scenario):
    """The simulator alone, with a scenario and a state of its own."""
    config = os.path.join(folder, scenario + '.conf')
    with open(config, 'w', encoding='utf-8') as file:
        file.write(f'org.libima.simulator {build}/plugins/simulator/ima-simulator.so\n')
    return dict(os.environ, IMA_CONFIG=config, LC_ALL='C.UTF-8', COLUMNS='100',
                IMA_STATE_DIR=os.path.join(folder, scenario),
                IMA_SIM_SCENARIO=os.path.join(SCENARIOS, scenario + '.conf'))


def run(build, env, command):
    """The lines a command prints."""
    words = shlex.split(command)
    words[0] = {'imactl': 'tools/imactl/imactl'}.get(words[0], 'examples/' + words[0])
    done = subprocess.run([os.path.join(build, words[0]), *words[1:]], env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return lines + ([f'(exit status {done.returncode})'] if done.returncode else [])


def blocks(text):
    """(scenario, lines of a console block) or (None, other line), in order."""
    scenario, inside, lines = None, False, []
    for line in text.splitlines():
        heading = re.fullmatch(r'## (\w+)', line)
        scenario = heading.group(1) if heading else scenario
        if inside and line == '```':
            yield scenario, lines
            inside, lines = False, []
        if inside:
            lines.append(line)
        else:
            yield None, line
        if line == '```console':
            inside = True


def commands(lines):
    """[command, lines it is said to print]"""
    found = []
    for line in lines:
        if line.startswith('$ '):
            found.append([line[2:], []])
        else:
            found[-1][1].append(line)
    return found


def walk(text, build, folder):
    """(scenario, command, what the page says, what is so) or (None, line, ...)."""
    for scenario, block in blocks(text):
        if not scenario:
            yield None, block, None, None
            continue
        for command, said in commands(block):
            env = environment(build, folder, scenario)
            yield scenario, command, said, run(build, env, command)


def main():
    build = os.path.abspath(sys.argv[1])
    with open(PAGE, encoding='utf-8') as file:
        text = file.read()
    with tempfile.TemporaryDirectory(prefix='ima-scenarios-') as folder:
        found = list(walk(text, build, folder))
    if '--write' in sys.argv[2:]:
        lines = []
        for scenario, what, _, printed in found:
            lines += [what] if not scenario else ['$ ' + what, *printed]
        with open(PAGE, 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines) + '\n')
        return 0
    tap = Tap()
    for scenario, command, said, printed in found:
        if scenario:
            tap.check(said == printed, f'{scenario}: {command}',
                      'prints\n' + '\n'.join(printed) + '\nbut docs/scenarios.md says\n'
                      + '\n'.join(said) + '\n(tests/project/scenarios.py BUILD --write)')
    for name in sorted(os.listdir(SCENARIOS)):
        used = {command.split()[0] for scenario, command, _, _ in found
                if scenario == name.removesuffix('.conf')}
        tap.check('imactl' in used and len(used) > 1,
                  f'{name} is shown with imactl and an example', used)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
