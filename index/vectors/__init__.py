"""Passages -> vectors in Chroma, derived from the catalogue and never trusted.

The only importer of chromadb. Never the only place where something is kept.
"""
