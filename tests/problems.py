"""What every error of the web application has to be: a problem by RFC 9457."""

import httpx

PROBLEM = "application/problem+json"


def is_problem(response: httpx.Response, status: int) -> bool:
    """Whether it is one, whole, with the headers that no response goes without."""
    assert response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    assert "frame-ancestors" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    return bool(response.status_code == problem["status"] == status)
