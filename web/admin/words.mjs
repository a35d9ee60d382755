// Fails when a screen speaks words of its own: every text people read stands in i18n/, in both languages, and once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const SPOKEN = new Set(["label", "placeholder", "title", "description", "alt", "aria-label", "error", "subtitle", "nothingFound"]);
const LETTERS = /\p{L}{2,}/u;
const PROPER = new Set(["Barid", "بريد", "English", "العربية", "Barid · بريد"]);

let wrong = 0;

function tell(source, node, text) {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  console.error(`${source.fileName}:${line + 1}:${character + 1}: words outside i18n: ${text.trim()}`);
  wrong += 1;
}

function look(source, node) {
  const spoken = (text) => LETTERS.test(text) && !PROPER.has(text.trim());
  if (ts.isJsxText(node) && spoken(node.text)) tell(source, node, node.text);
  if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText(source)) && node.initializer) {
    const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
    if (value && ts.isStringLiteralLike(value) && spoken(value.text)) tell(source, node, value.text);
  }
  if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression) && !ts.isJsxAttribute(node.parent)) {
    if (spoken(node.expression.text)) tell(source, node, node.expression.text);
  }
  ts.forEachChild(node, (child) => look(source, child));
}

function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (entry.name.endsWith(".tsx") && !entry.name.includes(".test.")) {
      const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
      look(source, source);
    }
  }
}

/** A key that stands twice in a file says only the second of its texts. */
function once(path) {
  const seen = new Set();
  for (const [, key] of readFileSync(path, "utf8").matchAll(/^  "((?:[^"\\]|\\.)+)":/gm)) {
    if (seen.has(key)) {
      console.error(`${path}: ${key} stands twice`);
      wrong += 1;
    }
    seen.add(key);
  }
}

const texts = join(import.meta.dirname, "../../i18n");
for (const file of readdirSync(texts, { recursive: true })) if (file.endsWith(".json")) once(join(texts, file));
walk(join(import.meta.dirname, "src"));
if (wrong > 0) process.exitCode = 1;
