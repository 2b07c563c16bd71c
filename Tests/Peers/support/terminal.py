"""The workbench of the built mds in a pseudo-terminal: keys go in, and what is on screen comes out."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios

from Peers.support.processes import wait_until

REPAINT = b"\x0c"
CLEARED = b"\x1b[2J"
ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?>=]*[A-Za-z@`]|\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[()][A-Z0-9]|[=>78MDEHc])")


class Terminal:
    def __init__(self, mds, *words, columns=120, rows=40):
        environment = {"PATH": os.environ["PATH"], "HOME": str(mds.home), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(mds.home)
            os.execve(mds.program, [str(mds.program), *words], environment)
        self.written = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGTERM)
        with contextlib.suppress(OSError):
            while os.read(self.descriptor, 65536):
                pass
        os.waitpid(self.process, 0)
        os.close(self.descriptor)

    def press(self, keys):
        os.write(self.descriptor, keys.encode())

    def read(self, seconds=0):
        """Takes what was written; whether something was."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return False
        with contextlib.suppress(OSError):
            self.written += os.read(self.descriptor, 65536)
        return True

    def screen(self):
        """The words on screen, told by painting it anew: no key that asks for something."""
        while self.read():
            pass
        self.written = b""
        os.write(self.descriptor, REPAINT)
        while self.read(.2):
            pass
        text = ESCAPES.sub(b" ", self.written.rpartition(CLEARED)[2]).decode(errors="replace")
        return " ".join(text.split())

    def expect(self, *parts, absent=(), seconds=30):
        """Waits until all parts are on screen, and none of the absent ones."""
        shown = ""
        def holds():
            nonlocal shown
            shown = self.screen()
            return all(part in shown for part in parts) and not any(part in shown for part in absent)
        try:
            wait_until(holds, f"{parts} on screen, not {absent}", seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{shown[-3000:]}") from None
