#!/bin/sh
# Look at a host's settings and its running app: `make host`. Exit code 0: nothing to mend; 1: something is; 3: no settings.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
settings=${1:-}
if [ -z "$settings" ]; then
    for one in "$here/.env" /etc/passalong.env; do
        if [ -e "$one" ]; then settings=$one && break; fi
    done
fi
if [ -z "$settings" ] || [ ! -r "$settings" ]; then
    echo "No settings that can be read: copy deploy/passalong.env.example to deploy/.env (containers) or /etc/passalong.env." >&2
    exit 3
fi
if [ "$settings" = "$here/.env" ] && command -v docker >/dev/null 2>&1; then
    file=compose.small.yaml
    if grep -q "^POSTGRES_PASSWORD=." "$settings"; then file=compose.yaml; fi
    exec docker compose --file "$here/$file" run --rm app python -m lib host-check
fi
set -a
: "${PASSALONG_DATA_DIR:=/var/lib/passalong}"
# shellcheck disable=SC1090 # the host's own file
. "$settings"
set +a
cd "$here/.."
set -- .venv/bin/python -m lib host-check
# As the app's own account, so that nothing in the data folder belongs to root afterwards.
if [ "$(id -u)" = 0 ] && id passalong >/dev/null 2>&1 && [ -d "$PASSALONG_DATA_DIR" ]; then
    set -- runuser --user "$(stat --format %U "$PASSALONG_DATA_DIR")" -- "$@"
fi
exec "$@"
