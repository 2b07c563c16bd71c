"""Debian's Prometheus, scraping what it is told."""

import json

from Peers.support import web
from Peers.support.processes import INSTALLED, Process, answers, free_ports

RULES = {"groups": [{"name": "models", "rules": [
    {"record": "model:inference:rate1m", "expr": "sum by (model, version) (rate(nv_inference_count[1m]))"},
    {"alert": "TargetDown", "expr": "up == 0", "for": "1s", "labels": {"severity": "warn"},
     "annotations": {"summary": "{{ $labels.job }} at {{ $labels.instance }} is down"}}]}]}


class Prometheus(Process):
    """The server, once it has scraped every target that is there. `jobs` are the addresses of metrics by name."""

    def __init__(self, jobs):
        self.jobs = jobs
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        program = INSTALLED / "prometheus" / "usr" / "bin" / "prometheus"
        files = {"rules.yml": RULES, "prometheus.yml": {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": ["rules.yml"],
            "scrape_configs": [self.job(name, url) for name, url in jobs.items()]}}
        super().__init__([program, "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                          f"--web.listen-address=127.0.0.1:{port}"], files=files)

    def ready(self):
        targets = self.targets() if answers(self.url + "/-/ready") else {}
        return len(targets) == len(self.jobs) and "unknown" not in targets.values()

    @staticmethod
    def job(name, url):
        host, _, path = url.removeprefix("http://").partition("/")
        return {"job_name": name, "metrics_path": "/" + path, "static_configs": [{"targets": [host]}]}

    def targets(self):
        """The health of each target that is known yet, by its job."""
        targets = web.get(self.url + "/api/v1/targets")["data"]["activeTargets"]
        return {target["labels"]["job"]: target["health"] for target in targets}

    def query(self, expression):
        """The instant vector of an expression, as pairs of labels and value."""
        status, _, body = web.ask(self.url + "/api/v1/query", f"query={web.quoted(expression)}".encode(),
                                  content_type="application/x-www-form-urlencoded")
        assert status == 200, body
        return [(one["metric"], float(one["value"][1])) for one in json.loads(body)["data"]["result"]]
