import type { Drawing, Mark } from "../../panel/protocol.ts";

/** A drawing as the text of an SVG file. Nothing of it is markup but what is written here. */
export function svgText({ width, height, marks }: Drawing, palette: Readonly<Record<string, string>>): string {
  const color = (role: string | undefined) => escapeXml((role && palette[role]) || "none");
  const draw = (mark: Mark): string => {
    if ("text" in mark) {
      const style = `${mark.bold ? ' font-weight="600"' : ""}${mark.end ? ' text-anchor="end"' : ""}`;
      return `<text x="${mark.x}" y="${mark.y}" font-size="${mark.size}" fill="${color(mark.fill)}"${style}>${escapeXml(mark.text)}</text>`;
    }
    const dash = mark.dash ? ` stroke-dasharray="${mark.dash.join(" ")}"` : "";
    return `<path d="${escapeXml(mark.d)}" fill="${color(mark.fill)}" fill-rule="evenodd" stroke="${color(mark.stroke)}" stroke-width="${mark.line ?? 1}"${dash}/>`;
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
