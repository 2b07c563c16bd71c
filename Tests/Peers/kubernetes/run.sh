#!/bin/sh
# Checks how mds reads Seldon Core 2's objects from the Kubernetes API, here a double of it.
#
#   Tests/Peers/kubernetes/run.sh [MDS]    the program is built where none is given
#
# Nothing is installed; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
check kubernetes "$@"
