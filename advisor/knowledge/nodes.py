"""YAML text to a tree that remembers where everything stands, with limits on size, depth and aliases.

Scalars are read as YAML 1.2 does: only `true` and `false` are booleans, only decimal digits are numbers, and `no`,
`on`, `2026-11-22` or `1.10` stay the text that the author wrote.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml

from advisor.knowledge.defects import MOST_TOLD, Defect, KeyPath, RulesError

MAX_NODES = 500_000
MAX_DEPTH = 32
MAX_WIDTH = 20_000
MAX_COPIES = 50_000
"""How many nodes aliases may add; a few nested aliases would otherwise stand for billions."""

TEXT = "text"
PLAIN = "plain"
LIST = "list"
MAPPING = "mapping"

Node = yaml.Node
Plain = bool | int | str | list[Any] | dict[Any, Any] | None

_SAFE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters that steer a terminal or the direction of text instead of showing something. Tab and newline are text."""

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}\Z")
_ALIAS = re.compile(r"(?:^|(?<=[\s,\[{]))\*\w", re.MULTILINE)
_NUMERIC = "+-0123456789"
LONGEST_WORD = 5
"""Letters of the longest word that is no text: false."""

TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep"
SCANNER_TOO_DEEP = "exceeded maximum nesting depth"
"""How the scanner of libyaml since 0.2.6 refuses what the limits here refuse one step later."""

_WORDS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "null": None,
    "Null": None,
    "NULL": None,
    "~": None,
    "": None,
}


class _TooMuch(Exception):  # noqa: N818  it never leaves this module
    """The tree outgrows a limit."""


def _loader_class(base: type[Any]) -> type[Any]:
    """Return a composing loader on top of a safe one: it never constructs objects, and it keeps the limits."""

    class Composing(base):  # type: ignore[misc]  # the base is chosen at run time
        depth = 0
        count = 0

        def __init__(self, stream: _Stream) -> None:
            super().__init__(stream)
            #: by depth: nodes so far below the one that is being read
            self.widths = [0] * (MAX_DEPTH + 3)

        def descend_resolver(self, parent: Node | None, _index: object) -> None:
            self.depth = depth = self.depth + 1
            self.count += 1
            if depth > MAX_DEPTH:
                raise _TooMuch(TOO_DEEP)
            if self.count > MAX_NODES:
                raise _TooMuch(f"has more than {MAX_NODES:,} entries")
            widths = self.widths
            widths[depth] += 1
            widths[depth + 1] = 0
            # Keys and values of a mapping are two nodes each; the exact limit is kept once the tree is there.
            if widths[depth] > 2 * MAX_WIDTH and parent is not None:
                raise RulesError([_too_wide(parent, ())])

        def ascend_resolver(self) -> None:
            self.depth -= 1

        def resolve(self, kind: type[Node], _value: object, implicit: Any) -> str:
            if kind is yaml.ScalarNode:
                return PLAIN if implicit[0] else TEXT
            return MAPPING if kind is yaml.MappingNode else LIST

    return Composing


class _Stream:
    """Text with a name, which the marks of the nodes then carry."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.at = 0

    def read(self, size: int) -> str:
        start, self.at = self.at, self.at + size
        return self.text[start : self.at]


def parse(content: bytes, name: str, defects: list[Defect], *, base: type[Any] | None = None) -> Node:
    """Return the tree of a file.

    Args:
        content: the bytes of the file.
        name: how messages name the file.
        defects: takes what is wrong but does not hide the rest: duplicate keys, tags, control characters.
        base: the safe loader to build on; PyYAML's C one where it is there.

    Raises:
        RulesError: not UTF-8, not YAML, empty, or beyond a limit.
    """
    text = _decode(content, name)
    if text.count("*") > MAX_COPIES and any(islice(_ALIAS.finditer(text), MAX_COPIES, None)):
        raise RulesError([_too_many_copies(name)])
    root = _compose(text, name, base or _SAFE)
    if root is None:
        raise RulesError([Defect(name, 0, 0, (), "is empty")])
    told = 0
    for defect in _misuse(root, may_steer="\\" in text or CONTROL.search(text) is not None):
        told += 1
        if told <= MOST_TOLD:
            defects.append(defect)
    if told > MOST_TOLD:
        message = f"has {told - MOST_TOLD:,} more defects than the {MOST_TOLD:,} that are told"
        defects.append(Defect(name, 0, 0, (), message))
    return root


def as_mapping(root: Node) -> yaml.MappingNode:
    """Return a tree whose top is a mapping.

    Raises:
        RulesError: it is something else.
    """
    if not isinstance(root, yaml.MappingNode):
        raise RulesError([defect_at(root, (), "expected a mapping of keys to values at the top of the file")])
    return root


def _decode(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = f"byte 0x{content[error.start]:02X} is not UTF-8"
        raise RulesError([Defect(name, line, column, (), message, "save the file as UTF-8")]) from None
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        message = "holds a NUL character, so it is no text file"
        raise RulesError([Defect(name, line, at - text.rfind("\n", 0, at), (), message)])
    return text


def _compose(text: str, name: str, base: type[Any]) -> Node | None:
    loader = _loader_class(base)(_Stream(text, name))
    collecting = gc.isenabled()
    # Hundreds of thousands of small nodes make the collector run for nothing: it takes three quarters of the time.
    gc.disable()
    try:
        root: Node | None = loader.get_single_node()
    except _TooMuch as error:
        raise RulesError([Defect(name, 0, 0, (), str(error))]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if error.problem == SCANNER_TOO_DEEP:
            raise RulesError([Defect(name, 0, 0, (), TOO_DEEP)]) from None
        message = f"is not YAML: {error.problem or error.context}"
        raise RulesError([Defect(name, line, column, (), message)]) from None
    except yaml.reader.ReaderError as error:
        raise RulesError([_unreadable(text, name, error)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise RulesError([Defect(name, 0, 0, (), f"is not YAML: {error}")]) from None
    finally:
        loader.dispose()
        if collecting:
            gc.enable()
    if root is not None and "*" in text:
        _limit_aliases(root, name, loader.count)
    return root


def _unreadable(text: str, name: str, error: yaml.reader.ReaderError) -> Defect:
    character = error.character if isinstance(error.character, int) else ord(error.character)
    at = text.find(chr(character))
    line, column = (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else (0, 0)
    return Defect(name, line, column, (), f"holds the control character U+{character:04X}")


def _limit_aliases(root: Node, name: str, distinct: int) -> None:
    """Refuse a tree whose aliases stand for too much, or that contains itself."""
    measured: dict[int, tuple[int, int]] = {}
    open_nodes: set[int] = set()

    def measure(node: Node) -> tuple[int, int]:
        # An alias can only name what stands before it, so that the recursion never goes deeper than the text.
        if isinstance(node, yaml.ScalarNode):
            return 1, 1
        key = id(node)
        if key in open_nodes:
            raise RulesError([defect_at(node, (), "an alias stands for something that contains it")])
        if key not in measured:
            open_nodes.add(key)
            inner = [measure(child) for child in children(node)]
            measured[key] = 1 + sum(size for size, _ in inner), 1 + max((depth for _, depth in inner), default=0)
            open_nodes.remove(key)
        return measured[key]

    size, depth = measure(root)
    if size > distinct + MAX_COPIES:
        raise RulesError([_too_many_copies(name)])
    if depth > MAX_DEPTH:
        raise RulesError([Defect(name, 0, 0, (), f"{TOO_DEEP} through its aliases")])


def _too_many_copies(name: str) -> Defect:
    return Defect(name, 0, 0, (), f"its aliases stand for more than {MAX_COPIES:,} further entries")


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes right below one, keys included."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _misuse(root: Node, *, may_steer: bool) -> Iterator[Defect]:
    """Yield what no file may hold, whatever it is about: tags, duplicate and complicated keys, control characters."""
    done: set[int] = set()
    pending: list[tuple[Node, KeyPath]] = [(root, ())]
    while pending:
        node, path = pending.pop()
        if type(node) is yaml.ScalarNode:
            if node.tag is not PLAIN and node.tag is not TEXT:
                yield _tagged(node, path)
            elif may_steer and (found := CONTROL.search(node.value)):
                yield defect_at(node, path, f"holds the control character U+{ord(found[0]):04X}")
            continue
        if id(node) in done:
            continue
        done.add(id(node))
        if len(node.value) > MAX_WIDTH:
            raise RulesError([_too_wide(node, path)])
        if node.tag is not MAPPING and node.tag is not LIST:
            yield _tagged(node, path)
        if type(node) is yaml.SequenceNode:
            pending += [
                (child, (*path, index)) for index, child in enumerate(node.value) if _needs_look(child, may_steer)
            ]
            continue
        yield from _bad_keys(node, path)
        pending += [(value, (*path, key.value)) for key, value in node.value if _needs_look(value, may_steer)]
        if may_steer:
            pending += [(key, path) for key, _ in node.value]


def _too_wide(node: Node, path: KeyPath) -> Defect:
    return defect_at(node, path, f"has more than {MAX_WIDTH:,} entries side by side")


def _needs_look(node: Node, may_steer: bool) -> bool:  # noqa: FBT001  called for every node of a large file
    return may_steer or type(node) is not yaml.ScalarNode or (node.tag is not PLAIN and node.tag is not TEXT)


def _tagged(node: Node, path: KeyPath) -> Defect:
    return defect_at(node, path, f'the tag "{node.tag}" is not allowed: only plain YAML is read')


def _bad_keys(node: Node, path: KeyPath) -> Iterator[Defect]:
    """Yield what is wrong with the keys of a mapping, and leave only the sound ones in it."""
    first: dict[Plain, Node] = {}
    sound: list[tuple[Node, Node]] = []
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield defect_at(key, path, "a key must be one word")
            continue
        # Two spellings of one number are one key as well.
        value = scalar(key) if key.value[:1] in _NUMERIC else key.value
        if value == "<<" and key.tag is PLAIN:
            yield defect_at(key, path, 'merge keys ("<<") are not read', "write the entries out, or use extends")
        elif value in first:
            line = first[value].start_mark.line + 1
            yield defect_at(key, (*path, key.value), f"is given twice, first in line {line}")
        else:
            first[value] = key
            sound.append((key, child))
    node.value = sound


def scalar(node: yaml.ScalarNode) -> bool | int | str | None:
    """Return what a scalar says."""
    text: str = node.value
    # Nearly all scalars are plain words that no further look is needed for.
    if node.tag is TEXT or (len(text) > LONGEST_WORD and text[0] not in _NUMERIC):
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.match(text) else text


def said(node: Node) -> str:
    """Return the words of a scalar; nothing for a list or a mapping, which cannot be an id."""
    return node.value if isinstance(node, yaml.ScalarNode) else ""


def plain(node: Node) -> Any:
    """Return the data of a tree: dicts, lists, text, whole numbers, booleans and None."""
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [plain(child) for child in node.value]
    return {scalar(key): plain(value) for key, value in node.value}


def defect_at(node: Node, path: KeyPath, message: str, hint: str | None = None) -> Defect:
    """Return a defect at the start of a node."""
    mark = node.start_mark
    return Defect(mark.name, mark.line + 1, mark.column + 1, path, message, hint)


def entry(node: Node, key: object) -> tuple[Node, Node] | None:
    """Return the (key, value) nodes of one entry of a mapping, or None."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if isinstance(key_node, yaml.ScalarNode) and scalar(key_node) == key:
                return key_node, value
    return None
