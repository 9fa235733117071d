"""Recomputes what viaduct reports about a study from its raw rows and saved weights alone.

    pip install -r recompute.requirements.txt
    python recompute.py STUDY [--compare COMPARE.json] [--json]

Reads the embedding set's .npy files and each analysed dictionary's SAELens folder, computes every
number anew with numpy and scipy, and sets it beside analysis/metrics.json and concepts.parquet. Where
sae-lens is installed, its SAE.load_from_disk also encodes and decodes all rows, and its codes are set
beside analysis/codes.safetensors. COMPARE.json is what `viaduct compare STUDY --json` printed.
Ends with 1 when anything differs by more than 1e-3.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from safetensors.numpy import load_file
from scipy.optimize import linear_sum_assignment

TOLERANCE = 1e-3
BLOCK = 2048


class Sae:
    """One SAELens folder, as its documentation describes it."""

    def __init__(self, folder):
        self.folder = folder
        self.config = json.loads((folder / "cfg.json").read_text())
        self.weights = load_file(folder / "sae_weights.safetensors")

    def encode(self, x):
        w = self.weights
        kind = self.config["architecture"]
        if kind == "matching_pursuit":
            return self.pursue(x - w["b_dec"])
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

    def pursue(self, left):
        return self.steps(left)[0]

    def tied(self, x):
        """Rows of a pursuit in which two atoms fitted equally well up to rounding: either may come first."""
        if self.config["architecture"] != "matching_pursuit":
            return np.zeros(len(x), bool)
        return self.steps(x - self.weights["b_dec"])[1] < 2e-7

    def steps(self, left):
        """Codes, and how much better the atom taken fitted than the next, at the closest step."""
        atoms = self.weights["W_dec"]
        gap = np.full(len(left), np.inf)
        z = np.zeros((len(left), len(atoms)), np.float32)
        every = np.arange(len(left))
        for _ in range(self.config["max_iterations"]):
            q = left @ atoms.T
            best = q.argmax(1)
            step = np.maximum(q[every, best], 0)
            gap = np.minimum(gap, step - np.partition(q, -2, 1)[:, -2])
            z[every, best] += step
            left = left - step[:, None] * atoms[best]
        return z, gap

    def decode(self, z):
        return z @ self.weights["W_dec"] + self.weights["b_dec"]


def saes_of(folder):
    if (folder / "cfg.json").exists():
        both = Sae(folder)
        return {"image": both, "text": both}
    return {side: Sae(folder / side) for side in ("image", "text")}


def blocks(rows):
    for start in range(0, len(rows), BLOCK):
        yield start, rows[start : start + BLOCK]


class Sums:
    def __init__(self, d, c):
        self.n = self.error = self.squares = self.cosine = self.active = 0.0
        self.sum, self.z, self.ever = np.zeros(d), np.zeros(c), np.zeros(c, bool)

    def add(self, x, y, z):
        x, y = x.astype(np.float64), y.astype(np.float64)
        self.n += len(x)
        self.error += ((x - y) ** 2).sum()
        self.squares += (x**2).sum()
        self.sum += x.sum(0)
        norms = np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1)
        self.cosine += ((x * y).sum(1)[norms > 0] / norms[norms > 0]).sum()
        on = np.abs(z) >= 1e-6
        self.active += on.sum()
        self.ever |= on.any(0)
        self.z += z.sum(0, dtype=np.float64)

    def merge(self, other):
        out = Sums(len(self.sum), len(self.z))
        for key in ("n", "error", "squares", "cosine", "active", "sum", "z"):
            setattr(out, key, getattr(self, key) + getattr(other, key))
        out.ever = self.ever | other.ever
        return out

    def metrics(self):
        entries = self.n * len(self.sum)
        variance = self.squares / entries - (self.sum.sum() / entries) ** 2
        spread = self.squares - (self.sum**2).sum() / self.n
        varies = spread > 1e-12 * self.squares
        fvu = self.error / spread if varies else None
        scalar = variance * entries > 1e-12 * self.squares
        return {
            "r2": 1 - fvu if varies else None,
            "r2ScalarMean": 1 - self.error / entries / (variance + 1e-6) if scalar else None,
            "fvu": fvu,
            "cosine": self.cosine / self.n,
            "activePerSample": self.active / self.n,
            "deadFraction": 1 - self.ever.mean(),
        }


def paired_codes(sae, rows, which):
    return np.concatenate([sae.encode(rows[which[s : s + BLOCK]]) for s in range(0, len(which), BLOCK)])


def bridge_sum(image, text, atoms):
    """Σ_ij E[z_i z_j]·⟨D_i, D_j⟩ by its definition, a block of image-side concepts at a time."""
    total = 0.0
    for start in range(0, len(atoms), BLOCK):
        part = slice(start, start + BLOCK)
        together = image[:, part].T @ text / len(image)
        total += (together.astype(np.float64) * (atoms[part] @ atoms.T)).sum()
    return total


def stored_codes(path):
    """Codes by row, image rows first: a function of (first row, rows) giving a dense block."""
    stored = load_file(path)
    start, concept, value = stored["row_start"], stored["concept"], stored["value"]

    def dense(first, count, c):
        out = np.zeros((count, c), np.float32)
        ends = start[first : first + count + 1].astype(np.int64)
        span = slice(ends[0], ends[-1])
        out[np.repeat(np.arange(count), np.diff(ends)), concept[span]] = value[span]
        return out

    return dense


class Report:
    def __init__(self, name):
        self.name, self.lines = name, []

    def add(self, label, reported, recomputed, tolerance=TOLERANCE):
        if reported is None or recomputed is None:
            difference = 0.0 if reported is recomputed else float("inf")
            reported, recomputed = (float("nan") if v is None else v for v in (reported, recomputed))
        else:
            difference = abs(reported - recomputed)
        self.lines.append((label, reported, recomputed, difference, bool(difference <= tolerance)))

    def most(self, label, difference, tolerance=TOLERANCE):
        self.lines.append((label, None, None, float(difference), bool(difference <= tolerance)))


def measure(name, folder, rows, pairs):
    saes = saes_of(folder)
    reported = json.loads((folder / "analysis" / "metrics.json").read_text())
    atoms = saes["image"].weights["W_dec"]
    c, d = atoms.shape
    report = Report(name)
    sums = {side: Sums(d, c) for side in rows}
    for side, x in rows.items():
        for _, block in blocks(x):
            z = saes[side].encode(block)
            sums[side].add(block, saes[side].decode(z), z)
    parts = {"": sums["image"].merge(sums["text"]), "image ": sums["image"], "text ": sums["text"]}
    for label, part in parts.items():
        told = reported[label.strip()] if label else reported
        for key, value in part.metrics().items():
            report.add(label + key, told[key], value)

    concepts = pq.read_table(folder / "analysis" / "concepts.parquet").to_pydict()
    energy = {side: sums[side].z / sums[side].n for side in rows}
    report.most("energy, largest difference", np.abs(concepts["energy"] - parts[""].z / parts[""].n).max())
    for side in rows:
        report.most(f"{side}Energy, largest difference", np.abs(concepts[f"{side}Energy"] - energy[side]).max())
    told = np.array([np.nan if v is None else v for v in concepts["modalityScore"]])
    with np.errstate(invalid="ignore"):
        score = energy["image"] / (energy["image"] + energy["text"])
    report.most("modalityScore, largest difference", np.nanmax(np.abs(told - score)))
    report.most("modalityScore, concepts without one in only one of both", (np.isnan(told) != np.isnan(score)).sum(), 0)

    if len(pairs["image"]) > 0:
        image = paired_codes(saes["image"], rows["image"], pairs["image"])
        text = paired_codes(saes["text"], rows["text"], pairs["text"])
        report.add("bridgeSum", reported["bridgeSum"], bridge_sum(image, text, atoms))
        inner = ((image @ atoms).astype(np.float64) * (text @ atoms)).sum(1).mean()
        report.add("pairedInnerProduct", reported["pairedInnerProduct"], inner)

    against_saelens(report, folder, saes, rows, c)
    return report


def against_saelens(report, folder, saes, rows, c):
    try:
        import torch
        from sae_lens import SAE, __version__
    except ImportError:
        print("sae-lens is not installed; left out", file=sys.stderr)
        return
    dense = stored_codes(folder / "analysis" / "codes.safetensors")
    first = 0
    for side, x in rows.items():
        sae = SAE.load_from_disk(saes[side].folder)
        encoded = decoded = unlike = 0.0
        for start, block in blocks(x):
            with torch.no_grad():
                z = sae.encode(torch.from_numpy(block))
                y = sae.decode(z).numpy()
            z = z.numpy() if z.layout == torch.strided else z.to_dense().numpy()
            ours = dense(first + start, len(block), c)
            # A value within rounding of its threshold may be active on one side only.
            same = ((z > 0) == (ours > 0)).all(1)
            same &= ~saes[side].tied(block)
            unlike += (~same).sum()
            if same.any():
                encoded = max(encoded, np.abs(z - ours)[same].max())
                decoded = max(decoded, np.abs(y - saes[side].decode(ours))[same].max())
        first += len(x)
        label = f"sae-lens {__version__} {type(sae).__name__} {side}"
        report.most(f"{label}: codes, largest difference", encoded)
        report.most(f"{label}: reconstruction, largest difference", decoded)
        report.most(f"{label}: share of rows with other concepts or a tie", unlike / max(1, len(x)))


def unit(atoms):
    return atoms / np.linalg.norm(atoms, axis=1, keepdims=True)


def matched(a, b):
    cosines = unit(a) @ unit(b).T
    row, column = linear_sum_assignment(cosines, maximize=True)
    return row, cosines[row, column].astype(np.float64)


def compared(folder, told):
    report = Report(f"{told['a']} and {told['b']}")
    one, two = (folder / "dictionaries" / told[key].split("/")[1] for key in "ab")
    first = saes_of(one)["image"].weights["W_dec"]
    row, cosines = matched(first, saes_of(two)["image"].weights["W_dec"])
    energies = np.array(pq.read_table(one / "analysis" / "concepts.parquet")["energy"].to_pylist())[row]
    report.add("stability", told["stability"], cosines.mean())
    report.add("energyWeightedStability", told["energyWeightedStability"], (cosines * energies).sum() / energies.sum())
    initial = [load_file(place / "initial.safetensors")["atoms"] for place in (one, two)]
    report.add("stabilityAtInit", told["stabilityAtInit"], matched(*initial)[1].mean())
    drawn = np.random.default_rng(0).normal(size=first.shape).astype(np.float32)
    report.add("stabilityRandom (other random directions, within 0.01)", told["stabilityRandom"], matched(first, drawn)[1].mean(), 0.01)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", type=Path)
    parser.add_argument("--compare", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    study = json.loads((args.study / "study.json").read_text())
    data = args.study / study["set"]["path"]
    rows = {side: np.load(data / f"{side}s.npy").astype(np.float32) for side in ("image", "text")}
    table = pq.read_table(data / "pairs.parquet").to_pydict() if (data / "pairs.parquet").exists() else {}
    pairs = {side: np.array(table.get(f"{side}_row", []), np.int64) for side in rows}
    reports = [
        measure(folder.name, folder, rows, pairs)
        for folder in sorted((args.study / "dictionaries").iterdir())
        if (folder / "analysis" / "manifest.json").exists()
    ]
    if not reports:
        sys.exit(f"{args.study} has no analysed dictionary; run: viaduct analyze {args.study}")
    if args.compare:
        reports += [compared(args.study, told) for told in json.loads(args.compare.read_text())["pairs"]]
    if args.json:
        keys = ("what", "reported", "recomputed", "difference", "ok")
        print(json.dumps({r.name: [dict(zip(keys, line)) for line in r.lines] for r in reports}, indent=1))
    else:
        for report in reports:
            print(f"\n{report.name}")
            for label, told, found, difference, ok in report.lines:
                both = f"{'':22}" if told is None else f"{told:11.6f}{found:11.6f}"
                print(f"  {label:72}{both}  {difference:8.1e}{'' if ok else '  DIFFERS'}")
    sys.exit(0 if all(line[4] for report in reports for line in report.lines) else 1)


if __name__ == "__main__":
    main()
