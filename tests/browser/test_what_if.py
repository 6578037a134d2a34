"""Live what-if gives what Python gives, on every profile tried, and shows it to the reader at once."""

from __future__ import annotations

import random
from collections.abc import Iterator

from advisor.decision import recommend
from advisor.decision.recommendation import Recommendation
from advisor.decision.table import compile_table
from advisor.errors import AdvisorError
from advisor.knowledge.model import (
    Alternative,
    Choice,
    Criterion,
    Group,
    Level,
    Need,
    Rating,
    Remedy,
    Requirement,
    Rules,
    Weight,
)
from advisor.report.html import to_html

from .conftest import Page

PROFILES = 200


EVALUATE = """
return arguments[0].map((state) => {
  const found = whatIf.evaluate(state);
  const shown = ["points", "scores", "perfect", "excluded", "leaders", "verdict", "firmness", "ways", "total"];
  return Object.fromEntries(["weights", ...shown].map((name) => [name, found[name]]));
});
"""


def profiles(rules: Rules, seed: int, number: int) -> Iterator[list[int]]:
    """Random states of every kind: full, partly open, with don't-know sets, empty."""
    chance = random.Random(seed)
    table = compile_table(rules)
    yield [0] * len(rules.needs)
    for _ in range(number - 1):
        opened = chance.choice([0, 0, 0.1, 0.1, 0.3, 0.7])
        state = []
        for full in table.full:
            bits = [1 << place for place in range(full.bit_length())]
            size = chance.choice([1] * 9 + [2])
            state.append(0 if chance.random() < opened else sum(chance.sample(bits, min(size, len(bits)))))
        yield state


def answers_of(rules: Rules, state: list[int]) -> dict[str, list[str]]:
    return {
        need.id: [choice for place, choice in enumerate(need.choice_ids) if bits >> place & 1]
        for need, bits in zip(rules.needs, state, strict=True)
        if bits
    }


def without_inapplicable(rules: Rules, state: list[int]) -> list[int]:
    out = compile_table(rules).inapplicable(state)
    return [0 if need in out else bits for need, bits in enumerate(state)]


def by_python(rules: Rules, state: list[int]) -> dict[str, object]:
    """The same record from the decision core. The page drops answers that cannot apply; Python refuses them."""
    kept = without_inapplicable(rules, state)
    advice = recommend(rules, answers_of(rules, kept), sensitivity=False)
    standings = [advice.standing(alternative.id) for alternative in rules.alternatives]
    names = [alternative.id for alternative in rules.alternatives]
    return {
        "points": [standing.points for standing in standings],
        "scores": [standing.score for standing in standings],
        "perfect": advice.perfect,
        "excluded": sum(1 << place for place, standing in enumerate(standings) if standing.exclusions),
        "leaders": [names.index(winner) for winner in advice.verdict.winners],
        "verdict": advice.verdict.state,
        "firmness": advice.verdict.firmness,
        "ways": [advice.verdict.completions[name] for name in names],
        "total": advice.verdict.total,
        "weights": sorted(line.weight for line in advice.ranking[0].contributions),
    }


def compare(page: Page, rules: Rules, states: list[list[int]]) -> None:
    found = page.run(EVALUATE, states)
    for state, result in zip(states, found, strict=True):
        result["weights"].sort()
        assert result == by_python(rules, state), answers_of(rules, state)


def test_the_page_agrees_with_python_on_hundreds_of_profiles(page: Page, shipped: Rules, report: str) -> None:
    page.open(report)
    states = list(profiles(shipped, 7, PROFILES))
    compare(page, shipped, states)
    assert any(without_inapplicable(shipped, state) != state for state in states)
    assert page.complaints() == []


def random_criteria(chance: random.Random, names: list[str]) -> tuple[Criterion, ...]:
    steps = tuple(Level(level, (f"L{level}",)) for level in range(5))
    return tuple(
        Criterion(
            f"c{place}",
            f"Criterion {place}",
            "match" if place == 0 else "grade",
            steps,
            "shared" if place in (1, 2, 3) else None,
            True,
            "Meaning.",
            {
                name: Rating(f"L{(level := chance.randint(0, 4))}", level, "", "B.", "https://x.org", "", None, None)
                for name in names
            },
        )
        for place in range(5)
    )


def random_remedies(chance: random.Random, names: list[str]) -> tuple[Remedy, ...]:
    return tuple(
        Remedy(
            f"r{place}",
            chance.choice(names),
            f"R{place}",
            {f"c{place}": chance.randint(1, 4)},
            "G.",
            "C.",
            "",
            "",
            None,
        )
        for place in range(1, 5)
    )


def random_rules(seed: int) -> Rules:
    """Rules of random make: groups that cut, conditions, gates, musts, kinds that fit, two to five alternatives."""
    chance = random.Random(seed)
    names = [f"alt{place}" for place in range(chance.randint(2, 5))]
    groups = (Group("shared", "Shared", chance.randint(1, 6), "One cause."),)
    criteria = random_criteria(chance, names)
    needs: list[Need] = []

    def condition() -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not needs or chance.random() < 0.6:
            return ()
        named = chance.choice(needs)
        return ((named.id, tuple(chance.sample(named.choice_ids, chance.randint(1, 2)))),)

    for place in range(5):
        choices = []
        for number in range(chance.randint(2, 4)):
            weights = tuple(
                Weight(
                    f"c{at}",
                    chance.randint(1, 5),
                    {f"L{level}": chance.randint(0, 4) for level in range(5)} if at == 0 else None,
                    condition(),
                    condition(),
                )
                for at in chance.sample(range(5), chance.randint(0, 3))
            )
            musts = tuple(
                Requirement(f"c{at}", chance.randint(1, 4), chance.random() < 0.5, "M.", condition(), condition())
                for at in chance.sample(range(1, 5), chance.choice([0, 0, 0, 1]))
            )
            choices.append(Choice(f"v{number}", f"V{number}", "if", weights, musts))
        gate = condition()
        needs.append(
            Need(f"n{place}", f"N{place}", "Q?", "H.", {}, "wish", chance.random() < 0.5, False, gate, tuple(choices))
        )
    alternatives = tuple(Alternative(name, name.title(), "S.", "https://x.org", ()) for name in names)
    remedies = random_remedies(chance, names)
    return Rules(
        "random", "1", "Random", "things", "sha256:0", ".", alternatives, groups, criteria, tuple(needs), remedies, (),
        None, (), (), (),
    )  # fmt: skip


def test_the_page_agrees_with_python_under_rules_of_every_make(page: Page) -> None:
    tried = 0
    for seed in range(10):
        rules = random_rules(seed)
        try:
            advice = recommend(rules, {}, sensitivity=False)
        except AdvisorError:
            continue
        page.open(to_html(advice))
        compare(page, rules, list(profiles(rules, seed, 25)))
        tried += 1
    assert tried >= 8


def shown_scores(page: Page) -> list[str]:
    return list(page.run("return [...document.querySelectorAll('[data-score] .number')].map((n) => n.innerText)"))


def test_a_changed_answer_shows_at_once_and_reset_brings_the_record_back(page: Page, report: str) -> None:
    page.open(report)
    before = (page.text("[data-live=verdict]"), shown_scores(page), page.text("[data-live=why]"))
    assert before[0].startswith("FastAPI leads")
    assert page.text("[data-live=changed]") == "These are the recorded answers."

    page.choose("full-stack", "must")
    assert page.text("[data-live=verdict]").startswith("Django leads")
    assert page.text("[data-live=why-title]") == "What gives Django its points"
    assert page.text("[data-live=changed]") == "1 answer differs from the record."
    assert page.text("fieldset.is-changed .note") == "Recorded: Don’t know"
    assert "Full stack is “Must have”" in page.text("[data-live=out]")
    assert shown_scores(page) != before[1]
    assert "--full-stack must" in page.text("[data-live=command]")
    assert page.text(".lede").startswith("Choose FastAPI"), "the record itself stays"

    page.run("document.querySelector('[data-live=reset]').click()")
    assert (page.text("[data-live=verdict]"), shown_scores(page), page.text("[data-live=why]")) == before
    assert page.run("return document.querySelectorAll('fieldset.is-changed').length") == 0


def test_an_answer_that_no_longer_applies_is_said_and_left_out_of_the_command(page: Page, report: str) -> None:
    page.open(report)
    page.choose("legacy", "django")
    page.choose("pain", "blocking")
    assert "--pain blocking" in page.text("[data-live=command]")
    page.choose("legacy", "none")
    assert "--pain" not in page.text("[data-live=command]")
    assert page.text("fieldset.is-idle .note") == "Does not apply with these answers."


def test_the_command_gives_the_same_advice(page: Page, shipped: Rules, report: str) -> None:
    page.open(report)
    page.choose("full-stack", "must")
    page.choose("scale", None)
    words = page.text("[data-live=command]").split()
    given = {flag.removeprefix("--"): choice for flag, choice in zip(words[2::2], words[3::2], strict=True)}
    scores = {standing.alternative: standing.score for standing in recommend(shipped, given).ranking}
    assert shown_scores(page) == [f"{scores[item.id] // 10}.{scores[item.id] % 10}" for item in shipped.alternatives]


def test_a_link_carries_the_answers_and_ignores_what_it_does_not_know(page: Page, report: str) -> None:
    page.open(report)
    page.choose("full-stack", "must")
    link = page.run("return document.querySelector('[data-live=link]').hash")
    expected = (page.text("[data-live=verdict]"), shown_scores(page))
    page.open(report, link=link)
    assert (page.text("[data-live=verdict]"), shown_scores(page)) == expected
    page.open(report, link="#what-if?full-stack=<b>,must&nonsense=1&async=%E0%A4%A&docs")
    assert page.complaints() == []
    assert "--full-stack must" in page.text("[data-live=command]")
    assert "nonsense" not in page.text("[data-live=command]")


def test_the_recorded_answers_are_marked_from_the_start(page: Page, advice: Recommendation, report: str) -> None:
    page.open(report)
    chosen = page.run(
        "return [...document.querySelectorAll('#what-if-form input:checked')].map((input) => Number(input.value))"
    )
    assert chosen == compile_table(advice.rules).state(advice.answers)
    assert page.text("[data-live=command]").endswith("--scale medium,large --accounts nice --validation must")


def test_with_everything_open_an_answer_still_shows_at_once(page: Page, shipped: Rules) -> None:
    page.open(to_html(recommend(shipped, {})))
    times = page.run(
        """
        return whatIf.data.needs.map((_, need) => {
          const start = performance.now();
          document.querySelector(`input[name="need-${need}"]`).click();
          return performance.now() - start;
        }).sort((a, b) => a - b);
        """
    )
    assert times[len(times) // 2] < 250
