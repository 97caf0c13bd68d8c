"""Documents -> who works with whom: organisations, people's roles, partnerships, figures.

Every row has its evidence, slices of a document's text. Precision before recall; no LLM.
Never knows of questions, pages or SQL.
"""
