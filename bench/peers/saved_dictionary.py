"""Dictionaries as viaduct saves them, read by docs/study-folder.md alone: codes and reconstructions of raw rows.

Each has `atoms` (c x d), `encode` (rows to codes), `decode` (codes to rows) and `tied` (which rows two concepts fit
equally well up to rounding, so that either may be taken). `sampled` says that `encode` is too slow for all rows.
"""

import json

import numpy as np
from safetensors.numpy import load_file
from scipy.optimize import nnls
from sklearn.linear_model import Lasso

ROUNDING = 2e-7


def dictionaries_of(folder):
    """One for both modalities, or one each."""
    if (folder / "dictionary.json").exists():
        return {side: Own(folder, side) for side in ("image", "text")}
    if (folder / "cfg.json").exists():
        both = Sae(folder)
        return {"image": both, "text": both}
    return {side: Sae(folder / side) for side in ("image", "text")}


class Sae:
    """One SAELens folder, as its documentation describes it."""

    sampled = False

    def __init__(self, folder):
        self.folder = folder
        self.config = json.loads((folder / "cfg.json").read_text())
        self.weights = load_file(folder / "sae_weights.safetensors")
        self.atoms = self.weights["W_dec"]

    def encode(self, x):
        w = self.weights
        kind = self.config["architecture"]
        if kind == "matching_pursuit":
            return pursue(x - w["b_dec"], self.atoms, self.config["max_iterations"])[0]
        p = x @ w["W_enc"] + w["b_enc"]
        if kind == "jumprelu":
            return np.where(p > np.maximum(w["threshold"], 0), p, 0)
        z = np.maximum(p, 0)
        if kind == "topk":
            k = self.config["k"]
            keep = np.argpartition(-z, k - 1, axis=1)[:, :k]
            out = np.zeros_like(z)
            np.put_along_axis(out, keep, np.take_along_axis(z, keep, 1), 1)
            return out
        return z

    def tied(self, x):
        if self.config["architecture"] != "matching_pursuit":
            return np.zeros(len(x), bool)
        return pursue(x - self.weights["b_dec"], self.atoms, self.config["max_iterations"])[1] < ROUNDING

    def decode(self, z):
        return z @ self.atoms + self.weights["b_dec"]


class Own:
    """dictionary.json and dictionary.safetensors, for one modality."""

    def __init__(self, folder, side):
        settings = json.loads((folder / "dictionary.json").read_text())
        w = load_file(folder / "dictionary.safetensors")
        prefix = "" if "encoder_bias" in w else f"{side}."
        self.activation = settings["activation"]
        self.atoms, self.encoder = w["atoms"], w["encoder"]
        self.encoder_bias, self.decoder_bias = w[f"{prefix}encoder_bias"], w[f"{prefix}decoder_bias"]
        self.lengths, self.parts = w.get("lengths"), w.get("parts")
        # Concepts of the other modality have a bias that nothing can lift: a pursuit never takes them.
        self.candidates = np.where((self.encoder_bias > -1e29)[:, None], self.atoms, 0)
        kind = self.activation["kind"]
        if kind not in ("linear", "nearest", "pursuit", "least-squares"):
            raise ValueError(f"{folder} has activation {kind}; expected linear, nearest, pursuit or least-squares")
        self.sampled = kind == "least-squares"

    def encode(self, x):
        match self.activation:
            case {"kind": "linear"}:
                return x @ self.encoder.T + self.encoder_bias
            case {"kind": "nearest"}:
                z = np.zeros((len(x), len(self.atoms)), np.float32)
                best = (x @ self.encoder.T + self.encoder_bias).argmax(1)
                z[np.arange(len(x)), best] = self.lengths[best]
                return z
            case {"kind": "pursuit", "k": k, "orthogonal": orthogonal}:
                return (pursue_orthogonal if orthogonal else pursue)(x - self.decoder_bias, self.candidates, k)[0]
            case {"kind": "least-squares", "positive": positive, "l1": l1}:
                return np.array([least_squares(y, self.directions, l1, positive) for y in self.targets(x)])

    def tied(self, x):
        match self.activation:
            case {"kind": "nearest"}:
                best = np.partition(x @ self.encoder.T + self.encoder_bias, -2, 1)[:, -2:]
                return best[:, 1] - best[:, 0] < ROUNDING
            case {"kind": "pursuit", "k": k, "orthogonal": orthogonal}:
                return (pursue_orthogonal if orthogonal else pursue)(x - self.decoder_bias, self.candidates, k)[1] < ROUNDING
        return np.zeros(len(x), bool)

    def decode(self, z):
        return z @ self.atoms + self.decoder_bias

    @property
    def directions(self):
        """What least-squares codes are multiplied with."""
        return self.atoms if self.parts is None else self.parts

    def targets(self, x):
        """What least-squares codes approximate."""
        y = (x - self.decoder_bias).astype(np.float64)
        return y if self.parts is None else np.hstack([np.maximum(y, 0), np.maximum(-y, 0)])

    def objective(self, x, z):
        """½‖y − zᵀP‖² + l1·Σ|z| of every row."""
        z = z.astype(np.float64)
        left = self.targets(x) - z @ self.directions
        return (left**2).sum(1) / 2 + self.activation["l1"] * np.abs(z).sum(1)


def pursue(left, atoms, k):
    """Codes, and how much better the atom taken fitted than the next, at the closest step."""
    gap = np.full(len(left), np.inf)
    z = np.zeros((len(left), len(atoms)), np.float32)
    every = np.arange(len(left))
    for _ in range(k):
        q = left @ atoms.T
        best = q.argmax(1)
        step = np.maximum(q[every, best], 0)
        gap = np.minimum(gap, step - np.partition(q, -2, 1)[:, -2])
        z[every, best] += step
        left = left - step[:, None] * atoms[best]
    return z, gap


def pursue_orthogonal(target, atoms, k):
    """As `pursue`, all codes solved anew by scipy's nnls after every step."""
    z = np.zeros((len(target), len(atoms)))
    gap = np.full(len(target), np.inf)
    taken = np.zeros(z.shape, bool)
    for _ in range(k):
        q = np.where(taken, -np.inf, (target - z @ atoms) @ atoms.T)
        best = q.argmax(1)
        highest = q[np.arange(len(q)), best]
        gap = np.where(highest > 0, np.minimum(gap, highest - np.partition(q, -2, 1)[:, -2]), gap)
        for i in np.flatnonzero(highest > 0):
            taken[i, best[i]] = True
            on = np.flatnonzero(taken[i])
            z[i, on] = nnls(atoms[on].T.astype(np.float64), target[i])[0]
    return z.astype(np.float32), gap


def least_squares(target, directions, l1, positive):
    """scipy's nnls or lstsq without a penalty, else scikit-learn's Lasso, whose alpha is per dimension."""
    matrix = directions.T.astype(np.float64)
    if l1 == 0:
        return nnls(matrix, target)[0] if positive else np.linalg.lstsq(matrix, target, rcond=None)[0]
    alpha = l1 / len(target)
    lasso = Lasso(alpha, fit_intercept=False, positive=positive, tol=1e-9, max_iter=100_000)
    return lasso.fit(matrix, target).coef_
