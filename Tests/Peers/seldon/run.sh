#!/bin/sh
# Checks mds on Seldon Core 1's microservice, which speaks its prediction API and not the Open Inference Protocol.
#
#   Tests/Peers/seldon/run.sh [MDS]    the program is built where none is given
#
# The server is installed from PyPI into .peers/seldon, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install seldon
# What the collector exports as feedback is sent to the microservice.
collector=$root/Servers/.build/debug/mds-collector
[ -x "$collector" ] || collector=$(built mds-collector)
MDS_COLLECTOR=$collector
export MDS_COLLECTOR
check seldon "$@"
