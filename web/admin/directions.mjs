// Fails where layout says left or right: it is said by the direction of the text (start, end, inline, block), so that
// every page is right in Arabic, too. What really has a side stands in ALLOWED.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const STYLES = /(?:^|[\s;{"'`(,])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?|(?:text-align|float|clear|justify-content)\s*:\s*(?:left|right)|(?:left|right)\s*:\s*(?!["'`]?t\()[-\d.a-z(]+)/;
const SCRIPTS = /\b(?:margin|padding|border|scrollMargin|scrollPadding)(?:Left|Right)\w*\s*:|\b(?:textAlign|float|ta|justify|align)\s*[:=]\s*\{?["'](?:left|right)["']|\b(?:ml|mr|pl|pr|left|right)=[{"']|\b(?:left|right)\s*:\s*(?:-?\d|["'`]-?\d)|\b(?:position|chevronPosition|placement|side)=["'][a-z-]*(?:left|right)/;

/** Why a line may have a side. Mantine turns `position` and `chevronPosition` with the direction. */
const ALLOWED = [
  ["src/app/Shell.tsx", 'position="right"'],
  ["src/ui/text.tsx", 'textAlign: "left"'],
  ["src/screens/settings/SendingSettings.tsx", 'chevronPosition="left"'],
  ["src/screens/privacy/Rules.tsx", 'chevronPosition="left"'],
  ["src/screens/privacy/registers/Activities.tsx", 'chevronPosition="left"'],
];

const root = import.meta.dirname;
let wrong = 0;

for (const file of readdirSync(join(root, "src"), { recursive: true })) {
  if (!/\.(?:css|tsx?)$/.test(file) || /\.test\.|schema\.d\.ts$/.test(file)) continue;
  const path = relative(root, join(root, "src", file));
  const forbidden = file.endsWith(".css") ? STYLES : SCRIPTS;
  readFileSync(join(root, path), "utf8").split("\n").forEach((line, at) => {
    const said = line.replace(/\/\*.*?\*\/|\/\/.*$|^\s*\*.*$/g, "");
    if (!forbidden.test(said) || ALLOWED.some(([place, what]) => path === place && said.includes(what))) return;
    console.error(`${path}:${at + 1}: say start or end: ${line.trim().slice(0, 120)}`);
    wrong += 1;
  });
}

if (wrong > 0) process.exitCode = 1;
