"""Servers of other people: started on free ports of loopback, waited for, stopped with all that they started."""

import contextlib
import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
PEERS = ROOT / "Tests" / "Peers"
INSTALLED = ROOT / ".peers"
# Compiled once: large servers start three times as fast.
BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
DIES_WITH_PARENT = 1
LIBC = ctypes.CDLL(None)


def free_ports(count):
    """Ports of 127.0.0.1 that nothing listens on, all different."""
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


def stop_on_signals():
    """Lets SIGTERM and SIGHUP end this program as an exception does, so that what it started is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: exit(128 + number))


def wait_until(condition, what, seconds=120):
    """Asks until the condition gives something, which is returned."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def answers(url):
    """Whether a GET is answered with success."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status < 300
    except (urllib.error.URLError, OSError):
        return False


class Process:
    """A program that is `ready`, in a group of its own and in a folder that goes with it.

    Its output is in `log`, its input stays open. `files` are written into the folder before it starts, as JSON.
    """

    def __init__(self, words, files={}, cwd=".", **environment):
        self.temporary = tempfile.TemporaryDirectory(prefix="mds-peer-")
        self.folder = pathlib.Path(self.temporary.name)
        self.log = self.folder / "log"
        for name, content in files.items():
            (self.folder / name).write_text(json.dumps(content))
        self.prepare()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in words], cwd=self.folder / cwd, env=os.environ | BYTECODE | environment,
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=lambda: LIBC.prctl(DIES_WITH_PARENT, signal.SIGTERM))
        try:
            self.wait_until(self.ready, f"{type(self).__name__} gets ready")
        except BaseException:
            self.stop()
            raise

    def prepare(self):
        """What the program finds in its folder, besides the files."""

    def ready(self):
        """Whether it can be asked; it is asked again and again until then."""
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_until(self, condition, what, seconds=120):
        """As the function, and gives up at once when the program has ended."""
        def asked():
            if self.process.poll() is not None:
                raise RuntimeError(f"{what}: the program ended with {self.process.returncode}\n{self.tail()}")
            return condition()
        try:
            return wait_until(asked, what, seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.tail()}") from None

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])

    def stop(self, seconds=20):
        """Asks the program to end, and kills what is left of its group."""
        if self.process.poll() is None:
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=seconds)
        self.process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not members(self.process.pid), f"the end of group {self.process.pid}", seconds)
        self.temporary.cleanup()


class Double(Process):
    """A program of ours that stands in for a server: its first line, an object, says where it listens."""

    def ready(self):
        line, end, _ = self.log.read_text().partition("\n")
        self.says = json.loads(line) if end else None
        return self.says

    def tell(self, event):
        """Lets something happen there."""
        self.process.stdin.write(json.dumps(event).encode() + b"\n")
        self.process.stdin.flush()


def members(group):
    """The processes of a group that still run."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, pgrp = stat.read_text().rpartition(")")[2].split()[:3]
            if int(pgrp) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found
