/** A pair of towers in a real browser: decoding, preparation, tokenizer and network as in Node. */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build, preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cosine, expected, fixtures } from "../encoders/tiny-towers.ts";
import { launchChromium } from "./chromium.ts";
import type { DecodeOnPage, DrawOnPage, EmbedOnPage } from "./encoders/page.ts";

let folder: string;
let server: PreviewServer;
let browser: Browser;
let page: Page;
const requested: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "viaduct-encoders-"));
  const root = fileURLToPath(new URL("./encoders", import.meta.url));
  await build({
    configFile: false,
    logLevel: "warn",
    root,
    base: "./",
    publicDir: fixtures,
    build: { outDir: folder, emptyOutDir: true, target: "es2023" },
  });
  server = await preview({
    configFile: false,
    logLevel: "warn",
    root,
    build: { outDir: folder },
    preview: { port: 0, host: "127.0.0.1" },
  });
  browser = await launchChromium();
  page = await browser.newPage();
  page.on("request", (request) => requested.push(request.url()));
  const wasm = createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm");
  await page.route("**/ort.wasm", (route) => route.fulfill({ path: wasm, contentType: "application/wasm" }));
  await page.goto(server.resolvedUrls?.local[0] ?? "");
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

interface OnPage {
  embedOnPage: EmbedOnPage;
  decodeOnPage: DecodeOnPage;
  drawOnPage: DrawOnPage;
}

function call<K extends keyof OnPage>(
  name: K,
  ...args: Parameters<OnPage[K]>
): Promise<Awaited<ReturnType<OnPage[K]>>> {
  return page.evaluate(
    ([name, args]) => (globalThis as unknown as Record<string, (...args: unknown[]) => never>)[name](...args),
    [name, args] as [string, unknown[]],
  );
}

describe("pictures in a browser", () => {
  test("have the pixels of Pillow", async () => {
    const different: string[] = [];
    for (const [name, wanted] of Object.entries(expected.decoded)) {
      // Of 16-bit grey the lower bits are lost; AVIF follows the browser's version.
      if (name === "sixteen-grey.png" || name.endsWith(".avif")) continue;
      const found = await call("decodeOnPage", name, "drop", 1);
      if (JSON.stringify(found) !== JSON.stringify(wanted))
        different.push(`${name}: ${JSON.stringify(found)}`);
    }
    expect(different).toEqual([]);
  });

  test("are laid on white where that is asked for", async () => {
    for (const [name, sha256] of Object.entries(expected.onWhite)) {
      if (!name.endsWith(".avif"))
        expect(await call("decodeOnPage", name, "white", 1)).toMatchObject({ sha256 });
    }
  });

  test("that are drawings are rasterised on white", async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect x="10" width="10" height="20" fill="#00f"/></svg>`;
    const { width, height, data } = await call("drawOnPage", svg);
    expect([width, height]).toEqual([30, 20]);
    expect(data.slice(0, 3)).toEqual([255, 255, 255]);
    expect(data.slice(45, 48)).toEqual([0, 0, 255]);
  });

  test.each(["large.jpg", "alpha.png", "lossy.webp", "transparent.gif"])(
    "are refused where %s is cut off",
    async (name) => {
      expect(await call("decodeOnPage", name, "drop", 0.5)).toEqual(expect.stringContaining(name));
    },
  );
});

test("a page embeds pictures and captions as transformers does, and asks nobody else", async () => {
  const { images, texts } = expected.families.clip;
  const names = [
    "large.jpg",
    "alpha.png",
    "turned-6.jpg",
    "turned-8.webp",
    "cmyk.jpg",
    "tower.jpg",
    "transparent.gif",
  ];
  const { runtime, ...found } = await call("embedOnPage", "/clip", names, expected.captions);
  expect(runtime).toMatch(/^onnxruntime-web \d+\.\d+\.\d+, wasm, 1 thread$/);
  for (const [i, name] of names.entries()) {
    expect(cosine(found.images[i], images[name]), name).toBeGreaterThan(0.9999);
  }
  for (const [i, row] of texts.entries()) {
    expect(cosine(found.texts[i], row), expected.captions[i]).toBeGreaterThan(0.9999);
  }
  const origin = new URL(page.url()).origin;
  expect(requested.filter((address) => !address.startsWith(origin) && !address.startsWith("blob:"))).toEqual(
    [],
  );
});
