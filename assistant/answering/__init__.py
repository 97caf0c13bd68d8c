"""Hits -> quotes or a refusal: selection, verdict, highlight, wording.

Gets a Question and its Hits, returns a cited response. Never writes a sentence about the documents.
"""
