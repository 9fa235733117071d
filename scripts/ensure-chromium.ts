/**
 * Browser tests need a Chromium or Chrome. One that is installed is used; on a Debian-like system
 * where we may, Debian's `chromium` is installed; else this throws with the one command to run.
 */
import { spawnSync } from "node:child_process";
import { findChromium } from "../test/browser/chromium.ts";

export function ensureChromium(): void {
  if (findChromium() !== null) return;
  const mayInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (mayInstall) {
    console.log("No Chromium found; installing Debian's (apt-get install chromium) for the browser tests.");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update", "-q"], { stdio: "inherit", env });
    spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], {
      stdio: "inherit",
      env,
    });
    if (findChromium() !== null) return;
  }
  throw new Error(
    "The browser tests found no Chromium or Chrome. Install one, for example: sudo apt-get install chromium (or set CHROMIUM_PATH to its executable)",
  );
}
