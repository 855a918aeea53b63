import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ToHost, ToPanel } from "../../src/panel/protocol.ts";
import { Harness, type OpenPanel, type Situation, settled, themes } from "./harness.ts";
import { answerOf, type MadeRun, makeRun, refOf, sample, situationOf, standing, topologyOf } from "./runs.ts";
import * as vscode from "./vscode.ts";

let harness: Harness;
before(async () => {
  harness = await Harness.open();
});
after(() => harness.close());

const selected = (panel: OpenPanel) => panel.page.locator(".row.selected .name b").textContent();
const sent = <T extends ToHost["type"]>(panel: OpenPanel, type: T) =>
  panel.said.filter((message): message is Extract<ToHost, { type: T }> => message.type === type);
const got = <T extends ToPanel["type"]>(panel: OpenPanel, type: T) =>
  panel.said.filter((message): message is Extract<ToPanel, { type: T }> => message.type === type);

/** No violation of the policy, no error, no message that was refused. */
async function close(panel: OpenPanel): Promise<void> {
  assert.deepEqual(panel.faults, []);
  await panel.close();
}

test("script and style together stay below 15 KB gzip", () => {
  assert.ok(harness.gzip <= 15_000, `${harness.gzip} bytes`);
});

for (const theme of themes) {
  test(`the sample in ${theme}: the failure is selected, the banner says what contradicts`, async () => {
    const panel = await harness.show(sample("workflow"), { theme, height: 520 });
    assert.equal(await selected(panel), "Translate_zh_en");
    assert.match(await panel.page.locator("#banner").innerText(), /reports “Succeed”, but 1 of 4 activities failed/);
    assert.match(await panel.page.locator("#line").innerText(), /^Reported succeeded, with failures · 4 m 34 s/);
    assert.match(await panel.page.locator(".row.selected .track").innerText(), /Failed · 4 m 33 s · alone for 97%/);
    assert.match(await panel.page.locator(".row").first().innerText(), /end not reported/);
    await panel.picture(`sample-timeline-${theme}`);
    await close(panel);
  });
}

test("the whole timeline is walked by keyboard alone", async () => {
  const panel = await harness.show(situationOf(makeRun(60)));
  const { page } = panel;
  const names = got(panel, "snapshot")[0]!.activities.map(({ name }) => name);
  assert.equal(
    await page.evaluate(() => document.activeElement?.id),
    "rows",
    "whoever comes stands on what is selected",
  );
  const press = async (key: string, name: string) => {
    await page.keyboard.press(key);
    await settled(page);
    assert.equal(await selected(panel), name, key);
    const id = await page.locator("#rows").getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`#${id} .name b`).textContent(), name, "the active row exists and is in the pool");
    assert.ok(await page.locator(`#${id}`).isVisible());
  };
  await press("Home", names[0]!);
  await press("ArrowDown", names[1]!);
  await press("ArrowDown", names[2]!);
  await press("ArrowUp", names[1]!);
  await press("End", names.at(-1)!);
  await press("PageUp", (await selectedAfterPage(panel, names, -1))!);
  await press("Home", names[0]!);
  await press("PageDown", (await selectedAfterPage(panel, names, 1))!);
  await press("Home", names[0]!);

  const failed = got(panel, "snapshot")[0]!.activities.filter(({ phase }) => phase === "failed");
  for (const { name } of [...failed, failed[0]!]) await press("f", name);

  const activity = failed[0]!;
  const binding = activity.after!.find((link) => link.binding)!;
  await press("[", binding.from);
  const next = got(panel, "snapshot")[0]!.activities.find(({ after }) =>
    after?.some(({ from }) => from === binding.from),
  )!;
  await press("]", next.name);

  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "details");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "rows");
  await close(panel);
});

async function selectedAfterPage(panel: OpenPanel, names: readonly string[], way: 1 | -1): Promise<string | undefined> {
  const height = await panel.page.locator("#rows").evaluate((element) => element.clientHeight);
  const step = Math.max(1, Math.floor(height / 28) - 1);
  return names[Math.max(0, Math.min(names.length - 1, names.indexOf((await selected(panel))!) + way * step))];
}

test("tabs, chips, filter, links in the details and the table's heads are reached and used by keyboard", async () => {
  const panel = await harness.show(situationOf(makeRun(30)));
  const { page } = panel;
  await page.locator("#timeline").focus();
  await page.keyboard.press("ArrowRight");
  await settled(page);
  assert.equal(await page.locator("#steps").getAttribute("aria-selected"), "true");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "steps");
  await page.keyboard.press("ArrowRight");
  await settled(page);
  assert.ok(await page.locator("#grid").isVisible());

  await page.locator("#chips .failed").focus();
  await page.keyboard.press("Space");
  await settled(page);
  assert.equal(await page.locator("tbody tr:not([aria-hidden]):visible").count(), 2);
  assert.equal(await page.locator("#grid").getAttribute("aria-rowcount"), "3");
  await page.keyboard.press("Space");

  await page.locator("#filter").fill("hls_27");
  await settled(page);
  assert.equal(await page.locator("tbody tr:not([aria-hidden]):visible").count(), 1);
  await page.locator("#filter").fill("nothing of that name");
  await settled(page);
  assert.match(await page.locator("#nothing").innerText(), /No activity matches the filter/);
  await page.locator("#all").focus();
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await page.locator("#filter").inputValue(), "");

  const durations = async () =>
    (await page.locator("tbody tr:not([aria-hidden]):visible td:nth-child(6)").allInnerTexts()).slice(0, 3);
  const head = page.locator("#heads th:nth-child(6)");
  await head.locator("button").press("Enter");
  await settled(page);
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await durations(), ["1 s", "1 s", "1 s"]);
  await head.locator("button").press("Enter");
  await settled(page);
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  await page.locator("#grid").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await settled(page);
  const first = await page.locator("tbody tr.selected td").first().innerText();
  assert.equal(first, await page.locator("tbody tr:not([aria-hidden]):visible td").first().innerText());

  await page.locator("#details .link").first().press("Enter");
  await settled(page);
  assert.notEqual(await page.locator("tbody tr.selected td").first().innerText(), first);
  await close(panel);
});

test("the graph is walked by keyboard, zoomed, and from afar only the selected card exists", async () => {
  const panel = await harness.show(situationOf(makeRun(30)));
  const { page } = panel;
  await page.click("#steps");
  await page.locator("#steps-view").focus();
  await settled(page);
  const name = () => page.locator(".card.selected b").textContent();
  assert.equal(await name(), "VodAICensor_11");
  await page.keyboard.press("ArrowLeft");
  await settled(page);
  const left = await name();
  await page.keyboard.press("ArrowDown");
  await settled(page);
  assert.notEqual(await name(), left);
  await page.keyboard.press("ArrowUp");
  await settled(page);
  assert.equal(await name(), left);
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press("-");
  await settled(page);
  assert.equal(await page.locator(".card:not([hidden])").count(), 1);
  assert.equal(await page.locator("#edges path.mark.failed").count(), 1);
  const id = await page.locator("#steps-view").getAttribute("aria-activedescendant");
  assert.equal(await page.locator(`#${id} b`).textContent(), left);
  await page.keyboard.press("0");
  await settled(page);
  const { width, room } = await page.evaluate(() => ({
    width: document.getElementById("card-sheet")!.getBoundingClientRect().width,
    room: document.getElementById("steps-view")!.clientWidth,
  }));
  assert.ok(width <= room + 1, "the whole graph fits");
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await settled(page);
  assert.ok((await page.locator(".card:not([hidden])").count()) > 1);
  await close(panel);
});

test("zooming the timeline holds the time under the pointer, and Fit shows all again", async () => {
  const panel = await harness.show(situationOf(makeRun(30)));
  const { page } = panel;
  const bar = page.locator(".row.selected .bar");
  const before = (await bar.boundingBox())!;
  await page.mouse.move(before.x, before.y + 8);
  await page.keyboard.down("Control");
  for (let turns = 0; turns < 6; turns++) await page.mouse.wheel(0, -150);
  await page.keyboard.up("Control");
  await settled(page);
  const near = (await bar.boundingBox())!;
  assert.ok(near.width > 4 * before.width);
  // Places are whole pixels: what was half a pixel off is as much farther off as one came nearer.
  assert.ok(Math.abs(near.x - before.x) < 15, `${before.x} → ${near.x}`);
  await page.locator("#zoom button").last().click();
  await settled(page);
  assert.ok(Math.abs((await bar.boundingBox())!.width - before.width) < 1);
  await close(panel);
});

test("a run that goes on is drawn as it comes: by patches, with the selection and the opened tree kept", async () => {
  const run = makeRun(30);
  const from = Date.now() - 120_000;
  const at = (seconds: number) => answerOf(standing(run, seconds), { status: "Processing", finished: false, from });
  const situation = {
    ref: refOf("workflow", "46ecc024aa0f4b92b0f092c8e26237e5"),
    answer: at(110),
    topology: topologyOf(run),
  };
  const panel = await harness.show(situation);
  const { page } = panel;
  assert.match(await page.locator("#chips .running").innerText(), /running/);
  assert.match(await page.locator(".row.running .track").first().innerText(), /so far/);
  assert.ok((await page.locator(".row.pending").count()) > 0, "what the topology knows has not run yet");

  await page.locator(".row .name", { hasText: "VodSmartTag_10" }).click();
  await settled(page);
  const snapshots = got(panel, "snapshot").length;
  situation.answer = answerOf(run, { from });
  panel.situation.answer = situation.answer;
  await panel.changed();
  await settled(page);
  assert.equal(got(panel, "snapshot").length, snapshots, "changes come as patches");
  assert.ok(got(panel, "patch").length > 0);
  assert.equal(await selected(panel), "VodSmartTag_10");
  assert.equal(await page.locator("#chips .running").isVisible(), false);
  assert.match(await page.locator("#live").textContent().then(String), /: (Succeeded|Failed)/);
  assert.equal(await page.locator(".row.pending").count(), 0);
  await close(panel);
});

test("the running bars grow with the clock, once a second, and only those", async () => {
  const run: MadeRun = {
    activities: [
      { name: "Done", kind: "VodX", start: 0, end: 30, status: "Succeed" },
      { name: "Running", kind: "VodX", start: 0, status: "Processing" },
    ],
    edges: [],
  };
  const answer = answerOf(run, { status: "Processing", finished: false, from: Date.now() - 65_000 });
  const panel = await harness.show({ ref: refOf("workflow", "x"), answer });
  const { page } = panel;
  const running = page.locator(".row.running .track span");
  const before = await running.innerText();
  await page.evaluate(() => {
    const changes: string[] = [];
    (window as unknown as { changes: string[] }).changes = changes;
    new MutationObserver((records) => {
      for (const { target } of records) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest(".row");
        if (row) changes.push(row.className);
      }
    }).observe(document.getElementById("row-sheet")!, { subtree: true, childList: true, characterData: true });
  });
  await page.waitForFunction(
    (text) => document.querySelector(".row.running .track span")?.textContent !== text,
    before,
  );
  assert.match(await running.innerText(), /^1 m \d\d s so far$/);
  const changes = await page.evaluate(() => (window as unknown as { changes: string[] }).changes);
  assert.ok(changes.length > 0);
  assert.ok(
    changes.every((name) => name.includes("running")),
    changes.join(),
  );
  await close(panel);
});

test("a patch out of order is answered by asking for everything", async () => {
  const panel = await harness.show(sample("workflow"));
  await panel.post(JSON.stringify({ type: "patch", rev: 99, ops: [{ op: "drop", name: "Act_Start" }] }));
  await settled(panel.page);
  assert.equal(sent(panel, "resync").length, 1);
  assert.equal(got(panel, "snapshot").length, 2);
  assert.equal(await panel.page.locator(".row:visible").count(), 4);
  await close(panel);
});

test("messages of strangers change nothing", async () => {
  const panel = await harness.show(sample("workflow"));
  const { page } = panel;
  const before = await page.locator("body").innerText();
  for (const message of [
    null,
    "snapshot",
    { type: "snapshot" },
    { type: "select", name: 5 },
    { type: "patch", rev: 2, ops: [{ op: "put", activity: { name: "x" }, place: 0 }] },
    { type: "details", name: "Translate_zh_en", sections: "<b>" },
    { type: "eval", code: "alert(1)" },
    { type: "steps", layout: { names: [1] } },
  ]) {
    await panel.post(message);
    await panel.post(JSON.stringify(message));
  }
  await settled(page);
  assert.equal(await page.locator("body").innerText(), before);
  assert.deepEqual(sent(panel, "resync"), []);
  await close(panel);
});

test("hostile texts are shown as text: no markup, no turned direction, no broken line, clipped where long", async () => {
  const markup = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
  const bidi = "\u202egnp.exe\u2066";
  const lines = "first\nsecond\u2028third\u0007";
  const long = "x".repeat(10_000);
  const names = [markup, bidi, lines, long, "עברית", "__proto__", "constructor", " "];
  const run: MadeRun = {
    activities: names.map((name, at) => ({
      name,
      kind: name,
      start: at,
      end: at + 3,
      status: at === 0 ? "Failed" : name,
      result: { [name]: name, nested: JSON.stringify({ [markup]: [bidi] }) },
    })),
    edges: [],
  };
  const panel = await harness.show({
    ref: refOf("workflow", markup),
    answer: answerOf(run, { name: markup, status: bidi }),
  });
  const { page } = panel;
  for (const view of ["timeline", "steps", "table"]) {
    await page.click(`#${view}`);
    await settled(page);
    assert.equal(await page.locator("img, script[src='x'], main script").count(), 0);
    assert.equal(await page.locator("#title").innerText(), markup);
    await panel.picture(`hostile-${view}`);
  }
  const text = await page.evaluate(() => document.body.textContent ?? "");
  assert.ok(
    !/[\u202a-\u202e\u2066-\u2069\u2028\u0007]/.test(
      text.replace(await page.evaluate(() => document.body.dataset.words!), ""),
    ),
  );
  assert.ok(text.includes("⟨202e⟩gnp.exe"));
  assert.ok(text.includes("first␊second"));

  await page.locator("#grid tbody tr", { hasText: "xxxxx" }).click();
  await settled(page);
  assert.ok((await page.locator("#grid tbody tr.selected td").first().innerText()).length <= 301);
  assert.ok(
    (await page.locator("#details").innerText()).includes("x".repeat(10_000)),
    "the whole of it stands in the details",
  );
  for (const row of await page.locator(".row:visible, tbody tr:visible:not([aria-hidden])").all()) {
    assert.equal((await row.boundingBox())!.height, 28);
  }
  await close(panel);
});

test("Result: JSON in strings is opened, a search shows what matches, copies are whole", async () => {
  const big = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`key${at}`, { value: at, note: `n${at}` }]));
  const digits = '{"UserId":12345678901234567890,"Needle":"here"}';
  const run: MadeRun = {
    activities: [{ name: "A", kind: "VodX", start: 0, end: 3, status: "Failed", result: { big, inner: digits } }],
    edges: [],
  };
  const panel = await harness.show({ ref: refOf("workflow", "x"), answer: answerOf(run) });
  const { page } = panel;
  const tree = page.locator("#details .json");
  assert.equal(await tree.locator("details").count(), 2, "what is big is closed");
  await tree.locator("summary", { hasText: "big" }).click();
  await settled(page);
  assert.equal(await tree.locator(".link", { hasText: "300 more" }).count(), 1);
  await tree.locator(".link", { hasText: "300 more" }).click();
  assert.equal(await tree.locator(".link", { hasText: "200 more" }).count(), 1);
  await page.locator("#details input[type=search]").fill("needle");
  await settled(page);
  assert.match(await page.locator("#details output").innerText(), /Matches: 1/);
  assert.equal(await tree.locator("span.string").innerText(), "here");
  await page.locator("#details input[type=search]").fill("");

  vscode.asked.length = 0;
  await page.locator("#details .tools button").click();
  await settled(page);
  const [, copied] = vscode.asked.find(([what]) => what === "clipboard.writeText")!;
  assert.match(String(copied), /"UserId": 12345678901234567890/);
  assert.match(String(copied), /"key399"/);
  await close(panel);
});

test("10,000 activities: few elements in every view, and the failure in sight", async () => {
  const run = makeRun(10_000, { failEvery: 97 });
  const panel = await harness.show(situationOf(run));
  const { page } = panel;
  for (const view of ["timeline", "steps", "table"]) {
    await page.click(`#${view}`);
    await settled(page);
    const elements = await page.locator("*").count();
    assert.ok(elements <= 853, `${view}: ${elements} elements`);
    await panel.picture(`10000-${view}`);
  }
  await page.click("#timeline");
  await page.locator("#rows").focus();
  await page.keyboard.press("End");
  await settled(page);
  assert.equal(await page.locator("#rows").getAttribute("aria-rowcount"), "10000");
  assert.equal(await page.locator(".row.selected").getAttribute("aria-rowindex"), "10000");
  const bar = (await page.locator(".row.selected .bar").boundingBox())!;
  assert.ok(bar.width >= 4 && bar.x > 200 && bar.x < 760, "what is in view fits, not the whole run");
  await panel.picture("10000-end");
  await close(panel);
});

test("420 px: the details stand below, nothing is clipped away", async () => {
  const panel = await harness.show(situationOf(makeRun(30)), { width: 420, height: 800, theme: "light" });
  const { page } = panel;
  for (const view of ["timeline", "steps", "table"]) {
    await page.click(`#${view}`);
    await settled(page);
    const stage = (await page.locator("#stage").boundingBox())!;
    const details = (await page.locator("#details").boundingBox())!;
    assert.ok(details.y >= stage.y + stage.height - 1);
    assert.ok(stage.height > 100 && details.height > 100);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 420);
    for (const control of await page.locator("header.top button:visible, header.top input").all()) {
      const box = (await control.boundingBox())!;
      assert.ok(box.x >= 0 && box.x + box.width <= 420);
    }
    await panel.picture(`narrow-${view}`);
  }
  await close(panel);
});

test("every bar is at least 4 pixels wide, long idle time is folded, labels stay in sight", async () => {
  const run: MadeRun = {
    activities: [
      { name: "Upload", kind: "VodUpload", start: 0, end: 0, status: "Succeed" },
      { name: "Wait", kind: "Review", start: 36_000, end: 36_010, status: "Succeed" },
      { name: "Publish", kind: "VodPublish", start: 36_011, end: 36_012, status: "Failed" },
    ],
    edges: [],
  };
  const panel = await harness.show({ ref: refOf("workflow", "x"), answer: answerOf(run) });
  const { page } = panel;
  for (const bar of await page.locator(".bar:visible").all()) assert.ok((await bar.boundingBox())!.width >= 4);
  assert.equal(await page.locator("#ticks path.fold").count(), 1);
  const bar = (await page.locator(".row", { hasText: "Wait" }).locator(".bar").boundingBox())!;
  assert.ok(bar.width > 100, "ten seconds show beside ten hours");
  for (const label of await page.locator(".row:visible .track span").all()) {
    const box = (await label.boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 760);
  }
  const struck = await page
    .locator(".track .before:visible")
    .evaluateAll((labels) => labels.map((label) => getComputedStyle(label).backgroundColor));
  assert.deepEqual(
    struck,
    ["rgb(31, 31, 31)"],
    "the line that leads to a bar does not strike out what stands before it",
  );
  await panel.picture("folded");
  await close(panel);
});

/** What of a job's life cannot be read: moments whose icon covers their words, and lines that are cut off. */
const hiddenMoments = (page: OpenPanel["page"]) =>
  page.evaluate(() => {
    const cutOff = [...document.querySelectorAll(".life ol")].filter((list) => list.scrollWidth > list.clientWidth);
    const covered = [...document.querySelectorAll(".life li")].filter((moment) => {
      const [icon, words] = [".icon", "b"].map((part) => moment.querySelector(part)!.getBoundingClientRect());
      return icon!.right > words!.left && icon!.bottom > words!.top && icon!.top < words!.bottom;
    });
    return [...cutOff, ...covered].map((one) => one.textContent);
  });

test("the moments of a task stand whole in the narrow column beside its views", async () => {
  const { ref, answer } = sample("workflow");
  const { createdAt = 0 } = answer.detail;
  const panel = await harness.show(
    { ref, answer, history: [{ at: createdAt + 3000, status: "Processing", phase: "running" }] },
    { timezoneId: "Asia/Shanghai" },
  );
  await panel.page.click("#close");
  await settled(panel.page);
  assert.equal(await panel.page.locator("#details .life li").count(), 3);
  assert.deepEqual(await hiddenMoments(panel.page), []);
  await close(panel);
});

for (const type of ["transcode", "snapshot", "ai"] as const) {
  test(`a ${type} job: its life, all its fields in plain words, times here and in UTC`, async () => {
    const { ref, answer } = sample(type);
    const history = [{ at: answer.detail.createdAt! + 3000, status: "Processing", phase: "running" as const }];
    const panel = await harness.show({ ref, answer, history }, { timezoneId: "Asia/Shanghai" });
    const { page } = panel;
    assert.equal(await page.locator(".life li").count(), 3);
    for (const width of [1200, 420]) {
      await page.setViewportSize({ width, height: 600 });
      assert.deepEqual(await hiddenMoments(page), [], `${width} px`);
    }
    const text = await page.locator("#facts").innerText();
    assert.match(text, /2024-10-14 07:39:25 UTC/);
    assert.match(text, /3:39:25 PM here/);
    assert.match(text, /Media asset\s+30e5d7/);
    assert.ok(!(await page.locator("#tools").isVisible()), "no views of activities where there are none");
    await panel.picture(`${type}-job`);
    await close(panel);
  });
}

test("a transcode job's progress, error and output stand first, with a bar that says how far it is", async () => {
  const { ref, answer } = sample("transcode");
  const detail = { ...answer.detail, status: "TranscodeFail", phase: "failed" } as typeof answer.detail;
  const situation: Situation = {
    ref,
    answer: { ...answer, detail },
    transcode: async () => ({
      told: {
        jobId: ref.id,
        status: "TranscodeFail",
        phase: "failed",
        progress: 63,
        errorCode: "InvalidParameter.ResourceContentBad",
        errorMessage: "The input file is damaged.",
      },
    }),
  };
  const panel = await harness.show(situation, { theme: "light", height: 480 });
  await settled(panel.page);
  const bar = panel.page.getByRole("progressbar", { name: "Progress" });
  assert.equal(await bar.evaluate((element: HTMLProgressElement) => element.value), 0.63);
  const first = panel.page.locator("#facts section:not(.life)").first();
  assert.match(await first.innerText(), /^Transcoding\s+Progress\s+63%\s+Error code\s+InvalidParameter/);
  await panel.picture("transcode-failed");
  await close(panel);
});

test("before the first answer: asking; after a failure: a sentence, its next steps and another try", async () => {
  let answers: (error: Error) => void = () => {};
  const situation = {
    ref: refOf("workflow", "x"),
    refresh: () => new Promise((_, reject) => (answers = reject)),
  };
  const panel = await harness.show(situation, { height: 320 });
  const { page } = panel;
  assert.equal(await page.locator("#nothing").innerText(), "Asking the service…");
  await panel.picture("asking");
  answers(new Error("boom"));
  await settled(page);
  await settled(page);
  assert.match(await page.locator("#trouble").innerText(), /cannot be reached/);
  assert.match(await page.locator("#nothing").innerText(), /No answer has come yet/);
  await panel.picture("never-answered");
  const distance = await page.locator("#trouble-text").evaluate((banner) => {
    const words = document.createRange();
    words.selectNode(banner.firstChild!);
    const [end, link] = [[...words.getClientRects()].at(-1)!, banner.querySelector(".link")!.getBoundingClientRect()];
    return link.top >= end.bottom ? "a line" : link.left - end.right;
  });
  assert.ok(distance === "a line" || distance >= 4, `the link stands ${distance} px behind the sentence`);
  vscode.asked.length = 0;
  await page.locator("#trouble .link").click();
  await settled(page);
  assert.deepEqual(vscode.asked[0], ["executeCommand", "vodJobs.showLog"]);
  panel.situation.refresh = async () => {
    panel.situation.answer = sample("workflow").answer;
  };
  await page.locator("#again").click();
  await settled(page);
  await settled(page);
  assert.equal(await selected(panel), "Translate_zh_en");
  assert.equal(await page.locator("#trouble").isVisible(), false);
  await close(panel);
});

test("a failed refresh leaves the last picture, marked as old", async () => {
  const panel = await harness.show({
    ...sample("workflow"),
    refresh: () => Promise.reject(new Error("boom")),
  });
  await panel.page.locator("#refresh").click();
  await settled(panel.page);
  await settled(panel.page);
  assert.match(await panel.page.locator("#trouble").innerText(), /cannot be reached/);
  assert.equal(await panel.page.locator(".row:visible").count(), 4);
  await panel.picture("stale");
  await close(panel);
});

test("an answer whose activities cannot be read says so, and shows the rest", async () => {
  const { ref, answer } = sample("workflow");
  const broken = { ...answer, detail: { ...answer.detail, activityResults: "not JSON {" } } as typeof answer;
  const panel = await harness.show({ ref, answer: broken });
  assert.match(await panel.page.locator("#facts").innerText(), /activity results are not JSON/);
  assert.match(await panel.page.locator("#facts").innerText(), /Workflow id/);
  await close(panel);
});

test("what a person chose is kept, and is there again after a reload", async () => {
  const situation = situationOf(makeRun(60));
  const panel = await harness.show(situation);
  const { page } = panel;
  await page.click("#table");
  await page.locator("#grid").focus();
  await page.keyboard.press("End");
  await page.locator("#filter").fill("vod");
  await page.waitForFunction(() => (window as unknown as { keptState?: { text?: string } }).keptState?.text === "vod");
  const state = await page.evaluate(() => (window as unknown as { keptState: unknown }).keptState);
  assert.equal((state as { ref: string }).ref, "demo/cn-shanghai/workflow/46ecc024aa0f4b92b0f092c8e26237e5");
  const name = await page.locator("tr.selected td").first().innerText();
  const scrolled = await page.locator("#table-view").evaluate((element) => element.scrollTop);
  await close(panel);

  const again = await harness.show({ ...situation, state });
  assert.equal(await again.page.locator("#table").getAttribute("aria-selected"), "true");
  assert.equal(await again.page.locator("tr.selected td").first().innerText(), name);
  assert.equal(await again.page.locator("#filter").inputValue(), "vod");
  assert.equal(await again.page.locator("#table-view").evaluate((element) => element.scrollTop), scrolled);
  await close(again);
});

test("a page that is hidden and comes back gets everything anew", async () => {
  const panel = await harness.show(sample("workflow"));
  await panel.page.reload();
  await settled(panel.page);
  await settled(panel.page);
  assert.equal(got(panel, "snapshot").length, 2);
  assert.equal(await selected(panel), "Translate_zh_en");
  await close(panel);
});

test("the menu is the editor's own; what is picked there is done; links are named, never addressed, by the page", async () => {
  const panel = await harness.show(sample("workflow"));
  const { page } = panel;
  const pick = async (id: string) => {
    vscode.answers.set("showQuickPick", { id });
    vscode.asked.length = 0;
    await page.locator("#menu").click();
    await settled(page);
    await settled(page);
    return vscode.asked.slice(1);
  };
  assert.deepEqual(await pick("raw"), [["showRaw"]]);
  assert.deepEqual((await pick("copyId"))[0], ["clipboard.writeText", panel.situation.ref.id]);
  assert.match(String((await pick("copyMarkdown"))[0]![1]), /^### `All_Activity_New_1_app-1000000`/);
  const [what, uri] = (await pick("media"))[0]!;
  assert.equal(what, "openExternal");
  assert.equal(
    String(uri),
    "https://vod.console.aliyun.com/#/media/video/detail/00f985a50ae371f0ad1c4106e0ea0102/video",
  );
  assert.deepEqual(await pick("https://evil.example"), []);
  vscode.answers.delete("showQuickPick");
  await close(panel);
});

test("the view is exported as SVG and PNG in the colors of the theme", async () => {
  const panel = await harness.show(situationOf(makeRun(30)), { theme: "light" });
  vscode.answers.set("showSaveDialog", new vscode.Uri("/picture"));
  for (const format of ["exportSvg", "exportPng"] as const) {
    vscode.asked.length = 0;
    await panel.panel.run(format);
    for (let tries = 0; tries < 100 && !vscode.asked.some(([what]) => what === "writeFile"); tries++)
      await settled(panel.page);
    const [, , bytes] = vscode.asked.find(([what]) => what === "writeFile")!;
    const content = Buffer.from(bytes as Uint8Array);
    if (format === "exportSvg") assert.match(content.toString(), /^<\?xml[\s\S]*fill="#e51400"[\s\S]*<\/svg>\s*$/);
    else assert.deepEqual([...content.subarray(1, 4)], [...Buffer.from("PNG")]);
  }
  vscode.answers.delete("showSaveDialog");
  await close(panel);
});

test("a change of status is written into its row and the numbers above, and the page is not laid out for it", async () => {
  const panel = await harness.show(situationOf(makeRun(400)));
  const { page } = panel;
  const { rev, activities } = got(panel, "snapshot")[0]!;
  const activity = { ...activities[5]!, phase: "failed", word: "Broken" };
  await page.evaluate(() => {
    const written: string[] = [];
    (window as unknown as { written: string[] }).written = written;
    new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement!;
        written.push(element.closest("[id]")!.id + (element.closest("b") ? " number" : ""));
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await panel.post(JSON.stringify({ type: "patch", rev: rev + 1, ops: [{ op: "put", activity, place: 5 }] }));
  await settled(page);
  assert.match(await page.locator("#row5 .track").innerText(), /^Broken/);
  const written = await page.evaluate(() => (window as unknown as { written: string[] }).written);
  // The overview follows a little later: on a busy machine that may be now.
  assert.deepEqual([...new Set(written)].filter((what) => what !== "ruler").sort(), ["chips number", "row5"]);
  for (const boundary of ["#row5", "#chips .failed b"]) {
    assert.equal(await page.locator(boundary).evaluate((element) => getComputedStyle(element).contain), "strict");
  }
  const number = page.locator("#chips .failed b");
  const [text, box] = [await number.innerText(), (await number.boundingBox())!];
  assert.equal(Number(text), activities.filter(({ phase }) => phase === "failed").length + 1);
  assert.ok(box.width >= 10 * text.length * 0.6 && box.height >= 12, "the number has room");
  // The overview follows, once for all that changed until then.
  await page.waitForFunction(() => (window as unknown as { written: string[] }).written.includes("ruler"));
  await close(panel);
});

test("the overview of hundreds of failures shows where they are dense", async () => {
  const run = makeRun(3000, { failEvery: 100 });
  run.activities.forEach((activity, at) => {
    if (at > 1000 && at < 1200) activity.status = "Failed";
  });
  const panel = await harness.show(situationOf(run));
  const d = (await panel.page.locator("#ruler .failed").getAttribute("d"))!;
  const widths = [...d.matchAll(/h-([\d.]+)v/g)].map(([, width]) => Number(width));
  assert.equal(Math.max(...widths), 6);
  assert.ok(Math.min(...widths) < 3 && Math.min(...widths) > 1, "one failure among many rows is a narrow mark");
  await panel.picture("density");
  await close(panel);
});

test("what is exported stands in the order of the sorted table", async () => {
  const panel = await harness.show(situationOf(makeRun(30)));
  const { page } = panel;
  await page.click("#table");
  await page.locator("#heads th").first().locator("button").click();
  await settled(page);
  const first = await page.locator("tbody tr:not([aria-hidden]):visible td").first().innerText();
  await panel.panel.run("exportSvg");
  await settled(page);
  assert.equal(sent(panel, "expose")[0]!.exposure.names[0], first);
  await close(panel);
});

test("forced colors: shapes and outlines stay", async () => {
  const panel = await harness.show(situationOf(makeRun(30)), { theme: "dark", forcedColors: "active" });
  await panel.picture("forced-colors");
  const background = await panel.page
    .locator(".row.selected .icon")
    .first()
    .evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.notEqual(background, "rgba(0, 0, 0, 0)");
  const fills = await panel.page
    .locator(".row.succeeded .bar:visible")
    .evaluateAll((bars) => bars.map((bar) => getComputedStyle(bar).backgroundColor));
  assert.deepEqual([...new Set(fills)], ["rgb(0, 0, 0)"], "outlines instead of fills");
  const word = panel.page.locator("#details mark").first();
  assert.match(await word.innerText(), /stated/);
  assert.equal(await word.evaluate((mark) => getComputedStyle(mark).color), "rgb(255, 255, 255)", "on black");
  await close(panel);
});

test("under reduced motion nothing turns", async () => {
  const run = standing(makeRun(30), 60);
  const panel = await harness.show({
    ref: refOf("workflow", "x"),
    answer: answerOf(run, { status: "Processing", finished: false, from: Date.now() - 60_000 }),
  });
  assert.equal(await panel.page.evaluate(() => document.getAnimations().length), 0);
  await close(panel);
});
