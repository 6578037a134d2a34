"""A small set of rules about something else, with a need that is gated and needs whose choices look like commands."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.knowledge.model import (
    Alternative,
    Choice,
    Condition,
    Criterion,
    Legacy,
    LegacyRule,
    Level,
    Need,
    Rating,
    Requirement,
    Rules,
    Weight,
)

LEVELS = tuple(Level(level, (word,)) for level, word in enumerate(("None", "Little", "Some", "Good", "Best")))


def criterion(name: str, title: str, tourer: int, racer: int, cargo: int) -> Criterion:
    ratings = {
        alternative: Rating(
            LEVELS[level].words[0], level, "", "It is so.", "https://example.org", "2026-11-22", None, None
        )
        for alternative, level in (("tourer", tourer), ("racer", racer), ("cargo", cargo))
    }
    return Criterion(name, title, "grade", LEVELS, None, True, f"How {title.lower()} compare.", ratings)


def choice(name: str, choose_if: str, weights: Mapping[str, int], least: Mapping[str, int] | None = None) -> Choice:
    return Choice(
        name,
        name.capitalize(),
        choose_if,
        tuple(Weight(criterion, weight, None, (), ()) for criterion, weight in weights.items()),
        tuple(
            Requirement(criterion, level, with_remedies=False, because="It was called a must.", when=(), unless=())
            for criterion, level in (least or {}).items()
        ),
    )


def need(
    name: str,
    title: str,
    question: str,
    choices: tuple[Choice, ...],
    *,
    core: bool = False,
    applies_when: Condition = (),
    terms: Mapping[str, str] | None = None,
) -> Need:
    return Need(
        id=name,
        title=title,
        question=question,
        help=f"Think of the next two years when you answer about {title.lower()}.",
        terms=terms or {},
        kind="wish",
        ordered=True,
        core=core,
        applies_when=applies_when,
        choices=choices,
    )


CRITERIA = (
    criterion("speed", "Speed", 2, 4, 1),
    criterion("load", "Load", 3, 0, 4),
    criterion("price", "Price", 3, 2, 0),
)

NEEDS = (
    need(
        "luggage",
        "Luggage",
        "Must it carry luggage?",
        (
            choice("no", "a rucksack is enough.", {"speed": 2}),
            choice("nice", "it would help at times.", {"load": 2}),
            choice("must", "you travel for weeks, or carry tools every day.", {"load": 6}, {"load": 3}),
        ),
        core=True,
        terms={"luggage": "whatever does not fit into your pockets."},
    ),
    need(
        "distance",
        "Distance",
        "How far do you ride on a usual day?",
        (
            choice("short", "less than five kilometres.", {"price": 1}),
            choice("medium", "up to thirty kilometres.", {"speed": 1}),
            choice("long", "more than that.", {"speed": 4}),
        ),
        core=True,
    ),
    need(
        "owned",
        "Owned now",
        "Which bicycle do you have?",
        (
            choice("none", "there is none.", {}),
            choice("tourer", "it is a tourer.", {"price": 2}),
            choice("other", "it is another one.", {}),
        ),
    ),
    need(
        "trouble",
        "Trouble",
        "Does it cause trouble today?",
        (
            choice("no", "all is well.", {"price": 2}),
            choice("yes", "it fails you.", {"speed": 1, "load": 1}),
        ),
        applies_when=(("owned", ("tourer", "other")),),
    ),
    need(
        "gears",
        "Gears",
        "How many gears?",
        (
            choice("1", "the land is flat.", {"price": 3}),
            choice("3", "there are bridges.", {"price": 1}),
            choice("27", "there are mountains.", {"speed": 3}),
        ),
    ),
    need(
        "way",
        "Way home",
        "Which way do you ride home?",
        (
            choice("back", "you return as you came.", {"speed": 1}),
            choice("why", "you wonder each time.", {"load": 1}),
        ),
    ),
)

RULES = Rules(
    name="bicycles",
    version="1",
    title="Which bicycle?",
    subject="bicycles",
    digest="sha256:0",
    folder=".",
    alternatives=tuple(
        Alternative(name, name.capitalize(), f"A {name}.", "https://example.org", ())
        for name in ("tourer", "racer", "cargo")
    ),
    groups=(),
    criteria=CRITERIA,
    needs=NEEDS,
    remedies=(),
    caveats=(),
    legacy=Legacy(
        "owned",
        {"tourer": "tourer", "other": None},
        (
            LegacyRule("stay", "same", (), "You have it."),
            LegacyRule("stay", "other", (("trouble", ("no",)),), "Nothing hurts."),
            LegacyRule("move", "other", (), "It pays off."),
        ),
    ),
    splits=(),
    examples=(),
    gaps=(),
)
