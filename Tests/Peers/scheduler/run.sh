#!/bin/sh
# Checks how mds lists the models, pipelines, experiments and servers of Seldon Core 2's scheduler, here a double of it.
#
#   Tests/Peers/scheduler/run.sh [MDS]    the program is built where none is given
#
# gRPC is installed from PyPI into .peers/scheduler, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install scheduler
check scheduler "$@"
