#!/bin/sh
# Sends events to mds-collector as another program would, and loads its export into pandas.
#
#   Tests/Peers/collector/run.sh [PROGRAM]    the program is built where none is given
#
# pandas is installed from PyPI into .peers/collector, once; everything runs on loopback.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
peers="$root/.peers/collector"
python=${PYTHON:-python3}

wanted=$(cksum < "$here/requirements.txt")
if [ "$(cat "$peers/installed" 2>/dev/null || true)" != "$wanted" ]; then
  echo "installing pandas into $peers"
  rm -rf "$peers"
  "$python" -m venv "$peers"
  "$peers/bin/pip" install --quiet --no-deps --disable-pip-version-check -r "$here/requirements.txt"
  echo "$wanted" > "$peers/installed"
fi

if [ $# -gt 0 ]; then
  program=$1
else
  ${SWIFT:-swift} build --package-path "$root/Servers" --product mds-collector
  program=$(${SWIFT:-swift} build --package-path "$root/Servers" --show-bin-path)/mds-collector
fi
MDS_COLLECTOR="$program" exec "$peers/bin/python" -B "$here/check.py"
