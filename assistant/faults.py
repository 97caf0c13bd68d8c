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
    STILL_THINKING = "still thinking when the time was over"
    THINKING = "nothing but thoughts"
    EMPTY = "empty"
    ENDLESS = "endless"
    RESTING = "resting"
    OTHER_LANGUAGE = "other language"
    UNSUPPORTED = "unsupported"
    NO_ANSWER = "no answer"
    WITHHELD = "withheld"


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
    """The LLM did not answer as it should.

    `status` is that of HTTP where there is one, and `retry_after` how many seconds its server asks
    to be left alone.
    """

    def __init__(
        self, fault: Fault, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{fault.value}, status {status}" if status else fault.value)
        self.fault = fault
        self.status = status
        self.retry_after = retry_after
