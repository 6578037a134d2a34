"""The smallest rules that use every part of the format; tests change a line of it and look at what happens."""

from __future__ import annotations

from pathlib import Path

TINY = """\
format: 1
name: tiny
version: "1"
title: Two tools
subject: tools
alternatives:
  hammer: {name: Hammer, summary: Hits., homepage: "https://example.org/hammer", revisit_when: [a new hammer]}
  saw: {name: Saw}
groups:
  motion: {title: Motion, limit: 4, because: one cause}
criteria:
  - id: speed
    title: Speed
    group: motion
    scale: {0: Slow, 2: [Fine, OK], 4: Fast}
    ratings:
      hammer: {word: Fast, because: Watch it., source: "https://example.org/speed", checked: 2026-11-22, check: t.py::a}
      saw: OK
  - id: reach
    title: Reach
    group: motion
    scale: {0: Short, 4: Long}
    ratings: {hammer: Short, saw: Long}
  - id: style
    title: Style
    kind: match
    scale: [Loud, [Quiet, Silent]]
    ratings: {hammer: Loud, saw: Silent}
needs:
  - id: work
    title: Work
    kind: fact
    question: What is the work?
    choices:
      - {id: wood, label: Wood, weights: {reach: 3}}
      - {id: nails, label: Nails, weights: {speed: 2}}
  - id: haste
    title: Haste
    ordered: true
    question: In a hurry?
    choices:
      - id: no
        label: No
      - id: must
        label: Must
        weights:
          speed: 3
          style: {weight: 2, fit: {Quiet: 4}, when: {work: wood}}
        requires:
          speed: {at_least: Fine, because: there is no time}
  - id: finish
    title: Finish
    question: How smooth?
    applies_when: {work: [wood]}
    choices:
      - {id: rough, label: Rough}
      - id: smooth
        label: Smooth
        weights: [{criterion: reach, weight: 1}, {criterion: reach, weight: 2, when: {haste: no}}]
remedies:
  - id: motor
    alternative: saw
    name: Motor
    lifts: {speed: Fast}
    gives: Speed.
    cost: Noise.
caveats:
  - id: noise
    text: It is loud.
    alternatives: [hammer]
    when: {haste: [must]}
legacy:
  need: work
  current: {wood: saw, nails: hammer}
  rules:
    - {advice: stay, pick: same, because: "{current} works"}
splits:
  - id: both
    parts: {cutting: saw, fixing: hammer}
    when: {haste: no}
    because: Each does its part.
    how: One in each hand.
"""


def changed(*changes: tuple[str, str], text: str = TINY) -> str:
    """Return the rules with pieces of text replaced; each piece must be there exactly once."""
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} occurs {text.count(before)} times"
        text = text.replace(before, after)
    return text


def written(folder: Path, text: str, name: str = "rules.yaml") -> Path:
    """Write a rules file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
