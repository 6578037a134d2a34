"""Data against a model: every place that does not fit, in words that say what was expected."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from advisor.errors import did_you_mean, nearest
from advisor.knowledge import nodes, schema
from advisor.knowledge.defects import MOST_TOLD, Defect, KeyPath
from advisor.knowledge.references import Flaw

Model = TypeVar("Model", bound=BaseModel)
Models = Mapping[tuple[str, ...], type[BaseModel]]


def validated(data: Any, model: type[Model], models: Models) -> tuple[Model | None, list[Flaw], set[KeyPath]]:
    """Validate data against a model, and mend what is wrong so that the rest can be checked as well.

    Args:
        data: plain data; what is wrong in it is replaced by stand-ins.
        model: what the whole must be.
        models: where every model stands, for what was expected and the keys that are known.

    Returns:
        The model, with stand-ins where flaws are, or None when nothing can be made of it; the flaws; and the places of
        the stand-ins.
    """
    flaws: list[Flaw] = []
    doubtful: set[KeyPath] = set()
    # Taking a wrong part out can leave what holds it too short: that is no flaw of its own.
    for _ in range(4):
        try:
            return model.model_validate(data), flaws, doubtful
        except ValidationError as error:
            found: list[dict[str, Any]] = [dict(each) for each in error.errors(include_url=False, include_context=True)]
        if not flaws:
            flaws = [_flaw(each, models) for each in found[:MOST_TOLD]]
            # The rest is only counted.
            flaws += [Flaw((), "")] * (len(found) - len(flaws))
        for each in found:
            path = tuple(part for part in each["loc"] if part != "[key]")
            doubtful.add(path)
            if not path or not _mend(data, path, models):
                return None, flaws, doubtful
    return None, flaws, doubtful


_STAND_INS: dict[str, Any] = {
    "format": 1,
    "name": "stand-in",
    "limit": 1,
    "weight": 1,
    "at_least": 0,
    "advice": "stay",
    "scale": {0: ["?"], 1: ["!"]},
    "lifts": {"?": 0},
    "parts": {"?": "?", "!": "!"},
    "ratings": {},
    "current": {},
    "rules": [],
}


def _mend(data: Any, path: KeyPath, models: Models) -> bool:
    """Take one wrong value out, or put a stand-in in its place; tell whether that can be done."""
    holder = data
    for part in path[:-1]:
        if isinstance(holder, dict) and part in holder:
            holder = holder[part]
        elif not isinstance(holder, list) or not isinstance(part, int) or part >= len(holder):
            # It went with another wrong part.
            return True
        else:
            holder = holder[part]
    last = path[-1]
    owner = _model_at(path[:-1], models)
    if isinstance(holder, list):
        # The numbers of the other entries must stay as they are.
        return isinstance(last, int) and len(path) > 1 and _mend(data, path[:-1], models)
    if not isinstance(holder, dict):
        return True
    field = owner.model_fields.get(str(last)) if owner is not None else None
    if field is None or not field.is_required():
        holder.pop(last, None)
        return True
    if field.annotation is str or last in _STAND_INS:
        holder[last] = copy.deepcopy(_STAND_INS.get(str(last), "?"))
        return True
    return len(path) > 1 and _mend(data, path[:-1], models)


class Locator:
    """Gives flaws the line and column of what they are about, in one tree."""

    def __init__(self, tree: yaml.MappingNode) -> None:
        self.tree = tree
        self._entries: dict[int, dict[object, tuple[yaml.Node, yaml.Node]]] = {}

    def defects(self, flaws: Sequence[Flaw]) -> list[Defect]:
        """Return the flaws with their places; of very many only the first are placed, and the rest are counted."""
        found = [self.defect(flaw) for flaw in flaws[:MOST_TOLD]]
        if len(flaws) > MOST_TOLD:
            message = f"has {len(flaws) - MOST_TOLD:,} more defects than the {MOST_TOLD:,} that are told"
            found.append(Defect(self.tree.start_mark.name, 0, 0, (), message))
        return found

    def defect(self, flaw: Flaw) -> Defect:
        """Return a flaw with its place: that of its value or key, or of the deepest key on the way to it."""
        key: yaml.Node = self.tree
        node: yaml.Node = self.tree
        shown: list[str | int] = []
        missing = False
        for part in flaw.path:
            listed = isinstance(node, yaml.SequenceNode)
            # An author who wrote one entry wrote no list, so its number would say nothing.
            if not (listed and len(node.value) == 1):
                shown.append(part if listed else str(part))
            found = None if missing else self._entry(node, part)
            missing = found is None
            if found is not None:
                key, node = found
        return nodes.defect_at(key if flaw.at_key or missing else node, tuple(shown), flaw.message, flaw.hint)

    def _entry(self, node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
        if isinstance(node, yaml.SequenceNode):
            inside = isinstance(part, int) and 0 <= part < len(node.value)
            return (node.value[part], node.value[part]) if inside else None
        if not isinstance(node, yaml.MappingNode):
            return None
        if id(node) not in self._entries:
            self._entries[id(node)] = {nodes.scalar(key): (key, value) for key, value in node.value}
        return self._entries[id(node)].get(part)


_EXPECTED = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "bool_type": "expected true or false",
    "list_type": "expected a list",
    "dict_type": "expected a mapping of keys to values",
    "model_type": "expected a mapping of keys to values",
    "model_attributes_type": "expected a mapping of keys to values",
}


def _flaw(found: dict[str, Any], models: Models) -> Flaw:
    """Turn one complaint of pydantic into our words."""
    at_key = found["loc"][-1:] == ("[key]",)
    path: KeyPath = tuple(part for part in found["loc"] if part != "[key]")
    kind, context = found["type"], found.get("ctx", {})
    owner = _model_at(path[:-1], models)
    field = owner.model_fields.get(str(path[-1])) if owner is not None and path else None
    wanted = field.description if field is not None and field.description else ""
    about = f": {wanted}" if wanted else ""
    if kind == "missing":
        return Flaw(path, f"is missing: expected {wanted}" if wanted else "is missing", at_key=True)
    if kind == "extra_forbidden":
        known = list(owner.model_fields) if owner is not None else []
        return Flaw(path, "there is no such key here", did_you_mean(str(path[-1]), known), at_key=True)
    if kind in _EXPECTED:
        hint = "put it in quotes" if kind == "string_type" and isinstance(found["input"], bool | int) else None
        return Flaw(path, f"{_EXPECTED[kind]}, got {_kind_of(found['input'])}{about}", hint, at_key=at_key)
    if kind == "literal_error":
        words = str(context["expected"]).replace("'", '"')
        known = [word.strip('"') for word in words.replace(" or ", ", ").split(", ")]
        near = nearest(str(found["input"]), known)
        return Flaw(path, f"expected {words}, got {_kind_of(found['input'])}", near and f'did you mean "{near}"?')
    limit = _limit(kind, context)
    # Our own complaints say already what was expected.
    return Flaw(path, f"{limit}{about}" if limit else str(found["msg"]), at_key=at_key)


_LIMITS = {
    "string_too_short": "expected text, got nothing",
    "too_short": "expected at least {min_length}",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
}
_PATTERNS = {
    schema.URL: "expected an address that starts with http:// or https://",
    schema.ID: "expected an id: small letters, digits and single hyphens",
}


def _limit(kind: str, context: Mapping[str, Any]) -> str | None:
    if kind == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    return _LIMITS[kind].format(**context) if kind in _LIMITS else None


def _model_at(path: KeyPath, models: Models) -> type[BaseModel] | None:
    for shape, model in models.items():
        if len(shape) == len(path) and all(part in ("*", at) for part, at in zip(shape, path, strict=True)):
            return model
    return None


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _quoted(value)
        case list():
            return "a list"
    return "a mapping"


def _quoted(value: object) -> str:
    text = str(value)
    longest = 60
    return f'"{text[:longest]}…"' if len(text) > longest else f'"{text}"'
