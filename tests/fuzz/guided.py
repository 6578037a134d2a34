"""Let atheris, which sees what a change of the input reaches, look for new paths through the readers of files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from tests.fuzz.targets import ANSWERS, Finding, Input, Room, Targets, shown

WAYS: dict[str, Callable[[bytes], Input]] = {
    "rules": lambda data: Input(("rules", "check", "--rules", "x.yaml"), (("x.yaml", data),)),
    "answers": lambda data: Input(("recommend", "--rules", "tiny.yaml", "--answers", "x"), (("x", data),)),
    "reports": lambda data: Input(("verify", "x", "--rules", "tiny.yaml"), (("x", data),)),
    "lines": lambda data: Input(("batch", "x", "--rules", "tiny.yaml"), (("x", data),)),
}


def guide(seconds: int, only: Sequence[str] | None) -> int:
    """Run atheris on one reader for some seconds; it ends the process at the first finding."""
    try:
        atheris: Any = import_module("atheris")
    except ImportError:
        print("--guided needs atheris: pip install atheris", file=sys.stderr)
        return 2
    name = (only or ["answers"])[0]
    targets = Targets()
    seeds = {"rules": targets.rules_seeds, "answers": ANSWERS, "reports": (targets.tiny_report,), "lines": ANSWERS[2:]}
    with Room() as room:
        corpus = room.folder / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds[name]):
            (corpus / str(number)).write_bytes(seed)
        for module in [known for known in sys.modules if known.startswith("advisor.")]:
            del sys.modules[module]
        with atheris.instrument_imports(include=["advisor"]):
            import_module("advisor.cli.app")

        def once(data: bytes) -> None:
            given = WAYS[name](data)
            wrong: Finding | None = room.feed(name, given)
            if wrong is not None:
                raise AssertionError(f"{wrong.complaint}\n{shown(given)}\n{wrong.found.err}")

        options = [f"-max_total_time={seconds}", "-max_len=8000", "-timeout=20", str(corpus)]
        atheris.Setup([sys.argv[0], *options], once)
        atheris.Fuzz()
    return 0
