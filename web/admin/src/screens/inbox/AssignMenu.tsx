import { Menu, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Check, UsersRound } from "lucide-react";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Dialog } from "@/ui/Dialog";
import { undoable } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { act, acts } from "./actions";
import { agents, groups, statusOf, type Full, type GroupName } from "./api";

const TONE = { accepting: "good", not_accepting: "held", offline: "off" } as const;

/** Whose conversation it is: mine, another member's, or a group's. */
export function AssignMenu({ full, opened, change, children }: { full: Full; opened: boolean; change: (open: boolean) => void; children: ReactElement }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const { user } = useSession();
  const members = useQuery({ ...agents(), enabled: opened });
  const teams = useQuery({ ...groups(), enabled: opened });
  const { id, assignee, group } = full;
  const before = assignee?.kind === "agent" ? assignee.id : null;
  const give = async (to: string | null, name: string) => {
    if (await act(acts.assign(id, { user: to }))) undoable(t("assigned.done", { name }), () => void act(acts.assign(id, { user: before })));
  };
  const [passing, pass] = useState<GroupName | null>(null);
  return (
    <>
      <Menu opened={opened} onChange={change} position="bottom-end">
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
          {before !== user.id && <Menu.Item onClick={() => void act(acts.take(id))}>{t("assign.me")}</Menu.Item>}
          {before && <Menu.Item onClick={() => void give(null, t("nobody"))}>{t("assign.nobody")}</Menu.Item>}
          <Menu.Label>{t("members")}</Menu.Label>
          {(members.data?.items ?? []).map((one) => (
            <Menu.Item key={one.id} leftSection={one.id === before ? <Check aria-hidden size={14} /> : <span style={{ width: 14, display: "inline-block" }} />}
              rightSection={<Status tone={TONE[statusOf(one)]}>{t(`status.${statusOf(one)}`)}</Status>} onClick={() => void give(one.id, one.name)}>
              <bdi>{one.name}</bdi> <Text span size="xs" c="dimmed">{t("status.load", { n: format.number(one.chats), of: format.number(one.limit) })}</Text>
            </Menu.Item>
          ))}
          <Menu.Label>{t("transfer.group")}</Menu.Label>
          {(teams.data?.items ?? []).map((one) => <Menu.Item key={one.id} leftSection={one.id === group ? <Check aria-hidden size={14} /> : <UsersRound aria-hidden size={14} />} onClick={() => pass(one)}><bdi>{one.name}</bdi></Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      {passing && (
        <Dialog title={t("transfer.to", { name: passing.name })} close={() => pass(null)} button={t("transfer")} initial={{ note: "" }} fields={[{ name: "note", label: t("transfer.note"), note: t("note.about"), kind: "text" }]}
          send={({ note }) => act(acts.transfer(id, { group: passing.id, ...(note.trim() ? { note: note.trim() } : {}) }))} />
      )}
    </>
  );
}
