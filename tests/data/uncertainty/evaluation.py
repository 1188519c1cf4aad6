#!/usr/bin/python3
"""Golden data for tests/uncertainty/test_evaluation.c from scikit-learn, SciPy and torch (Debian: python3-sklearn, python3-torch).

Run: /usr/bin/python3 evaluation.py, or with --check, which writes nothing and compares with what is there (77: a package is missing). For each case NAME:
  evaluation.NAME.values.npy   float32 (C, h, w): logits, or probabilities where the name ends in "probabilities"
  evaluation.NAME.labels.npy   uint8 (H, W): the right classes, 255 ignored
  evaluation.NAME.figures.npy  float64: temperature; pixels, pixel accuracy, mean IoU, ECE, ACE, Brier score, NLL; for each measure (entropy, top,
                               margin, and of logits energy and maxlogit) AUROC, AUPR, FPR95, AURC, E-AURC; for each class pixels and IoU
All is computed in float64 from the float32 logits at the labels' size.
"""
import pathlib
import sys
try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from scipy.special import entr, log_softmax, logsumexp
    from sklearn.metrics import average_precision_score, jaccard_score, log_loss, roc_auc_score, roc_curve
except ImportError as missing:
    print(missing)
    sys.exit(77) # skipped

HERE = pathlib.Path(__file__).resolve().parent
# classes, size of the logits, size of the labels, scale of the logits, share of wrong labels, temperature
CASES = {
    "spread": (7, (40, 52), (40, 52), 2, 0.2, 1),
    "sure": (21, (24, 40), (24, 40), 12, 0.05, 1),
    "tempered": (5, (31, 47), (31, 47), 3, 0.3, 2.5),
    "stretched": (6, (9, 11), (37, 53), 3, 0.3, 1),
    "shrunk": (4, (50, 60), (29, 31), 2, 0.3, 0.7),
    "ties": (3, (33, 45), (33, 45), 2, 0.3, 1),
    "offset": (4, (30, 40), (30, 40), 3, 0.3, 1),
    "few": (19, (3, 4), (3, 4), 2, 0.3, 1),
    "probabilities": (7, (36, 44), (36, 44), 2, 0.2, 1),
}


def make(index, name):
    """Logits or probabilities, and labels, some of which are ignored and of which one class is never right."""
    classes, low, full, scale, wrong, temperature = CASES[name]
    random = np.random.default_rng(100 + index)
    values = random.normal(0, scale, (classes, *low)).astype(np.float32)
    if name == "ties":
        values = np.round(values * 2) / 2
    if name == "offset":
        values += np.float32(1000)
    at_labels = F.interpolate(torch.from_numpy(values)[None], size=full, mode="bilinear", align_corners=False)[0].numpy()
    predicted = at_labels.argmax(0)
    # Errors are more frequent where the two largest logits are close, so that doubt says something.
    two = np.sort(at_labels, axis=0)[-2:]
    chance = np.minimum(1, 2 * wrong * np.exp(-(two[1] - two[0]) / scale))
    other = random.integers(0, classes - 1, full)
    labels = np.where(random.random(full) < chance, other, predicted).astype(np.uint8)
    labels[random.random(full) < 0.1] = 255
    if name == "probabilities":
        values = np.exp(log_softmax(values.astype(np.float64), axis=0)).astype(np.float32)
        at_labels = values
    return values, labels, at_labels, temperature


def calibration(confidence, right):
    """ECE and ACE: 15 bins of equal width, and of equally many pixels, among which equal confidences are shared out evenly."""
    edges = np.arange(16) / 15
    ece = 0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            ece += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    _, where, counts = np.unique(confidence, return_inverse=True, return_counts=True)
    even = (np.bincount(where, right) / counts)[where]
    order = np.argsort(confidence, kind="stable")
    ace = sum(abs(even[part].sum() - confidence[part].sum()) for part in np.array_split(order, 15)) / len(right)
    return ece, ace


def detection(doubt, wrong):
    """AUROC, AUPR, FPR95, AURC, E-AURC of a measure."""
    false_positive, true_positive, _ = roc_curve(wrong, doubt, drop_intermediate=False)
    n = len(doubt)
    _, where, counts = np.unique(doubt, return_inverse=True, return_counts=True)
    risk = (np.cumsum(np.bincount(where, wrong)) / np.cumsum(counts))[where].mean()
    k = np.arange(1, n + 1)
    return [roc_auc_score(wrong, doubt), average_precision_score(wrong, doubt), false_positive[true_positive >= 0.95].min(),
            risk, risk - np.maximum(0, k - (n - wrong.sum())).astype(float).dot(1 / k) / n]


def figures(name, values, labels, temperature):
    classes = len(values)
    counted = labels != 255
    truth, z = labels[counted].astype(int), values[:, counted].astype(np.float64)
    predicted = values[:, counted].argmax(0)
    wrong = predicted != truth
    if name == "probabilities":
        p, nll = z, -np.log(z[truth, np.arange(len(truth))]).mean()
        doubt_of_top = 1 - p.max(0)
    else:
        log_p = log_softmax(z / temperature, axis=0)
        p = np.exp(log_p)
        nll = -log_p[truth, np.arange(len(truth))].mean()
        # log_loss takes all probabilities below 1e-15 for that.
        assert log_p.min() < -30 or np.isclose(nll, log_loss(truth, p.T, labels=range(classes)), rtol=1e-9)
        # 1 - the largest, without losing the digits of what is left
        others = np.exp(np.where(np.arange(classes)[:, None] == predicted, -np.inf, log_p))
        doubt_of_top = others.sum(0)
    one_hot = np.arange(classes)[:, None] == truth
    second = np.where(np.arange(classes)[:, None] == predicted, -np.inf, p).max(0)
    # Ties of the logits are ties of all measures; rounding in float64 must not break them.
    tied = (lambda doubt: np.round(doubt, 12)) if name == "ties" else lambda doubt: doubt
    ece, ace = calibration(tied(p.max(0)), ~wrong)
    seen = np.union1d(truth, predicted)
    iou = np.full(classes, np.nan)
    iou[seen] = jaccard_score(truth, predicted, labels=seen, average=None)
    entropy = entr(p).sum(0) if name == "probabilities" else -(p * log_p).sum(0)
    measures = [entropy / np.log(classes), doubt_of_top, doubt_of_top + second]
    if name != "probabilities":
        measures += [-temperature * logsumexp(z / temperature, axis=0), -z.max(0)]
    result = [temperature, counted.sum(), (~wrong).mean(), iou[seen].mean(), ece, ace, ((p - one_hot) ** 2).sum(0).mean(), nll]
    for doubt in measures:
        result += detection(tied(doubt), wrong)
    for c in range(classes):
        result += [(truth == c).sum(), iou[c]]
    return np.array(result, np.float64)


def main():
    check = "--check" in sys.argv
    for index, name in enumerate(CASES):
        values, labels, at_labels, temperature = make(index, name)
        made = {"values": values, "labels": labels, "figures": figures(name, at_labels, labels, temperature)}
        for kind, array in made.items():
            path = HERE / f"evaluation.{name}.{kind}.npy"
            if check:
                np.testing.assert_allclose(np.load(path), array, rtol=1e-9, atol=1e-12, err_msg=path.name)
            else:
                np.save(path, array)
    print(f"{len(CASES)} cases", "compared" if check else "written")


main()
