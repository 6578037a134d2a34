"""Every way to write a rules file to one way, while the tree still knows its lines.

Authors may write the shorter form: a list of entries with ids or a mapping from id to entry, `async: 3` for a weight
that says nothing else, one word for a list of one. After this step there is a single form, which the schema checks:
mappings by id, weights as lists of entries, lists of words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import yaml

from advisor.knowledge.defects import Defect, KeyPath
from advisor.knowledge.nodes import LIST, MAPPING, PLAIN, TEXT, Node, defect_at, entry, said, scalar

SECTIONS = ("criteria", "needs", "remedies", "caveats", "splits")
"""Top-level sections that may be lists of entries with an id."""

Pairs = list[tuple[Node, Node]]
Shape = Callable[[Node, KeyPath], Node]


def mapping(like: Node, pairs: Pairs) -> yaml.MappingNode:
    """Return a mapping node that stands where another node stands."""
    return yaml.MappingNode(MAPPING, pairs, like.start_mark, like.end_mark)


def sequence(like: Node, items: list[Node]) -> yaml.SequenceNode:
    """Return a sequence node that stands where another node stands."""
    return yaml.SequenceNode(LIST, items, like.start_mark, like.end_mark)


def word(like: Node, text: str) -> yaml.ScalarNode:
    """Return a text node that stands where another node stands."""
    return yaml.ScalarNode(TEXT, text, like.start_mark, like.end_mark)


def is_null(node: Node) -> bool:
    """Tell whether a node says null, which removes an entry from what a file extends."""
    return isinstance(node, yaml.ScalarNode) and scalar(node) is None


class Shaper:
    """Rewrites one tree and notes the defects that only the written form shows."""

    def __init__(self) -> None:
        self.defects: list[Defect] = []

    def rules(self, root: yaml.MappingNode) -> yaml.MappingNode:
        """Return the one form of a whole rules file."""
        parts: dict[str, Shape] = {
            "criteria": self._criterion,
            "needs": self._need,
            "remedies": _as_it_is,
            "caveats": self._caveat,
            "splits": self._conditional,
            "alternatives": self._alternative,
        }
        pairs: Pairs = []
        for key, value in root.value:
            name = key.value
            if name == "legacy":
                value = self._each(value, ("legacy",), {"rules": self._legacy_rules})  # noqa: PLW2901
            elif name in parts and not is_null(value):
                by_id = self._by_id(value, (name,)) if name in SECTIONS else value
                value = self._entries(by_id, (name,), parts[name])  # noqa: PLW2901
            pairs.append((key, value))
        return mapping(root, pairs)

    def _by_id(self, node: Node, path: KeyPath) -> Node:
        """Turn a list of entries with an id into a mapping; anything else stays for the schema to complain about."""
        if not isinstance(node, yaml.SequenceNode):
            return node
        pairs: Pairs = []
        first: dict[str, int] = {}
        for index, item in enumerate(node.value):
            at = (*path, index)
            named = entry(item, "id")
            if named is None:
                self.defects.append(defect_at(item, at, "expected an entry with an id"))
                continue
            key, value = named
            if not isinstance(value, yaml.ScalarNode) or not isinstance(scalar(value), str):
                self.defects.append(defect_at(value, (*at, "id"), "expected a word; put it in quotes"))
                continue
            if value.value in first:
                message = f"is given twice, first in line {first[value.value]}"
                self.defects.append(defect_at(value, (*path, value.value), message))
                continue
            first[value.value] = value.start_mark.line + 1
            rest = [pair for pair in item.value if pair[0] is not key]
            pairs.append((word(value, value.value), mapping(item, rest)))
        return mapping(node, pairs)

    def _entries(self, node: Node, path: KeyPath, shape: Shape) -> Node:
        if not isinstance(node, yaml.MappingNode):
            return node
        return mapping(
            node, [(key, value if is_null(value) else shape(value, (*path, key.value))) for key, value in node.value]
        )

    def _each(self, node: Node, path: KeyPath, parts: Mapping[str, Shape]) -> Node:
        """Shape the named parts of one entry."""
        if not isinstance(node, yaml.MappingNode):
            return node
        return mapping(
            node,
            [
                (key, parts[key.value](value, (*path, key.value)) if key.value in parts else value)
                for key, value in node.value
            ],
        )

    def _alternative(self, node: Node, path: KeyPath) -> Node:
        return self._each(node, path, {"revisit_when": _words})

    def _criterion(self, node: Node, path: KeyPath) -> Node:
        kind = entry(node, "kind")
        scale = entry(node, "scale")
        if kind is not None and said(kind[1]) in {"grade", "match"}:
            listed = said(kind[1]) == "match"
        else:
            # An entry that only changes another file's criterion need not repeat its kind: the form tells.
            whole = entry(node, "title") is not None and kind is None
            listed = not whole and scale is not None and isinstance(scale[1], yaml.SequenceNode)
        parts: dict[str, Shape] = {
            "ratings": self._ratings,
            "scale": self._kinds if listed else self._levels,
        }
        return self._each(node, path, parts)

    def _ratings(self, node: Node, _path: KeyPath) -> Node:
        if not isinstance(node, yaml.MappingNode):
            return node
        return mapping(node, [(key, _keyed(value, "word")) for key, value in node.value])

    def _levels(self, node: Node, path: KeyPath) -> Node:
        if isinstance(node, yaml.SequenceNode):
            message = "expected a mapping from level (0 to 4) to words: a list has no levels"
            self.defects.append(defect_at(node, path, message))
        return self._entries(node, path, _words)

    def _kinds(self, node: Node, path: KeyPath) -> Node:
        if not isinstance(node, yaml.SequenceNode):
            message = "expected a list of kinds: a match has no better and worse"
            self.defects.append(defect_at(node, path, message))
            return self._entries(node, path, _words)
        pairs: Pairs = []
        for index, item in enumerate(node.value):
            key = yaml.ScalarNode(PLAIN, str(index), item.start_mark, item.end_mark)
            pairs.append((key, _words(item, path)))
        return mapping(node, pairs)

    def _need(self, node: Node, path: KeyPath) -> Node:
        return self._each(node, path, {"applies_when": self._condition, "choices": self._choices})

    def _choices(self, node: Node, path: KeyPath) -> Node:
        parts = {"weights": self._weights, "requires": self._requires}
        return self._entries(self._by_id(node, path), path, lambda choice, at: self._each(choice, at, parts))

    def _weights(self, node: Node, path: KeyPath) -> Node:
        return self._by_criterion(node, path, lambda value: _keyed(value, "weight"))

    def _requires(self, node: Node, path: KeyPath) -> Node:
        return self._by_criterion(node, path, lambda value: _keyed(value, "at_least"))

    def _by_criterion(self, node: Node, path: KeyPath, expand: Callable[[Node], Node]) -> Node:
        """Return criterion → list of entries, from a mapping or from a list of entries that name their criterion."""
        listed: dict[str, tuple[Node, list[Node]]] = {}
        for key, value in self._named_entries(node, path):
            if is_null(value):
                listed[key.value] = (key, [value])
                continue
            entries = value.value if isinstance(value, yaml.SequenceNode) else [value]
            listed.setdefault(key.value, (key, []))[1].extend(self._conditional(expand(item), path) for item in entries)
        if not isinstance(node, yaml.MappingNode | yaml.SequenceNode):
            return node
        pairs: Pairs = []
        for key, items in listed.values():
            removed = bool(items) and is_null(items[0])
            pairs.append((key, items[0] if removed else sequence(items[0] if items else key, items)))
        return mapping(node, pairs)

    def _named_entries(self, node: Node, path: KeyPath) -> Iterator[tuple[Node, Node]]:
        if isinstance(node, yaml.MappingNode):
            yield from node.value
        if not isinstance(node, yaml.SequenceNode):
            return
        for index, item in enumerate(node.value):
            named = entry(item, "criterion")
            if named is None or not isinstance(named[1], yaml.ScalarNode):
                self.defects.append(defect_at(item, (*path, index), "expected an entry that names its criterion"))
                continue
            key, value = named
            yield value, mapping(item, [pair for pair in item.value if pair[0] is not key])

    def _caveat(self, node: Node, path: KeyPath) -> Node:
        return self._each(self._conditional(node, path), path, {"alternatives": _words})

    def _legacy_rules(self, node: Node, path: KeyPath) -> Node:
        if not isinstance(node, yaml.SequenceNode):
            return node
        return sequence(node, [self._conditional(item, path) for item in node.value])

    def _conditional(self, node: Node, path: KeyPath) -> Node:
        return self._each(node, path, {"when": self._condition, "unless": self._condition})

    def _condition(self, node: Node, path: KeyPath) -> Node:
        return self._entries(node, path, _words)


def _as_it_is(node: Node, _path: KeyPath) -> Node:
    return node


def _words(node: Node, _path: KeyPath) -> Node:
    return node if isinstance(node, yaml.SequenceNode | yaml.MappingNode) else sequence(node, [node])


def _keyed(node: Node, key: str) -> Node:
    """Return the entry that a bare value stands for; null stays null."""
    if not isinstance(node, yaml.ScalarNode) or is_null(node):
        return node
    return mapping(node, [(word(node, key), node)])


def keys(node: Node) -> list[str]:
    """Return the keys of a mapping node, nothing for any other."""
    return [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
