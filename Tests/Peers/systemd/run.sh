#!/bin/sh
# Checks the collector's unit under systemd itself, which boots a copy of this system in a container.
#
#   Tests/Peers/systemd/run.sh [COLLECTOR]    the program is built where none is given
#
# Only root can do that. What the container writes goes with it.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
if [ "$(id -u)" -ne 0 ]; then
  echo "systemd: only root can boot a container; nothing was checked" >&2
  exit 1
fi
"$root/scripts/deps" systemd-container openssl
COLLECTOR=$(built mds-collector "${1:-}")
export COLLECTOR
PYTHONPATH="$root/Tests" exec "${PYTHON:-python3}" -B "$peers/systemd/check.py"
