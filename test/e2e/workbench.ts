import fs from "node:fs";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";

/** The pinned VS Code's own themes of the four kinds, and the class that the workbench then has. */
const THEMES = {
  light: { id: "Light Modern", kind: "vs" },
  dark: { id: "Dark Modern", kind: "vs-dark" },
  "high-contrast": { id: "Default High Contrast", kind: "hc-black" },
  "high-contrast-light": { id: "Default High Contrast Light", kind: "hc-light" },
} as const;

export type Theme = keyof typeof THEMES;

/** Starting VS Code takes long on a busy machine; everything after that is quick, or it is broken. */
const START_LIMIT_MS = 90_000;
const ACTION_LIMIT_MS = 30_000;
const PALETTE_LIMIT_MS = 10_000;

/** A hover is painted, then grows to its content: a picture taken at once shows half of it. */
const HOVER_SETTLES_MS = 400;

/** How long the pointer waits on a word before it comes anew. */
const HOVER_LIMIT_MS = 7_000;

/**
 * One window of a real VS Code, as a person uses it: by its commands, its lists, its mouse and keyboard. Everything waits
 * for what it needs to see, and fails after 30 s.
 */
export class Workbench {
  readonly page: Page;
  /** What the window and its webviews said against us: violations of the content security policy. */
  readonly policyViolations: string[] = [];
  readonly #pictures: string;
  readonly #settingsFile: string;

  /** @param files where pictures go, and where the window's user settings are */
  constructor(page: Page, files: { readonly pictures: string; readonly settings: string }) {
    this.page = page;
    this.#pictures = files.pictures;
    this.#settingsFile = files.settings;
    page.setDefaultTimeout(ACTION_LIMIT_MS);
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) this.policyViolations.push(message.text());
    });
  }

  /** Loads the workbench and waits until it can be used. */
  async open(url: string): Promise<void> {
    await this.page.goto(url, { timeout: START_LIMIT_MS });
    await this.page.locator(".monaco-workbench .activitybar").waitFor({ timeout: START_LIMIT_MS });
    await this.page.locator(".monaco-workbench .statusbar").waitFor();
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.open(this.page.url());
  }

  // ── Palette and other quick inputs ──────────────────────────────────────────────────────────────────────────────────

  /** The input at the top of the window while it is open. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget").filter({ visible: true });
  }

  /**
   * Runs a command from the palette by its exact label, category included: "VOD Jobs: Look Up Job…". (With no match the
   * palette offers similar commands, and Enter would run one of those.)
   */
  async run(label: string): Promise<void> {
    await this.#fromPalette(`>${label}`, this.#row(label));
  }

  /**
   * Opens the palette, types and clicks a row. Tried again where a step fails: focus that is on its way into a webview or
   * an editor swallows the key or closes the palette. Nothing has happened before the last click.
   */
  async #fromPalette(text: string, row: Locator): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press("F1");
        await this.quickInput.locator("input.input").fill(text, { timeout: PALETTE_LIMIT_MS });
        await row.click({ timeout: PALETTE_LIMIT_MS });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Replaces the text of the open quick input. */
  async type(text: string): Promise<void> {
    await this.quickInput.locator("input.input").fill(text);
  }

  /** Chooses the row of the open quick input that has this label. */
  async pick(label: string): Promise<void> {
    await this.#row(label).click();
  }

  /** Confirms the open quick input, as Enter does. */
  async accept(): Promise<void> {
    await this.quickInput.locator("input.input").press("Enter");
  }

  /** The labels of the open quick input's rows, after at least one is there. */
  async rows(): Promise<string[]> {
    const rows = this.quickInput.locator(".monaco-list-row");
    await rows.first().waitFor();
    return rows.locator(".label-name").allInnerTexts();
  }

  /** A row's accessible name is its label, perhaps followed by a description or key binding after a comma. */
  #row(label: string): Locator {
    const exact = CSS.string(label);
    const start = CSS.string(`${label},`);
    return this.quickInput
      .locator(`.monaco-list-row[aria-label=${exact}], .monaco-list-row[aria-label^=${start}]`)
      .first();
  }

  // ── Views and trees ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Shows a view container of the activity bar by its title: "VOD Jobs". */
  async showContainer(title: string): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(a.action-label[aria-label^=${CSS.string(title)}])`);
    await icon.waitFor({ timeout: START_LIMIT_MS });
    const shown = this.page.locator(".sidebar .composite.title", { hasText: new RegExp(title, "i") });
    // A second click hides it, and the extension may show it by itself at the same moment.
    for (let attempt = 1; attempt <= 5; attempt++) {
      if (!(await shown.isVisible())) await icon.click();
      const there = await shown.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
      await this.page.waitForTimeout(HOVER_SETTLES_MS);
      if (there && (await shown.isVisible())) return;
    }
    throw new Error(`"${title}" could not be shown.`);
  }

  /** The activity-bar icon's badge, as its label says it: "VOD Jobs - 3 running". */
  async badge(title: string): Promise<string> {
    const icon = this.page.locator(`.activitybar a.action-label[aria-label^=${CSS.string(title)}]`);
    return (await icon.getAttribute("aria-label")) ?? "";
  }

  /** The first row of any tree of which a screen reader says this. It is hidden when there is none. */
  treeItem(name: string | RegExp): Locator {
    return this.page.locator(".sidebar").getByRole("treeitem", { name }).first();
  }

  /** What a screen reader says of the rows of a view container's trees that are in sight. */
  async treeRows(): Promise<string[]> {
    const rows = this.page.locator(".sidebar").getByRole("treeitem");
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label") ?? ""));
  }

  /** Runs an inline action of a tree row, which shows while the mouse is on it. */
  async inlineAction(item: Locator, label: string): Promise<void> {
    await item.hover();
    await item.locator(`.actions a.action-label[aria-label=${CSS.string(label)}]`).click();
  }

  /**
   * Chooses from the context menu of a tree row. The row itself gets the event, wherever it is by then: rows of a live
   * tree move, and a right click by place may meet another one.
   */
  async contextMenu(item: Locator, label: string): Promise<void> {
    const { x, y } = (await item.boundingBox()) ?? { x: 0, y: 0 };
    await item.dispatchEvent("contextmenu", { button: 2, clientX: x + 80, clientY: y + 8 });
    const entry = this.page.locator(`.monaco-menu .action-label[aria-label=${CSS.string(label)}]`);
    for (let attempt = 1; attempt <= 4; attempt++) {
      await entry.click();
      // A menu ignores the mouse for a moment after it opened.
      const closed = await entry.waitFor({ state: "detached", timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      if (closed) return;
    }
    throw new Error(`The menu did not take "${label}".`);
  }

  // ── Editors, hovers, webviews ───────────────────────────────────────────────────────────────────────────────────────

  /** Opens a file of the workspace. */
  async openFile(name: string): Promise<void> {
    await this.#fromPalette(name, this.quickInput.locator(".monaco-list-row", { hasText: name }).first());
    await this.page.locator(`.tab.active[data-resource-name=${CSS.string(path.basename(name))}]`).waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** Moves the mouse onto a word of the open file and gives the text of the hover that appears. */
  async hover(word: string): Promise<string> {
    const hover = this.page.locator(".monaco-hover").filter({ visible: true }).first();
    for (let attempt = 1; ; attempt++) {
      await this.movePointerAway();
      const box = await this.#boxOf(word);
      await this.page.mouse.move(box.x, box.y, { steps: 4 });
      // An editor that was just opened may miss the move.
      const shown = await hover.waitFor({ timeout: HOVER_LIMIT_MS }).then(
        () => true,
        () => false,
      );
      if (shown) break;
      if (attempt === 4) throw new Error(`No hover over "${word}".`);
    }
    await hover.getByText("Loading...").waitFor({ state: "hidden" }); // another extension's part
    await this.page.waitForTimeout(HOVER_SETTLES_MS);
    return (await hover.innerText()).replaceAll("\u00a0", " ");
  }

  /** Whether a hover appears over a word, for where none should. */
  async hasHover(word: string): Promise<boolean> {
    return this.hover(word).then(
      () => true,
      () => false,
    );
  }

  /** Moves the mouse where nothing reacts to it, and waits until no hover is left. */
  async movePointerAway(): Promise<void> {
    await this.page.mouse.move(2, 2);
    await this.page.locator(".monaco-hover").filter({ visible: true }).waitFor({ state: "hidden" });
  }

  /** The middle of a word in the open file. Lines are made of one element per token, so the word's own box is measured. */
  async #boxOf(word: string): Promise<{ x: number; y: number }> {
    const line = this.page.locator(".editor-instance .view-line", { hasText: word }).first();
    return line.evaluate((element, wanted) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const start = (text.textContent ?? "").replaceAll("\u00a0", " ").indexOf(wanted);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(text, start);
        range.setEnd(text, start + wanted.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
      throw new Error(`"${wanted}" is not within one token of its line`);
    }, word);
  }

  /** The page inside the visible webview. */
  get webview(): FrameLocator {
    return this.page
      .locator("iframe.webview.ready")
      .filter({ visible: true })
      .first()
      .contentFrame()
      .frameLocator("#active-frame");
  }

  /** An editor's tab, by its title. */
  tab(title: string | RegExp): Locator {
    return this.page.getByRole("tab", { name: title });
  }

  // ── The rest of the window ──────────────────────────────────────────────────────────────────────────────────────────

  /** A notification, by a part of its text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text }).first();
  }

  /** Presses a button of a notification. */
  async answerToast(text: string | RegExp, button: string): Promise<void> {
    await this.toast(text).getByRole("button", { name: button }).click();
  }

  /** Takes all notifications away. */
  async clearToasts(): Promise<void> {
    await this.run("Notifications: Clear All Notifications");
  }

  /** A status-bar item, by a part of its text or accessible name. */
  statusBarItem(name: string | RegExp): Locator {
    return this.page.locator(".statusbar").getByRole("button", { name });
  }

  /**
   * Changes user settings; `undefined` removes one. Done in the settings editor: the pinned server does not tell its
   * windows when that file changes on disk. Other windows follow at their next reload.
   */
  async writeSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const read = () => fs.readFileSync(this.#settingsFile, "utf8");
    const text = JSON.stringify({ ...JSON.parse(read()), ...changes }); // one line: the editor would indent more
    const clipboard = await this.readClipboard();
    await this.writeClipboard(text); // pasted, for the editor completes what is typed
    await this.run("Preferences: Open User Settings (JSON)");
    const tab = this.page.locator('.tab.active[data-resource-name="settings.json"]');
    await tab.waitFor();
    await this.page.locator(".editor-instance .monaco-editor.focused").waitFor();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.press("ControlOrMeta+V");
    await this.page.keyboard.press("ControlOrMeta+S");
    for (const limit = Date.now() + ACTION_LIMIT_MS; read() !== text; await this.page.waitForTimeout(50)) {
      if (Date.now() > limit) throw new Error(`The settings were not saved. They are:\n${read()}`);
    }
    await this.run("View: Close Editor");
    await this.writeClipboard(clipboard);
  }

  /** Switches the color theme, and waits until the window wears it. */
  async theme(theme: Theme): Promise<void> {
    const { id, kind } = THEMES[theme];
    await this.writeSettings({ "workbench.colorTheme": id });
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** What is in the clipboard. */
  async readClipboard(): Promise<string> {
    await this.#takeFocus();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Waits until the clipboard holds what is expected, and gives it. */
  async waitForClipboard(expected: RegExp): Promise<string> {
    for (const limit = Date.now() + ACTION_LIMIT_MS; ; await this.page.waitForTimeout(50)) {
      const text = await this.readClipboard();
      if (expected.test(text)) return text;
      if (Date.now() > limit) throw new Error(`The clipboard holds ${JSON.stringify(text)}, not ${expected}.`);
    }
  }

  async writeClipboard(text: string): Promise<void> {
    await this.#takeFocus();
    await this.page.evaluate((value) => navigator.clipboard.writeText(value), text);
  }

  /** Only who has the focus may use the clipboard: a window or webview that has just closed may have left it nowhere. */
  async #takeFocus(): Promise<void> {
    await this.page.bringToFront();
    await this.page.waitForFunction(() => {
      if (!document.hasFocus()) window.focus();
      return document.hasFocus();
    });
  }

  /**
   * Saves a picture of the window.
   * @returns its file
   */
  async picture(name: string): Promise<string> {
    const file = path.join(this.#pictures, `${name}.png`);
    fs.mkdirSync(this.#pictures, { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }
}

/** Strings inside CSS selectors. */
const CSS = {
  string: (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`,
};
