"""Times Pillow's bicubic resize on the sizes that bench/resize.ts names; prints processor seconds of each as JSON.

    python bench/peers/resize.py '[[640, 480, 299, 224]]' 20
"""

import json
import sys
import time

import numpy as np
from PIL import Image

sizes, repeats = json.loads(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(1)
seconds = []
for source_width, source_height, width, height in sizes:
    picture = Image.fromarray(rng.integers(0, 256, (source_height, source_width, 3), dtype=np.uint8))
    picture.resize((width, height), Image.BICUBIC)
    start = time.process_time()
    for _ in range(repeats):
        picture.resize((width, height), Image.BICUBIC)
    seconds.append((time.process_time() - start) / repeats)
print(json.dumps(seconds))
