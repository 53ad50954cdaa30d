#!/bin/sh
# Install the rivals that the benchmarks measure against: sharp and linkinator (npm), pyvips and LinkChecker (PyPI);
# and wrk, which asks the share pages.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
command -v node >/dev/null 2>&1 || { "$root/tests/as_root.sh" apt-get update -qq && "$root/tests/as_root.sh" apt-get install -y -qq nodejs npm; }
{ [ -d "$here/node_modules/sharp" ] && [ -d "$here/node_modules/linkinator" ]; } || (cd "$here" && npm install --silent --no-save --no-package-lock --no-fund --no-audit --prefix "$here" sharp linkinator)
"$root/.venv/bin/python" -c "import linkcheck, pyvips" 2>/dev/null || "$root/.venv/bin/pip" install --quiet --group "$root/pyproject.toml:bench"
command -v wrk >/dev/null 2>&1 || { "$root/tests/as_root.sh" apt-get update -qq && "$root/tests/as_root.sh" apt-get install -y -qq wrk; }
