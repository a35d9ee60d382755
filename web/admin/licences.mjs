// Lists what is bundled with its licence, for Settings → About, and refuses what may not be bundled.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

export const FREE = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "OFL-1.1", "0BSD"]);

/** The `package.json` that a bundled module belongs to, or null for our own. */
export function packageOf(module) {
  const path = module.replace(/^\0+/, "").replace(/\?.*$/, "");
  if (!path.includes(`${sep}node_modules${sep}`)) return null;
  for (let folder = dirname(path); folder.includes("node_modules"); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    const { name, version, license } = JSON.parse(readFileSync(file, "utf8"));
    if (name && version) return { name, version, licence: typeof license === "string" ? license : "" };
  }
  return null;
}

/** Whether a licence, or one of several to choose from, may be bundled. */
export const isFree = (licence) => licence.replace(/[()]/g, "").split(/\s+OR\s+/).some((one) => one.split(/\s+AND\s+/).every((part) => FREE.has(part)));

/** A plugin that writes `licences.json` beside the application, and ends the build when something in it is not free. */
export function licences() {
  return {
    name: "barid-licences",
    apply: "build",
    generateBundle() {
      const found = new Map();
      for (const module of this.getModuleIds()) {
        const one = packageOf(module);
        if (one) found.set(one.name, one);
      }
      const packages = [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
      const refused = packages.filter(({ licence }) => !isFree(licence));
      if (refused.length > 0) this.error(`not free to bundle: ${refused.map(({ name, licence }) => `${name} (${licence || "no licence"})`).join(", ")}`);
      this.emitFile({ type: "asset", fileName: "licences.json", source: JSON.stringify({ packages }) });
    },
  };
}
