"""Which parts of a web application a framework's own packages hold, read off their files and then imported."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .installs import closure
from .wire import run_probe

if TYPE_CHECKING:
    from collections.abc import Callable

IMPORTABLE = Path(__file__).resolve().parent / "probes" / "importable.py"


def module(names: str) -> str:
    """A pattern for a module or package of one of these names, below a top-level package."""
    return rf"/({names})(\.py|/__init__\.py)$"


#: what a site of pages with accounts is made of
SITE_PARTS = {
    "templates": module("template|templating"),
    "forms": module("forms"),
    "accounts": r"/(auth|users|accounts)/models\.py$",
    "sessions": module("sessions"),
    "forgery protection": module("csrf"),
    "ORM": module("orm|db"),
    "migrations": module("migrations"),
    "admin": module("admin"),
}
OTHER_PARTS = {
    "translation": module("translation"),
    "mail": module("mail"),
    "cache": module("cache"),
    "cross-origin rules": module("cors"),
    "WebSocket": module("websockets"),
    "server-sent events": module("sse"),
    "OpenAPI": module("openapi"),
    "background tasks": module("background|tasks"),
}
DRIVERS = re.compile(r"^\s*(?:import|from) (sqlite3|psycopg2?|MySQLdb|oracledb|pymongo|sqlalchemy)\b", re.MULTILINE)


@cache
def python_files(*requirements: str) -> tuple[tuple[str, Path], ...]:
    """Every Python file that comes with an install of the requirements: its path in the install and on disk."""
    return tuple(
        (file.as_posix(), Path(file.locate()))
        for package in closure(requirements).values()
        for file in package.files or ()
        if file.suffix == ".py"
    )


def parts_present(requirements: tuple[str, ...], patterns: dict[str, str], install: Callable[..., Path]) -> set[str]:
    """The parts that an install of the requirements holds and that need no further package to be imported."""
    modules = {
        part: [
            path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for path, _ in python_files(*requirements)
            if re.search(pattern, path)
        ]
        for part, pattern in patterns.items()
    }
    # The shortest name is the part itself; longer ones are other parts' pieces (`contrib.auth.forms`).
    first = {part: min(names, key=lambda name: (len(name), name)) for part, names in modules.items() if names}
    packages = install(*requirements)
    outcome = run_probe(packages, packages, str(IMPORTABLE), *first.values())
    # A part that asks for settings is there; one that asks for another package is not.
    return {part for part, name in first.items() if outcome[name] not in {"ImportError", "ModuleNotFoundError"}}


def database_drivers(alternative: str) -> set[str]:
    """The database drivers that any file of a bare install imports."""
    found: set[str] = set()
    for _, path in python_files(alternative):
        found.update(DRIVERS.findall(path.read_text(encoding="utf-8", errors="replace")))
    return found
