import type { Plugin } from "vite";

export interface Bundled {
  name: string;
  version: string;
  /** SPDX. */
  licence: string;
}

export declare const FREE: ReadonlySet<string>;
export declare function packageOf(module: string): Bundled | null;
export declare function isFree(licence: string): boolean;
export declare function licences(): Plugin;
