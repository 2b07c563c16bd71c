"""Checks that are sentences: each prints `ok …` or `FAILED …`, and the program's exit status says whether all held."""

import contextlib
import time
import traceback


class Checks:
    def __init__(self, name):
        self.name, self.begin = name, time.monotonic()
        self.passed, self.failed, self.known = 0, 0, 0

    @contextlib.contextmanager
    def that(self, sentence, known=None):
        """Holds when its block ends without an exception. `known` says why it does not yet; the run is green then."""
        try:
            yield
        except Exception as error:
            if known:
                self.known += 1
                print(f"known  {sentence}: {known}", flush=True)
                return
            self.failed += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            words = f"{type(error).__name__}: {error}" if str(error) else f"{type(error).__name__}: {where.line}"
            print(f"FAILED {sentence}\n       line {where.lineno}: {words}", flush=True)
        else:
            self.passed += 1
            print(f"ok     {sentence}" + (f" (was known to fail: {known})" if known else ""), flush=True)

    def finish(self):
        """The exit status."""
        seconds = time.monotonic() - self.begin
        print(f"{self.name}: {self.known} known to fail, {seconds:.0f} s\n{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def same(got, wanted):
    assert got == wanted, f"{got!r} in place of {wanted!r}"


def near(got, wanted, tolerance=1e-6):
    """Numbers, or lists of them, up to a difference."""
    if isinstance(wanted, (list, tuple)):
        assert len(got) == len(wanted), f"{got!r} in place of {wanted!r}"
        for one, other in zip(got, wanted):
            near(one, other, tolerance)
    else:
        assert abs(got - wanted) <= tolerance, f"{got!r} in place of {wanted!r}"


def holds(part, whole):
    assert part in whole, f"{part!r} is not in {whole!r}"
