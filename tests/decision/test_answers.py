"""Answers as they come from flags, files and people."""

from __future__ import annotations

import pytest

from advisor.decision import recommend
from advisor.decision.answers import Answer, merge, parse_answer, parse_answers
from advisor.errors import AdvisorError
from tests.builders import rules

MADE = rules(
    criteria={"x": "1 2 3"},
    needs={
        "docs": {"no": {}, "nice": {}, "must": {"x": 1}},
        "agreed": {"no": {}, "yes": {}},
        "scale": {"small": {}, "large": {}},
    },
)


@pytest.mark.parametrize(
    ("given", "choices"),
    [
        ("must", ("must",)),
        ("must, no", ("no", "must")),
        (["must", "no", "must"], ("no", "must")),
        (("nice",), ("nice",)),
        (False, ("no",)),
        ([False, "must"], ("no", "must")),
    ],
)
def test_what_counts_as_an_answer(given: object, choices: tuple[str, ...]) -> None:
    assert parse_answer(MADE, "docs", given) == Answer(choices, "set")


@pytest.mark.parametrize("given", [None, "unknown", [], [None]])
def test_nothing_said_is_no_answer(given: object) -> None:
    assert parse_answer(MADE, "docs", given) is None


def test_yes_and_no_are_read_as_words() -> None:
    known = parse_answers(MADE, {"agreed": True, "docs": False}, origin="file")
    assert known == {"docs": Answer(("no",), "file"), "agreed": Answer(("yes",), "file")}
    assert list(known) == ["docs", "agreed"]


def test_a_parsed_answer_is_kept_with_its_origin() -> None:
    answer = Answer(("must",), "scan", ("app.py:3 docs",))
    assert recommend(MADE, {"docs": answer}).answers == {"docs": answer}
    assert answer.known == "must"
    assert Answer(("no", "must"), "set").known is None


@pytest.mark.parametrize(
    ("need", "given", "message", "hint"),
    [
        ("dosc", "must", 'f.yaml:3: unknown need "dosc"', 'did you mean "docs"?'),
        (
            "docs",
            "mustt",
            'f.yaml:3: "mustt" is not a choice of docs',
            'did you mean "must"? (choices: no, nice, must)',
        ),
        ("docs", "7x", 'f.yaml:3: "7x" is not a choice of docs', "known: no, nice, must"),
        ("docs", 7, "f.yaml:3: docs must be one of no, nice, must, or several of them, not 7", None),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_its_place(
    need: str, given: object, message: str, hint: str | None
) -> None:
    with pytest.raises(AdvisorError) as refused:
        parse_answer(MADE, need, given, where="f.yaml:3")
    assert (refused.value.message, refused.value.hint) == (message, hint)


def test_the_first_source_that_answers_a_need_wins() -> None:
    flags = {"scale": Answer(("large",), "flag")}
    file = {"scale": Answer(("small",), "file"), "docs": Answer(("no",), "file")}
    merged = merge(MADE, flags, file)
    assert merged == {"docs": file["docs"], "scale": flags["scale"]}
    assert list(merged) == ["docs", "scale"]
