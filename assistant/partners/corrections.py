"""Decisions of editors about rows of the register as it is shown."""

from collections.abc import Sequence

from assistant.partners.rows import id_of
from assistant.partners.wanted import organisations_named
from index.errors import UsageError
from index.register.decisions import Decision, What
from index.register.lexicon import Organisation
from index.register.register import Link, Register

_SHOWN = 5  # names in a message


def about_link(register: Register, link: Link, what: What, value: str = "") -> Decision:
    """A decision about a partnership."""
    whom = tuple(_written(register.lexicon.by_id[party]) for party in link.parties)
    return Decision(what, whom, link.told_as or link.kind, link.name, value)


def about_organisation(
    organisation: Organisation,
    what: What,
    value: str = "",
    others: Sequence[Organisation] = (),
    names: Sequence[str] = (),
) -> Decision:
    """A decision about an organisation; `others` are merged into it, `names` are split off."""
    whom = tuple(_written(one) for one in (organisation, *others))
    return Decision(what, whom, value=value, names=tuple(names))


def _written(organisation: Organisation) -> str:
    """A name that the documents have for it, and not an editor."""
    names = (organisation.name, *organisation.aliases)
    return next((name for name in names if name != organisation.given), organisation.name)


def link_of(register: Register, identity: str) -> Link | None:
    """The partnership of an id."""
    return next((link for link in register.links if id_of(link) == identity), None)


def organisation_of(register: Register, name: str) -> Organisation:
    """The one organisation of an id or a name. Raises UsageError where it is none or several."""
    whom = sorted(organisations_named(register, name))
    by_id = register.lexicon.by_id
    if not whom:
        raise UsageError(
            f"The register has no organisation {name!r}.",
            "`python app.py organisations` lists them all.",
        )
    if len(whom) > 1:
        several = ", ".join(by_id[identity].name for identity in whom[:_SHOWN])
        raise UsageError(f"{name!r} may be several: {several}.", "Write the whole name, or the id.")
    return by_id[whom[0]]
