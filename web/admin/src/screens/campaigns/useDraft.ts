import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/problem";
import { told } from "@/ui/notify";
import { Draft, type Meanwhile } from "./draft";
import { flat, unflat, type Flat, type MessageFields } from "./fields";

interface Source<F extends MessageFields> {
  /** Where what the server has not yet got is kept. */
  key: string;
  /** The server's newest state. */
  fields: F;
  revision: number;
  save: (base: Flat, mine: Flat, revision: number) => Promise<number>;
  /** The fields of what a refusal calls `current`. */
  read: (current: unknown) => F;
}

const text = (value: unknown) => (typeof value === "string" ? value : null);

function meanwhileOf<F extends MessageFields>(problem: Problem, read: (current: unknown) => F): Meanwhile | null {
  if (problem.code !== "changed_meanwhile" || typeof problem.current !== "object") return null;
  return { theirs: flat(read(problem.current)), revision: Number(problem.revision), by: text(problem.changed_by_name) ?? text(problem.changed_by), at: text(problem.changed_at) };
}

/** A draft for as long as its screen is shown. */
export function useDraft<F extends MessageFields>({ key, fields: server, revision, save, read }: Source<F>) {
  const { t } = useTranslation("app_campaigns");
  const [draft] = useState(() => new Draft({ fields: flat(server), revision }, {
    key, save,
    meanwhile: (problem) => meanwhileOf(problem, read),
    taken: (names, by) => told(by ? t("draft.taken_by", { count: names.length, who: by }) : t("draft.taken", { count: names.length })),
  }));
  const { fields: flattened, ...view } = useSyncExternalStore(draft.subscribe, draft.snapshot);
  useEffect(() => draft.adopt({ fields: flat(server), revision }), [draft, server, revision]);
  useEffect(() => {
    const again = () => void draft.flush();
    window.addEventListener("online", again);
    return () => {
      window.removeEventListener("online", again);
      void draft.flush();
    };
  }, [draft]);
  return {
    ...view,
    fields: unflat<F>(flattened),
    change: (change: Partial<F>) => draft.change(flat({ ...unflat<F>(draft.snapshot().fields), ...change })),
    put: (next: F) => draft.change(flat(next)),
    flush: () => draft.flush(),
    resolve: (choice: Record<string, "mine" | "theirs">) => draft.resolve(choice),
  };
}
