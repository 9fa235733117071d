"""scipy's linear_sum_assignment on a float32 matrix in a file; prints seconds and the optimum.

    python assignment.py <file.f32> <rows> <columns>

Needs numpy and scipy (assignment.requirements.txt).
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

path, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
cosines = np.fromfile(path, dtype=np.float32).reshape(rows, columns)
start = time.perf_counter()
row, column = linear_sum_assignment(cosines, maximize=True)
seconds = time.perf_counter() - start
total = float(cosines[row, column].astype(np.float64).sum())
print(json.dumps({"seconds": seconds, "total": total}))
