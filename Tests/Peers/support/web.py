"""Plain HTTP, for what a check has to ask a server itself."""

import json
import urllib.error
import urllib.parse
import urllib.request


def ask(url, body=None, method=None, **headers):
    """The status, the headers and the bytes of an answer; a body that is no bytes is sent as JSON."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def get(url):
    """What the JSON of a successful answer says."""
    status, _, body = ask(url)
    assert status == 200, f"{url}: {status} {body[:300]}"
    return json.loads(body)


def post(url, body):
    status, _, answer = ask(url, body)
    assert status == 200, f"{url}: {status} {answer[:300]}"
    return json.loads(answer) if answer else None


def quoted(text):
    return urllib.parse.quote(text, safe="")
