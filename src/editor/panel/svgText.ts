import type { Drawing, Mark } from "../../panel/protocol.ts";

/** A drawing as the text of an SVG file. Nothing of it is markup but what is written here. */
export function svgText({ width, height, marks }: Drawing): string {
  const draw = ({ d, text, x, y, size, bold, end, turned, fill, stroke, line, dash }: Mark): string => {
    const paint = `fill="${escapeXml(fill ?? "none")}"`;
    if (text !== undefined) {
      const style = `${bold ? ' font-weight="600"' : ""}${end ? ' text-anchor="end"' : ""}${turned ? ` transform="rotate(-90 ${x} ${y})"` : ""}`;
      return `<text x="${x}" y="${y}" font-size="${size}" ${paint}${style}>${escapeXml(text)}</text>`;
    }
    const dashes = dash ? ` stroke-dasharray="${dash.join(" ")}"` : "";
    const outline = stroke ? ` stroke="${escapeXml(stroke)}" stroke-width="${line ?? 1}"${dashes}` : "";
    return `<path d="${escapeXml(d ?? "")}" fill-rule="evenodd" ${paint}${outline}/>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">
${marks.map(draw).join("\n")}
</svg>
`;
}

/** A text as it may stand in an attribute or between tags; characters that no XML may hold become spaces. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, " ")
    .replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
