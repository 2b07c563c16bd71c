#!/bin/sh
# Checks mds-service with the clients that others wrote: requests, tritonclient and `mlserver infer`.
#
#   Tests/Peers/service/run.sh [PROGRAM]    the program is built where none is given
#
# The clients are installed from PyPI into .peers/service, once; everything runs on loopback.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
peers="$root/.peers/service"
python=${PYTHON:-python3}

wanted=$(cksum < "$here/requirements.txt")
if [ "$(cat "$peers/installed" 2>/dev/null || true)" != "$wanted" ]; then
  echo "installing the clients into $peers"
  rm -rf "$peers"
  "$python" -m venv "$peers"
  "$peers/bin/pip" install --quiet --no-deps --disable-pip-version-check -r "$here/requirements.txt"
  echo "$wanted" > "$peers/installed"
fi

if [ $# -gt 0 ]; then
  program=$1
else
  ${SWIFT:-swift} build --package-path "$root/Servers" --product mds-service
  program=$(${SWIFT:-swift} build --package-path "$root/Servers" --show-bin-path)/mds-service
fi
MDS_SERVICE="$program" exec "$peers/bin/python" -B "$here/check.py"
