"""Read a JSON report back: to give the same advice again, or to see whether today's rules still give it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn, cast, get_args

from advisor import __version__
from advisor.decision import recommend
from advisor.decision.answers import Answer, Origin, in_file_order, parse_answer
from advisor.decision.recommendation import Recommendation
from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge.files import read_input, stdin_bytes
from advisor.knowledge.model import Rules
from advisor.report.json_format import SCHEMA_VERSION, TOOL_NAME, to_json
from advisor.report.options import ReportOptions

LARGEST_REPORT = 32 * 1024 * 1024
"""A report on a hundred alternatives and sixty answers takes half of it."""

MOST_ENTRIES = 1_000_000
"""Values in a report: more of them than any report has would only take long to read."""

"""Bytes. A report of the shipped rules has some forty thousand; this leaves room for rules a hundred times as large."""

_ORIGINS = get_args(Origin)


class Rated(NamedTuple):
    """How one alternative did on one criterion, as a report keeps it."""

    level: int
    word: str


class Report(NamedTuple):
    """What a JSON report says, checked as far as it is used."""

    text: str  #: the document itself
    where: str  #: how to name it in messages
    tool_version: str
    rules_name: str
    rules_version: str
    rules_digest: str
    options: ReportOptions
    answers: Mapping[str, Answer]  #: as recorded; not yet checked against any rules
    winners: tuple[str, ...]
    state: str
    searched: bool  #: whether it has a sensitivity section
    figures: tuple[str, ...]  #: what the advice meant in figures of the code base that was read
    scores: Mapping[str, tuple[str, bool]]  #: alternative → (score as printed, excluded?)
    ratings: Mapping[tuple[str, str], Rated]  #: (alternative, criterion) → rating, where it counted


class Moved(NamedTuple):
    """One thing that is not as the report has it."""

    what: str  #: "tool", "rules", "answer", "winners", "state", "score", "rating" or "report"
    text: str  #: one sentence


class Verification(NamedTuple):
    """Whether today's rules still give the advice of a report, and everything that moved."""

    holds: bool  #: the same winners
    before: tuple[str, ...]
    after: tuple[str, ...]
    moved: tuple[Moved, ...]
    today: Recommendation


def read_report(path: Path | str) -> Report:
    """Read a JSON report from a file, or from standard input when the path is "-".

    Raises:
        AdvisorError: it cannot be read, is too large, or is not a report.
    """
    where = "standard input" if str(path) == "-" else str(path)
    try:
        data = stdin_bytes(LARGEST_REPORT + 1) if str(path) == "-" else read_input(path, LARGEST_REPORT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AdvisorError(f"{where}: {reason}", "give a report made with --format json") from error
    return parse_report(_bounded(data, where), where)


def parse_report(data: bytes | str, where: str = "report") -> Report:
    """Check a JSON report as far as it is used, and return what it says.

    Args:
        data: the document.
        where: how to name it in messages.

    Raises:
        AdvisorError: not JSON, not a report of this tool, written by a newer format, or a field has the wrong shape.
    """
    reader = _Reader(where)
    text, document = reader.document(data)
    tool, rules, verdict = (reader.mapping(document, key) for key in ("tool", "rules", "verdict"))
    if tool.get("name") != TOOL_NAME:
        reader.refuse(f"it was not written by {TOOL_NAME}")
    answers = reader.mapping(document, "answers")
    frame = reader.mapping(document, "report") if "report" in document else {}
    legacy = reader.as_mapping(document.get("legacy") or {}, "legacy")
    standings = [reader.as_mapping(item, "ranking") for item in reader.sequence(document, "ranking")]
    return Report(
        text=text,
        where=where,
        tool_version=reader.word(tool, "version"),
        rules_name=reader.word(rules, "name"),
        rules_version=reader.word(rules, "version"),
        rules_digest=reader.word(rules, "digest"),
        options=ReportOptions(**{key: reader.optional_word(frame, key) for key in ReportOptions._fields}),
        answers={need: reader.answer(need, answers) for need in answers},
        winners=reader.words(verdict, "winners"),
        state=reader.word(verdict, "state"),
        searched=document.get("sensitivity") is not None,
        figures=reader.words(legacy, "figures") if "figures" in legacy else (),
        scores={reader.word(item, "alternative"): reader.score(item) for item in standings},
        ratings=dict(rating for item in standings for rating in reader.ratings(item)),
    )


def answers_of(report: Report, rules: Rules) -> dict[str, Answer]:
    """Return a report's answers, each with its recorded origin, checked against the rules.

    Raises:
        AdvisorError: the rules have another name, or do not know a need or choice.
    """
    _same_rules(report, rules)
    checked = {}
    for need, answer in report.answers.items():
        parsed = parse_answer(rules, need, list(answer.choices), where=report.where)
        if parsed is not None:
            checked[need] = Answer(parsed.choices, answer.origin, answer.evidence)
    return in_file_order(rules, checked)


def verify(report: Report, rules: Rules) -> Verification:
    """Give the advice again under today's rules, and say what is not as the report has it.

    Answers to needs or choices that the rules no longer have are left out, and told.

    Raises:
        AdvisorError: the report was made with rules of another name.
    """
    _same_rules(report, rules)
    answers, lost = _surviving(report, rules)
    today = recommend(rules, answers, sensitivity=report.searched)
    if today.legacy is not None:  # the figures are of a code base that is not read again
        today = today._replace(legacy=today.legacy._replace(figures=report.figures))
    same_makers = report.tool_version == __version__ and report.rules_digest == rules.digest
    moved = [*_makers(report, rules), *lost, *_outcome(report, today), *_ratings(report, rules)]
    if same_makers and not lost and to_json(today, provenance=report.options) != report.text:
        moved.append(
            Moved("report", "the report differs from what its own answers give under its own rules: it was edited")
        )
    after = today.verdict.winners
    return Verification(set(report.winners) == set(after), report.winners, after, tuple(moved), today)


def _same_rules(report: Report, rules: Rules) -> None:
    if report.rules_name != rules.name:
        raise AdvisorError(
            f'{report.where}: made with the rules "{report.rules_name}", not with "{rules.name}"',
            "name the rules file it was made with: --rules FILE",
        )


def _surviving(report: Report, rules: Rules) -> tuple[dict[str, Answer], list[Moved]]:
    answers: dict[str, Answer] = {}
    lost: list[Moved] = []
    needs = {need.id: need for need in rules.needs}
    for need_id, answer in report.answers.items():
        need = needs.get(need_id)
        if need is None:
            lost.append(Moved("answer", f'the rules no longer ask "{need_id}"; its answer is left out'))
            continue
        kept = tuple(choice for choice in need.choice_ids if choice in answer.choices)
        lost.extend(
            Moved("answer", f'"{choice}" is no longer a choice of {need_id}; it is left out')
            for choice in answer.choices
            if choice not in kept
        )
        if kept:
            answers[need_id] = answer._replace(choices=kept)
    return in_file_order(rules, answers), lost


def _makers(report: Report, rules: Rules) -> Iterator[Moved]:
    if report.tool_version != __version__:
        yield Moved("tool", f"{TOOL_NAME} was {report.tool_version} and is {__version__}")
    if report.rules_version != rules.version:
        yield Moved("rules", f'the rules "{rules.name}" were version {report.rules_version} and are {rules.version}')
    elif report.rules_digest != rules.digest:
        yield Moved("rules", f'the rules "{rules.name}" {rules.version} were changed since ({rules.digest})')


def _outcome(report: Report, today: Recommendation) -> Iterator[Moved]:
    rules = today.rules

    def listed(winners: tuple[str, ...]) -> str:
        names = {alternative.id: alternative.name for alternative in rules.alternatives}
        return " and ".join(names.get(winner, winner) for winner in winners) or "none"

    if set(report.winners) != set(today.verdict.winners):
        yield Moved("winners", f"the pick was {listed(report.winners)} and is {listed(today.verdict.winners)}")
    if report.state != today.verdict.state:
        yield Moved("state", f"the verdict was {report.state} and is {today.verdict.state}")
    standings = {standing.alternative: standing for standing in today.ranking}
    for alternative in report.scores:
        if alternative not in standings:
            yield Moved("score", f"{alternative} is no longer compared")
    for alternative, standing in standings.items():
        name = rules.alternative(alternative).name
        if alternative not in report.scores:
            yield Moved("score", f"{name} is compared now")
            continue
        score, excluded = report.scores[alternative]
        now = f"{standing.score // 10}.{standing.score % 10}"
        if score != now:
            yield Moved("score", f"{name} scored {score} and scores {now}")
        if excluded != bool(standing.exclusions):
            yield Moved("score", f"{name} was {'excluded' if excluded else 'admitted'} and is no longer")


def _ratings(report: Report, rules: Rules) -> Iterator[Moved]:
    criteria = {criterion.id: criterion for criterion in rules.criteria}
    names = {alternative.id: alternative.name for alternative in rules.alternatives}
    for (alternative, criterion_id), was in report.ratings.items():
        if alternative not in names:
            continue
        criterion = criteria.get(criterion_id)
        if criterion is None:
            yield Moved("rating", f'"{criterion_id}" is no longer compared ({names[alternative]}: {was.word})')
        elif criterion.ratings[alternative].word != was.word:
            now = criterion.ratings[alternative].word
            yield Moved("rating", f"{names[alternative]}, {criterion.title}: was {was.word} and is {now}")


def _bounded(data: bytes, where: str) -> bytes:
    if len(data) > LARGEST_REPORT:
        raise AdvisorError(
            f"{where}: larger than {LARGEST_REPORT // 1024 // 1024} MiB", "a report is a file made with --format json"
        )
    return data


class _Reader:
    """Takes a foreign document apart; every wrong shape is refused with the place it stands at."""

    def __init__(self, where: str) -> None:
        self.where = where

    def refuse(self, why: str) -> NoReturn:
        raise AdvisorError(f"{self.where}: not a report: {why}", "give a report made with --format json")

    def document(self, data: bytes | str) -> tuple[str, Mapping[str, object]]:
        try:
            text = data if isinstance(data, str) else data.decode("utf-8")
            if text.count(",") + text.count("[") + text.count("{") > MOST_ENTRIES:
                self.refuse(f"it has more than {MOST_ENTRIES:,} values")
            document = json.loads(text, object_pairs_hook=self.unique)
        except UnicodeDecodeError:
            self.refuse("its bytes are not UTF-8")
        except RecursionError:
            self.refuse("it is nested too deeply")
        except json.JSONDecodeError as error:
            self.refuse(f"line {error.lineno}, column {error.colno}: {error.msg}")
        except ValueError as error:
            self.refuse(str(error))
        if not isinstance(document, dict):
            self.refuse("it holds no JSON object")
        version = document.get("schema_version")
        if not isinstance(version, str):
            self.refuse('"schema_version" is missing')
        if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
            raise AdvisorError(
                f'{self.where}: written as format "{version}"; this version reads {SCHEMA_VERSION}',
                "use the version of the tool that wrote it",
            )
        return text, document

    def unique(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(pairs)
        if len(result) != len(pairs):
            twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
            raise ValueError(f'"{twice}" stands twice in one object')
        return result

    def as_mapping(self, value: object, place: str) -> Mapping[str, object]:
        if not isinstance(value, dict):
            self.refuse(f'"{place}" holds something other than an object')
        return value

    def mapping(self, parent: Mapping[str, object], key: str) -> Mapping[str, object]:
        return self.as_mapping(self.present(parent, key), key)

    def sequence(self, parent: Mapping[str, object], key: str) -> list[object]:
        value = self.present(parent, key)
        if not isinstance(value, list):
            self.refuse(f'"{key}" is not a list')
        return value

    def present(self, parent: Mapping[str, object], key: str) -> object:
        if key not in parent:
            self.refuse(f'"{key}" is missing')
        return parent[key]

    def word(self, parent: Mapping[str, object], key: str) -> str:
        value = self.present(parent, key)
        if not isinstance(value, str):
            self.refuse(f'"{key}" is not text')
        return value

    def optional_word(self, parent: Mapping[str, object], key: str) -> str | None:
        return None if parent.get(key) is None else self.word(parent, key)

    def words(self, parent: Mapping[str, object], key: str) -> tuple[str, ...]:
        values = self.sequence(parent, key)
        if not all(isinstance(value, str) for value in values):
            self.refuse(f'"{key}" holds something other than text')
        return tuple(cast("list[str]", values))

    def answer(self, need: str, answers: Mapping[str, object]) -> Answer:
        record = self.mapping(answers, need)
        origin = self.word(record, "origin")
        if origin not in _ORIGINS:
            self.refuse(f'"{origin}" is not an origin of the answer to {need}; {did_you_mean(origin, _ORIGINS)}')
        choices = self.words(record, "choices")
        if not choices:
            self.refuse(f"the answer to {need} has no choices")
        evidence = self.words(record, "evidence") if "evidence" in record else ()
        return Answer(choices, cast("Origin", origin), evidence)

    def score(self, standing: Mapping[str, object]) -> tuple[str, bool]:
        score = self.present(standing, "score")
        if isinstance(score, bool) or not isinstance(score, (int, float)):
            self.refuse('"score" is not a number')
        return f"{score:.1f}", standing.get("excluded") is not None

    def ratings(self, standing: Mapping[str, object]) -> Iterator[tuple[tuple[str, str], Rated]]:
        alternative = self.word(standing, "alternative")
        for item in self.sequence(standing, "contributions"):
            line = self.as_mapping(item, "contributions")
            level = self.present(line, "level")
            if not isinstance(level, int):
                self.refuse('"level" is not a whole number')
            yield (alternative, self.word(line, "criterion")), Rated(level, self.word(line, "word"))
