"""Pages made on the server, which work without a script: documents with the quoted passage marked.

Never asks a question.
"""
