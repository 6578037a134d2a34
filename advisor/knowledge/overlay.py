"""A rules file on top of another one: entries are added, changed or, with null, removed.

What is removed takes what only made sense with it along: a criterion takes its weights and requirements, an
alternative its ratings, remedies and caveats. That holds for the file below; the upper file must not name what it
removes.
"""

from __future__ import annotations

from collections.abc import Callable

import yaml

from advisor.errors import did_you_mean
from advisor.knowledge.defects import Defect, KeyPath
from advisor.knowledge.nodes import PLAIN, Node, defect_at, entry, said
from advisor.knowledge.shape import Pairs, is_null, keys, mapping, sequence

_WHOLE = {"when", "unless", "applies_when", "parts", "scale"}
"""Values that only make sense as a whole: the upper file's replaces the lower file's."""

_NULL_MEANS_NULL = ("legacy", "current")
"""Here null is a value: the code base is on something that is not compared."""


class Overlay:
    """Puts one tree on top of another one; both in the one form of `shape`."""

    def __init__(self, lower: yaml.MappingNode, upper: yaml.MappingNode) -> None:
        self.lower = lower
        self.upper = upper
        self.file = upper.start_mark.name
        self.defects: list[Defect] = []
        self.removed: set[KeyPath] = set()

    def merged(self) -> yaml.MappingNode:
        """Return the tree of both, in the order of the lower one, additions last."""
        pairs = [pair for pair in self.upper.value if pair[0].value != "extends"]
        both = self._merge(self.lower, mapping(self.upper, pairs), ())
        return self._without_removed(both)

    def _merge(self, lower: yaml.MappingNode, upper: yaml.MappingNode, path: KeyPath) -> yaml.MappingNode:
        changes = {key.value: (key, value) for key, value in upper.value}
        pairs: Pairs = []
        for key, value in lower.value:
            change = changes.pop(key.value, None)
            if change is None:
                pairs.append((key, value))
            elif is_null(change[1]) and path != _NULL_MEANS_NULL:
                self._remove((*path, key.value), value)
            else:
                pairs.append(self._changed((key, value), change, (*path, key.value)))
        for key, value in changes.values():
            if is_null(value) and path != _NULL_MEANS_NULL:
                hint = did_you_mean(key.value, keys(lower))
                self.defects.append(defect_at(key, (*path, key.value), "there is nothing to remove", hint))
            else:
                pairs.append((key, value))
        return mapping(lower, pairs)

    def _changed(self, before: tuple[Node, Node], after: tuple[Node, Node], path: KeyPath) -> tuple[Node, Node]:
        lower, upper = before[1], after[1]
        if path[-1] in _WHOLE or not isinstance(lower, yaml.MappingNode) or not isinstance(upper, yaml.MappingNode):
            return after
        return before[0], self._merge(lower, upper, path)

    def _remove(self, path: KeyPath, value: Node) -> None:
        below = [*keys(value)] if len(path) == 1 else []
        self.removed.update((*path, key) for key in below)
        self.removed.add(path)

    def _is_removed(self, *path: str) -> bool:
        return path in self.removed

    def _without_removed(self, root: yaml.MappingNode) -> yaml.MappingNode:
        if not self.removed:
            return root
        parts: dict[str, Callable[[yaml.MappingNode], Node | None]] = {
            "criteria": self._criterion,
            "needs": self._need,
            "remedies": self._remedy,
            "caveats": self._caveat,
            "splits": self._split,
        }
        pairs: Pairs = []
        for key, value in root.value:
            kept: Node | None = value
            if key.value in parts:
                kept = self._rewritten(value, parts[key.value])
            elif key.value == "legacy":
                kept = self._legacy(value)
            if kept is not None:
                pairs.append((key, kept))
        return mapping(root, pairs)

    def _rewritten(self, node: Node, rewrite: Callable[[yaml.MappingNode], Node | None]) -> Node:
        return self._filtered(node, lambda _name, item: rewrite(item))

    def _filtered(self, node: Node, keep: Callable[[str, yaml.MappingNode], Node | None]) -> Node:
        """Rewrite or drop the entries of a mapping that the lower file wrote."""
        if not isinstance(node, yaml.MappingNode):
            return node
        pairs: Pairs = []
        for key, value in node.value:
            kept = keep(key.value, value) if self._from_below(key) and not is_null(value) else value
            if kept is not None:
                pairs.append((key, kept))
        return mapping(node, pairs)

    def _from_below(self, node: Node) -> bool:
        return node.start_mark.name != self.file

    def _part(self, node: Node, name: str, rewrite: Callable[[Node], Node | None]) -> Node:
        """Rewrite or drop one part of an entry."""
        return self._filtered(node, lambda key, value: rewrite(value) if key == name else value)

    def _criterion(self, node: yaml.MappingNode) -> Node:
        def rating(alternative: str, value: Node) -> Node | None:
            return None if self._is_removed("alternatives", alternative) else value

        without_group = self._part(node, "group", lambda at: None if self._is_removed("groups", said(at)) else at)
        return self._part(without_group, "ratings", lambda ratings: self._filtered(ratings, rating))

    def _need(self, node: yaml.MappingNode) -> Node:
        def choice(_name: str, value: yaml.MappingNode) -> Node:
            return self._part(self._part(value, "weights", self._by_criterion), "requires", self._by_criterion)

        gated = self._part(node, "applies_when", self._gate)
        return self._part(gated, "choices", lambda choices: self._filtered(choices, choice))

    def _by_criterion(self, node: Node) -> Node:
        def entries(criterion: str, value: Node) -> Node | None:
            if self._is_removed("criteria", criterion) or not isinstance(value, yaml.SequenceNode):
                return None
            kept = [item for item in map(self._conditional, value.value) if item is not None]
            return sequence(value, kept) if kept else None

        return self._filtered(node, entries)

    def _remedy(self, node: yaml.MappingNode) -> Node | None:
        def lift(criterion: str, value: Node) -> Node | None:
            return None if self._is_removed("criteria", criterion) else value

        owner = entry(node, "alternative")
        if owner is not None and self._is_removed("alternatives", said(owner[1])):
            return None
        left = self._part(node, "lifts", lambda lifts: self._filtered(lifts, lift))
        lifts = entry(left, "lifts")
        return left if lifts is None or keys(lifts[1]) else None

    def _caveat(self, node: Node) -> Node | None:
        named = entry(node, "alternatives")
        if named is not None and isinstance(named[1], yaml.SequenceNode) and named[1].value:
            left = [item for item in named[1].value if not self._is_removed("alternatives", said(item))]
            if not left:
                return None
            node = self._part(node, "alternatives", lambda at: sequence(at, left))
        return self._conditional(node)

    def _split(self, node: yaml.MappingNode) -> Node | None:
        parts = entry(node, "parts")
        owners = [said(value) for _, value in parts[1].value] if parts and keys(parts[1]) else []
        if any(self._is_removed("alternatives", owner) for owner in owners):
            return None
        return self._conditional(node)

    def _legacy(self, node: Node) -> Node | None:
        need = entry(node, "need")
        if need is None or not isinstance(node, yaml.MappingNode):
            return node
        if self._is_removed("needs", said(need[1])):
            return None

        def current(choice: str, value: Node) -> Node | None:
            if self._is_removed("needs", said(need[1]), "choices", choice):
                return None
            gone = self._is_removed("alternatives", said(value))
            return yaml.ScalarNode(PLAIN, "", value.start_mark, value.end_mark) if gone else value

        def rules(node: Node) -> Node:
            if not isinstance(node, yaml.SequenceNode):
                return node
            return sequence(node, [item for item in map(self._conditional, node.value) if item is not None])

        left = self._part(node, "current", lambda at: self._filtered(at, current))
        return self._part(left, "rules", rules)

    def _conditional(self, node: Node) -> Node | None:
        """Keep an entry unless its `when` can no longer hold; drop an `unless` that can no longer hold."""
        when = entry(node, "when")
        if when is not None and self._from_below(when[0]) and self._can_hold(when[1]) is None:
            return None
        return self._part(self._part(node, "when", self._can_hold), "unless", self._can_hold)

    def _can_hold(self, node: Node) -> Node | None:
        """Return a condition without removed choices, or None when it names a need or only choices that are gone."""
        left = self._gate(node)
        return left if left is not None and len(keys(left)) == len(keys(node)) else None

    def _gate(self, node: Node) -> Node | None:
        def pair(need: str, value: Node) -> Node | None:
            if self._is_removed("needs", need) or not isinstance(value, yaml.SequenceNode):
                return None
            kept = [item for item in value.value if not self._is_removed("needs", need, "choices", said(item))]
            return sequence(value, kept) if kept else None

        left = self._filtered(node, pair)
        return left if keys(left) else None
