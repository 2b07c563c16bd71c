#!/bin/sh
# Sends events to mds-collector as another program would, and loads its export into pandas and pyarrow.
#
#   Tests/Peers/collector/run.sh [MDS-COLLECTOR]    the program is built where none is given
#
# They are installed from PyPI into .peers/collector, once; everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
install collector
MDS_COLLECTOR=$(built mds-collector "${1:-}")
export MDS_COLLECTOR
exec "$installed/collector/bin/python" -B "$peers/collector/check.py"
