"""One Python file → what it imports, makes, registers and derives from, with positions.

Nothing here parses: a parser of the running Python stops at the first line of another version's syntax, and costs ten
times as much. Strings and comments are blanked out, imports are resolved to full names, and only the names that a mark
can be behind are looked up. What cannot be decided inside the file is left as a question for the whole project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from advisor.codebase.markers import TOO_COMMON, Mark, Markers, Thing
from advisor.codebase.registrars import PUBLIC, TABLE_ELSEWHERE, Registrar, goes_through_table, registrars_around
from advisor.codebase.text import (
    COLON,
    DOT,
    FUNCTION,
    LINE_FEED,
    MOST_LINES_BACK,
    WORD,
    Below,
    Functions,
    body_with,
    closing,
    elements,
    in_text,
    inner_signs,
    is_first,
    is_single,
    line_above,
    lines_with,
    occurrences,
    without_long_texts,
)

# Each of these begins with a word, which is found ten times as fast as the beginning of a line: what stands before the
# word on its line is looked at once the rest has matched.
_DECORATION = re.compile(rb"@([A-Za-z_][\w.]*)\.(\w+)[ \t]*\(")
_CLASS_WORD = re.compile(rb"class[ \t]+\w+[ \t]*[\[(:]")
_CLASS_OF_OBJECT = re.compile(rb"class[ \t]+\w+[ \t]*\(\w+\.(\w+)")
_FUNCTION_OF = re.compile(
    rb"def[ \t]+(\w+)[ \t]*\(\s*(?:self\s*,\s*)?(\w+)\s*(?::[^,)]*)?"
    rb"(?:\)|,(?!\s*(?:call_next|exc|exception|err|error|handler|get_response)\b))"
)
_IMPORTED = re.compile(rb"\n[ \t]*(?:from|import)[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*)")
_COMMENT = re.compile(rb"#[^\n]*")
_METHOD = re.compile(rb"\.(\w+)\(")
_NAMES = rb"[^\n;(]*(?:\\\r?\n[^\n;]*)*"
_STATEMENT = rb"\n([ \t]*)(?:from[ \t]*([\w.]+)[ \t]*import[ \t]*(%b)|import[ \t]+([^\n;]+))"
_IMPORT = re.compile(_STATEMENT % (rb"\([^)]*\)|" + _NAMES))
# Behind the last bracket that closes, looking for another one would go to the end of the file from every statement.
_LAST_IMPORT = re.compile(_STATEMENT % _NAMES)
_CLASS = re.compile(rb"\n([ \t]*)class[ \t]+(\w+)[ \t]*(?:\[[^\]]{0,300}\])?[(:]")
_ATTRIBUTES = re.compile(rb"((?:\.\w+)*)[ \t]*(\(?)")
_TARGET = re.compile(rb"^[ \t]*((?:self\.|cls\.)?\w+)[ \t]*(?::[^=]*)?=[ \t]*(?:await[ \t]+)?\(?[ \t\n]*$")
_ANNOTATED = re.compile(rb"((?:self\.)?\w+)[ \t]*:[ \t]*(?:(?:typing\.)?(?:Optional|Union)\[)?$")
_BASE_NAME = re.compile(rb"(?<![\w.=])[A-Za-z_][\w.]*(?![\w.]|[ \t]*=)")
# What a base-making call is given is no base, unless the call only adds a metaclass.
_CALLS = re.compile(rb"((?<![\w.])(?!\w*metaclass)[A-Za-z_][\w.]*)\([^()]*\)")
_BRACKETS = re.compile(rb"\[[^\[\]]*\]")
_ASYNC_METHOD = re.compile(
    rb"\n[ \t]+async[ \t]+def[ \t]+"
    rb"(?:get|post|put|patch|delete|head|options|connect|disconnect|receive\w*|on_\w+|open|prepare|dispatch|_?handle\w*)\b"
)
_JINJA = re.compile(rb"\n[ \t]*\{%|\{%-?[ \t]*(?:if|for|endif|endfor|raw|block)\b|\{\{[ \t]*\w+[\w.]*[ \t]*\}\}")
_STENCIL = re.compile(rb"\{\{[ -]*(?:cookiecutter\.|project_name|app_name|copier)")
_STRING = re.compile(rb"[\"']([^\"'\n]*)[\"']")
_PATH = re.compile(rb"\s*(?:path\s*=\s*)?[rRuUfF]?[\"'](?:[/^<{]|[\"'])")


TABLE, ASYNC, PATH_GIVEN = 1, 2, 4


class ClassHeader(NamedTuple):
    """A class and what it derives from."""

    name: bytes
    bases: tuple[bytes, ...]  #: as written, those that no marked import is behind
    marks: tuple[Mark, ...]  #: of the bases that are marked
    at: int
    flags: int  #: TABLE, ASYNC
    fields: int = -1  #: the entry whose fields stand in the body


class Reading:
    """Everything one pass over a file gathers."""

    def __init__(self, data: bytes, markers: Markers, own: Mapping[bytes, bytes]) -> None:
        self.own = own  # modules of the project that carry a marked name
        self.data = data
        self.code = without_long_texts(self.data)
        self.markers = markers
        self.names: dict[bytes, bytes] = {}  # local name → full name, where a marked package is behind it
        self.foreign: dict[bytes, bytes] = {}  # local name → full name, everything else
        self.elsewhere: list[tuple[bytes, bytes]] = []  # what is imported from modules without marks, unread
        self.classes: dict[bytes, int] = {}  # local class → thing it derives from
        self.instances: dict[bytes, int] = {}  # variable → thing it holds
        self.made_by: dict[bytes, int] = {}  # function → thing it returns
        self.hits: list[tuple[int, str, int]] = []
        self.used: set[int] = set()  # entries that something is imported of, or of what is made for them
        self.imported: dict[int, tuple[int, bool]] = {}  # entry → (position, guarded)
        self.bodies: list[ClassHeader] = []
        self.questions: list[tuple[bytes, bytes, int, int]] = []  # receiver, method, position, flags
        self.handlers: set[int] = set()  # positions of functions that answer requests
        self.coroutines: dict[bytes, int] | None = None  # names of coroutines → where they are defined, once asked for
        self.waits: list[int] = []
        self.registrars: list[tuple[Registrar, int, int]] = []  # and the position of what they register, and its entry
        self.below = Below(self.code)
        self.settled: set[int] = set()  # positions of decorators that need no further question
        self.tables: dict[bytes, list[int]] = {}  # name → where its elements begin, once asked for
        self.called: dict[bytes, bool] = {}  # functions that register → they are called with paths
        self.returned: dict[tuple[int, bytes], bool] = {}  # function, variable → it returns it, once asked for
        self.registered = 0  # how many registrations were looked at for the tables that they go through
        self.passed_on = 0  # how many registrations were looked at for functions around them

    @cached_property
    def functions(self) -> Functions:
        """The functions of the file, once something asks for what stands around it."""
        return Functions(self.code)


def matters(data: bytes, markers: Markers, known: dict[bytes, bool]) -> bool:
    """Say whether a file can hold a finding, from its bytes alone.

    Args:
        data: the file, behind a line feed.
        markers: what to look for.
        known: beginnings of lines judged before, shared between files.
    """
    at = data.find(b"import")
    while at >= 0:
        start = data.rfind(b"\n", 0, at)
        said = data[start:at]
        if said.isspace():  # the modules stand behind the word
            said = data[start : data.find(b"\n", at) + 1 or None]
        answer = known.get(said)
        if answer is None:
            found = _IMPORTED.match(data, start)
            answer = found is not None and any(_matters_alone(m.strip(), markers) for m in found.group(1).split(b","))
            if len(said) < LONGEST_KNOWN:
                known[said] = answer
        if answer:
            return True
        at = data.find(b"import", at + 6)
    for found in _DECORATION.finditer(data):
        if found.group(2) in markers.methods and is_first(data, found.start()):
            return True
    for found in _CLASS_OF_OBJECT.finditer(data):
        if found.group(1) in markers.bases and is_first(data, found.start()):
            return True
    return any(word in data for word in (*markers.telling, *markers.deriving)) or any(
        name in data for name, _ in markers.settings
    )


#: A longer beginning of a line than this is not met twice.
LONGEST_KNOWN = 200


def _matters_alone(module: bytes, markers: Markers) -> bool:
    entries = entries_of(module, markers)
    return any(not markers.entries[e].quiet for e in entries) or module in markers.holders


def entries_of(module: bytes, markers: Markers) -> tuple[int, ...]:
    """Return the entries that an import of the module names: those of its longest marked beginning."""
    known = markers.named.get(module)
    if known is None:
        known = markers.named[module] = _entries_of(module, markers)
    return known


def _entries_of(module: bytes, markers: Markers) -> tuple[int, ...]:
    name = module
    while name:
        entries = markers.modules.get(name)
        if entries is not None:
            return entries
        name = name.rpartition(b".")[0]
    top = module.partition(b".")[0]
    return tuple(entry for prefix, entry in markers.prefixes if top.startswith(prefix))


def meaning(name: bytes, markers: Markers, memo: dict[bytes, tuple[Mark, ...]]) -> tuple[Mark, ...]:
    """Return what a full name is marked as."""
    known = memo.get(name)
    if known is None:
        parts = name.split(b".")
        found: list[Mark] = []
        for count in (1, 2, 3):
            if count >= len(parts):
                break
            package = b".".join(parts[:-count]) + b"."
            whole = count > 1 or parts[-1] not in TOO_COMMON
            for start, mark in markers.tails.get(b".".join(parts[-count:]), ()):
                if package.startswith(start + b".") and (whole or len(package) == len(start) + 1):
                    found.append(mark)
        known = memo[name] = tuple(found)
    return known


def sought(name: bytes, markers: Markers, memo: dict[bytes, tuple[Mark, ...]]) -> bool:
    """Say whether mentioning an imported name can mean anything: deriving from it is looked at elsewhere."""
    known = markers.sought.get(name)
    if known is None:
        known = markers.sought[name] = _is_sought(name, markers, memo)
    return known


def _is_sought(name: bytes, markers: Markers, memo: dict[bytes, tuple[Mark, ...]]) -> bool:
    if any(mark[0] != "bases" for mark in meaning(name, markers, memo)):
        return True
    if name in markers.ways:
        return True
    last = name.rpartition(b".")[2]
    if any(name.startswith(package) for package in markers.outer.get(last, ())):
        return True
    return last.islower() and any(name[:at] in markers.mentioned for at, sign in enumerate(name) if sign == DOT)


def is_stencil(reading: Reading) -> bool:
    """Say whether the file is a template for code: what stands in it does not run as it is."""
    code = reading.code
    if b"{%" not in code and b"{{" not in code:
        return False
    if b"{{" in reading.data and _STENCIL.search(reading.data):
        return True
    return any(not in_text(code, found.end() - 2) for found in _JINJA.finditer(code))


def read_names(data: bytes, markers: Markers, own: Mapping[bytes, bytes]) -> Reading:
    """Read only what a file imports: enough for tests, examples and documentation."""
    reading = Reading(data, markers, own)
    _imports(reading)
    return reading


def read_source(
    data: bytes, markers: Markers, own: Mapping[bytes, bytes], memo: dict[bytes, tuple[Mark, ...]]
) -> Reading:
    """Read a file for everything that a mark can say about it.

    Args:
        data: the file, behind a line feed.
        markers: what to look for.
        own: modules of the project that have the name of a marked one → the one they are, or nothing.
        memo: full names looked up before, shared between files.
    """
    reading = Reading(data, markers, own)
    _imports(reading)
    _class_headers(reading, memo)
    for local, full in list(reading.names.items()):
        if sought(full, markers, memo):
            _mentions(reading, local, full, memo)
    for local, thing in list(reading.classes.items()):
        _constructions(reading, local, thing)
    for local, thing in list(reading.made_by.items()):
        _constructions(reading, local, thing)
    for variable, number in list(reading.instances.items()):
        _through_variable(reading, variable, number)
    _unresolved(reading)
    _assigned_names(reading)
    _plain_handlers(reading)
    _tuples(reading)
    _renders(reading)
    return reading


def _imports(reading: Reading) -> None:
    code = reading.code
    done = 0
    closed = code.rfind(b")")
    for start in lines_with(code, b"import"):
        found = (_IMPORT if start < closed else _LAST_IMPORT).match(code, start) if start >= done else None
        if found is None:
            continue
        indent, module, names, plain = found.groups()
        at = start + 1
        done = found.end()
        if module is None:
            for part in plain.partition(b"#")[0].split(b","):
                full, _, local = part.strip().partition(b" as ")
                full = full.strip()
                _bind(reading, full, local.strip() or full.partition(b".")[0], full, (at, len(indent)))
            continue
        if not _is_marked(module, reading):
            inner = _carried_inside(module, reading.markers) if b"ven" in module or b"party" in module else b""
            if not inner or not _is_marked(inner, reading):
                reading.elsewhere.append((module, names))
                continue
            module = inner
        for name, local in _imported_names(names):
            if name == b"*":
                _bind_all(reading, module)
            full = module + name if module.endswith(b".") else module + b"." + name
            _bind(reading, module, local, full, (at, len(indent)))


def _carried_inside(module: bytes, markers: Markers) -> bytes:
    """Return what a module of the project's folder of foreign code is called where it comes from, or nothing."""
    parts = module.split(b".")
    for at, part in enumerate(parts):
        if part.decode("utf-8", "replace") in markers.places["vendored"]:
            return b".".join(parts[at + 1 :])
    return b""


def _is_marked(module: bytes, reading: Reading) -> bool:
    """Say whether a mark can be behind what is imported from a module."""
    if module in reading.own:
        return True
    markers = reading.markers
    return module[0] != DOT and (module in markers.holders or bool(entries_of(module, markers)))


@lru_cache(maxsize=1 << 12)
def _imported_names(names: bytes) -> list[tuple[bytes, bytes]]:
    """Return (name, local name) for each part of what `from … import` imports."""
    if b"#" in names:
        names = _COMMENT.sub(b"", names)
    parts = [part.split() for part in names.strip(b"() \t\r\n").replace(b"\\", b" ").split(b",")]
    return [(words[0], words[-1]) for words in parts if words]


def from_elsewhere(reading: Reading) -> dict[bytes, bytes]:
    """Return the local names that no mark is behind → their full names, for the whole project to look up."""
    for module, names in reading.elsewhere:
        start = module if module.endswith(b".") else module + b"."
        for name, local in _imported_names(names):
            reading.foreign.setdefault(local, start + name)
    return reading.foreign


def _bind(reading: Reading, module: bytes, local: bytes, full: bytes, place: tuple[int, int]) -> None:
    """Note what a local name stands for; `place` is the position and the indentation of the import."""
    markers, own = reading.markers, reading.own
    at, indent = place
    carried = own.get(module)
    if carried:
        full = carried + full[len(module) :]
    entries = () if not carried and (full[:1] == b"." or module in own or full in own) else entries_of(full, markers)
    if not entries:
        reading.foreign.setdefault(local, full)
        return
    reading.used.update(entries)
    for entry in _entries_named(full, entries, markers):
        guarded = bool(indent) and _is_guarded(reading.code, at, indent)
        before = reading.imported.get(entry)
        if before is None or (before[1] and not guarded):
            reading.imported[entry] = (at, guarded)
    reading.names[local] = full if local != full.partition(b".")[0] else local


def _entries_named(full: bytes, entries: tuple[int, ...], markers: Markers) -> tuple[int, ...]:
    """Return the entries that importing this names themselves, rather than something made for them."""
    known = markers.named_themselves.get(full)
    if known is None:
        inner = full + b"."
        known = markers.named_themselves[full] = tuple(
            entry for entry in entries if any(inner.startswith(core + b".") for core in markers.entries[entry].core)
        )
    return known


def _bind_all(reading: Reading, module: bytes) -> None:
    known = reading.markers.all_of.get(module)
    if known is None:
        inner = module + b"."
        packages = [inner[:at] for at, sign in enumerate(inner) if sign == DOT]
        names = dict.fromkeys(name for package in packages for name in reading.markers.parts.get(package, ()))
        known = reading.markers.all_of[module] = tuple((name, inner + name) for name in names)
    for name, full in known:
        reading.names.setdefault(name, full)


def _is_guarded(code: bytes, at: int, indent: int) -> bool:
    """Say whether an indented import stands under `try` or `if` rather than in a function."""
    for _ in range(MOST_LINES_BACK):
        start = code.rfind(b"\n", 0, max(at - 1, 0)) + 1
        line = code[start : at - 1]
        at = start
        bare = line.lstrip(b" \t")
        if bare and len(line) - len(bare) < indent:
            return bare.startswith((b"try", b"if"))
        if at <= 0:
            break
    return False


def _class_headers(reading: Reading, memo: dict[bytes, tuple[Mark, ...]]) -> None:
    code = reading.code
    done = 0
    for word in _CLASS_WORD.finditer(code):
        start = code.rfind(b"\n", 0, word.start())
        found = _CLASS.match(code, start) if start >= done else None
        if found is None:
            continue
        done = found.end()
        if code[found.end() - 1] == COLON:  # a class that derives from nothing: its name is taken all the same
            reading.bodies.append(ClassHeader(found.group(2), (), (), found.start(2), 0))
            continue
        end = closing(code, found.end() - 1)
        header = code[found.end() : end]
        while b"[" in header:
            shorter = _BRACKETS.sub(b"", header)
            if shorter == header:
                break
            header = shorter
        if b"(" in header:
            header = _CALLS.sub(rb"\1", header)
        _one_class(reading, found, header, end, memo)


_PLAIN_BASES = frozenset((b"object", b"Exception", b"ValueError", b"Enum", b"str", b"int", b"dict", b"list", b"type",
                          b"NamedTuple", b"TypedDict", b"ABC", b"Protocol", b"RuntimeError", b"ABCMeta"))  # fmt: skip


def _one_class(
    reading: Reading, found: re.Match[bytes], header: bytes, end: int, memo: dict[bytes, tuple[Mark, ...]]
) -> None:
    bases = [base for base in _BASE_NAME.findall(header) if base not in _PLAIN_BASES]
    if not bases:
        return
    name = found.group(2)
    marks: list[Mark] = []
    unknown: list[bytes] = []
    for base in bases:
        full = _full(reading, base)
        if full is None:
            unknown.append(base)
        marks += [mark for mark in meaning(full, reading.markers, memo) if mark[0] != "uses"] if full else ()
        if full is None and base in reading.classes:
            reading.classes[name] = reading.classes[base]
    for how, _, _, thing in marks:
        if how == "makes" and not reading.markers.things[int(thing)].subclassed:
            reading.classes[name] = int(thing)
    for how, entry, fact, _ in marks:
        if how == "calls" and fact == "routes":
            reading.registrars.append((Registrar(name, PUBLIC), found.start(2), entry))
    flags = _flags(reading.code, header, end, len(found.group(1)))
    maybe = unknown or all(fact == "auth" for _, _, fact, _ in marks)  # people who log in are models as well
    fields = _fields(reading.code, end, len(found.group(1)), reading.markers) if maybe else -1
    reading.bodies.append(ClassHeader(name, tuple(unknown), tuple(marks), found.start(2), flags, fields))


def _full(reading: Reading, dotted: bytes) -> bytes | None:
    first, dot, rest = dotted.partition(b".")
    full = reading.names.get(first)
    return None if full is None else full + dot + rest


def _flags(code: bytes, header: bytes, end: int, indent: int) -> int:
    flags = 0
    if b"table" in header and re.search(rb"\btable[ \t]*=[ \t]*True", header):
        flags |= TABLE
    if _ASYNC_METHOD.search(body_with(b"async", code, end, indent)):
        flags |= ASYNC
    return flags


def _fields(code: bytes, end: int, indent: int, markers: Markers) -> int:
    """Return the entry whose fields a class of unknown making holds, or -1."""
    for field in markers.fields:
        body = body_with(field.word, code, end, indent)
        if not body:
            continue
        line = _FIELDS.get((indent, field.line))
        if line is None:  # at most one step deeper than the class: what stands deeper belongs to something inside it
            line = re.compile(rb"\n[ \t]{%d,%d}(?![ \t])" % (indent + 1, indent + 4) + field.line)
            _FIELDS[indent, field.line] = line
        if line.search(body):
            return field.entry
    return -1


_FIELDS: dict[tuple[int, bytes], re.Pattern[bytes]] = {}


def _mentions(reading: Reading, local: bytes, full: bytes, memo: dict[bytes, tuple[Mark, ...]]) -> None:
    code = reading.code
    for at in occurrences(code, local):
        attributes = _ATTRIBUTES.match(code, at + len(local))
        if attributes is None:
            continue
        marks = meaning(full + attributes.group(1), reading.markers, memo)
        if marks:
            _mention(reading, marks, at, attributes)


def _mention(reading: Reading, marks: tuple[Mark, ...], at: int, attributes: re.Match[bytes]) -> None:
    code = reading.code
    before = code[code.rfind(b"\n", 0, at) + 1 : at]
    bare = before.strip(b" \t")
    if bare.startswith((b"from ", b"import ", b"class ", b"case ")) and not bare.endswith(b":"):
        return
    if bare.endswith((b"def", b"case")):  # a function of its own that happens to have the name; what is compared with
        return
    if in_text(code, at):
        return
    called = bool(attributes.group(2))
    decorates = bare == b"@"
    for how, entry, fact, thing in marks:
        if how == "calls" and (called or decorates):
            _called(reading, entry, fact, at, attributes, decorates=decorates)
        elif how == "uses":
            reading.hits.append((entry, fact, at))
        elif how == "makes":
            _made(reading, int(thing), at, before, attributes, called=called)


def _called(reading: Reading, entry: int, fact: str, at: int, attributes: re.Match[bytes], *, decorates: bool) -> None:
    if fact == "waits":
        reading.waits.append(at)
        return
    if fact == "listed_routes":
        _listed_routes(reading, entry, attributes.end() - 1)
        return
    if not decorates and fact in reading.markers.alone and is_single(reading.code, attributes.end() - 1):
        reading.hits.append((entry, reading.markers.alone[fact], at))
    if fact == "routes":
        if decorates:
            _decorates(reading, entry, at)
        elif _includes(reading.code, attributes.end()):
            reading.hits.append((entry, "wiring", at))
            return
        else:
            _passed_on(reading, at, attributes.end() - 1)
            _handed_over(reading, entry, attributes.end() - 1)
    reading.hits.append((entry, fact, at))


def _includes(code: bytes, arguments: int) -> bool:
    """Say whether a call whose arguments begin at a position is given other routes to include."""
    at = code.find(b"include(", arguments, arguments + LONGEST_ROUTE)
    return at >= 0 and at < closing(code, arguments - 1, LONGEST_ROUTE)


#: Of one route, as far as what it leads to is looked for.
LONGEST_ROUTE = 2000


def _passed_on(reading: Reading, at: int, bracket: int, application: bytes = b"") -> None:
    """Note the functions that a registration gets its path from: the routes are where those are used.

    Args:
        reading: the file.
        at: position of the call.
        bracket: position of its opening bracket.
        application: the variable that it registers with, where that holds an application.
    """
    reading.passed_on += 1
    if reading.passed_on > MOST_PASSED_ON:
        return
    if not (application and _is_made_here(reading, application, at)):
        reading.registrars += [(it, at, -1) for it in registrars_around(reading.functions, at, bracket)]
    if goes_through_table(reading.code, at, bracket):
        reading.registrars.append((TABLE_ELSEWHERE, at, -1))


#: A file that registers more by calls that hold no path is made by a program.
MOST_PASSED_ON = 2000


def _listed_routes(reading: Reading, entry: int, bracket: int) -> None:
    """Routes given to one call as plain tuples: ("pattern", view, …)."""
    code = reading.code
    end = closing(code, bracket)
    for at in inner_signs(code, bracket, end, b"("):
        if code[at - 1] not in WORD:
            included = b"include(" in code[at : closing(code, at)]
            reading.hits.append((entry, "wiring" if included else "routes", at))


def _decorates(reading: Reading, entry: int, at: int) -> None:
    """Note the function below a decorator as one that answers requests."""
    below = reading.below.header(at)
    if below is None:
        return
    if below.start(2) not in reading.handlers:
        reading.handlers.add(below.start(2))
        if below.group(1):
            reading.hits.append((entry, "async_handlers", below.start() + 1))


def _made(reading: Reading, number: int, at: int, before: bytes, attributes: re.Match[bytes], *, called: bool) -> None:
    thing = reading.markers.things[number]
    if not called:
        annotated = _ANNOTATED.search(before)
        if annotated:
            reading.instances.setdefault(annotated.group(1), number)
        elif before.rstrip(b" \t").endswith(b"->"):
            enclosing = before.strip().removeprefix(b"async ").strip()
            if enclosing.startswith(b"def "):
                reading.made_by[enclosing[4:].partition(b"(")[0].strip()] = number
        return
    if attributes.group(1) and attributes.group(1).rpartition(b".")[2] in thing.methods:
        return
    _made_facts(reading, thing, at, attributes.end() - 1)
    _keep_made(reading, number, at, before)


def _made_facts(reading: Reading, thing: Thing, at: int, bracket: int) -> None:
    arguments = b""
    for fact in thing.making:
        word = thing.without.get(fact)
        if word:
            arguments = arguments or reading.code[bracket : closing(reading.code, bracket)]
            if re.search(rb"\b" + word + rb"[ \t]*=[ \t]*(?:None|False)[ \t\r\n]*(?:,|$)", arguments):
                reading.hits.append((thing.entry, f"no_{fact}", at))
                continue
        reading.hits.append((thing.entry, fact, at))


def _keep_made(reading: Reading, number: int, at: int, before: bytes) -> None:
    code = reading.code
    target = _TARGET.match(before)
    if target is None and not before.strip():
        start = code.rfind(b"\n", 0, max(code.rfind(b"\n", 0, at), 0)) + 1
        target = _TARGET.match(code[start:at])
    if target:
        reading.instances[target.group(1)] = number
    if before[:1] in (b" ", b"\t") and (target or before.strip().startswith(b"return")):
        function = reading.functions.around(at)
        if function and (not target or _is_returned(reading, function, target.group(1))):
            reading.made_by.setdefault(function.group(3), number)


def _is_returned(reading: Reading, function: re.Match[bytes], variable: bytes) -> bool:
    asked = (function.start(), variable)
    known = reading.returned.get(asked)
    if known is None:
        returned = re.compile(rb"\n[ \t]+return[ \t]+" + re.escape(variable) + rb"[ \t]*\r?(?:\n|$)")
        end = reading.functions.end(function) + 1
        known = reading.returned[asked] = returned.search(reading.code, function.end(), end) is not None
    return known


def _constructions(reading: Reading, local: bytes, number: int) -> None:
    """Objects made from a class or by a function of this file."""
    code = reading.code
    for at in occurrences(code, local):
        before = code[code.rfind(b"\n", 0, at) + 1 : at]
        if before.strip().startswith((b"class ", b"def ", b"async ", b"from ", b"import ")):
            continue
        attributes = _ATTRIBUTES.match(code, at + len(local))
        if attributes and attributes.group(2) and not attributes.group(1) and not in_text(code, at):
            thing = reading.markers.things[number]
            if local in reading.classes:
                _made_facts(reading, thing, at, attributes.end() - 1)
            _keep_made(reading, number, at, before)


def _through_variable(reading: Reading, variable: bytes, number: int) -> None:
    code = reading.code
    thing = reading.markers.things[number]
    for at in occurrences(code, variable):
        attributes = _ATTRIBUTES.match(code, at + len(variable))
        if attributes is None or not attributes.group(1):
            continue
        method = attributes.group(1)[1:]
        fact = thing.methods.get(method)
        before = code[code.rfind(b"\n", 0, at) + 1 : at]
        decorates = before.strip(b" \t") == b"@"
        if fact is None:
            continue
        if (attributes.group(2) or decorates) and not in_text(code, at):
            places = _registrations(reading, at, attributes.end()) if fact == "routes" and not decorates else [at]
            reading.hits += [(thing.entry, fact, place) for place in places]
            if fact == "routes" and places == [at] and line_above(code, at).startswith(b"for "):
                reading.hits.append((thing.entry, "many_routes", at))
            reading.settled.add(at)
            if fact == "routes" and places == [at] and attributes.group(2):
                _passed_on(reading, at, attributes.end() - 1, variable if "app" in thing.making else b"")
            if decorates:
                _decorates(reading, thing.entry, at)
            elif fact == "routes":
                _handed_over(reading, thing.entry, attributes.end() - 1)


def _is_made_here(reading: Reading, application: bytes, at: int) -> bool:
    """Say whether a function makes the application itself: each call of it is another one with the same routes."""
    function = reading.functions.around(at)
    if function is None:
        return False
    made = re.compile(rb"\n[ \t]+" + re.escape(application) + rb"[ \t]*(?::[^=\n]*)?=(?!=)")
    return made.search(reading.code, max(function.end(), at - LONGEST_FACTORY), at) is not None


#: As far above a registration as an application is looked for that is made for it.
LONGEST_FACTORY = 1 << 13


def _handed_over(reading: Reading, entry: int, bracket: int) -> None:
    """Note the coroutines of this file that a call registers by their names."""
    code = reading.code
    if reading.coroutines is None:
        reading.coroutines = {found.group(1): found.start(1) for found in _COROUTINE.finditer(code)}
    if not reading.coroutines:
        return
    arguments = code[bracket : bracket + LONGEST_ARGUMENTS]
    for found in _NAMED_ALONE.finditer(arguments, 0, closing(arguments, 0) + 1):
        at = reading.coroutines.get(found.group(1), -1)
        if at >= 0 and at not in reading.handlers:
            reading.handlers.add(at)
            reading.hits.append((entry, "async_handlers", at))


#: Of a registration, as far as its handler is looked for.
LONGEST_ARGUMENTS = 400
_COROUTINE = re.compile(rb"\n[ \t]*async[ \t]+def[ \t]+(\w+)[ \t]*\(")
_NAMED_ALONE = re.compile(rb"(?<=[\s,(=])(?:self\.|cls\.)?([A-Za-z_]\w*)(?=\s*[,)])")


def _registrations(reading: Reading, at: int, arguments: int) -> list[int]:
    """Return where the routes stand that one call registers: in the table it loops over, or where its helper is called.

    Args:
        reading: the file.
        at: position of the call.
        arguments: position behind its opening bracket.
    """
    code = reading.code
    reading.registered += code[at - 1] != LINE_FEED
    if code[at - 1] == LINE_FEED or reading.registered > MOST_REGISTRATIONS:
        return [at]
    above = line_above(code, at)
    if above.endswith((b"]:", b"):")):
        written = _written_out(code, at)
        if written:
            return written
    loop = _LOOP.match(above)
    if loop:
        return _in_table(reading, loop.group(1)) or [at]
    function = reading.functions.around(at)
    first = _NAME_ALONE.match(code, arguments)
    if function is None or first is None or not _is_given(reading, function, first.group(1)):
        return [at]
    if function.group(3) in reading.called:
        return [] if reading.called[function.group(3)] else [at]
    return _calls_with_path(reading, function.group(3)) or [at]


def _is_given(reading: Reading, function: re.Match[bytes], name: bytes) -> bool:
    """Say whether a name is one of those that a function is given."""
    given = reading.code[function.end() : closing(reading.code, function.end() - 1)]
    return re.search(rb"\b" + name + rb"\b", given) is not None


def _in_table(reading: Reading, name: bytes) -> list[int]:
    """Return where the elements of the table of a name begin."""
    known = reading.tables.get(name)
    if known is None and len(reading.tables) < MOST_TABLES:
        code = reading.code
        table = re.search(rb"\n[ \t]*" + name + rb"[ \t]*(?::[^=\n]*)?=[ \t]*[\[({]", code)
        known = reading.tables[name] = elements(code, table.end() - 1) if table else []
    return known or []


def _calls_with_path(reading: Reading, function: bytes) -> list[int]:
    """Return where a function is called with a path, which is told once."""
    calls = re.finditer(rb"(?<!def )\b" + function + rb"\(", reading.code) if len(reading.called) < MOST_TABLES else ()
    found = [call.start() for call in calls if _PATH.match(reading.data, call.end())]
    reading.called[function] = bool(found)
    return found


#: A file with more of them is made by a program: tables and functions, and registrations that a table is looked for of.
MOST_TABLES = 100
MOST_REGISTRATIONS = 2000


def _written_out(code: bytes, at: int) -> list[int]:
    """Return the elements of the table that the loop around a position goes through, where the loop itself holds it."""
    for loop in reversed(list(_LOOP_OVER.finditer(code, max(0, at - LONGEST_TABLE), at))):
        end = closing(code, loop.start(1))
        if end < at and code[end + 1 : at].strip() == b":":
            return elements(code, loop.start(1))
    return []


#: Of a table that is written into a loop, as far back as its beginning is looked for.
LONGEST_TABLE = 8000
_LOOP_OVER = re.compile(rb"\n[ \t]*for\b[^\n]*\bin[ \t]*([\[(])")
_LOOP = re.compile(rb"for\b.+\bin[ \t]+(\w+)(?:\.items\(\))?[ \t]*:$")
_NAME_ALONE = re.compile(rb"\s*(?:\w+[ \t]*=[ \t]*)?([A-Za-z_]\w*)[ \t]*,")


def _unresolved(reading: Reading) -> None:
    """Leave as questions the routes registered through variables that other files make."""
    _unresolved_decorators(reading)
    for word in reading.markers.telling:
        _unresolved_calls(reading, word)


def _unresolved_decorators(reading: Reading) -> None:
    code, markers = reading.code, reading.markers
    for found in _DECORATION.finditer(code):
        receiver, method = found.groups()
        at = found.start(1)
        if method not in markers.methods or at in reading.settled or receiver.partition(b".")[0] in reading.names:
            continue
        if receiver in reading.instances or not is_first(code, found.start()):
            continue
        below = reading.below.header(at)
        flags = ASYNC if below and below.group(1) else 0
        if _PATH.match(reading.data, found.end()):
            flags |= PATH_GIVEN
        elif method in markers.routing:
            _passed_on(reading, at, found.end() - 1)
        reading.questions.append((receiver, method, at, flags))
        if below:
            reading.handlers.add(below.start(2))


def _unresolved_calls(reading: Reading, word: bytes) -> None:
    """Look at every call whose name begins with one of the telling words."""
    code = reading.code
    at = code.find(word)
    while at >= 0:
        dot = code.rfind(b".", at, at + len(word))
        called = _METHOD.match(code, dot)
        if called and (dot > at or called.group(1) in reading.markers.registers):
            start = dot
            while start > 0 and (code[start - 1] in WORD or code[start - 1] == DOT):
                start -= 1
            if start < dot and start not in reading.settled and not in_text(code, dot):
                flags = PATH_GIVEN if dot > at else 0
                places = _registrations(reading, start, called.end())
                if places == [start] and called.group(1) in reading.markers.routing:
                    _passed_on(reading, start, called.end() - 1)
                for place in places:
                    reading.questions.append((code[start:dot], called.group(1), place, flags))
        at = code.find(word, at + 1)


def _assigned_names(reading: Reading) -> None:
    code = reading.code
    entries = {*reading.imported}
    for name, number in reading.markers.settings:
        if name in code and _settings(reading, number, name, reading.markers.entries[number].settings[name]):
            entries.add(number)  # settings import nothing of what they are for
    for entry in entries:
        for name, fact in reading.markers.entries[entry].names.items():
            found = name in code and re.search(rb"\n" + name + rb"[ \t]*(?::[^=\n]*)?\+?=", code)
            if found:
                reading.hits.append((entry, fact, found.start() + 1))


def _settings(reading: Reading, entry: int, name: bytes, facts: dict[str, tuple[bytes, ...]]) -> bool:
    """Look into the list or dict assigned to a name for strings with a meaning; say whether there was one."""
    code = reading.code
    assigned = False
    for found in re.finditer(rb"\n[ \t]*" + name + rb"[ \t]*(?::[^=\n]*)?\+?=[ \t]*([(\[{])", code):
        assigned = True
        end = closing(code, found.start(1))
        for word in _STRING.finditer(reading.data, found.start(1), end):
            if b"#" in code[code.rfind(b"\n", 0, word.start()) + 1 : word.start()]:
                continue
            for fact, words in facts.items():
                if word.group(1) in words or any(word.group(1).startswith(w + b".") for w in words):
                    reading.hits.append((entry, fact, word.start()))
    return assigned


def _plain_handlers(reading: Reading) -> None:
    """Functions that take a request as their first parameter; and who of all handlers waits on others."""
    code, markers = reading.code, reading.markers
    firsts = {word: entry for entry in reading.imported for word in markers.entries[entry].handlers if word in code}
    if firsts:
        for word in _FUNCTION_OF.finditer(code):
            name, first = word.groups()
            if first not in firsts or name in _NO_HANDLER or word.start(1) in reading.handlers:
                continue
            start = code.rfind(b"\n", 0, word.start())
            header = FUNCTION.match(code, start)
            if header and header.start(3) == word.start(1):
                reading.handlers.add(word.start(1))
                if header.group(2):
                    reading.hits.append((firsts[first], "async_functions", start + 1))
    waiting = {header.start(3) for at in reading.waits if (header := reading.functions.around(at))}
    for at in sorted(waiting & reading.handlers):
        reading.hits.append((-1, "waits", at))


_NO_HANDLER = frozenset((b"__call__", b"middleware", b"process_request", b"__init__"))


def _renders(reading: Reading) -> None:
    """Methods that an object of the framework has by inheritance, told by the call alone."""
    for entry in reading.used:
        for fact, word, line in reading.markers.entries[entry].lines:
            for found in re.finditer(line, reading.code) if word in reading.code else ():
                if b"#" not in reading.code[reading.code.rfind(b"\n", 0, found.start()) + 1 : found.start()]:
                    reading.hits.append((entry, fact, found.start()))


def _tuples(reading: Reading) -> None:
    """Routes given as ("pattern", SomeHandler)."""
    for entry in {*reading.imported}:
        for ending in reading.markers.entries[entry].tuples:
            routes = _TUPLES.get(ending)
            if routes is None:
                routes = _TUPLES[ending] = re.compile(
                    _PATH_AND_CLASS if ending == b"/" else
                    rb"\((?:[rRuUfF]?[\"'][^\"'\n]*+[\"']|[\w.%+]++|\((?:[^()\"']|[\"'][^\"'\n]*+[\"'])*+\)|\s++)++,\s*+[\w.]*"
                    + ending + rb"\s*+[,)]"
                )  # fmt: skip
            for found in routes.finditer(reading.code):
                at = found.start()
                before = reading.code[reading.code.rfind(b"\n", 0, at) + 1 : at]
                if before[-1:] not in _WORDS and not before.lstrip(b" \t").startswith((b"from ", b"import ")):
                    reading.hits.append((entry, "routes", at))


_PATH_AND_CLASS = rb"\(\s*+(?:name\s*=\s*)?[rRuUfF]?[\"'][/^][^\"'\n]*+[\"']\s*+,\s*+(?:\w+\.)*+[A-Z]\w*\s*+[,)]"
_TUPLES: dict[bytes, re.Pattern[bytes]] = {}
_WORDS = frozenset(bytes((sign,)) for sign in WORD)
