"""The collector under test, and a device that speaks its protocol; both know only the documents, none of mds's code."""

import base64
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request
import uuid


def canonical(value):
    """The bytes that are hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(stream, seq, prev, event_id, leaf):
    return hashlib.sha256(b"mds-ev1\0" + stream + seq.to_bytes(8, "big") + prev + event_id + leaf).digest()


class Collector:
    """mds-collector on a free port of loopback, in a folder of its own."""

    def __init__(self, analysts):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.database = str(self.path / "collector.db")
        words = [os.environ["MDS_COLLECTOR"], "serve", "--port", "0", "--rate-limit", "0", "--stdin-closes", "--database", self.database]
        for analyst in analysts:
            words += ["--demo-analyst", analyst]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.url, self.tokens = ready["url"], ready["tokens"]

    def ask(self, method, path, token, body=None):
        request = urllib.request.Request(self.url + path, method=method, headers={"Authorization": "Bearer " + token})
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data) as answer:
            return json.load(answer)

    def export(self, name, *options):
        """A file of the export, and what the program said."""
        path = self.path / name
        words = [os.environ["MDS_COLLECTOR"], "export", "--database", self.database, "--output", str(path), *options]
        return path, subprocess.run(words, check=True, stderr=subprocess.PIPE, text=True).stderr

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(timeout=10)
        self.process.stdout.close()
        self.folder.cleanup()
        return status


class Device:
    """One analyst's chain of events."""

    def __init__(self, collector, analyst):
        self.collector, self.analyst, self.token = collector, analyst, collector.tokens[analyst]
        self.stream, self.seq, self.prev, self.waiting = uuid.uuid4().bytes, 0, bytes(32), []
        self.acked = {"seq": 0, "hash": bytes(32).hex()}
        collector.ask("POST", "/v1/streams", self.token,
                      {"stream": self.stream.hex(), "workstation": "desk", "tool": "peer"})

    def add(self, kind, payload, case=None, refs=()):
        """An event after the last; its identity and hash, for references to it."""
        body = canonical({"v": 1, "kind": kind, "at": "2026-11-23T12:00:00.000001Z", "analyst": self.analyst,
                          "case_id": case, "refs": list(refs), "payload": payload})
        event_id, leaf = uuid.uuid4().bytes, hashlib.sha256(body).digest()
        self.seq += 1
        own = digest(self.stream, self.seq, self.prev, event_id, leaf)
        self.waiting.append({"seq": self.seq, "event_id": event_id.hex(), "prev": self.prev.hex(), "hash": own.hex(),
                             "body": base64.b64encode(body).decode()})
        self.prev = own
        return {"event_id": event_id.hex(), "hash": own.hex()}

    def push(self):
        while self.waiting:
            batch, self.waiting = self.waiting[:200], self.waiting[200:]
            answer = self.collector.ask(
                "POST", f"/v1/streams/{self.stream.hex()}/events", self.token,
                {"stream": self.stream.hex(), "base": self.acked, "epoch": 1, "events": batch})
            verdicts = {result["verdict"] for result in answer["results"]}
            assert verdicts == {"stored"}, verdicts
            self.acked = answer["head"]
