"""Words -> Question: its language, kind, names and terms, follow-ups made to stand alone.

Gets what a reader typed and the turns before. Never looks into the documents' passages.
"""
