import type { Chat } from "../chat/chat";
import type { SentFile } from "../chat/config";
import type { Host } from "../chat/element";

const MB = 1_000_000;

/** Files of a chat: chosen, dropped or pasted, looked at first, sent with progress, and fetched with the visitor's key. */
function begin({ chat, root, base, tell }: Host): void {
  const { say, config } = chat;
  const input = document.createElement("input");
  Object.assign(input, { type: "file", multiple: true, accept: config.files.types.join(","), hidden: true });
  input.onchange = () => {
    void all([...(input.files ?? [])]);
    input.value = "";
  };
  root.append(input);

  const wrong = ({ name, size, type }: File): string => {
    const { max_bytes, types } = config.files;
    const most = new Intl.NumberFormat(config.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(max_bytes / MB);
    if (size > max_bytes) return say("too_big", { name, size: most });
    const fits = types.length === 0 || types.some((one) => one === type || (one.endsWith("/*") && type.startsWith(one.slice(0, -1))));
    return fits ? "" : say("kind_refused", { name });
  };

  const all = async (files: File[]): Promise<void> => {
    for (const file of files) {
      const why = wrong(file);
      if (why) {
        tell(why);
        continue;
      }
      try {
        await chat.begun();
        const sealed = chat.secret ? await (await chat.unlock()).seal(file) : null;
        const { id } = await sent(chat, base, sealed ? new File([sealed.octets], "encrypted", { type: "application/octet-stream" }) : file, (part) => tell(say("uploading", { name: file.name, percent: new Intl.NumberFormat(config.lang, { style: "percent" }).format(part) })));
        tell("");
        chat.post("messages", "", { file: sealed ? { id, ...sealed.key } : id });
      } catch {
        tell(say("file_refused", { name: file.name }));
      }
    }
  };

  const window_ = (): Element | null => root.querySelector(".w");
  root.addEventListener("dragover", () => window_()?.classList.add("over"));
  root.addEventListener("dragleave", () => window_()?.classList.remove("over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    window_()?.classList.remove("over");
    void all([...((event as DragEvent).dataTransfer?.files ?? [])]);
  });
  root.addEventListener("paste", (event) => {
    const files = [...((event as ClipboardEvent).clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    void all(files);
  });
  chat.on("pick", () => input.click());
  chat.on("tone", tone);
  chat.on("save", (file) => void saved(chat, file as SentFile).catch(() => tell(say("failed"))));
}

/** A short tone. */
function tone(): void {
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  volume.gain.setValueAtTime(0.08, sound.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.3);
  tone.frequency.value = 660;
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.3);
  tone.onended = () => void sound.close();
}

/** With `XMLHttpRequest`, which alone tells how far an upload is. */
function sent(chat: Chat, base: string, file: File, progress: (part: number) => void): Promise<SentFile> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", base + "files");
    request.setRequestHeader("Authorization", "Bearer " + chat.wire.token);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => (request.status < 300 ? done(JSON.parse(request.responseText) as SentFile) : fail(request.status));
    request.onerror = fail;
    request.send(form);
  });
}

/** Hands a file to the browser's downloads: nothing of it is shown on the site's page. */
async function saved(chat: Chat, { id, name, key }: SentFile): Promise<void> {
  const answer = await chat.wire.fetch("files/" + id, {});
  if (!answer.ok) throw answer.status;
  const link = document.createElement("a");
  // Whatever its kind, it is kept and never shown as a page.
  link.href = URL.createObjectURL(key ? new Blob([await (await chat.unlock()).unseal(key, await answer.arrayBuffer())]) : await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

window.Barid = Object.assign(window.Barid ?? {}, { "chat-files": begin });
