# What the scripts of all peers share; to be sourced with `peers` set to the folder Tests/Peers.

root=$(cd "$peers/../.." && pwd)
installed="$root/.peers"

# install NAME…: a Python environment in .peers/NAME, once for each state of NAME/requirements.txt. The pins are
# complete, so pip resolves nothing. Scripts that need the same one wait for whoever is installing it.
install() {
  mkdir -p "$installed"
  for name in "$@"; do
    (flock 9 && install_locked "$name") 9> "$installed/$name.lock"
  done
}

install_locked() {
  folder="$installed/$1"
  wanted=$(cksum < "$peers/$1/requirements.txt")
  [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ] || return 0
  begin=$(date +%s)
  rm -rf "$folder"
  "${PYTHON:-python3}" -m venv "$folder"
  "$folder/bin/pip" install --quiet --no-deps --no-compile --disable-pip-version-check \
    -r "$peers/$1/requirements.txt" 9>&-
  echo "$wanted" > "$folder/installed"
  echo "installed $1 in $(($(date +%s) - begin)) s, $(du -sm "$folder" | cut -f1) MB"
}

# unpack PACKAGE…: a Debian package in .peers/PACKAGE, once. It is not installed: nothing of it starts by itself.
unpack() {
  mkdir -p "$installed"
  for package in "$@"; do
    (flock 9 && unpack_locked "$package") 9> "$installed/$package.lock"
  done
}

unpack_locked() {
  [ ! -e "$installed/$1/installed" ] || return 0
  begin=$(date +%s)
  rm -rf "${installed:?}/$1"
  mkdir -p "$installed/$1"
  cd "$installed/$1"
  download "$1" || { renew_lists && download "$1"; }
  dpkg -x ./*.deb .
  rm ./*.deb
  touch installed
  echo "unpacked $1 in $(($(date +%s) - begin)) s, $(du -sm . | cut -f1) MB"
}

# Without another user for the download, who could not write here.
download() {
  apt-get download --quiet=2 -o APT::Sandbox::User=root "$1"
}

renew_lists() {
  if [ "$(id -u)" -eq 0 ]; then apt-get update --quiet=2; else sudo apt-get update --quiet=2; fi
}

# built PRODUCT [PROGRAM]: the program that is to be checked, absolute; it is built where none is given.
built() {
  if [ -n "${2:-}" ]; then
    realpath "$2"
    return
  fi
  package=$root
  [ "$1" = mds ] || package=$root/Servers
  ${SWIFT:-swift} build --package-path "$package" --product "$1" >&2
  echo "$(${SWIFT:-swift} build --package-path "$package" --show-bin-path)/$1"
}

# check NAME [MDS]: what NAME/check.py finds with mds.
check() {
  MDS=$(built mds "${2:-}")
  export MDS
  PYTHONPATH="$root/Tests" exec "${PYTHON:-python3}" -B "$peers/$1/check.py"
}
