import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeOf, isProblem } from "@/api/problem";
import { told } from "@/ui/notify";
import { ruleOf, type Definition, type Draft } from "./definition";
import { keep, keptOf } from "./kept";
import { merge, same, taking } from "./merging";
import { draftOfForm, read, save, type Form } from "./server";

export interface Conflict {
  theirs: Draft;
  version: number;
  parts: string[];
}

export type State = "idle" | "saving" | "offline";

const problemsOf = (error: unknown): Record<string, string> =>
  isProblem(error) ? Object.fromEntries((error.fields ?? []).map(({ field, detail }) => [field, detail])) : {};

function begin(form: Form) {
  const server = draftOfForm(form);
  const kept = keptOf(form.id);
  if (!kept || same(kept.mine, server)) return { base: server, mine: server, version: form.version, conflict: null, restored: false };
  const { draft, conflicts } = merge(kept.base, kept.mine, server);
  const conflict: Conflict | null = conflicts.length > 0 ? { theirs: server, version: form.version, parts: conflicts } : null;
  return { base: server, mine: draft, version: form.version, conflict, restored: true };
}

/** What is being written about a form: saved when asked, kept in the browser until then, and never written over
 *  what somebody else saved meanwhile. */
export function useWork(form: Form, readOnly: boolean) {
  const { t } = useTranslation("app_forms");
  const [start] = useState(() => begin(form));
  const [base, setBase] = useState(start.base);
  const [version, setVersion] = useState(start.version);
  const [draft, setDraft] = useState(start.mine);
  const [conflict, setConflict] = useState<Conflict | null>(start.conflict);
  const [restored, setRestored] = useState(start.restored);
  const [state, setState] = useState<State>("idle");
  const [trouble, setTrouble] = useState<unknown>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const unsaved = useMemo(() => !same(base, draft), [base, draft]);
  const gone = useRef(false);

  useEffect(() => {
    if (!readOnly && !gone.current) keep(form.id, unsaved ? { version, base, mine: draft } : null);
  }, [form.id, readOnly, unsaved, version, base, draft]);

  const settled = (saved: Form) => {
    const server = draftOfForm(saved);
    setBase(server);
    setDraft(server);
    setVersion(saved.version);
    setRestored(false);
    setProblems({});
  };

  const meet = async (mine: Draft): Promise<void> => {
    const newest = await read(form.id);
    const theirs = draftOfForm(newest);
    const { draft: both, conflicts } = merge(base, mine, theirs);
    if (conflicts.length > 0) {
      setConflict({ theirs, version: newest.version, parts: conflicts });
      return;
    }
    settled(await save(form.id, both, newest.version));
    told(t("saved.together"));
  };

  const send = async (mine = draft, at = version) => {
    setState("saving");
    setTrouble(null);
    try {
      try {
        settled(await save(form.id, mine, at));
        told(t("saved"));
      } catch (error) {
        if (codeOf(error) !== "version_conflict") throw error;
        await meet(mine);
      }
      setState("idle");
    } catch (error) {
      setProblems(problemsOf(error));
      setTrouble(isProblem(error) ? error : null);
      setState(isProblem(error) ? "idle" : "offline");
    }
  };

  /** What is wrong with a field, in words of the reader's language where we have them. */
  const wrong = (path: string): string | undefined => {
    const detail = problems[path];
    if (detail === undefined) return undefined;
    const rule = ruleOf(path);
    return rule ? t(`problem.${rule}`) : detail;
  };

  return {
    draft, definition: draft.definition, unsaved, state, trouble, problems, conflict, restored, readOnly, version,
    wrong,
    told: setProblems,
    put: (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change })),
    define: (change: Partial<Definition>) => setDraft((now) => ({ ...now, definition: { ...now.definition, ...change } })),
    save: () => void send(),
    discard: () => {
      gone.current = true;
      keep(form.id, null);
      setDraft(base);
      setRestored(false);
      setConflict(null);
      setProblems({});
      gone.current = false;
    },
    /** Ends a conflict: these parts as the others have them, all else as it is here. */
    resolve: (theirs: readonly string[]) => {
      if (!conflict) return;
      const { draft: both } = merge(base, draft, conflict.theirs);
      const mine = taking(both, conflict.theirs, theirs);
      setConflict(null);
      setBase(conflict.theirs);
      setDraft(mine);
      setVersion(conflict.version);
      void send(mine, conflict.version);
    },
  };
}

export type Work = ReturnType<typeof useWork>;
export { problemsOf };
