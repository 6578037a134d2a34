"""The sentences that every output shares: a recommendation said in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.decision.recommendation import Change, Exclusion, Flip, Recommendation, RemedyUse, Sensitivity, Standing
from advisor.knowledge.model import Rules

STATE_WORDS = {
    "settled": "Settled",
    "leaning": "Leaning",
    "open": "Open",
    "nothing-fits": "Nothing fits",
}

LEGACY_WORDS = {"stay": "Stay", "move": "Move", "move-gradually": "Move gradually"}


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does: "a", "a and b", "a, b and c"."""
    items = list(words)
    if not items[1:]:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def plural(number: int, word: str, more: str | None = None) -> str:
    """Return a number with its noun: "1 answer", "2 answers"."""
    return f"{number:,} {word if number == 1 else more or word + 's'}"


def score_text(tenths: int) -> str:
    """Return a score of tenths of a percent as shown: 942 → "94.2"."""
    return f"{tenths // 10}.{tenths % 10}"


def name_of(rules: Rules, alternative: str) -> str:
    """Return the name on screen of an alternative."""
    return rules.alternative(alternative).name


def names_of(rules: Rules, alternatives: Iterable[str], last: str = "and") -> str:
    """Return the names of several alternatives as a sentence lists them."""
    return listed([name_of(rules, alternative) for alternative in alternatives], last)


NAMED = 10
"""More alternatives than this are counted instead of named."""


def left_out(rules: Rules, found: Sensitivity) -> list[str]:
    """Say what was not worked out, or is not listed, because the rules are large."""
    sentences = []
    if found.not_searched:
        many = f"{len(found.not_searched)} of the {rules.subject}"
        who = many if len(found.not_searched) > NAMED else names_of(rules, found.not_searched)
        sentences.append(f"Not searched to the end, so nothing is claimed on what would make them win: {who}.")
    return [*sentences, *found.left_out]


def admitted(recommendation: Recommendation) -> list[Standing]:
    """Return the standings that no must excludes, best first."""
    return [standing for standing in recommendation.ranking if not standing.exclusions]


def excluded(recommendation: Recommendation) -> list[Standing]:
    """Return the standings that a must excludes."""
    return [standing for standing in recommendation.ranking if standing.exclusions]


def runner_up(recommendation: Recommendation) -> Standing | None:
    """Return the best admitted alternative that does not lead, or None."""
    leaders = recommendation.verdict.winners
    return next((standing for standing in admitted(recommendation) if standing.alternative not in leaders), None)


def headline(recommendation: Recommendation) -> str:
    """Say the verdict in one sentence, by the situation it arose from."""
    rules, verdict = recommendation.rules, recommendation.verdict
    if recommendation.pattern == "nothing-fits":
        return "Nothing fits: every one of the " + rules.subject + " misses something you said is a must."
    if not verdict.winners:
        return "There is no basis for advice yet: nothing you answered tells the " + rules.subject + " apart."
    names = names_of(rules, verdict.winners)
    if len(verdict.winners) > 1:
        return f"{names} tie: for what you answered, neither is the better choice."
    verb = "Stay with" if in_use(recommendation) == verdict.winners[0] else "Choose"
    return f"{verb} {names}" + lead_clause(recommendation)


def in_use(recommendation: Recommendation) -> str | None:
    """Return the alternative that the code base uses, by the answers; None when none is known to be in use."""
    legacy = recommendation.rules.legacy
    answer = recommendation.answers.get(legacy.need) if legacy else None
    if legacy is None or answer is None or answer.known is None:
        return None
    return legacy.current.get(answer.known)


def lead_clause(recommendation: Recommendation) -> str:
    """Say what the single leader's lead rests on; starts with a comma or colon and ends the sentence."""
    rules = recommendation.rules
    second = runner_up(recommendation)
    if second is None:
        return ": it is the only one left after what you said is a must."
    first = recommendation.standing(recommendation.verdict.winners[0])
    name = name_of(rules, second.alternative)
    gap = f"{score_text(first.score)} against {score_text(second.score)} for {name}"
    if recommendation.pattern == "dominates":
        return f": at least as good as {name} on everything that counts here ({gap})."
    if recommendation.pattern == "one-criterion":
        lead = first.points - second.points
        decisive = [row for row in recommendation.comparison if row.points >= lead]
        if decisive:
            return f": what decides is {lower_first(rules.criterion(decisive[0].criterion).title)} ({gap})."
    if recommendation.pattern == "close":
        return f": {gap}, though one step of one answer or rating would change it."
    return f": {gap}."


def lower_first(text: str) -> str:
    """Return a title as it stands inside a sentence: "Automatic docs" → "automatic docs", "APIs only" unchanged."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def certainty(recommendation: Recommendation) -> str:
    """Say how sure the verdict is: over the open needs, then over small changes."""
    return recommendation.verdict.reason


def exclusion_sentence(rules: Rules, standing: Standing, exclusion: Exclusion) -> str:
    """Say why a must excludes an alternative."""
    criterion = rules.criterion(exclusion.requirement.criterion)
    need = rules.need(exclusion.need)
    asked = criterion.word_of(exclusion.requirement.at_least)
    has = criterion.ratings[standing.alternative].word
    sentence = (
        f"{need.title} is a must ({exclusion.need}: {exclusion.choice}), which needs "
        f"{lower_first(criterion.title)} of at least “{asked}”; {name_of(rules, standing.alternative)} has “{has}”"
    )
    if exclusion.requirement.with_remedies and exclusion.reached > exclusion.level:
        sentence += f", and “{criterion.word_of(exclusion.reached)}” with the usual add-on"
    return sentence + "."


def change_text(change: Change) -> str:
    """Say one change of answers: "docs: nice → no"."""
    before = ", ".join(change.before) if change.before else "not answered"
    return f"{change.need}: {before} → {change.after}"


def flip_sentence(rules: Rules, flip: Flip) -> str:
    """Say what would make another alternative win."""
    changes = listed([change_text(change) for change in flip.changes])
    return f"{name_of(rules, flip.alternative)} would win with {changes}"


def answer_text(choices: Sequence[str]) -> str:
    """Return an answer as typed on the command line."""
    return ",".join(choices)


def command_line(recommendation: Recommendation, rules_file: str | None = None) -> str:
    """Return the command that gives this advice again."""
    from shlex import quote

    rules = [f"--rules {quote(rules_file)}"] if rules_file is not None else []
    flags = [f"--{need} {quote(answer_text(answer.choices))}" for need, answer in recommendation.answers.items()]
    return " ".join(["advisor recommend", *rules, *flags])


def remedy_sentences(recommendation: Recommendation) -> list[str]:
    """Say what each add-on of the pick lifts, whether a must rests on it, and what it costs; the needed ones first."""
    rules = recommendation.rules
    by_remedy: dict[str, list[RemedyUse]] = {}
    for use in recommendation.remedies:
        by_remedy.setdefault(use.remedy.id, []).append(use)
    sentences = []
    for uses in by_remedy.values():
        remedy = uses[0].remedy
        lifts = []
        for use in uses:
            criterion = rules.criterion(use.criterion)
            own = criterion.ratings[remedy.alternative].word
            lifts.append(f"{lower_first(criterion.title)} from “{own}” to “{criterion.word_of(use.after)}”")
        needed = " A must rests on it." if any(use.needed for use in uses) else ""
        sentences.append(f"{remedy.name}: {listed(lifts)}. {remedy.gives}{needed} Cost: {remedy.cost}")
    return sentences
