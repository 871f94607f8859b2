"""The house keeps its shape: layers, sizes, names, types and a light import."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import math
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "gaitkit"
MODULES = sorted(
    path
    for name in ("gaitkit", "gaitkit_virtual")
    for path in (REPOSITORY / name).rglob("*.py")
)

MAX_MODULE_LINES = 600
MAX_PUBLIC_NAMES = 24
UNITS = ("MM", "DEG", "S", "DAYS", "MONTHS", "YEARS", "HZ", "N", "KG")
HEAVY = {
    "ai_edge_litert", "av", "cv2", "duckdb", "ezc3d", "jinja2", "matplotlib",
    "mediapipe", "numpy", "pandas", "pydantic", "rich", "scipy", "tomlkit", "typer",
    "typst", "xarray", "xlsxwriter",
}  # fmt: skip


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the environment in the repository."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_code_passes_every_lint_rule() -> None:
    result = run("ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_the_code_is_formatted() -> None:
    result = run("ruff", "format", "--check", ".")
    assert result.returncode == 0, result.stdout


def test_the_types_hold_in_strict_mode() -> None:
    result = run("mypy")
    assert result.returncode == 0, result.stdout


def test_the_layers_hold() -> None:
    command = "from importlinter.cli import lint_imports_command as run; run()"
    result = subprocess.run(
        [sys.executable, "-c", command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_importing_gaitkit_loads_nothing_heavy() -> None:
    code = (
        "import sys, json, gaitkit; "
        "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert HEAVY.isdisjoint(json.loads(result.stdout))


def test_a_list_of_commands_loads_nothing_heavy() -> None:
    """What a command needs, it loads when it runs."""
    code = (
        "import sys, json, contextlib, io\n"
        "from gaitkit.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    with contextlib.suppress(SystemExit): main(['--help'])\n"
        "print(json.dumps(sorted({*sys.modules})))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(result.stdout))
    assert loaded.isdisjoint(HEAVY - {"rich", "typer"} | {"importlib.metadata"})


def test_every_public_name_exists_and_there_are_few() -> None:
    import gaitkit

    assert len(gaitkit.__all__) <= MAX_PUBLIC_NAMES
    for name in gaitkit.__all__:
        assert getattr(gaitkit, name) is not None


OFFERED = """
import importlib, pydoc, sys
found = importlib.import_module({package!r})
heavy = {{"numpy", "pandas", "xarray", "cv2"}} & set(sys.modules)
assert {eager} or not heavy, heavy
assert found.__all__ == sorted(found.__all__)
assert set(found.__all__) <= set(dir(found))
told = pydoc.plain(pydoc.render_doc(found))
for name in found.__all__:
    what = getattr(found, name)
    assert type(what).__name__ != "module", f"{{name}} is a module, and no name of it"
    assert name.startswith("__") or name in told, f"help() does not tell of {{name}}"
"""


@pytest.mark.parametrize(
    "package",
    [
        "gaitkit",
        "gaitkit_virtual",
        *sorted(
            f"gaitkit.{each.parent.name}" for each in PACKAGE.glob("*/__init__.py")
        ),
    ],
)
def test_what_a_package_offers_is_there_told_and_loads_at_first_use(
    package: str,
) -> None:
    """One level below ``gaitkit`` stands what a researcher needs."""
    code = OFFERED.format(package=package, eager=package == "gaitkit.pipeline")
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert result.returncode == 0, result.stderr


def test_a_path_may_be_text_wherever_a_package_offers_a_function() -> None:
    packages = ["gaitkit", "gaitkit_virtual"]
    packages += [f"gaitkit.{p.parent.name}" for p in PACKAGE.glob("*/__init__.py")]
    refused = []
    for package in packages:
        offered = importlib.import_module(package)
        functions = (getattr(offered, name) for name in offered.__all__)
        for each in filter(inspect.isfunction, functions):
            for argument, kind in each.__annotations__.items():
                words = set(re.split(r"\W+", str(kind)))
                if argument != "return" and "Path" in words and "str" not in words:
                    refused.append(f"{package}.{each.__name__}({argument})")
    assert refused == []


def test_every_module_fits_in_the_reader_s_head() -> None:
    """One test, and none that rewards small files: one subject a module."""
    for module in MODULES:
        lines = module.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= MAX_MODULE_LINES, module
        assert module.stem not in {"utils", "common", "helpers", "misc"}, module
        assert not re.search(r"_v\d+$", module.stem), f"{module}: no version suffixes"


MAKERS = {"gaitkit/measure/row.py", "gaitkit/measure/pooled.py"}
"""The modules that make measurements; what they make is held against the catalogue."""


def test_one_module_makes_measurements_and_one_pools_them() -> None:
    """A number that is made elsewhere escapes plausibility, digits and reasons."""
    makers = {
        path.relative_to(REPOSITORY).as_posix()
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Measurement"
    }
    assert makers <= MAKERS


def named_numbers(path: Path) -> Iterator[tuple[str, float]]:
    """Yield each name of a module that stands for a number, but 0, 1, 10, 100, ..."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        else:
            continue
        value = node.value.value if isinstance(node.value, ast.Constant) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if value == 0 or math.log10(abs(value)).is_integer():
            continue
        yield from ((t.id, value) for t in targets if isinstance(t, ast.Name))


def test_a_number_with_a_name_has_one_home() -> None:
    """What is mended in one place and not in the other is how thresholds drift."""
    homes: dict[tuple[str, float], set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for name, value in named_numbers(path):
            homes[name, value].add(path.relative_to(REPOSITORY).as_posix())
    assert {key: where for key, where in homes.items() if len(where) > 1} == {}


def test_a_number_of_the_data_is_not_held_in_the_code() -> None:
    """Limits of the rules and of doses are read by their name, never copied."""
    limits: dict[str, set[float]] = defaultdict(set)
    for file, key in (("rules/data", "value"), ("plan", "most")):
        text = (PACKAGE / file / "limits.toml").read_text(encoding="utf-8")
        for name, limit in tomllib.loads(text).items():
            limits[name.upper()].add(abs(limit.get(key, 0.0)))
    assert limits
    copied = [
        f"{path.relative_to(REPOSITORY)}: {name}"
        for path in PACKAGE.rglob("*.py")
        for name, value in named_numbers(path)
        for plain in (name, *(name.removesuffix(f"_{unit}") for unit in UNITS))
        if abs(value) in limits.get(plain, ())
    ]
    assert copied == []


def test_the_quantiles_of_the_normal_distribution_stand_once() -> None:
    """1.96 and its like, however many digits are written."""
    places = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}: {node.value}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, float)
        and round(node.value, 2) in {1.64, 1.65, 1.96, 2.58}
    ]
    assert len(places) == 1, places
    assert places[0].startswith("gaitkit/model/chance.py")


OTHERS_PROSE = {"gaitkit/io/motion/storage.py", "gaitkit/archive/journal.py"}
"""Modules that hold a line against the words of somebody else's format."""


def test_no_sentence_is_a_key() -> None:
    """What decides is a code; a sentence may be worded anew without harm."""
    asked = re.compile(r"\w[ ,]+\w+[ ,]+\w")
    prose = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}: {part.value}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(REPOSITORY).as_posix() not in OTHERS_PROSE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq | ast.In) for op in node.ops)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and asked.search(part.value)
    ]
    assert prose == []


def test_the_words_for_left_and_right_stand_once_in_the_code() -> None:
    """Sentences of rules and report have theirs in their data."""
    places = [
        path.relative_to(REPOSITORY).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == "rechts"
    ]
    assert places == ["gaitkit/model/wording.py"]


def test_the_code_names_no_rule() -> None:
    """What a rule means to the program stands in its data, as a role or a block."""
    rules = {f.stem for f in (PACKAGE / "rules" / "data").glob("[A-Z][0-9][0-9].toml")}
    assert rules
    named = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}: {node.value}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in rules
    ]
    assert named == []


def test_only_one_opencv_is_asked_for() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r'"(opencv[a-z-]*)', text) == ["opencv-contrib-python"]
