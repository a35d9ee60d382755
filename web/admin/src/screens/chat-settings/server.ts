import { queryOptions } from "@tanstack/react-query";
import { fetchClient, got, type Answered } from "@/api/client";
import type { components } from "@/api/schema";

type Schema = components["schemas"];

/** What the server answers: it fills in whatever a request may leave out. The client's types take the pairs of working
 *  hours for lists of any length. */
export type Whole<T> = T extends readonly (infer One)[] ? Whole<One>[] : T extends object ? { [Name in keyof T]-?: Name extends "spans" ? [string, string][] : Whole<T[Name]> } : T;
function whole<T>(answer: T): Whole<T>;
function whole(answer: unknown): unknown {
  return answer;
}

const of = (id: string) => ({ params: { path: { id } } });
/** A query with the key that `stale(path)` finds. */
const reading = <T>(path: string, asked: object, ask: () => Promise<Answered<T>>) => queryOptions({ queryKey: ["get", path, asked] as const, queryFn: async () => whole(await got(ask())) });

export const widgets = () => reading("/v1/widgets", {}, () => fetchClient.GET("/v1/widgets", {}));
export const widget = (id: string) => reading("/v1/widgets/{id}", of(id), () => fetchClient.GET("/v1/widgets/{id}", of(id)));
export const makeWidget = (body: Schema["WidgetDraft"]) => got(fetchClient.POST("/v1/widgets", { body }));
export const saveWidget = (id: string, body: Schema["WidgetDraft"]) => got(fetchClient.PUT("/v1/widgets/{id}", { ...of(id), body }));
export const dropWidget = (id: string) => got(fetchClient.DELETE("/v1/widgets/{id}", of(id)));
export const embedOf = (id: string) => reading("/v1/widgets/{id}/embed", of(id), () => fetchClient.GET("/v1/widgets/{id}/embed", of(id)));
export const renewWidgetSecret = (id: string) => got(fetchClient.POST("/v1/widgets/{id}/secret", of(id)));

export const greetings = (widget: string) => reading("/v1/widgets/{id}/greetings", of(widget), () => fetchClient.GET("/v1/widgets/{id}/greetings", of(widget)));
export const makeGreeting = (widget: string, body: Schema["GreetingInput"]) => got(fetchClient.POST("/v1/widgets/{id}/greetings", { ...of(widget), body }));
export const saveGreeting = (id: string, body: Schema["GreetingInput"]) => got(fetchClient.PUT("/v1/greetings/{id}", { ...of(id), body }));
export const dropGreeting = (id: string) => got(fetchClient.DELETE("/v1/greetings/{id}", of(id)));

export const bots = () => reading("/v1/bots", {}, () => fetchClient.GET("/v1/bots", {}));
export const bot = (id: string) => reading("/v1/bots/{id}", of(id), () => fetchClient.GET("/v1/bots/{id}", of(id)));
export const makeBot = (body: Schema["BotDraft"]) => got(fetchClient.POST("/v1/bots", { body }));
export const saveBot = (id: string, body: Schema["BotDraft"]) => got(fetchClient.PUT("/v1/bots/{id}", { ...of(id), body }));
export const dropBot = (id: string) => got(fetchClient.DELETE("/v1/bots/{id}", of(id)));

export const teams = () => reading("/v1/groups", {}, () => fetchClient.GET("/v1/groups", {}));
export const makeGroup = (body: Schema["GroupDraft"]) => got(fetchClient.POST("/v1/groups", { body }));
export const saveGroup = (id: string, body: Schema["GroupDraft"]) => got(fetchClient.PUT("/v1/groups/{id}", { ...of(id), body }));
export const dropGroup = (id: string) => got(fetchClient.DELETE("/v1/groups/{id}", of(id)));

export const makeCanned = (body: Schema["CannedDraft"]) => got(fetchClient.POST("/v1/canned-replies", { body }));
export const saveCanned = (id: string, body: Schema["CannedDraft"]) => got(fetchClient.PUT("/v1/canned-replies/{id}", { ...of(id), body }));
export const dropCanned = (id: string) => got(fetchClient.DELETE("/v1/canned-replies/{id}", of(id)));

const articlesAsked = (q: string) => ({ params: { query: { q: q || undefined } } });
export const articles = (q: string) => reading("/v1/articles", articlesAsked(q), () => fetchClient.GET("/v1/articles", articlesAsked(q)));
export const makeArticle = (body: Schema["ArticleDraft"]) => got(fetchClient.POST("/v1/articles", { body }));
export const saveArticle = (id: string, body: Schema["ArticleDraft"]) => got(fetchClient.PUT("/v1/articles/{id}", { ...of(id), body }));
export const dropArticle = (id: string) => got(fetchClient.DELETE("/v1/articles/{id}", of(id)));

export const routing = () => reading("/v1/routing-rules", {}, () => fetchClient.GET("/v1/routing-rules", {}));
export const saveRouting = (body: Schema["RoutingRules"]) => got(fetchClient.PUT("/v1/routing-rules", { body }));
