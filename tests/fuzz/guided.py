"""Let atheris, which sees what a change of the input reaches, look for new paths through the readers of files.

It ends its process by itself, so each reader gets a process of its own: `python -m tests.fuzz.guided` is that process.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

READERS = ("rules", "answers", "reports", "lines", "cases", "examples", "codebase")
#: The file of a code base that an input is; its first byte chooses.
READ_OF_A_CODEBASE = (
    "app.py", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "Pipfile.lock", "uv.lock", "requirements.txt",
    "environment.yml", ".gitignore", "Dockerfile", "Procfile", "wsgi.py", "test_app.py",
)  # fmt: skip


def guide(seconds: int, only: Sequence[str] | None, keep: str | None) -> int:
    """Run atheris for some seconds on each reader, one after the other; return 1 when something was answered badly.

    Args:
        seconds: for each reader.
        only: the readers; all when nothing is said.
        keep: folder for the inputs that were answered badly.
    """
    try:
        import_module("atheris")
    except ImportError:
        print("--guided needs atheris: pip install atheris", file=sys.stderr)
        return 2
    unknown = set(only or ()) - set(READERS)
    if unknown:
        print(f"--guided knows {', '.join(READERS)}", file=sys.stderr)
        return 2
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="guided-") as folder:
        for reader in only or READERS:
            bad = Path(keep or folder, f"{reader}-bad")
            bad.mkdir(parents=True, exist_ok=True)
            corpus = Path(folder, f"{reader}-corpus")
            corpus.mkdir()
            Path(folder, reader).mkdir(exist_ok=True)
            print(f"== {reader}, {seconds} s", flush=True)
            line = [sys.executable, "-m", "tests.fuzz.guided", reader, str(seconds), str(bad.resolve()), str(corpus)]
            subprocess.run(line, check=False)
            wrong += len(list(bad.iterdir()))
    print(f"{wrong} inputs answered badly")
    return 1 if wrong else 0


def look(reader: str, seconds: str, bad: str, corpus: str) -> None:
    """Look for new paths through one reader; what is answered badly is told once a kind, kept, and gone past."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["advisor"], enable_loader_override=False):
        for module in walk_packages(import_module("advisor").__path__, "advisor."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    from tests.fuzz.targets import Room, Targets, kind_of, shown

    make, seeds = inputs_of(reader, Targets())
    for number, seed in enumerate(seeds):
        Path(corpus, str(number)).write_bytes(seed)
    known: set[str] = set()
    room = Room(corpus.removesuffix("-corpus")).__enter__()  # the process ends in atheris: its parent clears up

    def once(data: bytes) -> None:
        given = make(data)
        finding = room.feed(reader, given)
        if finding is None or kind_of(finding) in known:
            return
        known.add(kind_of(finding))
        Path(bad, hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        print(f"== {reader}: {finding.complaint}\n{shown(given)}\n{finding.found.err[-800:]}", flush=True)

    options = [
        f"-max_total_time={seconds}",
        "-max_len=8000",
        "-timeout=30",
        "-len_control=0",
        "-print_final_stats=1",
        f"-artifact_prefix={bad}/",
    ]
    atheris.Setup([sys.argv[0], *options, corpus], once)
    atheris.Fuzz()


def inputs_of(reader: str, targets: Any) -> tuple[Any, Sequence[bytes]]:
    """Return how bytes become an input of a reader, and the bytes to begin with."""
    from tests.codebase.projects import PROJECTS
    from tests.fuzz.targets import ANSWERS, CASES, EXAMPLES, Input
    from tests.knowledge.tiny import TINY

    def of_a_codebase(data: bytes) -> Input:
        name = READ_OF_A_CODEBASE[data[0] % len(READ_OF_A_CODEBASE)] if data else "app.py"
        files = {"p/app.py": b"from flask import Flask\napp = Flask(__name__)\n", f"p/{name}": data[1:]}
        return Input(("scan", "p"), tuple(files.items()))

    def of_examples(data: bytes) -> Input:
        files = (("e/tiny.yaml", TINY.encode()), ("e/examples.yaml", data), ("e/examples/hammer/hit/app.py", b"1\n"))
        return Input(("examples", "list", "--rules", "e/tiny.yaml"), files)

    def of_one_file(*arguments: str) -> Any:
        return lambda data: Input(arguments, (("x.yaml", data),))

    sources = [
        bytes([READ_OF_A_CODEBASE.index(name)]) + text.encode()
        for project in PROJECTS
        for path, text in project.files.items()
        if (name := path.rpartition("/")[2]) in READ_OF_A_CODEBASE
    ]
    tiny = ("--rules", "tiny.yaml")
    ways: dict[str, tuple[Any, Sequence[bytes]]] = {
        "rules": (of_one_file("rules", "check", "--rules", "x.yaml"), targets.rules_seeds),
        "answers": (of_one_file("recommend", *tiny, "--answers", "x.yaml"), ANSWERS),
        "reports": (of_one_file("verify", "x.yaml", *tiny), (targets.tiny_report,)),
        "lines": (of_one_file("batch", "x.yaml", *tiny), ANSWERS[2:]),
        "cases": (of_one_file("rules", "test", "--cases", "x.yaml", *tiny), (CASES,)),
        "examples": (of_examples, (EXAMPLES,)),
        "codebase": (of_a_codebase, sources),
    }
    return ways[reader]


if __name__ == "__main__":
    look(*sys.argv[1:])
