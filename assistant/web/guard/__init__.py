"""What stands before every route: limits, security headers, errors as problem details.

Never looks into answers.
"""
