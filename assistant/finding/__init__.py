"""Question -> Hits: candidates of all finders, each with one score.

Gets a Question, returns Hits, best first. Never chooses what is quoted.
"""
