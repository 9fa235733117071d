"""One of scikit-learn's factorisations on an embedding set: seconds of its fit, of processor time, objective, turns.

Usage: python factorizations.py SET METHOD OPTIONS RUNS

SET is the folder of an embedding set, METHOD a name of bench/factorizations.ts, OPTIONS its options
as JSON. Prints one JSON object, the best of RUNS. Rows are float32 in memory; everything that
OPTIONS do not say is as scikit-learn has it by default.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA, FastICA, SparsePCA, TruncatedSVD


def error(x, rebuilt):
    """Sum of squared differences per row."""
    return float(np.square(x - rebuilt, dtype=np.float64).sum() / len(x))


def linear(x, model):
    return error(x, model.inverse_transform(model.transform(x)))


def clusters(x, model):
    return error(x, model.cluster_centers_[model.predict(x)])


def turns(model):
    return int(getattr(model, "n_iter_", 1))


# name: (options) -> estimator, (rows, fitted) -> objective, (fitted) -> turns
METHODS = {
    "pca": (lambda o: PCA(o["concepts"]), linear, lambda _: 1),
    "svd": (lambda o: TruncatedSVD(o["concepts"], random_state=0), linear, lambda _: 1),
    "ica": (lambda o: FastICA(o["concepts"], whiten="unit-variance", random_state=0), linear, turns),
    "k-means": (lambda o: KMeans(o["concepts"], n_init=1, random_state=0), clusters, turns),
    "mini-batch k-means": (
        lambda o: MiniBatchKMeans(o["concepts"], batch_size=o["batch"], n_init=1, random_state=0),
        clusters,
        lambda model: int(model.n_steps_),
    ),
    "sparse-pca": (
        lambda o: SparsePCA(
            o["concepts"], alpha=o["l1"], max_iter=o["iterations"], tol=o["tolerance"], method="cd", random_state=0
        ),
        lambda x, model: float(model.error_[-1]) / len(x),
        turns,
    ),
}


def main() -> None:
    folder, method, options, runs = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
    x = np.concatenate([np.load(folder / "images.npy"), np.load(folder / "texts.npy")]).astype(np.float32)
    make, objective, steps = METHODS[method]
    best = None
    for _ in range(runs):
        model = make(options)
        started, used = time.perf_counter(), time.process_time()
        model.fit(x)
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        if best is None:
            best = {"seconds": seconds, "cpu": cpu, "objective": objective(x, model), "steps": steps(model)}
        best["seconds"], best["cpu"] = min(best["seconds"], seconds), min(best["cpu"], cpu)
    print(json.dumps(best))


if __name__ == "__main__":
    main()
