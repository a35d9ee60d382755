// Fails when a script is heavier than what we promise to the pages that load it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMITS = {
  "loader.js": 1024,
  "booking.js": 8 * 1024,
  "form.js": 8 * 1024,
  "consent.js": 6 * 1024,
  "chat.js": 15 * 1024,
  "chat-files.js": 2 * 1024,
  "chat-sealed.js": 20 * 1024,
  "livechat.js": 3 * 1024,
};

for (const [file, limit] of Object.entries(LIMITS)) {
  const size = gzipSync(readFileSync(join(process.argv[2], file)), { level: 9 }).length;
  console.log(`${file}: ${size} of ${limit} octets (gzip)`);
  if (size > limit) process.exitCode = 1;
}
