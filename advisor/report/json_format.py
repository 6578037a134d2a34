"""The replayable record: one JSON document with everything that any other output shows.

Key order is the order written here, fractions are text ("1/3"), scores come from whole tenths. `schema.json` beside
this module describes the document.
"""

from __future__ import annotations

from collections.abc import Callable
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from advisor import __version__
from advisor.decision.answers import Answer
from advisor.decision.recommendation import (
    Comparison,
    Contribution,
    Exclusion,
    Flip,
    Recommendation,
    RemedyUse,
    Sensitivity,
    Standing,
    Verdict,
)
from advisor.knowledge.model import Caveat, Remedy, Rules, Split
from advisor.report.options import ReportOptions

if TYPE_CHECKING:
    from fractions import Fraction

SCHEMA_VERSION = "1.0"
TOOL_NAME = "framework-advisor"

Json = dict[str, object]


def to_json(recommendation: Recommendation, *, provenance: ReportOptions | None = None) -> str:
    """Return the recommendation as one JSON document, two spaces deep, ending in a newline.

    Args:
        recommendation: what to record.
        provenance: title, project, author, status and date, kept so that a replay gives the same bytes.

    Returns:
        The document. Bytes of a file name that are no text (lone surrogates) are written as JSON escapes, so that the
        result can always be encoded.
    """
    text = indented(to_record(recommendation, provenance))
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def indented(value: object, margin: str = "\n") -> str:
    """Return plain data as JSON text, two spaces deep: what `json.dumps` gives, in a third of its time.

    Args:
        value: dictionaries with text keys, lists, text, whole and finite numbers, truth values, None.
        margin: line end and spaces before the closing bracket.
    """
    atom = _ATOMS.get(type(value))
    if atom is not None:
        return atom(value)
    inner = f"{margin}  "
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {indented(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{margin}}}" if items else "{}"
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} has no JSON form")
    return f"[{inner}{f',{inner}'.join([indented(item, inner) for item in value])}{margin}]" if value else "[]"


_ATOMS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: int.__repr__,
    float: float.__repr__,
    bool: {False: "false", True: "true"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}


def to_record(recommendation: Recommendation, provenance: ReportOptions | None = None) -> Json:
    """Return the document as plain dictionaries and lists, in the order in which it is written."""
    rules = recommendation.rules
    legacy = recommendation.legacy
    splits = [_split(split) for split in recommendation.splits]
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL_NAME, "version": __version__},
        "rules": {"name": rules.name, "version": rules.version, "digest": rules.digest},
        "report": (provenance or ReportOptions())._asdict(),
        "answers": {need: answer_record(answer) for need, answer in recommendation.answers.items()},
        "verdict": {**_verdict(recommendation.verdict), "pattern": recommendation.pattern},
        "perfect": recommendation.perfect,
        "runner_up": recommendation.runner_up,
        "ranking": [_standing(rules, standing) for standing in recommendation.ranking],
        "comparison": [_comparison(rules, line) for line in recommendation.comparison],
        "against": _comparison(rules, recommendation.against) if recommendation.against else None,
        "sensitivity": _sensitivity(rules, recommendation.sensitivity),
        "legacy": {"advice": legacy.advice, "because": legacy.because, "figures": list(legacy.figures)}
        if legacy
        else None,
        "split": splits[0] if splits else None,
        "more_splits": splits[1:],
        "relax": list(recommendation.relax),
        "remedies": [_use(use) for use in recommendation.remedies],
        "gives_up": [_comparison(rules, line) for line in recommendation.gives_up],
        "caveats": [_caveat(caveat) for caveat in recommendation.caveats],
        "revisit_when": list(recommendation.revisit_when),
        "examples": [
            {
                "alternative": example.alternative,
                "topic": example.topic,
                "path": example.path,
                "shows": example.shows,
                "run": example.run,
            }
            for example in recommendation.examples
        ],
        "more_examples": list(recommendation.more_examples),
        "telling": list(recommendation.telling),
    }


def answer_record(answer: Answer) -> Json:
    """Return one answer as the record keeps it; scan reports use the same shape."""
    return {"choices": list(answer.choices), "origin": answer.origin, "evidence": list(answer.evidence)}


def score_of(tenths: int) -> float:
    """Return a score in whole tenths as the number with one decimal that JSON shows (875 → 87.5)."""
    return tenths / 10


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _verdict(verdict: Verdict) -> Json:
    return {
        "state": verdict.state,
        "firmness": verdict.firmness,
        "winners": list(verdict.winners),
        "completions": dict(verdict.completions),
        "total": verdict.total,
        "ties": verdict.ties,
        "unfit": verdict.unfit,
        "baseless": verdict.baseless,
        "counted": verdict.counted,
        "reason": verdict.reason,
    }


def _standing(rules: Rules, standing: Standing) -> Json:
    alternative = rules.alternative(standing.alternative)
    return {
        "alternative": alternative.id,
        "name": alternative.name,
        "rank": standing.rank,
        "score": score_of(standing.score),
        "points": standing.points,
        "excluded": _excluded(rules, standing),
        "contributions": [_contribution(rules, alternative.id, line) for line in standing.contributions],
    }


def _excluded(rules: Rules, standing: Standing) -> Json | None:
    if not standing.exclusions:
        return None
    first, *others = (_exclusion(rules, standing.alternative, exclusion) for exclusion in standing.exclusions)
    return {**first, "more": others}


def _exclusion(rules: Rules, alternative: str, exclusion: Exclusion) -> Json:
    requirement = exclusion.requirement
    criterion = rules.criterion(requirement.criterion)
    rating = criterion.ratings[alternative]
    return {
        "requirement": {
            "need": exclusion.need,
            "choice": exclusion.choice,
            "criterion": criterion.id,
            "at_least": requirement.at_least,
            "word": criterion.word_of(requirement.at_least),
            "with_remedies": requirement.with_remedies,
            "because": requirement.because,
        },
        "rating": {
            "level": exclusion.level,
            "reached": exclusion.reached,
            "word": rating.word,
            "because": rating.because,
            "source": rating.source,
            "checked": rating.checked,
        },
        "remedy": _remedy(exclusion.remedy) if exclusion.remedy else None,
    }


def _contribution(rules: Rules, alternative: str, line: Contribution) -> Json:
    rating = rules.criterion(line.criterion).ratings[alternative]
    return {
        "need": line.need,
        "choice": line.choice,
        "criterion": line.criterion,
        "asked": line.asked,
        "weight": line.weight,
        "level": line.level,
        "points": line.points,
        "perfect": line.perfect,
        "word": rating.word,
        "because": rating.because,
        "source": rating.source,
        "checked": rating.checked,
    }


def _comparison(rules: Rules, line: Comparison) -> Json:
    return {
        "criterion": line.criterion,
        "title": rules.criterion(line.criterion).title,
        "weight": line.weight,
        "winner_level": line.winner_level,
        "runner_up_level": line.runner_up_level,
        "points": line.points,
        "rival": line.rival,
    }


def _remedy(remedy: Remedy) -> Json:
    return {
        "id": remedy.id,
        "alternative": remedy.alternative,
        "name": remedy.name,
        "gives": remedy.gives,
        "cost": remedy.cost,
        "source": remedy.source,
        "checked": remedy.checked,
    }


def _caveat(caveat: Caveat) -> Json:
    return {"id": caveat.id, "text": caveat.text, "source": caveat.source, "checked": caveat.checked}


def _split(split: Split) -> Json:
    return {
        "id": split.id,
        "parts": dict(split.parts),
        "because": split.because,
        "how": split.how,
        "source": split.source,
    }


def _use(use: RemedyUse) -> Json:
    return {
        **_remedy(use.remedy),
        "criterion": use.criterion,
        "before": use.before,
        "after": use.after,
        "needed": use.needed,
    }


def _flip(flip: Flip) -> Json:
    return {
        "alternative": flip.alternative,
        "changes": [{"need": change.need, "from": list(change.before), "to": change.after} for change in flip.changes],
        "wishes": flip.wishes,
        "distance": flip.distance,
        "drops": list(flip.drops),
    }


def _sensitivity(rules: Rules, found: Sensitivity | None) -> Json | None:
    if found is None:
        return None
    return {
        "flips": [_flip(flip) for flip in found.flips],
        "flips_cut": list(found.flips_cut),
        "cannot_win": list(found.cannot_win),
        "not_searched": list(found.not_searched),
        "weight_intervals": [
            {
                "criterion": interval.criterion,
                "title": rules.criterion(interval.criterion).title,
                "weight": interval.weight,
                "low": _fraction(interval.low),
                "low_rival": interval.low_rival,
                "high": _fraction(interval.high),
                "high_rival": interval.high_rival,
            }
            for interval in found.weight_intervals
        ],
        "joint_radius": _fraction(found.joint_radius),
        "choice_flips": [{**flip._asdict(), "winners": list(flip.winners)} for flip in found.choice_flips],
        "rating_flips": [{**flip._asdict(), "winners": list(flip.winners)} for flip in found.rating_flips],
        "scale_free": found.scale_free,
        "same_scale": found.same_scale,
        "sufficient": list(found.sufficient),
        "irrelevant": list(found.irrelevant),
        "unknown_costs": [
            {
                "need": cost.need,
                "winners": {choice: list(winners) for choice, winners in cost.winners.items()},
                "can_change": cost.can_change,
            }
            for cost in found.unknown_costs
        ],
        # Most rules are small enough for everything.
        **({"left_out": list(found.left_out)} if found.left_out else {}),
    }
