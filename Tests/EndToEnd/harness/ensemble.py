# SPDX-License-Identifier: Apache-2.0
"""Several programs that work together."""

import contextlib
from pathlib import Path
from typing import Self


class Ensemble:
    """Used with `with`, it starts them, and stops whatever was started through it."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.cleanup = contextlib.ExitStack()

    def start(self):
        raise NotImplementedError

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.cleanup.close()
            raise
        return self

    def __exit__(self, *_):
        self.cleanup.close()

    def keep(self, started):
        """Registers something to be stopped; the last that was started is stopped first."""
        self.cleanup.callback(started.stop)
        return started
