# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results of a test script as TAP, printed at once."""


class Tap:
    """Counts the results; done() prints the plan."""

    def __init__(self):
        self.count = 0

    def check(self, good, name, why=''):
        """One result; why is shown if it is bad."""
        self.count += 1
        print(f'{"ok" if good else "not ok"} {self.count} - {name}', flush=True)
        if not good:
            print('\n'.join('# ' + line for line in str(why).splitlines()), flush=True)

    def done(self):
        """The exit status is 0: meson reads the results."""
        print(f'1..{self.count}')
        return 0


def skip_all(reason):
    """Instead of any result."""
    print(f'1..0 # SKIP {reason}')
    return 0
