"""Question -> an answer from the register: who with whom, how many, since when, who leads whom.

Each line has its evidence as its citation. None where the register has nothing sure; never guesses.
"""
