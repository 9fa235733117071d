"""Samples per second of overcomplete's train_sae with BatchTopK on synthetic unit rows.

Usage: python train_step.py BATCH DIMENSION CONCEPTS K STEPS

Two threads, Adam 5e-4, one warm-up pass, then STEPS counted steps. Prints one JSON object.
"""

import json
import sys
import time

import torch
from overcomplete.sae import BatchTopKSAE, train_sae


def main() -> None:
    batch, dimension, concepts, k, steps = (int(a) for a in sys.argv[1:6])
    torch.set_num_threads(2)
    torch.manual_seed(0)
    data = torch.nn.functional.normalize(torch.randn(batch * steps, dimension), dim=1)
    model = BatchTopKSAE(dimension, concepts, top_k=k * batch)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-4)

    def mse(x, x_hat, *_):
        return (x - x_hat).square().mean()

    def run(rows) -> float:
        loader = torch.utils.data.DataLoader(rows, batch_size=batch, shuffle=True)
        started = time.perf_counter()
        train_sae(model, loader, mse, optimizer, nb_epochs=1, monitoring=0)
        return time.perf_counter() - started

    run(data[: batch * 3])
    print(json.dumps({"samplesPerSecond": len(data) / run(data)}))


if __name__ == "__main__":
    main()
