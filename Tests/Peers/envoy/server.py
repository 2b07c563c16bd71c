"""Envoy before MLServer and Triton, routing as Seldon Core 2 makes it do.

A request's header `seldon-model` says whom it is for; without it, the name in the path does. The answer's header
`x-seldon-route` says who answered, and sent back it keeps a caller at one candidate of an experiment.
"""

import json

from Peers.support.processes import INSTALLED, Process, answers, free_ports

NAME_FROM_PATH = """
function envoy_on_request(handle)
  local headers = handle:headers()
  if (headers:get("seldon-model") or "") ~= "" or (headers:get("x-seldon-route") or "") ~= "" then return end
  local kind, name = (headers:get(":path") or ""):match("^/v2/(%a+)/([^/?]+)")
  if kind == "models" then headers:add("seldon-model", name) end
  if kind == "pipelines" then headers:add("seldon-model", name .. ".pipeline") end
end
"""
TYPES = "type.googleapis.com/envoy.extensions."
# Models by the server that has them, with the version that answers.
MLSERVER = {"wine": 2, "cargo": 1, "coded": 1, "intent": 3, "wine-kernelshap": 1, "wine-drift": 1, "wine-outlier": 1,
            "coded-treeshap": 1}
TRITON = {"iris": 2, "iris_scale": 1, "shapes": 1, "fails": 1}
PATHLESS = "Failed to get path termination for request: no valid marker found in path"


def match(name, sticky=None, path=None):
    headers = [{"name": "seldon-model", "string_match": {"exact": name, "ignore_case": True}},
               {"name": "x-seldon-route", "string_match": {"contains": sticky}} if sticky
               else {"name": "x-seldon-route", "present_match": False}]
    return {"headers": headers} | ({"safe_regex": {"regex": path}} if path else {"prefix": "/v2/"})


def answered_by(*names):
    return [{"header": {"key": "x-seldon-route", "value": "".join(f":{name}:" for name in names)}}]


def to(cluster, seconds=0, path=None):
    """Where a request goes; `path` is the model's path there, without end by default as Seldon has it."""
    action = {"cluster": cluster, "timeout": f"{seconds}s"}
    if path:
        action["regex_rewrite"] = {"pattern": {"regex": "^/v2/(models|pipelines)/[^/]+"}, "substitution": path}
    return action


def routes():
    found = []
    for cluster, models in (("mlserver", MLSERVER), ("triton", TRITON)):
        found += [{"match": match(name), "route": to(cluster, path=f"/v2/models/{name}"),
                   "response_headers_to_add": answered_by(f"{name}_{version}")} for name, version in models.items()]
    # An experiment of two versions, of which a caller keeps one by sending the route back.
    candidates = [(f"iris_{version}", f"/v2/models/iris/versions/{version}", weight) for version, weight in
                  ((1, 70), (2, 30))]
    for name, path, _ in candidates:
        found += [{"match": wanted, "route": to("triton", path=path), "response_headers_to_add": answered_by(name)}
                  for wanted in (match(name), match("iris-ab.experiment", sticky=f":{name}:"))]
    # A weighted choice rewrites all paths alike, so each candidate is a way through this server once more.
    weighted = [{"name": name, "weight": weight,
                 "request_headers_to_add": [{"header": {"key": "x-seldon-route", "value": f":{name}:"}}]}
                for name, _, weight in candidates]
    found.append({"match": match("iris-ab.experiment"), "route": {"weighted_clusters": {"clusters": weighted}}})
    # Of a pipeline nothing can be asked but answers and whether it is ready.
    found.append({"match": match("flowers.pipeline", path="/v2/(models|pipelines)/[^/]+/(infer|ready)"),
                  "route": to("triton", path="/v2/models/iris_pipeline"),
                  "response_headers_to_add": answered_by("iris_scale_1", "iris_2", "flowers.pipeline")})
    # As 2.10 answers for metadata and readiness.
    found.append({"match": match("shy", path="/v2/models/[^/]+/infer"), "route": to("triton", path="/v2/models/iris"),
                  "response_headers_to_add": answered_by("shy_1")})
    found.append({"match": match("shy"), "direct_response": {"status": 400, "body": {"inline_string": PATHLESS}}})
    # What is slow, crowded or gone.
    found.append({"match": match("slow"), "route": to("crowded", seconds=1),
                  "response_headers_to_add": answered_by("slow_1")})
    retried = {"retry_policy": {"retry_on": "connect-failure", "num_retries": 2}}
    found.append({"match": match("gone"), "route": to("nobody", seconds=5) | retried})
    return found


def cluster(name, address, **more):
    host, port = address.removeprefix("http://").split(":")
    endpoint = {"address": {"socket_address": {"address": host, "port_value": int(port)}}}
    return {"name": name, "type": "STATIC", "connect_timeout": "1s", "load_assignment": {
        "cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]}} | more


def configuration(port, admin, nobody, mlserver, triton):
    always = {"percentage": {"numerator": 100, "denominator": "HUNDRED"}}
    filters = [
        {"name": "lua", "typed_config": {"@type": TYPES + "filters.http.lua.v3.Lua",
                                         "default_source_code": {"inline_string": NAME_FROM_PATH}}},
        {"name": "fault", "typed_config": {"@type": TYPES + "filters.http.fault.v3.HTTPFault",
                                           "delay": {"header_delay": {}} | always,
                                           "abort": {"header_abort": {}} | always}},
        {"name": "router", "typed_config": {"@type": TYPES + "filters.http.router.v3.Router"}}]
    manager = {
        "@type": TYPES + "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "seldon_http", "always_set_request_id_in_response": True, "http_filters": filters,
        "route_config": {"virtual_hosts": [{"name": "seldon", "domains": ["*"], "routes": routes()}]}}
    limits = {"max_connections": 1, "max_pending_requests": 1, "max_requests": 2}
    crowded = {"circuit_breakers": {"thresholds": [limits]}}
    here = f"127.0.0.1:{port}"
    return {
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": admin}}},
        "static_resources": {
            "listeners": [{
                "name": "seldon", "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
                "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}]}],
            "clusters": [
                cluster("mlserver", mlserver), cluster("triton", triton), cluster("crowded", triton, **crowded),
                cluster("nobody", f"127.0.0.1:{nobody}"), cluster("iris_1", here), cluster("iris_2", here)]}}


class Envoy(Process):
    """The proxy."""

    def __init__(self, mlserver, triton):
        port, admin, nobody = free_ports(3)
        self.url, self.admin = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{admin}"
        self.metrics = self.admin + "/stats/prometheus"
        program = next((INSTALLED / "envoy").glob("lib/python*/site-packages/envoy/_bin/envoy"))
        settings = configuration(port, admin, nobody, mlserver, triton)
        super().__init__([program, "--config-yaml", json.dumps(settings), "--concurrency", "1",
                          "--use-dynamic-base-id", "--log-level", "warning"])

    def ready(self):
        return answers(self.admin + "/ready")
