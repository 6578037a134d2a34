"""What staying, moving or moving gradually would mean, in figures of this code base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.codebase.model import Evidence, Fact, Move, Part

if TYPE_CHECKING:
    from collections.abc import Mapping


def price_of_moving(table: Mapping[str, Any], facts: Mapping[str, Fact]) -> Move:
    """Put the figures of a code base into words, by the table in the markers file."""
    rewritten = [(rule, fact.count) for rule in table["rewritten"] if (fact := facts.get(rule["fact"])) and fact.count]
    gains = [(rule, fact) for rule in table["gains"] if (fact := facts.get(rule["fact"])) and fact.count]
    sentences = []
    figures = [_words(rule, count) for rule, count in rewritten]
    if figures:
        verb = "would be rewritten" if len(figures) > 1 or rewritten[0][1] > 1 else "would have to be rewritten"
        sentences.append(f"{_listed(figures)} {verb}.")
    routes = facts.get("routes")
    waits = [_words(rule, fact.count) for rule, fact in gains]
    if waits and routes and routes.count:
        sentences.append(f"{_plural(routes.count, 'route', 'routes')}: {_listed(waits)}.")
    parts = [part for rule, fact in gains for part in _parts(rule["what"], fact)]
    return Move(tuple((rule["fact"], count) for rule, count in rewritten), tuple(sentences), tuple(parts))


def _words(rule: Mapping[str, str], count: int) -> str:
    return rule["one"] if count == 1 else rule["many"].format(n=f"{count:,}")


def _plural(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _parts(what: str, fact: Fact) -> list[Part]:
    by_file: dict[str, list[Evidence]] = {}
    for at in fact.evidence:
        by_file.setdefault(at.path, []).append(at)
    largest = sorted(by_file.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Part(path, len(places), what, tuple(places)) for path, places in largest[:5]]
