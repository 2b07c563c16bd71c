"""Measures how fast other people's clients ask servers that run: one JSON line a measurement.

    clients.py SERVERS    the JSON line of peers.sh

To be run with the Python of MLServer's peer, which has requests, tritonclient and `mlserver infer`. BENCH_SECONDS is the
time of each measurement, 3 without it.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import requests
import tritonclient.http as triton
from tritonclient.utils import triton_to_np_dtype

SECONDS = float(os.environ.get("BENCH_SECONDS", 3))
FILE_ROWS = 1000
JSON = {"Content-Type": "application/json"}


def tell(client, server, rows, **measured):
    print(json.dumps({"client": client, "server": server, "rows": rows} | measured), flush=True)


def one_after_the_other(ask):
    """Requests a second, and the milliseconds that half of them stay below."""
    for _ in range(20):
        ask()
    begin, times = time.perf_counter(), []
    while time.perf_counter() < begin + SECONDS:
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1e3)
    return {"per_second": round(len(times) / SECONDS, 1), "p50_ms": round(statistics.median(times), 3)}


def with_requests(name, server, rows, body):
    with requests.Session() as session:
        def ask():
            answer = session.post(server["url"] + server["path"], data=body, headers=JSON)
            assert answer.status_code == 200, answer.text
        tell("requests", name, rows, **one_after_the_other(ask))


def with_tritonclient(name, server, rows, body, binary):
    given = json.loads(body)["inputs"][0]
    tensor = triton.InferInput(given["name"], given["shape"], given["datatype"])
    values = np.array(given["data"], dtype=triton_to_np_dtype(given["datatype"])).reshape(given["shape"])
    tensor.set_data_from_numpy(values, binary_data=binary)
    wanted = [output["name"] for output in json.loads(body)["outputs"]]
    outputs = [triton.InferRequestedOutput(output, binary_data=binary) for output in wanted]
    client = triton.InferenceServerClient(server["url"].removeprefix("http://"))
    measured = one_after_the_other(lambda: client.infer(server["model"], [tensor], outputs=outputs))
    tell("tritonclient " + ("binary" if binary else "JSON"), name, rows, **measured)
    client.close()


def with_mlserver_infer(server):
    """A file of rows as requests, in batches."""
    given = json.loads(pathlib.Path(server["bodies"]["1000"]).read_text())
    tensor = given["inputs"][0]
    width = tensor["shape"][1]
    rows = [tensor["data"][begin:begin + width] for begin in range(0, FILE_ROWS * width, width)]
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "requests.jsonl").write_text("".join(json.dumps(
            {"inputs": [tensor | {"shape": [1, width], "data": row}], "outputs": given["outputs"]}) + "\n"
            for row in rows))
        mlserver = pathlib.Path(sys.executable).with_name("mlserver")
        words = [mlserver, "infer", "-u", server["url"].removeprefix("http://"), "-m", "wine", "-i", "requests.jsonl",
                 "-o", "out.jsonl", "--workers", "10", "--batch-size", "32"]
        begin = time.perf_counter()
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
        tell("mlserver infer", "mlserver", FILE_ROWS, seconds=round(time.perf_counter() - begin, 2))


def main():
    servers = json.loads(sys.argv[1])
    for name, server in servers.items():
        for rows in ("1", "1000"):
            body = pathlib.Path(server["bodies"][rows]).read_text()
            with_requests(name, server, int(rows), body)
            if name == "triton":
                with_tritonclient(name, server, int(rows), body, binary=False)
                with_tritonclient(name, server, int(rows), body, binary=True)
    with_mlserver_infer(servers["mlserver"])


if __name__ == "__main__":
    main()
