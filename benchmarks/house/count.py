"""Count the house: rooms, lines, doors, and the rooms that a recording passes.

    python benchmarks/house/count.py [--before CHECKOUT] [--write]

Counts this checkout, and another one beside it when it is given; prints a table, and
with ``--write`` puts it into ``HOUSE.md`` beside this script, above what is told there
of the values.

What is counted, of ``gaitkit`` without its app unless said: *modules* (files,
``__init__`` included); *code lines* (no blank lines, comments or docstrings) and the
share of imports in them; *single importers* (modules that exactly one module of their
own folder imports); *builders* (modules that construct a ``Measurement``); *numbers
twice* (names in capitals that stand for the same number in two or more modules, 0, 1
and powers of ten apart); *circles* (groups of modules that import each other at
import); *rooms* (modules of gaitkit of which a function runs while one recording is
assessed).
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PAGE = HERE / "HOUSE.md"

LABELS = {
    "modules": "modules of the product",
    "app_modules": "modules of the app",
    "bench_modules": "modules of the virtual patients",
    "code_lines": "code lines of the product",
    "import_share_pct": "imports among them, %",
    "single_importers": "modules with one importer, in their own folder",
    "builders": "modules that construct a Measurement",
    "numbers_twice": "named numbers that stand in two or more modules",
    "circles": "circles of imports",
    "rooms_film": "rooms a film passes (the demo's)",
    "rooms_plate": "rooms a plate passes",
    "rooms_standing": "rooms a standing photo passes",
    "rooms_visit": "rooms a visit passes (patient 10)",
}

WALK = """
import json, sys, threading
from pathlib import Path
from gaitkit.io.visit import read_visit
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import assess
kind, place = sys.argv[1], Path(sys.argv[2])
man = Subject(subject_id="x", height_m=1.78, mass_kg=83.0)
one = lambda **more: Visit(subject=man, recordings=(RecordingInput(**more),))
ten = place / "patients" / "10-raise-and-insole"
if kind == "film":
    visit = one(file=place / "walk.mp4")
elif kind == "plate":
    visit = one(file=ten / "plate_1.txt.gz")
elif kind == "standing":
    photo = next(r for r in read_visit(ten).recordings if r.file.name == "stance.jpg")
    visit = Visit(subject=man, recordings=(photo,))
else:
    visit = read_visit(ten)
rooms = set()
def note(frame, event, _):
    if event == "call":
        name = frame.f_globals.get("__name__", "")
        if name.startswith("gaitkit."):
            rooms.add(name)
threading.setprofile(note)
sys.setprofile(note)
assess(visit)
sys.setprofile(None)
print(json.dumps(sorted(rooms)))
"""


@dataclass(frozen=True, kw_only=True)
class House:
    """What was counted of one checkout."""

    modules: int
    app_modules: int
    bench_modules: int
    code_lines: int
    import_share_pct: float
    single_importers: int
    builders: int
    numbers_twice: int
    circles: int
    rooms_film: int
    rooms_plate: int
    rooms_standing: int
    rooms_visit: int


def main() -> int:
    """Count, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args()
    columns = {}
    if told.before:
        columns["before"] = count(told.before.resolve())
    columns["now"] = count(REPOSITORY)
    lines = [
        "| what | " + " | ".join(columns) + " |",
        "| --- |" + " --- |" * len(columns),
    ]
    for name, label in LABELS.items():
        cells = (f"{asdict(house)[name]:g}" for house in columns.values())
        lines.append(f"| {label} | {' | '.join(cells)} |")
    table = "\n".join(lines)
    print(table)
    if told.write:
        head = "# The house, counted\n\nWritten by `python benchmarks/house/count.py "
        head += "--before CHECKOUT --write`; the script says what each line counts.\n\n"
        _, values, below = PAGE.read_text(encoding="utf-8").partition("\n## Values")
        PAGE.write_text(head + table + "\n" + values + below, encoding="utf-8")
    return 0


def count(root: Path) -> House:
    """Count a checkout."""
    trees = {
        _name(root, path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((root / "gaitkit").rglob("*.py"))
    }
    bench = {name for name in trees if _is_bench(name)}
    beside = len(list((root / "gaitkit_virtual").rglob("*.py")))
    app = {name for name in trees if name.startswith("gaitkit.app")}
    product = {n: tree for n, tree in trees.items() if n not in bench | app}
    needs = {name: _imports(tree, trees) for name, tree in product.items()}
    code = sum(_code_lines(tree) for tree in product.values())
    imported = sum(_import_lines(tree) for tree in product.values())
    rooms = {
        kind: _rooms(root, kind) for kind in ("film", "plate", "standing", "visit")
    }
    return House(
        modules=len(product),
        app_modules=len(app),
        bench_modules=len(bench) + beside,
        code_lines=code,
        import_share_pct=round(100 * imported / code, 1),
        single_importers=_single_importers(needs),
        builders=sum(map(_builds, product.values())),
        numbers_twice=_numbers_twice(product),
        circles=_circles({n: _imports(t, trees, top=True) for n, t in product.items()}),
        rooms_film=rooms["film"],
        rooms_plate=rooms["plate"],
        rooms_standing=rooms["standing"],
        rooms_visit=rooms["visit"],
    )


def _name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_bench(name: str) -> bool:
    """Tell whether a module makes virtual patients, where they still stand inside."""
    return name.startswith(
        ("gaitkit.simulate", "gaitkit.pipeline.virtual", "gaitkit.pipeline.sample")
    )


def _imports(
    tree: ast.Module, known: dict[str, ast.Module], *, top: bool = False
) -> set[str]:
    nodes = tree.body if top else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names if a.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
    return {name for name in found if name in known}


def _code_lines(tree: ast.Module) -> int:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.stmt):
            first = node.lineno
            inner = getattr(node, "body", None)
            last = inner[0].lineno - 1 if isinstance(inner, list) and inner else None
            lines.update(range(first, (last or node.end_lineno or first) + 1))
    return len(lines)


def _import_lines(tree: ast.Module) -> int:
    nodes = (n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom))
    return sum((n.end_lineno or n.lineno) - n.lineno + 1 for n in nodes)


def _single_importers(needs: dict[str, set[str]]) -> int:
    importers = defaultdict(set)
    for name, needed in needs.items():
        for each in needed:
            importers[each].add(name)
    folder = lambda name: name.rpartition(".")[0]  # noqa: E731 - said twice below
    return sum(
        len(who) == 1 and folder(next(iter(who))) == folder(name)
        for name, who in importers.items()
    )


def _builds(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Measurement"
        for node in ast.walk(tree)
    )


def _numbers_twice(trees: dict[str, ast.Module]) -> int:
    places = defaultdict(set)
    for name, tree in trees.items():
        for node in tree.body:
            if not isinstance(node, ast.Assign) or not isinstance(
                node.value, ast.Constant
            ):
                continue
            value = node.value.value
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if value == 0 or math.log10(abs(value)).is_integer():
                continue
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id.isupper():
                    places[target.id, value].add(name)
    return sum(len(modules) > 1 for modules in places.values())


def _circles(needs: dict[str, set[str]]) -> int:
    """Count the groups of modules that reach each other, by their reach."""
    reach = {name: _reached(name, needs) for name in needs}
    groups = {
        frozenset(o for o in reach[name] if name in reach.get(o, ()))
        for name in needs
        if name in reach[name]
    }
    return len(groups)


def _reached(name: str, needs: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    left = list(needs.get(name, ()))
    while left:
        each = left.pop()
        if each not in seen:
            seen.add(each)
            left.extend(needs.get(each, ()))
    return seen


def _rooms(root: Path, kind: str) -> int:
    print(f"{root.name}: walking with a {kind}", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-c", WALK, kind, str(REPOSITORY / "sample_data")],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
    )
    return len(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
