import { useQuery, type UseQueryOptions, type UseQueryResult } from "@tanstack/react-query";
import { fetchClient, stale } from "@/api/client";
import type {
  Absence, Account, Booking, Definition, EventType, Feed, HolidayList, Host, Hours, Items, MailAnswer, MovedBooking, PaymentProvider, Provider, Report, Resource, Schedule, Slots, Suggestion, TypeState, Unreachable,
} from "./shapes";

type Query = Record<string, string | number | boolean | undefined>;
type Method = "get" | "post" | "put" | "patch" | "delete";

/** The same client, for the addresses below /v1/booking. */
const client = fetchClient as unknown as {
  request: (method: Method, path: string, init: { params: { query: Query }; body?: unknown }) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
};

const BASE = "/v1/booking";

async function ask<T>(method: Method, path: string, { query = {}, body }: { query?: Query; body?: unknown } = {}): Promise<T> {
  const { data, error, response } = await client.request(method, BASE + path, { params: { query }, ...(body === undefined ? {} : { body }) });
  if (error !== undefined) throw error;
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  return data as T;
}

/** Writes, and has what stands on the screen read anew. */
async function write<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const answer = await ask<T>(method, path, { body });
  await stale(BASE, "/v1/contacts");
  return answer;
}

type More<T> = Partial<Pick<UseQueryOptions<T>, "enabled" | "staleTime" | "placeholderData" | "refetchOnWindowFocus">>;

function useRead<T>(path: string, query: Query = {}, more: More<T> = {}): UseQueryResult<T, unknown> {
  return useQuery<T>({ queryKey: ["get", BASE + path, query], queryFn: () => ask<T>("get", path, { query }), ...more });
}

const SELDOM = { staleTime: 60_000 };

export const useHosts = (enabled = true) => useRead<Items<Host>>("/hosts", {}, { ...SELDOM, enabled });
export const useSchedules = () => useRead<Items<Schedule>>("/schedules", {}, SELDOM);
export const useSchedule = (id: string) => useRead<Schedule>(`/schedules/${id}`, {}, { refetchOnWindowFocus: false });
export const useHolidays = () => useRead<Items<HolidayList>>("/holidays", {}, SELDOM);
export const useAbsences = (host: string) => useRead<Items<Absence>>(`/hosts/${host}/absences`, {}, { enabled: host !== "" });
export const useResources = () => useRead<Items<Resource>>("/resources", {}, SELDOM);
export const useEventTypes = (enabled = true) => useRead<Items<EventType>>("/event-types", {}, { ...SELDOM, enabled });
export const useEventType = (id: string) => useRead<EventType>(`/event-types/${id}`, {}, { refetchOnWindowFocus: false });

export interface BookingFilter { from?: string; to?: string; host?: string; event_type?: string; state?: string; contact?: string }
const MOST_PAGES = 10;

/** Every booking of a filter: page after page, as far as a screen can show them. */
async function everyBooking(filter: BookingFilter): Promise<Items<Booking>> {
  const items: Booking[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await ask<Items<Booking>>("get", "/bookings", { query: { limit: 200, ...filter, cursor } });
    items.push(...answer.items);
    if (!answer.next) break;
    cursor = answer.next;
  }
  return { items, next: null };
}

export const useBookings = (filter: BookingFilter, enabled = true) =>
  useQuery<Items<Booking>>({ queryKey: ["get", `${BASE}/bookings`, { ...filter }], queryFn: () => everyBooking(filter), enabled, placeholderData: (before) => before });
export const useBooking = (id: string) => useRead<Booking>(`/bookings/${id}`, {}, { enabled: id !== "" });
/** Future bookings whose local time a change of a zone's rules moved. */
export const useMovedByZones = () => useRead<{ items: MovedBooking[] }>("/moved-by-zones", {}, SELDOM);

export interface SlotQuestion { event_type: string; from: string; to: string; duration?: number; timezone?: string; host?: string; reschedule_of?: string; why?: boolean }
export const useSlots = (question: SlotQuestion, enabled = true) => useRead<Slots>("/slots", { ...question }, { enabled: enabled && question.event_type !== "" });
export const useReport = (query: { from: string; to: string }) => useRead<Report>("/report", query);
export const usePaymentProvider = (enabled: boolean) => useRead<PaymentProvider | null>("/payment-provider", {}, { ...SELDOM, enabled });

export const makeHost = (body: { member: string; timezone: string; schedule?: string }) => write<Host>("post", "/hosts", body);
export const saveHost = (id: string, body: { timezone?: string; schedule?: string | null }) => write<Host>("patch", `/hosts/${id}`, body);
export const makeAbsence = (host: string, body: { from: string; to: string; hand_over?: string }) => write<Absence>("post", `/hosts/${host}/absences`, body);
export const dropAbsence = (id: string) => write<void>("delete", `/absences/${id}`);

export const makeSchedule = (body: { name: string; hours: Hours }) => write<Schedule>("post", "/schedules", body);
export const saveSchedule = (id: string, body: { name: string; hours: Hours; version: number }) => write<Schedule>("put", `/schedules/${id}`, body);
export const dropSchedule = (id: string) => write<void>("delete", `/schedules/${id}`);
export const saveHolidays = (code: string, body: { name: string; dates: string[] }) => write<void>("put", `/holidays/${code}`, body);
export const dropHolidays = (code: string) => write<void>("delete", `/holidays/${code}`);
export const makeResource = (body: { name: string; timezone: string }) => write<Resource>("post", "/resources", body);
export const saveResource = (id: string, body: { name: string; timezone: string; archived: boolean }) => write<Resource>("put", `/resources/${id}`, body);

export interface TypeDraft { slug: string; state: TypeState; definition: Definition }
export const makeEventType = (body: TypeDraft) => write<EventType>("post", "/event-types", body);
export const saveEventType = (id: string, body: Partial<TypeDraft> & { version: number }) => write<EventType>("patch", `/event-types/${id}`, body);
/** The server's newest state, past every cache. */
export const readEventType = (id: string) => ask<EventType>("get", `/event-types/${id}`);
export const savePaymentProvider = (body: { provider: string; api_base: string; secret_key?: string; webhook_secret?: string }) => write<PaymentProvider>("put", "/payment-provider", body);

export interface NewBooking {
  event_type: string;
  start: string;
  duration?: number;
  host?: string;
  attendee: { name: string; email: string; timezone: string; language?: string; phone?: string };
  answers?: Record<string, unknown>;
  location?: number;
  place?: string;
}
export const book = (body: NewBooking) => write<Booking & { payment_url?: string | null }>("post", "/bookings", body);
export const reschedule = (id: string, body: { start: string; duration?: number; host?: string }) => write<Booking>("post", `/bookings/${id}/reschedule`, body);
export const cancel = (id: string, body: { reason?: string }) => write<Booking>("post", `/bookings/${id}/cancel`, body);
export const approve = (id: string) => write<Booking>("post", `/bookings/${id}/approve`, {});
export const decline = (id: string, body: { reason?: string }) => write<Booking>("post", `/bookings/${id}/decline`, body);
export const noShow = (id: string, no_show: boolean) => write<Booking>("post", `/bookings/${id}/no-show`, { no_show });
export const reassign = (id: string, body: { from: string; to: string }) => write<Booking>("post", `/bookings/${id}/reassign`, body);

export const useAccounts = (host?: string) => useRead<Items<Account>>("/calendars/accounts", { host });
export const useFeeds = (host?: string) => useRead<Items<Feed>>("/calendars/feeds", { host });
export const useSuggestions = (enabled = true) => useRead<Items<Suggestion>>("/calendars/suggestions", {}, { enabled });
export const useMailAnswers = (booking: string) => useRead<Items<MailAnswer>>("/calendars/answers", { booking }, { enabled: booking !== "" });
export const useProviders = () => useRead<Items<Provider>>("/calendars/providers", {}, SELDOM);
export const useUnreachable = () => useRead<Unreachable>("/calendars/settings", {}, SELDOM);
export const useChoices = (eventType: string) => useRead<Items<{ host: string; calendars: string[] }>>("/calendars/choices", { event_type: eventType });

export interface Connection { kind: "caldav" | "feed"; url: string; username?: string; password?: string }
export interface Tested { ok: boolean; error?: string | null; calendars: Array<{ name: string; writable: boolean }> }
export const testAccount = (body: Connection) => ask<Tested>("post", "/calendars/accounts/test", { body });
export const connect = (body: Connection & { host: string; label?: string }) => write<Account>("post", "/calendars/accounts", body);
export const saveAccount = (id: string, body: { label?: string; username?: string; password?: string; addresses?: string[] }) => write<Account>("patch", `/calendars/accounts/${id}`, body);
export const dropAccount = (id: string) => write<void>("delete", `/calendars/accounts/${id}`);
export const syncAccount = (id: string) => write<void>("post", `/calendars/accounts/${id}/sync`);
export const saveCalendar = (id: string, body: { conflicts?: boolean; target?: boolean }) => write<void>("patch", `/calendars/${id}`, body);
export const saveChoice = (eventType: string, host: string, calendars: string[] | null) => write<void>("put", "/calendars/choices", { event_type: eventType, host, calendars });
export const saveUnreachable = (body: Unreachable) => write<Unreachable>("put", "/calendars/settings", body);
export const makeFeed = (body: { host: string; detail: Feed["detail"] }) => write<Feed>("post", "/calendars/feeds", body);
export const dropFeed = (id: string) => write<void>("delete", `/calendars/feeds/${id}`);
export const dismiss = (booking: string) => write<void>("delete", `/calendars/suggestions/${booking}`);
export const saveProvider = (kind: Provider["kind"], body: { client_id: string; client_secret: string }) => write<Provider>("put", `/calendars/providers/${kind}`, body);
export const beginOauth = (body: { host: string; kind: Provider["kind"]; label?: string }) => ask<{ account: string; url: string }>("post", "/calendars/oauth", { body });
export const finishOauth = (body: { code: string; state: string }) => write<Account>("post", "/calendars/oauth/finish", body);
