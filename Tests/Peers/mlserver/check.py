"""What mds makes of MLServer. Run by run.sh."""

import json
import re
import sys

from Peers.mlserver.server import MLServer, records
from Peers.support import web
from Peers.support.checks import Checks, holds, near, same
from Peers.support.connecting import connecting
from Peers.support.processes import stop_on_signals
from Peers.support.workbench import Workbench

# Completes what the server says of its models: what `bare` takes, and that a detector keeps no state.
CATALOGUE = """
[models.bare]
classes = ["class_0", "class_1", "class_2"]
[models.bare.inputs.input]
datatype = "FP64"
shape = [-1, 13]
features = {features}
[models.bare.outputs.predict]
datatype = "INT64"
[models.bare.outputs.predict_proba]
datatype = "FP64"
shape = [-1, 3]
[models.wine-drift]
stateless = true
"""


def listing(checks, mds):
    models = mds.lines("models", "--json")
    by_name = {line["name"]: line for line in models}
    with checks.that("every predictor is listed, ready, with its platform"):
        same({line["state"] for line in models}, {"ready"})
        same({by_name[name]["platform"] for name in ("wine", "cargo", "intent", "digits")}, {"sklearn"})
        same(by_name["cancer"]["platform"], "xgboost")
    with checks.that("both versions of a model are listed"):
        same(sorted(line["version"] for line in models if line["name"] == "wine"), ["1", "2"])
    with checks.that("explainers and detectors are found by their names"):
        same(set(by_name["wine"]["explainers"]), {"wine-anchor", "wine-kernelshap"})
        same(set(by_name["coded"]["explainers"]), {"coded-anchor", "coded-treeshap"})
        same(by_name["coded"]["drift"], ["coded-drift"])
        same(set(by_name["wine"]["drift"]), {"wine-drift", "wine-drift-batched", "wine-drift-online"})
        same(set(by_name["wine"]["outlier"]), {"wine-outlier", "wine-outlier-maha"})
    with checks.that("they are listed as what they are, with whom they serve"):
        same({name: (line["role"], line["serves"]) for name, line in by_name.items() if line["serves"]}, {
            "wine-anchor": ("explainer", "wine"), "wine-kernelshap": ("explainer", "wine"),
            "coded-anchor": ("explainer", "coded"), "coded-treeshap": ("explainer", "coded"),
            "intent-anchor": ("explainer", "intent"), "digits-anchor": ("explainer", "digits"),
            "wine-drift": ("drift", "wine"), "wine-drift-batched": ("drift", "wine"),
            "wine-drift-online": ("drift", "wine"), "coded-drift": ("drift", "coded"),
            "wine-outlier": ("outlier", "wine"), "wine-outlier-maha": ("outlier", "wine")})
    with checks.that("a detector can be looked at by its name"):
        holds("alibi-detect", mds.run("models", "wine-drift").out)
    with checks.that("a model that is not there is told, with the nearest"):
        answer = mds.run("models", "win")
        same(answer.status, 5)
        holds("Did you mean wine?", answer.err)


def fields(checks, mds):
    with checks.that("the form of a table names its columns"):
        out = mds.run("models", "wine").out
        for name in ("alcohol", "od280/od315_of_diluted_wines", "classes   class_0, class_1, class_2"):
            holds(name, out)
    with checks.that("the form of a table with categories offers them"):
        holds("Antwerp, Busan, Durban, Rotterdam, Santos", mds.run("models", "cargo").out)
    with checks.that("a picture and a text are known as such"):
        holds("FP64 8x8", mds.run("models", "digits").out)
        holds("BYTES", mds.run("models", "intent").out)


def predictions(checks, mds):
    for name in ("wine", "cargo", "coded", "cancer", "intent", "digits"):
        wanted = records(name)
        answers, rejected = mds.infer(name, wanted["rows"])
        with checks.that(f"{name}: {len(wanted['rows'])} records are scored with the model's own labels"):
            same(rejected, [])
            same([answer["label"] for answer in answers], wanted["labels"])
        with checks.that(f"{name}: and with its probabilities"):
            near([list(answer["probabilities"].values()) for answer in answers], wanted["probabilities"])
    with checks.that("diabetes: a number is answered with a number"):
        wanted = records("diabetes")
        answers, _ = mds.infer("diabetes", wanted["rows"])
        near([answer["value"] for answer in answers], [float(label) for label in wanted["labels"]], 1e-3)
    with checks.that("the newest version answers, and an older one when it is named"):
        older = records("wine-1")
        same({answer["version"] for answer in mds.infer("wine", older["rows"])[0]}, {"2"})
        answers, _ = mds.infer("wine@1", older["rows"])
        same({answer["version"] for answer in answers}, {"1"})
        near([list(answer["probabilities"].values()) for answer in answers], older["probabilities"])


def refusals(checks, mds):
    good = records("cargo")["rows"][:2]
    with checks.that("a row that is no number is set aside, and the others are scored"):
        answers, rejected = mds.infer("cargo", [good[0], good[1] | {"weight_t": "heavy"}, good[1]], status=5)
        same([answer["row"] for answer in answers], [1, 3])
        same([line["row"] for line in rejected], [2])
        holds("weight_t", rejected[0]["reason"])
    with checks.that("a model that fails in use is told in its own words"):
        answers, rejected = mds.infer("broken", records("wine")["rows"][:2], status=5)
        same(answers, [])
        holds("the feature store does not answer", rejected[0]["reason"])
    with checks.that("a model without metadata is refused before anything is sent"):
        answer = mds.run("infer", "bare", "--input", mds.home / "records.jsonl")
        same(answer.status, 5)
        assert "codec" not in answer.err, answer.err


def total(explanation, tolerance=1e-6):
    """The base and the shares of each class add up to its output."""
    for one in explanation["attributions"]["classes"]:
        near(one["base"] + sum(one["shares"]), one["output"], tolerance)


def is_true(predicate, row):
    """Whether `age > 3.00` or `3.00 < age <= 5.00` holds of the row. Alibi rounds a bound to two places."""
    low, name, operator, bound = re.fullmatch(r"(?:(\S+) < )?(\S+) (>|<=) (\S+)", predicate).groups()
    holds_of_bound = row[name] > float(bound) - .01 if operator == ">" else row[name] < float(bound) + .01
    return holds_of_bound and (low is None or row[name] > float(low) - .01)


def explanations(checks, mds):
    def explained(model, rows):
        cases = mds.explain(model, rows)
        return cases, {each["explainer"]: each for each in cases[0]["explanations"]}

    with checks.that("a table is explained by anchors and by Kernel SHAP"):
        cases, by_name = explained("wine", records("wine")["rows"][:1])
        same(set(by_name), {"wine-anchor", "wine-kernelshap"})
        anchor = by_name["wine-anchor"]["anchor"]
        # Both are estimates over rows drawn anew: a rule of two quarters can find none of them, and then covers 0.
        assert anchor["predicates"] and 0 < anchor["precision"] <= 1 and 0 <= anchor["coverage"] <= 1, anchor
        for predicate in anchor["predicates"]:
            assert is_true(predicate, records("wine")["rows"][0]), predicate
        same(by_name["wine-kernelshap"]["method"], "Kernel SHAP")
        same(by_name["wine-kernelshap"]["attributions"]["link"], "logit")
        total(by_name["wine-kernelshap"], 1e-3)
    with checks.that("a forest is explained by Tree SHAP, exactly, with categories by name"):
        _, by_name = explained("coded", records("coded")["rows"][:1])
        shap = by_name["coded-treeshap"]
        total(shap)
        holds(shap["attributions"]["features"][0]["value"], ["Antwerp", "Busan", "Durban", "Rotterdam", "Santos"])
    with checks.that("a text is explained by the words that hold it, and where they stand"):
        cases, by_name = explained("intent", records("intent")["rows"][:1])
        anchor = by_name["intent-anchor"]["anchor"]
        for word, place in zip(anchor["predicates"], anchor["positions"], strict=True):
            same("please refund my invoice"[place:place + len(word)], word)
    with checks.that("a picture is explained by its segments"):
        _, by_name = explained("digits", records("digits")["rows"][:1])
        same(len(by_name["digits-anchor"]["anchor"]["segments"]["ids"]), 64)
    with checks.that("a model that nothing explains says so"):
        answer = mds.run("explain", "cargo", "--input", mds.home / "explain.jsonl")
        same(answer.status, 1)
        holds("No explainer serves cargo", answer.err)


def monitoring(checks, mds):
    with checks.that("a detector that does not say that it keeps no state is not asked unasked"):
        source = mds.home / "usual.json"
        source.write_text(json.dumps(records("wine")["rows"][0]))
        answer = mds.run("explain", "wine", "--input", source, "--json")
        holds("mds models allow wine-outlier", answer.err)
        assert "outlier" not in answer.lines[0], answer
        mds.infer("wine", records("wine")["rows"])
        holds("mds models allow wine-drift", mds.run("drift", "wine").err)
    with checks.that("an outlier is told from a usual record once its detector may be asked"):
        mds.done("models", "allow", "wine-outlier")
        cases = mds.explain("wine", records("wine-outlier")["rows"])
        same([case["outlier"]["is_outlier"] for case in cases], [False, True])
    with checks.that("an explainer that fails hides neither the others nor the outlier score"):
        odd = {"alcohol": 40.0, "magnesium": 900.0, "proline": 9000.0}
        case = mds.explain("wine", [records("wine")["rows"][0] | odd])[0]
        same([one["explainer"] for one in case["explanations"]], ["wine-anchor"])
        same(case["outlier"]["is_outlier"], True)
    with checks.that("an explainer that is not loaded is left out, and what it explained before stays"):
        web.ask(f"{mds.service}/v2/repository/models/coded-anchor/unload", body={})
        known, new = mds.explain("coded", records("coded")["rows"][:2])
        same([one["explainer"] for one in known["explanations"]], ["coded-anchor", "coded-treeshap"])
        same([one["explainer"] for one in new["explanations"]], ["coded-treeshap"])


def catalogue(checks, url):
    """What the server does not say, a catalogue does."""
    wine, first = records("wine"), records("wine-1")
    with Workbench() as mds:
        file = mds.home / "catalogue.toml"
        file.write_text(CATALOGUE.format(features=json.dumps(list(wine["rows"][0]))))
        mds.configure(f'[contexts.lab]\nkind = "mlserver"\nservice = "{url}"\ncatalogue = "{file}"\n')
        with checks.that("a model without metadata is scored by the catalogue's fields"):
            answers, _ = mds.infer("bare", first["rows"])
            same([answer["label"] for answer in answers], first["labels"])
            near([list(answer["probabilities"].values()) for answer in answers], first["probabilities"])
        with checks.that("what a field is known by is told"):
            layers = {field["field"]: field["layer"] for field in mds.lines("signature", "bare", "--json")}
            same(layers["alcohol"], "local")
            layers = {field["field"]: field["layer"] for field in mds.lines("signature", "wine", "--json")}
            same(layers["alcohol"], "service")
        mds.infer("wine", [row | {"color_intensity": row["color_intensity"] * 2} for row in wine["rows"]])
        features = mds.lines("drift", "wine", "--json")[-1]["result"]["features"]
        with checks.that("drift is seen in the feature that moved, and in no other"):
            same([index for index, feature in enumerate(features) if feature["is_drifted"]], [9])
        with checks.that("drift is told with the names that model and detector publish"):
            same([feature["name"] for feature in features], list(wine["rows"][0]))
        with checks.that("the detector that may be asked is asked, also where it is not the first"):
            file.write_text("[models.wine-drift-batched]\nstateless = true\n")
            mds.infer("wine", wine["rows"])
            assert "without changing it" not in mds.run("drift", "wine").out


def pieces(checks):
    said = ["generate", "words", "--text", "one two three"]
    with MLServer(names=["words"], streams=True) as server, Workbench(server.url) as mds:
        with checks.that("an answer in parts is written while it comes, and becomes a case"):
            answer = mds.run(*said)
            same([answer.status, answer.out], [0, "onetwothree\n"])
            same([line["text"] for line in mds.lines(*said, "--json")], ["one", "two", "three"])
            same(mds.lines("cases", "list", "model:words", "--json")[0]["label"], "onetwothree")


def main():
    stop_on_signals()
    checks = Checks("mlserver")
    with MLServer() as server, Workbench(server.url) as mds:
        for part in (listing, fields, predictions, refusals, explanations, monitoring):
            part(checks, mds)
        catalogue(checks, server.url)
        connecting(checks, server.url, "mlserver", "1.7.1", models=23)
        with checks.that("a server with workers answers whole, in one part"):
            same([line["text"] for line in mds.lines("generate", "words", "--text", "one two", "--json")], ["one two"])
        server.stop()
        with checks.that("a server that is gone is told, with an exit status of its own"):
            same(mds.run("models").status, 3)
    pieces(checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
