import { useEffect, useState } from "react";
import { isProblem } from "@/api/problem";
import { complaintsOf, definitionOf, draftOf, placed, type Complaint, type Draft } from "./flow";
import { makeFlow, saveFlow, validateFlow, type Flow } from "../server";

export interface FlowWork {
  draft: Draft;
  put: (change: Partial<Draft>) => void;
  unsaved: boolean;
  busy: boolean;
  /** What is wrong, once somebody asked: it follows while it is being mended. */
  complaints: readonly Complaint[];
  /** A refusal that belongs to no field. */
  trouble: unknown;
  /** Somebody else saved in between. */
  conflict: boolean;
  /** Looks at everything, here and on the server; answers whether it is sound. */
  check: () => Promise<boolean>;
  /** Saves; answers the flow, or nothing when it could not. */
  save: (over?: boolean) => Promise<Flow | null>;
  discard: () => void;
}

/** A flow while it is edited. */
export function useFlowWork(flow: Flow | null, blank: Draft): FlowWork {
  const [saved, setSaved] = useState(() => (flow ? draftOf(flow.flow) : blank));
  const [version, setVersion] = useState(flow?.version);
  const [draft, setDraft] = useState(saved);
  const [asked, setAsked] = useState(false);
  const [told, setTold] = useState<Complaint[]>([]);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [conflict, setConflict] = useState(false);
  const [busy, setBusy] = useState(false);
  const unsaved = JSON.stringify(draft) !== JSON.stringify(saved);
  // What the server said is about what it saw.
  useEffect(() => setTold([]), [draft]);
  const heard = (error: unknown) => {
    if (isProblem(error) && error.status === 409 && flow) return setConflict(true);
    if (isProblem(error) && (error.fields ?? []).length > 0) return setTold((error.fields ?? []).map(({ field, detail }) => placed(field, detail)));
    setTrouble(error);
  };
  const ask = async <T>(act: () => Promise<T>): Promise<T | null> => {
    setAsked(true);
    setTrouble(null);
    if (complaintsOf(draft).length > 0) return null;
    setBusy(true);
    try {
      return await act();
    } catch (error) {
      heard(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return {
    draft, unsaved, busy, trouble, conflict, complaints: asked ? [...complaintsOf(draft), ...told] : [],
    put: (change) => setDraft((now) => ({ ...now, ...change })),
    check: async () => (await ask(() => validateFlow(definitionOf(draft)))) !== null,
    save: (over = false) => ask(async () => {
      const kept = flow ? await saveFlow(flow.id, definitionOf(draft), over ? undefined : version) : await makeFlow(definitionOf(draft));
      setConflict(false);
      setSaved(draft);
      setVersion(kept.version);
      return kept;
    }),
    discard: () => { setConflict(false); setDraft(saved); },
  };
}
