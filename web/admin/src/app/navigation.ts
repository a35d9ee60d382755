import { CalendarDays, ChartNoAxesCombined, ContactRound, FormInput, House, Mail, MessagesSquare, Settings, ShieldCheck, Smartphone, type LucideIcon } from "lucide-react";

export interface Section {
  /** Path below the workspace, and the name of its label in i18n. */
  code: "home" | "inbox" | "campaigns" | "messaging" | "audience" | "forms" | "bookings" | "reports" | "privacy" | "settings";
  icon: LucideIcon;
  /** The physical key that opens it after `g`. */
  key: string;
  /** What a member must be allowed to do to be shown it; of several, one is enough. */
  permission?: string | readonly string[];
}

/** The sections of the side navigation, in order. */
export const SECTIONS: readonly Section[] = [
  { code: "home", icon: House, key: "KeyH" },
  { code: "inbox", icon: MessagesSquare, key: "KeyI", permission: "conversations:read" },
  { code: "campaigns", icon: Mail, key: "KeyC", permission: "campaigns:read" },
  { code: "messaging", icon: Smartphone, key: "KeyM", permission: ["messages:send", "routes:read", "balance:read", "calls:read"] },
  { code: "audience", icon: ContactRound, key: "KeyA", permission: "contacts:read" },
  { code: "forms", icon: FormInput, key: "KeyF", permission: "forms:read" },
  { code: "bookings", icon: CalendarDays, key: "KeyB", permission: "bookings:read" },
  { code: "reports", icon: ChartNoAxesCombined, key: "KeyR", permission: "reports:read" },
  { code: "privacy", icon: ShieldCheck, key: "KeyP", permission: "privacy:read" },
  { code: "settings", icon: Settings, key: "KeyS" },
];
