#!/bin/sh
# Install the Debian packages that the tests use, if they are not there yet.
set -eu
here=$(dirname "$0")
missing=""
need() { # need PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
install() { # install PACKAGE…
    "$here/as_root.sh" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"
}
need chromium chromium
need exiftool libimage-exiftool-perl
need ffprobe ffmpeg
need node nodejs
need npm npm
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
ls /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf >/dev/null 2>&1 || missing="$missing fonts-noto-color-emoji"
# Chromium without windows walks the stories in half the time; where it is not packed, chromium walks them.
wished=""
command -v chromium-headless-shell >/dev/null 2>&1 || wished="chromium-headless-shell"
# Caddy's package would start it as a service, on the ports of the web: only its program is taken.
own=$here/../.venv/bin
caddy=""
if [ -d "$own" ] && ! command -v caddy >/dev/null 2>&1 && [ ! -x "$own/caddy" ]; then caddy=yes; fi
[ -n "$missing$wished$caddy" ] || exit 0
"$here/as_root.sh" apt-get update -qq || [ -z "$missing" ]
if [ -n "$missing" ]; then
    echo "Installing:$missing"
    # shellcheck disable=SC2086 # a list of packages
    install $missing
fi
if [ -n "$wished" ] && apt-cache show "$wished" >/dev/null 2>&1; then
    install "$wished" || echo "Going on without $wished."
fi
if [ -n "$caddy" ]; then
    there=$(mktemp -d)
    if (cd "$there" && apt-get download -qq caddy && dpkg-deb --extract caddy_*.deb . && mv usr/bin/caddy caddy); then
        mv "$there/caddy" "$own/caddy"
    else
        echo "Going on without caddy."
    fi
    rm -rf "$there"
fi
