import { defineConfig } from "vite";

/** Scripts that other people's pages load: one file each, no imports, nothing left on the page but what it says. */
export default defineConfig({
  build: {
    target: "es2020",
    emptyOutDir: true,
    lib: { entry: "src/consent/index.ts", formats: ["iife"], name: "BaridConsent", fileName: () => "consent.js" },
  },
});
