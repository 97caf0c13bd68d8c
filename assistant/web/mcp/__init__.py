"""The tools of an assistant of others, by the Model Context Protocol: over HTTP and stdio.

Requests come in, answers, passages, documents and rows of the register go out. Never writes
anything down but refused questions, as the interface for programs does.
"""
