"""Pictures through an image tower as Python users do it: Pillow, transformers' processor, onnxruntime.

Usage: python encoders.py make FOLDER
       python encoders.py run FOLDER LIST BATCH THREADS

`make` writes a pair of towers of CLIP ViT-B/32's size with random weights (seed 0) as FOLDER/onnx/*.onnx,
about 600 MB, with their encoder.json; the tokenizer is the caller's to add. `run` embeds the pictures that
LIST names, one a line, and prints one JSON object: pictures, seconds, seconds of processor time, versions,
and the first row of the last batch.
"""

import json
import sys
import time
from pathlib import Path


def make(folder: Path) -> None:
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(0)
    model = CLIPModel(CLIPConfig(projection_dim=512)).eval()
    (folder / "onnx").mkdir(parents=True, exist_ok=True)

    class Tower(torch.nn.Module):
        def __init__(self, network, projection):
            super().__init__()
            self.network = network
            self.projection = projection

        def forward(self, inputs):
            return self.projection(self.network(inputs).pooler_output)

    with torch.no_grad():
        for tower, example, input_name, output, file in [
            (Tower(model.vision_model, model.visual_projection), torch.zeros(2, 3, 224, 224), "pixel_values", "image_embeds", "vision_model"),
            (Tower(model.text_model, model.text_projection), torch.full((2, 9), 49407), "input_ids", "text_embeds", "text_model"),
        ]:
            axes = {0: "batch"} if input_name == "pixel_values" else {0: "batch", 1: "tokens"}
            torch.onnx.export(
                tower,
                (example,),
                folder / "onnx" / f"{file}.onnx",
                input_names=[input_name],
                output_names=[output],
                dynamic_axes={input_name: axes, output: {0: "batch"}},
                opset_version=17,
                dynamo=False,
            )
    description = {
        "schemaVersion": 1,
        "kind": "encoder",
        "model": "random/clip-vit-base-patch32",
        "dimension": 512,
        "image": {
            "network": "onnx/vision_model.onnx",
            "resize": {"mode": "shortest-edge", "edge": 224},
            "resample": "bicubic",
            "width": 224,
            "height": 224,
            "mean": [0.48145466, 0.4578275, 0.40821073],
            "std": [0.26862954, 0.26130258, 0.27577711],
        },
        "text": {
            "network": "onnx/text_model.onnx",
            "contextLength": 77,
            "padding": "longest",
            "padToken": 49407,
        },
    }
    (folder / "encoder.json").write_text(json.dumps(description, indent=2) + "\n")


def run(folder: Path, pictures: list[str], batch: int, threads: int) -> dict:
    import numpy as np
    import onnxruntime
    import PIL
    import transformers
    from PIL import Image
    from transformers import CLIPImageProcessorPil

    processor = CLIPImageProcessorPil()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    network = onnxruntime.InferenceSession(
        str(folder / "onnx/vision_model.onnx"), options, providers=["CPUExecutionProvider"]
    )

    def embed(paths):
        images = [Image.open(path).convert("RGB") for path in paths]
        pixels = processor(images=images, return_tensors="np")["pixel_values"]
        (rows,) = network.run(["image_embeds"], {"pixel_values": pixels})
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    embed(pictures[:batch])
    begin, cpu = time.perf_counter(), time.process_time()
    for at in range(0, len(pictures), batch):
        rows = embed(pictures[at : at + batch])
    return {
        "pictures": len(pictures),
        "seconds": time.perf_counter() - begin,
        "cpu": time.process_time() - cpu,
        "row": rows[0].tolist(),
        "versions": f"onnxruntime {onnxruntime.__version__}, Pillow {PIL.__version__}, transformers {transformers.__version__}",
    }


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        listed = Path(sys.argv[3]).read_text().splitlines()
        print(json.dumps(run(Path(sys.argv[2]), listed, int(sys.argv[4]), int(sys.argv[5]))))
