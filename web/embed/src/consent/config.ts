/** What the server writes in front of the script: the site's published version. */
export interface Config {
  /** Where choices are recorded. */
  url: string;
  /** The published version; a newer one asks again. */
  version: number;
  /** How long a choice holds, in days. */
  days: number;
  /** The cookie's Domain, for a choice that holds on all of a site's hosts; empty for this host only. */
  domain: string;
  /** Where the register of cookies can be read. */
  register: string;
  /** Where the privacy notice stands; empty for none. */
  notice: string;
  /** `bottom` or `center`. */
  position: string;
  /** The colour of buttons, and of the text on them. */
  colours: [string, string];
  /** What is loaded for each category: host patterns and the names of cookies and storage entries. */
  services: Service[];
  texts: Record<string, Texts>;
}

export interface Service {
  category: Category;
  /** Hosts; one that begins with a dot means all below it as well. */
  hosts: string[];
  /** Names of cookies and storage entries; `*` stands for any characters at the end. */
  names: string[];
}

export type Category = "preferences" | "statistics" | "marketing";
export type Choices = Record<Category, boolean>;

export const CATEGORIES: Category[] = ["preferences", "statistics", "marketing"];

export interface Texts {
  [key: string]: string;
}

declare global {
  interface Window {
    /** Set in front of the script, removed when read. */
    __barid_consent?: Config;
    Barid?: Record<string, unknown>;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}
