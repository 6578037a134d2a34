"""Examples are linted, formatted and type checked like code that people will keep."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .grid import GRID, RULES, folder_of

# What mypy says of correct lines, because of how a package is typed.
EXCUSED = (
    # Flask-SQLAlchemy makes the class at run time; its documentation says to subclass it all the same.
    r'flask_\w+/app\.py:\d+: error: Name "db\.Model" is not defined  \[name-defined\]',
    # a2wsgi types the WSGI environment more narrowly than Werkzeug.
    r'\w+_gradual_migration/app\.py:\d+: error: Dict entry 1 has incompatible type "str": "ASGIMiddleware"; .*',
)

# What the frameworks use within, and no example names or gets an object of: seven hundred modules less to read.
UNSEEN = """[mypy]
[mypy-_pytest.*,cryptography.*,email_validator.*,httpx2.*,opentelemetry.*,rich.*,sqlalchemy.dialects.*,trio.*]
follow_imports = skip
"""


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", str(RULES / "examples")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.xdist_group("mypy-examples")
def test_mypy_finds_nothing(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Every example is its own little project, so each is checked as a package of its own."""
    for example in GRID.examples:
        package = f"of_{example.alternative}_{example.topic}".replace("-", "_")
        shutil.copytree(folder_of(example), tmp_path / package, ignore=shutil.ignore_patterns("migrations"))
    settings = tmp_path / "mypy.ini"
    settings.write_text(UNSEEN, encoding="utf-8")
    assert pytestconfig.cache is not None
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", str(settings), "--explicit-package-bases", "--cache-dir"),
            str(pytestconfig.cache.mkdir("mypy-examples")),
            *("--disallow-untyped-defs", "--check-untyped-defs", "--warn-unused-ignores", "--no-error-summary"),
            # Imports within an example are seen as foreign here, and Django's fields get their types from a
            # plugin that needs the settings of one project.
            *("--ignore-missing-imports", "--disable-error-code=var-annotated", "--hide-error-context", "."),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert not done.stderr
    assert [line for line in errors if not any(re.search(excuse, line) for excuse in EXCUSED)] == []
    for excuse in EXCUSED:
        assert any(re.search(excuse, line) for line in errors), f"no longer needed: {excuse}"
