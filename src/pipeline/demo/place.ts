/**
 * The folder of a demo. `demo.json` marks it, written before anything else; a later demo at the
 * same place removes what a demo makes and nothing more, and refuses where anything else lies there.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { badInput } from "../../base/errors.ts";
import { entriesAt, makeFolder } from "../../platform/node/files/output-folder.ts";
import { readJson } from "../../platform/node/files/read-json.ts";
import { writeJson } from "../../platform/node/files/write-file.ts";
import { setLayout, studyLayout } from "../../protocol/study-layout.ts";
import { demoDictionary, demoLayout, worldLayout } from "./layout-on-disk.ts";

const marker = z.object({ schemaVersion: z.literal(1), kind: z.literal("demo") });

/** What a demo makes, folder by folder; what lies deeper belongs to it. */
const made: readonly (readonly [folder: string, entries: readonly string[]])[] = [
  ["", Object.values(demoLayout)],
  [demoLayout.world, Object.values(worldLayout)],
  [demoLayout.set, Object.values(setLayout)],
  [demoLayout.study, [studyLayout.manifest, studyLayout.dictionaries]],
  [join(demoLayout.study, studyLayout.dictionaries), [demoDictionary]],
];

/** Left by a process that was killed while it wrote a file or the set. */
const leftover = /^\.set\.(partial-[0-9a-f]{8}(\.old)?|unfinished)$|^\..+\.[0-9a-f]{8}\.tmp$/;

/** Marks an absent or empty folder, or one that holds an earlier demo and nothing else, and empties it. */
export async function placeForDemo(out: string): Promise<string> {
  const folder = resolve(out);
  const entries = await entriesAt(folder, out);
  if (entries.length > 0) await requireDemo(folder, out, entries);
  for (const entry of entries.filter((name) => name !== demoLayout.marker)) {
    await rm(join(folder, entry), { recursive: true, force: true });
  }
  await makeFolder(folder, out);
  await writeJson(join(folder, demoLayout.marker), {
    schemaVersion: 1,
    kind: "demo",
  } satisfies z.infer<typeof marker>);
  return folder;
}

async function requireDemo(folder: string, out: string, entries: readonly string[]): Promise<void> {
  const path = join(folder, demoLayout.marker);
  if (!entries.includes(demoLayout.marker)) {
    const older = existsSync(join(folder, demoLayout.world, worldLayout.truth));
    throw badInput(
      older
        ? `${out} holds a demo without ${demoLayout.marker}, as earlier versions made it; expected the file that tells a demo from a folder of yours: remove ${out} yourself, or name another place with --out`
        : `${out} exists, is not empty and holds no earlier demo; name another place with --out`,
    );
  }
  await readJson(path, (value) => {
    if (!marker.safeParse(value).success) {
      throw badInput(
        `${join(out, demoLayout.marker)} is not the mark of a demo; name another place with --out`,
      );
    }
  });
  for (const [part, known] of made) {
    for (const entry of await entriesAt(join(folder, part), join(out, part))) {
      if (known.includes(entry) || leftover.test(entry)) continue;
      throw badInput(
        `${join(out, part, entry)} is not the demo's, and a new demo would remove it; move it away, or name another place with --out`,
      );
    }
  }
}
