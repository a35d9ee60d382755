/** What kind of actor an id or a word names: `usr_…` is a member, `key_…` a program. */
export function actorKind(actor: string): string {
  if (actor.startsWith("usr_")) return "member";
  if (actor.startsWith("key_")) return "key";
  return actor;
}
