"""SpLiCE's solvers on given rows and atoms: scikit-learn's Lasso as its authors call it, and their ADMM.

Usage: python splice.py FOLDER L1 THREADS [CHECKOUT]

FOLDER holds rows.npy (n x d, unit) and atoms.npy (c x d). L1 is the weight in 1/2 |x - z D|^2 + L1 sum(z),
half of what SpLiCE calls its penalty. CHECKOUT is a clone of github.com/AI4LIFE-GROUP/SpLiCE, whose
ADMM is run on the CPU with the settings of its SPLICE class. Prints a JSON list of seconds, seconds
of processor time, and codes.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import Lasso
from threadpoolctl import threadpool_limits


def timed(solver, work):
    started, used = time.perf_counter(), time.process_time()
    codes = work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    return {"solver": solver, "seconds": seconds, "cpu": cpu, "codes": np.asarray(codes, float).ravel().tolist()}


def main() -> None:
    folder, l1, threads = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    checkout = sys.argv[4] if len(sys.argv) > 4 else ""
    rows, atoms = np.load(folder / "rows.npy"), np.load(folder / "atoms.npy")
    torch.set_num_threads(threads)

    def by_lasso():
        lasso = Lasso(alpha=l1 / rows.shape[1], fit_intercept=False, positive=True, max_iter=10000, tol=1e-6)
        return np.array([lasso.fit(atoms.T, row).coef_ for row in rows])

    results = []
    with threadpool_limits(threads):
        results.append(timed("SpLiCE, skl (scikit-learn Lasso)", by_lasso))
        if checkout:
            sys.path.insert(0, checkout)
            from splice.admm import ADMM

            admm = ADMM(rho=5, l1_penalty=2 * l1, tol=1e-6, max_iter=2000, device="cpu")
            with torch.no_grad():
                torch.manual_seed(0)
                fit = lambda: admm.fit(torch.from_numpy(atoms), torch.from_numpy(rows)).numpy()
                results.append(timed("SpLiCE, ADMM", fit))
    print(json.dumps(results))


main()
