"""For programs in Python: a client of a server, and a llama-index retriever over the engine.

Questions go out or down, answers and passages come back. Never starts a server.
"""
