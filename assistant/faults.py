"""What can be wrong with an LLM and with what it writes, as its users are told of it."""

from enum import Enum


class Fault(Enum):
    """Why there is no answer of the LLM, or none that is shown."""

    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    BUSY = "busy"
    FAILED = "failed"
    BROKEN_OFF = "broken off"
    LATE = "late"
    EMPTY = "empty"
    ENDLESS = "endless"
    RESTING = "resting"
    OTHER_LANGUAGE = "other language"
    UNSUPPORTED = "unsupported"


class Reason(Enum):
    """Why passages do not carry a sentence."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    WORDS = "words"
    NEGATION = "negation"
    CONNECTION = "connection"
    UNCITED = "uncited"


class ModelError(Exception):
    """The LLM did not answer as it should; `retry_after` is how many seconds it asks to be left."""

    def __init__(self, fault: Fault, retry_after: float | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.retry_after = retry_after
