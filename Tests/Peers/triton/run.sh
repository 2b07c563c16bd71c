#!/bin/sh
# Checks mds on NVIDIA Triton: its types, versions, ensembles, pictures, loading and unloading, and what fails.
#
#   Tests/Peers/triton/run.sh [MDS]    the program is built where none is given
#
# The server is installed from PyPI into .peers/triton, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install triton
check triton "$@"
