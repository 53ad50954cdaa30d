"""python -m tests.bench [names…]: run benchmarks and print Markdown tables.

A module takes part by having `main()`. It returns tables (`Table`), or prints and returns nothing.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
from datetime import UTC, datetime

from tests import bench


def names() -> list[str]:
    """Every benchmark there is: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))


def run(wanted: list[str]) -> int:
    """Run the wanted benchmarks, or all; return the exit code."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(names())}.", file=sys.stderr)
        return 2
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, load before {os.getloadavg()[0]:.1f}\n"
    )
    for name in wanted or names():
        module = importlib.import_module(f"tests.bench.{name}")
        if hasattr(module, "main"):
            for table in module.main() or ():
                print(table.markdown(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
