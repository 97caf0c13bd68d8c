"""A text -> what it consists of: layout, sentences, passages, words and their weights, language.

Where all offsets are made. Never reads a file.
"""
