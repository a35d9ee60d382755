import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { agents, groups } from "@/screens/inbox/api";
import { bots } from "./server";
import type { Target } from "./shapes";

/** Where a conversation goes: a group, a member, or the assistant. */
export function TargetSelect({ label, target, change, clearable }: { label: string; target: Target; change: (target: Target) => void; clearable?: boolean }) {
  const { t } = useTranslation("app_chat");
  const teams = useQuery(groups());
  const members = useQuery(agents());
  const assistants = useQuery(bots());
  const options = (kind: keyof Target, items: ReadonlyArray<{ id: string; name: string }> = []) => items.map(({ id, name }) => ({ value: `${kind}:${id}`, label: name }));
  const data = [
    { group: t("target.groups"), items: options("group", teams.data?.items) },
    { group: t("target.members"), items: options("user", members.data?.items) },
    { group: t("target.bots"), items: options("bot", assistants.data?.items) },
  ].filter(({ items }) => items.length > 0);
  const kind = (["group", "user", "bot"] as const).find((one) => target[one]);
  return (
    <Select label={label} data={data} clearable={clearable} value={kind ? `${kind}:${target[kind]}` : null} searchable
      onChange={(value) => {
        const [name, id] = (value ?? "").split(":") as [keyof Target, string];
        change(value ? { [name]: id } : {});
      }} />
  );
}
