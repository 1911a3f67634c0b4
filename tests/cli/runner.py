# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs imactl in a world of its own, and prints TAP.

A World has its own configuration, state and scenario below a temporary folder; nothing
outside is read or written. Paths come from the environment, which meson sets:
IMACTL, IMA_PLUGINS (files, separated by ':'), IMA_SOURCE, IMA_VERSION.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

IMACTL = os.environ['IMACTL']
VERSION = os.environ['IMA_VERSION']
SOURCE = os.environ['IMA_SOURCE']
PLUGINS = {os.path.basename(path)[:-3]: path
           for path in os.environ.get('IMA_PLUGINS', '').split(':') if path}
SCENARIOS = os.path.join(SOURCE, 'plugins', 'simulator', 'scenarios')
SCHEMAS = os.path.join(SOURCE, 'docs', 'schemas')


class Result:
    """What a command left behind."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def doc(self):
        return json.loads(self.out)

    @property
    def data(self):
        return self.doc['data']

    @property
    def error(self):
        return self.doc['error']

    def __str__(self):
        return f'exit {self.code}\n{self.out}{self.err}'


class World:
    """A configuration with some plugins, and a state folder; removed at the end."""

    def __init__(self, *plugins, scenario=None):
        self.folder = tempfile.mkdtemp(prefix='imactl-')
        self.state = os.path.join(self.folder, 'state')
        self.config = os.path.join(self.folder, 'ima.conf')
        with open(self.config, 'w', encoding='ascii') as file:
            for name in plugins:
                file.write(f'{name} {PLUGINS[name]}\n')
        self.env = {'PATH': os.environ['PATH'], 'HOME': self.folder, 'TZ': 'UTC',
                    'LC_ALL': 'C.UTF-8', 'IMA_CONFIG': self.config,
                    'IMA_STATE_DIR': self.state,
                    'IMA_SLP_CONFIG': os.path.join(os.environ['IMA_SOURCE'],
                                                   'tests/support/slp.conf')}
        for name in ('ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS',
                     'LD_LIBRARY_PATH', 'MALLOC_PERTURB_'):
            if name in os.environ:
                self.env[name] = os.environ[name]
        if scenario:
            self.env['IMA_SIM_SCENARIO'] = os.path.join(SCENARIOS, scenario + '.conf')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content, mode=0o600):
        path = self.path(name)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(fd, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, mode)
        return path

    def run(self, *args, stdin=subprocess.DEVNULL, timeout=60, **options):
        if isinstance(stdin, (str, bytes)):
            options['input'] = stdin if isinstance(stdin, str) else stdin.decode()
        else:
            options['stdin'] = stdin
        return Result(subprocess.run([IMACTL, *args], env=self.env, text=True, check=False,
                                     cwd=self.folder, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, timeout=timeout,
                                     errors='surrogateescape', **options))

    def json(self, *args, **options):
        return self.run('--json', *args, **options)

    def snapshot(self):
        """Everything that is stored, to see that nothing was changed."""
        stored = {}
        for folder, _, names in os.walk(self.state):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, 'rb') as file:
                    stored[path] = file.read()
        return stored

    def plain(self, text):
        """Without what differs from machine to machine."""
        for path in PLUGINS.values():
            text = text.replace(os.path.dirname(path), '/PLUGINS')
        text = text.replace(self.folder, '/WORLD')
        text = re.sub(r'("buildTime": )"[^"]*"', r'\1"2026-01-01T00:00:00"', text)
        text = re.sub(r'(Built: +)\S+', r'\g<1>2026-01-01T00:00:00', text)
        text = re.sub(r'\S*/(libima\.so)[.\d]*', r'/LIBRARY/\1', text.replace('"/', '" /')
                      ).replace('" /', '"/')
        text = text.replace(VERSION, 'VERSION')
        return re.sub(r'iqn\.2026-11\.org\.libima:[0-9a-f]{32}',
                      'iqn.2026-11.org.libima:GENERATED', text)


class Tap:
    """Counts and prints."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, details=''):
        self.count += 1
        if not good:
            self.failed += 1
            for line in str(details).splitlines():
                print(f'# {line}')
        print(f'{"ok" if good else "not ok"} {self.count} - {name}', flush=True)
        return good

    def equal(self, found, wanted, name, details=''):
        return self.ok(found == wanted, name,
                       f'found  {found!r}\nwanted {wanted!r}\n{details}')

    def skip(self, name, reason):
        self.count += 1
        print(f'ok {self.count} - {name} # SKIP {reason}', flush=True)

    def end(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.failed else 0)


def schema_names():
    return sorted(name[:-5] for name in os.listdir(SCHEMAS) if name.endswith('.json'))


def strict(schema):
    """The schema without tolerance: members it does not know are an error."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    new = {key: strict(value) for key, value in schema.items()}
    if 'properties' in new and isinstance(schema['properties'], dict):
        new.setdefault('additionalProperties', False)
    return new


class Schemas:
    """The schemas that are shipped, made strict."""

    def __init__(self):
        import jsonschema  # here, so that tests that need no schema run without it
        self.jsonschema = jsonschema
        self.schemas = {}
        for name in schema_names():
            with open(os.path.join(SCHEMAS, name + '.json'), encoding='utf-8') as file:
                self.schemas[name] = strict(json.load(file))
        self.store = {name + '.json': schema for name, schema in self.schemas.items()}
        self.used = set()

    def problems(self, document):
        """What is wrong with a document, as lines."""
        match = re.fullmatch(r'imactl/([a-z-]+)/1', document.get('schema', ''))
        if not match or match.group(1) not in self.schemas:
            return [f'no such schema: {document.get("schema")}']
        schema = self.schemas[match.group(1)]
        self.used.add(match.group(1))
        resolver = self.jsonschema.RefResolver('', schema, store=self.store)
        checker = self.jsonschema.Draft202012Validator(schema, resolver=resolver)
        return [f'{"/".join(map(str, e.absolute_path))}: {e.message[:300]}'
                for e in checker.iter_errors(document)]

    def unsound(self):
        """Schemas that are no schemas."""
        found = []
        for name, schema in self.schemas.items():
            try:
                self.jsonschema.Draft202012Validator.check_schema(schema)
            except self.jsonschema.SchemaError as error:
                found.append(f'{name}: {error.message}')
        return found
