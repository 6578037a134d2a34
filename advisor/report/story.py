"""What the reports to keep have in common, as plain text: each format escapes and arranges it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from advisor import __version__
from advisor.decision.answers import Answer
from advisor.decision.recommendation import (
    Comparison,
    Contribution,
    Flip,
    RatingFlip,
    Recommendation,
    RemedyUse,
    Standing,
    UnknownCost,
    WeightInterval,
)
from advisor.errors import AdvisorError
from advisor.knowledge.files import read_input
from advisor.knowledge.model import Criterion, Example, Remedy, Split
from advisor.report.options import ReportOptions
from advisor.report.wording import (
    command_line,
    left_out,
    listed,
    lower_first,
    name_of,
    names_of,
    plural,
    runner_up,
    score_text,
)

FLIPS_SHOWN = 3
"""Sets of changes that are told for each alternative; the JSON record has all that were found."""

LARGEST_EXAMPLE = 64 * 1024
"""Bytes of an example's file that a report shows at most."""

ORIGINS = {
    "flag": "given as a flag",
    "set": "given with --set",
    "file": "from the answers file",
    "scan": "read from the code",
    "prompt": "answered when asked",
    "unknown": "not known",
}


LANGUAGES = {"py": "python", "html": "html", "toml": "toml", "yaml": "yaml", "yml": "yaml", "sh": "console"}
"""Ending of an example's file → language for highlighting."""


class Reason(NamedTuple):
    """Why points were given: one criterion under one answer, for every alternative at once."""

    criterion: Criterion
    need: str  #: id
    choice: str  #: id
    asked: int
    weight: int
    perfect: int
    lines: tuple[Contribution | None, ...]  #: one for each alternative, in the order of the rules file

    @property
    def spread(self) -> int:
        """Points between the alternative it gives most and the one it gives least."""
        points = [line.points if line else 0 for line in self.lines]
        return max(points) - min(points)


class Argument(NamedTuple):
    """What one criterion gave one alternative, over all answers that asked for it."""

    criterion: str
    points: int
    level: int  #: the best level that counted


class Driver(NamedTuple):
    """One criterion that counted, over all answers that asked for it."""

    criterion: Criterion
    weight: int
    asked_by: tuple[str, ...]  #: "need: answer"
    must: bool  #: whether it ruled something out


class AddOn(NamedTuple):
    """One add-on for the pick, and everything it lifts."""

    remedy: Remedy
    lifts: tuple[str, ...]
    needed: bool  #: whether a must rests on it


class Story:
    """Sentences about one recommendation."""

    def __init__(self, recommendation: Recommendation, rules_file: str | None = None) -> None:
        self.advice = recommendation
        self.command = command_line(recommendation, rules_file)
        self.rules = recommendation.rules
        self.verdict = recommendation.verdict

    def name(self, alternative: str) -> str:
        """Return the printed name of an alternative."""
        return name_of(self.rules, alternative)

    def names(self, alternatives: Iterable[str], word: str = "and") -> str:
        """Return several printed names as a sentence joins them."""
        return names_of(self.rules, alternatives, word)

    def need(self, need: str) -> str:
        """Return the title of a need."""
        return self.rules.need(need).title

    def needs(self, needs: Iterable[str]) -> str:
        """Return the titles of several needs as a sentence joins them."""
        return listed(self.need(need) for need in needs)

    def label(self, need: str, choice: str) -> str:
        """Return the label of a choice."""
        return self.rules.need(need).choice(choice).label

    def choice(self, need: str, choice: str) -> str:
        """Return the label of a choice, in quotation marks."""
        return f"“{self.rules.need(need).choice(choice).label}”"

    def answer(self, need: str, answer: Answer) -> str:
        """Return the labels of the choices still possible."""
        return listed((self.rules.need(need).choice(choice).label for choice in answer.choices), "or")

    def criterion(self, criterion: str) -> str:
        """Return the title of a criterion."""
        return self.rules.criterion(criterion).title

    def rating(self, alternative: str, criterion: str) -> str:
        """Return the word that the table has for one alternative."""
        return self.rules.criterion(criterion).ratings[alternative].word

    @property
    def leader(self) -> Standing | None:
        """The standing of the winner, or None when there is not exactly one."""
        return self.advice.standing(self.verdict.winners[0]) if len(self.verdict.winners) == 1 else None

    def subject(self) -> str:
        """Return what is compared, plural, with a capital letter."""
        return self.rules.subject[:1].upper() + self.rules.subject[1:]

    def headline(self) -> str:
        """Return the advice in a few words."""
        winners = self.verdict.winners
        if self.advice.pattern == "nothing-fits":
            return "Nothing meets every must"
        if not winners:
            return "No advice yet"
        if len(winners) > 1:
            return f"{self.names(winners, 'or')}: a tie"
        name = self.name(winners[0])
        return {"settled": f"Use {name}", "leaning": f"Probably {name}"}.get(self.verdict.state, f"{name}, so far")

    def title(self, options: ReportOptions) -> str:
        """Return the heading of a report: the one asked for, or one made from the advice."""
        if options.title:
            return options.title
        return f"{options.project}: {self.headline()}" if options.project else self.headline()

    def decisive(self) -> str:
        """Return what the choice rests on, as it stands after "because"."""
        advice, leader, second = self.advice, self.leader, runner_up(self.advice)
        if leader is None:
            if self.verdict.winners:
                return "their points are exactly equal for these answers."
            excluded = advice.pattern == "nothing-fits"
            return (
                f"every one misses a must: {self.needs(advice.relax)}." if excluded else "nothing answered weighs yet."
            )
        if second is None:
            return "it is the only one left after the musts."
        gap = f"{score_text(leader.score)} against {score_text(second.score)} for {self.name(second.alternative)}"
        if advice.pattern == "dominates":
            return f"it is at least as good as {self.name(second.alternative)} on everything that counts here ({gap})."
        if advice.pattern == "one-criterion" and advice.comparison:
            return f"what decides is {lower_first(self.criterion(advice.comparison[0].criterion))} ({gap})."
        return f"it {'narrowly leads' if advice.pattern == 'close' else 'scores'} {gap}."

    def parts(self, split: Split) -> str:
        """Return which part of a split goes to which alternative."""
        return listed(f"{part} with {self.name(who)}" for part, who in split.parts)

    def firmness(self) -> str:
        """Return how far the result is from another one, over the answers given."""
        sentences = {
            "firm": "Firm: no single answer moved to a neighbouring choice, and no single rating off by one step, "
            "changes the first place.",
            "close": "Close: one answer moved by one step, or one rating off by one step, changes the first place.",
            "tie": "A tie: the points are exactly equal. File order breaks no ties.",
        }
        return sentences.get(self.verdict.firmness or "", "")

    def reasons(self) -> list[Reason]:
        """Return what counted, for every alternative at once: what tells them apart most comes first."""
        order = [alternative.id for alternative in self.rules.alternatives]
        lines: dict[tuple[str, str, str, int], dict[str, Contribution]] = {}
        for standing in self.advice.ranking:
            seen: dict[tuple[str, str, str], int] = {}
            for line in standing.contributions:
                key = (line.need, line.choice, line.criterion)
                seen[key] = seen.get(key, 0) + 1
                lines.setdefault((*key, seen[key]), {})[standing.alternative] = line
        found = []
        for (need, choice, criterion, _), row in lines.items():
            first = next(iter(row.values()))
            cells = tuple(row.get(alternative) for alternative in order)
            found.append(
                Reason(self.rules.criterion(criterion), need, choice, first.asked, first.weight, first.perfect, cells)
            )
        return sorted(found, key=lambda reason: -reason.spread)

    def compared(self) -> list[tuple[Criterion, int]]:
        """Return the rows of the comparison table, and every other criterion that counted, with its counted weight."""
        weights: dict[str, int] = {}
        for reason in self.reasons():
            weights[reason.criterion.id] = weights.get(reason.criterion.id, 0) + reason.weight
        shown = [item for item in self.rules.criteria if item.table or item.id in weights]
        return [(criterion, weights.get(criterion.id, 0)) for criterion in shown]

    def strongest(self, standing: Standing) -> list[Argument]:
        """Return the criteria that gave one standing points, most first, whatever answers asked for them."""
        merged: dict[str, Argument] = {}
        for line in standing.contributions:
            if line.points:
                so_far = merged.get(line.criterion, Argument(line.criterion, 0, line.level))
                level = max(so_far.level, line.level)
                merged[line.criterion] = Argument(line.criterion, so_far.points + line.points, level)
        return sorted(merged.values(), key=lambda argument: -argument.points)

    def drivers(self) -> list[Driver]:
        """Return the criteria that counted, what tells the alternatives apart most first, with all who asked."""
        musts = {
            exclusion.requirement.criterion for standing in self.advice.ranking for exclusion in standing.exclusions
        }
        merged: dict[str, Driver] = {}
        for reason in self.reasons():
            criterion = reason.criterion
            so_far = merged.get(criterion.id, Driver(criterion, 0, (), must=criterion.id in musts))
            asked = f"{self.need(reason.need)}: {self.label(reason.need, reason.choice)}"
            merged[criterion.id] = so_far._replace(
                weight=so_far.weight + reason.weight, asked_by=(*so_far.asked_by, asked)
            )
        return list(merged.values())

    def add_ons(self) -> list[AddOn]:
        """Return the add-ons that close gaps of the pick, each once, with everything it lifts."""
        merged: dict[str, AddOn] = {}
        for use in self.advice.remedies:
            so_far = merged.get(use.remedy.id, AddOn(use.remedy, (), needed=False))
            merged[use.remedy.id] = so_far._replace(
                lifts=(*so_far.lifts, self.lift(use)), needed=so_far.needed or use.needed
            )
        return list(merged.values())

    def because(self, line: Argument, alternative: str) -> str:
        """Return the sentence behind a contribution."""
        return self.rules.criterion(line.criterion).ratings[alternative].because

    def cut(self, reason: Reason) -> str:
        """Return why less than the asked weight counts, or nothing."""
        if reason.weight == reason.asked or reason.criterion.group is None:
            return ""
        group = next(group for group in self.rules.groups if group.id == reason.criterion.group)
        title = lower_first(group.title)
        limit = f"{title} weighs {group.limit} at most"
        return f"{reason.weight} of {reason.asked} counts, because {limit}. {group.because}"

    def argument(self, line: Argument | Contribution, alternative: str) -> str:
        """Return a contribution as an argument: the criterion, its word, and the sentence behind it."""
        rating = self.rules.criterion(line.criterion).ratings[alternative]
        return f"{self.criterion(line.criterion)} is “{rating.word}”: {rating.because}"

    def give_up(self, line: Comparison) -> str:
        """Return where a rival is better although the criterion counts."""
        criterion, points = self.rules.criterion(line.criterion), plural(abs(line.points), "point")
        rival = self.name(line.rival) if line.rival else "a rival"
        if criterion.kind == "match":
            return f"{criterion.title} fits what was answered less well than with {rival} ({points})"
        has, theirs = criterion.word_of(line.winner_level), criterion.word_of(line.runner_up_level)
        return f"{criterion.title} is “{has}” where {rival} has “{theirs}” ({points})"

    def lift(self, use: RemedyUse) -> str:
        """Return what an add-on lifts."""
        criterion = self.rules.criterion(use.criterion)
        return f"{criterion.title} from “{criterion.word_of(use.before)}” to “{criterion.word_of(use.after)}”"

    def flip(self, flip: Flip) -> str:
        """Return a smallest set of answer changes that makes another alternative win."""
        changes = []
        for change in flip.changes:
            before = listed((self.choice(change.need, choice) for choice in change.before), "or")
            instead = f" instead of {before}" if before else ""
            changes.append(f"{self.need(change.need)} were {self.choice(change.need, change.after)}{instead}")
        drops = f"; {self.needs(flip.drops)} would no longer apply" if flip.drops else ""
        return f"{self.name(flip.alternative)} would win if {listed(changes)}{drops}"

    def flip_flags(self, flip: Flip) -> str:
        """Return the changes of a flip as options of the command line."""
        return " ".join(f"--{change.need} {change.after}" for change in flip.changes)

    def rating_flip(self, flip: RatingFlip) -> str:
        """Return one rating whose move by a step changes the first place."""
        criterion = self.rules.criterion(flip.criterion)
        return (
            f"If {self.name(flip.alternative)} were “{criterion.word_of(flip.after)}” instead of "
            f"“{criterion.word_of(flip.before)}” on {criterion.title}: {self.leads(flip.winners)}"
        )

    def leads(self, winners: Sequence[str]) -> str:
        """Return who leads: one, several, or none."""
        if not winners:
            return "nothing fits"
        return f"{self.names(winners)} {'leads' if len(winners) == 1 else 'lead together'}"

    def interval(self, interval: WeightInterval) -> str:
        """Return how far one weight may move."""
        down = "may fall to nothing" if interval.low is None else f"draws level with {self._rival(interval, 'low')}"
        up = "may rise without limit" if interval.high is None else f"draws level with {self._rival(interval, 'high')}"
        return f"{self.criterion(interval.criterion)} weighs {interval.weight}: it {down}, and {up}"

    def intervals(self, intervals: Iterable[WeightInterval]) -> list[str]:
        """Return how far each weight may move; those that may move without limit share a sentence."""
        free = [interval for interval in intervals if interval.low is None and interval.high is None]
        found = [f"{self.interval(interval)}." for interval in intervals if interval not in free]
        if free:
            titles = listed(self.criterion(interval.criterion) for interval in free)
            found.append(f"However much or little each of these weighs, the first place stays: {titles}.")
        return found

    def _rival(self, interval: WeightInterval, end: str) -> str:
        bound, rival = (interval.low, interval.low_rival) if end == "low" else (interval.high, interval.high_rival)
        return f"{self.name(rival) if rival else 'a rival'} at {bound}"

    def unknowns(self, costs: Iterable[UnknownCost]) -> list[str]:
        """Return what each open need could still do by itself; those that can do nothing share a sentence."""
        found = []
        for cost in costs:
            if cost.can_change:
                parts = [f"{self.choice(cost.need, choice)}: {self.leads(who)}" for choice, who in cost.winners.items()]
                found.append(f"{self.need(cost.need)} is open. {'; '.join(parts)}.")
        idle = [cost.need for cost in costs if not cost.can_change]
        if idle:
            found.append(f"Open, and unable to change the first place alone: {self.needs(idle)}.")
        return found

    def flips(self) -> list[Flip]:
        """Return the first few flips of each alternative: the nearest, wishes before facts."""
        shown: list[Flip] = []
        for flip in self.advice.sensitivity.flips if self.advice.sensitivity else ():
            if sum(other.alternative == flip.alternative for other in shown) < FLIPS_SHOWN:
                shown.append(flip)
        return shown

    def further_flips(self) -> list[str]:
        """Return, for each alternative, how many more sets of changes would make it win."""
        found = self.advice.sensitivity
        if found is None:
            return []
        sentences = []
        for alternative in dict.fromkeys(flip.alternative for flip in found.flips):
            more = sum(flip.alternative == alternative for flip in found.flips) - FLIPS_SHOWN
            least = "at least " if alternative in found.flips_cut else ""
            if more > 0:
                sets = plural(more, "further set of changes", "further sets of changes")
                sentences.append(
                    f"{self.name(alternative)} would win after {least}{sets} as well; the JSON record has them."
                )
        return sentences

    def changes(self) -> list[tuple[str, str]]:
        """Return everything that is known about what would change the result: (sentence, options that do it or "")."""
        found = self.advice.sensitivity
        if found is None:
            return []
        told = [(f"{self.flip(flip)}.", self.flip_flags(flip)) for flip in self.flips()]
        more = self.further_flips()
        more += [f"{self.name(who)} leads alone under no answers at all." for who in found.cannot_win]
        more += left_out(self.advice.rules, found)
        more += [f"{self.rating_flip(flip)}." for flip in found.rating_flips]
        more += self.intervals(found.weight_intervals)
        more += [self.radius()] if found.joint_radius is not None else []
        if found.sufficient:
            more.append(f"Enough to fix the result: {self.needs(found.sufficient)}.")
        if found.irrelevant:
            more.append(f"Could each be answered in any way: {self.needs(found.irrelevant)}.")
        more += self.unknowns(found.unknown_costs)
        return told + [(sentence, "") for sentence in more]

    def radius(self) -> str:
        """Return how far all weights may be off at once, or nothing."""
        sensitivity = self.advice.sensitivity
        if sensitivity is None or sensitivity.joint_radius is None:
            return ""
        radius = sensitivity.joint_radius
        percent = f"{int(radius * 100)} %"
        exact = percent if radius.denominator == 1 else f"{radius} ({percent})"
        return f"The first place holds while every weight at once is off by less than {exact}."

    def scale(self) -> str:
        """Return whether the result rests on turning words into numbers, or nothing."""
        sensitivity = self.advice.sensitivity
        if sensitivity is None or len(self.verdict.winners) != 1:
            return ""
        if sensitivity.scale_free:
            return "It holds for every way of turning the table's words into numbers that keeps their order."
        return "It rests on equal steps between the table's words; other steps in the same order may change it."

    def made_with(self) -> str:
        """Return what made the report: versions and digest."""
        rules = self.rules
        return f"framework-advisor {__version__}, rules “{rules.name}” {rules.version}"

    def sources(self) -> list[tuple[str, str, str]]:
        """Return every source that bears on the advice, once: (address, what it is for, date checked)."""
        found: dict[str, tuple[list[str], str]] = {}

        def note(source: str, what: str, checked: str) -> None:
            uses, latest = found.get(source, ([], checked))
            if what not in uses:
                uses.append(what)
            found[source] = (uses, max(latest, checked))

        for standing in self.advice.ranking:
            name = self.name(standing.alternative)
            criteria = [line.criterion for line in standing.contributions]
            criteria += [exclusion.requirement.criterion for exclusion in standing.exclusions]
            for criterion in criteria:
                rating = self.rules.criterion(criterion).ratings[standing.alternative]
                note(rating.source, f"{name}, {self.criterion(criterion)}", rating.checked)
        for use in self.advice.remedies:
            note(use.remedy.source, use.remedy.name, use.remedy.checked)
        for caveat in self.advice.caveats:
            note(caveat.source, "a caution above", caveat.checked)
        return [(source, "; ".join(uses), checked) for source, (uses, checked) in found.items() if source]


def example_source(recommendation: Recommendation, example: Example) -> str:
    """Read the main file of an example.

    Raises:
        AdvisorError: it lies outside the folder of the rules, cannot be read, is too large or is not UTF-8.
    """
    folder = Path(recommendation.rules.folder)
    path = folder / example.path
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise AdvisorError(f"{example.path}: the example lies outside the folder of the rules")
        data = read_input(path, LARGEST_EXAMPLE + 1)
        text = data[:LARGEST_EXAMPLE].decode("utf-8")
    except OSError as error:
        raise AdvisorError(
            f"{path}: {error.strerror or error}", "the rules name an example that cannot be read"
        ) from error
    except UnicodeDecodeError as error:
        raise AdvisorError(f"{path}: the example is not UTF-8") from error
    if len(data) > LARGEST_EXAMPLE:
        raise AdvisorError(f"{path}: the example is larger than {LARGEST_EXAMPLE // 1024} KiB")
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"
