"""`advisor scan` against ripgrep and against `ast.parse`, whole processes, warm cache, paired A B C A B C.

Run it from the repository's root: `python -m tests.benchmarks.scan [FOLDER …]`; without a folder, on generated trees.
Prints medians of wall time and the two ratios that have a bar, and how long the parsers take that were weighed against
reading line by line. ripgrep and tree-sitter are used where they are installed, and named where they are not.
"""

from __future__ import annotations

import ast
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from advisor.codebase.markers import load_markers
from tests.benchmarks.startup import ADVISOR, COMPILED

BARS = {"ripgrep": 5.0, "ast": 0.6}
ROUNDS = 5

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
    return folder


def patterns() -> str:
    """Return the regular expression of every import that names a framework, as a person would search for it."""
    markers = load_markers()
    words = {module.decode() for entry in markers.entries if entry.framework for module in entry.core}
    return rf"^\s*(from|import)\s+({'|'.join(sorted(re.escape(word) for word in words))})\b"


def wall(command: list[str]) -> float:
    """Return how long one process takes, in seconds."""
    began = time.perf_counter()
    subprocess.run(command, env=COMPILED, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def naming(folder: Path) -> list[bytes]:
    """Return the content of the Python files that name a framework."""
    named = re.compile(patterns().encode(), re.MULTILINE)
    files = (path for path in folder.rglob("*.py") if path.is_file() and not path.is_symlink())
    return [data for path in files if named.search(data := path.read_bytes())]


def parse_all(sources: list[bytes]) -> tuple[float, int]:
    """Return how long parsing takes, and how many files this Python cannot parse."""
    failed = 0
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in sources:
            try:
                ast.parse(source)
            except (SyntaxError, ValueError):
                failed += 1
    return time.perf_counter() - began, failed


def tolerant(sources: list[bytes]) -> float | None:
    """Return how long the error-tolerant parser takes to build its trees, or None when it is not installed."""
    try:
        import tree_sitter
        import tree_sitter_python
    except ImportError:
        return None
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    began = time.perf_counter()
    for source in sources:
        parser.parse(source)
    return time.perf_counter() - began


def report(folder: Path) -> None:
    """Measure one folder and print its figures."""
    grep = shutil.which("rg")
    times: dict[str, list[float]] = {"scan": [], "ripgrep": [], "ast": []}
    sources = naming(folder)
    failed = 0
    for _ in range(ROUNDS):
        times["scan"].append(wall([*ADVISOR, "scan", str(folder), "--format", "json"]))
        if grep:
            times["ripgrep"].append(wall([grep, "-t", "py", "-c", patterns(), str(folder)]))
        took, failed = parse_all(sources)
        times["ast"].append(took)
    print(f"{folder}: {len(sources)} files name a framework, {failed} of them this Python cannot parse")
    for name, seen in times.items():
        if not seen:
            print(f"  {name:10} not installed")
            continue
        ratios = [ours / theirs for ours, theirs in zip(times["scan"], seen, strict=True)]
        bar = f"  scan is {statistics.median(ratios):.2f} × (bar {BARS[name]})" if name in BARS else ""
        print(f"  {name:10} {statistics.median(seen) * 1000:8.1f} ms{bar}")
    grown = tolerant(sources)
    print(f"  tree-sitter {'not installed' if grown is None else f'{grown * 1000:7.1f} ms for the trees alone'}")


def main() -> None:
    """Measure the folders given, or generated ones."""
    os.chdir(Path(__file__).resolve().parent.parent.parent)
    folders = [Path(name) for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as temporary:
        if not folders:
            folders = [generate(Path(temporary) / f"{parts * 7}-files", parts) for parts in (50, 500, 2500)]
        for folder in folders:
            report(folder)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"most memory of any process: {most / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
