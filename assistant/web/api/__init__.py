"""The interface for programs: requests -> answers as JSON, described in /openapi.json.

Never makes HTML.
"""
