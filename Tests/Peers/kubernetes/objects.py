"""Seldon Core 2's objects in the cluster: the models that Envoy's peer routes to, and some in each other state.

They are written after the custom resources of mlops.seldon.io/v1alpha1, and are nobody's own.
"""

SINCE = "2026-11-27T08:00:00Z"
GROUP = "mlops.seldon.io/v1alpha1"
# Kinds by their plurals.
KINDS = {"models": "Model", "pipelines": "Pipeline", "experiments": "Experiment", "servers": "Server",
         "seldonruntimes": "SeldonRuntime"}


def condition(kind, true, reason="", message=""):
    return {"type": kind, "status": "True" if true else "False", "lastTransitionTime": SINCE} | {
        key: value for key, value in (("reason", reason), ("message", message)) if value}


def thing(kind, name, spec, status=None, namespace="lab", **labels):
    metadata = {"name": name, "namespace": namespace, "uid": f"{kind.lower()}-{name}", "generation": 1,
                "creationTimestamp": SINCE, "finalizers": [f"seldon.{kind.lower()}.finalizer"]}
    if labels:
        metadata["labels"] = {key.replace("_", "-"): value for key, value in labels.items()}
    made = {"apiVersion": GROUP, "kind": kind, "metadata": metadata, "spec": spec}
    return made | ({"status": status} if status else {})


def model(name, requirements=("sklearn",), replicas=1, up=None, message="ModelAvailable", explainer=None, **labels):
    up = replicas if up is None else up
    ready = replicas > 0 and up > 0
    spec = {"storageUri": f"gs://models/{name}", "replicas": replicas}
    if explainer:
        spec["explainer"] = explainer
    else:
        spec["requirements"] = list(requirements)
    status = {"replicas": replicas, "availableReplicas": up, "selector": f"server={'mlserver' if explainer else 'any'}",
              "modelgwReady": f"{up}/{replicas}",
              "conditions": [condition("ModelReady", ready, "" if ready else "ModelFailed", message),
                             condition("Ready", ready)]}
    return thing("Model", name, spec, status, **labels)


def pipeline(name, steps, output, ready=True, message=""):
    status = {"conditions": [condition("ModelsReady", ready), condition("PipelineGwReady", True),
                             condition("PipelineReady", ready, "" if ready else "PipelineFailed", message),
                             condition("Ready", ready)]}
    return thing("Pipeline", name, {"steps": steps, "output": {"steps": output}}, status)


def experiment(name, spec, ready=True, message=""):
    kinds = ("CandidatesReady", "MirrorReady", "ExperimentReady", "Ready")
    return thing("Experiment", name, spec, {"conditions": [condition(kind, ready, "", message) for kind in kinds]})


def server(name, replicas, loaded, capabilities):
    status = {"replicas": replicas, "loadedModels": loaded, "selector": f"seldon-server-name={name}",
              "conditions": [condition("StatefulSetReady", True), condition("Ready", True)]}
    spec = {"serverConfig": name, "replicas": replicas, "extraCapabilities": capabilities}
    return thing("Server", name, spec, status)


OBJECTS = [
    model("wine", replicas=2, team="cellar"),
    model("cargo", team="port"),
    model("coded", replicas=3, up=2, team="port"),
    model("intent", ["mlserver"]),
    model("iris", ["triton", "python"]),
    model("iris-1", ["triton", "python"]),
    model("iris-2", ["triton", "python"]),
    model("shapes", ["triton", "python"]),
    model("slow", ["triton", "python"]),
    model("shy", ["triton", "python"]),
    model("wine-kernelshap", explainer={"type": "kernel_shap", "modelRef": "wine"}, team="cellar"),
    model("coded-treeshap", explainer={"type": "tree_shap", "modelRef": "coded"}, team="port"),
    model("flowers-why", explainer={"type": "anchor_tabular", "pipelineRef": "flowers"}),
    model("wine-drift", ["mlserver", "alibi-detect"], team="cellar"),
    model("wine-outlier", ["mlserver", "alibi-detect"], team="cellar"),
    model("gone", up=0, message="rpc error: code = Internal desc = builtins.FileNotFoundError: model.joblib"),
    model("huge", ["huggingface"], up=0,
          message="ScheduleFailed: Failed to schedule model as no matching server had enough suitable replicas"),
    # Just made: the operator has said nothing of it yet.
    thing("Model", "coming", {"storageUri": "gs://models/coming", "requirements": ["sklearn"]}),
    pipeline("flowers", [{"name": "iris-scale"}, {"name": "iris", "inputs": ["iris-scale.outputs"],
                                                  "tensorMap": {"iris-scale.outputs.cm": "features"}}], ["iris"]),
    pipeline("wine-watch", [
        {"name": "wine"}, {"name": "wine-outlier", "inputs": ["wine-watch.inputs"]},
        {"name": "wine-drift", "inputs": ["wine-watch.inputs"], "batch": {"size": 20}},
        {"name": "intent", "inputs": ["wine.outputs"], "triggers": ["wine-outlier.outputs.is_outlier"],
         "triggersJoinType": "any"}], ["wine", "wine-outlier.outputs.is_outlier"]),
    pipeline("lost", [{"name": "gone"}], ["gone"], ready=False, message="no topics could be created"),
    experiment("iris-ab", {"default": "iris-1", "candidates": [{"name": "iris-1", "weight": 70},
                                                              {"name": "iris-2", "weight": 30}]}),
    experiment("wine-next", {"candidates": [{"name": "wine", "weight": 100}],
                             "mirror": {"name": "coming", "percent": 50}, "resourceType": "model"},
               ready=False, message="Candidate models not ready: coming"),
    server("mlserver", 2, 12, ["alibi-detect", "alibi-explain"]),
    server("triton", 1, 7, []),
    thing("SeldonRuntime", "seldon", {"seldonConfig": "default"}, {"conditions": [
        condition(kind, kind != "HodometerReady") for kind in
        ("SchedulerReady", "DataflowEngineReady", "ModelGatewayReady", "PipelineGatewayReady", "EnvoyReady",
         "HodometerReady")]}),
]
# Enough for a list to be read in parts.
OBJECTS += [model(f"tide-{number:02}", team="port") for number in range(1, 31)]
