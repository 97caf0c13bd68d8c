"""Requests -> pages and JSON: the server, the chat, the interface for programs, the source view.

Never searches or answers by itself: it asks the engine.
"""
