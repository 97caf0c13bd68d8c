"""Whether passages carry a sentence that somebody else wrote: plain code, no model.

Every number, date, name and quotation of the sentence has to stand in the passages that it cites,
most of its other words too, and they have to be connected as they are there.
"""

from assistant.checking.checker import Checker, ClaimVerdict
from assistant.checking.lines import CitedPassage, PassageLine

__all__ = ["Checker", "CitedPassage", "ClaimVerdict", "PassageLine"]
