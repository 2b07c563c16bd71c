"""Measures how fast other people's clients ask MLServer and Triton, and mds beside them: one JSON line a measurement.

Run by run.sh in the environment of MLServer's peer, which has tritonclient and `mlserver infer`.
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

HERE = pathlib.Path(__file__).resolve().parent
INSTALLED = HERE.parents[2] / ".peers"
SECONDS = float(os.environ.get("BENCH_SECONDS", 3))
FILE_ROWS = 1000
JSON = {"Content-Type": "application/json"}


def tell(client, server, rows, in_flight, **measured):
    print(json.dumps({"client": client, "server": server, "rows": rows, "in_flight": in_flight} | measured), flush=True)


def one_after_the_other(ask):
    """Requests a second, and the milliseconds that half and 99 of 100 stay below."""
    for _ in range(20):
        ask()
    begin, times = time.perf_counter(), []
    while time.perf_counter() < begin + SECONDS:
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1e3)
    percentiles = statistics.quantiles(times, n=100)
    return {"requests": len(times), "per_second": round(len(times) / SECONDS, 1), "p50_ms": round(percentiles[49], 3),
            "p99_ms": round(percentiles[98], 3)}


def with_requests(name, server, rows, body):
    with requests.Session() as session:
        def ask():
            answer = session.post(server["url"] + server["path"], data=body, headers=JSON)
            assert answer.status_code == 200, answer.text
        tell("requests", name, rows, 1, **one_after_the_other(ask))


def with_tritonclient(name, server, rows, body, binary):
    given = json.loads(body)["inputs"][0]
    tensor = triton.InferInput(given["name"], given["shape"], given["datatype"])
    values = np.array(given["data"], dtype=triton_to_np_dtype(given["datatype"])).reshape(given["shape"])
    tensor.set_data_from_numpy(values, binary_data=binary)
    wanted = [output["name"] for output in json.loads(body)["outputs"]]
    outputs = [triton.InferRequestedOutput(output, binary_data=binary) for output in wanted]
    client = triton.InferenceServerClient(server["url"].removeprefix("http://"))
    measured = one_after_the_other(lambda: client.infer(server["model"], [tensor], outputs=outputs))
    tell("tritonclient " + ("binary" if binary else "json"), name, rows, 1, **measured)
    client.close()


def with_wrk(name, server, rows, file, in_flight):
    libraries = INSTALLED / "libluajit-5.1-2" / "usr" / "lib" / "x86_64-linux-gnu"
    words = [INSTALLED / "wrk" / "usr" / "bin" / "wrk", "-t1", f"-c{in_flight}", f"-d{SECONDS:.0f}s", "-s",
             HERE / "post.lua", server["url"] + server["path"], "--", file]
    done = subprocess.run(words, env={"LD_LIBRARY_PATH": str(libraries)}, check=True, capture_output=True, text=True)
    tell("wrk", name, rows, in_flight, **json.loads(done.stdout.splitlines()[-1]))


def with_perf_analyzer(name, server, in_flight, form):
    folder = INSTALLED / "perf_analyzer"
    with tempfile.TemporaryDirectory() as temporary:
        data = pathlib.Path(temporary, "data.json")
        data.write_text('{"data":[{"raw_mm":{"content":[51.0,35.0,14.0,2.0],"shape":[4]}}]}')
        report = pathlib.Path(temporary, "report.csv")
        # Loaded machines are never stable within the default of 10 %.
        subprocess.run(
            [folder / "perf_analyzer", "-m", server["model"], "-u", server["url"].removeprefix("http://"), "-i", "http",
             "--input-data", data, "--input-tensor-format", form, "--output-tensor-format", form, "-b", "1",
             "--concurrency-range", str(in_flight), "-p", str(int(SECONDS * 1000)), "-s", "60", "-r", "5", "-f",
             report],
            env={"LD_LIBRARY_PATH": str(folder)}, check=True, capture_output=True, cwd=temporary)
        head, row = [line.split(",") for line in report.read_text().splitlines()[:2]]
    found = dict(zip(head, row))
    tell(f"perf_analyzer {form}", name, 1, in_flight, per_second=float(found["Inferences/Second"]),
         p50_ms=float(found["p50 latency"]) / 1e3, p99_ms=float(found["p99 latency"]) / 1e3)


def files_of_rows(folder, server):
    """The same rows as `mlserver infer` and as mds read them."""
    given = json.loads(pathlib.Path(server["bodies"]["1000"]).read_text())
    tensor = given["inputs"][0]
    width = tensor["shape"][1]
    rows = [tensor["data"][begin:begin + width] for begin in range(0, FILE_ROWS * width, width)]
    names = requests.get(f"{server['url']}/v2/models/wine").json()["inputs"][0]["parameters"]["feature_names"]
    (folder / "requests.jsonl").write_text("".join(json.dumps(
        {"inputs": [tensor | {"shape": [1, width], "data": row}], "outputs": given["outputs"]}) + "\n" for row in rows))
    (folder / "records.jsonl").write_text("".join(json.dumps(dict(zip(names, row))) + "\n" for row in rows))


def whole_files(name, server):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        files_of_rows(folder, server)
        mlserver = pathlib.Path(sys.executable).with_name("mlserver")
        clients = {
            f"mlserver infer, {workers} workers, batches of {batch}": [
                mlserver, "infer", "-u", server["url"].removeprefix("http://"), "-m", "wine", "-i", "requests.jsonl",
                "-o", "out.jsonl", "--workers", str(workers), "--batch-size", str(batch)]
            for workers, batch in ((10, 1), (10, 32))}
        for options in ([], ["--batch", "1", "--parallel", "10"], ["--batch", "32", "--parallel", "10"]):
            clients[" ".join(["mds infer", *options])] = [
                os.environ["MDS"], "infer", "wine", "--input", "records.jsonl", "--output", "out.jsonl", "--service",
                server["url"], *options]
        for client, words in clients.items():
            begin = time.perf_counter()
            done = subprocess.run(
                words, cwd=folder, env=os.environ | {"HOME": temporary}, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            tell(client, name, FILE_ROWS, None, seconds=round(time.perf_counter() - begin, 2))


def main():
    peers = subprocess.Popen([HERE / "peers.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        servers = json.loads(peers.stdout.readline())
        for name, server in servers.items():
            for rows in ("1", "1000"):
                file = server["bodies"][rows]
                body = pathlib.Path(file).read_text()
                with_requests(name, server, int(rows), body)
                for binary in (False, True) if name == "triton" else (False,):
                    with_tritonclient(name, server, int(rows), body, binary)
                for in_flight in (1, 8, 32):
                    with_wrk(name, server, int(rows), file, in_flight)
        for form in ("json", "binary"):
            for in_flight in (1, 8, 32):
                with_perf_analyzer("triton", servers["triton"], in_flight, form)
        whole_files("mlserver", servers["mlserver"])
    finally:
        peers.stdin.close()
        peers.wait()


if __name__ == "__main__":
    main()
