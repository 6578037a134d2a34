"""The audit finds what is wrong with rules as a whole, and says nothing about rules that are sound."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from advisor.audit.census import take
from advisor.audit.check import audit
from advisor.audit.evidence import day_of
from advisor.audit.finding import Audit, Finding
from advisor.audit.invariance import check_invariance, with_copy, without
from advisor.decision.table import Table, compile_table
from advisor.knowledge import load_rules
from advisor.knowledge.load import load_from_source
from advisor.knowledge.model import Criterion, Rules
from tests.knowledge.tiny import changed, written

DATA = Path(__file__).resolve().parents[1] / "knowledge" / "data"


def rules_of(folder: Path, *changes: tuple[str, str]) -> Rules:
    return load_from_source(written(folder, changed(*changes))).rules


def found(result: Audit, check: str, severity: str | None = None) -> list[str]:
    return [
        f"{finding.subject}: {finding.message}"
        for finding in result.findings
        if finding.check == check and severity in (None, finding.severity)
    ]


@pytest.fixture(scope="session")
def of_shipped(shipped: Rules) -> Audit:
    return audit(shipped)


def test_the_shipped_rules_have_no_defect(of_shipped: Audit) -> None:
    assert of_shipped.defects == ()


def test_every_shipped_framework_can_win_and_the_shares_are_counted_exactly(of_shipped: Audit) -> None:
    assert of_shipped.sample is None
    assert all(share.alone and share.can_win for share in of_shipped.shares)
    led = sum(share.alone for share in of_shipped.shares)
    assert led + of_shipped.tied + of_shipped.unfit + of_shipped.baseless == of_shipped.total


def brute(rules: Rules) -> dict[tuple[str, ...], int]:
    """Count the leaders over all answers one by one, from the meaning of the tiny rules.

    `finish` applies only to wood, so wood has 2 × 2 ways and nails 2.
    """
    table = Table(rules)
    ways: dict[tuple[str, ...], int] = {}
    for work, haste, finish in product((1, 2), (1, 2), (1, 2, 0)):
        if (work == 1) == bool(finish):
            lead = table.names(table.leaders(table.outcome([work, haste, finish])))
            ways[lead] = ways.get(lead, 0) + 1
    return ways


def test_the_census_is_the_count_of_all_answers(tmp_path: Path) -> None:
    rules = rules_of(tmp_path)
    table = compile_table(rules)
    census = take(table)
    assert census.total == 6
    assert {table.names(lead): number for lead, number in census.ways.items() if number} == brute(rules)
    # Worked by hand: wood alone weighs reach 3, so the saw leads with 12 against 0; nails weighs speed 2: 8 against 4.
    assert brute(rules) == {("saw",): 4, ("hammer",): 2}


def test_a_drawn_census_comes_close_and_is_the_same_every_time(shipped: Rules, of_shipped: Audit) -> None:
    drawn = take(compile_table(shipped), effort=0, sample=4_000)
    assert drawn.sample == 4_000
    assert drawn == take(compile_table(shipped), effort=0, sample=4_000)
    table = compile_table(shipped)
    for place, share in enumerate(of_shipped.shares):
        # Four standard errors of a share drawn 4,000 times are at most 3.2 points.
        assert abs(drawn.ways[table.top(place)] / 4_000 - share.alone / of_shipped.total) < 0.032


def test_an_alternative_that_no_answers_make_win_is_a_defect(tmp_path: Path) -> None:
    worst = rules_of(tmp_path, ("hammer: {word: Fast,", "hammer: {word: Slow,"), ("fit: {Quiet: 4}", "fit: {Loud: 1}"))
    result = audit(worst)
    assert (
        found(result, "reach", "defect")
        == ["alternatives › hammer: no answers, whole or partial, make it the only winner"]
        or found(result, "reach") == []
    )
    slow = rules_of(
        tmp_path,
        ("hammer: {word: Fast,", "hammer: {word: Slow,"),
        ("ratings: {hammer: Loud, saw: Silent}", "ratings: {hammer: Silent, saw: Silent}"),
    )
    assert found(audit(slow), "reach", "defect") == [
        "alternatives › hammer: no answers, whole or partial, make it the only winner"
    ]


def test_an_alternative_that_is_never_better_is_named_with_the_one_that_is(tmp_path: Path) -> None:
    slow = rules_of(
        tmp_path,
        ("hammer: {word: Fast,", "hammer: {word: Slow,"),
        ("ratings: {hammer: Loud, saw: Silent}", "ratings: {hammer: Silent, saw: Silent}"),
    )
    assert found(audit(slow), "dominance") == [
        "alternatives › hammer: saw is at least as good on every criterion that is a grade, and of the same kinds"
    ]


def test_it_is_told_through_what_an_alternative_wins(tmp_path: Path) -> None:
    hammer, saw = audit(rules_of(tmp_path)).shares
    assert hammer.only_when == (("work", ("nails",)),)
    assert hammer.strongest[0] == ("work", "nails", 1000)
    assert saw.only_when == (("work", ("wood",)),)


USELESS = {
    "a need that weighs nothing": (
        (
            ("weights: {reach: 3}", "weights: {}"),
            ("weights: {speed: 2}", "weights: {}"),
            ("work: [wood]", "haste: [must]"),
            (", when: {work: wood}}", "}"),
            ("  need: work\n", "  need: finish\n"),
            ("{wood: saw, nails: hammer}", "{rough: saw, smooth: hammer}"),
        ),
        "defect",
        "needs › work: no answer weighs or requires anything, and nothing asks for it",
    ),
    "two choices that mean the same": (
        (("{id: rough, label: Rough}", "{id: rough, label: Rough}\n      - {id: raw, label: Raw}"),),
        "warning",
        "needs › finish › choices › raw: means the same as rough: the same weights and requirements",
    ),
    "a criterion that nothing weighs": (
        (("style: {weight: 2, fit: {Quiet: 4}, when: {work: wood}}", ""),),
        "warning",
        "criteria › style: no answer makes it matter: it is neither weighed nor required",
    ),
    "a criterion that tells nothing apart": (
        (("ratings: {hammer: Short, saw: Long}", "ratings: {hammer: Long, saw: Long}"),),
        "warning",
        "criteria › reach: all are rated the same, so it tells none of them apart",
    ),
    "a requirement that nothing reaches": (
        (("hammer: {word: Fast", "hammer: {word: Slow"), ("saw: OK", "saw: Slow"), ("{speed: Fast}", "{reach: Long}")),
        "warning",
        "needs › haste › choices › must › requires › speed: excludes everything: nothing reaches it",
    ),
    "a remedy that lifts nothing": (
        (("lifts: {speed: Fast}", "lifts: {speed: Fine}"),),
        "warning",
        'remedies › motor › lifts › speed: lifts nothing: saw is "OK" already',
    ),
    "a condition that contradicts its own choice": (
        (("when: {work: wood}}", "when: {haste: no}}"),),
        "defect",
        "needs › haste › choices › must › weights › style › when: can never hold: it wants another haste",
    ),
    "a condition that contradicts when the need applies": (
        (("when: {haste: no}}]", "when: {work: nails}}]"),),
        "defect",
        "needs › finish › choices › smooth › weights › reach › when: can never hold: it wants another work",
    ),
    "an exception that always holds": (
        (("when: {work: wood}}", "unless: {haste: must}}"),),
        "defect",
        "needs › haste › choices › must › weights › style › unless: always holds, so this never counts",
    ),
    "a group of one": (
        (("title: Reach\n    group: motion", "title: Reach"),),
        "warning",
        "groups › motion: fewer than two criteria are in it, so there is nothing to share",
    ),
}


@pytest.mark.parametrize(("changes", "severity", "message"), USELESS.values(), ids=USELESS)
def test_what_can_never_matter_is_found(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], severity: str, message: str
) -> None:
    assert message not in found(audit(rules_of(tmp_path)), "use")
    assert message in found(audit(rules_of(tmp_path, *changes)), "use", severity)


def test_a_requirement_that_everything_reaches_bare_is_found(tmp_path: Path) -> None:
    message = "needs › haste › choices › must › requires › speed: changes nothing: everything reaches it"
    assert message in found(audit(rules_of(tmp_path)), "use", "warning")
    # With its add-on the saw reaches this one as well, but then the advice says that it rests on the add-on.
    assert message not in found(audit(rules_of(tmp_path, ("at_least: Fine", "at_least: Fast"))), "use")


def test_a_need_that_never_changes_the_winner_is_found(tmp_path: Path) -> None:
    """The saw leads by 20 or the hammer by 40 before `finish` is asked, which can move four points only."""
    rules = rules_of(
        tmp_path,
        ("weights: {reach: 3}", "weights: {reach: 20}"),
        ("weights: {speed: 2}", "weights: {speed: 20}"),
        ("limit: 4", "limit: 400"),
    )
    message = "needs › finish: whatever is answered, the same alternatives win"
    assert message in found(audit(rules), "use", "warning")


def test_a_step_that_harms_what_it_favours_is_found() -> None:
    """A group's limit can take more from the favoured one than the step gives it.

    From nice to must, `b` gains a weight of 4 and `a` loses 4 of its 5 in a group of 8: on `b` the first leads by 1 a
    point of weight, on `a` by 4. So the step asks only for what the first does better, and its lead shrinks.
    """
    text = """\
format: 1
name: crowded
version: "1"
title: T
subject: things
alternatives: {first: {name: First}, second: {name: Second}}
groups: {one: {title: One, limit: 8}}
criteria:
  - {id: a, title: A, group: one, scale: {0: Bad, 4: Good}, ratings: {first: Good, second: Bad}}
  - {id: b, title: B, group: one, scale: {3: Fine, 4: Good}, ratings: {first: Good, second: Fine}}
needs:
  - {id: x, title: X, question: X, choices: [{id: "no", label: N}, {id: "yes", label: Y, weights: {a: 5}}]}
  - id: y
    title: Y
    question: Y
    ordered: true
    choices: [{id: nice, label: N, weights: {b: 3}}, {id: must, label: M, weights: {b: 7}}]
"""
    rules = load_from_source(_in_memory(text)).rules
    table = Table(rules)
    nice, must = (table.unpack(table.outcome([2, bit]).points)[:2] for bit in (1, 2))
    assert (nice[0] - nice[1], must[0] - must[1]) == (5 * 4 + 3, 1 * 4 + 7)
    assert found(audit(rules), "monotonicity", "warning") == [
        "needs › y: from nice to must asks only for what first does better than second, and yet harms it (with x=yes)"
    ]
    roomy = load_from_source(_in_memory(text.replace("limit: 8", "limit: 12"))).rules
    assert found(audit(roomy), "monotonicity") == []


def _in_memory(text: str) -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    return written(folder, text)


def test_weights_that_rise_and_fall_along_a_scale_are_told(tmp_path: Path) -> None:
    wavy = rules_of(
        tmp_path,
        (
            "      - id: must\n        label: Must",
            "      - {id: some, label: S, weights: {reach: 2}}\n      - id: must\n        label: Must",
        ),
    )
    assert found(audit(wavy), "monotonicity", "note") == [
        (
            "needs › haste › weights › reach: goes up and down along the choices, which are said to be ordered: "
            "no 0, some 2, must 0"
        )
    ]


def test_one_cause_that_speaks_with_two_voices_is_told(tmp_path: Path) -> None:
    assert found(audit(rules_of(tmp_path)), "counting") == []
    doubled = rules_of(
        tmp_path,
        ("title: Reach\n    group: motion", "title: Reach"),
        ("ratings: {hammer: Short, saw: Long}", "ratings: {hammer: Long, saw: Short}"),
    )
    assert found(audit(doubled), "counting", "note") == [
        (
            "criteria: 2 separate voices put them in one order (hammer > saw): speed (group motion); reach; "
            "a common group would count a common cause once"
        )
    ]


def test_copies_and_absences_change_nothing(shipped: Rules) -> None:
    assert list(check_invariance(Table(shipped))) == []
    four = load_rules(DATA / "litestar.yaml")
    assert list(check_invariance(Table(four))) == []


def test_a_copy_ties_and_the_rest_keep_their_points(shipped: Rules) -> None:
    table, copied, fewer = Table(shipped), Table(with_copy(shipped, 1)), Table(without(shipped, 1))
    for state in (
        [1 << (seed * step) % len(need.choices) for step, need in enumerate(shipped.needs)] for seed in range(9)
    ):
        plain = table.unpack(table.outcome(state).points)
        more = copied.unpack(copied.outcome(state).points)
        assert more == [*plain[:3], plain[1], plain[3]]
        assert fewer.unpack(fewer.outcome(state).points) == [plain[0], plain[2], plain[3]]


def test_a_scale_that_depends_on_who_is_compared_would_be_found(
    shipped: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Levels divided by the best level present, as many tools do, make a removal change the others."""
    from advisor.decision.table import _Compiler

    honest = _Compiler._ratings

    def relative(self: _Compiler, criterion: Criterion) -> tuple[int, ...]:
        levels = honest(self, criterion)
        if criterion.kind == "match":
            return levels
        best = max(levels[:-1]) or 1
        return (*[4 * level // best for level in levels[:-1]], levels[-1])

    monkeypatch.setattr(_Compiler, "_ratings", relative)
    told = [finding.message for finding in check_invariance(Table(shipped))]
    assert "without it the others stand differently" in told


def test_ratings_without_source_date_or_test_are_told(tmp_path: Path) -> None:
    result = audit(rules_of(tmp_path))
    told = found(result, "evidence", "warning")
    assert "criteria › speed › ratings › saw: has no source" in told
    assert "criteria › speed › ratings › saw: does not say when it was checked" in told
    assert not any("ratings › hammer" in message and "speed" in message for message in told)
    assert "criteria: 5 of 6 ratings have no test that shows them" in found(result, "evidence", "note")


@pytest.mark.parametrize(
    ("date", "told"), [("2027-11-22", []), ("2027-11-23", ["was checked 366 days before 2027-11-23"])]
)
def test_a_rating_is_old_after_a_year(tmp_path: Path, date: str, told: list[str]) -> None:
    result = audit(rules_of(tmp_path), date=date)
    assert [message.rpartition(": ")[2] for message in found(result, "evidence") if "days before" in message] == told


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("2026.11", "2026-11-30"),
        ("2026.12", "2026-12-31"),
        ("2024.02", "2024-02-29"),
        ("2026-11-05", "2026-11-05"),
        ("1.2", None),
        ("2026.13", None),
        ("2026-02-30", None),
        ("9999.12", None),
    ],
)
def test_without_a_date_the_version_of_the_rules_is_the_day(shipped: Rules, version: str, day: str | None) -> None:
    assert day_of(shipped._replace(version=version), None)[0] == day


def test_the_same_rules_give_the_same_audit() -> None:
    rules = load_rules(DATA / "litestar.yaml")
    assert audit(rules, effort=0, sample=200) == audit(rules, effort=0, sample=200)


@pytest.mark.parametrize("name", ["litestar", "message-queues"])
def test_other_rules_are_audited_without_a_defect(name: str) -> None:
    result = audit(load_rules(DATA / f"{name}.yaml"), effort=0, sample=500)
    assert result.defects == ()
    assert all(isinstance(finding, Finding) for finding in result.findings)
