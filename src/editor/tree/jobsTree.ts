import * as vscode from "vscode";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { AccountState, TrackedJob } from "../../jobs/types.ts";
import { Owner } from "../lifecycle.ts";
import { plain } from "../plain.ts";
import { jobCount, phaseIcon, typeIcon, typeWord } from "../words.ts";
import { type GroupId, type Grouping, JobGrouping, page, type Sorting } from "./grouping.ts";
import { jobItem } from "./jobItem.ts";
import type { NoticeNode } from "./notices.ts";

const t = vscode.l10n.t;

export interface GroupNode {
  readonly group: GroupId;
}
export interface JobNode {
  readonly key: string;
}
interface MoreNode {
  readonly moreOf: GroupId;
  readonly count: number;
}
export type Node = GroupNode | JobNode | MoreNode | NoticeNode;

const dragType = "application/vnd.code.tree.vodjobs.jobs";

/** The tree *Tracked Jobs*: a view of the tracker's jobs. Repaints only what changed. */
export class JobsTree extends Owner implements vscode.TreeDataProvider<Node>, vscode.TreeDragAndDropController<Node> {
  readonly view: vscode.TreeView<Node>;
  readonly dropMimeTypes = [dragType];
  readonly dragMimeTypes = [dragType];
  readonly #tracker: JobTracker;
  readonly #grouping: JobGrouping;
  readonly #changed = this.own(new vscode.EventEmitter<Node | Node[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  /** One object per node for as long as it is shown: the editor recognizes a node by identity when told to repaint it. */
  readonly #jobNodes = new Map<string, JobNode>();
  readonly #groupNodes = new Map<GroupId, GroupNode>();
  #ageTimer: NodeJS.Timeout | undefined;

  constructor(tracker: JobTracker, arrangement: { by: Grouping; sort: Sorting }) {
    super();
    this.#tracker = tracker;
    this.#grouping = new JobGrouping(tracker.jobs, arrangement.by, arrangement.sort);
    this.view = this.own(
      vscode.window.createTreeView<Node>("vodJobs.jobs", {
        treeDataProvider: this,
        dragAndDropController: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.own(tracker.onDidChange((change) => this.#onChange(change)));
    this.own(this.view.onDidChangeVisibility(({ visible }) => this.#keepAges(visible)));
    this.own({ dispose: () => this.#keepAges(false) });
    this.#describe();
  }

  get grouping(): Grouping {
    return this.#grouping.grouping;
  }
  get sorting(): Sorting {
    return this.#grouping.sorting;
  }
  get filter(): string {
    return this.#grouping.filter;
  }

  /** Arranges the tree anew. */
  arrange(how: { by?: Grouping; sort?: Sorting; filter?: string }): void {
    this.#grouping.arrange(how);
    this.#groupNodes.clear();
    this.#describe();
    this.#changed.fire(undefined);
  }

  showMore(group: GroupId): void {
    this.#grouping.showMore(group);
    this.#changed.fire(this.#repaintTarget(group));
  }

  /** Selects a job in the tree and scrolls to it. */
  async reveal(key: string): Promise<void> {
    if (this.#grouping.placeOf(key)) await this.view.reveal(this.#jobNode(key), { select: true, focus: false });
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("key" in node) {
      const job = this.#tracker.jobs.get(node.key);
      return job ? jobItem(job, Date.now()) : goneItem();
    }
    if ("group" in node) return this.#groupItem(node.group);
    if ("moreOf" in node) return moreItem(node);
    return noticeItem(node);
  }

  /** What makes tooltips is loaded with the first one. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    const { jobTooltip } = await import("./jobTooltip.ts");
    const job = "key" in node ? this.#tracker.jobs.get(node.key) : undefined;
    if (job) item.tooltip = jobTooltip(job, this.#tracker.accounts.get(job.ref.account), Date.now());
    return item;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return "group" in node ? this.#members(node.group) : [];
    const notices = await this.#notices();
    if (this.#grouping.grouping === "none" && this.#grouping.groups().every(({ id }) => id === "all"))
      return [...notices, ...this.#members("all")];
    return [...notices, ...this.#grouping.groups().map(({ id }) => this.#groupNode(id))];
  }

  getParent(node: Node): Node | undefined {
    const group = "key" in node ? this.#grouping.placeOf(node.key) : "moreOf" in node ? node.moreOf : undefined;
    return group === undefined ? undefined : this.#repaintTarget(group);
  }

  handleDrag(nodes: readonly Node[], data: vscode.DataTransfer): void {
    const keys = nodes.flatMap((node) => ("key" in node ? [node.key] : []));
    if (keys.length > 0) data.set(dragType, new vscode.DataTransferItem(keys));
  }

  /** Dropping on the pinned group or on a pinned job pins there; dropping elsewhere takes the pin off. */
  async handleDrop(target: Node | undefined, data: vscode.DataTransfer): Promise<void> {
    const keys: unknown = data.get(dragType)?.value;
    if (!Array.isArray(keys)) return;
    const known = keys.filter((key): key is string => typeof key === "string" && this.#tracker.jobs.has(key));
    const over = target && "key" in target ? this.#tracker.jobs.get(target.key) : undefined;
    if (over?.pin !== undefined) await this.#tracker.pin(known, over.pin);
    else if (target && "group" in target && target.group === "pinned") await this.#tracker.pin(known);
    else await this.#tracker.unpin(known);
  }

  #onChange(change: { changed: readonly string[]; removed: readonly string[]; accounts: boolean }): void {
    const repaint = this.#grouping.update([...change.changed, ...change.removed]);
    for (const key of change.removed) this.#jobNodes.delete(key);
    this.#describe();
    const targets: (Node | undefined)[] = [...repaint.groups].map((group) => this.#repaintTarget(group));
    if (repaint.all || change.accounts || targets.includes(undefined)) {
      this.#changed.fire(undefined);
      return;
    }
    // A job that was never painted (beyond its group's page) has no node and needs none.
    for (const key of repaint.jobs) {
      const node = this.#jobNodes.get(key);
      if (node) targets.push(node);
    }
    if (targets.length > 0) this.#changed.fire(targets as Node[]);
  }

  /** What to repaint when a group's members changed: its node, or everything where groups have no nodes. */
  #repaintTarget(group: GroupId): GroupNode | undefined {
    return group === "all" && this.#grouping.groups().length === 1 ? undefined : this.#groupNode(group);
  }

  #members(group: GroupId): Node[] {
    const { keys, more } = this.#grouping.members(group);
    const nodes: Node[] = keys.map((key) => this.#jobNode(key));
    if (more > 0) nodes.push({ moreOf: group, count: more });
    return nodes;
  }

  #jobNode(key: string): JobNode {
    const node = this.#jobNodes.get(key) ?? { key };
    this.#jobNodes.set(key, node);
    return node;
  }

  #groupNode(group: GroupId): GroupNode {
    const node = this.#groupNodes.get(group) ?? { group };
    this.#groupNodes.set(group, node);
    return node;
  }

  #groupItem(group: GroupId): vscode.TreeItem {
    const count = this.#grouping.groups().find(({ id }) => id === group)?.count ?? 0;
    const { label, icon } = groupFace(group, this.#grouping.grouping);
    const open = group === "done" || group === "stopped" ? "Collapsed" : "Expanded";
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState[open]);
    item.id = `group:${this.#grouping.grouping}:${group}`;
    item.description = String(count);
    item.iconPath = icon;
    item.contextValue = `group.${group}`;
    item.accessibilityInformation = { label: t("{0}, {1}", label, jobCount(count)), role: "treeitem" };
    return item;
  }

  /** What is wrong with the list, and with accounts that have jobs in it. The words for it are loaded when something is. */
  async #notices(): Promise<NoticeNode[]> {
    const { jobs, notices } = this.#tracker;
    // What is wrong with an account of which no job is listed is no news; with no job at all the welcome view speaks.
    const troubled = [...this.#tracker.accounts.values()].filter(isTroubled);
    const listed = new Set(troubled.length > 0 ? Array.from(jobs.values(), ({ ref }) => ref.account) : []);
    const accounts = troubled.filter(({ account }) => listed.has(account));
    if (notices.length + accounts.length === 0) return [];
    const { accountNotices, storageNotice } = await import("./notices.ts");
    return [...notices.map(storageNotice), ...accounts.flatMap(accountNotices)];
  }

  /**
   * What the filter shows is told above the tree; that nothing passes it, by the welcome view, which shows only where
   * there is no message. Said only when it differs: the editor takes every message for a change of the tree, and holds
   * back the next change for 200 ms.
   */
  #describe(): void {
    const { filter, size } = this.#grouping;
    const all = this.#tracker.jobs.size;
    const shown = filter && size > 0;
    const message = shown ? t("Showing {0} of {1} jobs that match “{2}”.", size, all, plain(filter, 60)) : "";
    if (message !== (this.view.message ?? "")) this.view.message = message;
  }

  /** "4 min" grows while nobody asks: shown jobs are painted again now and then, only while the view shows. */
  #keepAges(visible: boolean): void {
    clearInterval(this.#ageTimer);
    if (!visible) return;
    this.#ageTimer = setInterval(() => {
      const running = [...this.#jobNodes.values()].filter(({ key }) => {
        const phase = this.#tracker.jobs.get(key)?.phase;
        return phase === "running" || phase === "waiting";
      });
      if (running.length > 0) this.#changed.fire(running.slice(0, page));
    }, 30_000);
    this.#ageTimer.unref?.();
  }
}

function groupFace(group: GroupId, by: Grouping): { label: string; icon?: vscode.ThemeIcon } {
  switch (group) {
    case "pinned":
      return { label: t("Pinned"), icon: new vscode.ThemeIcon("pinned") };
    case "running":
      return { label: t("In progress"), icon: phaseIcon("running") };
    case "failed":
      return { label: t("With failures"), icon: phaseIcon("failed") };
    case "done":
      return { label: t("Succeeded"), icon: phaseIcon("succeeded") };
    case "stopped":
      return { label: t("Canceled or skipped"), icon: phaseIcon("canceled") };
    case "all":
      return { label: t("Other jobs") };
    case "transcode":
    case "snapshot":
    case "ai":
    case "workflow": {
      const word = typeWord(group);
      return { label: word.charAt(0).toLocaleUpperCase() + word.slice(1), icon: typeIcon(group) };
    }
  }
  if (by === "day") {
    const [year = 0, month = 1, day = 1] = group.split("-").map(Number);
    const date = new Date(year, month - 1, day);
    return { label: dayText(date), icon: new vscode.ThemeIcon("calendar") };
  }
  return { label: group.split("\u241f").join(" · "), icon: new vscode.ThemeIcon("account") };
}

function dayText(date: Date): string {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - date.getTime()) / 86_400_000);
  if (days === 0) return t("Today");
  if (days === 1) return t("Yesterday");
  return date.toLocaleDateString(vscode.env.language, {
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
  });
}

function goneItem(): vscode.TreeItem {
  const label = t("No longer tracked");
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.accessibilityInformation = { label, role: "treeitem" };
  return item;
}

function moreItem(node: MoreNode): vscode.TreeItem {
  const label = t("Load more ({0} left)", node.count);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.accessibilityInformation = { label, role: "treeitem" };
  item.id = `more:${node.moreOf}`;
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = { command: "vodJobs.loadMore", title: t("Load More"), arguments: [node.moreOf] };
  return item;
}

function noticeItem(node: NoticeNode): vscode.TreeItem {
  const item = new vscode.TreeItem(plain(node.text, 200), vscode.TreeItemCollapsibleState.None);
  item.id = `notice:${node.notice}`;
  item.iconPath = new vscode.ThemeIcon(node.icon, new vscode.ThemeColor("list.warningForeground"));
  item.tooltip = node.text;
  item.command = node.command;
  item.contextValue = "notice";
  item.accessibilityInformation = { label: node.text, role: "treeitem" };
  return item;
}

/** Whether something is wrong with an account as a whole. */
function isTroubled({ credentialProblem, serviceProblem, offlineSince }: AccountState): boolean {
  return (credentialProblem ?? serviceProblem ?? offlineSince) !== undefined;
}

/** The jobs that a tree command is about: all selected ones when the clicked one is among them. */
export function jobsOf(tracker: JobTracker, clicked: unknown, selected: unknown): TrackedJob[] {
  const keysOf = (nodes: unknown[]) =>
    nodes.flatMap((node) =>
      node && typeof node === "object" && "key" in node && typeof node.key === "string" ? [node.key] : [],
    );
  const one = keysOf([clicked]);
  const many = Array.isArray(selected) ? keysOf(selected) : [];
  const keys = many.length > 0 && (one.length === 0 || many.includes(one[0]!)) ? many : one;
  return keys.map((key) => tracker.jobs.get(key)).filter((job) => job !== undefined);
}
