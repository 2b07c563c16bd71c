"""A double of Seldon Core 2's scheduler: answers its status calls from state.py, and tells its subscribers what changes.

    double.py [--port 0] [--fault CALL=HOW]… [--tls FOLDER]

Prints one JSON line with its address when it listens, and ends when its standard input closes. A fault is of a call
as ModelStatus, and is one of: not-found and denied (nothing but the trailers), stall (nothing), cancel (one object, then trailers
that say so), reset (one object, then the connection is reset). FOLDER holds authority.pem, server.pem and server.key;
callers must then have a certificate of that authority.

What changes is told on standard input, one JSON object a line: {"call": "ModelStatus", "object": {…}} with an object as
in state.py, which takes the place of the one of its name. {"cut": true} ends every subscription.
"""

import argparse
import concurrent.futures
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import grpc
from google.protobuf import json_format
from relay import Relay
from state import NAMES, STATE

messages, services = grpc.protos_and_services("scheduler.proto")
FAULTS = ["not-found", "denied", "stall", "cancel", "reset"]


class Scheduler(services.SchedulerServicer):
    def __init__(self, faults, closing):
        self.faults, self.closing, self.relay = faults, closing, None
        self.changed, self.news, self.cuts = threading.Condition(), [], 0

    def SchedulerStatus(self, request, context):
        self.fault("SchedulerStatus", context)
        return messages.SchedulerStatusResponse(applicationVersion="2.10.2")

    def ModelStatus(self, request, context):
        for found in self.stream("ModelStatus", request.model.name, context):
            wanted = request.model.version
            if wanted or not request.allVersions:
                kept = [one for one in found.versions if one.version == wanted] if wanted else found.versions[-1:]
                del found.versions[:]
                found.versions.extend(kept)
            yield found

    def PipelineStatus(self, request, context):
        return self.stream("PipelineStatus", request.name, context)

    def ExperimentStatus(self, request, context):
        return self.stream("ExperimentStatus", request.name, context)

    def ServerStatus(self, request, context):
        return self.stream("ServerStatus", request.name, context)

    def SubscribeModelStatus(self, request, context):
        return self.subscription("ModelStatus", context)

    def SubscribePipelineStatus(self, request, context):
        return self.subscription("PipelineStatus", context)

    def SubscribeExperimentStatus(self, request, context):
        return self.subscription("ExperimentStatus", context)

    def SubscribeServerStatus(self, request, context):
        return self.subscription("ServerStatus", context)

    def change(self, event):
        with self.changed:
            if "cut" in event:
                self.cuts += 1
            else:
                call, one = event["call"], event["object"]
                STATE[call] = [old for old in STATE[call] if old[NAMES[call]] != one[NAMES[call]]] + [one]
                self.news.append((call, one))
            self.changed.notify_all()

    def subscription(self, call, context):
        """All objects of a call, then each that changes, until the caller goes."""
        self.fault("Subscribe" + call, context)
        with self.changed:
            told, cuts = len(self.news), self.cuts
            first = [(call, one) for one in STATE[call]]
        while context.is_active() and not self.closing.is_set():
            for of, one in first:
                if of == call:
                    yield json_format.ParseDict(one, getattr(messages, call + "Response")())
            with self.changed:
                self.changed.wait_for(lambda: len(self.news) > told or self.cuts > cuts, .25)
                if self.cuts > cuts:
                    context.abort(grpc.StatusCode.UNAVAILABLE, "the scheduler restarts")
                first, told = self.news[told:], len(self.news)

    def stream(self, call, name, context):
        """The objects of a call, or the one of that name."""
        self.fault(call, context)
        found = [one for one in STATE[call] if name in ("", one[NAMES[call]])]
        if not found:
            context.abort(grpc.StatusCode.NOT_FOUND, f"{call.removesuffix('Status')} {name} not found")
        for one in found:
            yield json_format.ParseDict(one, getattr(messages, call + "Response")())
            if self.faults.get(call) == "cancel":
                context.cancel()
                return
            if self.faults.get(call) == "reset":
                # The object is on its way meanwhile.
                self.closing.wait(.2)
                self.relay.cut()
                return

    def fault(self, call, context):
        fault = self.faults.get(call)
        if fault == "not-found":
            context.abort(grpc.StatusCode.NOT_FOUND, "nothing is known, nicht einmal äh…")
        if fault == "denied":
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "not for you")
        if fault == "stall":
            while context.is_active() and not self.closing.wait(.1):
                pass


def credentials(folder):
    authority, chain, key = [(folder / name).read_bytes() for name in ("authority.pem", "server.pem", "server.key")]
    return grpc.ssl_server_credentials([(key, chain)], root_certificates=authority, require_client_auth=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--tls", type=pathlib.Path)
    options = parser.parse_args()
    faults = dict(fault.split("=") for fault in options.fault)
    if set(faults) - {*NAMES, *("Subscribe" + name for name in NAMES), "SchedulerStatus"} or set(faults.values()) - set(FAULTS):
        parser.error(f"--fault CALL=HOW, with HOW one of {', '.join(FAULTS)}")

    closing = threading.Event()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(32))
    scheduler = Scheduler(faults, closing)
    services.add_SchedulerServicer_to_server(scheduler, server)
    resets = "reset" in faults.values()
    listener = f"127.0.0.1:{0 if resets else options.port}"
    port = (server.add_secure_port(listener, credentials(options.tls)) if options.tls
            else server.add_insecure_port(listener))
    server.start()
    if resets:
        scheduler.relay = Relay(options.port, port)
        port = scheduler.relay.port
    scheme = "https" if options.tls else "http"
    print(json.dumps({"url": f"{scheme}://127.0.0.1:{port}", "address": f"127.0.0.1:{port}"}), flush=True)
    for line in sys.stdin:
        scheduler.change(json.loads(line))
    closing.set()
    server.stop(grace=0).wait()


if __name__ == "__main__":
    main()
