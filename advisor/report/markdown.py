"""A report for people, in GitHub's Markdown: reads well raw and rendered."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.decision.recommendation import Recommendation
from advisor.report.escape import block, code, link, markdown, table
from advisor.report.options import ReportOptions
from advisor.report.story import LANGUAGES, ORIGINS, Reason, Story, example_source
from advisor.report.wording import (
    LEGACY_WORDS,
    exclusion_sentence,
    headline,
    plural,
    score_text,
)


def to_markdown(recommendation: Recommendation, options: ReportOptions | None = None) -> str:
    """Return the recommendation as a Markdown report.

    Raises:
        AdvisorError: the file of an example cannot be read.
    """
    options = options or ReportOptions()
    story = Story(recommendation, options.rules_file)
    sections = [
        [f"# {markdown(story.title(options))}", *_frame(options), _advice(story)],
        _answers(story),
        _comparison(story),
        _contributions(story),
        _exclusions(story),
        _give_ups(story),
        _remedies(story),
        _cautions(story),
        _sensitivity(story),
        _revisit(story),
        _examples(story),
        _sources(story),
        _reproduce(story),
    ]
    return "\n\n".join(part for section in sections for part in section if part) + "\n"


def bullets(items: Iterable[str]) -> str:
    """Return a list of Markdown items."""
    return "\n".join(f"- {item}" for item in items)


def _frame(options: ReportOptions) -> list[str]:
    given = {"Project": options.project, "Status": options.status, "Author": options.author, "Date": options.date}
    return [bullets(f"{label}: {markdown(value)}" for label, value in given.items() if value)]


def _advice(story: Story) -> str:
    advice, verdict = story.advice, story.verdict
    parts = [f"**{markdown(headline(advice))}**", markdown(verdict.reason)]
    parts += [markdown(sentence) for sentence in (story.firmness(), story.scale()) if sentence]
    rows = [
        [
            str(standing.rank),
            markdown(story.name(standing.alternative)),
            score_text(standing.score),
            f"{standing.points} of {advice.perfect}",
            "ruled out" if standing.exclusions else "",
        ]
        for standing in advice.ranking
    ]
    if verdict.winners or advice.perfect:
        parts.append(table(["Place", markdown(story.subject()), "Score of 100", "Points", ""], rows, "rlrrl"))
    if verdict.total > 1:
        ways = [
            [markdown(story.name(alternative)), f"{number:,}"] for alternative, number in verdict.completions.items()
        ]
        parts.append(f"Over {plural(verdict.total, 'way')} to answer what is still open, each leads in:")
        parts.append(table(["Leads", "Ways"], ways, "lr"))
    if advice.legacy:
        words = LEGACY_WORDS[advice.legacy.advice]
        why = " ".join((advice.legacy.because, *advice.legacy.figures))
        parts.append(f"**The code that exists: {words.lower()}.** {markdown(why)}")
    for split in advice.splits:
        uses = markdown(story.parts(split))
        parts.append(f"**Or both, side by side** ({uses}). {markdown(split.because)} {markdown(split.how)}")
    return "\n\n".join(parts)


def _answers(story: Story) -> list[str]:
    rows = []
    for need, answer in story.advice.answers.items():
        evidence = "".join(f"<br>{code(line, cell=True)}" for line in answer.evidence)
        given = f"{code(f'--{need}')} {code(','.join(answer.choices), cell=True)}"
        rows.append(
            [markdown(story.need(need)), markdown(story.answer(need, answer)), ORIGINS[answer.origin] + evidence, given]
        )
    parts = ["## Answers"]
    parts.append(table(["Need", "Answer", "Where from", "Option"], rows) if rows else "Nothing was answered.")
    if story.advice.telling:
        names = [f"{markdown(story.need(need))} ({code('--' + need)})" for need in story.advice.telling]
        parts.append(f"Still open, and able to matter, the most telling first: {', '.join(names)}.")
    return parts


def _comparison(story: Story) -> list[str]:
    names = [markdown(alternative.name) for alternative in story.rules.alternatives]
    rows = []
    for criterion, weight in story.compared():
        cells = [
            f"{rating.mark} {markdown(rating.word)}".strip()
            for rating in (criterion.ratings[alternative.id] for alternative in story.rules.alternatives)
        ]
        rows.append([markdown(criterion.title), *cells, str(weight) if weight else "–"])
    return [
        "## Comparison",
        "The ratings are without add-ons.",
        table(["", *names, "Weight here"], rows, "l" * (len(names) + 1) + "r"),
    ]


def _contributions(story: Story) -> list[str]:
    reasons = story.reasons()
    if not reasons:
        return []
    names = [markdown(alternative.name) for alternative in story.rules.alternatives]
    rows = [_reason_row(story, reason) for reason in reasons]
    totals = [f"**{story.advice.standing(alternative.id).points}**" for alternative in story.rules.alternatives]
    rows.append(["**Points**", "", "", *totals])
    cuts = [
        f"{markdown(reason.criterion.title)}: {markdown(story.cut(reason))}" for reason in reasons if story.cut(reason)
    ]
    parts = [
        "## Where the points come from",
        "Points are weight × level; an answer sets the weight, the rating or its fit sets the level (0 to 4).",
        table(["Criterion", "Because you answered", "Weight", *names], rows, "llr" + "r" * len(names)),
        bullets(cuts),
    ]
    for winner in story.verdict.winners:
        lines = story.strongest(story.advice.standing(winner))
        parts.append(f"### What gives {markdown(story.name(winner))} its points")
        parts.append(
            bullets(
                f"**{markdown(story.criterion(line.criterion))}** ({plural(line.points, 'point')}): "
                f"{markdown(story.because(line, winner))}"
                for line in lines
            )
        )
    return parts


def _reason_row(story: Story, reason: Reason) -> list[str]:
    asked = f"{markdown(story.need(reason.need))}: {markdown(story.label(reason.need, reason.choice))}"
    weight = str(reason.weight) if reason.weight == reason.asked else f"{reason.weight} (of {reason.asked})"
    cells = [f"{line.level} → {line.points}" if line else "–" for line in reason.lines]
    return [markdown(reason.criterion.title), asked, weight, *cells]


def _exclusions(story: Story) -> list[str]:
    items = []
    for standing in story.advice.ranking:
        for exclusion in standing.exclusions:
            text = markdown(exclusion_sentence(story.rules, standing, exclusion))
            text += f" {markdown(exclusion.requirement.because)}" if exclusion.requirement.because else ""
            if exclusion.remedy:
                remedy = exclusion.remedy
                text += f" {link(remedy.name, remedy.source)} would lift it far enough: {markdown(remedy.cost)}"
            name = markdown(story.name(standing.alternative))
            items.append(f"**{name}** (it would have scored {score_text(standing.score)}): {text}")
    if not items:
        return []
    parts = ["## Ruled out", bullets(items)]
    if story.advice.relax:
        parts.append(f"Something fits once this is no longer a must: {markdown(story.needs(story.advice.relax))}.")
    return parts


def _give_ups(story: Story) -> list[str]:
    lines = [f"{markdown(story.give_up(line))}." for line in story.advice.gives_up]
    return ["## What you give up", bullets(lines)] if lines else []


def _remedies(story: Story) -> list[str]:
    items = [
        f"{link(add_on.remedy.name, add_on.remedy.source)} lifts {markdown('; '.join(add_on.lifts))}"
        f"{' (a must rests on it)' if add_on.needed else ''}. {markdown(add_on.remedy.gives)} "
        f"The cost: {markdown(add_on.remedy.cost)}"
        for add_on in story.add_ons()
    ]
    return ["## Add-ons that close the gaps", bullets(items)] if items else []


def _cautions(story: Story) -> list[str]:
    items = [f"{markdown(caveat.text)} ({link('source', caveat.source)})" for caveat in story.advice.caveats]
    return ["## Worth knowing", bullets(items)] if items else []


def _sensitivity(story: Story) -> list[str]:
    items = [
        f"{markdown(sentence)} {code(flags)}" if flags else markdown(sentence) for sentence, flags in story.changes()
    ]
    if not items:
        return []
    return ["## What would change it", "Each of these was scored again before it was written.", bullets(items)]


def _revisit(story: Story) -> list[str]:
    events = story.advice.revisit_when
    return ["## Look again when", bullets(markdown(event) for event in events)] if events else []


def _examples(story: Story) -> list[str]:
    if not story.advice.examples:
        return []
    parts = ["## Code to look at"]
    for example in story.advice.examples:
        parts += [
            f"### {markdown(story.name(example.alternative))}: {markdown(example.title)}",
            markdown(example.shows),
            block(example_source(story.advice, example), LANGUAGES.get(example.path.rpartition(".")[2], "")),
            f"Run it: {code(example.run)}",
        ]
    if story.advice.more_examples:
        others = ", ".join(code(f"advisor examples show {name}") for name in story.advice.more_examples)
        parts.append(f"More: {others}")
    return parts


def _sources(story: Story) -> list[str]:
    items = [
        f"{link(source, source)} ({markdown(what)}; checked {markdown(checked)})"
        for source, what, checked in story.sources()
    ]
    return ["## Sources", bullets(items)] if items else []


def _reproduce(story: Story) -> list[str]:
    return [
        "## How to get this again",
        block(story.command, "console"),
        f"Made with {markdown(story.made_with())} ({code(story.rules.digest)}).",
        "The same answers and rules give the same bytes.",
    ]
