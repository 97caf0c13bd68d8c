"""Whose page this is: its name, logo and colour, what it has to show, and who may embed it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from assistant.settings import Settings
from index.errors import SettingsError

_ENOUGH: Final = 4.5  # the contrast of text with its ground that WCAG 2.1, 1.4.3 asks for
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
# What links stand on, and what is written on a button, as in `static/colours.css`.
_LIGHT_GROUNDS: Final = ("#ffffff", "#f6f8f9", "#eef3f5")
_DARK_GROUNDS: Final = ("#10181c", "#18232a", "#1f2d35")
_INKS: Final = ("#ffffff", "#06222d")
_STEPS: Final = 40  # of a colour on its way to black or white

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Colours:
    """The colour of links and buttons, and of what is written on these, light and dark."""

    light: str
    on_light: str
    dark: str
    on_dark: str

    @classmethod
    def of(cls, colour: str) -> Self:
        """The colours that an organisation's own makes, such as #0b5a73.

        Raises SettingsError where it can't be read on the light page.
        """
        light = _readable(colour, _LIGHT_GROUNDS, _BLACK)
        if light != colour:
            worst = min(contrast(colour, ground) for ground in _LIGHT_GROUNDS)
            raise SettingsError(
                f"LOTSE_COLOUR={colour!r} can't be read: its contrast with the page is "
                f"{worst:.1f} : 1, and {_ENOUGH} : 1 is needed.",
                f"A darker one of the same hue would do: {light}.",
            )
        dark = _readable(colour, _DARK_GROUNDS, _WHITE)
        return cls(light, _ink(light), dark, _ink(dark))


@dataclass(frozen=True, slots=True)
class Site:
    """What the settings say of all pages.

    `imprint`, `privacy` and `accessibility` are addresses; where there is none, the last two are
    pages of ours. The flags tell what is kept, and where an answer is made.
    """

    frame_ancestors: tuple[str, ...] = ()
    name: str = "Clusterlotse"
    logo: Path | None = None
    colours: Colours | None = None
    imprint: str | None = None
    privacy: str | None = None
    accessibility: str | None = None
    keeps_feedback: bool = True
    keeps_history: bool = True
    asks_llm: bool = False
    has_login: bool = False
    notes_readers: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The site of the settings. Raises SettingsError for a colour that can't be read."""
        pages = (settings.imprint_url, settings.privacy_url, settings.accessibility_url)
        imprint, privacy, accessibility = (str(page) if page else None for page in pages)
        return cls(
            frame_ancestors=settings.frame_ancestors,
            name=settings.name,
            logo=settings.logo,
            colours=Colours.of(settings.colour.lower()) if settings.colour else None,
            imprint=imprint,
            privacy=privacy,
            accessibility=accessibility,
            keeps_feedback=settings.feedback == "on",
            keeps_history=settings.history == "on",
            asks_llm=settings.llm is not None,
            has_login=settings.auth != "none",
            notes_readers=settings.audit is not None,
        )

    @property
    def icon(self) -> str:
        """The address of the logo, relative to the chat's."""
        return "logo" if self.logo else "web/favicon.svg"

    @property
    def is_branded(self) -> bool:
        """Whether it has a style sheet of its own."""
        return bool(self.logo or self.colours)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.1, "contrast ratio")."""
    lights = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _readable(colour: str, grounds: tuple[str, ...], end: Rgb) -> str:
    """The colour, or else the first on its way to black or white that can be read."""
    for step in range(_STEPS + 1):
        share = step / _STEPS
        mixed = (round(a + (b - a) * share) for a, b in zip(_rgb(colour), end, strict=True))
        tried = "#" + "".join(f"{part:02x}" for part in mixed)
        if all(contrast(tried, ground) >= _ENOUGH for ground in grounds):
            return tried
    raise ValueError(f"{end} can't be read on {grounds}")


def _ink(ground: str) -> str:
    return max(_INKS, key=lambda ink: contrast(ink, ground))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
