"""scikit-learn's NMF and online dictionary learning, overcomplete's semi-NMF and convex NMF, from given arrays.

Usage: python nonnegative.py FOLDER METHOD ITERATIONS L1 BATCH THREADS

FOLDER holds x.npy, atoms.npy (weights.npy for convex-nmf) and, but for dictionary-learning, codes.npy:
where to start. Prints one JSON object: seconds, seconds of processor time, and the objective over all
rows (over the first 1024 for dictionary-learning).
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from overcomplete.optimization.convex_nmf import cnmf_multiplicative_update_solver
from overcomplete.optimization.semi_nmf import snmf_multiplicative_update
from sklearn.decomposition import MiniBatchDictionaryLearning, non_negative_factorization
from threadpoolctl import threadpool_limits

warnings.filterwarnings("ignore")


THREADS = int(sys.argv[6])


def main() -> None:
    folder, method = Path(sys.argv[1]), sys.argv[2]
    iterations, l1, batch = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
    torch.set_num_threads(THREADS)
    x = np.load(folder / "x.npy")
    atoms = np.load(folder / ("weights.npy" if method == "convex-nmf" else "atoms.npy"))
    penalty = 0.0
    started, used = time.perf_counter(), time.process_time()
    if method.startswith("nmf"):
        codes, atoms, _ = non_negative_factorization(
            x, W=np.load(folder / "codes.npy"), H=atoms, n_components=len(atoms), init="custom",
            solver="cd" if method == "nmf-cd" else "mu", max_iter=iterations, tol=0,
        )
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
    elif method == "semi-nmf":
        with torch.no_grad():
            start = torch.from_numpy(np.load(folder / "codes.npy"))
            z, d = snmf_multiplicative_update(
                torch.from_numpy(x), start, torch.from_numpy(atoms), max_iter=iterations, tol=0
            )
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        codes, atoms = z.numpy(), d.numpy()
    elif method == "convex-nmf":
        with torch.no_grad():
            z, w = cnmf_multiplicative_update_solver(
                torch.from_numpy(x), torch.from_numpy(np.load(folder / "codes.npy")), torch.from_numpy(atoms),
                max_iter=iterations, tol=0,
            )
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        codes, atoms = z.numpy(), w.numpy() @ x
    else:
        model = MiniBatchDictionaryLearning(
            n_components=len(atoms), alpha=l1, batch_size=batch, max_iter=1, tol=0, max_no_improvement=None,
            fit_algorithm="cd", dict_init=atoms.astype(x.dtype), shuffle=False, random_state=0,
            transform_algorithm="lasso_cd", transform_alpha=l1,
        ).fit(x)
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        x = x[:1024]
        codes, atoms = model.transform(x), model.components_
        penalty = l1 * np.abs(codes).sum()
    objective = 0.5 * float(((x - codes @ atoms) ** 2).sum(dtype=np.float64)) + float(penalty)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "objective": objective}))


with threadpool_limits(THREADS):
    main()
