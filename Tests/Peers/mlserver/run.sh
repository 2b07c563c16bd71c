#!/bin/sh
# Checks mds on MLServer: its tables, texts and pictures, explainers, drift and outlier detectors, and what fails.
#
#   Tests/Peers/mlserver/run.sh [MDS]    the program is built where none is given
#
# The server is installed from PyPI into .peers/mlserver and its models are trained, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install mlserver
check mlserver "$@"
