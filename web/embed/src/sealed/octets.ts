export type Octets = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Octets => new TextEncoder().encode(text) as Octets;
export const random = (count: number): Octets => crypto.getRandomValues(new Uint8Array(count));

/** Base64url without padding (RFC 4648, 5). */
export function b64u(octets: ArrayBuffer | Octets): string {
  let text = "";
  for (const octet of new Uint8Array(octets)) text += String.fromCharCode(octet);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Throws what is no base64url, and what has another length than `exactly`. */
export function unb64u(text: string, exactly?: number): Octets {
  if (!/^[\w-]*$/.test(text)) throw new TypeError("no base64url");
  const octets = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  if (exactly !== undefined && octets.length !== exactly) throw new TypeError("another length");
  return octets;
}

export const hex = (octets: ArrayBuffer | Octets): string => Array.from(new Uint8Array(octets), (one) => one.toString(16).padStart(2, "0")).join("");

export const sha256 = (octets: Octets): Promise<ArrayBuffer> => crypto.subtle.digest("SHA-256", octets);
