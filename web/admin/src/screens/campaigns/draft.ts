import { isProblem, type Problem } from "@/api/problem";
import { changed, merge, type Flat } from "./fields";

export type Saving =
  | { kind: "saved"; at: number | null }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "refused"; error: Problem };

/** What somebody else made of the same thing meanwhile. */
export interface Meanwhile {
  theirs: Flat;
  revision: number;
  by: string | null;
  at: string | null;
}

export interface Conflict extends Meanwhile {
  /** Changed on both sides, differently. */
  names: string[];
}

export interface Saved {
  fields: Flat;
  revision: number;
}

export interface DraftView {
  fields: Flat;
  saving: Saving;
  conflict: Conflict | null;
  /** Counts how often fields came from somebody else. */
  epoch: number;
}

interface Means {
  /** Where what the server has not yet got is kept. */
  key: string;
  /** Hands the changes in and answers the new revision; throws a problem, or anything else when no answer came. */
  save: (base: Flat, mine: Flat, revision: number) => Promise<number>;
  /** What a refusal says about a change made meanwhile, if that is why. */
  meanwhile: (problem: Problem) => Meanwhile | null;
  /** Hears which fields another one's changes were taken for. */
  taken: (names: string[], by: string | null) => void;
}

interface Kept {
  revision: number;
  base: Flat;
  mine: Flat;
}

const REST = 800;
const RETRY = 5000;

const pick = (fields: Flat, names: string[]): Flat => Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));

/** What is being written: saved a moment after each change, kept in the browser until the server has it, and
 *  never written over what somebody else saved meanwhile. */
export class Draft {
  private base: Flat;
  private mine: Flat;
  private revision: number;
  private saving: Saving = { kind: "saved", at: null };
  private conflict: Conflict | null = null;
  private epoch = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<void> | null = null;
  private view: DraftView;
  private listeners = new Set<() => void>();

  constructor(start: Saved, private readonly means: Means) {
    this.base = start.fields;
    this.mine = start.fields;
    this.revision = start.revision;
    this.view = this.look();
    this.restore();
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  snapshot = () => this.view;

  change(fields: Flat) {
    this.mine = fields;
    this.keep();
    this.later();
  }

  /** The server's newer state, seen while reading. */
  adopt(server: Saved) {
    if (server.revision <= this.revision || this.running) return;
    if (this.dirty()) return this.meet({ theirs: server.fields, revision: server.revision, by: null, at: null });
    this.base = server.fields;
    this.mine = server.fields;
    this.revision = server.revision;
    this.epoch += 1;
    this.tell();
  }

  /** For each contradicted field, whose it shall be. */
  resolve(choice: Record<string, "mine" | "theirs">) {
    const conflict = this.conflict;
    if (!conflict) return;
    const fields: Flat = { ...this.mine };
    for (const name of conflict.names.filter((name) => choice[name] === "theirs")) {
      if (name in conflict.theirs) fields[name] = conflict.theirs[name];
      else delete fields[name];
    }
    this.mine = fields;
    this.conflict = null;
    this.epoch += 1;
    this.keep();
    this.tell();
    void this.flush();
  }

  /** Saves now; answers whether the server has everything. */
  async flush(): Promise<boolean> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    while (this.running) await this.running;
    if (this.dirty() && !this.conflict) {
      this.running = this.hand().finally(() => { this.running = null; });
      await this.running;
    } else if (!this.dirty() && this.saving.kind !== "saved") {
      this.move({ kind: "saved", at: Date.now() });
    }
    return !this.dirty();
  }

  private dirty() {
    return changed(this.base, this.mine).length > 0;
  }

  private async hand() {
    const sent = this.mine;
    this.move({ kind: "saving" });
    try {
      this.revision = await this.means.save(this.base, sent, this.revision);
      this.base = sent;
      this.keep();
      if (this.dirty()) this.later();
      else this.move({ kind: "saved", at: Date.now() });
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown) {
    if (!isProblem(error)) {
      this.move({ kind: "offline" });
      this.later(RETRY);
      return;
    }
    const meanwhile = this.means.meanwhile(error);
    if (meanwhile) this.meet(meanwhile);
    else this.move({ kind: "refused", error });
  }

  private meet(meanwhile: Meanwhile) {
    const { fields, conflicts, taken } = merge(this.base, this.mine, meanwhile.theirs);
    this.base = meanwhile.theirs;
    this.mine = fields;
    this.revision = meanwhile.revision;
    if (taken.length > 0) this.epoch += 1;
    this.keep();
    if (conflicts.length > 0) {
      this.conflict = { ...meanwhile, names: conflicts };
      return this.move({ kind: "waiting" });
    }
    if (taken.length > 0) this.means.taken(taken, meanwhile.by);
    this.later(0);
  }

  private later(after = REST) {
    if (this.timer) clearTimeout(this.timer);
    if (this.saving.kind !== "offline") this.saving = { kind: "waiting" };
    this.timer = setTimeout(() => void this.flush(), after);
    this.tell();
  }

  private move(saving: Saving) {
    this.saving = saving;
    this.tell();
  }

  private look = (): DraftView => ({ fields: this.mine, saving: this.saving, conflict: this.conflict, epoch: this.epoch });

  private tell() {
    this.view = this.look();
    for (const listener of this.listeners) listener();
  }

  private keep() {
    const names = changed(this.base, this.mine);
    try {
      if (names.length === 0) return localStorage.removeItem(this.means.key);
      const kept: Kept = { revision: this.revision, base: pick(this.base, names), mine: pick(this.mine, names) };
      localStorage.setItem(this.means.key, JSON.stringify(kept));
    } catch {
      // A full or forbidden storage: the page itself still holds everything.
    }
  }

  private restore() {
    const text = localStorage.getItem(this.means.key);
    if (!text) return;
    try {
      const kept = JSON.parse(text) as Kept;
      const names = [...new Set([...Object.keys(kept.base), ...Object.keys(kept.mine)])];
      const without = (fields: Flat) => Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
      const server = this.base;
      this.base = { ...without(server), ...kept.base };
      this.mine = { ...without(server), ...kept.mine };
      if (kept.revision === this.revision) {
        this.base = server;
        this.later(0);
      } else {
        this.meet({ theirs: server, revision: this.revision, by: null, at: null });
      }
    } catch {
      localStorage.removeItem(this.means.key);
    }
  }
}
