"""Can every alternative win, and what for? Does every need and choice matter?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from advisor.audit.census import Census, Ways, draw
from advisor.audit.finding import Finding, Share
from advisor.decision.search import can_win
from advisor.decision.table import Table, bits_of
from advisor.knowledge.model import Choice, Condition, Criterion, Need, Rules

STRONGEST = 3
SEARCHED = 8
"""Up to this many alternatives it is worked out whether one that never wins could; with many more it takes minutes."""

TRIES = 2_000
"""Ways drawn in the search for one in which a need changes the leaders."""


def shares(table: Table, census: Census) -> tuple[Share, ...]:
    """Return how often every alternative wins, and what it takes."""
    found = []
    for place, alternative in enumerate(table.rules.alternatives):
        top = table.top(place)
        alone = census.ways.get(top, 0)
        leads = _leads(census.ways, top)
        can: bool | None = True if alone else None
        if can is None and table.count <= SEARCHED:
            can = can_win(table, place)
        found.append(
            Share(
                alternative.id,
                alone,
                leads - alone,
                can,
                _only_when(table, census, top) if leads else (),
                _strongest(table, census, top) if leads else (),
            )
        )
    return tuple(found)


def _leads(ways: Ways, top: int) -> int:
    return sum(number for lead, number in ways.items() if lead & top)


def _only_when(table: Table, census: Census, top: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the needs for which some choices rule an alternative out; only a full count can tell."""
    if census.sample is not None:
        return ()
    found = []
    for place, need in enumerate(table.rules.needs):
        possible = [
            choice
            for choice, bit in zip(need.choice_ids, bits_of(table.full[place]), strict=True)
            if _leads(census.under[place, bit], top)
        ]
        if len(possible) < len(need.choices) and not need.applies_when:
            found.append((need.id, tuple(possible)))
    return tuple(found)


def _strongest(table: Table, census: Census, top: int) -> tuple[tuple[str, str, int], ...]:
    ranked = []
    for (place, bit), ways in census.under.items():
        number = sum(ways.values())
        if number:
            need = table.rules.needs[place]
            share = (2000 * _leads(ways, top) + number) // (2 * number)
            ranked.append((-share, place, bit, need.id, need.choice_ids[bit.bit_length() - 1]))
    return tuple((need, choice, -share) for share, _, _, need, choice in sorted(ranked)[:STRONGEST])


def check_reach(rules: Rules, found: tuple[Share, ...], sample: int | None) -> Iterator[Finding]:
    """Yield the alternatives that cannot win, or that another one is never worse than."""
    for share in found:
        subject = f"alternatives › {share.alternative}"
        if share.can_win is False:
            yield Finding("reach", "defect", subject, "no answers, whole or partial, make it the only winner")
        elif share.can_win is None:
            how = "" if sample is None else f" in {sample:,} ways drawn"
            yield Finding("reach", "warning", subject, f"never wins alone{how}; whether it can was not decided")
        elif not share.alone and sample is None:
            yield Finding("reach", "warning", subject, "wins only while needs are left open")
        elif not share.alone:
            yield Finding("reach", "warning", subject, f"wins in none of {sample:,} ways drawn, although it can")
    for one in rules.alternatives:
        for other in rules.alternatives:
            if one.id != other.id and _dominates(rules, other.id, one.id):
                message = f"{other.id} is at least as good on every criterion that is a grade, and of the same kinds"
                yield Finding("dominance", "warning", f"alternatives › {one.id}", message)


def _dominates(rules: Rules, one: str, other: str) -> bool:
    better = False
    for criterion in rules.criteria:
        own, its = criterion.ratings[one].level, criterion.ratings[other].level
        if own < its or (criterion.kind == "match" and own != its):
            return False
        better = better or own > its
    return better


def check_use(table: Table, census: Census) -> Iterator[Finding]:
    """Yield needs, choices, criteria and remedies that change nothing, and conditions that cannot hold."""
    rules = table.rules
    named = _named(rules)
    for place, need in enumerate(rules.needs):
        yield from _check_need(table, census, place, named)
        yield from _conditions(need)
    weighed = {weight.criterion for choice in _choices(rules) for weight in choice.weights}
    required = {requirement.criterion for choice in _choices(rules) for requirement in choice.requirements}
    for criterion in rules.criteria:
        subject = f"criteria › {criterion.id}"
        if criterion.id not in weighed | required:
            yield Finding("use", "warning", subject, "no answer makes it matter: it is neither weighed nor required")
        elif len({rating.level for rating in criterion.ratings.values()}) == 1:
            yield Finding("use", "warning", subject, "all are rated the same, so it tells none of them apart")
    yield from _requirements(rules)
    yield from _remedies(rules)
    for group in rules.groups:
        members = [criterion.id for criterion in rules.criteria if criterion.group == group.id]
        if len(members) < 2:  # noqa: PLR2004  a cause that two criteria share
            message = "fewer than two criteria are in it, so there is nothing to share"
            yield Finding("use", "warning", f"groups › {group.id}", message)


def _choices(rules: Rules) -> Iterator[Choice]:
    for need in rules.needs:
        yield from need.choices


def _parts(choice: Choice) -> Iterator[tuple[str, Condition, Condition]]:
    """Yield what a choice asks for, each with its conditions."""
    for weight in choice.weights:
        yield f"weights › {weight.criterion}", weight.when, weight.unless
    for requirement in choice.requirements:
        yield f"requires › {requirement.criterion}", requirement.when, requirement.unless


def _named(rules: Rules) -> set[str]:
    """Return the needs that any condition names, or that the legacy advice reads."""
    conditions: list[Condition] = [need.applies_when for need in rules.needs]
    for choice in _choices(rules):
        conditions += [condition for _, when, unless in _parts(choice) for condition in (when, unless)]
    conditions += [condition for caveat in rules.caveats for condition in (caveat.when, caveat.unless)]
    conditions += [condition for split in rules.splits for condition in (split.when, split.unless)]
    named = {need for condition in conditions for need, _ in condition}
    if rules.legacy is not None:
        named |= {rules.legacy.need, *(need for rule in rules.legacy.rules for need, _ in rule.when)}
    return named


def _check_need(table: Table, census: Census, place: int, named: set[str]) -> Iterator[Finding]:
    need = table.rules.needs[place]
    subject = f"needs › {need.id}"
    effects = [_effect(need, choice) for choice in need.choices]
    if not any(choice.weights or choice.requirements for choice in need.choices):
        if need.id not in named:
            yield Finding("use", "defect", subject, "no answer weighs or requires anything, and nothing asks for it")
        return
    for at, choice in enumerate(need.choices):
        twins = [other.id for other, same in zip(need.choices[:at], effects, strict=False) if same == effects[at]]
        if twins and need.id not in named:
            message = f"means the same as {twins[0]}: the same weights and requirements"
            yield Finding("use", "warning", f"{subject} › choices › {choice.id}", message)
    if need.id not in named and not _changes_leaders(table, census, place):
        message = "whatever is answered, the same alternatives win"
        how = "" if census.sample is None else f" in {TRIES:,} ways drawn"
        yield Finding("use", "warning", subject, f"{message}{how}")


def _effect(need: Need, choice: Choice) -> tuple[object, ...]:
    weights = frozenset(
        (weight.criterion, weight.weight, tuple(sorted((weight.fit or {}).items())), weight.when, weight.unless)
        for weight in choice.weights
    )
    return need.id, weights, frozenset(requirement._replace(because="") for requirement in choice.requirements)


def _changes_leaders(table: Table, census: Census, place: int) -> bool:
    """Tell whether another answer to one need ever changes who leads."""
    spread = {tuple(sorted(_shares(census.under.get((place, bit), {})))) for bit in bits_of(table.full[place])}
    # Different shares prove a change; equal ones could still hide changes that cancel out.
    if census.sample is None and len(spread) > 1:
        return True
    for answers, _ in draw(table, TRIES):
        state = [0] * len(table.full)
        for need, bit in answers:
            state[need] = bit
        leads = set()
        for bit in bits_of(table.full[place]) if state[place] else []:
            state[place] = bit
            leads.add(table.leaders(table.added(state)))
        if len(leads) > 1:
            return True
    return False


def _shares(ways: Ways) -> Iterator[tuple[int, Fraction]]:
    total = sum(ways.values())
    for lead, number in ways.items():
        share = Fraction(number, total)
        yield lead, share


def _conditions(need: Need) -> Iterator[Finding]:
    """Yield conditions of a choice that contradict the choice itself, or the need's own condition."""
    for choice in need.choices:
        given = {need.id: {choice.id}, **{name: set(choices) for name, choices in need.applies_when}}
        for part, when, unless in _parts(choice):
            subject = f"needs › {need.id} › choices › {choice.id} › {part}"
            for name, choices in when:
                if name in given and not given[name] & set(choices):
                    yield Finding("use", "defect", f"{subject} › when", f"can never hold: it wants another {name}")
            if unless and all(name in given and given[name] <= set(choices) for name, choices in unless):
                yield Finding("use", "defect", f"{subject} › unless", "always holds, so this never counts")


def _requirements(rules: Rules) -> Iterator[Finding]:
    by_id = {criterion.id: criterion for criterion in rules.criteria}
    for need in rules.needs:
        for choice in need.choices:
            for requirement in choice.requirements:
                criterion = by_id[requirement.criterion]
                reached = reached_levels(rules, criterion, with_remedies=requirement.with_remedies)
                below = [name for name, level in reached.items() if level < requirement.at_least]
                subject = f"needs › {need.id} › choices › {choice.id} › requires › {criterion.id}"
                bare = reached_levels(rules, criterion, with_remedies=False)
                if all(level >= requirement.at_least for level in bare.values()):
                    yield Finding("use", "warning", subject, "changes nothing: everything reaches it")
                elif len(below) == len(reached):
                    yield Finding("use", "warning", subject, "excludes everything: nothing reaches it")


def reached_levels(rules: Rules, criterion: Criterion, *, with_remedies: bool) -> dict[str, int]:
    """Return the level of every alternative on a criterion, with or without add-ons."""
    levels = {name: rating.level for name, rating in criterion.ratings.items()}
    for remedy in rules.remedies if with_remedies else ():
        if criterion.id in remedy.lifts:
            levels[remedy.alternative] = max(levels[remedy.alternative], remedy.lifts[criterion.id])
    return levels


def _remedies(rules: Rules) -> Iterator[Finding]:
    by_id = {criterion.id: criterion for criterion in rules.criteria}
    for remedy in rules.remedies:
        for criterion, level in remedy.lifts.items():
            bare = by_id[criterion].ratings[remedy.alternative]
            if level <= bare.level:
                message = f'lifts nothing: {remedy.alternative} is "{bare.word}" already'
                yield Finding("use", "warning", f"remedies › {remedy.id} › lifts › {criterion}", message)
