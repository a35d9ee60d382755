import { useQuery } from "@tanstack/react-query";
import { api, fetchClient, got, stale, type Answered } from "@/api/client";
import type { components, paths } from "@/api/schema";
import type { Booking, Definition, EventType, Hours, Provider, Schedule, TypeState, Unreachable } from "./shapes";
import { complete, completeHours } from "./types/draft";

type Schema = components["schemas"];
const BASE = "/v1/booking";

/** Writes, and has what stands on the screen read anew. */
async function write<T>(asked: Promise<Answered<T>>): Promise<Exclude<T, undefined>> {
  const answer = await got(asked);
  await stale(BASE, "/v1/contacts");
  return answer;
}

const SELDOM = { staleTime: 60_000 };
const whole = (type: Schema["BookableType"]): EventType => ({ ...type, definition: complete(type.definition) });
const scheduled = (schedule: Schema["Schedule"]): Schedule => ({ ...schedule, hours: completeHours(schedule.hours) });
const of = (id: string) => ({ params: { path: { id } } });

export const useHosts = (enabled = true) => api.useQuery("get", "/v1/booking/hosts", {}, { ...SELDOM, enabled });
export const useSchedules = () => api.useQuery("get", "/v1/booking/schedules", {}, { ...SELDOM, select: ({ items }) => ({ items: items.map(scheduled) }) });
export const useSchedule = (id: string) => api.useQuery("get", "/v1/booking/schedules/{id}", of(id), { refetchOnWindowFocus: false, select: scheduled });
export const useHolidays = () => api.useQuery("get", "/v1/booking/holidays", {}, SELDOM);
export const useAbsences = (host: string) => api.useQuery("get", "/v1/booking/hosts/{id}/absences", of(host), { enabled: host !== "" });
export const useResources = () => api.useQuery("get", "/v1/booking/resources", {}, SELDOM);
export const useEventTypes = (enabled = true) => api.useQuery("get", "/v1/booking/event-types", {}, { ...SELDOM, enabled, select: ({ items }) => ({ items: items.map(whole) }) });
export const useEventType = (id: string) => api.useQuery("get", "/v1/booking/event-types/{id}", of(id), { refetchOnWindowFocus: false, select: whole });

export type BookingFilter = Omit<NonNullable<paths["/v1/booking/bookings"]["get"]["parameters"]["query"]>, "cursor" | "limit">;
const MOST_PAGES = 10;

/** Every booking of a filter: page after page, as far as a screen can show them. */
async function everyBooking(filter: BookingFilter): Promise<{ items: Booking[] }> {
  const items: Booking[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await got(fetchClient.GET("/v1/booking/bookings", { params: { query: { limit: 200, ...filter, cursor } } }));
    items.push(...answer.items);
    if (!answer.next) break;
    cursor = answer.next;
  }
  return { items };
}

export const useBookings = (filter: BookingFilter, enabled = true) =>
  useQuery({ queryKey: ["get", `${BASE}/bookings`, { ...filter }], queryFn: () => everyBooking(filter), enabled, placeholderData: (before) => before });
export const useBooking = (id: string) => api.useQuery("get", "/v1/booking/bookings/{id}", of(id), { enabled: id !== "" });
/** Future bookings whose local time a change of a zone's rules moved. */
export const useMovedByZones = () => api.useQuery("get", "/v1/booking/moved-by-zones", {}, SELDOM);

export type SlotQuestion = paths["/v1/booking/slots"]["get"]["parameters"]["query"];
export const useSlots = (query: SlotQuestion, enabled = true) => api.useQuery("get", "/v1/booking/slots", { params: { query } }, { enabled: enabled && query.event_type !== "" });
export const useReport = (query: { from: string; to: string }) => api.useQuery("get", "/v1/booking/report", { params: { query } });

export const usePaymentProvider = () => api.useQuery("get", "/v1/booking/payment-provider", {}, SELDOM);
export const connectPayments = (body: Schema["PaymentAccount"]) => write(fetchClient.PUT("/v1/booking/payment-provider", { body }));
export const disconnectPayments = () => write(fetchClient.DELETE("/v1/booking/payment-provider"));

/** Event types and appointments out of Calendly; with `dry_run` only what would happen. */
export const bringIn = (body: Schema["BookingImport"]) => write(fetchClient.POST("/v1/booking/import", { body }));

export const makeHost = (body: Schema["NewBookingHost"]) => write(fetchClient.POST("/v1/booking/hosts", { body }));
export const saveHost = (id: string, body: Schema["BookingHostChange"]) => write(fetchClient.PATCH("/v1/booking/hosts/{id}", { ...of(id), body }));
export const makeAbsence = (host: string, body: Schema["NewAbsence"]) => write(fetchClient.POST("/v1/booking/hosts/{id}/absences", { ...of(host), body }));
export const dropAbsence = (id: string) => write(fetchClient.DELETE("/v1/booking/absences/{id}", of(id)));

export const makeSchedule = (body: { name: string; hours: Hours }) => write(fetchClient.POST("/v1/booking/schedules", { body }));
export const saveSchedule = (id: string, body: Schema["ScheduleChange"]) => write(fetchClient.PUT("/v1/booking/schedules/{id}", { ...of(id), body })).then(scheduled);
export const dropSchedule = (id: string) => write(fetchClient.DELETE("/v1/booking/schedules/{id}", of(id)));
export const saveHolidays = (code: string, body: Schema["HolidayDates"]) => write(fetchClient.PUT("/v1/booking/holidays/{code}", { params: { path: { code } }, body }));
export const dropHolidays = (code: string) => write(fetchClient.DELETE("/v1/booking/holidays/{code}", { params: { path: { code } } }));
export const makeResource = (body: Schema["NewResource"]) => write(fetchClient.POST("/v1/booking/resources", { body }));
export const saveResource = (id: string, body: Schema["ResourceChange"]) => write(fetchClient.PUT("/v1/booking/resources/{id}", { ...of(id), body }));

export interface TypeDraft { slug: string; state: TypeState; definition: Definition }
export const makeEventType = (body: TypeDraft) => write(fetchClient.POST("/v1/booking/event-types", { body })).then(whole);
export const saveEventType = (id: string, body: Partial<TypeDraft> & { version: number }) => write(fetchClient.PATCH("/v1/booking/event-types/{id}", { ...of(id), body })).then(whole);
/** The server's newest state, past every cache. */
export const readEventType = (id: string) => got(fetchClient.GET("/v1/booking/event-types/{id}", of(id))).then(whole);

export type NewBooking = Schema["NewBooking"];
export const book = (body: NewBooking) => write(fetchClient.POST("/v1/booking/bookings", { body }));
export const reschedule = (id: string, body: Schema["NewTime"]) => write(fetchClient.POST("/v1/booking/bookings/{id}/reschedule", { ...of(id), body }));
export const cancel = (id: string, body: Schema["BookingReason"]) => write(fetchClient.POST("/v1/booking/bookings/{id}/cancel", { ...of(id), body }));
export const approve = (id: string) => write(fetchClient.POST("/v1/booking/bookings/{id}/approve", of(id)));
export const decline = (id: string, body: Schema["BookingReason"]) => write(fetchClient.POST("/v1/booking/bookings/{id}/decline", { ...of(id), body }));
/** Sends the money back, whole; also what the provider refused before. */
export const refund = (id: string) => write(fetchClient.POST("/v1/booking/bookings/{id}/refund", of(id)));
export const noShow = (id: string, no_show: boolean) => write(fetchClient.POST("/v1/booking/bookings/{id}/no-show", { ...of(id), body: { no_show } }));
export const reassign = (id: string, body: Schema["Reassignment"]) => write(fetchClient.POST("/v1/booking/bookings/{id}/reassign", { ...of(id), body }));

export const useAccounts = (host?: string) => api.useQuery("get", "/v1/booking/calendars/accounts", { params: { query: { host } } });
export const useFeeds = (host?: string) => api.useQuery("get", "/v1/booking/calendars/feeds", { params: { query: { host } } });
export const useSuggestions = (enabled = true) => api.useQuery("get", "/v1/booking/calendars/suggestions", {}, { enabled });
export const useMailAnswers = (booking: string) => api.useQuery("get", "/v1/booking/calendars/answers", { params: { query: { booking } } }, { enabled: booking !== "" });
export const useProviders = () => api.useQuery("get", "/v1/booking/calendars/providers", {}, SELDOM);
export const useUnreachable = () => api.useQuery("get", "/v1/booking/calendars/settings", {}, SELDOM);
export const useChoices = (event_type: string) => api.useQuery("get", "/v1/booking/calendars/choices", { params: { query: { event_type } } });

export type Connection = Schema["NewCalendarAccount"];
export type Tested = Schema["CalendarTest"];
export const testAccount = (body: Connection) => got(fetchClient.POST("/v1/booking/calendars/accounts/test", { body }));
export const connect = (body: Connection) => write(fetchClient.POST("/v1/booking/calendars/accounts", { body }));
export const saveAccount = (id: string, body: Schema["CalendarAccountChange"]) => write(fetchClient.PATCH("/v1/booking/calendars/accounts/{id}", { ...of(id), body }));
export const dropAccount = (id: string) => write(fetchClient.DELETE("/v1/booking/calendars/accounts/{id}", of(id)));
export const syncAccount = (id: string) => write(fetchClient.POST("/v1/booking/calendars/accounts/{id}/sync", of(id)));
export const saveCalendar = (id: string, body: Schema["CalendarUse"]) => write(fetchClient.PATCH("/v1/booking/calendars/{id}", { ...of(id), body }));
export const saveChoice = (event_type: string, host: string, calendars: string[] | null) => write(fetchClient.PUT("/v1/booking/calendars/choices", { body: { event_type, host, calendars } }));
export const saveUnreachable = (body: Unreachable) => write(fetchClient.PUT("/v1/booking/calendars/settings", { body }));
export const makeFeed = (body: Schema["NewCalendarFeed"]) => write(fetchClient.POST("/v1/booking/calendars/feeds", { body }));
export const dropFeed = (id: string) => write(fetchClient.DELETE("/v1/booking/calendars/feeds/{id}", of(id)));
export const dismiss = (booking: string) => write(fetchClient.DELETE("/v1/booking/calendars/suggestions/{booking}", { params: { path: { booking } } }));
export const saveProvider = (kind: Provider["kind"], body: { client_id: string; client_secret: string }) => write(fetchClient.PUT("/v1/booking/calendars/providers", { body: { kind, ...body } }));
export const beginOauth = (body: Schema["CalendarConsent"]) => got(fetchClient.POST("/v1/booking/calendars/oauth", { body }));
export const finishOauth = (body: Schema["CalendarConsentGiven"]) => write(fetchClient.POST("/v1/booking/calendars/oauth/finish", { body }));
