"""The table that a page carries for live what-if: the decision core's own, as plain data."""

from __future__ import annotations

import json

from advisor.decision.recommendation import Recommendation
from advisor.decision.table import Known, Must, Table, Term, compile_table
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
    return {"id": need.id, "title": visible(need.title), "full": table.full[number], "choices": choices}


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
        "below": sum(1 << place for place in table.places(must.below)),
        "says": visible(f"{need.title} is “{label}”, which needs “{wanted}” or better on {criterion.title}"),
        "when": _condition(must.when),
        "unless": _condition(must.unless),
    }


def _condition(condition: Known) -> list[list[int]]:
    return [[need, bits] for need, bits in condition]
