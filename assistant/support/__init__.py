"""Whether passages carry a sentence that somebody else wrote: plain code, no model.

Every number, date, name and quotation of the sentence has to stand in the passages that it cites,
most of its other words too, and they have to be connected as they are there.
"""

from assistant.support.checker import Checker, Verdict
from assistant.support.lines import Line, Source

__all__ = ["Checker", "Line", "Source", "Verdict"]
