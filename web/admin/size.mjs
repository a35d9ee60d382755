// Fails when the application grows past what we promise: the shell (everything needed before the first
// screen) and each route loaded later, as JavaScript compressed with gzip.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const SHELL = 220 * 1024;
const ROUTE = 150 * 1024;
/** The block editor brings rich text along. */
const LARGER = new Map([["src/screens/editor/Editor.tsx", 250 * 1024]]);

const dist = process.argv[2];
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const weight = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** Every script that loading a chunk brings along, without those of `known`. */
function scripts(key, known = new Set()) {
  const found = new Set();
  const visit = (name) => {
    const file = manifest[name].file;
    if (known.has(file) || found.has(file)) return;
    found.add(file);
    for (const next of manifest[name].imports ?? []) visit(next);
  };
  visit(key);
  return found;
}

const sum = (files) => [...files].filter((file) => file.endsWith(".js")).reduce((total, file) => total + weight(file), 0);
const report = (what, size, limit) => {
  console.log(`${what}: ${(size / 1024).toFixed(1)} of ${limit / 1024} KiB (gzip)`);
  if (size > limit) process.exitCode = 1;
};

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = scripts(entry);
report("shell", sum(shell), SHELL);

/** What is there already when a part is asked for: the shell, and whatever everybody who asks for it brings along. */
function present(key) {
  const askers = Object.keys(manifest).filter((name) => manifest[name].dynamicImports?.includes(key)).map((name) => scripts(name));
  const [first = new Set(), ...others] = askers;
  return new Set([...shell, ...[...first].filter((file) => others.every((set) => set.has(file)))]);
}

for (const key of Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && key.endsWith(".tsx"))) {
  report(key, sum(scripts(key, present(key))), LARGER.get(key) ?? ROUTE);
}
