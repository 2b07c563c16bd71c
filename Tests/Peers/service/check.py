"""Asks mds-service what it should answer, with clients that others wrote. Run by run.sh."""

import gzip
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import numpy as np
import requests
import tritonclient.http as triton
from mlserver.types import InferenceResponse, MetadataModelResponse, MetadataServerResponse, RepositoryIndexResponse
from prometheus_client.parser import text_string_to_metric_families
from tritonclient.utils import InferenceServerException, triton_to_np_dtype

import service


def setUpModule():
    global SERVICE
    SERVICE = service.Service()


def tearDownModule():
    assert SERVICE.stop() == 0, "the service did not stop in good order"


class Requests(unittest.TestCase):
    """Plain HTTP: what is answered, and that MLServer's own types accept it."""

    def infer(self, model, rows, role=""):
        response = requests.post(
            f"{SERVICE.url}/v2/models/{model}{role}/infer", json={"inputs": service.inputs(model, rows)})
        self.assertEqual(response.status_code, 200, response.text)
        InferenceResponse.model_validate(response.json())
        return {output["name"]: output["data"] for output in response.json()["outputs"]}

    def test_predictions_explanations_and_outlier_scores(self):
        for model in service.MODELS:
            for record in service.expected(model)["records"]:
                with self.subTest(model=model, record=record["id"]):
                    row = [record["inputs"]]
                    np.testing.assert_allclose(
                        self.infer(model, row)["predict_proba"], record["probabilities"], atol=1e-6)
                    data = json.loads(self.infer(model, row, "-shap")["explanation"][0])["data"]
                    shares = np.array(data["shap_values"])[:, 0, :]
                    wanted = np.array(record["shap"])
                    if "tokens" in record:
                        wanted = np.array([t["contributions"] for t in record["tokens"]] + [record["absent"]]).T
                    np.testing.assert_allclose(shares, wanted, atol=1e-6)
                    margins = data["raw"]["raw_prediction"][0]
                    np.testing.assert_allclose(shares.sum(axis=1) + data["expected_value"], margins, atol=1e-9)
                    np.testing.assert_allclose(margins, record["margins"], atol=1e-6)
                    outlier = self.infer(model, row, "-outlier")
                    np.testing.assert_allclose(outlier["instance_score"], [record["outlier_score"]], atol=1e-6)
                    self.assertEqual(outlier["is_outlier"], [record["is_outlier"]])

    def test_drift(self):
        for model in service.MODELS:
            rows = service.records(model)
            for window in service.expected(f"{model}-drift")["windows"]:
                with self.subTest(model=model, hours_ago=window["hours_ago"]):
                    answer = self.infer(model, [rows[i] for i in window["records"]], "-drift")
                    self.assertEqual(answer["is_drift"], [window["is_drift"]])
                    for key, tolerance in (("distance", 1e-6), ("p_val", 1e-6)):
                        np.testing.assert_allclose(
                            answer[key], [f[key] for f in window["features"]], rtol=tolerance, atol=tolerance)

    def test_metadata_reads_as_mlservers(self):
        MetadataServerResponse.model_validate(requests.get(f"{SERVICE.url}/v2").json())
        index = requests.post(f"{SERVICE.url}/v2/repository/index", json={}).json()
        RepositoryIndexResponse.model_validate(index)
        self.assertEqual(len(index), 16)
        for row in index:
            MetadataModelResponse.model_validate(requests.get(f"{SERVICE.url}/v2/models/{row['name']}").json())
            self.assertEqual(requests.get(f"{SERVICE.url}/v2/models/{row['name']}/ready").status_code, 200)

    def test_packed_both_ways(self):
        rows = list(service.records("wine").values())[:100]
        body = gzip.compress(json.dumps({"inputs": service.inputs("wine", rows)}).encode())
        response = requests.post(f"{SERVICE.url}/v2/models/wine/infer", data=body, headers={
            "Content-Encoding": "gzip", "Content-Type": "application/json"})
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        self.assertEqual(response.json()["outputs"][1]["shape"], [100, 3])

    def test_who_asks_before_sending_is_told_to_go_on(self):
        body = json.dumps({"inputs": service.inputs("wine", list(service.records("wine").values())[:1])}).encode()
        host, port = SERVICE.address.split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"POST /v2/models/wine/infer HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body))
            self.assertEqual(connection.recv(1024), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(body)
            self.assertTrue(connection.recv(1024).startswith(b"HTTP/1.1 200 OK\r\n"))

    def test_a_redirect_is_followed(self):
        self.assertEqual(requests.get(f"{SERVICE.url}/v2/models/wine/").json()["name"], "wine")

    def test_a_mistake_is_named(self):
        tensors = service.inputs("cargo", list(service.records("cargo").values())[:1])
        tensors[5]["data"] = ["brokn"]
        response = requests.post(f"{SERVICE.url}/v2/models/cargo/infer", json={"inputs": tensors})
        self.assertEqual(response.status_code, 400)
        self.assertIn("'seal', row 0: 'brokn'", response.json()["error"])

    def test_metrics_parse(self):
        self.test_drift()
        families = {f.name: f for f in text_string_to_metric_families(requests.get(f"{SERVICE.url}/metrics").text)}
        self.assertEqual(families["seldon_model_drift"].type, "histogram")
        self.assertEqual(families["model_infer_request_success"].type, "counter")
        answered = {s.labels["model"]: s.value for s in families["model_infer_request_success"].samples}
        self.assertGreaterEqual(answered["wine-drift"], 2)


class Hostile(unittest.TestCase):
    """What no client of good faith sends: a refusal in time, and the service goes on."""

    GOOD = {"inputs": service.inputs("wine", list(service.records("wine").values())[:1])}

    def tearDown(self):
        answer = requests.post(f"{SERVICE.url}/v2/models/wine/infer", json=self.GOOD, timeout=5)
        self.assertEqual(answer.status_code, 200)

    def connection(self):
        host, port = SERVICE.address.split(":")
        connection = socket.create_connection((host, int(port)), timeout=20)
        self.addCleanup(connection.close)
        return connection

    def say(self, request):
        """The status of the answer to some bytes."""
        connection = self.connection()
        connection.sendall(request)
        return connection.recv(4096).split(b" ", 2)[1]

    def head(self, *fields):
        return b"\r\n".join([b"POST /v2/models/wine/infer HTTP/1.1", b"Host: x", *fields, b"", b""])

    def post(self, body, **headers):
        return requests.post(f"{SERVICE.url}/v2/models/wine/infer", data=body, headers=headers, timeout=20)

    def test_a_body_announced_too_large_is_refused_unseen(self):
        self.assertEqual(self.say(self.head(b"Content-Length: 100000000")), b"413")
        self.assertEqual(self.say(self.head(b"Content-Length: 100000000", b"Expect: 100-continue")), b"413")

    def test_a_large_body_is_refused(self):
        self.assertEqual(self.post(b"[" + b"1," * 50_000_000).status_code, 413)
        self.assertEqual(self.post(gzip.compress(b" " * 200_000_000), **{"Content-Encoding": "gzip"}).status_code, 413)

    def test_wrong_lengths(self):
        body = json.dumps(self.GOOD).encode()
        for length in (b"-5", b"abc", b"1" * 30):
            self.assertEqual(self.say(self.head(b"Content-Length: " + length) + body), b"400")
        self.assertEqual(self.say(self.head(b"Content-Length: 40") + body), b"422")
        both = self.head(b"Content-Length: 5", b"Transfer-Encoding: chunked")
        self.assertEqual(self.say(both + b"5\r\nhello\r\n0\r\n\r\n"), b"400")

    def test_those_who_never_finish_hold_up_nobody(self):
        for number in range(200):
            start = self.head(b"Content-Length: 500") + b"{" if number % 2 else b"POST /v2 HT"
            self.connection().sendall(start)

    def test_what_is_no_json(self):
        good = json.dumps(self.GOOD)
        for body in (b"hello", b"\xef\xbb\xbf{}", good[:-3].encode(),
                     good.encode().replace(b'"input"', b'"in\xffput"', 1)):
            response = self.post(body)
            self.assertEqual(response.status_code, 422)
            self.assertEqual(response.json()["detail"][0]["type"], "json_invalid")

    def test_depth_and_duplicates(self):
        good = json.dumps(self.GOOD)
        deep = good.replace('"data": [', '"data": [' + "[" * 100_000, 1)
        self.assertEqual(self.post(deep).status_code, 400)
        self.assertEqual(self.post(b"[" * 1_000_000).status_code, 400)
        twice = good.replace('"data": [', '"data": [1], "data": [', 1)
        self.assertIn("1 elements for shape [1, 13]", self.post(twice).json()["error"])

    def test_numbers(self):
        good = json.dumps(self.GOOD)
        first = json.dumps(self.GOOD["inputs"][0]["data"][0])
        for text, status in (("9007199254740993", 200), ("NaN", 200), ("null", 200), ("Infinity", 400), ("1e39", 400),
                             ("9" * 400, 400), ("true", 400), ('"4"', 400), ("{}", 400), ("0x4", 422)):
            with self.subTest(text=text):
                response = self.post(good.replace("[" + first, "[" + text, 1))
                self.assertEqual(response.status_code, status, response.text)
                if text in ("Infinity", "1e39"):
                    self.assertIn("row 0, 'alcohol'", response.json()["error"])

    def test_models_come_and_go_under_load(self):
        statuses = set()

        def ask():
            with requests.Session() as session:
                for _ in range(60):
                    answer = session.post(f"{SERVICE.url}/v2/models/wine-shap/infer", json=self.GOOD, timeout=20)
                    statuses.add(answer.status_code)
                    if answer.status_code == 404:
                        self.assertEqual(answer.json(), {"error": "Model wine-shap not found"})

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for thread in asking:
            thread.start()
        for _ in range(10):
            for call in ("unload", "load", "load"):
                path = f"{SERVICE.url}/v2/repository/models/wine-shap/{call}"
                self.assertEqual(requests.post(path, timeout=20).status_code, 200)
        for thread in asking:
            thread.join()
        self.assertLessEqual(statuses, {200, 404})
        self.assertIn(200, statuses)


class Triton(unittest.TestCase):
    """tritonclient, with tensors as JSON and as bytes."""

    def setUp(self):
        self.client = triton.InferenceServerClient(SERVICE.address)

    def tearDown(self):
        self.client.close()

    def infer(self, model, rows, binary):
        tensors = []
        for spec in service.inputs(model, rows):
            data = np.array(spec["data"], dtype=triton_to_np_dtype(spec["datatype"])).reshape(spec["shape"])
            tensor = triton.InferInput(spec["name"], spec["shape"], spec["datatype"])
            tensor.set_data_from_numpy(data, binary_data=binary)
            tensors.append(tensor)
        outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("predict", "predict_proba")]
        return self.client.infer(model, tensors, outputs=outputs, request_id="r-1")

    def test_the_service_is_known(self):
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        self.assertTrue(self.client.is_model_ready("wine"))
        self.assertFalse(self.client.is_model_ready("nosuch"))
        self.assertIn("binary_tensor_data", self.client.get_server_metadata()["extensions"])
        self.assertEqual(self.client.get_model_metadata("cargo")["inputs"][0]["name"], "origin_port")
        self.assertIn("wine-drift", [row["name"] for row in self.client.get_model_repository_index()])

    def test_json_and_bytes_give_the_same(self):
        for model in service.MODELS:
            records = service.expected(model)["records"]
            rows = [record["inputs"] for record in records]
            wanted = [record["probabilities"] for record in records]
            answers = {}
            for binary in (False, True):
                with self.subTest(model=model, binary=binary):
                    answer = self.infer(model, rows, binary)
                    self.assertEqual(answer.get_response()["id"], "r-1")
                    np.testing.assert_allclose(answer.as_numpy("predict_proba"), wanted, atol=1e-6)
                    answers[binary] = answer
            np.testing.assert_array_equal(
                answers[False].as_numpy("predict_proba"), answers[True].as_numpy("predict_proba"))
            chosen = [np.asarray(answers[b].as_numpy("predict")).astype(str).tolist() for b in (False, True)]
            labels = [[[c.removeprefix("b'").removesuffix("'") for c in row] for row in one] for one in chosen]
            self.assertEqual(labels[0], labels[1])

    def test_outputs_are_bytes_where_none_is_named(self):
        tensor = triton.InferInput("text", [1, 1], "BYTES")
        tensor.set_data_from_numpy(np.array([["where is my container"]], dtype=object))
        answer = self.client.infer("message-triage", [tensor])
        self.assertEqual(answer.as_numpy("predict_proba").shape, (1, 4))

    def test_models_are_unloaded_and_loaded(self):
        self.client.unload_model("digits-outlier")
        self.assertFalse(self.client.is_model_ready("digits-outlier"))
        self.client.load_model("digits-outlier")
        self.assertTrue(self.client.is_model_ready("digits-outlier"))

    def test_a_mistake_is_named(self):
        tensor = triton.InferInput("input", [1, 12], "FP64")
        tensor.set_data_from_numpy(np.zeros((1, 12)))
        with self.assertRaisesRegex(InferenceServerException, r"\[1, 12\].*\[-1, 13\]"):
            self.client.infer("wine", [tensor])


class MLServer(unittest.TestCase):
    """`mlserver infer`, which scores a file of requests."""

    def score(self, model, *arguments):
        records = service.expected(model)["records"]
        with tempfile.TemporaryDirectory() as folder:
            source, target = pathlib.Path(folder, "in.jsonl"), pathlib.Path(folder, "out.jsonl")
            source.write_text("".join(
                json.dumps({"id": r["id"], "inputs": service.inputs(model, [r["inputs"]])}) + "\n" for r in records))
            program = pathlib.Path(sys.executable).with_name("mlserver")
            subprocess.run([program, "infer", "-u", SERVICE.address, "-m", model, "-i", source, "-o", target,
                            "-r", "1", *arguments], check=True, capture_output=True)
            lines = [json.loads(line) for line in target.read_text().splitlines()]
        self.assertEqual(len(lines), len(records))
        for line in lines:
            record = records[line["parameters"]["batch_index"]]
            self.assertNotIn("error", line)
            outputs = {output["name"]: output["data"] for output in line["outputs"]}
            np.testing.assert_allclose(outputs["predict_proba"], record["probabilities"], atol=1e-6)

    def test_a_file_is_scored(self):
        for model in ("wine", "cargo", "digits"):
            with self.subTest(model=model):
                self.score(model)

    def test_a_file_is_scored_in_batches(self):
        self.score("wine", "--batch-size", "3")

    def test_a_file_is_scored_as_bytes(self):
        self.score("wine", "--binary-data")


if __name__ == "__main__":
    unittest.main(verbosity=2)
