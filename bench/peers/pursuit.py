"""Codes by overcomplete's MpSAE on a dictionary in SAELens's layout: seconds of the fastest of three.

python pursuit.py --rows ROWS.npy --weights sae_weights.safetensors --k K --threads N
"""

import argparse
import json
import time

import numpy as np
import torch
from overcomplete.sae import MpSAE
from safetensors.torch import load_file

parser = argparse.ArgumentParser()
parser.add_argument("--rows", required=True)
parser.add_argument("--weights", required=True)
parser.add_argument("--k", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
asked = parser.parse_args()

torch.set_num_threads(asked.threads)
weights = load_file(asked.weights)
atoms = weights["W_dec"]
x = torch.from_numpy(np.load(asked.rows).astype(np.float32)) - weights["b_dec"]
sae = MpSAE(atoms.shape[1], atoms.shape[0], k=asked.k)
with torch.no_grad():
    sae.dictionary._weights.copy_(atoms)
    sae.eval()
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        error = active = 0.0
        for block in x.split(1024):
            residual, codes = sae.encode(block)
            error += residual.square().sum().item()
            active += (codes > 0).sum().item()
        seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": min(seconds), "squaredError": error, "activePerSample": active / len(x)}))
