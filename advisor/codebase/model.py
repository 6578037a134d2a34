"""What a scan of a code base finds: frozen records, each finding with the file and line it was seen at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["primary", "also", "tests", "optional"]


class Evidence(NamedTuple):
    """One place in the code base, and the words that stand there."""

    path: str  #: relative to the scanned folder, with forward slashes
    line: int  #: 1 for the first line
    what: str  #: the line itself, shortened

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"


class FrameworkUse(NamedTuple):
    """One web framework that the code names, and what it is there for."""

    framework: str  #: id of the framework in the markers file
    name: str  #: name as people write it
    role: Role  #: `also` serves a part; `tests` is met in tests, examples or docs only; `optional` is offered to others
    routes: int
    evidence: tuple[Evidence, ...]
    alternative: bool  #: the advice knows this framework, so that it can be an answer


class Fact(NamedTuple):
    """One thing that the code base does or does not use."""

    present: bool
    count: int  # type: ignore[assignment]  # hides the method of tuples, which a record has no use for
    evidence: tuple[Evidence, ...]
    kinds: tuple[str, ...] | None = None  #: which libraries or ways, where a fact has several


class Finding(NamedTuple):
    """What the scan answers for one need."""

    choices: tuple[str, ...]
    evidence: tuple[str, ...]  #: "path:line what"


class Skipped(NamedTuple):
    """Something in the folder that was not read."""

    path: str
    why: str


class Part(NamedTuple):
    """A part of the project that a second framework could serve better."""

    path: str  #: folder or file
    count: int  # type: ignore[assignment]  # hides the method of tuples, which a record has no use for
    what: str  #: why it would profit
    evidence: tuple[Evidence, ...]


class Move(NamedTuple):
    """The price of leaving, and what would profit."""

    rewritten: tuple[tuple[str, int], ...]  #: (fact, how many): what would be written anew
    sentences: tuple[str, ...]
    parts: tuple[Part, ...]


class Scan(NamedTuple):
    """Everything found in one code base. Nothing of it was imported or run."""

    root: str
    primary: FrameworkUse | None  #: the framework that serves this project, known to the advice or not
    frameworks: tuple[FrameworkUse, ...]
    facts: Mapping[str, Fact]
    versions: Mapping[str, str]  #: "python" and distribution names → the version or range declared
    python_files: int
    python_lines: int
    answers: Mapping[str, Finding]
    skipped: tuple[Skipped, ...]
    move: Move  #: what leaving today's framework would mean, in figures of this code base

    def as_json(self) -> dict[str, object]:
        """Return the scan as plain data, in the shape that scripts rely on (version 1.0)."""
        primary = self.primary
        return {
            "schema_version": "1.0",
            "root": self.root,
            "primary": primary.framework if primary and primary.alternative else None,
            "other_framework": primary.framework if primary and not primary.alternative else None,
            "frameworks": [
                {
                    "framework": use.framework,
                    "role": use.role,
                    "routes": use.routes,
                    "evidence": [str(seen) for seen in use.evidence],
                }
                for use in self.frameworks
            ],
            "facts": {name: _fact_json(fact) for name, fact in self.facts.items()},
            "versions": dict(self.versions),
            "size": {"python_files": self.python_files, "python_lines": self.python_lines},
            "answers": {
                need: {"choices": list(found.choices), "origin": "scan", "evidence": list(found.evidence)}
                for need, found in self.answers.items()
            },
            "skipped": [{"path": skipped.path, "why": skipped.why} for skipped in self.skipped],
        }


def _fact_json(fact: Fact) -> dict[str, object]:
    record: dict[str, object] = {"present": fact.present}
    if fact.kinds is not None:
        record["kinds"] = list(fact.kinds)
    record["count"] = fact.count
    record["evidence"] = [str(seen) for seen in fact.evidence]
    return record
