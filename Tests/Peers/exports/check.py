"""Loads the collector's exports with argilla, label-studio-sdk and pyarrow. Run by run.sh."""

import hashlib
import json
import os
import pathlib
import random
import tempfile
import unittest
import uuid
import warnings
from unittest import mock

# Nothing is asked of the network, and nothing said to anybody.
os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "ARGILLA_ENABLE_TELEMETRY": "0"}
warnings.filterwarnings("ignore")

import argilla
import pyarrow.parquet
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

from Peers.collector.collector import Collector, Device

ANALYSTS = ["ana", "bob", "cyd"]
CASES = 200
MANY = int(os.environ.get("MDS_EXPORT_ROWS", "10000"))
LABELS = ["fraud", "ok", "a<b>&\"c\"", "日本語", "two\nlines", "\ttab", "it's 100 %"]
TEXTS = ["plain", "=1+1", "two\nlines", "\x01\x1b[31m", "\u2028\u0085", "\U0001f600", "<b>&\"'", "x" * 20_000, "{\"a\": 1}"]
KEY = "a key of the project, secret"


def setUpModule():
    """Three analysts on the same cases; WANTED holds, by case, what each said last."""
    global COLLECTOR, WANTED
    COLLECTOR = Collector(ANALYSTS)
    WANTED = {}
    dice = random.Random(42)
    texts = [dice.choice(TEXTS) + f" {index}" for index in range(CASES)]
    for analyst in ANALYSTS:
        device = Device(COLLECTOR, analyst)
        for index in range(CASES):
            if dice.random() < 0.8:
                judge(device, index, texts[index], dice)
        device.push()


def judge(device, index, text, dice):
    case = hashlib.sha256(f"case {index}".encode()).hexdigest()[:32]
    if index % 5 == 0:
        tensors = [{"name": "x", "datatype": "FP64", "shape": [1, 2], "data": ["NaN", index]}]
        output, verdict = {"value": index / 4}, dice.choice(["agree", "disagree", "unsure"])
        said = {"verdict": verdict} | ({"value": index / 2} if verdict == "disagree" else {})
        answer = {"agree": f"{index / 4:g}", "disagree": f"{index / 2:g}", "unsure": None}[verdict]
    else:
        tensors = [{"name": "text", "datatype": "BYTES", "shape": [1, 1], "data": [text]}]
        predicted = index % len(LABELS)
        output = {"classes": [{"label": label, "p": 0.9 if place == predicted else 0.01}
                              for place, label in enumerate(LABELS)], "chosen": predicted}
        verdict = dice.choice(["agree", "disagree", "unsure", "skip"])
        said = {"verdict": verdict} | ({"label": dice.choice(LABELS)} if verdict == "disagree" else {})
        answer = {"agree": LABELS[predicted], "disagree": said.get("label")}.get(verdict)
    said |= {"confidence": dice.randrange(1, 6), "reasons": ["why", "& how"][: index % 3], "active_ms": 4200 + index}
    if index % 2:
        said["note"] = dice.choice(TEXTS)
    seen = device.add("seen", {"record": {"tensors": tensors}, "fields": [], "model": "m", "version": "3",
                               "source_id": f"row {index}", "assist": "explanation", "output": output}, case)
    refs = [{"rel": "seen"} | seen]
    if index % 7 == 0:
        first = device.add("judgement", {"verdict": "unsure", "stage": "final"}, case, refs)
        device.add("amend", {"of": "judgement", "redo": False, "statement": said | {"stage": "final"}}, case,
                   refs + [{"rel": "amends"} | first])
    else:
        device.add("judgement", said | {"stage": "final"}, case, refs)
    WANTED.setdefault(case, {})[device.analyst] = said | {"answer": answer, "predicted": output}


def tearDownModule():
    assert COLLECTOR.stop() == 0, "the collector did not stop in good order"


def exported(form, *options):
    """The file, read as JSON, and its codebook."""
    book = COLLECTOR.path / f"{form}.codebook.json"
    path, _ = COLLECTOR.export(f"{form}.json", "--format", form, "--codebook", str(book), *options)
    return json.loads(path.read_text(encoding="utf-8")), json.loads(book.read_text(encoding="utf-8")), path


class Argilla(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows, cls.book, _ = exported("argilla")
        cls.records = {row["id"]: argilla.Record.from_dict(row) for row in cls.rows}
        cls.names = {analyst["uuid"]: analyst["name"] for analyst in cls.book["analysts"]}

    def test_there_is_a_record_for_each_case(self):
        self.assertEqual(set(self.records), set(WANTED))
        self.assertEqual(len(self.rows), len(WANTED))

    def test_each_comes_back_from_argilla_as_it_was(self):
        for row in self.rows:
            again = self.records[row["id"]].to_dict()
            # It writes that there is no score where there is none.
            again["suggestions"] = {question: {key: value for key, value in one.items() if value is not None}
                                    for question, one in again["suggestions"].items()}
            for part in ["id", "fields", "metadata", "suggestions", "vectors"]:
                self.assertEqual(again[part], row[part])
            plain = {question: [{key: one[key] for key in ("value", "user_id")} for one in answers]
                     for question, answers in row["responses"].items()}
            self.assertEqual(again["responses"], plain)

    def test_each_analyst_has_said_what_was_said_last(self):
        for case, record in self.records.items():
            heard = {}
            for response in record.responses:
                uuid.UUID(str(response.user_id))
                heard.setdefault(self.names[str(response.user_id)], {})[response.question_name] = response
            self.assertEqual(set(heard), set(WANTED[case]))
            for analyst, said in WANTED[case].items():
                answers = {name: response.value for name, response in heard[analyst].items()}
                answer = answers.pop("label", None) or answers.pop("value", None)
                self.assertEqual(answer, said["answer"])
                wanted = {"verdict": said["verdict"], "confidence": said["confidence"]}
                wanted |= {"reasons": said["reasons"]} if said["reasons"] else {}
                wanted |= {"note": said["note"]} if "note" in said else {}
                self.assertEqual(answers, wanted)
                statuses = {response.status.value for response in heard[analyst].values()}
                self.assertEqual(statuses, {"discarded" if said["verdict"] == "skip" else "submitted"})

    def test_the_settings_of_the_documentation_take_them(self):
        # They ask for a server when they are made, and there is none here.
        with mock.patch.object(argilla.Argilla, "_get_default", return_value=mock.Mock()):
            settings = argilla.Settings(
                fields=[argilla.TextField("text")], allow_extra_metadata=True,
                questions=[argilla.LabelQuestion("label", labels=self.book["labels"], required=False),
                           argilla.LabelQuestion("verdict", labels=["agree", "disagree", "unsure", "skip"]),
                           argilla.RatingQuestion("confidence", values=[1, 2, 3, 4, 5], required=False),
                           argilla.TextQuestion("note", required=False)])
            settings.validate()
        self.assertEqual(set(self.book["labels"]), set(LABELS))

    def test_users_are_the_same_in_every_export_and_follow_the_pseudonyms(self):
        self.assertEqual(exported("argilla", "--in-force")[1]["analysts"], self.book["analysts"])
        key = COLLECTOR.path / "key"
        key.write_text(KEY)
        key.chmod(0o600)
        rows, book, path = exported("argilla", "--pseudonym-key", str(key))
        self.assertTrue(all(analyst["name"].startswith("analyst-") for analyst in book["analysts"]))
        users = {analyst["uuid"] for analyst in book["analysts"]}
        self.assertEqual(len(users), len(ANALYSTS))
        self.assertFalse(users & set(self.names))


class LabelStudio(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        config = COLLECTOR.path / "config.xml"
        cls.tasks, cls.book, cls.path = exported("label-studio", "--codebook", str(config))
        cls.config = config.read_text(encoding="utf-8")
        cls.interface = LabelInterface(cls.config)
        cls.names = {analyst["number"]: analyst["name"] for analyst in cls.book["analysts"]}

    def test_the_configuration_is_valid_and_that_of_the_codebook(self):
        self.interface.validate()
        self.assertEqual(self.config, self.book["labeling_config"])

    def test_every_prediction_and_annotation_fits_it(self):
        for task in self.tasks:
            for prediction in task["predictions"]:
                self.assertEqual(self.interface.validate_prediction(prediction, return_errors=True), [])
            for annotation in task["annotations"]:
                self.assertTrue(self.interface.validate_annotation(annotation), annotation)
            plain = {"data": task["data"]}
            self.assertTrue(self.interface.validate_task(plain), plain)

    def test_a_class_that_is_not_there_would_be_noticed(self):
        prediction = json.loads(json.dumps(next(
            task["predictions"][0] for task in self.tasks
            if task["predictions"][0]["result"][0]["type"] == "choices")))
        prediction["result"][0]["value"]["choices"] = ["no such class"]
        self.assertFalse(self.interface.validate_prediction(prediction))

    def test_each_analyst_has_said_what_was_said_last(self):
        self.assertEqual({task["data"]["case_id"] for task in self.tasks}, set(WANTED))
        for task in self.tasks:
            wanted = WANTED[task["data"]["case_id"]]
            self.assertEqual({self.names[one["completed_by"]] for one in task["annotations"]}, set(wanted))
            for annotation in task["annotations"]:
                said = wanted[self.names[annotation["completed_by"]]]
                self.assertEqual(annotation["was_cancelled"], said["verdict"] == "skip")
                self.assertEqual(annotation["lead_time"], said["active_ms"] / 1000)
                values = {region["from_name"]: region["value"] for region in annotation["result"]}
                if said["answer"] is not None and "classes" in said["predicted"]:
                    self.assertEqual(values["label"], {"choices": [said["answer"]]})
                elif said["answer"] is not None:
                    self.assertEqual(values["value"], {"number": float(said["answer"])})
                self.assertEqual(values.get("note"), {"text": [said["note"]]} if "note" in said else None)
                uuid.UUID(annotation["unique_id"])

    def test_its_converter_makes_a_table_of_them(self):
        with tempfile.TemporaryDirectory() as folder:
            Converter(self.config, folder).convert_to_json_min(str(self.path), folder, is_dir=False)
            rows = json.loads((pathlib.Path(folder) / "result.json").read_text(encoding="utf-8"))
        wanted = [(task["data"]["case_id"], one["completed_by"], one["lead_time"]) for task in self.tasks
                  for one in task["annotations"] if not one["was_cancelled"]]
        self.assertEqual([(row["case_id"], row["annotator"], row["lead_time"]) for row in rows], wanted)


class ManyRows(unittest.TestCase):
    """Many rows in a collector of their own; over 50,000 they are more than a row group has."""

    def test_all_are_there_in_their_order(self):
        many = Collector(["ana"])
        try:
            device = Device(many, "ana")
            for index in range(MANY):
                device.add("judgement", {"verdict": "agree", "label": f"é{index}", "stage": "final", "assist": "blind",
                                         "active_ms": index, "note": "n" * (index % 7)}, f"{index:032x}")
            device.push()
            path, words = many.export("many.parquet", "--format", "parquet")
            file = pyarrow.parquet.ParquetFile(path)
            if MANY > 50_000:
                self.assertGreater(file.num_row_groups, 1)
            table = file.read()
        finally:
            many.stop()
        self.assertIn(f"{MANY} rows", words)
        self.assertEqual(table["label"].to_pylist(), [f"é{index}" for index in range(MANY)])
        self.assertEqual(table["active_ms"].to_pylist(), list(range(MANY)))
        self.assertEqual(table["seq"].to_pylist(), list(range(1, MANY + 1)))
        # A note without a character is none.
        self.assertEqual(table["note"].to_pylist(), ["n" * (index % 7) or None for index in range(MANY)])
        self.assertEqual(table["model"].null_count, MANY)


if __name__ == "__main__":
    unittest.main()
