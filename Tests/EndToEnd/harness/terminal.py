# SPDX-License-Identifier: Apache-2.0
"""A terminal for programs that take the whole of one: what it shows can be read, and keys can be pressed."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import unicodedata
from pathlib import Path

from . import audit

#: Commands to the terminal (ECMA-48 section 5.4), their parameters and their last byte.
_COMMAND = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")
#: Modes of DEC terminals, and how they are on a terminal that nobody has touched.
ALTERNATE, CURSOR, WRAP = "?1049", "?25", "?7"
UNTOUCHED = {ALTERNATE: False, CURSOR: True, WRAP: True}


class Grid:
    """What a terminal shows. Knows the commands that the console sends; any other is a failure."""

    def __init__(self, columns: int, rows: int):
        self.columns, self.rows = columns, rows
        self.modes = dict(UNTOUCHED)
        self.cells = self.blank()
        self.kept = None
        self.row = self.column = 0
        self.unread = ""

    def blank(self) -> list[list[str]]:
        return [[" "] * self.columns for _ in range(self.rows)]

    def lines(self) -> list[str]:
        return ["".join(row).rstrip() for row in self.cells]

    def feed(self, text: str):
        text, self.unread = self.unread + text, ""
        position = 0
        while position < len(text):
            character = text[position]
            if character != "\x1b":
                self.put(character)
                position += 1
                continue
            match = _COMMAND.match(text, position)
            if not match:
                self.unread = text[position:]
                assert len(self.unread) < 32, f"no command: {self.unread[:32]!r}"
                return
            self.obey(match[1], match[2])
            position = match.end()

    def put(self, character: str):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.next_line()
        elif not unicodedata.combining(character):
            assert character >= " ", f"a control character: {character!r}"
            width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if self.column + width > self.columns:
                # Without wrapping, which is for programs that know the width, what is too long is a mistake.
                assert self.modes[WRAP], f"a line is too long for the terminal: {self.lines()[self.row]}"
                self.column = 0
                self.next_line()
            self.cells[self.row][self.column : self.column + width] = [character] + [""] * (width - 1)
            self.column += width

    def next_line(self):
        self.row += 1
        if self.row == self.rows:
            self.cells = [*self.cells[1:], [" "] * self.columns]
            self.row -= 1

    def obey(self, parameters: str, command: str):
        match command:
            case "m":
                pass
            case "h" | "l":
                assert parameters in self.modes, f"an unknown mode: {parameters}"
                self.modes[parameters] = command == "h"
                if parameters == ALTERNATE:
                    self.switch()
            case "H":
                self.row = self.column = 0
            case "A":
                self.row = max(0, self.row - int(parameters or 1))
            case "K":
                self.cells[self.row][self.column :] = [" "] * (self.columns - self.column)
            case "J":
                self.cells[self.row][self.column :] = [" "] * (self.columns - self.column)
                self.cells[self.row + 1 :] = self.blank()[self.row + 1 :]
            case _:
                raise AssertionError(f"an unknown command: {parameters}{command}")

    def switch(self):
        if self.modes[ALTERNATE]:
            self.kept, self.cells = self.cells, self.blank()
        else:
            self.cells = self.kept


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, command: list, directory: Path, environment: dict[str, str], columns: int = 80, rows: int = 24):
        self.outer, self.inner = os.openpty()
        self.ending, self.end = os.pipe()
        self.lock = threading.Lock()
        self.grid = Grid(columns, rows)
        self.raw = ""
        self.problem: AssertionError | None = None
        self.size(columns, rows)
        self.before = termios.tcgetattr(self.inner)
        self.popen = subprocess.Popen(
            [str(part) for part in command],
            stdin=self.inner,
            stdout=self.inner,
            stderr=self.inner,
            cwd=directory,
            env=environment | {"TERM": "xterm-256color"},
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def size(self, columns: int, rows: int):
        fcntl.ioctl(self.inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int):
        """As a person does who pulls at the window."""
        with self.lock:
            self.grid.columns, self.grid.rows = columns, rows
            self.grid.cells = self.grid.blank()
            self.grid.row = self.grid.column = 0
        self.size(columns, rows)
        self.popen.send_signal(signal.SIGWINCH)

    def read(self):
        unread = b""
        while True:
            # A read that waits would keep the terminal open that `close` wants to go away.
            readable, _, _ = select.select([self.outer, self.ending], [], [])
            if self.ending in readable:
                return
            try:
                chunk = os.read(self.outer, 65536)
            except OSError:
                return
            unread += chunk
            # Half of a character waits for its other half.
            text = unread.decode(errors="ignore")
            unread = unread[len(text.encode()) :]
            with self.lock:
                self.raw += text
                try:
                    self.grid.feed(text)
                except AssertionError as problem:
                    self.problem = self.problem or problem

    def press(self, keys: str):
        os.write(self.outer, keys.encode())

    @property
    def lines(self) -> list[str]:
        """What is shown now, without blanks at the ends of lines."""
        with self.lock:
            if self.problem:
                raise self.problem
            return self.grid.lines()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def is_restored(self) -> bool:
        """Whether keys, modes and the screen are as the program found them."""
        with self.lock:
            modes = self.grid.modes == UNTOUCHED
        return modes and termios.tcgetattr(self.inner) == self.before

    def close(self):
        """The window goes away."""
        if self.outer is None:
            return
        os.write(self.end, b"x")
        self.reader.join()
        for descriptor in (self.inner, self.outer, self.ending, self.end):
            os.close(descriptor)
        self.outer = None

    def stop(self):
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait()
        self.close()
        audit.look("a terminal", self.raw)
        print("\n".join(self.grid.lines()))
