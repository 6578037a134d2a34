"""Cases are tests of the knowledge: what agrees, what does not, and which parts of the rules some case holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.audit.cases import Case, Cases, agreement, find_cases, load_cases, run_cases
from advisor.audit.coverage import KINDS, cover, moves
from advisor.decision import recommend
from advisor.knowledge.defects import RulesError
from advisor.knowledge.files import rules_path
from advisor.knowledge.load import load_from_source
from advisor.knowledge.model import Rules
from tests.knowledge.tiny import TINY, changed, written

CASES = """\
facts_without: [haste]
cases:
  - id: shed
    group: garden
    scenario: A shed is to be built in a hurry.
    answers: {work: wood, haste: must, finish: rough}
    expert: [saw]
    year: 2024
    source: https://example.org/shed
    decided_by: reach
    verdict: settled
  - id: fence
    group: garden
    scenario: A fence is to be nailed.
    answers: {work: nails}
    expert: hammer
  - id: toy
    scenario: Somebody must be quick.
    answers: {haste: must}
    expert: [hammer, saw]
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Rules:
    return load_from_source(written(tmp_path, TINY)).rules


def cases_of(rules: Rules, folder: Path, text: str) -> Cases:
    return load_cases(rules, [written(folder, text, "cases.yaml")])


def test_a_case_keeps_what_its_author_wrote(tiny: Rules, tmp_path: Path) -> None:
    loaded = cases_of(tiny, tmp_path, CASES)
    assert loaded.facts_without == ("haste",)
    shed, fence, toy = loaded.cases
    assert (shed.year, shed.source, shed.decided_by, shed.verdict) == (
        2024,
        "https://example.org/shed",
        "reach",
        "settled",
    )
    assert fence.expert == ("hammer",)
    assert [case.group for case in loaded.cases] == ["garden", "garden", "cases"]
    assert toy.answers == {"haste": ("must",)}


def test_a_bare_list_is_a_file_of_cases_too(tiny: Rules, tmp_path: Path) -> None:
    bare = "- {id: a, scenario: S, answers: {work: [wood, nails]}, expert: [saw]}\n"
    loaded = cases_of(tiny, tmp_path, bare)
    assert loaded.facts_without == ()
    assert loaded.cases[0].answers == {"work": ("wood", "nails")}
    assert run_cases(tiny, loaded)[0].on_facts is None


def test_agreement_is_told_by_group_with_all_answers_and_on_facts_alone(tiny: Rules, tmp_path: Path) -> None:
    """On facts alone the toy has no answer left, so there is no basis and no agreement."""
    results = run_cases(tiny, cases_of(tiny, tmp_path, CASES))
    assert [(result.winners, result.agrees, result.agrees_on_facts) for result in results] == [
        (("saw",), True, True),
        (("hammer",), True, True),
        (("hammer",), True, False),
    ]
    assert [(entry.group, entry.cases, entry.agree, entry.agree_on_facts) for entry in agreement(results)] == [
        ("garden", 2, 2, 2),
        ("cases", 1, 1, 0),
        ("all", 3, 3, 2),
    ]


def test_a_tie_agrees_only_when_every_winner_is_accepted(tiny: Rules, tmp_path: Path) -> None:
    tied = tiny._replace(
        criteria=tuple(
            criterion._replace(ratings={**criterion.ratings, "saw": criterion.ratings["hammer"]})
            for criterion in tiny.criteria
        )
    )
    text = "- {{id: a, scenario: S, answers: {{work: nails}}, expert: {0}}}\n"
    assert [
        run_cases(tied, cases_of(tied, tmp_path, text.format(who)))[0].agrees for who in ("[saw]", "[saw, hammer]")
    ] == [
        False,
        True,
    ]


EXPECTATIONS = {
    "verdict": ("verdict: open", "the verdict is settled, expected open"),
    "decided_by": ("decided_by: speed", "decided by reach, expected speed"),
    "excluded": ("excluded: [hammer]", "hammer is not excluded"),
    "advice": ("advice: move", "the advice is stay, expected move"),
    "split": ("split: both", "the split both is not told"),
}


@pytest.mark.parametrize(("line", "message"), EXPECTATIONS.values(), ids=EXPECTATIONS)
def test_what_else_a_case_expects_is_looked_at(tiny: Rules, tmp_path: Path, line: str, message: str) -> None:
    text = f"- {{id: a, scenario: S, answers: {{work: wood, haste: must, finish: rough}}, expert: saw, {line}}}\n"
    [result] = run_cases(tiny, cases_of(tiny, tmp_path, text))
    assert (result.agrees, result.passes, result.misses) == (True, False, (message,))


BROKEN = {
    "an unknown need": (
        "{work: wood, haste",
        "{wrok: wood, haste",
        '6:15: cases › 1 › answers › wrok: there is no need "wrok"; did you mean "work"?',
    ),
    "an unknown choice": (
        "{work: nails}",
        "{work: stone}",
        '15:21: cases › 2 › answers › work: there is no choice of work "stone"; known: wood, nails',
    ),
    "an unknown pick": (
        "expert: [saw]",
        "expert: [axe]",
        '7:14: cases › 1 › expert: there is no alternative "axe"; known: hammer, saw',
    ),
    "an unknown criterion": (
        "decided_by: reach",
        "decided_by: raech",
        '10:17: cases › 1 › decided_by: there is no criterion "raech"; did you mean "reach"?',
    ),
    "an unknown key": (
        "year: 2024",
        "jear: 2024",
        '8:5: cases › 1 › jear: there is no such key here; did you mean "year"?',
    ),
    "an unknown verdict": (
        "verdict: settled",
        "verdict: setled",
        (
            '11:14: cases › 1 › verdict: expected "settled", "leaning", "open" or "nothing-fits", got "setled"; '
            'did you mean "settled"?'
        ),
    ),
    "one id twice": ("id: fence", "id: shed", '12:9: cases › 2 › id: the id "shed" was given to case 1 already'),
    "an answer that cannot apply": (
        "{work: nails}",
        "{work: nails, finish: rough}",
        '15:14: cases › 2 › answers: finish does not apply: work is "nails"',
    ),
    "an unknown need to leave out": (
        "[haste]",
        "[hast]",
        '1:17: facts_without: there is no need "hast"; did you mean "haste"?',
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_of_cases_is_refused_with_its_place(
    tiny: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: tuple[str, str, str]
) -> None:
    before, after, message = broken
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RulesError) as caught:
        cases_of(tiny, Path(), changed((before, after), text=CASES))
    assert [str(defect) for defect in caught.value.defects] == [f"cases.yaml:{message}"]


def test_defects_of_several_files_are_told_together(tiny: Rules, tmp_path: Path) -> None:
    first = written(tmp_path, "- {id: a, scenario: S, answers: {work: wood}, expert: [axe]}\n", "a.yaml")
    second = written(tmp_path, "nothing\n", "b.yaml")
    third = written(tmp_path, CASES, "c.yaml")
    fourth = written(tmp_path, CASES, "d.yaml")
    with pytest.raises(RulesError) as caught:
        load_cases(tiny, [first, second, third, fourth])
    assert [Path(defect.file).name for defect in caught.value.defects] == [
        "a.yaml",
        "b.yaml",
        "d.yaml",
        "d.yaml",
        "d.yaml",
    ]


def test_cases_are_found_beside_the_rules_or_beside_what_they_extend(tmp_path: Path) -> None:
    assert {path.parent for path in find_cases(rules_path())} == {rules_path().parent / "cases"}
    top = written(tmp_path, 'format: 1\nname: top\nversion: "1"\nextends: web-frameworks\n', "top.yaml")
    assert find_cases(top) == find_cases(rules_path())
    (tmp_path / "cases").mkdir()
    own = written(tmp_path / "cases", CASES, "own.yaml")
    assert find_cases(top) == [own]
    assert find_cases(written(tmp_path / "cases", TINY, "alone.yml")) == []


def test_coverage_is_what_a_mutation_of_each_part_changes(tiny: Rules, tmp_path: Path) -> None:
    """The definition again, the slow way: mutate, recommend, compare."""
    loaded = cases_of(tiny, tmp_path, CASES)
    found = cover(tiny, loaded.cases)

    def said(rules: Rules, case: Case) -> tuple[object, ...]:
        advice = recommend(rules, case.answers, sensitivity=False)
        shut_out = {standing.alternative for standing in advice.ranking if standing.exclusions}
        return advice.verdict.winners, shut_out

    before = [said(tiny, case) for case in loaded.cases]
    for criterion in tiny.criteria:
        for alternative in criterion.ratings:
            path = f"criteria › {criterion.id} › ratings › {alternative}"
            slow = any(
                [said(rules, case) for case in loaded.cases] != before for rules in moves(tiny, criterion, alternative)
            )
            assert (path in {part.path for part in found.covered}) is slow, path
    bare = tiny._replace(remedies=())
    assert ("remedies › motor" in {part.path for part in found.covered}) is (
        [said(bare, case) for case in loaded.cases] != before
    )


def test_an_answer_that_decides_covers_its_choice(tiny: Rules, tmp_path: Path) -> None:
    found = cover(tiny, cases_of(tiny, tmp_path, CASES).cases)
    covered = {part.path for part in found.covered if part.kind == "choices"}
    assert "needs › work › choices › nails" in covered
    assert "needs › haste › choices › must" in covered
    assert "needs › finish › choices › rough" not in covered
    assert [found.of(kind)[1] for kind in KINDS] == [6, 6, 1, 1]


def test_a_requirement_that_a_case_needs_is_covered(tmp_path: Path) -> None:
    strict = load_from_source(
        written(
            tmp_path, changed(("at_least: Fine", "at_least: Fast"), ("lifts: {speed: Fast}", "lifts: {reach: Long}"))
        )
    ).rules
    found = cover(strict, cases_of(strict, tmp_path, CASES.replace("verdict: settled", "excluded: [saw]")).cases)
    assert "needs › haste › choices › must › requires › speed" in {part.path for part in found.covered}


def test_the_shipped_cases_agree_as_far_as_the_sources_agree_with_each_other(shipped: Rules) -> None:
    results = run_cases(shipped, load_cases(shipped, find_cases(rules_path())))
    *_, everything = agreement(results)
    assert everything.agree >= 0.92 * everything.cases
    assert everything.agree_on_facts is not None
    assert everything.agree_on_facts >= 0.8 * everything.cases
    assert [result.case.id for result in results if result.case.group == "own" and not result.passes] == []


def test_every_shipped_rating_is_held_by_some_case(shipped: Rules) -> None:
    found = cover(shipped, load_cases(shipped, find_cases(rules_path())).cases)
    assert [part.path for part in found.missed if part.kind == "ratings"] == []
