"""Registers of partnerships made by hand, as small or as large as a test needs them."""

from index.register.lexicon import NameLexicon, Organisation
from index.register.register import Link, Register, Seat
from index.register.rows import Proof


def link_of(*whom: str, kind: str = "agreement", **told: object) -> Link:
    proof = Proof("a.txt", 0, 4)
    link = Link("agreement", "", dict.fromkeys(whom, "partner"), "active", evidence=[proof])
    for name, value in {"kind": kind, **told}.items():
        setattr(link, name, value)
    return link


def register_of(organisations: int, *links: Link) -> Register:
    listed = tuple(
        Organisation(f"o{number}", f"Organisation {number}", (), "company", ("a.txt",))
        for number in range(organisations)
    )
    seats = {organisation.id: Seat() for organisation in listed}
    return Register(listed, links, (), seats, NameLexicon(listed))


def many(organisations: int) -> Register:
    links = [link_of("o0", f"o{number}") for number in range(1, organisations // 2)]
    links += [link_of(f"o{number}", f"o{number + 1}") for number in range(organisations - 1)]
    return register_of(organisations, *links)
