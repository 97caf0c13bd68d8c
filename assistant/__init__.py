"""Questions -> cited answers, by stages: asking, finding, answering or generating, checking.

Never changes a document.
"""
