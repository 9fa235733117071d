/** The demo, end to end, and its explorer in a real browser: from the map to a concept, across a bridge, and back. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runDemo, type DemoResult } from "../../src/pipeline/demo/demo.ts";
import { createCpuBackend } from "../../src/platform/node/cpu-backend.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { launchChromium } from "./chromium.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
let scratch: string;
let demo: DemoResult;
let explorer: RunningExplorer;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-browser-"));
  const backend = await createCpuBackend({ product: "wasm" });
  demo = await runDemo({ out: join(scratch, "demo") }, { backend, now: () => Date.now() }).finally(() =>
    backend.close(),
  );
  explorer = await startExplorer({ study: demo.study, application });
  browser = await launchChromium();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** A page that notes errors on its console and requests that leave the server. */
async function visit(hash: string): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(explorer.url)) complaints.push(`leaves the server: ${request.url()}`);
  });
  await page.goto(explorer.url + hash);
  return { page, complaints };
}

describe("the demo world", () => {
  it("is found again: at least 95 % of the concepts and 90 % of the bridges", () => {
    expect(demo.recoveredConcepts).toBeGreaterThanOrEqual(0.95 * demo.plantedConcepts);
    expect(demo.recoveredBridges).toBeGreaterThanOrEqual(0.9 * demo.plantedBridges);
    expect(demo.modalityError).toBeLessThan(0.1);
  });
});

describe("the explorer", () => {
  it("goes from the map to a concept, across a bridge, and back", async () => {
    const { page, complaints } = await visit("#/map");
    const map = page.locator("canvas.map-overlay");
    await map.waitFor();
    // The list's first concept, selected, is ringed on the map: click through the tooltip's place.
    const box = (await page.locator(".map").boundingBox())!;
    let tooltip = 0;
    for (let x = 0.2; x < 0.8 && tooltip === 0; x += 0.02) {
      for (let y = 0.2; y < 0.8 && tooltip === 0; y += 0.04) {
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
        tooltip = await page.locator(".tooltip").count();
      }
    }
    expect(tooltip).toBe(1);
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForURL(/#\/concept\/\d+/);
    // A concept with bridges, whichever was hit.
    await page.goto(`${explorer.url}#/concepts?sort=-bridgeCount`);
    await page.locator(".concept-row").first().click();
    await page.waitForURL(/#\/concept\/\d+/);
    const first = page.url();
    await page.locator(".picture img").first().waitFor();
    const bridge = page.locator(".bridge-link").first();
    await bridge.waitFor();
    const target = await bridge.getAttribute("href");
    await bridge.click();
    await page.waitForURL((url) => url.hash === target);
    await page.locator("h1", { hasText: `Concept ${/\d+/.exec(target!)![0]}` }).waitFor();
    await page.goBack();
    await page.waitForURL(first);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("opens any state from its address", async () => {
    const { page, complaints } = await visit("#/concepts?q=red&sort=-frequency");
    await page.locator(".concept-row").first().waitFor();
    expect(await page.locator('input[type="search"]').inputValue()).toBe("red");
    await page.reload();
    await page.locator(".concept-row").first().waitFor();
    expect(page.url()).toContain("q=red");
    expect(complaints).toEqual([]);
    await page.close();
  });
});
