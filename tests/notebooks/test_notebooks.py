"""Every notebook runs from top to bottom, anywhere, and asks little of its reader."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
OWN = ("gaitkit", "gaitkit_virtual")
MOST_NAMES = 8
"""Names that a notebook may import in all, of gaitkit and of others."""


@pytest.mark.models
@pytest.mark.usefixtures("model_files")
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_outside_the_checkout(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.environ.get("PYTHONPATH")
    paths = [str(REPOSITORY), *([before] if before else [])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs, f"a cell shows nothing:\n{cell.source}"
            assert not warned(cell.outputs), cell.source
            if "plot_" in cell.source.splitlines()[-1]:
                assert pictures(cell.outputs) == 1, cell.source


def warned(outputs: list[nbformat.NotebookNode]) -> bool:
    """Return whether Python warned; on a busy machine workers say that they wait."""
    told = (each.text for each in outputs if each.get("name") == "stderr")
    return any("Warning:" in text for text in told)


def pictures(outputs: list[nbformat.NotebookNode]) -> int:
    """Count the outputs that show a picture: one that is drawn twice is seen twice."""
    return sum(
        bool({"image/svg+xml", "image/png"} & each.get("data", {}).keys())
        for each in outputs
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert not any(cell.get("outputs") for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_imports_eight_names_at_most_and_from_the_top_two_levels(
    path: Path,
) -> None:
    names = imported(path)
    assert len(names) <= MOST_NAMES, names
    for module, _ in names:
        if module.split(".")[0] in OWN:
            assert module.count(".") <= 1, f"{module}: what is needed stands higher"
            assert module != "gaitkit.cli", "a notebook calls functions, no commands"


def imported(path: Path) -> set[tuple[str, str]]:
    """Return what a notebook imports: the module, and the name of it."""
    found = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not cell.source.startswith("%%"):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    found |= {(each.name, "") for each in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found |= {(node.module or "", each.name) for each in node.names}
    return found
