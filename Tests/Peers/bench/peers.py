"""Starts MLServer and Triton for measuring, and prints one JSON line; ends when its standard input closes.

A server's object has its address, the path of its model, and files with the bodies of requests by their number of rows.
"""

import json
import pathlib
import sys
import tempfile

from Peers.mlserver.server import MLServer, records
from Peers.support.processes import stop_on_signals
from Peers.triton.server import Triton

FLOWER_MM = [51, 35, 14, 2]


def bodies(folder, name, rows, tensor, datatype, outputs):
    """The files of a model's requests, by their number of rows."""
    files = {}
    for count in (1, 1000):
        some = [rows[index % len(rows)] for index in range(count)]
        body = {"inputs": [{"name": tensor, "datatype": datatype, "shape": [count, len(some[0])],
                            "data": [value for row in some for value in row]}],
                "outputs": [{"name": output} for output in outputs]}
        file = folder / f"{name}-{count}.json"
        file.write_text(json.dumps(body))
        files[str(count)] = str(file)
    return files


def main():
    stop_on_signals()
    with MLServer(["wine"]) as mlserver, Triton(["iris_scale"]) as triton, tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        wine = [list(row.values()) for row in records("wine")["rows"]]
        print(json.dumps({
            "mlserver": {"url": mlserver.url, "model": "wine", "path": "/v2/models/wine/versions/1/infer",
                         "bodies": bodies(folder, "wine", wine, "input", "FP64", ["predict", "predict_proba"])},
            "triton": {"url": triton.url, "model": "iris_scale", "path": "/v2/models/iris_scale/infer",
                       "bodies": bodies(folder, "iris_scale", [FLOWER_MM], "raw_mm", "FP32", ["cm"])}}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
