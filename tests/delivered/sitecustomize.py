"""Processes that tests start have what is delivered: not what `make learn` alone needs.

NLTK imports both where they are, which takes three seconds.
"""

import sys

sys.modules.update(dict.fromkeys(("scipy", "sklearn")))  # type: ignore[arg-type]
