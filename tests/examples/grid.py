"""The grid of examples as the tests see it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from advisor.knowledge import load_rules
from advisor.knowledge.examples import ExampleGrid, load_examples
from advisor.knowledge.model import Example

RULES = Path(__file__).resolve().parents[2] / "rules"
RULES_FILE = load_rules()
ALTERNATIVES = [alternative.id for alternative in RULES_FILE.alternatives]
CRITERIA = [criterion.id for criterion in RULES_FILE.criteria]

METADATA = re.compile(r"^# /// script\n(.*?)^# ///$", re.MULTILINE | re.DOTALL)
GRID: ExampleGrid = load_examples(RULES, ALTERNATIVES, CRITERIA)
CELLS: dict[str, Example] = {f"{example.alternative}/{example.topic}": example for example in GRID.examples}
PROGRAMS = {cell: example for cell, example in CELLS.items() if example.path.endswith(".py")}


def folder_of(example: Example) -> Path:
    """The folder whose files make up an example."""
    return RULES / "examples" / example.alternative / example.topic


def main_file(example: Example) -> str:
    """The name of the file that is run, relative to the example's folder."""
    return str((RULES / example.path).relative_to(folder_of(example)))


def inline_metadata(example: Example) -> dict[str, object]:
    """The PEP 723 block of an example's main file, as its specification says how to read it."""
    found = METADATA.match((RULES / example.path).read_text(encoding="utf-8"))
    assert found is not None
    return tomllib.loads("".join(line[2:] or "\n" for line in found[1].splitlines(keepends=True)))


def requirements(example: Example) -> list[Requirement]:
    """What an example asks for: its inline metadata, or the requirements of its container."""
    if example.path in {program.path for program in PROGRAMS.values()}:
        lines = inline_metadata(example)["dependencies"]
        assert isinstance(lines, list)
    else:
        lines = (folder_of(example) / "requirements.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines]
