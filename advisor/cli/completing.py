"""What a shell offers at Tab: the words that an option knows, and those that the rules know."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from advisor.errors import AdvisorError
from advisor.knowledge.model import Need, Rules

ASKED = "_ADVISOR_COMPLETE"
"""The variable with which a shell asks; Typer's scripts set it."""
INSTALL = "--install-completion"
SPLIT = "_ADVISOR_SPLIT"
"""The need whose choice bash asks for, where it replaces no more than what stands behind the equals sign."""

MOST_WORDS = 10_000
"""On a line that a shell asks about."""

Offer = list[tuple[str, str]]
"""Words with a line about each."""


def harmless(text: str) -> str:
    """Return a line about an offer without what a shell could read as its own: zsh evaluates what it is told."""
    told = text.replace(": ", " - ").replace("'", "’")
    return "".join(sign for sign in told if sign.isalnum() or sign in " ,.;-+/()?’").strip()


def one_of(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Return the completion of an option that takes one of some words."""
    known = tuple(words)

    def offer(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return offer


def choices_of(need: Need) -> Callable[[str], Offer]:
    """Return the completion of a need's flag: its choices, after a comma those that are not named yet."""

    def offer(incomplete: str) -> Offer:
        before, comma, word = incomplete.rpartition(",")
        named = before.split(",")
        return [
            (before + comma + choice.id, harmless(choice.label))
            for choice in need.choices
            if choice.id.startswith(word) and choice.id not in named
        ]

    return offer


def settings(ctx: Any, incomplete: str) -> Offer:
    """Offer `need=choice` for every need of the rules."""
    if os.environ.get(SPLIT):
        return [
            offer for need in needs_in(ctx) if need.id == os.environ[SPLIT] for offer in choices_of(need)(incomplete)
        ]
    need_id, equals, behind = incomplete.partition("=")
    return [
        (f"{need.id}={word}", label)
        for need in needs_in(ctx)
        if (need.id == need_id if equals else need.id.startswith(need_id))
        for word, label in choices_of(need)(behind)
    ]


def frameworks(ctx: Any, incomplete: str) -> Offer:
    """Offer the frameworks of the rules, without those that are named already."""
    rules = rules_in(ctx)
    named = ctx.params.get("alternatives") or ()
    return [
        (alternative.id, harmless(alternative.name))
        for alternative in (rules.alternatives if rules else ())
        if alternative.id.startswith(incomplete) and alternative.id not in named
    ]


def example_names(ctx: Any, incomplete: str) -> Offer:
    """Offer the examples; once one is named, a folder may follow as well, so that nothing is offered for nothing."""
    rules = rules_in(ctx)
    named = ctx.params.get("cells_and_folder") or ()
    if named and not incomplete:
        return []
    cells = [(f"{example.alternative}/{example.topic}", example.title) for example in (rules.examples if rules else ())]
    return [(cell, harmless(title)) for cell, title in cells if cell.startswith(incomplete) and cell not in named]


def topics(ctx: Any, incomplete: str) -> Offer:
    """Offer the topics of the examples."""
    rules = rules_in(ctx)
    titles = {example.topic: example.title for example in (rules.examples if rules else ())}
    return [(topic, harmless(title)) for topic, title in titles.items() if topic.startswith(incomplete)]


def needs_in(ctx: Any) -> Iterable[Need]:
    """Return the needs of the rules that a command line names."""
    rules = rules_in(ctx)
    return rules.needs if rules else ()


def rules_in(ctx: Any) -> Rules | None:
    """Return the rules that a command line names, the default ones, or None where they cannot be read."""
    from advisor.knowledge import load_rules

    named = ctx.params.get("rules_file", ctx.params.get("rules"))
    try:
        return load_rules(named if isinstance(named, str) else None)
    except AdvisorError:
        return None


def join_words(environment: MutableMapping[str, str]) -> None:
    """Join what bash splits at an equals sign: `--async`, `=` and `ni` are one word on the command line.

    Of `--set async=ni` bash replaces no more than `ni`: that is then the word, and SPLIT says which need it is for.
    """
    words = environment.get("COMP_WORDS", "").split("\n")
    position = environment.get("COMP_CWORD", "")
    if not position.isdecimal() or len(position) > len(str(MOST_WORDS)) or int(position) > MOST_WORDS:
        return
    words += [""] * (int(position) + 1 - len(words))
    joined: list[str] = []
    cursor = 0
    for number, word in enumerate(words):
        if joined and "=" in (word, words[number - 1]):
            joined[-1] += word
        else:
            joined.append(word)
        if number == int(position):
            cursor = len(joined) - 1
    before, equals, behind = joined[cursor].partition("=")
    if equals and joined[cursor] != words[int(position)] and not before.startswith("-"):
        joined[cursor] = behind
        environment[SPLIT] = before
    environment.update(COMP_WORDS="\n".join(joined), COMP_CWORD=str(cursor))


def answer(ask: Callable[[], Any]) -> int:
    """Answer a shell; whatever goes wrong is not told, for somebody is typing a line."""
    try:
        join_words(os.environ)
        ask()
    except Exception:  # a traceback would land in the middle of the line
        return 1
    return 0


def refuse_without_home(arguments: list[str]) -> None:
    """Refuse to install the completion for somebody of whom no home folder is known, as of a container's bare number.

    Raises:
        AdvisorError: that is so.
    """
    if INSTALL not in arguments:
        return
    from advisor.placing import at_home

    if not at_home("~").is_absolute():
        raise AdvisorError(f"{INSTALL}: there is no home folder to install it in", "set HOME")


def serve_first_tab(arguments: list[str]) -> None:
    """Let the script that Typer installs for zsh answer the Tab that loads it; by itself it answers from the next."""
    if INSTALL not in arguments:
        return
    from advisor.placing import at_home

    script = at_home("~/.zfunc/_advisor")
    if not script.is_file():
        return
    text = script.read_text(encoding="utf-8")
    if "loadautofunc" not in text:
        line = '[[ $zsh_eval_context[-1] == loadautofunc ]] && _advisor_completion "$@"'
        script.write_text(f"{text.rstrip()}\n\n{line}\n", encoding="utf-8")
