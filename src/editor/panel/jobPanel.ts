import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { jobKey } from "../../jobs/key.ts";
import {
  type Exposure,
  type Op,
  type Parts,
  protocolVersion,
  readToHost,
  type ToHost,
  type ToPanel,
  type View,
} from "../../panel/protocol.ts";
import type { JobAnswer, JobRef, WorkflowDetail } from "../../vod/types.ts";
import type { ActivityPhase } from "../../workflow/types.ts";
import { Owner } from "../lifecycle.ts";
import { plain } from "../plain.ts";
import { type Problem, problemOf } from "../problem.ts";
import type { Sentence } from "../sentences.ts";
import { activityDetails } from "./activityDetails.ts";
import { canvasMarks } from "./canvasMarks.ts";
import { decodedText } from "./decodedText.ts";
import { panelHtml } from "./html.ts";
import { jobLinks } from "./links.ts";
import { jobMarkdown } from "./markdown.ts";
import { type Details, type JobFacts, jobDetails, menuItems, panelParts, panelTitle } from "./panelParts.ts";
import { drawRun } from "./picture.ts";
import { RunView } from "./runView.ts";
import { savePicture } from "./savePicture.ts";
import { type JobPanelOptions, type PanelCommand, panelCommands } from "./source.ts";
import { svgText } from "./svgText.ts";
import type { Topologies } from "./topologies.ts";
import { TranscodeReading } from "./transcodeReading.ts";
import { panelWords } from "./words.ts";

/** The most milliseconds a timer can count; more would fire at once, again and again (a run that began months ago). */
const longestTimeout = 2 ** 31 - 1;

/** More changes than these are sent as a whole: the page takes them one by one. */
const mostOps = 1000;

/** The panel of one job: reads what is known of it, tells its page, does what a person asks for there. */
export class JobPanel extends Owner {
  readonly ref: JobRef;
  readonly #panel: vscode.WebviewPanel;
  readonly #options: JobPanelOptions;
  readonly #topologies: Topologies;
  readonly #topologyChanged: (workflowId: string) => void;
  readonly #run = new RunView();
  readonly #transcode: TranscodeReading | undefined;

  #facts: JobFacts;
  #parts: Parts | undefined;
  /** The number of the last message about the data; the page has seen none while it is not ready. */
  #rev = 0;
  #ready = false;
  #view: View = "timeline";
  #selected: string | null = null;
  /** What the page shows of what is selected, as it was sent. */
  #details: Details | undefined;
  #wanted: string | undefined;
  #untouched = false;
  /** The page has yet to tell what it begins with. */
  #begins = true;
  /** The failure that was selected for a person who had selected nothing. */
  #pointed: string | undefined;
  #reading: Promise<void> | undefined;
  #readAgain = false;
  #asking: AbortController | undefined;
  #failure: Problem | undefined;
  /** When the job had been answered last as that failed: the next answer, whoever asked for it, ends the trouble. */
  #failedAfter: number | undefined;
  #answeredAt: number | undefined;
  #exposed: Exposure | undefined;
  #axisEnds: NodeJS.Timeout | undefined;

  /** `topologyChanged`: tells every panel of a workflow that its topology is another. */
  constructor(
    panel: vscode.WebviewPanel,
    ref: JobRef,
    options: JobPanelOptions,
    topologies: Topologies,
    topologyChanged: (workflowId: string) => void,
  ) {
    super();
    this.#topologyChanged = topologyChanged;
    this.ref = ref;
    this.#panel = this.own(panel);
    this.#options = options;
    this.#topologies = topologies;
    this.#facts = { ref, history: [], asking: false, hasTopology: false, news: "", now: Date.now() };
    const { transcode } = options.source;
    if (transcode && ref.type === "transcode") {
      const ask = (signal: AbortSignal, again: boolean) => transcode(ref, signal, again);
      this.#transcode = this.own(new TranscodeReading(ask, () => this.#tellTranscode()));
    }
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [this.#dist()] };
    this.own(webview.onDidReceiveMessage((message) => this.#take(message)));
    this.own(panel.onDidChangeViewState(() => this.#seen()));
    webview.html = this.#html();
    this.#seen();
    void this.changed();
  }

  /** Something about the job changed. Changes that come while it is read are gathered into one more reading. */
  async changed(): Promise<void> {
    if (this.disposed) return;
    if (this.#reading) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = Promise.resolve()
      .then(() => this.#read())
      .catch((error) => this.#options.log.error(`panel: ${error}`))
      .finally(() => {
        this.#reading = undefined;
        if (this.#readAgain) {
          this.#readAgain = false;
          void this.changed();
        }
      });
    return this.#reading;
  }

  /** Selects an activity by name, at once or when the page is there. */
  select(activity: string): void {
    if (this.#ready) this.#post({ type: "select", name: activity });
    else this.#wanted = activity;
  }

  get workflowId(): string | undefined {
    const detail = this.#facts.answer?.detail;
    return detail?.type === "workflow" ? detail.workflow?.workflowId : undefined;
  }

  /** Asks the service now. What is drawn stays until an answer comes. */
  async refresh(): Promise<void> {
    if (this.#asking) return;
    this.#asking = new AbortController();
    this.#tell();
    try {
      await this.#options.source.refresh(this.ref, this.#asking.signal);
      this.#failure = undefined;
      this.#answeredAt = Date.now();
    } catch (error) {
      this.#failure = problemOf(error);
      this.#failedAfter = this.#options.source.job(this.ref)?.checkedAt;
    }
    this.#asking = undefined;
    await this.changed();
    this.#followTranscode(true);
  }

  async run(command: PanelCommand): Promise<void> {
    // The palette offers what some panels can do, the menu what this one can.
    if (!menuItems(this.#facts).some(({ id }) => id === command)) {
      void vscode.window.showInformationMessage(vscode.l10n.t("That cannot be done to what this panel shows now."));
      return;
    }
    const id = this.workflowId;
    switch (command) {
      case "exportSvg":
      case "exportPng":
        return this.#post({ type: "ask", what: command === "exportSvg" ? "svg" : "png" });
      case "copyMarkdown":
        return this.#copy(jobMarkdown(this.#facts, this.#run));
      case "attachTopology":
        if (!id) {
          await vscode.window.showWarningMessage(
            vscode.l10n.t("The answer names no workflow to attach a topology to."),
          );
        } else if (await this.#topologies.attach(id)) this.#topologyChanged(id);
        return;
      case "detachTopology":
        if (id) {
          await this.#topologies.detach(id);
          this.#topologyChanged(id);
        }
    }
  }

  override dispose(): void {
    this.#asking?.abort();
    clearTimeout(this.#axisEnds);
    super.dispose();
  }

  async #read(): Promise<void> {
    const { source } = this.#options;
    const { ref } = this;
    const [answer, history = [], previous] = await Promise.all([
      source.answer(ref),
      source.history(ref),
      ref.type === "workflow" ? source.previousRun(ref) : undefined,
    ]);
    if (this.disposed) return;
    const job = source.job(ref);
    if (job && job.checkedAt !== this.#failedAfter) this.#failure = undefined;
    const topology = this.#topologies.of(workflowOf(answer)?.workflow?.workflowId);
    this.#facts = {
      ref,
      job,
      answer,
      history,
      previous,
      asking: this.#asking !== undefined,
      problem: job?.problem ?? this.#failure,
      answeredAt: this.#answeredAt,
      hasTopology: topology !== undefined,
      news: this.#facts.news,
      transcode: this.#transcode?.facts,
      now: Date.now(),
    };
    const detail = workflowOf(answer);
    const before = new Map(this.#run.activities.map(({ name, phase }) => [name, phase]));
    const ops = detail
      ? this.#run.update({ detail, previous: workflowOf(previous), topology, now: this.#facts.now })
      : [];
    this.#facts = { ...this.#facts, news: before.size > 0 ? newsOf(ops, before) : "" };
    this.#panel.title = panelTitle(ref, job, answer);
    this.#tell(ops);
    this.#followTranscode();
    // By itself it asks once: if what came cannot be found afterward, asking again would go on without end.
    if (!answer && !this.#failure && !job?.problem && this.#answeredAt === undefined) void this.refresh();
  }

  /** Asks what the answer does not tell, while somebody can see it. */
  #followTranscode(again = false): void {
    const { answer } = this.#facts;
    if (answer && this.#ready) void this.#transcode?.follow(answer, again);
  }

  #tellTranscode(): void {
    this.#facts = { ...this.#facts, transcode: this.#transcode?.facts };
    this.#tell();
  }

  /** Sends what changed: everything to a page that is new, else the difference. */
  #tell(ops: readonly Op[] = []): void {
    if (this.disposed) return; // what was under way ends later than the panel
    const facts = { ...this.#facts, asking: this.#asking !== undefined, now: Date.now() };
    const parts = panelParts(facts, this.#run, (problem) => this.#sentence(problem));
    const before = this.#parts;
    this.#parts = parts;
    this.#followPresent();
    if (!this.#ready) return;
    if (!before || ops.length > mostOps) {
      this.#sendSnapshot();
      return;
    }
    const changed = difference(before, parts);
    const all: Op[] = [...(changed ? [{ op: "parts" as const, parts: changed }] : []), ...ops];
    if (all.length > 0) {
      this.#rev++;
      this.#post({ type: "patch", rev: this.#rev, ops: all });
    }
    if (ops.length > 0) {
      if (this.#view === "steps") this.#sendSteps();
      this.#point();
    }
    this.#sendDetails();
  }

  /** Makes the axis of a live run anew when the present leaves it. */
  #followPresent(): void {
    clearTimeout(this.#axisEnds);
    const { axis, header } = this.#parts!;
    if (!header.live) return;
    const wait = Math.min(longestTimeout, Math.max(1000, axis.to - Date.now()));
    this.#axisEnds = setTimeout(() => this.#tell(), wait);
  }

  #sendSnapshot(): void {
    if (!this.#parts) return;
    this.#rev++;
    const parts = { ...this.#parts, header: { ...this.#parts.header, now: Date.now() } };
    const { activities } = this.#run;
    this.#post({ type: "snapshot", version: protocolVersion, rev: this.#rev, parts, activities });
    if (this.#view === "steps") this.#sendSteps();
    this.#sendDetails();
    this.#point();
  }

  /** Selects what was asked for, or in a page where nobody has selected anything the first failure. */
  #point(): void {
    const name = this.#wanted ?? (this.#untouched ? this.#run.summary?.firstFailure : undefined);
    if (name === undefined) return;
    if (this.#wanted === undefined) this.#pointed = name;
    this.#wanted = undefined;
    this.#untouched = false;
    this.#post({ type: "select", name });
  }

  #sendSteps(): void {
    if (this.#run.activities.length > 0) this.#post({ type: "steps", layout: this.#run.steps() });
  }

  /** Tells of what is selected, when that differs from what was told last. */
  #sendDetails(): void {
    const name = this.#selected;
    const activity = name === null ? undefined : this.#run.activity(name);
    const facts = { ...this.#facts, now: Date.now() };
    const details: Details = activity
      ? activityDetails(this.#run, activity)
      : { ...jobDetails(facts, this.#run, (problem) => this.#sentence(problem)), name };
    if (sameText(details, this.#details)) return;
    this.#details = details;
    this.#post(details);
  }

  async #take(message: unknown): Promise<void> {
    const known = readToHost(message);
    if (!known) {
      this.#options.log.warn("panel: a message of the page was refused");
      return;
    }
    try {
      await this.#do(known);
    } catch (error) {
      this.#options.log.error(`panel: ${known.type}: ${error}`);
      await this.#options.actions.showProblem(error, this.ref);
    }
  }

  async #do(message: ToHost): Promise<unknown> {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#begins = true;
        this.#details = undefined;
        this.#untouched = !message.restored;
        this.#followTranscode();
        // The first reading tells the page itself when it is done.
        return this.#parts && this.#sendSnapshot();
      case "resync":
        return this.#sendSnapshot();
      case "view":
        this.#view = message.view;
        if (message.view !== "steps") return;
        this.#tell(this.#run.wantReferences());
        return this.#sendSteps();
      case "select":
        this.#selected = message.name;
        if (message.name !== null) this.#untouched = false;
        // To seek ids all Results are decoded: when a person looks around, not for what the page selects as it opens.
        if (message.name !== null && !this.#begins && message.name !== this.#pointed) {
          this.#tell(this.#run.wantReferences());
        }
        this.#begins = false;
        return this.#sendDetails();
      case "refresh":
        return this.refresh();
      case "menu":
        return this.#menu();
      case "step":
        return this.#step(message.index);
      case "copyTree":
        return this.#copyTree(message.name, message.section, message.field);
      case "copy":
        return this.#copy(message.text);
      case "expose":
        return this.#expose(message.exposure);
      case "png":
        return (
          this.#exposed && savePicture(this.#panel.title, "png", Buffer.from(message.data.split(",")[1]!, "base64"))
        );
      case "broken":
        return this.#options.log.error(`panel page: ${message.text}`);
    }
  }

  async #menu(): Promise<unknown> {
    const picked = await vscode.window.showQuickPick(menuItems(this.#facts), { title: this.#panel.title });
    return picked && this.#act(picked.id);
  }

  async #act(id: string): Promise<unknown> {
    const command = panelCommands.find((one) => one === id);
    if (command) return this.run(command);
    if (id === "raw") return this.#options.actions.showRaw(this.ref);
    if (id === "copyId") return this.#copy(this.ref.id);
    if (id === "track") return vscode.commands.executeCommand("vodJobs.track", this.ref);
    // The page names a link; only this list knows addresses.
    const link = jobLinks(this.ref, this.#facts.answer).find((one) => one.id === id);
    if (link) return vscode.env.openExternal(vscode.Uri.parse(link.url, true));
  }

  #step(index: number): unknown {
    const { problem } = this.#facts;
    const step = problem && this.#sentence(problem).next[index];
    return step && vscode.commands.executeCommand(step.command, ...(step.args ?? []));
  }

  #sentence(problem: Problem): Sentence {
    return this.#options.actions.problemSentence(problem, this.ref);
  }

  #copyTree(name: string | null, section: number, field: number): unknown {
    const tree = this.#details?.name === name ? this.#details.sections[section]?.fields[field]?.tree : undefined;
    return tree && this.#copy(decodedText(tree));
  }

  async #copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied."), 3000);
  }

  async #expose(exposure: Exposure): Promise<void> {
    this.#exposed = exposure;
    if (!this.#parts) return;
    const drawing = drawRun(this.#run, { ...this.#parts, now: Date.now() }, exposure);
    if (exposure.format === "png") this.#post({ type: "paint", drawing: canvasMarks(drawing) });
    else await savePicture(this.#panel.title, "svg", new TextEncoder().encode(svgText(drawing)));
  }

  /** A page that is hidden is gone: it says `ready` again when it comes back. */
  #seen(): void {
    if (!this.#panel.visible) this.#ready = false;
  }

  #post(message: ToPanel): void {
    void this.#panel.webview.postMessage(JSON.stringify(message));
  }

  #dist(): vscode.Uri {
    return vscode.Uri.joinPath(this.#options.extensionUri, "dist");
  }

  #html(): string {
    const { webview } = this.#panel;
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#dist(), name)).toString();
    return panelHtml({
      cspSource: webview.cspSource,
      script: file("panel.js"),
      style: file("panel.css"),
      nonce: randomBytes(18).toString("base64"),
      language: vscode.env.language,
      words: panelWords(),
      ref: jobKey(this.ref),
    });
  }
}

function workflowOf(answer: JobAnswer | undefined): WorkflowDetail | undefined {
  return answer?.detail.type === "workflow" ? answer.detail : undefined;
}

/** The activities whose phase changed, in one sentence. */
function newsOf(ops: readonly Op[], before: ReadonlyMap<string, ActivityPhase>): string {
  const changed = ops.flatMap((op) =>
    op.op === "put" && before.get(op.activity.name) !== op.activity.phase ? [op.activity] : [],
  );
  const named = changed.slice(0, 3).map(({ name, word }) => `${plain(name, 60)}: ${plain(word, 60)}`);
  const rest = changed.length > 3 ? [vscode.l10n.t("{0} more", changed.length - 3)] : [];
  return [...named, ...rest].join(". ");
}

/** The parts that differ, undefined when none does; the clock alone is no difference. */
function difference(before: Parts, after: Parts): Partial<Parts> | undefined {
  const keys = (Object.keys(after) as (keyof Parts)[]).filter((key) => !sameText(before[key], after[key]));
  return keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, after[key]])) : undefined;
}

/** Whether two values say the same; the clock alone is no difference. */
function sameText(a: unknown, b: unknown): boolean {
  const text = (value: unknown) => JSON.stringify(value, (key, part) => (key === "now" ? undefined : part));
  return text(a) === text(b);
}
