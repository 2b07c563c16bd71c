"""Judgements that a collector holds, and what a model is to hear of them when they are sent as feedback."""

import hashlib

from Peers.collector.collector import Device

CLASSES = [{"label": "setosa", "p": 0.9}, {"label": "virginica", "p": 0.1}]
IRIS = {"name": "x", "datatype": "FP64", "shape": [1, 2], "data": [5.1, 0.2]}
FIELDS = [{"name": "length", "tensor": 0, "offset": 0}, {"name": "width", "tensor": 0, "offset": 1}]
HOSTILE = "=1+1 \u0001\x1b[31m \u2028 \"\\ \U0001f600"


def text(data):
    return {"name": "text", "datatype": "BYTES", "shape": [1, 1], "data": [data]}


def heard(features, names, reward, truth):
    return {"features": features, "names": names, "reward": reward, "truth": truth}


NAMES = ["length", "width"]
# Tensors, output, what the analyst says, and what `send_feedback` gets; None where there is no line.
JUDGED = [
    ([IRIS], {"classes": CLASSES, "chosen": 0}, {"verdict": "agree"},
     heard([[5.1, 0.2]], NAMES, 1.0, [[1.0, 0.0]])),
    ([IRIS], {"classes": CLASSES, "chosen": 0}, {"verdict": "disagree", "label": "virginica", "note": HOSTILE},
     heard([[5.1, 0.2]], NAMES, -1.0, [[0.0, 1.0]])),
    ([IRIS], {"classes": CLASSES, "chosen": 0}, {"verdict": "disagree", "label": "a rose"},
     heard([[5.1, 0.2]], NAMES, -1.0, [["a rose"]])),
    # Of two classes the other one; of three, only that it is not this one.
    ([IRIS], {"classes": CLASSES, "chosen": 0}, {"verdict": "disagree"}, heard([[5.1, 0.2]], NAMES, -1.0, [[0.0, 1.0]])),
    ([IRIS], {"classes": CLASSES + [{"label": "versicolor", "p": 0.0}], "chosen": 0}, {"verdict": "disagree"},
     heard([[5.1, 0.2]], NAMES, -1.0, [])),
    ([IRIS], {"classes": CLASSES, "chosen": 0}, {"verdict": "unsure"}, None),
    ([IRIS], {"classes": CLASSES, "chosen": 0}, {"verdict": "skip"}, None),
    ([IRIS | {"data": ["NaN", "-Infinity"]}], {"value": 2.5}, {"verdict": "disagree", "value": 3.5},
     heard([[float("nan"), float("-inf")]], NAMES, -1.0, [[3.5]])),
    ([IRIS | {"datatype": "INT64", "data": [2**53, -1]}], {"value": 2.5}, {"verdict": "agree"},
     heard([[2.0**53, -1.0]], NAMES, 1.0, [[2.5]])),
    ([text(HOSTILE)], {"classes": CLASSES, "chosen": 1}, {"verdict": "agree"},
     heard([[HOSTILE]], ["text"], 1.0, [[0.0, 1.0]])),
    ([text("x" * 30_000), IRIS | {"data": ["NaN", 1]}], {"classes": CLASSES, "chosen": 1}, {"verdict": "agree"},
     heard([["x" * 30_000, None, 1.0]], ["text", "x[0]", "x[1]"], 1.0, [[0.0, 1.0]])),
    ([IRIS | {"shape": [1, 1, 2]}], {"classes": [{"label": "a"}, {"label": "b"}], "chosen": 0}, {"verdict": "agree"},
     heard([[[5.1, 0.2]]], NAMES, 1.0, [[1.0, 0.0]])),
]


def judge(collector):
    device = Device(collector, "ana")
    for index, (tensors, output, said, _) in enumerate(JUDGED):
        case = hashlib.sha256(f"seldon {index}".encode()).hexdigest()[:32]
        fields = FIELDS if len(tensors) == 1 and tensors[0] != text(HOSTILE) else []
        seen = device.add("seen", {"record": {"tensors": tensors}, "fields": fields, "model": "iris", "version": "2",
                                   "request_id": f"p-{index}", "assist": "explanation", "output": output}, case)
        device.add("judgement", {"stage": "final", "assist": "explanation"} | said, case, [{"rel": "seen"} | seen])
    device.push()
