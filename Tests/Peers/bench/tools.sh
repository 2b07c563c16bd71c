#!/bin/sh
# Fetches what others measure with: wrk from Debian, perf_analyzer out of an older tritonclient, with their libraries.
#
#   Tests/Peers/bench/tools.sh
#
# perf_analyzer lies in .peers/perf_analyzer and runs with LD_LIBRARY_PATH set to its folder.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
unpack wrk libluajit-5.1-2 libb64-0d

tool="$installed/perf_analyzer"
[ ! -e "$tool/perf_analyzer" ] || exit 0
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
"${PYTHON:-python3}" -m pip download --quiet --no-deps --disable-pip-version-check --only-binary=:all: \
  --platform manylinux1_x86_64 --platform manylinux2014_x86_64 --dest "$fetched" \
  tritonclient==2.50.0 nvidia-cuda-runtime-cu12==12.9.79
mkdir -p "$tool"
for wheel in "$fetched"/*.whl; do
  "${PYTHON:-python3}" -m zipfile -e "$wheel" "$fetched/unpacked"
done
find "$fetched/unpacked" -name 'libcudart.so.12' -exec cp {} "$tool" \;
find "$installed/libb64-0d" -name 'libb64.so.0d' -exec cp {} "$tool" \;
program=$(find "$fetched/unpacked" -path '*/data/bin/perf_analyzer')
cp "$program" "$tool/perf_analyzer"
chmod +x "$tool/perf_analyzer"
