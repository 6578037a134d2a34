"""An architecture decision record in the sections of MADR 4, ready to commit."""

from __future__ import annotations

import json
import re

from advisor.decision.recommendation import Recommendation, Standing
from advisor.report.escape import block, code, link, markdown, visible
from advisor.report.options import ReportOptions
from advisor.report.story import ORIGINS, Story
from advisor.report.wording import LEGACY_WORDS, exclusion_sentence, plural, score_text

_GOOD, _NEUTRAL = 3, 2
"""Levels from which an argument counts as good, and as neither."""


def to_adr(recommendation: Recommendation, options: ReportOptions | None = None) -> str:
    """Return the recommendation as a decision record: someone who never saw the tool understands the decision."""
    options = options or ReportOptions()
    story = Story(recommendation, options.rules_file)
    parts = [
        _front_matter(options),
        f"# {markdown(story.title(options))}",
        *_context(story, options),
        *_drivers(story),
        *_options(story),
        *_outcome(story),
        *_pros_and_cons(story),
        *_more(story),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(options: ReportOptions) -> str:
    lines = [f"status: {_scalar(options.status or 'proposed')}"]
    if options.date:
        lines.append(f"date: {_scalar(options.date)}")
    if options.author:
        lines.append(f"decision-makers: {_scalar(options.author)}")
    return "\n".join(["---", *lines, "---"])


def _scalar(text: str) -> str:
    """Return text as one YAML value; anything but a plain word or date is quoted, as JSON does it.

    Many Markdown readers take front matter for text: no tag of theirs begins in it.
    """
    shown = visible(text)
    plain = re.fullmatch(r"[a-z]{4,}|\d{4}-\d\d-\d\d", shown) and shown not in {"true", "false", "null"}
    return shown if plain else json.dumps(shown, ensure_ascii=False).replace("<", "\\u003c")


def _items(items: list[str]) -> str:
    return "\n".join(f"* {item}" for item in items)


def _context(story: Story, options: ReportOptions) -> list[str]:
    names = story.names((alternative.id for alternative in story.rules.alternatives), "or")
    about = f" for {markdown(options.project)}" if options.project else ""
    rows = [
        f"{markdown(story.rules.need(need).question)} **{markdown(story.answer(need, answer))}** "
        f"({ORIGINS[answer.origin]}{''.join(f'; {code(line)}' for line in answer.evidence)})"
        for need, answer in story.advice.answers.items()
    ]
    parts = [
        "## Context and Problem Statement",
        f"Which of the {markdown(story.rules.subject)} to use{about}: {markdown(names)}?",
    ]
    if rows:
        parts += ["What was known when this was decided:", _items(rows)]
    if story.advice.telling:
        parts.append(f"Not known, though it could matter: {markdown(story.needs(story.advice.telling))}.")
    return parts


def _drivers(story: Story) -> list[str]:
    items = [
        f"{markdown(driver.criterion.title)}, weight {driver.weight}{', a must' if driver.must else ''}: "
        f"{markdown(driver.criterion.meaning)} Asked for by {markdown('; '.join(driver.asked_by))}."
        for driver in story.drivers()
    ]
    return ["## Decision Drivers", _items(items) or "Nothing that was answered weighs anything yet."]


def _options(story: Story) -> list[str]:
    items = [
        f"{markdown(alternative.name)}: {markdown(alternative.summary)}" for alternative in story.rules.alternatives
    ]
    return ["## Considered Options", _items(items)]


def _outcome(story: Story) -> list[str]:
    advice, verdict = story.advice, story.verdict
    chosen = story.names(verdict.winners, "or") if verdict.winners else "none yet"
    strongest = [
        f"{markdown(story.criterion(line.criterion))} ({plural(line.points, 'point')})"
        for line in (story.strongest(story.leader)[:3] if story.leader else [])
    ]
    parts = ["## Decision Outcome", f'Chosen option: "{markdown(chosen)}", because {markdown(story.decisive())}']
    parts.append(markdown(verdict.reason))
    if strongest:
        parts.append(f"What weighed most: {', '.join(strongest)}.")
    parts += [markdown(sentence) for sentence in (story.firmness(), story.scale()) if sentence]
    if advice.legacy:
        parts.append(
            f"For the code that exists: **{LEGACY_WORDS[advice.legacy.advice].lower()}**. "
            f"{markdown(' '.join((advice.legacy.because, *advice.legacy.figures)))}"
        )
    parts += [
        f"Using both is possible: {markdown(story.parts(split))}. {markdown(split.because)} {markdown(split.how)}"
        for split in advice.splits
    ]
    return [*parts, *_consequences(story), *_confirmation(story)]


def _consequences(story: Story) -> list[str]:
    items = []
    if story.leader:
        leader = story.leader.alternative
        items += [
            f"Good, because {markdown(story.argument(line, leader))}"
            for line in story.strongest(story.leader)
            if line.level >= _GOOD
        ]
    items += [f"Bad, because {markdown(story.give_up(line))}." for line in story.advice.gives_up]
    items += [
        f"Neutral, because an add-on can help: {link(add_on.remedy.name, add_on.remedy.source)} lifts "
        f"{markdown('; '.join(add_on.lifts))}. The cost: {markdown(add_on.remedy.cost)}"
        for add_on in story.add_ons()
    ]
    return ["### Consequences", _items(items) or "None beyond what is said above."]


def _confirmation(story: Story) -> list[str]:
    parts = ["### Confirmation"]
    if story.leader:
        parts += [
            "In continuous integration, this fails as soon as the same answers no longer lead here:",
            block(f"{story.command} --expect {story.leader.alternative}", "console"),
        ]
    parts.append(
        f"{code('advisor verify REPORT.json')} compares the JSON record of this decision with today's rules and says "
        "what moved."
    )
    return parts


def _pros_and_cons(story: Story) -> list[str]:
    parts = ["## Pros and Cons of the Options"]
    for standing in story.advice.ranking:
        alternative = story.rules.alternative(standing.alternative)
        parts += [
            f"### {markdown(alternative.name)}",
            markdown(alternative.summary),
            _score(story, standing),
            f"Home: {link(alternative.homepage, alternative.homepage)}",
            _items([*_ruled_out(story, standing), *_arguments(story, standing)]),
        ]
    return parts


def _score(story: Story, standing: Standing) -> str:
    return f"Score {score_text(standing.score)} of 100: {standing.points} of {plural(story.advice.perfect, 'point')}."


def _ruled_out(story: Story, standing: Standing) -> list[str]:
    return [
        f"Bad, because ruled out: {markdown(exclusion_sentence(story.rules, standing, exclusion))}"
        for exclusion in standing.exclusions
    ]


def _arguments(story: Story, standing: Standing) -> list[str]:
    items: list[tuple[int, str]] = []
    seen: set[str] = set()
    for line in standing.contributions:
        if line.criterion in seen:
            continue
        seen.add(line.criterion)
        rating = story.rules.criterion(line.criterion).ratings[standing.alternative]
        word = "Good" if line.level >= _GOOD else "Neutral" if line.level >= _NEUTRAL else "Bad"
        source = link("source", rating.source)
        text = f"{word}, because {markdown(story.argument(line, standing.alternative))} ({source})"
        items.append((("Good", "Neutral", "Bad").index(word), text))
    return [text for _, text in sorted(items, key=lambda item: item[0])]


def _more(story: Story) -> list[str]:
    parts = ["## More Information"]
    if story.advice.revisit_when:
        parts += ["Revisit this decision when:", _items([markdown(event) for event in story.advice.revisit_when])]
    if story.advice.caveats:
        cautions = [f"{markdown(caveat.text)} ({link('source', caveat.source)})" for caveat in story.advice.caveats]
        parts += ["Worth knowing when it is carried out:", _items(cautions)]
    if story.flips():
        changes = [f"{story.flip(flip)}." for flip in story.flips()] + story.further_flips()
        parts += ["What would have led elsewhere:", _items([markdown(change) for change in changes])]
    parts += [
        "To get this advice again:",
        block(story.command, "console"),
        f"Made with {markdown(story.made_with())} ({code(story.rules.digest)}).",
    ]
    return parts
