import type { components } from "@/api/schema";

type Schema = components["schemas"];

/** A member's browser that may be given keys of encrypted chats. */
export type Device = Schema["ChatDevice"];
export type Devices = Schema["ChatDevices"];
/** One entry of the log of devices, which is only ever added to. */
export type LogEntry = Schema["ChatDeviceLine"];
export type ReceptionKey = Schema["ChatReception"];
