"""Loads the collector's export into pandas and pyarrow by the codebook's own words, and compares every cell.

Run by run.sh.
"""

import hashlib
import json
import math
import random
import re
import unittest

import pandas
import pyarrow
import pyarrow.parquet

import collector

TEXTS = [
    "plain", "two\nlines", "two\r\nlines", "a\rb", 'said "no"', "a, b; c", "\"", "''", "'", "tab\there", "\ttab first",
    "=1+1", "=cmd|' /C calc'!A0", "+49 30", "-1", "-1+1", "@here", "'=1", "''-1+1", "＝１", "\n", "\r", " lead",
    "trail ", " ", "NA", "NaN", "nan", "null", "None", "N/A", "True", "007", "1e5", "Infinity", "-Infinity", "#N/A",
    "😀 👩‍👩‍👧 🏳️‍🌈", "e\u0301 é", "\u202eright to left", "\u200b\ufeff", "line\u2028separator\u0085", "日本語、テスト", "\\n \\",
    "{\"a\": 1}", "[1]", "x" * 16_000, "\x01\x1b[31mred\x7f", "0" * 40, "<b>", "`|`", "1,5", "2026-11-23",
]
DOUBLES = ["NaN", "Infinity", "-Infinity", 0.1, -0.0, 5e-324, 1.7976931348623157e308, 1e22, 123456789.123456789, 3]
ANALYSTS = ["ana", "bob"]


def tensor(name, datatype, *data):
    return {"name": name, "datatype": datatype, "shape": [1, len(data)], "data": list(data)}


def number(value):
    return float({"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(value, value))


def setUpModule():
    """Judgements of two models' answers; WANTED holds what each row must say, in the order in which they were sent."""
    global COLLECTOR, WANTED, EVENTS
    COLLECTOR = collector.Collector(ANALYSTS)
    WANTED, EVENTS = [], 0
    dice = random.Random(6601)
    for analyst in ANALYSTS:
        device = collector.Device(COLLECTOR, analyst)
        for index in range(600):
            case = hashlib.sha256(f"{index}".encode()).hexdigest()[:32]
            judge(device, case, index, dice)
        EVENTS += device.seq
        device.push()


def judge(device, case, index, dice):
    row = {"analyst": device.analyst, "case_id": case, "note": dice.choice(TEXTS) if index % 3 else None,
           "source_id": dice.choice(TEXTS), "verdict": "disagree", "label": dice.choice(TEXTS), "state": "in_force"}
    if index % 2:
        row |= {"model": "first", "input.big": dice.choice([2**63 - 1, -2**63, 2**53 + 1, 0]),
                "input.huge": dice.choice([2**64 - 1, 0, 2**63]), "input.real": number(dice.choice(DOUBLES)),
                "input.flag": dice.random() < 0.5}
        real = next(d for d in DOUBLES if repr(number(d)) == repr(row["input.real"]))
        tensors = [tensor("big", "INT64", row["input.big"]), tensor("huge", "UINT64", row["input.huge"]),
                   tensor("real", "FP64", real), tensor("flag", "BOOL", row["input.flag"])]
        fields = []
    else:
        row |= {"model": "second", "input.=text": dice.choice(TEXTS), "input.pair": [dice.randrange(9), 2]}
        tensors = [tensor("=text", "BYTES", row["input.=text"]), tensor("both", "INT32", *row["input.pair"])]
        fields = [{"name": "pair", "tensor": 1, "offset": 0, "n": 2}]
    seen = device.add("seen", {
        "record": {"tensors": tensors}, "fields": fields, "source_id": row["source_id"],
        "record_at": "2026-11-22T23:59:59.999999Z", "model": row["model"], "version": "1", "assist": "explanation",
        "output": {"classes": [{"label": "a", "p": 0.1}, {"label": "b", "p": 0.9}], "chosen": 1, "margin": 0.8},
        "explanations": [{"explainer": "shap", "method": "Tree SHAP", "shown": True, "ms": index,
                          "top": [{"name": "x", "share": 1e-07}]}]}, case)
    payload = {"verdict": "disagree", "label": row["label"], "confidence": 1 + index % 5, "reasons": [row["label"]],
               "stage": "final", "assist": "explanation", "active_ms": index}
    if row["note"] is not None:
        payload["note"] = row["note"]
    refs = [{"rel": "seen"} | seen]
    said = device.add("judgement", payload, case, refs)
    row |= {"reasons": [row["label"]], "answer": row["label"]}
    WANTED.append(row)
    if index % 10 == 0:
        row["state"] = "superseded"
        device.add("amend", {"of": "judgement", "redo": False, "statement": {"verdict": "agree", "stage": "final"}},
                   case, refs + [{"rel": "amends"} | said])
        WANTED.append(row | {"state": "in_force", "verdict": "agree", "label": None, "note": None, "answer": "b",
                             "reasons": []})
    elif index % 10 == 1:
        row["state"] = "retracted"
        device.add("retract", {"undo": True}, case, [{"rel": "retracts"} | said])


def tearDownModule():
    assert COLLECTOR.stop() == 0, "the collector did not stop in good order"


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.frames, cls.paths = {}, {}
        cls.codebook, recipe = COLLECTOR.path / "codebook.json", COLLECTOR.path / "codebook.md"
        for form in ["parquet", "jsonl", "csv"]:
            path, cls.words = COLLECTOR.export(
                f"rows.{form}", "--format", form, "--codebook", str(cls.codebook), "--codebook", str(recipe))
            cls.paths[form] = path
            # The codebook tells people how to load it: exactly that is done here.
            code = re.search(r"```python\n(.*?)```", recipe.read_text(), re.DOTALL).group(1)
            names = {}
            exec(compile(code, str(recipe), "exec"), names)
            if form == "parquet":
                cls.parquet = names["load"](path)
            else:
                cls.frames[form] = names["load"](path, cls.codebook)
        cls.columns = json.loads(cls.codebook.read_text())["columns"]

    def test_no_row_is_lost_and_all_columns_are_there(self):
        for form, frame in self.frames.items():
            with self.subTest(form):
                self.assertEqual(len(frame), len(WANTED))
                self.assertEqual(list(frame.columns), [column["name"] for column in self.columns])
        self.assertIn(f"{len(WANTED)} rows", self.words)

    def test_dtypes_are_those_of_the_codebook(self):
        for form, frame in self.frames.items():
            for column in self.columns:
                with self.subTest(form, column=column["name"]):
                    self.assertEqual(str(frame.dtypes[column["name"]]), column["dtype"])

    def test_every_cell_is_as_it_was_sent(self):
        names = sorted({name for row in WANTED for name in row})
        for form, frame in self.frames.items():
            for name in names:
                for place, (value, row) in enumerate(zip(frame[name].tolist(), WANTED, strict=True)):
                    wanted = row.get(name)
                    with self.subTest(form, column=name, row=place):
                        if wanted is None or isinstance(wanted, float) and math.isnan(wanted):
                            self.assertTrue(value is None or value is pandas.NA or value != value, repr(value))
                        else:
                            self.assertEqual(value, wanted)
                            self.assertEqual(repr(value), repr(wanted))

    def test_the_two_forms_say_the_same(self):
        left, right = self.frames["jsonl"], self.frames["csv"]
        for column in self.columns:
            with self.subTest(column=column["name"]):
                if column["type"] == "json":
                    pairs = zip(left[column["name"]], right[column["name"]], strict=True)
                    for a, b in pairs:
                        self.assertTrue(a == b or pandas.isna(a) and pandas.isna(b), (a, b))
                else:
                    pandas.testing.assert_series_equal(left[column["name"]], right[column["name"]], check_exact=True)

    def test_pandas_readers_load_it_by_themselves(self):
        self.assertEqual(len(pandas.read_json(self.paths["jsonl"], lines=True)), len(WANTED))
        self.assertEqual(len(pandas.read_csv(self.paths["csv"])), len(WANTED))

    def test_parquet_has_the_types_and_the_codebook(self):
        types = {"text": pyarrow.string(), "json": pyarrow.string(), "integer": pyarrow.int64(),
                 "unsigned": pyarrow.uint64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_(),
                 "time": pyarrow.timestamp("us", tz="UTC")}
        schema = pyarrow.parquet.read_schema(self.paths["parquet"])
        self.assertEqual(schema.names, [column["name"] for column in self.columns])
        for column in self.columns:
            self.assertEqual(schema.field(column["name"]).type, types[column["type"]], column["name"])
        self.assertEqual(json.loads(schema.metadata[b"mds.codebook"])["columns"], self.columns)

    def test_every_cell_of_parquet_is_that_of_jsonl(self):
        table = pyarrow.parquet.read_table(self.paths["parquet"])
        lines = self.paths["jsonl"].read_text(encoding="utf-8").split("\n")[:-1]
        rows = [json.loads(line) for line in lines]
        self.assertEqual(table.num_rows, len(rows))
        for column in self.columns:
            name = column["name"]
            for place, (cell, row) in enumerate(zip(table[name].to_pylist(), rows, strict=True)):
                wanted = row[name]
                if wanted is not None and column["type"] == "number":
                    wanted = number(wanted)
                elif wanted is not None and column["type"] == "time":
                    wanted, cell = pandas.Timestamp(wanted), pandas.Timestamp(cell)
                elif cell is not None and column["type"] == "json":
                    cell = json.loads(cell)
                with self.subTest(column=name, row=place):
                    # By their text: NaN is there and is no null, minus zero is not zero.
                    self.assertEqual(repr(cell), repr(wanted))

    def test_parquet_counts_what_is_not_there(self):
        file = pyarrow.parquet.ParquetFile(self.paths["parquet"])
        for index, column in enumerate(self.columns):
            chunks = [file.metadata.row_group(group).column(index) for group in range(file.num_row_groups)]
            nulls = sum(chunk.statistics.null_count for chunk in chunks)
            self.assertEqual(nulls, file.read(columns=[column["name"]])[0].null_count, column["name"])

    def test_parquet_by_the_recipe_is_the_frame_of_jsonl(self):
        for column in self.columns:
            if column["type"] != "json":
                left = self.frames["jsonl"][column["name"]]
                right = self.parquet[column["name"]].astype(left.dtype)
                pandas.testing.assert_series_equal(left, right, check_exact=True)

    def test_times_are_exact(self):
        for frame in self.frames.values():
            self.assertEqual(set(frame["at"]), {pandas.Timestamp("2026-11-23T12:00:00.000001Z")})
            self.assertEqual(set(frame["record_at"]), {pandas.Timestamp("2026-11-22T23:59:59.999999Z")})

    def test_a_model_alone(self):
        path, _ = COLLECTOR.export("first.jsonl", "--model", "first")
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        self.assertEqual(len(rows), sum(row["model"] == "first" for row in WANTED))
        self.assertFalse(any("input.pair" in row for row in rows))

    def test_the_whole_log_can_be_verified(self):
        path, _ = COLLECTOR.export("log.jsonl", "--format", "events")
        last, count = {}, 0
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            event = json.loads(line)
            leaf = hashlib.sha256(collector.canonical(event["body"])).digest()
            self.assertEqual(leaf.hex(), event["leaf"])
            self.assertEqual(event["prev"], last.get(event["stream"], bytes(32).hex()))
            own = collector.digest(bytes.fromhex(event["stream"]), event["seq"], bytes.fromhex(event["prev"]),
                                   bytes.fromhex(event["event_id"]), leaf)
            self.assertEqual(own.hex(), event["hash"])
            last[event["stream"]] = event["hash"]
            count += 1
        self.assertEqual(count, EVENTS)


if __name__ == "__main__":
    unittest.main()
