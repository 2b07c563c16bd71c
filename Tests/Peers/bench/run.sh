#!/bin/sh
# Measures other people's clients, and mds's scoring of a file, on MLServer and Triton: one JSON line a measurement.
#
#   Tests/Peers/bench/run.sh [MDS]    the program is built where none is given; give a release build
#
# BENCH_SECONDS is the time of each measurement, 3 without it.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
"$peers/bench/tools.sh"
install mlserver triton
MDS=$(built mds "${1:-}")
export MDS
exec "$installed/mlserver/bin/python" -B "$peers/bench/clients.py"
