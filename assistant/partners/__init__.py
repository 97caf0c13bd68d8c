"""The register as it is shown: rows that are wanted, in order, as tables, pictures and files.

In come a register that a reader may see and what is wanted of it; out come rows with evidence.
Never reads documents by itself, never knows of HTTP, and never asks a question.
"""
