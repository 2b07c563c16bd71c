#!/bin/sh
# Checks mds-service with the clients that others wrote: requests, tritonclient and `mlserver infer`.
#
#   Tests/Peers/service/run.sh [MDS-SERVICE]    the program is built where none is given
#
# The clients come with MLServer, which is installed from PyPI into .peers/mlserver, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install mlserver
MDS_SERVICE=$(built mds-service "${1:-}")
export MDS_SERVICE
exec "$installed/mlserver/bin/python" -B "$peers/service/check.py"
