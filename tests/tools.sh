#!/bin/sh
# Install the Debian packages that the tests use, if they are not there yet.
set -eu
here=$(dirname "$0")
missing=""
need() { # need PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need chromium chromium
need exiftool libimage-exiftool-perl
need ffprobe ffmpeg
need node nodejs
need npm npm
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
ls /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf >/dev/null 2>&1 || missing="$missing fonts-noto-color-emoji"
[ -n "$missing" ] || exit 0
echo "Installing:$missing"
"$here/as_root.sh" apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
"$here/as_root.sh" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing
