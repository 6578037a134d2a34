"""Answers in a file that a person can read and edit: one line a need, the question and its choices beside it."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from advisor.decision.answers import Answer, Answers, in_file_order, parse_answer
from advisor.errors import NO_NAME, AdvisorError
from advisor.interview.state import applies
from advisor.knowledge.files import read_input, stdin_bytes
from advisor.knowledge.model import Need, Rules
from advisor.placing import WholeFile

LARGEST = 1_000_000
"""No answers file is longer; more is another kind of file."""

LARGEST_REPORT = 32 * 1024 * 1024
MOST_VALUES = 1_000_000
"""A report holds its answers too, and may be larger: as large as reports are."""

DEEPEST = 8
MOST_ENTRIES = 50_000
"""Values in an answers file, a whole report among them."""

HINT = "one line a need, for example: async: must"

HEAD = """\
# Answers for {title}.
# Use it with: advisor recommend --answers FILE, or go on answering with: advisor ask --answers FILE
# A value is a choice, or several in [brackets] when you don't know which, or unknown."""

AMBIGUOUS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "unknown"})
"""Words that YAML readers or we ourselves take for something else unless they are quoted."""


class Kept(NamedTuple):
    """What an answers file holds."""

    answers: dict[str, Answer]  #: in the order of the rules file
    left_open: frozenset[str]  #: needs whose value is `unknown`


def read_answers(path: str, rules: Rules) -> dict[str, Answer]:
    """Read answers: YAML or JSON lines of `need: choice`, or the answers inside a JSON report.

    Args:
        path: a file, or `-` for stdin.
        rules: the rules that name the needs and choices.

    Returns:
        The answers in the order of the rules file; a need without a value, or with `unknown`, is left out.

    Raises:
        AdvisorError: a file that cannot be read, or a line that is no answer; the message names file and line.
    """
    return read_kept(path, rules).answers


def read_kept(path: str, rules: Rules) -> Kept:
    """Read answers, and which needs were left open on purpose. Arguments and errors are those of `read_answers`."""
    name = "stdin" if path == "-" else path
    root = _composed(_text(path, name), name)
    answers: dict[str, Answer] = {}
    left_open: set[str] = set()
    for key, value, place in _lines(root, name, {need.id for need in rules.needs}):
        answer = parse_answer(rules, key, value, origin="file", where=place)
        if answer is not None:
            answers[key] = answer
        elif value is not None:
            left_open.add(key)
    return Kept(in_file_order(rules, answers), frozenset(left_open))


def _composed(text: str, name: str) -> Any:
    """Return the tree of a YAML text; no object is made of it."""
    import yaml

    from advisor.knowledge.nodes import SCANNER_TOO_DEEP

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Shallow(base):  # type: ignore[misc]  # the base is chosen at run time
        depth = 0
        count = 0

        def descend_resolver(self, _parent: object, _index: object) -> None:
            # The C loader recurses without a limit of its own: deep nesting would end the process.
            self.depth += 1
            self.count += 1
            if self.depth > DEEPEST:
                raise _too_deep(name)
            if self.count > MOST_ENTRIES:
                raise AdvisorError(f"{name}: has more than {MOST_ENTRIES:,} entries", HINT)

        def ascend_resolver(self) -> None:
            self.depth -= 1

    try:
        return yaml.compose(text, Loader=Shallow)
    except yaml.YAMLError as error:
        if getattr(error, "problem", None) == SCANNER_TOO_DEEP:
            raise _too_deep(name) from error
        raise AdvisorError(_located(name, error), HINT) from error


def _too_deep(name: str) -> AdvisorError:
    return AdvisorError(f"{name}: nested too deeply", HINT)


def _text(path: str, name: str) -> str:
    try:
        raw = stdin_bytes(LARGEST_REPORT + 1) if path == "-" else read_input(path, LARGEST_REPORT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"{name or NO_NAME}: cannot be read: {reason}"
        raise AdvisorError(problem, "give an answers file, or - for stdin") from error
    if len(raw) > LARGEST:
        raw = _answers_of_report(raw)
    if len(raw) > LARGEST:
        raise AdvisorError(f"{name}: too large for an answers file", f"{LARGEST:,} bytes are the limit")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise AdvisorError(f"{name}:{line}: not UTF-8 text", "save the file as UTF-8") from error


def _answers_of_report(raw: bytes) -> bytes:
    """Return the answers of a large JSON report as such a file; anything else stays what it is, too large."""
    if len(raw) > LARGEST_REPORT or not raw.startswith(b"{") or raw.count(b",") + raw.count(b"[") > MOST_VALUES:
        return raw
    try:
        report = json.loads(raw)
        return json.dumps(report["answers"]).encode() if "schema_version" in report else raw
    except (ValueError, KeyError, RecursionError):
        return raw


def _located(name: str, error: Any) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{name}: not YAML: {str(error).splitlines()[0]}"
    problem = error.problem or error.context or "cannot be read"
    return f"{name}:{mark.line + 1}:{mark.column + 1}: not YAML: {problem}"


def _lines(root: Any, name: str, needs: Collection[str]) -> Iterator[tuple[str, object, str]]:
    """Yield (need, value as written, place) for every line of an answers file."""
    if root is None:
        return
    if root.id != "mapping":
        raise AdvisorError(f"{name}:{root.start_mark.line + 1}: expected lines of need: choice", HINT)
    report = {key.value: value for key, value in root.value if key.id == "scalar"}
    if "schema_version" in report and "schema_version" not in needs and "answers" in report:
        yield from _lines(report["answers"], name, needs)
        return
    seen: dict[str, int] = {}
    for key, value in root.value:
        line = key.start_mark.line + 1
        place = f"{name}:{line}"
        if key.id != "scalar":
            raise AdvisorError(f"{place}: the name of a need is expected", HINT)
        if key.value in seen:
            raise AdvisorError(f'{place}: "{key.value}" was answered in line {seen[key.value]} already', "keep one")
        seen[key.value] = line
        yield key.value, _value(value, place, key.value), place


def _value(node: Any, place: str, need: str) -> object:
    """Return a value as it is written: YAML would read a bare `no` as false."""
    if node.id == "scalar":
        return None if node.tag.endswith(":null") else node.value
    if node.id == "sequence":
        return [_value(part, place, need) if part.id == "scalar" else _refuse(place, need) for part in node.value]
    inner = {key.value: value for key, value in node.value if key.id == "scalar"}
    if "choices" in inner and inner["choices"].id != "mapping":
        return _value(inner["choices"], place, need)
    return _refuse(place, need)


def _refuse(place: str, need: str) -> object:
    raise AdvisorError(f"{place}: {need} must be a choice, or several in [brackets]", f"for example: {need}: unknown")


def answers_text(rules: Rules, given: Answers, skipped: Collection[str] = ()) -> str:
    """Return an answers file: what is answered, and as comments the questions, the choices and what is open.

    Args:
        rules: the rules that the answers are for.
        given: the answers; one that does not apply is kept as a comment.
        skipped: needs that were left open on purpose.
    """
    title = f"{_comment(rules.title)} ({_comment(rules.name)} {_comment(rules.version)})"
    blocks = [HEAD.format(title=title)]
    blocks += [_block(rules, need, given, skipped) for need in rules.needs]
    return "\n\n".join(blocks) + "\n"


def _block(rules: Rules, need: Need, given: Answers, skipped: Collection[str]) -> str:
    comments = [f"# {_comment(need.question)}"]
    comments += [f"#   {_comment(choice.id)}: {_comment(choice.label)}" for choice in need.choices]
    answer = given.get(need.id)
    key = _word(need.id)
    if answer is None:
        return "\n".join([*comments, f"{key}: unknown" if need.id in skipped else f"# {key}:"])
    words = [_word(choice) for choice in answer.choices]
    line = f"{key}: {words[0]}" if len(words) == 1 else f"{key}: [{', '.join(words)}]"
    comments += [f"# seen: {_comment(seen)}" for seen in answer.evidence]
    if not applies(rules, given, need.id):
        return "\n".join([*comments, "# set aside, because it does not apply:", f"# {line}"])
    return "\n".join([*comments, line])


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _word(word: str) -> str:
    """Return a word as YAML, quoted where a bare one would be read as something else."""
    if re.fullmatch(r"[A-Za-z_][\w-]*", word, re.ASCII) and word.lower() not in AMBIGUOUS:
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_answers(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file beside its place and rename it: whoever reads it sees the old or the new one, never half.

    Args:
        path: where to.
        text: what.
        replace: whether what is there already may be replaced.

    Raises:
        OSError: the folder does not exist or cannot be written, or something is there that is no file or is to stay.
    """
    target = Path(os.path.realpath(path))
    mode = None
    if target.exists():
        found = target.stat().st_mode
        if not stat.S_ISREG(found):
            raise OSError(errno.EINVAL, "it is not a regular file")
        mode = stat.S_IMODE(found)
    with WholeFile(target, text.encode("utf-8"), mode) as whole:
        whole.put(replace=replace)
