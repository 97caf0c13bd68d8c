"""Weights from examples: conditional logit and logistic regression, over standardised features."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.answering.learnt import Linear, Weight

Array = NDArray[np.float64]

_STEPS = 80


@dataclass(frozen=True)
class Choice:
    """Rows of which some are right: features (rows, names), and each row's share of the right."""

    table: Array
    right: Array


def conditional_logit(names: Sequence[str], choices: Sequence[Choice], ridge: float) -> Linear:
    """Weights by which the softmax over each choice's rows is nearest to what is right."""
    rows = np.vstack([choice.table for choice in choices])
    means, scales = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    rows = ((rows - means) / scales).astype(np.float32)
    right = np.concatenate([choice.right / choice.right.sum() for choice in choices])
    sizes = np.array([len(choice.right) for choice in choices])
    starts = np.cumsum([0, *sizes[:-1]])

    def loss(weights: Array) -> tuple[float, Array]:
        scores = (rows @ weights.astype(np.float32)).astype(np.float64)
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        raised = np.exp(scores)
        totals = np.repeat(np.add.reduceat(raised, starts), sizes)
        gap = (raised / totals - right).astype(np.float32)
        told = float((right * (scores - np.log(totals))).sum())
        return ridge * weights @ weights / 2 - told, rows.T @ gap + ridge * weights

    start = np.zeros(rows.shape[1])
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return linear(names, result.x, means, scales)


def logistic(
    names: Sequence[str], rows: Array, right: NDArray[np.bool_], counts: Array, strength: float
) -> tuple[Linear, float]:
    """Weights and base for log odds; the smaller the strength, the nearer to 0 are the weights.

    `counts` says of each row how much it counts.
    """
    means, scales = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=strength, max_iter=2_000)
    model.fit((rows - means) / scales, right, sample_weight=counts)
    return linear(names, model.coef_[0], means, scales), float(model.intercept_[0])


def linear(names: Sequence[str], weights: Array, means: Array, scales: Array) -> Linear:
    """The weights, rounded as they are written."""
    values = zip(weights, means, scales, strict=True)
    return Linear(
        {
            name: Weight(weight=round(w, 3), mean=round(m, 3), scale=max(round(s, 3), 0.001))
            for name, (w, m, s) in zip(names, values, strict=True)
        }
    )
