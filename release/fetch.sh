#!/usr/bin/env bash
# Puts the released program for this machine into a folder, if it is byte for byte the one whose checksum stands beside
# this file. Exits with 1 when there is none to be had: then the program is built from the source beside it.
#
#   fetch.sh RELEASES FOLDER     RELEASES: https://github.com/OWNER/NAME/releases/download
set -euo pipefail
releases=$1 folder=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

version=$(tr -d '[:space:]' < "$here/version")
if [ "$version" = none ] || [ ! -s "$here/checksums.txt" ]; then
  echo "this commit belongs to no release"
  exit 1
fi

case "$(uname -s)" in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  MINGW* | MSYS* | CYGWIN*) os=windows ;;
  *) os=unknown ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) arch=amd64 ;;
  arm64 | aarch64) arch=arm64 ;;
  *) arch=unknown ;;
esac
suffix=''
if [ "$os" = windows ]; then suffix=.exe; fi
name="driftline_${os}_${arch}${suffix}"
wanted=$(awk -v name="$name" '$2 == name { print $1 }' "$here/checksums.txt")
if [ -z "$wanted" ]; then
  echo "$version was not released for $os on $arch"
  exit 1
fi

mkdir -p "$folder"
program="$folder/driftline$suffix"
trap 'rm -f "$program.part"' EXIT
if ! curl --fail --silent --show-error --location --proto-redir '=https' --retry 3 --max-time 300 --output "$program.part" "$releases/v$version/$name"; then
  echo "::warning::$name $version could not be fetched: building it from its source"
  exit 1
fi
if command -v sha256sum > /dev/null; then sum=$(sha256sum "$program.part"); else sum=$(shasum -a 256 "$program.part"); fi
if [ "${sum%% *}" != "$wanted" ]; then
  echo "::warning::$name $version is not what was released (SHA-256 ${sum%% *}, want $wanted): it is thrown away, and built from its source"
  exit 1
fi
mv "$program.part" "$program"
chmod 755 "$program"
echo "$name $version, verified: $wanted"
