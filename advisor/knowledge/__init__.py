"""Rules files to frozen records: loading, checking, extending and caching them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from advisor.knowledge.model import Rules


def load_rules(path: str | os.PathLike[str] | None = None) -> Rules:
    """Return the rules of a file, checked and complete.

    Args:
        path: a rules file, or the name of shipped rules; None: what ADVISOR_RULES names, else the shipped rules.

    Returns:
        The frozen model. It comes from a cache when the file, what it extends and its examples are unchanged.

    Raises:
        RulesError: an AdvisorError with every defect of the file, each with file, line, column and key path.
    """
    from advisor.knowledge import cache
    from advisor.knowledge.files import rules_path

    found = rules_path(path)
    known = cache.look_up(found)
    if known is not None:
        return known
    from advisor.knowledge.load import load_from_source

    loaded = load_from_source(found)
    cache.keep(found, [(str(source.path), source.content) for source in loaded.sources], loaded.rules)
    return loaded.rules
