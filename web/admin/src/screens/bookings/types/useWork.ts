import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { codeOf } from "@/api/problem";
import { to } from "@/app/place";
import { told } from "@/ui/notify";
import { makeEventType, readEventType, saveEventType } from "../server";
import type { Definition, EventType } from "../shapes";
import { draftOf, problemsOf, type Draft } from "./draft";

const keyOf = (id: string) => `barid.event_type.${id}`;

/** What was written before and not saved, if the browser kept it. */
function kept(id: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(id)) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

/** What is being written about an event type: kept in the browser until it is saved. */
export function useWork(type: EventType | null, fresh: Draft, readOnly: boolean) {
  const { t } = useTranslation("app_bookings");
  const navigate = useNavigate();
  const id = type?.id ?? "new";
  const base = useMemo(() => (type ? draftOf(type) : fresh), [type, fresh]);
  const [draft, setDraft] = useState<Draft>(() => (readOnly ? null : kept(id)) ?? base);
  const [restored, setRestored] = useState(() => !readOnly && kept(id) !== null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [newer, setNewer] = useState<EventType | null>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const unsaved = useMemo(() => JSON.stringify(draft) !== JSON.stringify(base), [draft, base]);

  useEffect(() => {
    if (readOnly) return;
    if (unsaved) sessionStorage.setItem(keyOf(id), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(id));
  }, [id, draft, unsaved, readOnly]);

  const forget = () => {
    sessionStorage.removeItem(keyOf(id));
    setRestored(false);
  };

  const save = async (version = type?.version) => {
    setBusy(true);
    setTrouble(null);
    setProblems({});
    try {
      const saved = type && version !== undefined ? await saveEventType(type.id, { ...draft, version }) : await makeEventType(draft);
      forget();
      setNewer(null);
      setDraft(draftOf(saved));
      told(t("type.saved"));
      if (!type) void navigate(to(`/bookings/types/${saved.id}`), { replace: true });
    } catch (error) {
      if (type && codeOf(error) === "version_conflict") setNewer(await readEventType(type.id).catch(() => null));
      else setTrouble(error);
      setProblems(problemsOf(error));
    } finally {
      setBusy(false);
    }
  };

  return {
    draft, unsaved, restored, busy, trouble, problems, readOnly, newer,
    wrong: (path: string): string | undefined => problems[path],
    put: (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })),
    define: (part: Partial<Definition>) => setDraft((now) => ({ ...now, definition: { ...now.definition, ...part } })),
    save: () => void save(),
    /** Somebody else saved meanwhile: mine over theirs, or theirs instead of mine. */
    overwrite: () => { if (newer) void save(newer.version); },
    takeTheirs: () => { if (newer) { forget(); setDraft(draftOf(newer)); setNewer(null); } },
    discard: () => { forget(); setDraft(base); setProblems({}); setTrouble(null); },
  };
}

export type Work = ReturnType<typeof useWork>;
