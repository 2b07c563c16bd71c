#!/bin/sh
# Starts MLServer (model wine) and Triton (model iris_scale) for measuring, prints one JSON line with their addresses,
# and stops them when its standard input closes.
#
#   Tests/Peers/bench/peers.sh
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install mlserver triton >&2
PYTHONPATH="$root/Tests" exec "${PYTHON:-python3}" -B "$peers/bench/peers.py"
