"""A module and all that it imports, as one file: the same program, whatever the modules name their own things."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lib.picker import files
from lib.picker.packed import imports, pack

MODULES = {
    "one.js": 'import { two, name as theirs } from "./two.js";\nconst name = "one";\n'
    "export const told = () => `${name} ${theirs} ${two()} ${three}`;\n"
    'import { three } from "./three.js"; // asked for late\nexport function* numbers() { yield 1; }\n',
    "two.js": 'import { three } from "./three.js";\nexport const name = "two";\n'
    "export function two() { return three; }\nexport async function later() { return import('./one.js'); }\n",
    "three.js": '// Nothing that says "import" or export here counts.\nexport const three = 3;\nexport class Kept {}\n',
}


def test_a_packed_module_does_what_its_modules_do_together(tmp_path: Path) -> None:
    (tmp_path / "whole.mjs").write_text(pack("one.js", MODULES.__getitem__), encoding="utf-8")
    script = 'import("./whole.mjs").then((all) => console.log(Object.keys(all).join(), all.told(), ...all.numbers()))'
    told = subprocess.run(["node", "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert told.split() == ["numbers,told", "one", "two", "3", "3", "1"]


@pytest.mark.parametrize(
    "modules",
    [
        {"a.js": 'import { b } from "./b.js";\nexport const a = b;\n', "b.js": 'import { a } from "./a.js";\n'},
        {"a.js": "export default 1;\n"},
        {"a.js": "const a = 1;\nexport { a };\n"},
        {"a.js": 'import * as b from "./b.js";\n', "b.js": ""},
        {"a.js": 'import { b } from "elsewhere";\n'},
    ],
)
def test_what_cannot_be_packed_is_not_served_wrong(modules: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="js"):
        pack("a.js", modules.__getitem__)


def test_the_picker_leaves_as_few_files_that_import_nothing(tmp_path: Path) -> None:
    for name in ("mount.js", "streamlit.js", "worker.js", "clean.js"):
        whole = pack(name, lambda one: (files.WEB / one).read_text(encoding="utf-8"))
        assert imports(whole) == []
        (tmp_path / name.replace(".js", ".mjs")).write_text(whole, encoding="utf-8")
        subprocess.run(["node", "--check", name.replace(".js", ".mjs")], cwd=tmp_path, check=True)
