"""What mds makes of Triton. Run by run.sh."""

import sys

from Peers.support import web
from Peers.support.checks import Checks, holds, near, same
from Peers.support.connecting import connecting
from Peers.support.processes import stop_on_signals, wait_until
from Peers.support.workbench import Workbench
from Peers.triton.server import Triton

FLOWERS = [[5.1, 3.5, 1.4, .2], [6.7, 3, 5.2, 2.3], [5.9, 2.8, 4.3, 1.3]]
RING = ["..####..", ".#....#.", "#......#", "#......#", "#......#", "#......#", ".#....#.", "..####.."]
EVERY_TYPE = {
    "I_BOOL": True, "I_UINT8": 255, "I_UINT16": 65535, "I_UINT32": 2**32 - 1, "I_UINT64": 2**64 - 1, "I_INT8": -128,
    "I_INT16": -2**15, "I_INT32": -2**31, "I_INT64": -2**63, "I_FP16": 1.5, "I_FP32": .5, "I_FP64": 5e-324,
    "I_STRING": "hé 😀"}


def columns(name, rows):
    """Rows of a nameless vector, as mds names its elements."""
    return [{f"{name}[{index}]": value for index, value in enumerate(row)} for row in rows]


def asked(server, model, name, rows, version=None):
    """What the server says itself, by output name."""
    path = f"/v2/models/{model}" + (f"/versions/{version}" if version else "") + "/infer"
    tensor = {"name": name, "datatype": "FP32", "shape": [len(rows), len(rows[0])], "data": rows}
    return {output["name"]: output["data"] for output in web.post(server.url + path, {"inputs": [tensor]})["outputs"]}


def listing(checks, mds):
    lines = mds.lines("models", "--json")
    states = {line["name"]: line["state"] for line in lines}
    with checks.that("models are listed with their versions and platforms"):
        same([line["version"] for line in lines if line["name"] == "iris"], ["1", "2"])
        same({line["name"]: line["platform"] for line in lines}["iris_pipeline"], "ensemble")
        same(states["iris"], "ready")
    with checks.that("a model that was never loaded is listed and is not ready"):
        assert states["broken"] != "ready", states["broken"]
    with checks.that("a nameless vector has a field for each element, a picture is a picture"):
        out = mds.run("models", "iris").out
        for index in range(4):
            holds(f"features[{index}]", out)
        holds("UINT8 8x8", mds.run("models", "shapes").out)


def predictions(checks, mds, server):
    answers, rejected = mds.infer("iris", columns("features", FLOWERS))
    with checks.that("a vector is scored"):
        same(rejected, [])
        wanted = asked(server, "iris", "features", FLOWERS, version=answers[0]["version"])["probabilities"]
        near([p for answer in answers for p in answer["probabilities"].values()], wanted)
    with checks.that("the newest version answers"):
        same({answer["version"] for answer in answers}, {"2"})
    with checks.that("the label is the one that the model says"):
        wanted = asked(server, "iris", "features", FLOWERS, version=answers[0]["version"])["label"]
        same([answer["label"] for answer in answers], wanted)
    with checks.that("a vector is read from a list under its tensor's name"):
        same(len(mds.infer("iris", [{"features": FLOWERS[0]}])[0]), 1)
    with checks.that("an ensemble is scored as a model is"):
        rows = [[value * 10 for value in row] for row in FLOWERS]
        answers, _ = mds.infer("iris_pipeline", columns("raw_mm", rows))
        wanted = asked(server, "iris_pipeline", "raw_mm", rows)["probabilities"]
        near([p for answer in answers for p in answer["probabilities"].values()], wanted, 1e-5)
    picture = {"image": [16 * (dot == "#") for row in RING for dot in row]}
    with checks.that("a picture is scored"):
        answer = mds.infer("shapes", [picture])[0][0]
        same(max(range(3), key=list(answer["probabilities"].values()).__getitem__), 1)
    with checks.that("labels that the server keeps in a file are shown"):
        same(mds.infer("shapes", [picture])[0][0]["label"], "ring")


def types(checks, mds):
    def echoed(record):
        answers, rejected = mds.infer("echo_types", [record])
        same(rejected, [])
        return {output["name"].replace("O_", "I_"): output["data"][0] for output in answers[0]["outputs"]}

    with checks.that("every type comes back as it was sent"):
        same(echoed(EVERY_TYPE), EVERY_TYPE)
    with checks.that("so does a number that is none"):
        same(echoed(EVERY_TYPE | {"I_FP64": "NaN"})["I_FP64"], "NaN")
    with checks.that("so do infinities"):
        same(echoed(EVERY_TYPE | {"I_FP64": "-Infinity"})["I_FP64"], "-Infinity")
    with checks.that("a number that its type cannot hold is not sent"):
        _, rejected = mds.infer("echo_types", [EVERY_TYPE | {"I_INT8": 300}], status=5)
        holds("does not fit INT8", rejected[0]["reason"])
    with checks.that("inputs that are optional can be left out"):
        same(len(mds.infer("echo_types", [{"I_FP32": 1}])[0]), 1)
    with checks.that("an input of any length takes a list"):
        same(len(mds.infer("echo_types", [EVERY_TYPE | {"I_FP64": [1, 2, 3]}])[0]), 1)
    with checks.that("so it does of every type, and each element comes back as it was sent"):
        lists = {name: [value, value] for name, value in EVERY_TYPE.items()}
        answers, rejected = mds.infer("echo_types", [lists])
        same(rejected, [])
        same({output["name"].replace("O_", "I_"): output["data"] for output in answers[0]["outputs"]}, lists)


def outputs(answer):
    return {output["name"]: output["data"] for output in answer["outputs"]}


def lists(checks, mds):
    ids = [[101, 2023, 102], [7], [101, 2**53 + 1, 102], [2**63 - 1, -2**63], [8]]
    with checks.that("ids of any number are a list, in the form as well"):
        holds("INT64 list", mds.run("signature", "tokens").out)
    with checks.that("lists of different lengths stand in one file, and each is answered in its place"):
        answers, rejected = mds.infer("tokens", [{"input_ids": row} for row in ids])
        same(rejected, [])
        same([outputs(answer)["echo"] for answer in answers], ids)
        same([outputs(answer)["count"] for answer in answers], [[len(row)] for row in ids])
        same([tensor["shape"] for answer in answers for tensor in answer["inputs"]], [[1, len(row)] for row in ids])
    with checks.that("lists of one length are asked about together"):
        answers, _ = mds.infer("tokens", [{"input_ids": [1, 2]}] * 4, "--batch", "4", "--parallel", "1")
        same([outputs(answer)["rows"] for answer in answers], [[4]] * 4)
    with checks.that("a cell of a table holds a list"):
        source = mds.home / "tokens.csv"
        source.write_text('input_ids,note\n1 2 3,a\n9007199254740993,b\n"[4, 5]",c\n')
        same([outputs(answer)["echo"] for answer in mds.lines("infer", "tokens", "--input", source)],
             [[1, 2, 3], [2**53 + 1], [4, 5]])
    with checks.that("an element that does not fit is told, and what is no list is not sent"):
        _, rejected = mds.infer(
            "tokens", [{"input_ids": [1, 2.5]}, {"input_ids": [[1, 2], [3]]}, {"input_ids": []}], status=5)
        holds("2.5 is not a whole number", rejected[0]["reason"])
        holds("one list", rejected[1]["reason"])
        holds("needs a value", rejected[2]["reason"])


def unbatched(checks, mds):
    records = [{"ids": [1, 2, 3], "vector": [1, 2, 3, 4]}, {"ids": [4, 2**53 + 1, 6], "vector": [2, 2, 2, 2]},
               {"ids": [7], "vector": [0, 0, 0, .5], "words": ["a b", "c"]}]
    with checks.that("a model without batches says so, and its vector has a field for each element"):
        out = mds.run("signature", "unbatched_tokens").out
        for text in ["batch    none", "vector[3]", "INT64 list", "BYTES list"]:
            holds(text, out)
    with checks.that("it is asked about one record at a time, in its own shapes"):
        answers, rejected = mds.infer("unbatched_tokens", records)
        same(rejected, [])
        same([outputs(answer)["echo"] for answer in answers], [record["ids"] for record in records])
        same([outputs(answer)["sum"] for answer in answers], [[10], [8], [.5]])
        same([outputs(answer)["joined"] for answer in answers], [[""], [""], ["a b|c"]])
        same([tensor["shape"] for tensor in answers[2]["inputs"]], [[1], [4], [2]])
    with checks.that("its answers are cases, and are read back as the same ones"):
        same(mds.run("cases", "import", mds.home / "answers.jsonl").out, "0 new cases, 3 known, 0 set aside\n")
        same(len(mds.lines("cases", "list", "model:unbatched_tokens", "--json")), 3)
    with checks.that("a table can leave out what is optional"):
        source = mds.home / "unbatched.csv"
        source.write_text("ids,vector[0],vector[1],vector[2],vector[3]\n1 2,1,1,1,1\n3,0,0,0,0\n")
        same([outputs(answer)["echo"] for answer in mds.lines("infer", "unbatched_tokens", "--input", source)],
             [[1, 2], [3]])


def halves(checks, mds):
    with checks.that("BF16 is read in metadata, rounded, and comes back as it was sent"):
        answer = mds.infer("halves", [{"upper": [1, .1, -3.3895313892515355e38, "-Infinity"]}])[0][0]
        same(outputs(answer)["upper_back"], [1, .10009765625, -3.3895313892515355e38, "-Infinity"])
    with checks.that("halves are answered, also where the input would fit JSON"):
        same(outputs(mds.infer("halves", [{"single": [.5, 65504]}])[0][0])["half"], [.5, 65504])


def refusals(checks, mds):
    with checks.that("a model that fails in use is told in its own words"):
        _, rejected = mds.infer("fails", [{"x": 1}], status=5)
        holds("the feature store does not answer", rejected[0]["reason"])
    with checks.that("a model that is not loaded cannot be asked, and its name is told"):
        answer = mds.run("infer", "broken", "--input", mds.home / "records.jsonl")
        same(answer.status != 0, True)
        holds("broken", answer.err)
    with checks.that("a slow model is waited for"):
        assert mds.infer("slow", [{"seconds": 1.2}])[0][0]["value"] > 1.1
    with checks.that("a model of sequences says what it lacks"):
        _, rejected = mds.infer("sequence_sum", [{"INPUT": 1}], status=5)
        holds("correlation ID", rejected[0]["reason"])
    with checks.that("a model that answers in parts says that it does"):
        source = mds.home / "text.jsonl"
        source.write_text('{"text_input": "a b", "max_tokens": 2, "stream": false}\n')
        holds("decoupled", mds.run("infer", "generate_text", "--input", source).err)


def pieces(checks, mds):
    said = ["generate", "generate_text", "--text", "the quick brown fox"]
    with checks.that("an answer in parts is written while it comes, and becomes a case"):
        answer = mds.run(*said)
        same([answer.status, answer.out], [0, "THEQUICKBROWNFOX\n"])
        same(mds.lines("cases", "list", "model:generate_text", "--json")[0]["label"], "THEQUICKBROWNFOX")
    with checks.that("each part is a line, later than the one before"):
        lines = mds.lines(*said, "--json", "--no-case")
        same([line["text"] for line in lines], ["THE", "QUICK", "BROWN", "FOX"])
        times = [line["milliseconds"] for line in lines]
        assert times == sorted(times) and times[-1] - times[0] > 30, times
    with checks.that("a setting that is an input of the model fills it"):
        same(mds.run(*said, "--parameter", "max_tokens=2").out, "THEQUICK\n")
        same(mds.run(*said, "--parameter", "max_tokens=few").status, 5)
    with checks.that("a model that answers in parts only says how it is asked"):
        source = mds.home / "text.jsonl"
        source.write_text('{"text_input": "a b", "max_tokens": 2, "stream": false}\n')
        holds("mds generate generate_text", mds.run("infer", "generate_text", "--input", source).err)
    with checks.that("a model without a text is not asked for one"):
        answer = mds.run("generate", "iris", "--text", "x")
        same(answer.status, 5)
        holds("takes no text", answer.err)


def control(checks, server):
    """Loading and unloading, where the context allows it."""
    def context(mds, more=""):
        mds.configure(f'[contexts.lab]\nkind = "triton"\nservice = "{server.url}"\n{more}')

    def state(mds, name):
        return mds.models()[name]["state"]

    with Workbench() as mds:
        with checks.that("nothing is unloaded that the context does not allow, or that --yes is not given for"):
            context(mds)
            holds("allow_load", mds.run("models", "unload", "shapes", "--yes").err)
            context(mds, "allow_load = true")
            assert mds.run("models", "unload", "shapes").status != 0
            same(state(mds, "shapes"), "ready")
        with checks.that("a model that is unloaded is not ready any more, and is again when it is loaded"):
            same(mds.run("models", "unload", "shapes", "--yes").status, 0)
            wait_until(lambda: state(mds, "shapes") != "ready", "mds sees that shapes is gone", 20)
            same(mds.run("models", "load", "shapes", "--yes").status, 0)
            same(state(mds, "shapes"), "ready")
        with checks.that("a model that cannot be loaded is told with the reason, and is listed with it"):
            answer = mds.run("models", "load", "broken", "--yes")
            assert answer.status != 0, str(answer)
            holds("the weights are missing", answer.err)
            line = mds.models()["broken"]
            same(line["state"], "failed")
            holds("the weights are missing", line["reason"])


def main():
    stop_on_signals()
    checks = Checks("triton")
    with Triton() as server, Workbench(server.url) as mds:
        listing(checks, mds)
        predictions(checks, mds, server)
        types(checks, mds)
        lists(checks, mds)
        unbatched(checks, mds)
        halves(checks, mds)
        refusals(checks, mds)
        pieces(checks, mds)
        connecting(checks, server.url, "triton", "2.51.0", models=14)
        control(checks, server)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
