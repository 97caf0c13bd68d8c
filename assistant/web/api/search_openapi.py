"""What /openapi.json says of searching, with what the documents in seeds/ give."""

from typing import Any, Final

from assistant.web.api.described import ENTRY, FAILED_AT_ALL, QUOTE, problems

LIMITS: Final = {
    429: (
        "This client has asked as many questions as it may.",
        "You have asked as many questions as one client may. Ask in 12 seconds.",
    ),
    503: (
        "Too many questions wait for their turn.",
        "Too many questions are being asked. Ask again in a moment.",
    ),
}
SEARCH: Final[dict[str, Any]] = {
    "operation_id": "search",
    "tags": ["questions"],
    "summary": "Search for passages",
    "description": "Passages of the documents, best first, each with its score and the place of "
    "the query's words in it. They are those that an answer would be taken from: some hundred at "
    "most. It counts as a question does.",
    "responses": {200: {"description": "A page of what was found; it may be empty."}}
    | problems(
        {
            422: (
                "A value does not fit, or no document passes the filters.",
                "since: '2024-13' is no date.",
            ),
            **LIMITS,
            **FAILED_AT_ALL,
        }
    ),
}
EXAMPLES: Final[dict[str, object]] = {
    "search": {
        "q": "CEBR Mitglied",
        "total": 1,
        "page": 1,
        "pages": 1,
        "passages": [
            {
                **ENTRY,
                "score": 0.9831,
                "text": QUOTE,
                "start": 43,
                "end": 153,
                "highlights": [[74, 97], [99, 103], [142, 150]],
                "place": None,
            }
        ],
    }
}
