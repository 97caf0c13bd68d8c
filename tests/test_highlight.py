"""The likely answer inside a quote; none where it can't be told."""

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.answering.highlight import highlighted
from assistant.answering.likelihood import scores
from assistant.answering.selection import Quote
from tests.library import LIBRARY, Desk, fill, opened

FOREIGN = {
    "circle.md": """---
title: The Harbour Circle
language: en
---

The Harbour Circle was founded on 4 June 2018 in Dublin. The Harbour Circle has thirteen members \
and 3 laboratories. The chair of the Harbour Circle is Dr. Emily Fairbank. The membership fee of \
the Harbour Circle is 250 euros a year. Letters to the Harbour Circle: office@harbour.example.
""",
    "cercle.md": """---
title: Le Cercle Aurore
language: fr
---

Le Cercle Aurore a été fondé le 9 avril 2017 à Bordeaux. Le Cercle Aurore compte 38 membres et 4 \
laboratoires. La cotisation au Cercle Aurore est de 120 euros par an. La présidente du Cercle \
Aurore est Mme Morvan.
""",
    "salon.md": """---
title: Der Salon Tannengrün
language: de
---

Der Salon Tannengrün dauerte vom 3. Mai 2011 bis zum 8. Mai 2011. Im Salon Tannengrün stehen 12 \
Stühle und 4 Tische. Den Salon Tannengrün leiten Dr. Nele Brandt und Dr. Wiebke Petersen.
""",
    "saal.md": """---
title: Der Saal Kiefergrün
language: de
---

Der Saal Kiefergrün fasst 40 Gäste, im Sommer 60 Gäste. Den Saal Kiefergrün baute die Zimmerei \
Wolgast. Der Saal Kiefergrün steht in Tannhofen.
""",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("highlight")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY | FOREIGN)) as desk:
        yield desk


def _told(desk: Desk, asked: str, within: str = "") -> str | None:
    """What is highlighted in the likeliest unit, or in the likeliest of those that say `within`."""
    evidence = desk.evidence(asked)
    likeliest = np.argsort(-scores(evidence)).tolist()
    unit = next(number for number in likeliest if within in evidence.text(number))
    return _shown(Quote(evidence, unit, unit, 1.0, unit))


def _shown(quote: Quote) -> str | None:
    span = highlighted(quote)
    if span is None:
        return None
    assert quote.start <= span[0] < span[1] <= quote.end
    return quote.document.text[slice(*span)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wann wurde das Netzwerk Nordlicht gegründet?", "14. März 2023"),
        ("Wer ist Geschäftsführerin des Netzwerks Nordlicht?", "Dr. Wiebke Petersen"),
        ("Mit wie viel Geld fördert das Ministerium das Netzwerk Nordlicht?", "1,4 Millionen Euro"),
        ("When was the Harbour Circle founded?", "4 June 2018"),
        ("Where was the Harbour Circle founded?", "Dublin"),
        ("Who is the chair of the Harbour Circle?", "Dr. Emily Fairbank"),
        ("How much is the membership fee of the Harbour Circle?", "250 euros"),
        ("What is the e-mail address for letters to the Harbour Circle?", "office@harbour.example"),
        ("Quand le Cercle Aurore a-t-il été fondé ?", "9 avril 2017"),
        ("Où le Cercle Aurore a-t-il été fondé ?", "Bordeaux"),
        ("Quelle est la cotisation au Cercle Aurore ?", "120 euros"),
    ],
)
def test_what_is_asked_for_is_highlighted(desk: Desk, question: str, answer: str) -> None:
    shown = _told(desk, question)
    assert shown is not None and shown.rstrip(".") == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wie viele Stühle stehen im Salon Tannengrün?", "12"),
        ("Wie viele Tische stehen im Salon Tannengrün?", "4"),
        ("How many members does the Harbour Circle have?", "thirteen"),
        ("How many laboratories does the Harbour Circle have?", "3"),
        ("Combien de laboratoires compte le Cercle Aurore ?", "4"),
    ],
)
def test_of_several_numbers_it_is_the_one_that_counts_what_is_asked(
    desk: Desk, question: str, answer: str
) -> None:
    assert _told(desk, question) == answer


@pytest.mark.parametrize(
    ("question", "within"),
    [
        ("Wann war der Salon Tannengrün?", "vom 3. Mai"),
        ("Wie viele Gäste fasst der Saal Kiefergrün?", "60 Gäste"),
        ("Wer leitet den Salon Tannengrün?", "leiten"),
        ("Wie hoch ist die Zahl der Möbel im Salon Tannengrün?", "Stühle"),
    ],
)
def test_where_two_would_do_none_is_highlighted(desk: Desk, question: str, within: str) -> None:
    assert _told(desk, question, within) is None


@pytest.mark.parametrize(
    ("question", "within"),
    [
        ("Was ist das Netzwerk Nordlicht?", "27 Mitglieder"),
        ("Wann wurde das Netzwerk Nordlicht gegründet?", "27 Mitglieder"),
        ("Wann am 14. März 2023 wurde das Netzwerk Nordlicht gegründet?", "14. März 2023"),
    ],
)
def test_nothing_else_is_highlighted(desk: Desk, question: str, within: str) -> None:
    assert _told(desk, question, within) is None


@pytest.mark.parametrize(
    ("question", "within"),
    [
        ("Wer baute den Saal Kiefergrün?", "Wolgast"),
        ("Wo steht der Saal Kiefergrün?", "Tannhofen"),
        ("Wer gehört dem Zentrum Alpenblick an?", "Klinik Dornbirn"),
    ],
)
def test_a_capital_alone_makes_no_person_and_no_place(
    desk: Desk, question: str, within: str
) -> None:
    assert _told(desk, question, within) is None


def test_the_highlight_of_a_long_quote_is_in_its_best_sentence(desk: Desk) -> None:
    evidence = desk.evidence("Wie viele Mitglieder hat das Netzwerk Nordlicht?")
    texts = [evidence.text(unit) for unit in range(len(evidence))]
    first = next(n for n, text in enumerate(texts) if text.startswith("Das Netzwerk Nordlicht wur"))
    assert "27 Mitglieder" in texts[first + 1]
    assert _shown(Quote(evidence, first, first + 1, 1.0, best=first + 1)) == "27"
