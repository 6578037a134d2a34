"""A small rules file and its advice, every number worked out by hand.

Two criteria, three alternatives, three needs:

* load = high asks for speed × 3; docs = must asks for docs × 2 and requires docs of at least 3.
* Swift: speed 4, docs 3 → 3·4 + 2·3 = 18 points. Steady: speed 2, docs 4 → 6 + 8 = 14. Plain: speed 1, docs 0 →
  3 points, and excluded. A perfect one: 3·4 + 2·4 = 20, so the scores are 90.0, 70.0 and 15.0.
* With speed × w, Swift leads by 2·w − 2: level at weight 1.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from advisor.decision.answers import Answer
from advisor.decision.recommendation import (
    Change,
    Comparison,
    Contribution,
    Exclusion,
    Flip,
    LegacyAdvice,
    RatingFlip,
    Recommendation,
    RemedyUse,
    Sensitivity,
    Standing,
    UnknownCost,
    Verdict,
    WeightInterval,
)
from advisor.knowledge.model import (
    Alternative,
    Caveat,
    Choice,
    Criterion,
    Example,
    Level,
    Need,
    Rating,
    Remedy,
    Requirement,
    Rules,
    Weight,
)


def rating(word: str, level: int, because: str) -> Rating:
    return Rating(word, level, "✅", because, f"https://example.org/{level}", "2026-11-22", None, None)


def criteria(hostile: str) -> tuple[Criterion, ...]:
    speed = Criterion(
        "speed",
        f"Speed{hostile}",
        "grade",
        (Level(1, ("Slow",)), Level(2, ("Fair",)), Level(4, (f"Fast{hostile}",))),
        None,
        True,
        "How fast it is.",
        {
            "swift": rating(f"Fast{hostile}", 4, f"It is compiled.{hostile}"),
            "steady": rating("Fair", 2, "It is interpreted."),
            "plain": rating("Slow", 1, "It waits."),
        },
    )
    docs = Criterion(
        "docs",
        "Documentation",
        "grade",
        (Level(0, ("None",)), Level(3, ("Good",)), Level(4, ("Superb",))),
        None,
        True,
        "What documentation comes with it.",
        {
            "swift": rating("Good", 3, "A guide and a reference."),
            "steady": rating("Superb", 4, "A guide, a reference and a book."),
            "plain": rating("None", 0, "Nothing is written."),
        },
    )
    return speed, docs


def needs(hostile: str) -> tuple[Need, ...]:
    must = Requirement("docs", 3, with_remedies=False, because="A must is a must.", when=(), unless=())
    low, high = (
        Choice("low", "Low", "few users", (), ()),
        Choice("high", f"High{hostile}", "many users", (Weight("speed", 3, None, (), ()),), ()),
    )
    no, yes = (
        Choice("no", "No", "you know it all", (), ()),
        Choice("must", "A must", "others join", (Weight("docs", 2, None, (), ()),), (must,)),
    )
    a, b = Choice("a", "Style A", "you like A", (), ()), Choice("b", "Style B", "you like B", (), ())
    return (
        Need(
            "load", f"Load{hostile}", f"How much load?{hostile}", "The peak.", {}, "fact", True, True, (), (low, high)
        ),
        Need("docs", "Docs", "Are docs needed?", "Think of newcomers.", {}, "wish", True, True, (), (no, yes)),
        Need("style", "Style", "Which style?", "Either is fine.", {}, "wish", False, False, (), (a, b)),
    )


def small_rules(*, hostile: str = "", folder: Path = Path()) -> Rules:
    """The rules; `hostile` is added to every kind of text that an author writes."""
    plus = Remedy(
        "plus",
        "plain",
        f"plain-plus{hostile}",
        {"docs": 3},
        "It writes a guide.",
        "One more dependency.",
        "https://example.org/plus",
        "2026-11-22",
        None,
    )
    return Rules(
        name="small",
        version="1",
        title="A small comparison",
        subject="tools",
        digest="sha256:0123",
        folder=str(folder),
        alternatives=(
            Alternative("steady", "Steady", "Slow and sure.", "https://example.org/steady", ("Steady 2 is out.",)),
            Alternative("swift", f"Swift{hostile}", "Fast.", "https://example.org/swift", (f"Swift 2.{hostile}",)),
            Alternative("plain", "Plain", "Nothing extra.", "https://example.org/plain", ()),
        ),
        groups=(),
        criteria=criteria(hostile),
        needs=needs(hostile),
        remedies=(plus,),
        caveats=(
            Caveat("peak", f"Only at peaks.{hostile}", (), (), (), "https://example.org/peak", "2026-11-22", None),
        ),
        legacy=None,
        splits=(),
        examples=(),
        gaps=(),
    )


def line(need: str, choice: str, criterion: str, weight: int, level: int) -> Contribution:
    return Contribution(need, choice, criterion, weight, weight, level, weight * level, weight * 4)


def lines(speed: int, docs: int) -> tuple[Contribution, ...]:
    return (line("load", "high", "speed", 3, speed), line("docs", "must", "docs", 2, docs))


SENSITIVITY = Sensitivity(
    flips=(Flip("steady", (Change("load", ("high",), "low"),), 0, 1),),
    cannot_win=("plain",),
    not_searched=(),
    weight_intervals=(WeightInterval("speed", 3, Fraction(1), "steady", None, None),),
    joint_radius=Fraction(1, 2),
    choice_flips=(),
    rating_flips=(RatingFlip("swift", "speed", 4, 2, ("steady",)),),
    scale_free=True,
    sufficient=("load", "docs"),
    irrelevant=(),
    unknown_costs=(UnknownCost("style", {"a": ("swift",), "b": ("swift",)}, can_change=False),),
)


def small_advice(*, hostile: str = "", folder: Path = Path(), example: Example | None = None) -> Recommendation:
    """The advice for load = high (read from code) and docs = must (given as a flag); style stays open."""
    rules = small_rules(hostile=hostile, folder=folder)
    must = rules.need("docs").choice("must").requirements[0]
    plus = rules.remedies[0]
    docs_row = Comparison("docs", 2, 3, 4, -2, "steady")
    return Recommendation(
        rules=rules,
        answers={
            "load": Answer(("high",), "scan", (f"app/main.py:7 a queue{hostile}",)),
            "docs": Answer(("must",), "flag"),
        },
        verdict=Verdict("settled", "firm", ("swift",), {"swift": 2}, 2, 0, 0, f"Both styles give the same.{hostile}"),
        ranking=(
            Standing("swift", 1, 18, 900, (), lines(4, 3)),
            Standing("steady", 2, 14, 700, (), lines(2, 4)),
            Standing("plain", 3, 3, 150, (Exclusion("docs", "must", must, 0, 3, plus),), lines(1, 0)),
        ),
        perfect=20,
        pattern="trade-off",
        comparison=(Comparison("speed", 3, 4, 2, 6, "steady"), docs_row),
        against=docs_row,
        gives_up=(docs_row,),
        relax=(),
        remedies=(RemedyUse(plus, "docs", 0, 3, needed=False),),
        caveats=rules.caveats,
        legacy=LegacyAdvice("move-gradually", f"One part at a time.{hostile}"),
        splits=(),
        revisit_when=(f"Swift 2.{hostile}",),
        examples=(example,) if example else (),
        more_examples=("swift/second",) if example else (),
        telling=(),
        sensitivity=SENSITIVITY,
    )
