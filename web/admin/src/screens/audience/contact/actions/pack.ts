/** A document of everything held, as a page that can be read without any program but a browser. */
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function value(content: unknown, depth: number): string {
  if (content === null || content === undefined || content === "") return "–";
  if (Array.isArray(content)) {
    if (content.length === 0) return "–";
    return `<ol>${content.map((one) => `<li>${value(one, depth + 1)}</li>`).join("")}</ol>`;
  }
  if (isRecord(content)) {
    const lines = Object.entries(content).map(([name, one]) => `<dt dir="ltr">${escaped(name)}</dt><dd>${value(one, depth + 1)}</dd>`);
    return lines.length > 0 ? `<dl>${lines.join("")}</dl>` : "–";
  }
  return `<span dir="auto">${escaped(String(content))}</span>`;
}

const STYLE = "body{font:16px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}dt{font-weight:600}dd{margin-inline-start:1.5rem;margin-bottom:.25rem}h2{border-bottom:1px solid #ccc}";

export function packPage(pack: unknown, { title, language, direction }: { title: string; language: string; direction: string }): string {
  const sections = isRecord(pack) ? Object.entries(pack).map(([name, part]) => `<section><h2 dir="ltr">${escaped(name)}</h2>${value(part, 0)}</section>`).join("") : value(pack, 0);
  return `<!doctype html><html lang="${escaped(language)}" dir="${escaped(direction)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><h1>${escaped(title)}</h1>${sections}</body></html>`;
}
