"""The table that a page carries for live what-if: the decision core's own, as plain data."""

from __future__ import annotations

import json

from advisor.decision.recommendation import Recommendation
from advisor.decision.table import Known, Must, Table, Term, compile_table
from advisor.knowledge.model import Rules
from advisor.report.escape import visible

Json = dict[str, object]


def what_if_data(recommendation: Recommendation) -> Json:
    """Return everything the page's arithmetic needs; numbers of needs, criteria and alternatives are their places.

    A set of choices or of alternatives is a whole number whose bits are its members.
    """
    rules = recommendation.rules
    table = compile_table(rules)
    return {
        "alternatives": [{"id": item.id, "name": visible(item.name)} for item in rules.alternatives],
        "criteria": [
            {
                "title": visible(criterion.title),
                "because": [visible(criterion.ratings[item.id].because) for item in rules.alternatives],
                "steps": [step.level for step in criterion.scale] if criterion.kind == "grade" else [],
                "levels": [criterion.ratings[item.id].level for item in rules.alternatives],
                "lifts": [_lift(rules, item.id, criterion.id) for item in rules.alternatives],
            }
            for criterion in rules.criteria
        ],
        "limits": table.limits,
        "gates": [[need, _condition(gate)] for need, gate in table.gates],
        "blocks": [list(block.needs) for block in table.blocks],
        "needs": [_need(table, number) for number in range(len(rules.needs))],
        "recorded": table.state(recommendation.answers),
    }


def script_json(data: Json) -> str:
    """Return JSON that can stand inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _need(table: Table, number: int) -> Json:
    need = table.rules.needs[number]
    choices = [
        {
            "id": choice.id,
            "label": visible(choice.label),
            "terms": [_term(term) for term in table.terms[number][place]],
            "musts": [_must(table, must) for must in table.musts[number][place]],
        }
        for place, choice in enumerate(need.choices)
    ]
    return {
        "id": need.id,
        "title": visible(need.title),
        "ordered": need.ordered,
        "full": table.full[number],
        "choices": choices,
    }


def _lift(rules: Rules, alternative: str, criterion: str) -> int:
    """Return the best level that any add-on lifts an alternative to on a criterion; 0 when there is none."""
    lifts = [remedy.lifts.get(criterion, 0) for remedy in rules.remedies if remedy.alternative == alternative]
    return max(lifts, default=0)


def _term(term: Term) -> Json:
    return {
        "criterion": term.criterion,
        "weight": term.weight,
        "levels": list(term.levels),
        "group": term.group,
        "when": _condition(term.when),
        "unless": _condition(term.unless),
    }


def _must(table: Table, must: Must) -> Json:
    need, criterion = table.rules.needs[must.need], table.rules.criteria[must.criterion]
    label = need.choices[must.choice].label
    wanted = criterion.word_of(must.requirement.at_least)
    return {
        "criterion": must.criterion,
        "atLeast": must.requirement.at_least,
        "withAddOns": must.requirement.with_remedies,
        "below": sum(1 << place for place in table.places(must.below)),
        "says": visible(f"{need.title} is “{label}”, which needs “{wanted}” or better on {criterion.title}"),
        "when": _condition(must.when),
        "unless": _condition(must.unless),
    }


def _condition(condition: Known) -> list[list[int]]:
    return [[need, bits] for need, bits in condition]
