"""Recomputes what viaduct reports about a study from its raw rows and saved weights alone.

    pip install -r recompute.requirements.txt
    python recompute.py STUDY [--compare COMPARE.json] [--json]

Reads the embedding set's .npy files and each analysed dictionary's weights, computes every number
anew with numpy and scipy, and sets it beside analysis/metrics.json and concepts.parquet. Its codes are
set beside analysis/codes.safetensors, for SAELens folders those of sae-lens instead where it is
installed (SAE.load_from_disk encodes and decodes all rows). Least-squares codes are solved anew for 200
rows of each modality, by scipy's nnls or scikit-learn's Lasso; the numbers are then computed from the
saved codes. COMPARE.json is what `viaduct compare STUDY --json` printed.
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
from scipy.sparse import csr_array

from saved_dictionary import dictionaries_of

TOLERANCE = 1e-3
BLOCK = 2048
SAMPLE = 200


def blocks(which):
    for start in range(0, len(which), BLOCK):
        yield which[start : start + BLOCK]


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
        self.z += np.abs(z).sum(0, dtype=np.float64)

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


def bridge_sum(image, text, atoms):
    """Σ_ij E[z_i z_j]·⟨D_i, D_j⟩ by its definition, a block of image-side concepts at a time."""
    total = 0.0
    for start in range(0, len(atoms), BLOCK):
        part = slice(start, start + BLOCK)
        together = image[:, part].T @ text / len(image)
        total += (together.astype(np.float64) * (atoms[part] @ atoms.T)).sum()
    return total


def stored_codes(folder, rows, c):
    """Of each modality, a function of row numbers giving their saved codes, dense."""
    stored = load_file(folder / "analysis" / "codes.safetensors")
    count = sum(map(len, rows.values()))
    parts = (stored["value"], stored["concept"].astype(np.int64), stored["row_start"].astype(np.int64))
    matrix = csr_array(parts, shape=(count, c))
    first = {"image": 0, "text": len(rows["image"])}
    return {side: lambda which, at=first[side]: matrix[at + which].toarray() for side in rows}


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
    saved = dictionaries_of(folder)
    reported = json.loads((folder / "analysis" / "metrics.json").read_text())
    atoms = saved["image"].atoms
    c, d = atoms.shape
    report = Report(name)
    sums = {side: Sums(d, c) for side in rows}
    stored = stored_codes(folder, rows, c)

    def codes(side, which):
        return stored[side](which) if saved[side].sampled else saved[side].encode(rows[side][which])

    for side, x in rows.items():
        for which in blocks(np.arange(len(x))):
            z = codes(side, which)
            sums[side].add(x[which], saved[side].decode(z), z)
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
        image, text = (np.concatenate([codes(side, which) for which in blocks(pairs[side])]) for side in rows)
        report.add("bridgeSum", reported["bridgeSum"], bridge_sum(image, text, atoms))
        inner = ((image @ atoms).astype(np.float64) * (text @ atoms)).sum(1).mean()
        report.add("pairedInnerProduct", reported["pairedInnerProduct"], inner)

    for side, x in rows.items():
        if saved[side].sampled:
            solved_anew(report, side, saved[side], x, stored[side])
        else:
            beside_stored(report, side, saved[side], x, stored[side])
    return report


def coders(saved):
    """Name, codes and reconstructions of rows, by sae-lens where it can."""
    if not hasattr(saved, "folder"):
        return saved.activation["kind"], lambda x: (saved.encode(x), None)
    try:
        import torch
        from sae_lens import SAE, __version__
    except ImportError:
        print("sae-lens is not installed; left out", file=sys.stderr)
        return saved.config["architecture"], lambda x: (saved.encode(x), None)
    sae = SAE.load_from_disk(saved.folder)

    def encode(x):
        with torch.no_grad():
            z = sae.encode(torch.from_numpy(x))
            y = sae.decode(z).numpy()
        return (z if z.layout == torch.strided else z.to_dense()).numpy(), y

    return f"sae-lens {__version__} {type(sae).__name__}", encode


def beside_stored(report, side, saved, x, stored):
    """All rows' codes beside the saved ones."""
    name, encode = coders(saved)
    encoded = decoded = unlike = 0.0
    for which in blocks(np.arange(len(x))):
        (z, y), ours = encode(x[which]), stored(which)
        y = saved.decode(z) if y is None else y
        # A value within rounding of its threshold may be active on one side only.
        same = ((np.abs(z) >= 1e-6) == (np.abs(ours) >= 1e-6)).all(1) & ~saved.tied(x[which])
        unlike += (~same).sum()
        if same.any():
            encoded = max(encoded, np.abs(z - ours)[same].max())
            decoded = max(decoded, np.abs(y - saved.decode(ours))[same].max())
    report.most(f"{name} {side}: codes, largest difference", encoded)
    report.most(f"{name} {side}: reconstruction, largest difference", decoded)
    report.most(f"{name} {side}: share of rows with other concepts or a tie", unlike / max(1, len(x)))


def solved_anew(report, side, saved, x, stored):
    """The saved least-squares codes of some rows beside those of scipy or scikit-learn."""
    which = np.sort(np.random.default_rng(0).permutation(len(x))[:SAMPLE])
    z, ours = saved.encode(x[which]), stored(which)
    best, reached = saved.objective(x[which], z), saved.objective(x[which], ours)
    name = f"least-squares, {len(which)} rows, {side}"
    report.most(f"{name}: objective above the solver's, largest share", np.max((reached - best) / best))
    report.most(f"{name}: mean objective above the solver's, share", reached.mean() / best.mean() - 1)
    report.most(f"{name}: reconstruction, largest difference", np.abs(saved.decode(z) - saved.decode(ours)).max())
    on = [(np.abs(codes) >= 1e-6).sum(1).mean() for codes in (ours, z)]
    report.add(f"{name}: L0", on[0], on[1], max(TOLERANCE, 0.005 * on[1]))


def unit(atoms):
    return atoms / np.linalg.norm(atoms, axis=1, keepdims=True)


def matched(a, b):
    cosines = unit(a) @ unit(b).T
    row, column = linear_sum_assignment(cosines, maximize=True)
    return row, cosines[row, column].astype(np.float64)


def compared(folder, told):
    report = Report(f"{told['a']} and {told['b']}")
    one, two = (folder / "dictionaries" / told[key].split("/")[1] for key in "ab")
    first = dictionaries_of(one)["image"].atoms
    row, cosines = matched(first, dictionaries_of(two)["image"].atoms)
    energies = np.array(pq.read_table(one / "analysis" / "concepts.parquet")["energy"].to_pylist())[row]
    report.add("stability", told["stability"], cosines.mean())
    report.add("energyWeightedStability", told["energyWeightedStability"], (cosines * energies).sum() / energies.sum())
    starts = [place / "initial.safetensors" for place in (one, two)]
    known = all(start.exists() for start in starts)
    initial = matched(*(load_file(start)["atoms"] for start in starts))[1].mean() if known else None
    report.add("stabilityAtInit", told["stabilityAtInit"], initial)
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
