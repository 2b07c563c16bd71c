#!/bin/sh
# Checks mds on KServe's model server, which has no repository index and no versions.
#
#   Tests/Peers/kserve/run.sh [MDS]    the program is built where none is given
#
# The server is installed from PyPI into .peers/kserve, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install kserve
check kserve "$@"
