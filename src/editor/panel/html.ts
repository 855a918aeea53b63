import type { Words } from "../../panel/protocol.ts";

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
  readonly ref: unknown;
}

/** Texts that stand in the page itself. */
export interface PageWords {
  readonly filter: string;
  readonly phases: string;
  readonly views: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly moreActions: string;
}

/**
 * The page of a job panel: its frame, which the script fills. Nothing may be loaded, sent or run but the one script and
 * the one style; all texts of the service come later, by message, and are set as text.
 */
export function panelHtml({ cspSource, script, style, nonce, language, words, ref }: PageParts): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  const escaped = Object.entries(words).map(([key, text]) => [key, escapeHtml(text)]);
  const w: typeof words = Object.fromEntries(escaped);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.task}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body data-words="${escapeHtml(JSON.stringify(words))}" data-ref="${escapeHtml(JSON.stringify(ref))}">
<header class="top">
<div class="headline">
<i class="icon pending" id="glyph" aria-hidden="true"></i>
<div class="title"><h1 id="title">${w.task}</h1><p id="line">${w.loading}</p></div>
<div class="acts">
<button class="quiet" id="refresh" aria-label="${w.refresh}" title="${w.refresh}"><i class="icon refresh"></i></button>
<button class="quiet" id="actions" aria-label="${w.moreActions}" title="${w.moreActions}" aria-haspopup="menu" popovertarget="menu"><i class="icon more"></i></button>
<div popover id="menu" role="menu" aria-label="${w.moreActions}"></div>
</div>
<div class="tools" id="tools" hidden>
<div class="tabs" role="tablist" aria-label="${w.views}">
<button role="tab" id="timeline" aria-controls="stage">${w.timeline}</button>
<button role="tab" id="steps" aria-controls="stage">${w.steps}</button>
<button role="tab" id="table" aria-controls="stage">${w.table}</button>
</div>
<div class="chips" id="chips" role="group" aria-label="${w.phases}"></div>
<input id="filter" type="search" spellcheck="false" placeholder="${w.filter}" aria-label="${w.filter}">
<div class="zoom" id="zoom">
<button class="quiet" value="0.67" aria-label="${w.zoomOut}" title="${w.zoomOut}">−</button>
<button class="quiet" value="1.5" aria-label="${w.zoomIn}" title="${w.zoomIn}">+</button>
<button class="quiet" value="0">${w.fit}</button>
</div>
</div>
</div>
<div class="banner" id="banner" hidden></div>
<div class="banner stale" id="trouble" hidden></div>
</header>
<main>
<div id="nothing"><p>${w.loading}</p></div>
<div id="facts" role="region" tabindex="0" hidden></div>
<div id="stage" role="tabpanel" hidden></div>
<aside id="details" tabindex="-1" hidden></aside>
</main>
<div id="live" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

/** A text as it may stand in an attribute or between tags. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
