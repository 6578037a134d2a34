"""The grid of examples as the tests see it."""

from __future__ import annotations

import re
from pathlib import Path

from advisor.knowledge.examples import ExampleGrid, load_examples
from advisor.knowledge.model import Example

RULES = Path(__file__).resolve().parents[2] / "rules"
ALTERNATIVES = ("django", "flask", "fastapi")
CRITERIA = re.findall(r"[a-z-]+", (RULES / "examples.yaml").read_text(encoding="utf-8"))

GRID: ExampleGrid = load_examples(RULES, ALTERNATIVES, CRITERIA)
CELLS: dict[str, Example] = {f"{example.alternative}/{example.topic}": example for example in GRID.examples}
PROGRAMS = {cell: example for cell, example in CELLS.items() if example.path.endswith(".py")}


def folder_of(example: Example) -> Path:
    """The folder whose files make up an example."""
    return RULES / "examples" / example.alternative / example.topic


def main_file(example: Example) -> str:
    """The name of the file that is run, relative to the example's folder."""
    return str((RULES / example.path).relative_to(folder_of(example)))
