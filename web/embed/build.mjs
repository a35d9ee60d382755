// Builds the scripts that other people's pages load: one file each, no imports, nothing left on the page but
// what it says. `node build.mjs --outDir DIR`.
import { build } from "vite";

const NAMES = {
  booking: "BaridBooking",
  chat: "BaridChat",
  "chat-files": "BaridChatFiles",
  "chat-sealed": "BaridChatSealed",
  consent: "BaridConsent",
  form: "BaridForm",
  livechat: "BaridLiveChat",
  loader: "BaridLoader",
};

const at = process.argv.indexOf("--outDir");
const outDir = at > 0 ? process.argv[at + 1] : "dist";

let emptyOutDir = true;
for (const [entry, name] of Object.entries(NAMES)) {
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      target: "es2020",
      outDir,
      emptyOutDir,
      lib: { entry: `src/${entry}/index.ts`, formats: ["iife"], name, fileName: () => `${entry}.js` },
    },
  });
  emptyOutDir = false;
}
