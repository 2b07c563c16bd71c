"""What `mds connect` finds out at an address."""

from Peers.support.checks import same
from Peers.support.workbench import Workbench


# A context that has a service already, for what is added to one.
BEGUN = """
current-context = "lab"
[contexts.lab]
kind = "seldon-core-2"
service = "http://127.0.0.1:9"
"""


def connecting(checks, url, kind, version, models=None, added=False, options=(), unversioned=None):
    """That mds knows what speaks there, writes it down, and can then do without the address.

    `added` is for what belongs to a service's context; `unversioned` says why the version is not yet told.
    """
    with Workbench() as mds:
        if added:
            mds.configure(BEGUN)
        with checks.that(f"mds connect knows {kind} by itself"):
            found = mds.lines("connect", url, "--json", *options)[0]
            same((found["kind"], found["known"]), (kind, False))
        with checks.that(f"mds connect tells the version of {kind}", known=unversioned):
            same(found["version"], version)
        if models is not None:
            with checks.that(f"mds connect counts the models of {kind}, and the context that it wrote lists them"):
                same(found["models"], models)
                assert mds.models(), "nothing is listed"
        with checks.that(f"mds connect to {kind} once more changes nothing"):
            same(mds.lines("connect", url, "--json", *options)[0]["known"], True)
            same(mds.run("config", "check").status, 0)
