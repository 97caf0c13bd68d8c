"""The text of record in SQL: documents, passages, feedback, and who owns the data folder.

The only place for SQL. Never interprets a text.
"""
