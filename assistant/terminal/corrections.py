"""`app.py register ...`: what editors decide about the register, in the terminal."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from assistant.partners.corrections import (
    about_link,
    about_organisation,
    link_of,
    organisation_of,
)
from assistant.terminal.output import filled, print_json
from index.errors import UsageError
from index.register.decisions import Decision, decision_of
from index.register.kept import KeptRegister
from index.register.register import Register
from index.storage.decisions import StoredDecision

_OF_LINKS_ALONE: Final = ("confirm", "status")


def correct(kept: KeptRegister, options: argparse.Namespace) -> int:
    """Does what `register` is told to, and returns the exit status. Raises UsageError."""
    match options.deed:
        case "list":
            _list(kept, as_json=options.json)
        case "undo":
            _undo(kept, options.number)
        case "export":
            standing = [stored.decision for stored in kept.decisions() if stored.undone is None]
            print(json.dumps(standing, ensure_ascii=False, indent=2))
        case "import":
            _import(kept, options.file)
        case _:
            decision = _decision(kept.register(), options)
            (number,) = kept.decide([decision], by="terminal")
            print(f"Decision {number}: {_told(decision)}")
            print(f"`python app.py register undo {number}` takes it back.", file=sys.stderr)
    return 0


def _decision(register: Register, options: argparse.Namespace) -> Decision:
    value = getattr(options, "value", "")
    link = link_of(register, options.row)
    if link:
        made = about_link(register, link, options.deed, value)
    elif options.deed in _OF_LINKS_ALONE:
        raise UsageError(
            f"There is no partnership with the id {options.row!r}.",
            "`python app.py partners --json` prints the ids.",
        )
    else:
        organisation = organisation_of(register, options.row)
        other = getattr(options, "other", None)
        others = [organisation_of(register, other)] if other else []
        names = getattr(options, "names", ())
        if lacking := [name for name in names if name not in organisation.aliases]:
            raise UsageError(
                f"{organisation.name} has no other name {lacking[0]!r}.",
                f"It has: {', '.join(organisation.aliases) or 'none'}.",
            )
        made = about_organisation(organisation, options.deed, value, others, names)
    return decision_of(made.as_json())


def _list(kept: KeptRegister, as_json: bool) -> None:
    stored = kept.decisions()
    for one in stored:
        if as_json:
            print_json({**_about(one), **one.decision})
        else:
            end = f" (taken back {one.undone})" if one.undone else ""
            told = _told(decision_of(one.decision))
            print(filled(f"{one.number}. {one.made}, {one.by}: {told}{end}", others="   "))
    if not stored:
        print("Nothing has been corrected yet.", file=sys.stderr)


def _about(stored: StoredDecision) -> dict[str, Any]:
    return {
        "number": stored.number,
        "made": stored.made,
        "by": stored.by,
        "undone": stored.undone,
    }


def _told(decision: Decision) -> str:
    whom = " – ".join(decision.organisations)
    of = " ".join(filter(None, [decision.of, decision.name]))
    value = decision.value or ", ".join(decision.names)
    told = " ".join(filter(None, [decision.what, of, whom]))
    return f"{told}: {value}" if value else told


def _undo(kept: KeptRegister, number: str) -> None:
    if not number.isdecimal() or not kept.take_back(int(number)):
        raise UsageError(
            f"There is no decision {number!r} that holds.", "`register list` has their numbers."
        )
    print(f"Decision {number} is taken back.")


def _import(kept: KeptRegister, file: str) -> None:
    new = list(_new(kept, _read(file)))
    kept.decide(new, by="import")
    print(f"Decisions: {len(new)} taken over")


def _read(file: str) -> list[Decision]:
    """The decisions of a file. Raises UsageError where it can't be read."""
    remedy = "Name a file that `register export` wrote."
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        stored = json.loads(text)
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}.", remedy) from error
    except ValueError as error:
        raise UsageError(f"{file} is no JSON: {error}.", remedy) from error
    if not isinstance(stored, list):
        raise UsageError(f"{file} is no list of decisions.", remedy)
    return [decision_of(one) for one in stored]


def _new(kept: KeptRegister, decisions: list[Decision]) -> Iterator[Decision]:
    """Those that don't hold already, in their order."""
    holding = [decision_of(one.decision) for one in kept.decisions() if one.undone is None]
    return (decision for decision in decisions if decision not in holding)
