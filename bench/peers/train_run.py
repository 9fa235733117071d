"""overcomplete's train_sae on an embedding set that viaduct imported: its time and what it reached.

Usage: python train_run.py SET SPLIT CONCEPTS K EPOCHS SEED LR CENTER

SET is the folder of the embedding set, SPLIT the split.safetensors of the run to compare with (so
that both train on the same rows), CENTER 0 or 1. Prints one JSON object. Adam, batches of 1024,
two threads, everything else as overcomplete has it by default.
"""

import contextlib
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from overcomplete.sae import BatchTopKSAE, train_sae
from safetensors.numpy import load_file


def main() -> None:
    folder, split_path = Path(sys.argv[1]), sys.argv[2]
    concepts, k, epochs, seed = (int(a) for a in sys.argv[3:7])
    rate, center = float(sys.argv[7]), sys.argv[8] == "1"
    torch.set_num_threads(2)
    torch.manual_seed(seed)

    rows = np.concatenate([np.load(folder / "images.npy"), np.load(folder / "texts.npy")]).astype(np.float32)
    split = load_file(split_path)
    train_rows, held_rows = split["train"], split["held_out"]
    data = torch.from_numpy(rows)
    shift = data[train_rows].mean(0) if center else torch.zeros(rows.shape[1])

    batch = 1024
    model = BatchTopKSAE(rows.shape[1], concepts, top_k=k * batch)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    loader = torch.utils.data.DataLoader(data[train_rows] - shift, batch_size=batch, shuffle=True, drop_last=True)

    def mse(x, x_hat, *_):
        return (x - x_hat).square().mean()

    started = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        train_sae(model, loader, mse, optimizer, nb_epochs=epochs, monitoring=0)
    seconds = time.perf_counter() - started

    model.eval()
    with torch.no_grad():
        parts = [model(x)[1:] for x in (data - shift).split(2048)]
    codes = torch.cat([z for z, _ in parts])
    output = torch.cat([y for _, y in parts]) + shift

    def measures(which) -> dict:
        x, y, z = data[which], output[which], codes[which]
        spread = (x - x.mean(0)).square().sum()
        return {
            "r2": 1 - ((x - y).square().sum() / spread).item(),
            "activePerSample": (z.abs() >= 1e-6).sum(1).float().mean().item(),
            "deadFraction": 1 - (z.abs() >= 1e-6).any(0).float().mean().item(),
        }

    everything = np.arange(len(rows))
    print(json.dumps({"seconds": seconds, "all": measures(everything), "heldOut": measures(held_rows)}))


if __name__ == "__main__":
    main()
