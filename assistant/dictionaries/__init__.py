"""Words in other languages and other words for the same: the glossary, and what is installed.

Gets a phrase and its language, returns renderings. Never decides what a question means.
"""
