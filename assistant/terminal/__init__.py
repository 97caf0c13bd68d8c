"""What a terminal shows and reads: answers, reports, progress, the log.

Gets values, writes lines. Never computes an answer.
"""
