/** The kernels in a real, cross-origin isolated browser, built by Vite as the explorer is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { build, preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { expectClose } from "../../src/kernels/testing/conformance.ts";
import { findChromium } from "./chromium.ts";
import { train } from "./kernels/training.ts";

type Trained = Awaited<ReturnType<typeof train>>;

let folder: string;
let server: PreviewServer;
let browser: Browser;
let page: Page;

async function open(headers: Record<string, string>): Promise<PreviewServer> {
  return preview({
    configFile: false,
    logLevel: "warn",
    root: fileURLToPath(new URL("./kernels", import.meta.url)),
    build: { outDir: folder },
    preview: { port: 0, host: "127.0.0.1", headers },
  });
}

beforeAll(async () => {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error("no Chromium or Chrome was found; install one or set CHROMIUM_PATH");
  folder = mkdtempSync(join(tmpdir(), "viaduct-kernels-"));
  await build({
    configFile: false,
    logLevel: "warn",
    root: fileURLToPath(new URL("./kernels", import.meta.url)),
    base: "./",
    worker: { format: "es" },
    build: { outDir: folder, emptyOutDir: true, target: "es2023" },
  });
  server = await open({
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  });
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  page = await browser.newPage();
  await page.goto(server.resolvedUrls?.local[0] ?? "");
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const call = (name: string, threads: number): Promise<Trained> =>
  page.evaluate(
    ([name, threads]) =>
      (globalThis as unknown as Record<string, (threads: number) => Promise<Trained>>)[name](threads),
    [name, threads] as const,
  );

describe("the CPU backend in a browser", () => {
  it("says what computes", async () => {
    const description = await page.evaluate("describeOnPage()");
    expect(description).toMatchObject({ backend: "cpu", threads: 2 });
    expect((description as { product: string }).product).toMatch(/^wasm (relaxed-)?simd$/);
  });

  it.each([
    ["trainOnPage", 1],
    ["trainOnPage", 3],
    ["trainInWorker", 2],
  ])("%s with %i threads agrees with the reference", async (name, threads) => {
    const expected = await train(createReferenceBackend());
    const got = await call(name, threads);
    expect(got.map(([part]) => part)).toEqual(expected.map(([part]) => part));
    got.forEach(([part, values], i) => expectClose(part, values, expected[i][1]));
  });

  it("says what to do where the page is not isolated", async () => {
    const plain = await open({});
    const other = await browser.newPage();
    await other.goto(plain.resolvedUrls?.local[0] ?? "");
    await expect(other.evaluate("describeOnPage()")).rejects.toThrow(
      /not cross-origin isolated.*Cross-Origin-Opener-Policy/,
    );
    await other.close();
    await plain.close();
  });
});
