import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { licences } from "./licences.mjs";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The staff's application. The server's own address while developing: `cargo xtask` or `barid demo`. */
export default defineConfig({
  plugins: [react(), licences()],
  resolve: { alias: { "@": here("./src"), "@words": here("../../i18n"), "@sealed": here("../embed/src/sealed") } },
  server: {
    host: "127.0.0.1",
    fs: { allow: [here("../..")] },
    proxy: { "^/(v1|i|w|p|u|t|privacy|catcher)/": process.env.BARID_SERVER ?? "http://127.0.0.1:8080" },
  },
  build: {
    target: "es2022", assetsInlineLimit: 0, cssCodeSplit: true, emptyOutDir: true, manifest: true,
    // A script that is loaded later names its own imports; the shell need not carry the list of all.
    modulePreload: { polyfill: false, resolveDependencies: (_file, imports, { hostType }) => (hostType === "js" ? imports.filter((name) => name.endsWith(".css")) : imports) },
  },
  test: { environment: "jsdom", setupFiles: ["src/test.ts"], css: false },
});
