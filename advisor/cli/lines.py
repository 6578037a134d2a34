"""One line of `advisor batch`: a JSON object of answers to a JSON result, or to an error object in its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from advisor.decision.batch import Decider
from advisor.errors import AdvisorError
from advisor.knowledge import load_rules

FIELDS = ("winners", "all")
LONGEST_LINE = 1_000_000
"""Bytes; a line of answers is a few hundred."""
REMEMBERED = 65_536
"""Lines whose result is kept, so that a profile that comes again costs one lookup."""


class Line(NamedTuple):
    """What became of one line."""

    number: int
    text: bytes  #: what to write, with its newline; empty for a blank line
    error: str | None
    size: int  #: bytes read


def decider(rules_path: str | None, fields: str) -> Callable[[list[tuple[int, bytes]]], list[Line]]:
    """Return a function that decides a chunk of numbered lines.

    Args:
        rules_path: as `--rules` takes it.
        fields: one of `FIELDS`.
    """
    rules = load_rules(rules_path)
    decide = winners_of(Decider(rules)) if fields == "winners" else records_of(rules)

    def run(chunk: list[tuple[int, bytes]]) -> list[Line]:
        return [one_line(number, line, decide) for number, line in chunk]

    return run


def one_line(number: int, line: bytes, decide: Callable[[dict[str, Any]], bytes]) -> Line:
    """Decide one line, or say what is wrong with it."""
    size = len(line)
    try:
        if size > LONGEST_LINE:
            raise AdvisorError(f"longer than {LONGEST_LINE:,} bytes")
        if not line.strip():
            return Line(number, b"", None, size)
        return Line(number, decide(answers_in(line)), None, size)
    except AdvisorError as error:
        message = error.message if error.hint is None else f"{error.message}; {error.hint}"
        record = {"error": {"line": number, "message": message}}
        return Line(number, json.dumps(record).encode() + b"\n", message, size)


def answers_in(line: bytes) -> dict[str, Any]:
    """Read one line of JSON.

    Raises:
        AdvisorError: not UTF-8, not JSON, not an object, a key twice, or nested too deeply.
    """
    try:
        answers = DECODE(line.decode())
    except UnicodeDecodeError as error:
        raise AdvisorError("its bytes are not UTF-8") from error
    except RecursionError as error:
        raise AdvisorError("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise AdvisorError(f"not JSON: {error.msg} (column {error.colno})") from error
    except ValueError as error:
        raise AdvisorError(str(error)) from error
    if not isinstance(answers, dict):
        raise AdvisorError('not a JSON object like {"need": "choice"}')
    return answers


def each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a key that stands twice."""
    built = dict(pairs)
    if len(built) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'"{twice}" stands twice')
    return built


DECODE = json.JSONDecoder(object_pairs_hook=each_key_once).decode


def winners_of(decider: Decider) -> Callable[[dict[str, Any]], bytes]:
    """Return the function that gives winners and state as one line."""
    written: dict[Any, bytes] = {}

    def decide(answers: dict[str, Any]) -> bytes:
        decision = decider.decide(answers)
        line = written.get(decision)
        if line is None:
            record = {"winners": list(decision.winners), "state": decision.state}
            line = written[decision] = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        return line

    return decide


def records_of(rules: Any) -> Callable[[dict[str, Any]], bytes]:
    """Return the function that gives the full record of `recommend --format json` as one line."""
    from advisor.decision import recommend
    from advisor.report.json_format import to_record

    def decide(answers: dict[str, Any]) -> bytes:
        record = json.dumps(to_record(recommend(rules, answers)), ensure_ascii=False)
        return record.encode("utf-8", "backslashreplace") + b"\n"

    return decide
