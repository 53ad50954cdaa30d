"""A module and all that it imports, as one file: a phone on a slow line asks once instead of ten times.

The modules stay as they are written; nothing is renamed or left out. Each becomes a function of its own that returns
what it exports, so that two modules may use one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_IMPORT: Final = re.compile(
    r"""^import\s*(?P<names>\{[^}]*\})\s*from\s*["']\./(?P<file>[\w.]+)["'];?[^\n]*\n""", re.MULTILINE
)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:const|function\*?|class)\s*(?P<name>[\w$]+))", re.MULTILINE)
_OTHER: Final = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)  # a form that is not understood here


def imports(code: str) -> list[str]:
    """Return the names of the files that a module imports at once; `import(…)` comes later and stays as it is."""
    return [found["file"] for found in _IMPORT.finditer(code)]


def pack(entry: str, read: Callable[[str], str]) -> str:
    """Return a module and what it imports as one module with the same exports.

    `read` returns the text of a file by its name. Raises `ValueError` for modules that import each other in a circle,
    and for a form of import or export that is not understood: those must not be served wrong.
    """
    done: dict[str, str] = {}
    _add(entry, read, done, ())
    exported = ", ".join(_exports(read(entry)))
    told = f"export const {{ {exported} }} = {_variable(entry)};\n" if exported else ""
    return "".join(done.values()) + told


def _add(name: str, read: Callable[[str], str], done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"{name} imports itself, by way of {', '.join(above)}")
    if name in done:
        return
    code = read(name)
    for one in imports(code):
        _add(one, read, done, (*above, name))
    exported = _exports(code)
    body = _EXPORT.sub("", _IMPORT.sub(_as_constants, code))
    if other := _OTHER.search(body):
        raise ValueError(f"{name}: {other[0]}")
    done[name] = f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();\n"


def _exports(code: str) -> list[str]:
    return [found["name"] for found in _EXPORT.finditer(code)]


def _as_constants(found: re.Match[str]) -> str:
    return f"const {found['names'].replace(' as ', ': ')} = {_variable(found['file'])};\n"


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
