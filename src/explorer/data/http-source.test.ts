import { describe, expect, it } from "vitest";
import { piecePath } from "../../protocol/site-layout.ts";
import { httpSource } from "./http-source.ts";

const content = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);
const part = (start: number, end: number): number[] => [...content.subarray(start, end)];
const pieceBytes = 300;

/** A static host: with or without ranges, the long file in pieces. Notes what was asked for. */
function host({ ranges }: { ranges: boolean }) {
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ["data/study/plain.bin", content],
    ["data/study/empty.bin", new Uint8Array()],
    ["data/study/odd name #1%.bin", content],
    [
      "data/summary.json",
      new TextEncoder().encode(
        JSON.stringify({
          site: { pieces: { "study/long.bin": 1000 }, pieceBytes, packedPictures: false },
        }),
      ),
    ],
  ]);
  for (let i = 0; i * pieceBytes < 1000; i++) {
    files.set(`data/${piecePath("study/long.bin", i)}`, content.slice(i * pieceBytes, (i + 1) * pieceBytes));
  }
  const asked: string[] = [];
  const fetch = async (address: string, init?: RequestInit): Promise<Response> => {
    const path = decodeURIComponent(address);
    const range = new Headers(init?.headers).get("range");
    asked.push(range === null ? path : `${path} ${range}`);
    const file = files.get(path);
    if (file === undefined) return new Response("no", { status: 404 });
    if (range === null || !ranges) return new Response(file);
    const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
    const start = first === "" ? Math.max(0, file.length - Number(last)) : Number(first);
    const end = first === "" || last === "" ? file.length : Math.min(Number(last) + 1, file.length);
    const headers = { "content-range": `bytes ${start}-${end - 1}/${file.length}` };
    if (start >= file.length) return new Response(null, { status: 416 });
    return new Response(file.slice(start, end), { status: 206, headers });
  };
  return { asked, source: httpSource("data/", fetch) };
}

describe.each([{ ranges: true }, { ranges: false }])("a host with ranges: $ranges", ({ ranges }) => {
  it("gives the end of a file with its size, and any part of it", async () => {
    const { source, asked } = host({ ranges });
    const tail = await source.tail("study/plain.bin", 64);
    expect(tail.size).toBe(1000);
    expect([...new Uint8Array(tail.bytes)].slice(-64)).toEqual(part(936, 1000));
    expect([...new Uint8Array(await source.bytes("study/plain.bin", 10, 20))]).toEqual(part(10, 20));
    expect([...new Uint8Array(await source.bytes("study/odd name #1%.bin", 0, 5))]).toEqual(part(0, 5));
    // What was sent whole is not asked for again.
    expect(asked.filter((one) => one.includes("plain")).length).toBe(ranges ? 2 : 1);
  });

  it("gives parts of a file that lies in pieces, across them, and asks for no other piece", async () => {
    const { source, asked } = host({ ranges });
    await source.json("summary.json");
    const tail = await source.tail("study/long.bin", 150);
    expect(tail.size).toBe(1000);
    expect([...new Uint8Array(tail.bytes)]).toEqual(part(850, 1000));
    expect([...new Uint8Array(await source.bytes("study/long.bin", 290, 620))]).toEqual(part(290, 620));
    expect([...new Uint8Array(await source.bytes("study/long.bin", 300, 600))]).toEqual(part(300, 600));
    const pieces = new Set(asked.slice(1).map((one) => /\d{4}/.exec(one)?.[0]));
    expect(pieces).toEqual(new Set(["0000", "0001", "0002", "0003"]));
    if (!ranges) expect(asked.length).toBe(5);
    const all = await source.tail("study/long.bin", 5000);
    expect([...new Uint8Array(all.bytes)]).toEqual([...content]);
  });

  it("asks once for a file that several read at the same time", async () => {
    const { source } = host({ ranges });
    const parts = await Promise.all([0, 100, 200].map((at) => source.bytes("study/plain.bin", at, at + 50)));
    expect(parts.map((bytes) => [...new Uint8Array(bytes)])).toEqual([
      part(0, 50),
      part(100, 150),
      part(200, 250),
    ]);
  });

  it("says what is not there", async () => {
    const { source } = host({ ranges });
    await expect(source.bytes("study/gone.bin", 0, 5)).rejects.toThrow("study/gone.bin is not there");
    expect((await source.tail("study/empty.bin", 10)).size).toBe(0);
  });
});

describe("a host that gives less than was asked for", () => {
  it("has changed the file", async () => {
    const short = httpSource("data/", async () => new Response("abc", { status: 206 }));
    await expect(short.bytes("study/x", 0, 5)).rejects.toThrow(/gave 3 of 5 bytes: it changed; reload/);
  });

  it("or does not answer", async () => {
    const down = httpSource("data/", async () => {
      throw new TypeError("failed to fetch");
    });
    await expect(down.bytes("study/x", 0, 5)).rejects.toThrow(/does not answer: is it still running/);
    const cut = new ReadableStream({ pull: (control) => control.error(new TypeError("network error")) });
    const breaksOff = httpSource("data/", async () => new Response(cut));
    await expect(breaksOff.whole("study/x", 5, () => {})).rejects.toThrow(/does not answer: is it still/);
  });
});

describe("what is on its way", () => {
  it("is told of as it comes where a file is read whole", async () => {
    let more!: () => void;
    const sent = new ReadableStream<Uint8Array>({
      start(control) {
        control.enqueue(new Uint8Array(3));
        more = () => {
          control.enqueue(new Uint8Array(2));
          control.close();
        };
      },
    });
    const source = httpSource("data/", async () => new Response(sent));
    const heard: number[] = [];
    const file = source.whole("study/model.bin", 5, (bytes) => {
      heard.push(bytes);
      if (heard.length === 1) more();
    });
    expect((await file).byteLength).toBe(5);
    expect(heard.length).toBe(2);
  });

  it("keeps the line from being quiet until it is there", async () => {
    let answer!: (response: Response) => void;
    const source = httpSource("data/", () => new Promise((resolve) => (answer = resolve)));
    const order: string[] = [];
    const read = source.bytes("study/x", 0, 3).then(() => order.push("read"));
    const quiet = source.quiet(1).then(() => order.push("quiet"));
    await new Promise((later) => setTimeout(later, 20));
    expect(order).toEqual([]);
    answer(new Response("abc", { status: 206 }));
    await Promise.all([read, quiet]);
    expect(order).toEqual(["read", "quiet"]);
  });
});
