"""Learning curve: what must be read before the first page works.

4 for a hello file of a few lines and few settings; 3 for the same lines with types that carry behaviour; 2 for a
longer file, many settings or a generated project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conftest import PROBES, SITES
from .installs import closure
from .wire import run_probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW_LINES = 6
FEW_SETTINGS = 60


def written_lines(file: Path) -> int:
    return sum(1 for line in file.read_text().splitlines() if line.strip() and not line.strip().startswith("#"))


def test_what_must_be_read_before_hello(
    alternative: str,
    facts: dict[str, Any],
    install: Callable[..., Path],
    rated_level: Callable[[str, str], int],
) -> None:
    said = run_probe(install(alternative), SITES, str(PROBES / "hello_answer.py"), f"hello_{alternative}")
    assert said["answer"] == {"hello": "world"}
    lines = written_lines(SITES / f"hello_{alternative}.py")
    if lines > FEW_LINES or facts["settings"] > FEW_SETTINGS or "generated" in facts:
        level = 2
    else:
        level = 3 if "pydantic" in closure([alternative]) else 4
    assert level == rated_level("learning-curve", alternative), (lines, facts["settings"])
