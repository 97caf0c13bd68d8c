"""Hits -> sentences of an LLM, each checked while it is written.

Gets a Question and its Hits; where the LLM fails, the quotes stand. Never shows a claim unchecked.
"""
