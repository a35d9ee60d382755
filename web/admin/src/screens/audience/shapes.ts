import type { components, paths } from "@/api/schema";

type Json<Answer> = Answer extends { content: { "application/json": infer Body } } ? Body : never;
type Answers<Operation> = Operation extends { responses: infer Responses } ? Responses : never;
type Good<Operation> = Json<Answers<Operation>[Extract<keyof Answers<Operation>, 200 | 201 | 202>]>;
type Body<Operation> = Operation extends { requestBody?: infer Request } ? Json<NonNullable<Request>> : never;

export type Contact = components["schemas"]["Contact"];
export type Certificate = components["schemas"]["Certificate"];
export type Import = components["schemas"]["Import"];
export type SavedSegment = components["schemas"]["Segment"];
export type Topic = components["schemas"]["Topic"];
export type Tag = components["schemas"]["Tag"];
export type Field = components["schemas"]["Field"];

export type Search = Body<paths["/v1/contacts/search"]["post"]>;
export type Table = Good<paths["/v1/contacts/search"]["post"]>;
export type ContactRow = Table["items"][number];
export type BulkStart = Body<paths["/v1/contacts/bulk"]["post"]>;
export type Bulk = Good<paths["/v1/contacts/bulk/{id}"]["get"]>;
export type Moment = Good<paths["/v1/contacts/{id}/timeline"]["get"]>["items"][number];
export type Message = Good<paths["/v1/contacts/{id}/messages"]["get"]>["items"][number];
export type Consent = Good<paths["/v1/contacts/{id}/consent"]["get"]>;
export type LedgerEvent = Consent["events"][number];
export type Provenance = Good<paths["/v1/contacts/{id}/provenance"]["get"]>;
export type Inspection = Good<paths["/v1/imports/inspect"]["post"]>;
export type FileColumn = Inspection["columns"][number];
export type Vocabulary = Good<paths["/v1/segments/fields"]["get"]>;
export type View = Good<paths["/v1/views"]["get"]>["items"][number];
