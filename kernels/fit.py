#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The coefficients in vector_math.h, x86/uncertainty_avx2.c and x86/uncertainty_avx512.c: minimax fits in relative error, rounded to
float32 one after another, each time fitting the rest again. Prints the error left, in units of 2^-24, and the coefficients, lowest
power first. Needs NumPy."""
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


def fit_square():
    """2^f = C ((f + a)^2 + b), |f| <= 1 / 64, a = 46 / 32: errors of the table's entries C 2^(j / 32) and of the square's included, and
    C (a^2 + b), rounded like that, exactly 1."""
    a, f, powers, best = 46 / 32, np.linspace(-0.5001 / 32, 0.5001 / 32, 2001), np.exp2(np.arange(32) / 32), (np.inf,)
    for b in float(np.float32(2.0813)) + np.arange(-400, 400) * 2.0 ** -21:
        ratio = ((f + a) ** 2 + b) * np.exp2(-f)
        middle = 2 / (ratio.max() + ratio.min())
        for c in np.linspace(middle * (1 - 1.2e-7), middle * (1 + 1.2e-7), 61):
            entries = np.float32(c * powers).astype(float)
            if np.float32(entries[0] * float(np.float32(a * a + b))) != 1:
                continue
            exact = entries / powers
            best = min(best, (max(exact.max() * ratio.max() - 1, 1 - exact.min() * ratio.min()), c, b))
    error, c, b = best
    print(f"2^f = C ((f + 46 / 32)^2 + b), |f| <= 1 / 64: {error * 2 ** 24:.3f}", float.hex(float(c)), float.hex(float(b)))
    table("C 2^(j / 32 - floor((j - 46) / 32))", c * powers * np.exp2(-((np.arange(32) - 46) // 32)))


def table(name, values):
    print(name + ":", *(float.hex(float(np.float32(v))) for v in values))


def nodes(low, high, without=1e-6):
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.linspace(0, np.pi, 4001))
    return x[np.abs(x) > without]


def main():
    r = nodes(-0.3467, 0.3467)
    fit("exp(r) = 1 + r + r^2 (...)", [r ** k for k in range(2, 7)], np.exp(r) - 1 - r, np.exp(-r))
    f = nodes(-0.5001 / 8, 0.5001 / 8, 1e-9)
    fit("2^f = 1 + f (...), |f| <= 1 / 16", [f ** k for k in range(1, 4)], np.exp2(f) - 1, np.exp2(-f))
    fit_square()
    f = nodes(np.sqrt(0.5) - 1, np.sqrt(2) - 1)
    fit("log(1 + f) = f - f^2 / 2 + f^3 (...)", [f ** k for k in range(3, 11)], np.log1p(f) - f + f * f / 2, 1 / np.abs(np.log1p(f)))
    r = nodes(0, 1 / 32, 1e-9)
    fit("log(1 + r) = r + r^2 (...), 0 <= r <= 1 / 32, absolute", [r ** 2, r ** 3], np.log1p(r) - r, np.ones_like(r))
    c = np.float32(1 / (1 + np.arange(32) / 32)).astype(float)
    table("1 / (1 + j / 32)", c)
    table("-log of them", -np.log(c))


if __name__ == "__main__":
    main()
