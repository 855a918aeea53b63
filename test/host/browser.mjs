/**
 * A headless Chromium for everything that needs a page: the window of the test host, end-to-end tests, the panel's own
 * tests and the benchmarks. Playwright brings no browser of its own here; the system's is used.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { chromium } from "playwright-core";
import { installPackages, mayInstallPackages } from "./system.mjs";

/** Where Chromium and Chrome are usually installed, in order of preference. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The browser to use: `CHROME_PATH` where set, else an installed Chromium or Chrome.
 * @returns {string | undefined} its path, or undefined where there is none
 * @throws where `CHROME_PATH` names no file: a wish that cannot be met is not passed over
 */
export function findChromium() {
  const wanted = process.env.CHROME_PATH;
  if (wanted && !fs.existsSync(wanted)) throw new Error(`CHROME_PATH names no file: ${wanted}`);
  return wanted || USUAL_PLACES.find((place) => fs.existsSync(place));
}

/**
 * Sees to it that there is a browser: installs Debian's `chromium` where it is missing and this user may do so.
 * @param {(line: string) => void} say told before anything that takes long
 * @returns {string} the browser's path
 */
export function ensureChromium(say = console.log) {
  if (mayInstallPackages()) {
    if (!findChromium()) {
      say("installing Chromium (apt-get install chromium)");
      installPackages(["chromium", "fonts-dejavu-core"]);
    }
    if (!hasChineseFont()) {
      say(`installing a font with Chinese characters (apt-get install ${CHINESE_FONT})`);
      installPackages([CHINESE_FONT]);
    }
  }
  const found = findChromium();
  if (found) return found;
  throw new Error(
    "No Chromium or Chrome was found. Install one (on Debian: sudo apt-get install chromium), or set CHROME_PATH to its executable.",
  );
}

/** Media and templates often have Chinese names: without a font pictures show boxes. Only pictures suffer without it. */
const CHINESE_FONT = "fonts-wqy-zenhei";

function hasChineseFont() {
  const { status, stdout } = spawnSync("fc-list", [":lang=zh", "file"], { encoding: "utf8" });
  return status !== 0 || stdout.trim() !== "";
}

/**
 * Starts a browser with one empty page. Close it with `browser.close()`.
 *
 * Requests to other machines are refused at once: tests must not depend on a network, and without one the workbench's
 * own few requests (gallery, experiments) would wait for DNS.
 *
 * @param {import("playwright-core").BrowserContextOptions & { headless?: boolean }} [options] `headless: false` shows
 *   the window; the rest goes to the browser context (viewport, colorScheme, forcedColors, locale, …)
 * @returns {Promise<{ browser: import("playwright-core").Browser, context: import("playwright-core").BrowserContext,
 *   page: import("playwright-core").Page }>}
 */
export async function openBrowser({ headless = true, ...contextOptions } = {}) {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    headless,
    args: [
      "--no-sandbox", // root and containers have no user namespace to sandbox in; only our own pages are opened
      "--disable-gpu",
      "--disable-dev-shm-usage", // /dev/shm is 64 MB in many containers
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...contextOptions,
  });
  await context.route(isElsewhere, (route) => route.abort());
  return { browser, context, page: await context.newPage() };
}

/**
 * Whether a request would leave this machine. Webviews live on `*.vscode-cdn.net` in name only: a service worker or the
 * workbench answers for them.
 * @param {URL} url
 */
function isElsewhere(url) {
  if (!/^https?:$/.test(url.protocol)) return false;
  return !["127.0.0.1", "localhost", "[::1]"].includes(url.hostname) && !url.hostname.endsWith(".vscode-cdn.net");
}
