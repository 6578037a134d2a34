"""One line of `advisor batch`: a JSON object of answers to a JSON result, or to an error object in its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

from advisor.decision.batch import Decider, Decision
from advisor.errors import AdvisorError
from advisor.knowledge import load_rules

FIELDS = ("winners", "winners-only", "all")
"""Winners and state; winners without what open needs could still do; the full record."""
LONGEST_LINE = 1_000_000
"""Bytes; a line of answers is a few hundred."""
Chunk = list[tuple[int, bytes]]
"""Numbered lines."""


class Results(NamedTuple):
    """What became of some lines."""

    text: bytes  #: what to write
    wrong: list[tuple[int, str]]  #: number of every bad line, and what is wrong with it
    lines: int
    size: int  #: bytes read


Decide = Callable[[Chunk], Results]


def decider(rules_path: str | None, fields: str, *, strict: bool = False) -> Decide:
    """Return a function that decides a chunk of numbered lines.

    Args:
        rules_path: as `--rules` takes it.
        fields: one of `FIELDS`.
        strict: stop before the first bad line.
    """
    rules = load_rules(rules_path)
    decide = records_of(rules) if fields == "all" else Winners(Decider(rules), state=fields == "winners").line

    def run(chunk: Chunk) -> Results:
        texts: list[bytes] = []
        wrong: list[tuple[int, str]] = []
        for number, line in chunk:
            try:
                texts.append(decide(line))
            except AdvisorError as error:
                message = error.message if error.hint is None else f"{error.message}; {error.hint}"
                wrong.append((number, message))
                if strict:
                    break
                texts.append(json.dumps({"error": {"line": number, "message": message}}).encode() + b"\n")
        return Results(b"".join(texts), wrong, len(chunk), sum([len(line) for _, line in chunk]))

    return run


def answers_in(line: bytes) -> dict[str, Any] | None:
    """Read one line of JSON; None when it is blank.

    Raises:
        AdvisorError: too long, not UTF-8, not JSON, not an object, a key twice, or nested too deeply.
    """
    if len(line) > LONGEST_LINE:
        raise AdvisorError(f"longer than {LONGEST_LINE:,} bytes")
    if not line.strip():
        return None
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


class Winners:
    """Gives winners, and the state where it is wanted, as one line.

    A line as every JSON writer writes it is taken apart at its commas, and every part looked up as it stands: only a
    line that is made of nothing but known answers, each need once, is read so, any other is parsed.
    """

    def __init__(self, decider: Decider, *, state: bool) -> None:
        self.decider = decider
        self.decide: Callable[[int], Decision | tuple[str, ...]] = decider.decide_profile if state else decider.winners
        #: by the identity of what was decided: the decider has one object for each
        self.written: dict[int, bytes] = {}
        self.most = len(decider.rules.needs)
        count_bits = self.most.bit_length()
        #: the profile's own bits; above them every need counts how often it was answered
        self.profile = (1 << decider.width) - 1
        self.twice = 0
        self.codes: dict[bytes, int] = {}
        for place, need in enumerate(decider.rules.needs):
            shift = decider.width + place * count_bits
            self.twice |= ((1 << count_bits) - 2) << shift
            for choice in need.choice_ids:
                code = decider.code(need.id, choice) + (1 << shift)
                for before, between in product(("", " "), repeat=2):
                    own = f"{before}{json.dumps(need.id)}:{between}{json.dumps(choice)}"
                    self.codes[own.encode()] = code

    def line(self, line: bytes) -> bytes:
        """Decide one line.

        Raises:
            AdvisorError: what is wrong with it.
        """
        profile = self.known(line)
        if profile is None:
            answers = answers_in(line)
            if answers is None:
                return b""
            profile = self.decider.profile(answers)
        decided = self.decide(profile)
        return self.written.get(id(decided)) or self.write(decided)

    def known(self, line: bytes) -> int | None:
        """Return the profile of a line of known answers, each need once; None: it must be parsed."""
        if line[:1] != b"{" or line[-2:] != b"}\n":
            return None
        parts = line[1:-2].split(b",")
        if len(parts) > self.most:
            return None
        try:
            total = sum(map(self.codes.__getitem__, parts))
        except KeyError:
            return None
        return None if total & self.twice else total & self.profile

    def write(self, decided: Decision | tuple[str, ...]) -> bytes:
        """Write what was decided down, and remember it."""
        if isinstance(decided, Decision):
            record: dict[str, object] = {"winners": list(decided.winners), "state": decided.state}
        else:
            record = {"winners": list(decided)}
        line = self.written[id(decided)] = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        return line


def records_of(rules: Any) -> Callable[[bytes], bytes]:
    """Return the function that gives the full record of `recommend --format json` as one line."""
    from advisor.decision import recommend
    from advisor.report.json_format import to_record

    def decide(line: bytes) -> bytes:
        answers = answers_in(line)
        if answers is None:
            return b""
        record = json.dumps(to_record(recommend(rules, answers)), ensure_ascii=False)
        return record.encode("utf-8", "backslashreplace") + b"\n"

    return decide
