#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pages of docs/ show what programs print: scenarios.md imactl and the examples on each scenario
that is shipped, vendors.md the conformance suite.

    scenarios.py BUILD-FOLDER            run their commands, compare; prints TAP
    scenarios.py BUILD-FOLDER --write    put what they print now into the pages

In a block of kind console a line "$ ..." is a command of the shell in the folder of the example
plugin; what it prints follows, and its exit status if that is not 0. A section begins with a
fresh state; its name, "## NAME", is that of the scenario, if there is such a one.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = [os.path.join(ROOT, 'docs', name) for name in ('scenarios.md', 'vendors.md')]
SCENARIOS = os.path.join(ROOT, 'plugins', 'simulator', 'scenarios')
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, 'tests', 'project'))
from tap import Tap  # noqa: E402


def environment(build, folder, section):
    """The simulator alone, with a scenario and a state of its own."""
    config = os.path.join(folder, 'ima.conf')
    scenario = os.path.join(SCENARIOS, section + '.conf')
    with open(config, 'w', encoding='utf-8') as file:
        file.write(f'org.libima.simulator {build}/plugins/simulator/ima-simulator.so\n')
    programs = [os.path.join(build, name) for name in
                ('tools/imactl', 'tools/ima-conform', 'examples')]
    return dict(os.environ, IMA_CONFIG=config, LC_ALL='C.UTF-8', COLUMNS='100', TMPDIR=folder,
                PATH=':'.join(programs + [os.environ.get('PATH', '/usr/bin:/bin')]),
                IMA_STATE_DIR=os.path.join(folder, section.replace(' ', '-')),
                IMA_SIM_SCENARIO=scenario if os.path.exists(scenario)
                else os.path.join(SCENARIOS, 'laptop.conf'))


def run(build, env, command):
    """The lines a command prints."""
    folder = os.path.join(build, 'examples', 'plugin')
    done = subprocess.run(['/bin/sh', '-c', command], env=env, text=True, cwd=folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    lines = [line.rstrip().replace(folder, '.') for line in done.stdout.splitlines()]
    return lines + ([f'(exit status {done.returncode})'] if done.returncode else [])


def blocks(text):
    """(scenario, lines of a console block) or (None, other line), in order."""
    scenario, inside, lines = None, False, []
    for line in text.splitlines():
        heading = re.fullmatch(r'## (.+)', line)
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


def write(path, found):
    lines = []
    for section, what, _, printed in found:
        lines += [what] if not section else ['$ ' + what, *printed]
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


def compare(tap, path, found):
    for section, command, said, printed in found:
        if section:
            tap.check(said == printed, f'{os.path.basename(path)}, {section}: {command}',
                      'prints\n' + '\n'.join(printed) + '\nbut the page says\n'
                      + '\n'.join(said) + '\n(tests/project/scenarios.py BUILD --write)')


def check_use(tap, found):
    for name in sorted(os.listdir(SCENARIOS)):
        used = {command.split()[0] for section, command, _, _ in found
                if section == name.removesuffix('.conf')}
        tap.check('imactl' in used and len(used) > 1,
                  f'{name} is shown with imactl and an example', used)


def main():
    build, tap = os.path.abspath(sys.argv[1]), Tap()
    for path in PAGES:
        with open(path, encoding='utf-8') as file:
            text = file.read()
        with tempfile.TemporaryDirectory(prefix='ima-scenarios-') as folder:
            found = list(walk(text, build, folder))
        if '--write' in sys.argv[2:]:
            write(path, found)
            continue
        compare(tap, path, found)
        if path == PAGES[0]:
            check_use(tap, found)
    return 0 if '--write' in sys.argv[2:] else tap.done()


if __name__ == '__main__':
    sys.exit(main())
