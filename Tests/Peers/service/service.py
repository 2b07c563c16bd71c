"""The service under test, and the shipped records and expectations."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "fixtures"
MODELS = ["wine", "cargo", "message-triage", "digits"]


class Service:
    """mds-service on a free port of loopback; it goes when its standard input closes."""

    def __init__(self):
        self.process = subprocess.Popen(
            [os.environ["MDS_SERVICE"], "--port", "0", "--stdin-closes", "--models", str(FIXTURES / "models")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.address = self.url.removeprefix("http://")

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(timeout=10)
        self.process.stdout.close()
        return status


def expected(name):
    return json.loads((FIXTURES / "expected" / f"{name}.json").read_text())


def records(model):
    lines = (FIXTURES / "records" / f"{model}.jsonl").read_text().splitlines()
    return {record["id"]: record["inputs"] for record in map(json.loads, lines)}


def inputs(model, rows):
    """The input tensors of some records, as the protocol's JSON."""
    settings = json.loads((FIXTURES / "models" / model / "settings.json").read_text())
    tensors = []
    for spec in settings["inputs"]:
        names = spec.get("parameters", {}).get("feature_names")
        data = []
        for row in rows:
            value = [row[name] for name in names] if names else row[spec["name"]]
            data += value if isinstance(value, list) else [value]
        tensors.append({"name": spec["name"], "datatype": spec["datatype"],
                        "shape": [len(rows)] + spec["shape"][1:], "data": data})
    return tensors
