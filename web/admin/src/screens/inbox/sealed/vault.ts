/** What this browser keeps of a member's own device. The private key cannot be taken out of it, not even by this page. */
export interface KeptDevice {
  device: string;
  publicKey: string;
  pair: CryptoKeyPair;
  /** Fingerprints of the devices that the member has met; of others they are told before a key goes there. */
  known: string[];
  /** The last entry of the approval log that was seen: what came before may not change. */
  log: { n: number; hash: string } | null;
}

const STORE = "devices";

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open("barid-sealed", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("no database"));
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((done, fail) => {
      const change = database.transaction(STORE, mode);
      const asked = act(change.objectStore(STORE));
      change.oncomplete = () => done(asked.result);
      change.onerror = () => fail(change.error ?? new Error("not kept"));
      change.onabort = change.onerror;
    });
  } finally {
    database.close();
  }
}

/** Under the workspace and the member: two members of one browser have a device each. */
export const keptDevice = (owner: string): Promise<KeptDevice | undefined> => within<KeptDevice | undefined>("readonly", (store) => store.get(owner) as IDBRequest<KeptDevice | undefined>);
export const keepDevice = (owner: string, kept: KeptDevice): Promise<IDBValidKey> => within("readwrite", (store) => store.put(kept, owner));
export const forgetDevice = (owner: string): Promise<undefined> => within("readwrite", (store) => store.delete(owner));
