#!/bin/sh
# Loads the collector's exports into the programs that they are for: argilla, label-studio-sdk, and pyarrow many rows.
#
#   Tests/Peers/exports/run.sh [MDS-COLLECTOR]    the program is built where none is given
#
# They are installed from PyPI into .peers/exports, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install exports
MDS_COLLECTOR=$(built mds-collector "${1:-}")
export MDS_COLLECTOR
PYTHONPATH="$root/Tests" exec "$installed/exports/bin/python" -B "$peers/exports/check.py"
