"""File -> Document: bytes decoded, title, date, language and address found.

Never cuts a text.
"""
