export interface Clock { clock: "own" | "customers" | "authority"; hours: number; due_at: string; stopped_at: string | null; level: number; late: boolean }

export interface Details {
  title: string;
  description: string;
  cause: string;
  subject_categories: string[];
  data_categories: string[];
  subjects: number | null;
  records: number | null;
  risk: { level: string; reasoning: string } | null;
  measures: string[];
  advice: string;
  report: string;
}

export const BLANK: Details = { title: "", description: "", cause: "", subject_categories: [], data_categories: [], subjects: null, records: null, risk: null, measures: [], advice: "", report: "" };

export interface IncidentView extends Details {
  id: string;
  kind: string;
  state: "open" | "closed";
  discovered_at: string;
  recorded_at: string;
  assessed_at: string | null;
  closed_at: string | null;
  clocks: Clock[];
  version: number;
}

interface Words { subject: string; text: string }
export interface Letter { en: Words; ar: Words; path: string | null }

export interface IncidentNotice {
  id: string;
  audience: "customers" | "authority" | "subjects";
  stage: number;
  state: "draft" | "sent" | "waived";
  letter: Letter;
  reason: string;
  reference: string;
  created_at: string;
  settled_at: string | null;
  late: boolean;
}

export interface Entry { id: string; at: string; kind: string; actor: string; text: string }
