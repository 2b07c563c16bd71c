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
check seldon "$@"
