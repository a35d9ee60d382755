interface Named { id: string; name: string }

/** A member's browser that may be given keys of encrypted chats. */
export interface Device {
  id: string;
  member: Named;
  name: string;
  public_key: string;
  fingerprint: string;
  state: "pending" | "approved" | "revoked";
  mine: boolean;
  added_at: string;
  approved_at: string | null;
  approved_by: Named | null;
  revoked_at: string | null;
}

export interface Devices { items: Device[]; can_approve: boolean; first: boolean }

/** One entry of the log of devices, which is only ever added to. */
export interface LogEntry {
  n: number;
  at: string;
  device: string;
  member: Named;
  action: "added" | "approved" | "approved_first" | "revoked";
  by: Named | null;
  by_device: string | null;
  fingerprint: string;
  hash: string;
}

export interface Share { recipient: string; enc: string; ciphertext: string }

/** What a member's device is told about a conversation's keys. */
export interface ConversationKeys {
  key_id: string | null;
  rotate: boolean;
  shares: Array<Share & { key_id: string; at: string }>;
  devices: Array<{ device: string; member: Named; public_key: string; fingerprint: string }>;
  reception: Array<{ reception: string; public_key: string }>;
  missing: string[];
}

export interface ReceptionKey {
  id: string;
  group: string | null;
  public_key: string;
  active: boolean;
  created_at: string;
  share: { enc: string; ciphertext: string } | null;
  missing: Array<{ device: string; public_key: string }>;
}
