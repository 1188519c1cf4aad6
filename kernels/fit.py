#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The coefficients in vector_math.h: minimax fits in relative error, rounded to float32 one after another, each time fitting the
rest again. Prints the error left, in units of 2^-24, and the coefficients, lowest power first. Needs NumPy."""
import numpy as np


def minimax(basis, target, weight, rounds=600):
    """Lawson's algorithm: least squares, weighted again and again by the error."""
    w, a, b = np.ones(len(target)), np.stack(basis, 1) * weight[:, None], target * weight
    best = (np.inf, None)
    for _ in range(rounds):
        s = np.sqrt(w)
        c = np.linalg.lstsq(a * s[:, None], b * s, rcond=None)[0]
        error = np.abs(a @ c - b)
        best = min(best, (error.max(), c), key=lambda pair: pair[0])
        w *= error / error.max() + 1e-12
        w /= w.sum()
    return best[1]


def fit(name, basis, target, weight):
    rounded, so_far = [], np.zeros(len(target))
    for k in range(len(basis)):
        rounded.append(float(np.float32(minimax(basis[k:], target - so_far, weight)[0])))
        so_far = so_far + rounded[-1] * basis[k]
    error = np.abs((so_far - target) * weight).max()
    print(f"{name}: {error * 2 ** 24:.3f}", *(float.hex(c) for c in rounded))


def nodes(low, high, without=1e-6):
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.linspace(0, np.pi, 4001))
    return x[np.abs(x) > without]


def main():
    r = nodes(-0.3467, 0.3467)
    fit("exp(r) = 1 + r + r^2 (...)", [r ** k for k in range(2, 7)], np.exp(r) - 1 - r, np.exp(-r))
    for entries, degree in ((32, 2), (8, 3)):
        f = nodes(-0.5001 / entries, 0.5001 / entries, 1e-9)
        fit(f"2^f = 1 + f (...), |f| <= 1 / {2 * entries}", [f ** k for k in range(1, degree + 1)], np.exp2(f) - 1, np.exp2(-f))
    f = nodes(np.sqrt(0.5) - 1, np.sqrt(2) - 1)
    fit("log(1 + f) = f - f^2 / 2 + f^3 (...)", [f ** k for k in range(3, 11)], np.log1p(f) - f + f * f / 2, 1 / np.abs(np.log1p(f)))


if __name__ == "__main__":
    main()
