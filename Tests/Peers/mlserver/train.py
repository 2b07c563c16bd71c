"""Trains the models, explainers and detectors of this peer into a folder, from scikit-learn's own data and fixed seeds.

    train.py FOLDER

In the settings that it writes @REPOSITORY@ and @MODELS@ stand for the folder and the address of the server to be.
records.json holds a few records a model, with what it must answer to them.
"""

import itertools
import json
import pathlib
import sys

import joblib
import numpy as np
import pandas as pd
import spacy
import xgboost
from alibi.explainers import AnchorImage, AnchorTabular, AnchorText, KernelShap, TreeShap
from alibi_detect.cd import CVMDriftOnline, KSDrift, TabularDrift
from alibi_detect.od import IForest, Mahalanobis
from alibi_detect.saving import save_detector
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

FOLDER = pathlib.Path(sys.argv[1])
DICE = np.random.default_rng(7)
SKLEARN, XGBOOST = "mlserver_sklearn.SKLearnModel", "mlserver_xgboost.XGBoostModel"

PORTS = ["Antwerp", "Busan", "Durban", "Rotterdam", "Santos"]
GOODS = ["chemicals", "electronics", "food", "textiles"]
SEALS = ["broken", "intact", "missing"]
COLUMNS = ["origin_port", "goods", "seal", "weight_t", "declared_value", "prior_flags"]
CATEGORIES = dict(enumerate([PORTS, GOODS, SEALS]))
LEVELS = np.array(["low", "medium", "high"])
RISKS = sorted(LEVELS)
RECORDS = {}

INTENTS = {
    "account": (["I cannot {} {}", "help me {} {}", "it will not let me {} {}"], ["log in to", "reset", "unlock"],
                ["my account", "my password", "my profile"]),
    "billing": (["please {} {}", "why did you {} {}", "I want you to {} {}"], ["refund", "cancel", "explain"],
                ["the second charge", "my invoice", "the monthly fee"]),
    "delivery": (["when will {} {}", "why does {} not {}", "{} did not {}"], ["my parcel", "the order", "the courier"],
                 ["arrive", "leave the depot", "pass customs"]),
}


def tensor(name, datatype, *shape, **parameters):
    return {"name": name, "datatype": datatype, "shape": [-1, *shape], "parameters": parameters}


def model(name, implementation, folder=None, uri=None, version=None, extra=None, content_type=None, **metadata):
    """The folder of a model, with its settings."""
    folder = FOLDER / (folder or name)
    folder.mkdir(parents=True)
    parameters = {"uri": uri, "version": version, "extra": extra, "content_type": content_type}
    settings = {"name": name, "implementation": implementation,
                "parameters": {key: value for key, value in parameters.items() if value}} | metadata
    (folder / "model-settings.json").write_text(json.dumps(settings, indent=1))
    return folder


def kept(estimator, name, implementation=SKLEARN, **settings):
    joblib.dump(estimator, model(name, implementation, uri="./model.joblib", **settings) / "model.joblib")
    return estimator


def explainer(name, kind, explainer, infer_uri, infer_output=None, batch=False):
    extra = {"explainer_type": kind, "infer_uri": infer_uri, "explainer_batch": batch}
    if infer_output:
        extra["infer_output"] = infer_output
    folder = model(name, "mlserver_alibi_explain.AlibiExplainRuntime", uri="./data", version="1",
                   platform="alibi-explain", extra=extra)
    explainer.save(str(folder / "data"))


def drift(name, detector, features, predict=None, **extra):
    folder = model(
        name, "mlserver_alibi_detect.AlibiDetectRuntime", uri="./data", version="1", platform="alibi-detect",
        inputs=[tensor("input", "FP64", len(features), content_type="np", feature_names=features)],
        extra={"predict_parameters": predict or {}} | extra)
    save_detector(detector, str(folder / "data"))


def outlier(name, detector, rows, features):
    detector.infer_threshold(rows, threshold_perc=95)
    folder = model(
        name, "runtimes.Outlier", uri="./detector.joblib", version="1", platform="alibi-detect",
        inputs=[tensor("input", "FP64", len(features), content_type="np", feature_names=features)],
        extra={"predict_parameters": {"return_instance_score": True}})
    joblib.dump(detector, folder / "detector.joblib")


def records(name, rows, labels, probabilities=None):
    RECORDS[name] = {"rows": rows, "labels": [str(label) for label in labels],
                     "probabilities": None if probabilities is None else np.asarray(probabilities).tolist()}


def named(features, rows):
    return [dict(zip(features, row)) for row in np.asarray(rows).tolist()]


def wine():
    """Two versions, one without metadata, and one that fails; with all that can be asked about a table of numbers."""
    data = load_wine()
    features, classes = list(data.feature_names), [str(name) for name in data.target_names]
    shuffled = DICE.permutation(len(data.data))
    rows, labels, others = data.data[shuffled[:130]], data.target[shuffled[:130]], data.data[shuffled[130:]]
    metadata = {
        "platform": "sklearn", "inputs": [tensor("input", "FP64", 13, content_type="np", feature_names=features)],
        "outputs": [tensor("predict", "INT64", 1, class_names=classes),
                    tensor("predict_proba", "FP64", 3, class_names=classes)]}
    first = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(rows, labels)
    kept(first, "wine", folder="wine-1", version="1", **metadata)
    second = RandomForestClassifier(30, random_state=7).fit(rows, labels)
    kept(second, "wine", folder="wine-2", version="2", **metadata)
    for name, estimator in [("wine-1", first), ("wine", second)]:
        records(name, named(features, others), [classes[index] for index in estimator.predict(others)],
                estimator.predict_proba(others))
    kept(first, "bare")
    model("broken", "runtimes.Fails", **metadata)

    anchors = AnchorTabular(first.predict, feature_names=features, seed=7)
    anchors.fit(rows, disc_perc=(25, 50, 75))
    explainer("wine-anchor", "anchor_tabular", anchors, "@MODELS@/wine/versions/1/infer", "predict")
    shap = KernelShap(first.predict_proba, feature_names=features, task="classification", link="logit", seed=7)
    shap.fit(rows[:10])
    explainer("wine-kernelshap", "kernel_shap", shap, "@MODELS@/wine/versions/1/infer", "predict_proba", batch=True)

    by_feature = {"drift_type": "feature", "return_p_val": True, "return_distance": True}
    drift("wine-drift", KSDrift(rows, p_val=.05), features, by_feature)
    drift("wine-drift-batched", KSDrift(rows, p_val=.05), features, by_feature, batch_size=4)
    some = [0, 6, 9]
    online = CVMDriftOnline(rows[:, some], ert=150., window_sizes=[5, 10], n_bootstraps=500, verbose=False)
    drift("wine-drift-online", online, [features[index] for index in some], state_save_freq=5)
    forest = IForest(n_estimators=50)
    forest.fit(rows)
    outlier("wine-outlier", forest, rows, features)
    flags = forest.predict(others)["data"]["is_outlier"].tolist()
    some = [flags.index(0), flags.index(1)]
    records("wine-outlier", named(features, others[some]), [0, 1])
    outlier("wine-outlier-maha", Mahalanobis(n_components=5, std_clip=3, start_clip=20), rows, features)


def numbers():
    """XGBoost's own models: two classes, and a number."""
    data = load_breast_cancer()
    folder = model(
        "cancer", XGBOOST, uri="./model.json", version="1", platform="xgboost",
        inputs=[tensor("input", "FP32", 30, content_type="np", feature_names=list(data.feature_names))],
        outputs=[tensor("predict", "INT64", 1, class_names=list(data.target_names)),
                 tensor("predict_proba", "FP32", 2)])
    trees = xgboost.XGBClassifier(n_estimators=30, max_depth=3, base_score=.5).fit(data.data, data.target)
    trees.save_model(folder / "model.json")
    records("cancer", named(data.feature_names, data.data[:5]), data.target_names[trees.predict(data.data[:5])],
            trees.predict_proba(data.data[:5]))
    data = load_diabetes()
    folder = model(
        "diabetes", XGBOOST, uri="./model.json", platform="xgboost",
        inputs=[tensor("input", "FP32", 10, content_type="np", feature_names=list(data.feature_names))],
        outputs=[tensor("predict", "FP32", 1)])
    trees = xgboost.XGBRegressor(n_estimators=30, max_depth=3).fit(data.data, data.target)
    trees.save_model(folder / "model.json")
    records("diabetes", named(data.feature_names, data.data[:5]), trees.predict(data.data[:5]))


def cargo():
    """A table with categories: one tensor a column, and the same coded as numbers for what alibi explains."""
    count = 800
    coded = np.c_[DICE.integers(0, 5, count), DICE.integers(0, 4, count), DICE.choice(3, count, p=[.1, .8, .1]),
                  DICE.gamma(4, 3, count).round(2), DICE.lognormal(10, .6, count).round(), DICE.poisson(.6, count)]
    port, goods, seal, weight, value, flags = coded.T
    risk = (1.4 * (seal != 1) + .9 * (goods == 0) + .8 * flags + .6 * (port == 4) - .04 * weight
            + .5 * (value > 35_000) + DICE.normal(0, .4, count))
    labels = np.digitize(risk, [1.2, 2.2])
    frame = pd.DataFrame(coded, columns=COLUMNS)
    for column, names in CATEGORIES.items():
        frame[COLUMNS[column]] = [names[int(code)] for code in coded[:, column]]
    frame["prior_flags"] = frame["prior_flags"].astype("int64")

    columns = make_pipeline(
        ColumnTransformer([("category", OneHotEncoder(handle_unknown="ignore"), COLUMNS[:3]),
                           ("number", StandardScaler(), COLUMNS[3:])]), LogisticRegression(max_iter=500))
    columns.fit(frame, LEVELS[labels])
    some = frame[:20]
    records("cargo", some.to_dict("records"), columns.predict(some), columns.predict_proba(some))
    kept(columns, "cargo", version="1", platform="sklearn", content_type="pd",
         inputs=[tensor(name, "BYTES", 1, content_type="str", categories=CATEGORIES[index])
                 for index, name in enumerate(COLUMNS[:3])]
         + [tensor("weight_t", "FP64", 1), tensor("declared_value", "FP64", 1), tensor("prior_flags", "INT64", 1)],
         outputs=[tensor("predict", "BYTES", 1, content_type="str", class_names=RISKS),
                  tensor("predict_proba", "FP64", 3, class_names=RISKS)])
    forest = kept(
        RandomForestClassifier(30, random_state=7, min_samples_leaf=4).fit(coded, labels), "coded", version="1",
        platform="sklearn", inputs=[tensor("input", "FP64", 6, content_type="np", feature_names=COLUMNS)],
        outputs=[tensor("predict", "INT64", 1, class_names=list(LEVELS)), tensor("predict_proba", "FP64", 3)])
    some = coded[300:340]
    records("coded", named(COLUMNS, some), LEVELS[forest.predict(some)], forest.predict_proba(some))

    anchors = AnchorTabular(forest.predict, feature_names=COLUMNS, categorical_names=CATEGORIES, seed=7)
    anchors.fit(coded, disc_perc=(25, 50, 75))
    explainer("coded-anchor", "anchor_tabular", anchors, "@MODELS@/coded/infer", "predict")
    shap = TreeShap(forest, model_output="raw", feature_names=COLUMNS, categorical_names=CATEGORIES,
                    task="classification")
    shap.fit()
    explainer("coded-treeshap", "tree_shap", shap, "@REPOSITORY@/coded/model.joblib", batch=True)
    tabular = TabularDrift(coded[:300], p_val=.05, categories_per_feature=dict.fromkeys(CATEGORIES))
    drift("coded-drift", tabular, COLUMNS, {"drift_type": "feature"})


def intent():
    """One text."""
    pairs = [(form.format(one, two), label) for label, words in INTENTS.items()
             for form, one, two in itertools.product(*words)]
    texts, labels = zip(*pairs)
    classifier = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=20))
    classifier.fit(texts, labels)
    some = ["please refund my invoice", "when will the order arrive", "I cannot reset my password"]
    records("intent", [{"text": text} for text in some], classifier.predict(some), classifier.predict_proba(some))
    kept(classifier, "intent", "runtimes.Text", version="3", platform="sklearn",
         inputs=[tensor("text", "BYTES", 1, content_type="str")],
         outputs=[tensor("label", "BYTES", 1, content_type="str", class_names=list(INTENTS)),
                  tensor("scores", "FP64", len(INTENTS), class_names=list(INTENTS))])
    anchors = AnchorText(lambda texts: classifier.predict_proba(list(texts)).argmax(axis=1),
                         sampling_strategy="unknown", nlp=spacy.blank("en"), seed=7)
    explainer("intent-anchor", "anchor_text", anchors, "@MODELS@/intent/infer", "label_index")


def digits():
    """One picture."""
    data = load_digits()
    classifier = kept(
        SVC(gamma=.001, probability=True, random_state=7).fit(data.data[:500], data.target[:500]), "digits",
        "runtimes.Picture", version="1", platform="sklearn",
        inputs=[tensor("image", "FP64", 8, 8, 1, content_type="np", value_range=[0, 16])],
        outputs=[tensor("predict", "INT64", 1, class_names=[str(digit) for digit in range(10)]),
                 tensor("predict_proba", "FP64", 10)])
    some = data.data[500:503]
    records("digits", [{"image": pixels} for pixels in some.tolist()], classifier.predict(some),
            classifier.predict_proba(some))
    anchors = AnchorImage(
        lambda pictures: classifier.predict(pictures.reshape(-1, 64)), image_shape=(8, 8, 1), segmentation_fn="slic",
        segmentation_kwargs={"n_segments": 12, "compactness": 8, "sigma": .3, "start_label": 0}, seed=7)
    explainer("digits-anchor", "anchor_image", anchors, "@MODELS@/digits/infer", "predict")


def words():
    """A text that is streamed."""
    model("words", "runtimes.Words", version="1", platform="words",
          inputs=[tensor("text", "BYTES", 1, content_type="str")],
          outputs=[tensor("text", "BYTES", 1, content_type="str")])


if __name__ == "__main__":
    np.random.seed(7)
    for make in [wine, numbers, cargo, intent, digits, words]:
        make()
    (FOLDER / "records.json").write_text(json.dumps(RECORDS))
