"""Asks mds-service what it should answer, with clients that others wrote. Run by run.sh."""

import gzip
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
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
                    np.testing.assert_allclose(
                        shares.sum(axis=1) + data["expected_value"], record["margins"], atol=5e-6)
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
