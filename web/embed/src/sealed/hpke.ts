import { Aes256Gcm, CipherSuite, HkdfSha256, type AeadInterface, type KemInterface } from "@hpke/core";
import { b64u, unb64u, utf8, type Octets } from "./octets";

/** What HPKE makes of a secret for one recipient (RFC 9180, mode base): the key that travels along, and what it protects. */
export interface Sealed {
  enc: string;
  ciphertext: string;
}

/** X25519, HKDF-SHA256 and AES-256-GCM. The key exchange is given: the browser's own, or the one written in JavaScript. */
export const suiteOf = (kem: KemInterface, aead: AeadInterface = new Aes256Gcm()) => new CipherSuite({ kem, kdf: new HkdfSha256(), aead });
export type Suite = ReturnType<typeof suiteOf>;

/** `info` binds what is sealed to its place: it opens nowhere else. */
export async function sealTo(suite: Suite, publicKey: Octets, info: string, secret: Octets): Promise<Sealed> {
  const sender = await suite.createSenderContext({ recipientPublicKey: await suite.kem.deserializePublicKey(publicKey), info: utf8(info) });
  const ciphertext = await sender.seal(secret);
  return { enc: b64u(sender.enc as ArrayBuffer), ciphertext: b64u(ciphertext) };
}

/** Throws what was sealed for somebody else, for another place, or changed on the way. */
export async function openWith(suite: Suite, key: CryptoKeyPair | CryptoKey, info: string, { enc, ciphertext }: Sealed): Promise<Octets> {
  const recipient = await suite.createRecipientContext({ recipientKey: key, enc: unb64u(enc, 32), info: utf8(info) });
  return new Uint8Array(await recipient.open(unb64u(ciphertext)));
}

/** To what a share of a chat key is bound. */
export const shareInfo = (conversation: string, keyId: string, recipient: string) => `barid-chat-key-1\n${conversation}\n${keyId}\n${recipient}`;
/** To what a share of a group's reception key is bound. */
export const receptionInfo = (reception: string, device: string) => `barid-reception-1\n${reception}\n${device}`;
