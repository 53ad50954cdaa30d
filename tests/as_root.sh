#!/bin/sh
# Run a command as root: directly, or through sudo.
if [ "$(id -u)" = 0 ]; then exec "$@"; fi
exec sudo "$@"
