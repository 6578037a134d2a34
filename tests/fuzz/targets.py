"""What is fed to the command line: for each kind of input, real seeds and the command lines that read it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, Self

from tests.codebase.projects import PROJECTS
from tests.fuzz.judging import Outcome, complaints, left_behind, outcome, unasked
from tests.fuzz.mutation import NASTY, spoiled, spoiled_words
from tests.knowledge.tiny import TINY

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "rules" / "web-frameworks.yaml"
PLACE = "FOLDER"
"""Stands for the scratch folder in arguments that are shown."""


class Input(NamedTuple):
    """One thing that is fed to the command line; enough to run it again."""

    arguments: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...] = ()
    stdin: bytes = b""
    environment: tuple[tuple[str, str], ...] = ()


class Finding(NamedTuple):
    """An input that was not answered as it should be."""

    target: str
    input: Input
    complaint: str
    found: Outcome


class Room:
    """A scratch folder with sound files beside the spoiled ones, and the working directory while inputs are run."""

    def __init__(self, within: str | None = None) -> None:
        within = within or ("/dev/shm" if Path("/dev/shm").is_dir() else None)  # noqa: S108
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=within))
        self.home = self.folder / "home"
        self.home.mkdir()
        self.work = self.folder / "work"
        self.kept = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "ADVISOR_RULES"))
        self.kept = {name: os.environ.get(name) for name in self.kept}
        self.back = Path.cwd()

    def __enter__(self) -> Self:
        os.environ.update(HOME=str(self.home), XDG_CACHE_HOME=str(self.home / "c"), XDG_STATE_HOME=str(self.home / "s"))
        os.environ.pop("ADVISOR_RULES", None)
        self.renew()
        return self

    def __exit__(self, *_error: object) -> None:
        os.chdir(self.back)
        for name, value in self.kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self.folder)

    def renew(self) -> None:
        """Begin again with an empty working folder."""
        os.chdir(self.folder)
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        os.chdir(self.work)
        Path("tiny.yaml").write_text(TINY, encoding="utf-8")

    def feed(self, target: str, given: Input) -> Finding | None:
        """Run one input; return what was wrong, or None."""
        for name, data in given.files:
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        there = [entry.name for entry in self.work.iterdir()]
        found = outcome(given.arguments, given.stdin, dict(given.environment))
        colour = "FORCE_COLOR" in dict(given.environment)
        wrong = list(complaints(given.arguments, found, colour=colour))
        strays = left_behind(self.work, there)
        wrong += [f"left {name} behind" for name in unasked(strays, given.arguments, found.code)]
        if strays or any("/" in name for name, _ in given.files):
            self.renew()
        return Finding(target, given, "; ".join(wrong), found) if wrong else None


def kind_of(finding: Finding) -> str:
    """Return what findings of one cause have in common."""
    where = [line for line in finding.found.err.splitlines() if line.startswith("  ")][-1:]
    return f"{finding.target}: {finding.complaint.partition('took')[0]} {where}"


def _reports() -> list[bytes]:
    lines = (("--rules", "tiny.yaml", "--work", "wood", "--haste", "must"), ("--async", "must", "--legacy", "flask"))
    with Room():
        return [outcome(["recommend", *line, "--format", "json"]).out.encode() for line in lines]


ANSWERS = (
    b"work: wood\nhaste: must\nfinish: [rough, smooth]\n",
    b"# a comment\nwork: unknown\nhaste: no\n",
    b'{"work": "nails", "haste": ["no", "must"]}',
    b'{"work": {"choices": ["wood"], "origin": "flag", "evidence": ["a.py:1 x"]}}',
)
SHIPPED_ANSWERS = (
    b"async: must\ndocs: must\nscale: large\nlegacy: flask\npain: some\n",
    b'{"async": "no", "scale": ["medium", "large"], "team": "django"}',
)
EXAMPLES = b"""\
tested: {date: 2026-11-22, packages: {nail: 1.0}}
topics:
  hit: {title: Hitting, task: Hit it., criteria: [speed]}
examples:
  hammer:
    hit:
      shows: a hit
      file: app.py
      files: [more.txt]
      packages: [nail]
      run: python app.py
      try:
        - {command: "curl x", output: "ok"}
  saw:
    hit: {why_not: A saw does not hit.}
"""
CASES = b"""\
- id: first
  kind: own
  scenario: "Wood in a hurry."
  answers: {work: wood, haste: must}
  expert: [hammer, saw]
  because: "It is quick."
  source: https://example.org/
"""
OVERLAY = b"""\
format: 1
name: more
version: "2"
extends: ./tiny.yaml
criteria:
  - id: reach
    ratings: {saw: Short}
needs:
  finish: null
  haste:
    choices:
      must: {weights: {speed: 1}}
"""


class Targets:
    """Every kind of input: target name → function that makes one from a source of chance."""

    def __init__(self) -> None:
        self.tiny_report, self.shipped_report = _reports()
        shipped = SHIPPED.read_bytes()
        self.rules_seeds = (TINY.encode(), TINY.encode(), TINY.encode(), OVERLAY)
        self.lenders = (shipped, TINY.encode(), OVERLAY)
        self.every: Mapping[str, Callable[[Random], Input]] = {
            "rules": self.rules,
            "answers": self.answers,
            "reports": self.reports,
            "lines": self.lines,
            "arguments": self.arguments,
            "environment": self.environment,
            "examples": self.examples,
            "cases": self.cases,
            "codebase": self.codebase,
        }

    def rules(self, random: Random) -> Input:
        """A spoiled rules file, read by one of the commands that read one."""
        data = spoiled(random, random.choice(self.rules_seeds), self.lenders)
        command = random.choice(
            (
                ("recommend", "--work", "wood"), ("recommend", "--set", "haste=must", "--format", "json"),
                ("rules", "check"), ("rules", "show"), ("needs",), ("compare",), ("why-not", "saw"),
                ("recommend", "--format", "markdown"), ("recommend", "--format", "html"), ("rules", "test"),
                ("examples", "list"), ("recommend", "--format", "adr"), ("rules", "show", "--format", "json"),
            )
        )  # fmt: skip
        return Input((*command, "--rules", "x.yaml"), (("x.yaml", data),))

    def answers(self, random: Random) -> Input:
        """A spoiled answers file, or one on stdin."""
        if random.random() < 0.1:
            data = spoiled(random, random.choice(SHIPPED_ANSWERS), SHIPPED_ANSWERS)
            return Input(("recommend", "--answers", "x", "--format", "json"), (("x", data),))
        data = spoiled(random, random.choice(ANSWERS), ANSWERS)
        command = random.choice(("recommend", "why-not saw", "recommend --format markdown"))
        if random.random() < 0.3:
            return Input((*command.split(), "--rules", "tiny.yaml", "--answers", "-"), stdin=data)
        return Input((*command.split(), "--rules", "tiny.yaml", "--answers", "x"), (("x", data),))

    def reports(self, random: Random) -> Input:
        """A spoiled report: replayed, verified, compared."""
        data = spoiled(random, self.tiny_report, (self.shipped_report, *ANSWERS))
        command = random.choice(
            (
                ("recommend", "--from", "x"), ("recommend", "--from", "x", "--format", "markdown"), ("verify", "x"),
                ("verify", "x"), ("recommend", "--answers", "x"), ("recommend", "--from", "x", "--format", "json"),
            )
        )  # fmt: skip
        if random.random() < 0.2:
            return Input(
                ("diff", "x", "y"),
                (("x", data), ("y", self.tiny_report)),
                environment=(("ADVISOR_RULES", "./tiny.yaml"),),
            )
        return Input((*command, "--rules", "tiny.yaml"), (("x", data),))

    def lines(self, random: Random) -> Input:
        """Spoiled JSON Lines."""
        seed = b"\n".join(random.choice(ANSWERS[2:]).replace(b"\n", b"") for _ in range(random.randint(1, 5))) + b"\n"
        data = spoiled(random, seed, (*ANSWERS, self.tiny_report))
        more = random.choice(((), ("--strict",), ("--fields", "all"), ()))
        if random.random() < 0.5:
            return Input(("batch", *more, "--rules", "tiny.yaml"), stdin=data)
        return Input(("batch", "x", *more, "--rules", "tiny.yaml"), (("x", data),))

    def arguments(self, random: Random) -> Input:
        """Spoiled arguments."""
        seed = random.choice(LINES).split()
        words = [*WORDS, *(word.decode("utf-8", "surrogateescape").replace("\x00", "") for word in NASTY)]
        arguments = [word for word in spoiled_words(random, seed, words) if harmless(word)]
        return Input(tuple(arguments), (("a.yaml", ANSWERS[0]), ("r.json", self.tiny_report)), ANSWERS[0])

    def environment(self, random: Random) -> Input:
        """Spoiled environment variables."""
        chosen = {name: random.choice(VALUES) for name in random.sample(VARIABLES, random.randint(1, 4))}
        spoilt = {
            name: spoiled(random, value.encode(), (), most=1).decode("utf-8", "surrogateescape").replace("\x00", "")
            if random.random() < 0.5
            else value
            for name, value in chosen.items()
        }
        spoilt = {name: value[:20_000] for name, value in spoilt.items() if harmless(value)}
        arguments = random.choice(LINES).split()
        files = (("a.yaml", ANSWERS[0]), ("r.json", self.tiny_report))
        return Input(tuple(arguments), files, ANSWERS[0], tuple(spoilt.items()))

    def examples(self, random: Random) -> Input:
        """A spoiled grid of examples beside sound rules."""
        files = (
            ("e/tiny.yaml", TINY.encode()),
            ("e/examples.yaml", spoiled(random, EXAMPLES, (*self.lenders,))),
            ("e/examples/hammer/hit/app.py", spoiled(random, b"print(1)\n", ())),
            ("e/examples/hammer/hit/more.txt", b"more\n"),
        )
        command = random.choice(
            (("examples", "list"), ("examples", "show", "hammer/hit", "--all-files"), ("recommend", "--work", "nails"),
             ("examples", "list", "--format", "json"), ("recommend", "--format", "html"))
        )  # fmt: skip
        return Input((*command, "--rules", "e/tiny.yaml"), files)

    def cases(self, random: Random) -> Input:
        """A spoiled file of cases."""
        data = spoiled(random, CASES, (*self.lenders,))
        more = random.choice(((), ("--coverage",), ("--format", "json")))
        return Input(("rules", "test", "--rules", "tiny.yaml", "--cases", "c.yaml", *more), (("c.yaml", data),))

    def codebase(self, random: Random) -> Input:
        """A project with a spoiled file or two."""
        project = random.choice(PROJECTS)
        files = {f"p/{name}": text.encode() for name, text in project.files.items()}
        for name in random.sample(sorted(files), min(len(files), 2)):
            files[name] = spoiled(random, files[name], list(files.values()))
        if random.random() < 0.2:
            files["p/.gitignore"] = spoiled(random, b"*.log\n!keep\n/build/\na/**/b\n[a-z]?\n", ())
        if random.random() < 0.1:
            return Input(("recommend", "--codebase", "p", "--rules", "tiny.yaml"), tuple(files.items()))
        more = random.choice(((), ("--format", "json"), ("--detail",), ("--each",)))
        return Input(("scan", "p", *more), tuple(files.items()))


VARIABLES = (
    "ADVISOR_RULES", "ADVISOR_NO_INPUT", "CI", "COLUMNS", "LINES", "TERM", "NO_COLOR", "FORCE_COLOR", "ACCESSIBLE",
    "SOURCE_DATE_EPOCH", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME", "LANG", "LC_ALL", "TZ",
)  # fmt: skip
VALUES = (
    "", "0", "1", "-1", "true", "dumb", "tiny.yaml", "./tiny.yaml", "tiny", "40", "1000000", "99999999999999", "80.5",
    "1763769600", "253402300800", "-62135596801", "C", "nowhere/at/all", "x" * 5000, "web-frameworks", "r.json",
)  # fmt: skip
LINES = (
    "recommend --async must --docs nice", "recommend --rules tiny.yaml --work wood --haste must",
    "recommend --rules tiny.yaml --set work=wood --set haste=must,no --format json --date 2026-11-22",
    "recommend --rules tiny.yaml --answers a.yaml --format adr --title T --project P --author A --status S",
    "recommend --rules tiny.yaml --from r.json --output o.html --force", "recommend --rules tiny.yaml --expect saw",
    "recommend --rules tiny.yaml --fail-on open,tie --detail --plain", "recommend --rules tiny.yaml -o a.md -o b.json",
    "why-not saw --rules tiny.yaml --work nails", "compare hammer saw --rules tiny.yaml", "compare --plain --no-color",
    "needs --rules tiny.yaml --format json", "scan . --format json", "scan . --each --detail", "schema", "--version",
    "examples list --format json", "examples show flask/json-api", "rules check --rules tiny.yaml", "rules schema",
    "examples save flask/json-api out --force", "rules show needs work --rules tiny.yaml", "rules new n.yaml", "",
    "rules new --extends", "rules diff tiny.yaml tiny.yaml", "diff --rules tiny.yaml tiny.yaml --answers a.yaml",
    "rules test --rules tiny.yaml --cases a.yaml --fail-under 50%", "batch a.yaml --rules tiny.yaml --strict",
    "verify r.json --rules tiny.yaml", "ask --rules tiny.yaml --answers a.yaml --save s.yaml --all --plain",
    "batch --fields all --rules tiny.yaml", "recommend --rules tiny.yaml --codebase . -o x.txt", "recommend --help",
)  # fmt: skip
WORDS = (
    *dict.fromkeys(word for line in LINES for word in line.split()),
    "--", "-", "-h", "-o", "", " ", "--rules=", "--set=", "=", "a=b", "--work=", "--no-input", "recomend",
    "--form", "-x", "-vvv",
    "a.yaml", ".", "nowhere", "nowhere/x.json", "/dev/null", "tiny.yaml/x", "x" * 300, "o" * 5000, "--cases",
    "--all-files",
    "--jobs", "0", "NaN", "1e9", "--date", "0000-00-00", "9999-12-31", "２０２６-11-22", "--fail-under", "٣", "101%",
    "a b", "--output=-",
)  # fmt: skip


def harmless(word: str) -> bool:
    """Tell whether a word cannot lead out of the scratch folder, start processes or write to a shell's settings."""
    return (
        not word.strip().startswith(("~", "/", "--install"))
        and ".." not in word
        and "=/" not in word
        and "o/" not in word
        and "=~" not in word
        and word != "--jobs"
    ) or word == "/dev/null"


def shown(given: Input) -> str:
    """Return an input as it can be read and run again."""
    return json.dumps(
        {
            "arguments": given.arguments,
            "files": {name: data.decode("utf-8", "backslashreplace")[:400] for name, data in given.files},
            "stdin": given.stdin.decode("utf-8", "backslashreplace")[:400],
            "environment": dict(given.environment),
        },
        indent=1,
    )


def sequence(names: Sequence[str] | None, targets: Targets) -> list[str]:
    """Return the targets to run."""
    return list(names or targets.every)
