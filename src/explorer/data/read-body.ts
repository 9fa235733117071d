/** The body of a response, with a word on how far it has come. */
import { badInput } from "../../base/errors.ts";

/** Fills `into`; fails where the body has more or fewer bytes. */
export async function readBody(
  { body }: Response,
  into: Uint8Array,
  name: string,
  heard: (bytes: number) => void,
): Promise<void> {
  let at = 0;
  for await (const chunk of chunksOf(body)) {
    if (at + chunk.length <= into.length) into.set(chunk, at);
    at += chunk.length;
    heard(chunk.length);
  }
  if (at !== into.length)
    throw badInput(`${name} gave ${at} of ${into.length} bytes: it changed; reload the page`);
}

/** The same where nobody said how long it is. */
export async function readWholeBody(
  { body }: Response,
  heard: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunksOf(body)) {
    chunks.push(chunk);
    heard(chunk.length);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Safari's streams are not iterable. */
async function* chunksOf(body: Response["body"]): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const reader = body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read?.value === undefined) return;
    yield read.value;
  }
}
