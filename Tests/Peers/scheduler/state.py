"""What the double of the scheduler knows: the models that Envoy's peer routes to, and some in each other state.

The objects are in protobuf's JSON form, by the call that streams them.
"""

SINCE = "2026-11-27T08:00:00.250Z"


def version(number, name, server, requirements, state="ModelAvailable", reason="", replicas=1, up=None, explainer=None,
            replica="Available"):
    """One version of a model; `up` of its replicas are there, all when it is not given."""
    up = replicas if up is None else up
    spec = {"uri": f"gs://models/{name}/{number}", "requirements": requirements, "memoryBytes": "1048576"}
    if explainer:
        spec["explainer"] = explainer
    return {
        "version": number, "serverName": server, "kubernetesMeta": {"namespace": "lab", "generation": str(number)},
        "modelReplicaState": {str(index): {"state": "Available" if index < up else replica, "reason": reason,
                                           "lastChangeTimestamp": SINCE} for index in range(replicas)},
        "state": {"state": state, "reason": reason, "availableReplicas": up, "unavailableReplicas": replicas - up,
                  "lastChangeTimestamp": SINCE, "modelGwState": state},
        "modelDefn": {"meta": {"name": name, "kubernetesMeta": {"namespace": "lab", "generation": str(number)}},
                      "modelSpec": spec, "deploymentSpec": {"replicas": replicas}}}


def model(name, *versions):
    return {"modelName": name, "versions": list(versions)}


def single(name, server, requirements, number=1, **more):
    return model(name, version(number, name, server, requirements, **more))


def pipeline(name, steps, output, status="PipelineReady", reason="created pipeline", models_ready=True):
    return {"pipelineName": name, "versions": [{
        "pipeline": {"name": name, "uid": f"d4k1{name}", "version": 1, "steps": steps, "output": {"steps": output},
                     "kubernetesMeta": {"namespace": "lab", "generation": "1"}},
        "state": {"pipelineVersion": 1, "status": status, "reason": reason, "lastChangeTimestamp": SINCE,
                  "modelsReady": models_ready, "pipelineGwStatus": status}}]}


def server(name, replicas, loaded):
    return {"serverName": name, "expectedReplicas": replicas, "availableReplicas": replicas,
            "numLoadedModelReplicas": loaded, "kubernetesMeta": {"namespace": "lab", "generation": "1"},
            "resources": [{"replicaIdx": index, "totalMemoryBytes": "4294967296", "availableMemoryBytes": "3221225472",
                           "numLoadedModels": loaded // replicas, "overCommitPercentage": 10}
                          for index in range(replicas)]}


STATE = {
    "ModelStatus": [
        model("wine", version(1, "wine", "mlserver", ["sklearn"], state="ModelTerminated", up=0, replica="Unloaded"),
              version(2, "wine", "mlserver", ["sklearn"], replicas=2)),
        single("cargo", "mlserver", ["sklearn"]),
        single("coded", "mlserver", ["sklearn"], replicas=3, up=2, replica="Loading"),
        single("intent", "mlserver", ["mlserver"], number=3),
        single("iris", "triton", ["triton", "python"], number=2),
        single("iris_1", "triton", ["triton", "python"]),
        single("iris_2", "triton", ["triton", "python"], number=2),
        single("iris_scale", "triton", ["triton", "python"]),
        single("shapes", "triton", ["triton", "python"]),
        single("slow", "triton", ["triton", "python"]),
        single("shy", "triton", ["triton", "python"]),
        single("wine-kernelshap", "mlserver", [], explainer={"type": "kernel_shap", "modelRef": "wine"}),
        single("coded-treeshap", "mlserver", [], explainer={"type": "tree_shap", "modelRef": "coded"}),
        single("flowers-why", "mlserver", [], explainer={"type": "anchor_tabular", "pipelineRef": "flowers"}),
        single("wine-drift", "mlserver", ["mlserver", "alibi-detect"]),
        single("wine-outlier", "mlserver", ["mlserver", "alibi-detect"]),
        single("gone", "mlserver", ["sklearn"], state="ModelFailed", up=0, replica="LoadFailed",
               reason="rpc error: code = Internal desc = builtins.FileNotFoundError: model.joblib"),
        single("huge", "", ["huggingface"], state="ScheduleFailed", up=0, replica="ModelReplicaStateUnknown",
               reason="Failed to schedule model as no matching server had enough suitable replicas"),
        single("coming", "mlserver", ["sklearn"], state="ModelProgressing", up=0, replica="Loading"),
        single("asleep", "mlserver", ["sklearn"], state="ModelScaledDown", replicas=0),
        single("former", "mlserver", ["sklearn"], state="ModelTerminated", up=0, replica="Unloaded"),
    ],
    "PipelineStatus": [
        pipeline("flowers", [{"name": "iris_scale"}, {"name": "iris", "inputs": ["iris_scale.outputs"],
                                                      "tensorMap": {"iris_scale.outputs.cm": "features"}}],
                 ["iris.outputs"]),
        pipeline("wine-watch", [
            {"name": "wine"}, {"name": "wine-outlier", "inputs": ["wine-watch.inputs"]},
            {"name": "wine-drift", "inputs": ["wine-watch.inputs"], "batch": {"size": 20}},
            {"name": "intent", "inputs": ["wine.outputs"], "triggers": ["wine-outlier.outputs.is_outlier"],
             "triggersJoin": "ANY"}], ["wine.outputs", "wine-outlier.outputs.is_outlier"]),
        pipeline("lost", [{"name": "gone"}], ["gone.outputs"], status="PipelineFailed", models_ready=False,
                 reason="no topics could be created"),
    ],
    "ExperimentStatus": [
        {"experimentName": "iris-ab", "active": True, "candidatesReady": True, "mirrorReady": True,
         "statusDescription": "experiment active", "kubernetesMeta": {"namespace": "lab", "generation": "1"}},
        {"experimentName": "wine-next", "active": False, "candidatesReady": False, "mirrorReady": True,
         "statusDescription": "Candidate models not ready: coming",
         "kubernetesMeta": {"namespace": "lab", "generation": "2"}},
    ],
    "ServerStatus": [server("mlserver", 2, 12), server("triton", 1, 7)],
}
NAMES = {"ModelStatus": "modelName", "PipelineStatus": "pipelineName", "ExperimentStatus": "experimentName",
         "ServerStatus": "serverName"}
