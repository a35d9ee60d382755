import { useQuery } from "@tanstack/react-query";
import { fetchClient, got } from "@/api/client";
import type { components } from "@/api/schema";
import { plainer } from "@/screens/messaging/text";
import { changed, unflat, type Flat, type MessageFields, type Piece } from "../fields";
import type { Campaign } from "../server";

/** What a campaign by SMS says and how it leaves. */
export interface SmsSide {
  text: string;
  language: string;
  variants: Record<string, string> | null;
  /** From what; each country decides when absent. */
  originator: string | null;
  shorten: boolean;
  /** For how many seconds it may be delivered. */
  validity: number | null;
}

/** The part of a campaign that only one by SMS has; null for one by e-mail. */
export const smsOf = (campaign: object): SmsSide | null => ("sms" in campaign && campaign.sms ? (campaign.sms as SmsSide) : null);
/** Why a campaign waits by itself. */
export const haltOf = (campaign: object): string | null => ("halted_by" in campaign && typeof campaign.halted_by === "string" ? campaign.halted_by : null);

export interface CountryCost { country: string; recipients?: number; messages?: number; parts: number; cost_micros: number }

/** What a campaign will weigh and cost if it is sent now. */
export type Estimate = components["schemas"]["SmsEstimate"];

/** What a report of a campaign by SMS tells besides. */
export interface SmsFigures {
  delivered: number;
  unconfirmed: number;
  expired: number;
  held: number;
  parts: number;
  cost_micros: number;
  reserved_micros: number;
  currency: string;
  clicked: number;
  unsubscribed: number;
  by_country: CountryCost[];
}

export const figuresOf = (report: object): SmsFigures | null => ("sms" in report && report.sms ? (report.sms as SmsFigures) : null);

/** What its author decides about a campaign by SMS. Of a message's parts it has the text alone. */
export interface SmsFields extends MessageFields {
  topic: string;
  segment: string | null;
  purpose: string;
  track: boolean;
  originator: string | null;
  shorten: boolean;
  validity: number | null;
}

export const saying = (text: string): Piece => ({ subject: "", preheader: "", text, body: null });

export function smsFieldsOf(campaign: Campaign): SmsFields {
  const side = smsOf(campaign) ?? { text: "", language: "en", variants: null, originator: null, shorten: true, validity: null };
  const { name, topic, segment = null, purpose, track } = campaign;
  const { text, language, variants, originator, shorten, validity } = side;
  const others = Object.fromEntries(Object.entries(variants ?? {}).map(([tag, words]) => [tag, saying(words)]));
  return { name, topic, segment, purpose, track, originator, shorten, validity, language, ...saying(text), variants: others };
}

const OWN = ["name", "topic", "segment", "purpose", "track", "originator", "shorten", "validity", "text", "language"] as const;

/** The changes as the server takes them: what is absent stays, all other languages come together. */
export function smsPatchOf(base: Flat, mine: Flat): Record<string, unknown> {
  const names = changed(base, mine);
  const fields = unflat<SmsFields>(mine);
  const patch: Record<string, unknown> = {};
  for (const name of OWN) if (names.includes(name)) patch[name] = fields[name];
  if (names.some((name) => name.includes("/"))) patch.variants = Object.fromEntries(Object.entries(fields.variants).map(([language, { text }]) => [language, { text: text ?? "" }]));
  return patch;
}

/** Asks the server to weigh the campaign; everybody it is for is looked at, so only when something changed. */
export const useEstimate = (id: string, changes: string, enabled = true) =>
  useQuery({
    queryKey: ["get", "/v1/campaigns/estimate", id, changes], enabled, placeholderData: (before: Estimate | undefined) => before,
    queryFn: () => got(fetchClient.GET("/v1/campaigns/{id}/estimate", { params: { path: { id } } })),
  });

const TAG = /\{\{\s*([a-z_][\w.]*)\s*(?:\|\s*fallback:\s*"((?:[^"\\]|\\.)*)"\s*)?\}\}/g;
const ADDRESS = /https?:\/\/[^\s<>"]+/g;
/** As long as a short link: the server's host, `/s/` and nine signs. */
const shortLink = (host: string) => `https://${host}/s/AbC123xyz`;

/** The text as somebody reads it: with the words for those who lack a value, and short links. What it really weighs for
 *  each person says the estimate. */
export function sampleOf(text: string, shorten: boolean, host: string): string {
  const filled = text.replace(TAG, (_tag, name: string, fallback: string | undefined) => (name === "unsubscribe_url" ? shortLink(host) : (fallback?.replace(/\\(.)/g, "$1") ?? "")));
  return shorten ? filled.replace(ADDRESS, (address) => (address.startsWith(shortLink(host)) ? address : shortLink(host))) : filled;
}

/** The text with plain signs instead of typographic ones; merge tags stay as they are. */
export const plainerAround = (text: string) => text.split(/(\{\{.*?\}\})/s).map((piece, at) => (at % 2 === 1 ? piece : plainer(piece))).join("");

/** A merge tag as it is written into a text. */
export const tagOf = (field: string, fallback: string) => (fallback === "" ? `{{ ${field} }}` : `{{ ${field} | fallback: "${fallback.replace(/["\\]/g, "\\$&")}" }}`);
