import { phases, toPanelShapes, type Words } from "../../panel/protocol.ts";
import { shapes } from "./shapes.ts";

export interface PageParts {
  /** Where the page may take its style from, `Webview.cspSource`. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** Fresh for every page, from a source of true randomness. */
  readonly nonce: string;
  /** BCP 47, e.g. `en`. */
  readonly language: string;
  readonly words: Words & PageWords;
  /** The job as the page's state keeps it, so that the panel can be restored after a reload. */
  readonly ref: string;
}

/** Texts that stand in the page itself. */
export interface PageWords {
  readonly task: string;
  readonly timeline: string;
  readonly steps: string;
  readonly table: string;
  readonly showFailed: string;
  readonly showAll: string;
  readonly refresh: string;
  readonly close: string;
  readonly filter: string;
  readonly phases: string;
  readonly views: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly moreActions: string;
  readonly activity: string;
  readonly kind: string;
  readonly status: string;
  readonly started: string;
  readonly ended: string;
  readonly duration: string;
  readonly after: string;
  readonly legendStated: string;
  readonly legendDefinition: string;
  readonly legendData: string;
  readonly legendBar: string;
}

/**
 * The page of a job panel: its frame, which the script fills. Nothing may be loaded, sent or run but the one script and
 * the one style; all texts of the service come later, by message, and are set as text.
 */
export function panelHtml({ cspSource, script, style, nonce, language, words, ref }: PageParts): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  const escaped = Object.entries(words).map(([key, text]) => [key, escapeHtml(text)]);
  const w: typeof words = Object.fromEntries(escaped);
  const columns = [w.activity, w.kind, w.status, w.started, w.ended, w.duration, w.after];
  const heads = columns.map((title) => `<th scope="col"><button>${title}</button></th>`).join("");
  const chips = phases
    .map(
      (phase) =>
        `<button class="${phase}" value="${phase}" hidden><i class="icon"></i><b></b> ${w[phase].toLowerCase()}</button>`,
    )
    .join("");
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.task}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body data-words="${escapeHtml(JSON.stringify(words))}" data-shapes="${escapeHtml(JSON.stringify(toPanelShapes()))}" data-ref="${escapeHtml(ref)}">
<header class="top">
<div class="headline">
<i class="icon pending" id="glyph" aria-hidden="true"></i>
<div class="title"><h1 id="title">${w.task}</h1><p id="line">${w.loading}</p></div>
<div class="acts">
<button class="quiet" id="refresh" aria-label="${w.refresh}" title="${w.refresh}"><i class="icon refresh"></i></button>
<button class="quiet" id="menu" aria-label="${w.moreActions}" title="${w.moreActions}"><i class="icon more"></i></button>
</div>
<div class="tools" id="tools" hidden>
<div class="tabs" id="tabs" role="tablist" aria-label="${w.views}">
<button role="tab" id="timeline" value="timeline" aria-controls="stage">${w.timeline}</button>
<button role="tab" id="steps" value="steps" aria-controls="stage">${w.steps}</button>
<button role="tab" id="table" value="table" aria-controls="stage">${w.table}</button>
</div>
<div class="chips" id="chips" role="group" aria-label="${w.phases}">${chips}</div>
<input id="filter" type="search" spellcheck="false" placeholder="${w.filter}" aria-label="${w.filter}">
<div class="zoom" id="zoom">
<button class="quiet" value="0.67" aria-label="${w.zoomOut}" title="${w.zoomOut}">−</button>
<button class="quiet" value="1.5" aria-label="${w.zoomIn}" title="${w.zoomIn}">+</button>
<button class="quiet" value="0">${w.fit}</button>
</div>
</div>
</div>
<div class="banner failed" id="banner" hidden><i class="icon"></i><span id="banner-text"></span><button class="link" id="failures">${w.showFailed}</button></div>
<div class="banner unknown" id="trouble" hidden><i class="icon"></i><span id="trouble-text"></span></div>
</header>
<main>
<div id="nothing">
<p id="nothing-text">${w.loading}</p>
<button id="again" hidden>${w.refresh}</button>
<button id="all" hidden>${w.showAll}</button>
</div>
<div id="facts" role="region" tabindex="0" hidden></div>
<div id="stage" role="tabpanel" hidden>
<div class="timeline" id="timeline-view" hidden>
<div class="axis" aria-hidden="true">${w.activity}</div>
<svg id="ticks" aria-hidden="true"></svg>
<div class="scroller" id="rows" role="treegrid" tabindex="0" aria-label="${w.timeline}" aria-readonly="true">
<div class="sheet" id="row-sheet" role="rowgroup"><div class="cursor" id="cursor" aria-hidden="true"></div><svg class="lines" id="lines" aria-hidden="true"></svg></div>
</div>
<svg class="ruler" id="ruler" width="10" aria-hidden="true"></svg>
</div>
<div class="scroller steps" id="steps-view" hidden role="listbox" tabindex="0" aria-label="${w.steps}">
<div class="sheet" id="card-sheet" role="presentation"><div class="world" id="world" role="presentation"><svg id="edges" aria-hidden="true"></svg></div></div>
</div>
<div class="scroller table" id="table-view" hidden>
<table id="grid" role="grid" tabindex="0" aria-label="${w.table}" aria-readonly="true">
<colgroup><col width="21%"><col width="15%"><col width="106"><col width="96"><col width="92"><col width="86"><col></colgroup>
<thead><tr aria-rowindex="1" id="heads">${heads}</tr></thead>
<tbody id="lines-body"><tr id="above" aria-hidden="true"></tr><tr class="below" id="below" aria-hidden="true"></tr></tbody>
</table>
</div>
<div class="legend" id="legend">
<span><svg width="36" height="8"><path class="stated" d="M0 4H30"/></svg>${w.legendStated}</span>
<span><svg width="36" height="8"><path class="by-definition" d="M0 4H30"/></svg>${w.legendDefinition}</span>
<span><svg width="36" height="8"><path class="data-reference" d="M0 4H30"/></svg>${w.legendData}</span>
<span>${w.legendBar}</span>
</div>
</div>
<aside id="details" tabindex="-1" hidden>
<header><i class="icon" id="about-icon"></i><h2 id="about"></h2><button class="quiet" id="close" aria-label="${w.close}" title="${w.close}"><i class="icon close"></i></button></header>
<div id="about-body"></div>
</aside>
</main>
<div id="live" role="status" aria-live="polite"></div>
<template id="row-form"><div role="row"><div class="name" role="gridcell"><i class="icon"></i><b></b><small></small></div><div class="track" role="gridcell"><i></i><span></span></div></div></template>
<template id="line-form"><table><tr><td></td><td></td><td><i class="icon"></i><span></span></td><td></td><td></td><td></td><td></td></tr></table></template>
<template id="card-form"><div role="option"><i class="icon"></i><b></b> <small></small> <span></span><i class="meter"></i></div></template>
<svg width="0" height="0" aria-hidden="true">${cutOuts}</svg>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

const cutOuts = Object.entries(shapes)
  .map(([name, d]) => `<clipPath id="shape-${name}"><path clip-rule="evenodd" d="${d}"/></clipPath>`)
  .join("");

/** A text as it may stand in an attribute or between tags. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
