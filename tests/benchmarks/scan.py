"""`advisor scan` against ripgrep, `ast.parse` and other detectors: whole processes, warm cache, paired A B C A B C.

A first scan reads the folder; the next one remembers it, as long as nothing changes: both are measured.

Run it from the repository's root: `python -m tests.benchmarks.scan [--large] [--rounds N] [FOLDER …]`; without a
folder, on generated trees, with `--large` on one of 100,000 files. Prints medians of wall and CPU time and the ratios
that have a bar. On several cores a scan and ripgrep spend more CPU time than wall time. What is not on the PATH is
named and left out: `rg`, and the detectors, which all read the whole tree (`npm install @specfy/stack-analyser
linguist-js`).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from advisor.codebase.markers import load_markers
from advisor.codebase.remembered import RACY
from tests.benchmarks.figures import Figure, own_cache, show
from tests.benchmarks.startup import COMPILED

RIPGREP, RIPGREP_PYTHON, PARSED = "ripgrep", "ripgrep, Python files alone", "ast.parse, one process"
BARS = {RIPGREP: 5.0, RIPGREP_PYTHON: 5.0, PARSED: 0.6}
DETECTORS = {
    "stack-analyser": ["{folder}", "--output=stack.json"],
    "linguist": ["--analyze", "{folder}", "--json"],
    "github-linguist": ["{folder}", "--json"],
    "enry": ["-json", "{folder}"],
}
"""Programs that tell from a whole tree what it is written with → how they are called."""
AS_FAST = 1.0
"""What a scan may take of another detector's time."""
MOST_MEMORY = 512
"""MiB, on any tree."""
ROUNDS = 5
PARTS = (50, 500, 2_500)
LARGE = 14_286
"""Parts of seven files each: a tree of 100,000."""

VIEW = '''"""Views of part {n}.

    from nowhere import nothing  (in a docstring)
"""
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import path

from part{n}.models import Thing{n}


def listing(request):
    """All things."""
    things = [thing for thing in Thing{n}.objects.all() if thing.name != "#{n}"]
    return render(request, "part{n}/listing.html", {{"things": things, "count": len(things)}})


def detail(request, pk):
    thing = Thing{n}.objects.get(pk=pk)
    return JsonResponse({{"id": thing.pk, "name": thing.name}})


urlpatterns = [path("", listing), path("<int:pk>/", detail, name="detail")]
'''
MODEL = '''from django.db import models


class Thing{n}(models.Model):
    """A thing."""

    name = models.CharField(max_length=100, help_text="what it is called")
    made = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{{self.name}} ({{self.pk}})"
'''
PLAIN = '''"""Work on numbers."""
import math
import os
from collections import Counter


class Worker{n}:
    """Counts."""

    def __init__(self, numbers):
        self.numbers = numbers
        self.counts = Counter(numbers)

    def work(self, factor=2):
        total = 0
        for number in self.numbers:  # every one
            if number % factor == 0 and math.sqrt(number) > {n}:
                total += number * factor
        return {{"total": total, "home": os.environ.get("HOME", "")}}
'''


def generate(folder: Path, parts: int) -> Path:
    """Write a tree of `parts` applications, two thirds of whose files have nothing to do with the web."""
    for n in range(parts):
        part = folder / f"group{n % 20}" / f"part{n}"
        part.mkdir(parents=True)
        (part / "__init__.py").touch()
        (part / "views.py").write_text(VIEW.format(n=n) * 3)
        (part / "models.py").write_text(MODEL.format(n=n) * 3)
        for other in range(4):
            (part / f"work{other}.py").write_text(PLAIN.format(n=n) * 6)
    time.sleep(RACY / 1e9)  # what has just changed is not remembered
    return folder


def patterns() -> str:
    """Return the regular expression of every import that names a framework, as a person would search for it."""
    markers = load_markers()
    words = {module.decode() for entry in markers.entries if entry.framework for module in entry.core}
    return rf"^\s*(from|import)\s+({'|'.join(sorted(re.escape(word) for word in words))})\b"


class Spent(NamedTuple):
    """What a process took."""

    wall: float  #: seconds
    cpu: float  #: seconds, of all its processes together
    memory: float  #: MiB, of the largest of its processes


def spent(command: list[str], folder: str, environment: dict[str, str] | None = None) -> Spent:
    """Run one process to its end, in a folder where it may write."""
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environment or COMPILED, stdin=quiet, stdout=quiet, stderr=quiet
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Spent(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def naming(folder: Path) -> list[Path]:
    """Return the Python files that name a framework."""
    named = re.compile(patterns().encode(), re.MULTILINE)
    files = (path for path in folder.rglob("*.py") if path.is_file() and not path.is_symlink())
    return [path for path in files if named.search(path.read_bytes())]


PARSE_ALL = """
import ast, sys, warnings
warnings.simplefilter("ignore")
with open(sys.argv[1], encoding="utf-8") as listed:
    paths = listed.read().split("\\0")
for path in paths:
    try:
        with open(path, "rb") as file:
            ast.parse(file.read())
    except (SyntaxError, ValueError):
        continue
"""
"""A program that parses what this Python can parse of the files that are listed; what it cannot costs it little."""


def rivals(folder: Path, scratch: str) -> Iterator[tuple[str, Callable[[], Spent]]]:
    """Yield what a scan is measured against on one folder: its name, and how it is run once."""
    grep = shutil.which("rg")
    if grep:
        search = ["-c", patterns(), str(folder)]
        yield RIPGREP, lambda: spent([grep, *search], scratch)
        yield RIPGREP_PYTHON, lambda: spent([grep, "-t", "py", *search], scratch)
    listed = Path(scratch) / "naming"
    listed.write_text("\0".join(map(str, naming(folder))), encoding="utf-8")
    yield PARSED, lambda: spent([sys.executable, "-c", PARSE_ALL, str(listed)], scratch)
    for name, arguments in DETECTORS.items():
        program = shutil.which(name)
        if program:
            command = [program, *(word.format(folder=folder) for word in arguments)]
            yield name, lambda command=command: spent(command, scratch)  # type: ignore[misc]


FIRST, AGAIN = "first scan", "scan again"


def scans(folder: Path, cache: Path) -> Iterator[tuple[str, Callable[[], Spent]]]:
    """Yield how a folder is scanned when nothing is known of it, and when it was just scanned."""
    home = shutil.which("advisor", path=str(Path(sys.executable).parent))
    command = [*([home] if home else [sys.executable, "-m", "advisor"]), "scan", str(folder), "--format", "json"]
    environment = COMPILED | {"XDG_CACHE_HOME": str(cache)}

    def first() -> Spent:
        for kept in cache.glob("framework-advisor/scan-*"):
            kept.unlink()
        return spent(command, str(cache), environment)

    yield FIRST, first
    yield AGAIN, lambda: spent(command, str(cache), environment)


def figures(folder: Path, rounds: int) -> Iterator[Figure]:
    """Measure one folder."""
    with own_cache() as cache:
        ours = dict(scans(folder, cache))
        theirs = dict(rivals(folder, str(cache)))
        taken: dict[str, list[Spent]] = {name: [] for name in (*ours, *theirs)}
        for turn in range(rounds + 1):
            for name, run in (ours | theirs).items():
                took = run()
                if turn:  # the first round warms the caches
                    taken[name].append(took)
    for kind in ("wall", "cpu"):
        times = {name: [getattr(one, kind) for one in seen] for name, seen in taken.items()}
        for name, seen in times.items():
            yield Figure(f"{name}, {kind} time", statistics.median(seen) * 1000, "ms")
        for one in ours:
            for name in theirs:
                ratios = [time / max(other, 1e-9) for time, other in zip(times[one], times[name], strict=True)]
                yield Figure(f"{one} / {name}, {kind} time", statistics.median(ratios), "×", BARS.get(name, AS_FAST))
    yield Figure("memory of a scan's largest process", max(one.memory for one in taken[FIRST]), "MiB", MOST_MEMORY)


def main() -> None:
    """Measure the folders given, or generated ones."""
    parser = argparse.ArgumentParser(description="Measure advisor scan.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--large", action="store_true", help="generate a tree of 100,000 files")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    missing = [name for name in ("rg", *DETECTORS) if not shutil.which(name)]
    if missing:
        print(f"not on the PATH: {', '.join(missing)}")
    met = True
    with tempfile.TemporaryDirectory() as temporary:
        parts = (LARGE,) if asked.large else () if asked.folders else PARTS
        made = (generate(Path(temporary) / f"{number * 7}-files", number) for number in parts)
        for folder in (*asked.folders, *made):
            print(f"\n{folder.resolve()}: medians of {asked.rounds} paired rounds")
            met = show(figures(folder.resolve(), asked.rounds)) and met
    sys.exit(not met)


if __name__ == "__main__":
    main()
