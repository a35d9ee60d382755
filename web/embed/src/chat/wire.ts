/** An answer that says no. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly after: number,
    readonly fields: Record<string, string>,
  ) {
    super("refused");
  }
}

/** A stream that was opened and says nothing: somebody on the way holds it back. */
export const SILENT = {};

type Hear = (name: string, data: never, id: string) => void;

const SILENCE = 40_000;
const PATIENCE = 8_000;

/** Requests to one chat of the server, and what it says by itself. */
export class Wire {
  token?: string;

  constructor(
    private readonly base: string,
    private readonly renew: () => Promise<void>,
  ) {}

  async ask<T>(path: string, body?: unknown, way = body === undefined ? "GET" : "POST"): Promise<T> {
    for (let round = 0; ; round++) {
      const answer = await this.fetch(path, { method: way, body: body instanceof FormData ? body : body === undefined ? null : JSON.stringify(body) }, !(body instanceof FormData));
      if (answer.ok) return (answer.status === 204 || answer.status === 202 ? undefined : await answer.json()) as T;
      if (answer.status === 401 && path !== "session" && round === 0) {
        await this.renew();
        continue;
      }
      throw await refusal(answer);
    }
  }

  fetch(path: string, init: RequestInit, json = false): Promise<Response> {
    const headers: Record<string, string> = {};
    if (json && init.body) headers["Content-Type"] = "application/json";
    if (this.token && path !== "session") headers.Authorization = "Bearer " + this.token;
    return fetch(this.base + path, { credentials: "omit", ...init, headers });
  }

  /** Server-sent events over `fetch`: the key travels in a header and nowhere else. Resolves when it ends. */
  async listen(after: number, hear: Hear, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    signal.addEventListener("abort", end);
    let silent = false;
    let timer = setTimeout(() => ((silent = true), end()), PATIENCE);
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE);
    };
    try {
      const answer = await this.fetch(`stream?after=${after}`, { signal: stop.signal, cache: "no-store" });
      if (!answer.ok || !answer.body) throw await refusal(answer);
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        alive();
        text += decoder.decode(value, { stream: true }).replace(/\r/g, "");
        for (let at; (at = text.indexOf("\n\n")) >= 0; text = text.slice(at + 2)) told(text.slice(0, at), hear);
      }
    } catch (error) {
      throw silent ? SILENT : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }

  /** The same over a WebSocket, for networks that keep a stream back until it ends. */
  async socket(after: number, hear: Hear, signal: AbortSignal): Promise<void> {
    const { ticket } = await this.ask<{ ticket: string }>("ticket", {});
    const socket = new WebSocket(`${this.base.replace(/^http/, "ws")}ws?ticket=${ticket}&after=${after}`);
    const end = (): void => socket.close();
    signal.addEventListener("abort", end);
    const pulse = setInterval(() => socket.readyState === 1 && socket.send('{"type":"ping"}'), 25_000);
    try {
      await new Promise<void>((done, fail) => {
        socket.onmessage = ({ data }) => {
          const { type, data: what } = JSON.parse(String(data)) as { type: string; data: never };
          hear(type, what, type === "event" ? String((what as { seq: number }).seq) : "");
        };
        socket.onclose = () => done();
        socket.onerror = fail;
      });
    } finally {
      clearInterval(pulse);
      signal.removeEventListener("abort", end);
    }
  }
}

async function refusal(answer: Response): Promise<Refusal> {
  const problem = (await answer.json().catch(() => ({}))) as { errors?: { field: string; detail: string }[]; fields?: { field: string; detail: string }[] };
  const fields = Object.fromEntries((problem.fields ?? problem.errors ?? []).map(({ field, detail }) => [field.replace(/^fields\./, ""), detail]));
  return new Refusal(answer.status, Number(answer.headers.get("retry-after")) || 0, fields);
}

/** One block of an event stream (HTML, 9.2.6). */
function told(block: string, hear: Hear): void {
  let [name, id, data] = ["message", "", ""];
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value!;
    else if (field === "id") id = value!;
    else if (field === "data") data += value;
  }
  if (data) hear(name, JSON.parse(data) as never, id);
}
