"""Documents -> searchable passages: read, cut, stored, kept in step with their folder.

Never knows of questions, pages or LLMs.
"""
