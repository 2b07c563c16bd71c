"""The built mds, in a home of its own that knows nothing of the user's."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile


class Answer:
    """What a command printed and how it ended."""

    def __init__(self, words, status, out, err):
        self.words, self.status, self.out, self.err = words, status, out, err

    @property
    def lines(self):
        """The JSON objects of standard output, one a line."""
        return [json.loads(line) for line in self.out.splitlines() if line]

    def __str__(self):
        return f"mds {' '.join(self.words)}: {self.status}\n{self.out[-1500:]}{self.err[-1500:]}"


class Workbench:
    """mds on one service. The program is copied, so that a build beside it changes nothing."""

    def __init__(self, service=None):
        self.temporary = tempfile.TemporaryDirectory(prefix="mds-home-")
        self.home = pathlib.Path(self.temporary.name)
        self.program = shutil.copy2(os.environ["MDS"], self.home / "mds")
        self.service = service
        self.configuration = self.home / ".config" / "mds" / "config.toml"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def configure(self, text):
        """Writes the configuration file; contexts are then used in place of a service."""
        self.configuration.parent.mkdir(parents=True, exist_ok=True)
        self.configuration.write_text(text)
        self.service = None

    def key(self, file):
        """A copy of a private key that only its owner reads, as mds wants it: a checkout cannot keep that."""
        copy = self.home / file.name
        copy.touch(mode=0o600)
        copy.write_bytes(file.read_bytes())
        return copy

    def run(self, *words, timeout=180):
        """Any end is an answer, also a wrong one."""
        words = [str(word) for word in words]
        if self.service and "--service" not in words:
            words += ["--service", self.service]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        done = subprocess.run(
            [self.program, *words], env=environment, cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=timeout)
        return Answer(words, done.returncode, done.stdout.decode(), done.stderr.decode())

    def done(self, *words, status=0):
        """The answer of a command that ends as it should."""
        answer = self.run(*words)
        assert answer.status == status, str(answer)
        return answer

    def lines(self, *words, status=0):
        """The JSON lines of a command that ends as it should."""
        return self.done(*words, status=status).lines

    def models(self):
        """What `mds models` lists, by name."""
        return {line["name"]: line for line in self.lines("models", "--json")}

    def score(self, model, records, *options):
        """Scores records, a list of objects; whatever comes of it."""
        source = self.home / "records.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in records))
        return self.run("infer", model, "--input", source, "--output", self.home / "answers.jsonl", *options)

    def infer(self, model, records, *options, status=0):
        """Scores records; the answers, and what was set aside."""
        answer = self.score(model, records, *options)
        assert answer.status == status, str(answer)
        return [[json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
                for file in (self.home / "answers.jsonl", self.home / "answers.rejects.jsonl")]

    def explain(self, model, records):
        source = self.home / "explain.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in records))
        return self.lines("explain", model, "--input", source, "--json")
