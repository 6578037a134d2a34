"""Made projects: each file in `tests/projects` is a small tree, with what a scan must say about it on top."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "projects"
FILE = re.compile(r"^-- (.+) --\n", re.MULTILINE)


class Project(NamedTuple):
    """A tree of files, and the expectations written above it."""

    name: str
    expected: dict[str, Any]
    files: dict[str, str]

    def write(self, folder: Path) -> Path:
        """Lay the tree out below a folder."""
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        if carried := self.expected.get("carried"):
            (folder / carried).write_text("class Bottle: ...\n" * 4000, encoding="utf-8")
        return folder


def read_project(file: Path) -> Project:
    """Read one file of `tests/projects`."""
    head, *parts = FILE.split(file.read_text(encoding="utf-8"))
    return Project(file.stem, yaml.safe_load(head), dict(zip(parts[::2], parts[1::2], strict=True)))


PROJECTS = [read_project(file) for file in sorted(FOLDER.glob("*.txtar"))]
