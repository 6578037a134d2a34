"""Bad rules to exact messages: every defect is told with its place, what was expected and what was probably meant."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.errors import AdvisorError
from advisor.knowledge import load_rules, nodes
from advisor.knowledge.defects import RulesError
from advisor.knowledge.files import MAX_BYTES

from .tiny import TINY, changed, written


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def defects_of(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    Path("rules.yaml").write_bytes(content)
    with pytest.raises(RulesError) as caught:
        load_rules("rules.yaml")
    return [str(defect).removeprefix("rules.yaml:") for defect in caught.value.defects]


def test_the_rules_that_the_others_break_are_sound() -> None:
    assert load_rules(written(Path(), TINY)).name == "tiny"


BROKEN = {
    "an unknown key": (
        ("title: Two tools", "titel: Two tools\ntitle: Two tools"),
        '4:1: titel: there is no such key here; did you mean "title"?',
    ),
    "a missing key": (
        ("    title: Reach\n", ""),
        "19:9: criteria › reach › title: is missing: expected a few words, for tables",
    ),
    "a missing key at the top": (
        ("subject: tools\n", ""),
        "1:1: subject: is missing: expected what is compared, plural, such as frameworks",
    ),
    "a duplicate key": (
        ("name: tiny", "name: tiny\nname: other"),
        "3:1: name: is given twice, first in line 2",
    ),
    "two entries with one id": (
        ("- id: finish", "- id: haste"),
        "51:9: needs › haste: is given twice, first in line 37",
    ),
    "two choices with one id": (
        ("{id: rough,", "{id: smooth, label: Glossy}\n      - {id: rough,"),
        "58:13: needs › finish › choices › smooth: is given twice, first in line 56",
    ),
    "an entry without an id": (
        ("  - id: motor\n    alternative", "  - alternative"),
        "61:5: remedies › 1: expected an entry with an id",
    ),
    "an id that is no text": (
        ("- id: motor", "- id: 7"),
        "61:9: remedies › 1 › id: expected a word; put it in quotes",
    ),
    "an id with capitals": (
        ("- id: motor", "- id: Motor"),
        "61:9: remedies › Motor: an id is made of small letters, digits and single hyphens",
    ),
    "a name with capitals": (
        ("name: tiny", "name: Tiny"),
        "2:7: name: expected an id: small letters, digits and single hyphens: a short name for these rules",
    ),
    "a number for text": (
        ("name: Motor", "name: 7"),
        "63:11: remedies › motor › name: expected text, got 7: the name to show; put it in quotes",
    ),
    "text for a number": (
        ("limit: 4", "limit: four"),
        (
            '10:34: groups › motion › limit: expected a whole number, got "four": the most that the criteria '
            "of the group weigh together"
        ),
    ),
    "text for a switch": (
        ("ordered: true", "ordered: perhaps"),
        (
            '39:14: needs › haste › ordered: expected true or false, got "perhaps": whether the choices lie '
            "on a scale, least to most"
        ),
    ),
    "a list for a mapping": (
        ("lifts: {speed: Fast}", "lifts: [speed]"),
        (
            "64:12: remedies › motor › lifts: expected a mapping of keys to values, got a list: criterion to "
            "the level or word reached with it"
        ),
    ),
    "a mapping for a list": (
        ('    - {advice: stay, pick: same, because: "{current} works"}', "    {advice: stay}"),
        "76:5: legacy › rules: expected a list, got a mapping: the first rule that holds is given",
    ),
    "text for an entry": (
        ("saw: {name: Saw}", "saw: Saw"),
        '8:8: alternatives › saw: expected a mapping of keys to values, got "Saw"',
    ),
    "nothing for text": (
        ("label: No", 'label: ""'),
        "43:16: needs › haste › choices › no › label: expected text, got nothing: the answer in a few words",
    ),
    "an unknown kind of criterion": (
        ("kind: match", "kind: mach"),
        '26:11: criteria › style › kind: expected "grade" or "match", got "mach"; did you mean "match"?',
    ),
    "an unknown kind of need": (
        ("kind: fact", "kind: facts"),
        '32:11: needs › work › kind: expected "fact" or "wish", got "facts"; did you mean "fact"?',
    ),
    "an unknown advice": (
        ("advice: stay", "advice: leave"),
        '76:16: legacy › rules › advice: expected "stay", "move" or "move-gradually", got "leave"',
    ),
    "an address that is none": (
        ("https://example.org/hammer", "javascript:alert(1)"),
        (
            "7:52: alternatives › hammer › homepage: expected an address that starts with http:// or "
            "https://: where it lives (http or https)"
        ),
    ),
    "a date that is none": (
        ("checked: 2026-11-22", "checked: 2026-13-01"),
        "17:94: criteria › speed › ratings › hammer › checked: expected a date such as 2026-11-22",
    ),
    "a date of another style": (
        ("checked: 2026-11-22", "checked: 22.11.2026"),
        "17:94: criteria › speed › ratings › hammer › checked: expected a date such as 2026-11-22",
    ),
    "a level off the scale of levels": (
        ("scale: {0: Short, 4: Long}", "scale: {0: Short, 5: Long}"),
        "22:23: criteria › reach › scale › 5: expected a level from 0 to 4",
    ),
    "a word for a level": (
        ("scale: {0: Short, 4: Long}", "scale: {0: Short, 4: Long, best: Longest}"),
        '22:32: criteria › reach › scale › best: expected a whole number, got "best"',
    ),
    "a scale with one level": (
        (
            "scale: {0: Short, 4: Long}\n    ratings: {hammer: Short, saw: Long}",
            "scale: {0: Long}\n    ratings: {hammer: Long, saw: Long}",
        ),
        (
            "22:12: criteria › reach › scale: expected at least 2: a grade: level (0 worst to 4 best) to the "
            "words that mean it; a match: the list of kinds"
        ),
    ),
    "a word on two levels": (
        ("2: [Fine, OK]", "2: [Fine, Fast, OK]"),
        '15:46: criteria › speed › scale › 4: "Fast" stands for level 2 already',
    ),
    "a list as the scale of a grade": (
        ("scale: {0: Short, 4: Long}", "scale: [Short, Long]"),
        "22:12: criteria › reach › scale: expected a mapping from level (0 to 4) to words: a list has no levels",
    ),
    "a mapping as the scale of a match": (
        ("scale: [Loud, [Quiet, Silent]]", "scale: {0: Loud, 4: [Quiet, Silent]}"),
        "27:12: criteria › style › scale: expected a list of kinds: a match has no better and worse",
    ),
    "a rating that is missing": (
        ("ratings: {hammer: Short, saw: Long}", "ratings: {hammer: Short}"),
        '23:5: criteria › reach › ratings: the rating of "saw" is missing',
    ),
    "a rating of something else": (
        ("ratings: {hammer: Short, saw: Long}", "ratings: {hammer: Short, saw: Long, sew: Long}"),
        '23:41: criteria › reach › ratings › sew: there is no alternative "sew"; did you mean "saw"?',
    ),
    "a word that is not on the scale": (
        ("word: Fast", "word: Fats"),
        (
            '17:22: criteria › speed › ratings › hammer › word: "Fats" is not on the scale of speed; did you '
            'mean "Fast"?'
        ),
    ),
    "an unknown group": (
        ("title: Reach\n    group: motion", "title: Reach\n    group: motions"),
        '21:12: criteria › reach › group: there is no group "motions"; did you mean "motion"?',
    ),
    "a weight on an alternative": (
        ("weights: {reach: 3}", "weights: {saw: 3}"),
        (
            '35:43: needs › work › choices › wood › weights › saw: there is no criterion "saw"; known: '
            "speed, reach, style"
        ),
    ),
    "a weight of nothing": (
        ("weights: {reach: 3}", "weights: {reach: 0}"),
        (
            "35:50: needs › work › choices › wood › weights › reach › weight: expected 1 or more: 1 to 100; "
            "points are weight × level"
        ),
    ),
    "a broken weight": (
        ("weights: {reach: 3}", "weights: {reach: 1.5}"),
        (
            "35:50: needs › work › choices › wood › weights › reach › weight: expected a whole number, got "
            '"1.5": 1 to 100; points are weight × level'
        ),
    ),
    "a match without a fit": (
        ("fit: {Quiet: 4}, ", ""),
        (
            "48:18: needs › haste › choices › must › weights › style: style is a match: its weight needs a "
            "fit for its kinds; its kinds: Loud, Quiet"
        ),
    ),
    "a fit on a grade": (
        ("speed: 3\n", "speed: {weight: 3, fit: {Fast: 4}}\n"),
        (
            "47:30: needs › haste › choices › must › weights › speed › fit: speed is a grade: its level "
            "tells how well it does, a fit is only for a match"
        ),
    ),
    "a fit for no kind": (
        ("fit: {Quiet: 4}", "fit: {Quite: 4}"),
        (
            "48:36: needs › haste › choices › must › weights › style › fit › Quite: there is no kind of "
            'style "Quite"; did you mean "Quiet"?'
        ),
    ),
    "a fit for one kind twice": (
        ("fit: {Quiet: 4}", "fit: {Quiet: 4, Silent: 2}"),
        '48:46: needs › haste › choices › must › weights › style › fit › Silent: is the same kind as "Quiet"',
    ),
    "a fit that never fits": (
        ("fit: {Quiet: 4}", "fit: {Quiet: 0}"),
        ("48:30: needs › haste › choices › must › weights › style › fit: no kind fits: the weight could never count"),
    ),
    "a fit beyond the best": (
        ("fit: {Quiet: 4}", "fit: {Quiet: 9}"),
        "48:43: needs › haste › choices › must › weights › style › fit › Quiet: expected 4 or less",
    ),
    "a condition on an unknown need": (
        ("when: {work: wood}", "when: {wrok: wood}"),
        (
            '48:54: needs › haste › choices › must › weights › style › when › wrok: there is no need "wrok"; '
            'did you mean "work"?'
        ),
    ),
    "a condition on an unknown choice": (
        ("applies_when: {work: [wood]}", "applies_when: {work: [wood, stone]}"),
        ('54:33: needs › finish › applies_when › work › 2: there is no choice of work "stone"; known: wood, nails'),
    ),
    "a requirement off the scale": (
        ("at_least: Fine", "at_least: 3"),
        (
            "50:29: needs › haste › choices › must › requires › speed › at_least: 3 is not a level of speed; "
            "its levels: 0, 2, 4"
        ),
    ),
    "a requirement on a match": (
        ("speed: {at_least: Fine, because: there is no time}", "style: {at_least: Quiet, because: sleep}"),
        (
            "50:29: needs › haste › choices › must › requires › style › at_least: style is a match: its "
            "kinds are not better or worse"
        ),
    ),
    "a requirement of the wrong type": (
        ("at_least: Fine", "at_least: [Fine]"),
        (
            "50:29: needs › haste › choices › must › requires › speed › at_least: expected a word of the "
            "scale, or its level"
        ),
    ),
    "a remedy for something else": (
        ("alternative: saw", "alternative: sow"),
        '62:18: remedies › motor › alternative: there is no alternative "sow"; did you mean "saw"?',
    ),
    "a remedy that lifts something else": (
        ("lifts: {speed: Fast}", "lifts: {sped: Fast}"),
        '64:13: remedies › motor › lifts › sped: there is no criterion "sped"; did you mean "speed"?',
    ),
    "a remedy that lifts to an unknown word": (
        ("lifts: {speed: Fast}", "lifts: {speed: Faster}"),
        '64:20: remedies › motor › lifts › speed: "Faster" is not on the scale of speed; did you mean "Fast"?',
    ),
    "a caveat about something else": (
        ("alternatives: [hammer]", "alternatives: [hamer]"),
        '70:20: caveats › noise › alternatives: there is no alternative "hamer"; did you mean "hammer"?',
    ),
    "an unknown need of the legacy": (
        ("need: work", "need: job"),
        '73:9: legacy › need: there is no need "job"; known: work, haste, finish',
    ),
    "an unknown choice of the legacy": (
        ("current: {wood: saw,", "current: {wod: saw,"),
        '74:13: legacy › current › wod: there is no choice of work "wod"; did you mean "wood"?',
    ),
    "an unknown alternative of the legacy": (
        ("current: {wood: saw,", "current: {wood: axe,"),
        '74:19: legacy › current › wood: there is no alternative "axe"; known: hammer, saw',
    ),
    "an unknown placeholder": (
        ("{current} works", "{curent} works"),
        '76:43: legacy › rules › because: there is no placeholder "curent"; did you mean "current"?',
    ),
    "a part for something else": (
        ("cutting: saw,", "cutting: axe,"),
        '79:22: splits › both › parts › cutting: there is no alternative "axe"; known: hammer, saw',
    ),
    "a choice called like an open answer": (
        ("{id: rough,", "{id: unknown,"),
        (
            '56:14: needs › finish › choices › unknown: "unknown" stands for an answer that is left open, so '
            "no choice can be called so"
        ),
    ),
    "needs that wait for each other": (
        ("    kind: fact\n", "    kind: fact\n    applies_when: {finish: smooth}\n"),
        ("33:5: needs › work › applies_when: applies only when needs apply that wait for it: work → finish → work"),
    ),
    "a need that waits for itself": (
        ("applies_when: {work: [wood]}", "applies_when: {finish: [rough]}"),
        "54:5: needs › finish › applies_when: applies only when needs apply that wait for it: finish → finish",
    ),
    "a newer format": (
        ("format: 1", "format: 2"),
        "1:9: format: is format 2, newer than format 1 that this version reads; upgrade framework-advisor",
    ),
    "a tag": (
        ("name: Motor", "name: !!python/object/apply:os.system [true]"),
        (
            '63:11: remedies › 1 › name: the tag "tag:yaml.org,2002:python/object/apply:os.system" is not '
            "allowed: only plain YAML is read"
        ),
    ),
    "a merge key": (
        ("saw: {name: Saw}", "saw: {<<: {}, name: Saw}"),
        '8:9: alternatives › saw: merge keys ("<<") are not read; write the entries out, or use extends',
    ),
    "a key that is no word": (
        ("saw: {name: Saw}", "saw: {name: Saw, [a]: b}"),
        "8:20: alternatives › saw: a key must be one word",
    ),
    "a control character": (
        ("label: Must", 'label: "Mu\\e[31mst"'),
        "45:16: needs › 2 › choices › 2 › label: holds the control character U+001B",
    ),
    "text that runs backwards": (
        ("label: Must", 'label: "Mu\u202est"'),
        "45:16: needs › 2 › choices › 2 › label: holds the control character U+202E",
    ),
    "an unknown parent": (
        ("name: tiny", "name: tiny\nextends: web-framework"),
        '3:10: extends: there are no shipped rules named "web-framework"; did you mean "web-frameworks"?',
    ),
    "a parent elsewhere": (
        ("name: tiny", "name: tiny\nextends: ../other.yaml"),
        '3:10: extends: "../other.yaml" leads out of the folder of this file; keep both files in one folder',
    ),
    "a parent that is not there": (
        ("name: tiny", "name: tiny\nextends: ./other.yaml"),
        '3:10: extends: there is no file "./other.yaml"',
    ),
    "a file that extends itself": (
        ("name: tiny", "name: tiny\nextends: ./rules.yaml"),
        '3:10: extends: "./rules.yaml" extends this file, so neither can be first',
    ),
}


@pytest.mark.parametrize(("change", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_one_exact_message(change: tuple[str, str], message: str) -> None:
    assert defects_of(changed(change)) == [message]


def test_all_defects_of_a_file_are_told_together_in_the_order_of_the_file() -> None:
    several = changed(
        ("title: Two tools", "titel: Two tools"),
        ("saw: OK", "saw: okay"),
        ("kind: match", "kind: mach"),
        ("ordered: true", "ordered: perhaps"),
        ("applies_when: {work: [wood]}", "applies_when: {work: [wod]}"),
        ("cost: Noise.", "cost: Noise.\n    cost: More."),
        ("pick: same", "pick: sam"),
    )
    assert [message.partition(": ")[0] for message in defects_of(several)] == [
        "1:1",  # the title is missing
        "4:1",
        "18:12",
        "26:11",
        "39:14",
        "54:27",
        "67:5",
        "77:28",
    ]


def test_what_is_wrong_once_is_told_once() -> None:
    """A broken criterion does not make every weight that names it wrong as well."""
    assert len(defects_of(changed(("    scale: {0: Slow, 2: [Fine, OK], 4: Fast}\n", "")))) == 1
    assert (
        len(defects_of(changed(("      - id: must\n        label: Must", "      - id: must\n        label: 7")))) == 1
    )


FILES = {
    "an empty file": (b"", "is empty"),
    "comments only": (b"# nothing\n", "is empty"),
    "a list": (b"[a, b]\n", "1:1: expected a mapping of keys to values at the top of the file"),
    "one word": (b"rules\n", "1:1: expected a mapping of keys to values at the top of the file"),
    "broken YAML": (b"a: [1, 2\nb: 3\n", "2:2: is not YAML: did not find expected ',' or ']'"),
    "two documents": (b"a: 1\n---\nb: 2\n", "2:1: is not YAML: but found another document"),
    "an alias of nothing": (b"a: *b\n", "1:4: is not YAML: found undefined alias"),
    "bytes that are not UTF-8": (b"a: 1\nb: \xff\n", "2:4: byte 0xFF is not UTF-8; save the file as UTF-8"),
    "UTF-16": ("a: 1".encode("utf-16"), "1:1: byte 0xFF is not UTF-8; save the file as UTF-8"),
    "NUL": (b"a: 1\nb: \0\n", "2:4: holds a NUL character, so it is no text file"),
    "a control character": (b"a: 1\nb: \x1b\n", "2:4: holds the control character U+001B"),
    "too deep": (b"a: " + b"[" * 100_000, "is nested more than 32 levels deep"),
    "deep through aliases": (
        b"a: &a " + b"[" * 20 + b"]" * 20 + b"\nb: " + b"[" * 20 + b"*a" + b"]" * 20 + b"\n",
        "is nested more than 32 levels deep through its aliases",
    ),
    "too many keys in one mapping": (
        b"".join(b"a%d: 1\n" % n for n in range(20_001)),
        "1:1: has more than 20,000 entries side by side",
    ),
    "an alias bomb": (
        b"a: &a [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 108)),
        "its aliases stand for more than 50,000 further entries",
    ),
    "an alias of itself": (b"a: &a [*a]\n", "1:4: an alias stands for something that contains it"),
    "too large": (b"#" * (MAX_BYTES + 1), "is larger than 8 MiB, the most that is read"),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_rules_file_is_refused(content: bytes, message: str) -> None:
    assert [defect.removeprefix(" ") for defect in defects_of(content)] == [message]


def test_a_file_has_no_more_entries_than_can_be_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from advisor.knowledge import nodes

    assert nodes.MAX_NODES == 500_000
    monkeypatch.setattr(nodes, "MAX_NODES", 1_000)
    assert defects_of("a: [" + "1," * 1_000 + "]\n") == [" has more than 1,000 entries"]


def refusal(path: str | None) -> str:
    with pytest.raises(AdvisorError) as caught:
        load_rules(path)
    return f"{caught.value.message} ({caught.value.hint})"


def test_a_path_that_is_no_file_is_refused_at_once() -> None:
    Path("folder.yaml").mkdir()
    os.mkfifo("pipe.yaml")
    Path("secret.yaml").write_text(TINY, encoding="utf-8")
    assert refusal("folder.yaml") == "folder.yaml: is a directory, expected a file (None)"
    assert refusal("pipe.yaml") == "pipe.yaml: is a pipe or a device, expected a file (None)"
    assert refusal("/dev/zero") == "/dev/zero: is a pipe or a device, expected a file (None)"
    assert refusal("none.yaml") == "none.yaml: cannot be read: No such file or directory (None)"
    # Python 3.13 says "open: embedded null character in path", older ones "embedded null byte".
    assert re.fullmatch(r"a\\x00.yaml: cannot be read: .*embedded null .* \(None\)", refusal("a\0.yaml"))
    assert refusal("./\x1b[31m") == "\\x1b[31m: cannot be read: No such file or directory (None)"


def test_an_unknown_name_of_shipped_rules_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = 'there are no shipped rules named "web-framework" (did you mean "web-frameworks"? (a path works as well))'
    assert refusal("web-framework") == refused
    monkeypatch.setenv("ADVISOR_RULES", "web-framework")
    assert refusal(None) == refused


def test_needs_that_interact_too_much_to_be_counted_are_refused() -> None:
    needs = "".join(
        f"  - {{id: n{number}, title: N, question: Q, applies_when: {{work: wood}}, choices: "
        "[{id: a, label: A}, {id: b, label: B}, {id: c, label: C}, {id: d, label: D}]}\n"
        for number in range(8)
    )
    [message] = defects_of(changed(("remedies:\n", f"{needs}remedies:\n")))
    assert message == (
        "30:9: needs › work: needs that interact have 524,288 joint answers, more than 65,536 that are counted one by "
        "one: work, haste, finish, n0, n1, n2, n3, n4, n5, n6, n7; use fewer conditions and smaller groups"
    )


def test_without_the_c_parser_the_messages_are_the_same() -> None:
    import yaml

    from advisor.knowledge import nodes

    broken = changed(("name: Motor", "name: !!int 7"), ("name: tiny", "name: tiny\nname: other")).encode()
    told = []
    for base in (yaml.SafeLoader, yaml.CSafeLoader):
        defects: list[object] = []
        tree = nodes.parse(broken, "rules.yaml", defects, base=base)
        told.append((defects, nodes.plain(tree)))
    assert told[0] == told[1]
    assert len(told[0][0]) == 2


def test_of_very_many_defects_the_first_are_told_and_the_rest_counted() -> None:
    keys = "".join(f"x{number}: 1\n" for number in range(5_000))
    told = defects_of(TINY + keys)
    assert told[0] == " has 4,000 more defects than the 1,000 that are told"
    assert len(told) == 1_001


def test_a_long_chain_of_needs_is_no_circle_and_takes_no_time() -> None:
    chain = "".join(
        f"  - {{id: n{number}, title: N, question: Q, applies_when: {{n{number + 1}: a}}, "
        "choices: [{id: a, label: A}, {id: b, label: B}]}\n"
        for number in range(2_000)
    )
    last = "  - {id: n2000, title: N, question: Q, choices: [{id: a, label: A}, {id: b, label: B}]}\n"
    [message] = defects_of(changed(("remedies:\n", f"{chain}{last}remedies:\n")))
    assert message.startswith("60:10: needs › n0: needs that interact have very many joint answers, more than 65,536")
    assert "n19, … (2001 in all)" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lambda: "- a\n" * 1_000_000, "has more than 20,000 entries side by side"),
        (lambda: "".join(f"k{number}: 1\n" for number in range(400_000)), "has more than 20,000 entries side by side"),
        (lambda: "- &a x\n" + "- *a\n" * 900_000, "its aliases stand for more than 50,000 further entries"),
    ],
    ids=["a list", "a mapping", "aliases"],
)
def test_a_large_file_is_refused_before_all_of_it_is_read(text: Callable[[], str], message: str) -> None:
    content = text().encode()
    start = time.process_time()
    with pytest.raises(RulesError, match=message):
        nodes.parse(content, "large.yaml", [])
    assert time.process_time() - start < 1
