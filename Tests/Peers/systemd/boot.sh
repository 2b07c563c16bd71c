#!/bin/sh
# boot.sh FOLDER: boots a copy of this system, which FOLDER/files is laid over, in a container with this network, and with
# no unit but the collector's. To be run in a mount namespace of its own: all mounts go with it.
set -eu
mount -t tmpfs -o mode=755 tmpfs "$1/writes"
mkdir "$1/writes/upper" "$1/writes/work"
mount -t overlay -o "lowerdir=/,upperdir=$1/writes/upper,workdir=$1/writes/work" overlay "$1/root"
rm -rf "$1/root"/etc/systemd/system/*.wants
cp -a "$1/files/." "$1/root/"
echo uninitialized > "$1/root/etc/machine-id"
exec systemd-nspawn --quiet --directory="$1/root" --register=no --keep-unit --machine="$2" --link-journal=no \
  --console=pipe --kill-signal=SIGRTMIN+3 --boot systemd.unit=multi-user.target
