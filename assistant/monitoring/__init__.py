"""What whoever runs the program sees of it: figures of questions, faults and times, and requests.

Never holds a question, an answer or a name of a document.
"""
