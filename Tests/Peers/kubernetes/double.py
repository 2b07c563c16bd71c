"""A double of the Kubernetes API as far as Seldon Core 2's objects go: lists in parts, single objects, and watches.

    double.py [--port 0] --tls FOLDER --state FOLDER

FOLDER of --tls holds authority.pem, server.pem, server.key and a client's pair; that of --state gets the bearer token
and a kubeconfig with a context for the token and one for the certificate. Prints one JSON line with its address and
those paths.

What happens in the cluster is told on standard input, one JSON object a line: {"type": "MODIFIED", "object": {…}} or
ADDED or DELETED with a whole object, {"type": "BOOKMARK"}, and {"type": "EXPIRE"}, which ends the watches, and after
which what was listed before is too old to go on with. Ends when its standard input closes. The namespace `closed` is
forbidden to everyone.
"""

import argparse
import base64
import http.server
import json
import pathlib
import re
import secrets
import ssl
import sys
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from objects import GROUP, KINDS, OBJECTS

PATH = re.compile(rf"/apis/{GROUP}(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[a-z]+)(?:/(?P<name>[^/]+))?")
REASONS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 405: "MethodNotAllowed",
           410: "Expired"}


def status(code, message):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
            "reason": REASONS[code], "code": code}


class Cluster:
    """The objects, and everything that happened to them, in order."""

    def __init__(self):
        self.changed = threading.Condition()
        self.version, self.oldest, self.objects, self.events = 1000, 1000, {}, []
        for one in OBJECTS:
            self.happen({"type": "ADDED", "object": one})

    def happen(self, event):
        with self.changed:
            if event["type"] == "EXPIRE":
                self.oldest = self.version + 1
            self.version += 1
            if "object" in event:
                one = event["object"]
                one["metadata"]["resourceVersion"] = str(self.version)
                key = one["kind"], one["metadata"]["namespace"], one["metadata"]["name"]
                if event["type"] == "DELETED":
                    self.objects.pop(key, None)
                else:
                    self.objects[key] = one
            self.events.append((self.version, event))
            self.changed.notify_all()

    def select(self, kind, namespace, labels):
        with self.changed:
            return self.version, [one for (of, space, _), one in sorted(self.objects.items())
                                  if of == kind and namespace in (None, space) and has(one, labels)]

    def after(self, version, seconds):
        """What happened after a version; waits for it."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, seconds)
            return [one for one in self.events if one[0] > version]


def has(one, selector):
    labels = one["metadata"].get("labels", {})
    return all(labels.get(part.split("=")[0]) == part.split("=")[-1] for part in selector.split(",") if part)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster, token = None, None

    def log_message(self, *_):
        pass

    def answer(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fail(self, code, message):
        self.answer(code, status(code, message))

    def user(self):
        """Who asks, by certificate or by token."""
        if self.headers.get("Authorization") == f"Bearer {self.token}":
            return "system:serviceaccount:lab:mds"
        certificate = self.connection.getpeercert() or {}
        names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
        return names[0] if names and "Authorization" not in self.headers else None

    def do_GET(self):
        user = self.user()
        if user is None:
            return self.fail(401, "Unauthorized")
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/version":
            return self.answer(200, {"major": "1", "minor": "31", "gitVersion": "v1.31.4", "platform": "linux/amd64"})
        if url.path == f"/apis/{GROUP}":
            resources = [{"name": plural, "kind": kind, "namespaced": True, "verbs": ["get", "list", "watch"]}
                         for plural, kind in KINDS.items()]
            return self.answer(200, {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": GROUP,
                                     "resources": resources})
        found = PATH.fullmatch(url.path)
        if not found or found["plural"] not in KINDS:
            return self.fail(404, "the server could not find the requested resource")
        plural, namespace, name = found["plural"], found["namespace"], found["name"]
        if namespace == "closed":
            return self.fail(403, f'{plural}.mlops.seldon.io is forbidden: User "{user}" cannot list resource '
                                  f'"{plural}" in API group "mlops.seldon.io" in the namespace "{namespace}"')
        if name:
            return self.one(plural, namespace, name)
        if query.get("watch") in ("1", "true"):
            return self.watch(KINDS[plural], namespace, query)
        return self.list(plural, namespace, query)

    def one(self, plural, namespace, name):
        _, found = self.cluster.select(KINDS[plural], namespace, "")
        found = [one for one in found if one["metadata"]["name"] == name]
        if not found:
            return self.fail(404, f'{plural}.mlops.seldon.io "{name}" not found')
        self.answer(200, found[0])

    def list(self, plural, namespace, query):
        """A part of the list; what it goes on with holds the version that the first part was of."""
        version, found = self.cluster.select(KINDS[plural], namespace, query.get("labelSelector", ""))
        begin = 0
        if "continue" in query:
            version, begin = json.loads(base64.urlsafe_b64decode(query["continue"]))
            if version < self.cluster.oldest:
                return self.fail(410, "The provided continue parameter is too old to display a consistent list result.")
        limit = int(query.get("limit", 0)) or len(found)
        metadata = {"resourceVersion": str(version)}
        left = len(found) - begin - limit
        if left > 0:
            metadata["continue"] = base64.urlsafe_b64encode(json.dumps([version, begin + limit]).encode()).decode()
            metadata["remainingItemCount"] = left
        self.answer(200, {"apiVersion": GROUP, "kind": KINDS[plural] + "List", "metadata": metadata,
                          "items": found[begin:begin + limit]})

    def watch(self, kind, namespace, query):
        """What happens, a JSON object a line, in chunks, until the time asked for is over or the caller goes."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        version, rounds = int(query.get("resourceVersion", 0)), int(query.get("timeoutSeconds", 300)) * 4
        try:
            if 0 < version < self.cluster.oldest:
                self.chunk({"type": "ERROR", "object": status(410, f"too old resource version: {version}")})
                rounds = 0
            for _ in range(rounds):
                for version, event in self.cluster.after(version, .25):
                    if event["type"] == "EXPIRE":
                        return self.wfile.write(b"0\r\n\r\n")
                    if event["type"] == "BOOKMARK":
                        metadata = {"resourceVersion": str(version)}
                        self.chunk({"type": "BOOKMARK",
                                    "object": {"apiVersion": GROUP, "kind": kind, "metadata": metadata}})
                    one = event.get("object")
                    if one and one["kind"] == kind and namespace in (None, one["metadata"]["namespace"]):
                        self.chunk(event)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True

    def chunk(self, event):
        data = json.dumps(event).encode() + b"\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def do_POST(self):
        self.close_connection = True
        self.fail(405, "the server does not allow this method on the requested resource")

    do_PUT = do_PATCH = do_DELETE = do_POST


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, tls):
        super().__init__(("127.0.0.1", port), Handler)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tls / "authority.pem")
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.context.load_cert_chain(tls / "server.pem", tls / "server.key")

    def finish_request(self, request, address):
        # Each caller's own thread waits for its handshake.
        with self.context.wrap_socket(request, server_side=True) as secured:
            self.RequestHandlerClass(secured, address, self)

    def handle_error(self, *_):
        """A caller that trusts no one or goes away is no error of this server's."""


def kubeconfig(url, tls, token):
    """As kubectl reads it (JSON is YAML): the token in a file, the certificate and its key within."""
    pair = {f"client-{name}-data": base64.b64encode((tls / file).read_bytes()).decode()
            for name, file in (("certificate", "client.pem"), ("key", "client.key"))}
    users = [{"name": "by-token", "user": {"tokenFile": str(token)}}, {"name": "by-certificate", "user": pair}]
    cluster = {"server": url, "certificate-authority": str(tls / "authority.pem")}
    return {"apiVersion": "v1", "kind": "Config", "current-context": "by-token", "users": users,
            "clusters": [{"name": "lab", "cluster": cluster}],
            "contexts": [{"name": user["name"], "context": {"cluster": "lab", "user": user["name"], "namespace": "lab"}}
                         for user in users]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", type=pathlib.Path, required=True)
    parser.add_argument("--state", type=pathlib.Path, required=True)
    options = parser.parse_args()

    Handler.cluster, Handler.token = Cluster(), secrets.token_urlsafe(24)
    server = Server(options.port, options.tls.absolute())
    url = f"https://127.0.0.1:{server.server_address[1]}"
    token, config = options.state / "token", options.state / "kubeconfig"
    token.touch(mode=0o600)
    token.write_text(Handler.token + "\n")
    config.write_text(json.dumps(kubeconfig(url, options.tls.absolute(), token.absolute()), indent=1))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"url": url, "ca": str(options.tls.absolute() / "authority.pem"), "token": str(token.absolute()),
                      "kubeconfig": str(config.absolute())}), flush=True)
    for line in sys.stdin:
        Handler.cluster.happen(json.loads(line))


if __name__ == "__main__":
    main()
