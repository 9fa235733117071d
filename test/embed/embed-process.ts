/** Embeds a folder with the fake encoder in a process of its own, which a test may kill. */
import { embedPictures } from "../../src/pipeline/embed/embed.ts";
import { fakeEncoder } from "./fake-encoder.ts";

const [pictures = "", out = ""] = process.argv.slice(2);
await embedPictures(
  { pictures: [pictures], model: "fake", out, batch: 2, shard: 2 },
  { load: () => fakeEncoder({ milliseconds: 25 }) },
);
