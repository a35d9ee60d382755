import { ActionIcon, Anchor, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { Cable, CirclePause, CirclePlay, Ellipsis, Pencil, Plus, Trash2, Waypoints } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { apart, useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { useCodes } from "../../codes";
import { CallsPage } from "../CallsPage";
import { dropTrunk, saveTrunk, useTrunks, type Trunk } from "../server";
import { TrunkDialog } from "./TrunkDialog";

/** The accounts at operators of calls, and whether they stand. */
export default function Trunks() {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const writes = useMay()("routes:write");
  const trunks = useTrunks();
  const [editing, setEditing] = useState<Trunk | "new" | null>(null);
  useShortcuts({ KeyC: () => setEditing("new") }, writes);
  const columns = [
    { key: "name", title: t("trunk.name"), cell: (trunk: Trunk) => (
      <Stack gap={0}>
        {writes ? <Anchor component="button" type="button" fw={600} ta="start" onClick={() => setEditing(trunk)}><bdi>{trunk.name}</bdi></Anchor> : <Text fw={600}><bdi>{trunk.name}</bdi></Text>}
        <Text size="xs" c="dimmed"><Ltr>{`${trunk.access.user ? `${trunk.access.user}@` : ""}${trunk.access.host}:${trunk.access.port}`}</Ltr></Text>
      </Stack>
    ) },
    { key: "state", title: t("state"), cell: (trunk: Trunk) => <Standing trunk={trunk} /> },
    { key: "shows", title: t("trunk.shows"), cell: ({ rules: { caller_ids = [] } }: Trunk) => (caller_ids.length === 0 ? "–" : <Stack gap={0}>{caller_ids.map((number) => <Ltr key={number}>{number}</Ltr>)}</Stack>) },
    { key: "takes", title: t("trunk.takes"), wideOnly: true, cell: ({ rules: { prefixes = [] } }: Trunk) => (prefixes.length === 0 ? t("trunk.takes.all") : <Ltr>{prefixes.map((prefix) => `+${prefix}`).join(", ")}</Ltr>) },
    { key: "calls", title: t("trunk.calls"), numeric: true, cell: ({ calls, rules: { max_calls } }: Trunk) => (max_calls === undefined ? format.number(calls) : t("trunk.calls.of", { n: format.number(calls), of: format.number(max_calls) })) },
    { key: "changed", title: t("changed"), wideOnly: true, cell: ({ updated_at }: Trunk) => <When at={updated_at} /> },
    ...(writes ? [{ key: "actions", title: t("actions"), width: 56, cell: (trunk: Trunk) => <Actions trunk={trunk} edit={() => setEditing(trunk)} /> }] : []),
  ];
  return (
    <CallsPage part="trunks" actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("trunk.new")}</Button>}>
      <Loaded query={trunks}>
        {({ items }) => (
          <DataTable label={t("part.trunks")} columns={columns} rows={items} rowKey={({ id }) => id} open={writes ? setEditing : undefined}
            empty={<Nothing icon={Cable} title={t("trunks.none")} text={t("trunks.none.text")} action={writes ? { label: t("trunk.new"), act: () => setEditing("new") } : undefined} />} />
        )}
      </Loaded>
      {editing && <TrunkDialog trunk={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </CallsPage>
  );
}

const TONE: Record<string, Tone> = { off: "off", ready: "good", trying: "busy", registered: "good", refused: "bad", unreachable: "bad" };

/** Whether calls can go over it at this moment, and if not, what the operator said. */
function Standing({ trunk: { state, standing, refused } }: { trunk: Trunk }) {
  const { t } = useTranslation("app_calls");
  const codes = useCodes("app_calls");
  if (state === "paused") return <Status tone="held">{t("trunk.state.paused")}</Status>;
  return (
    <Stack gap={2} align="flex-start">
      <Group gap={4}><Status tone={TONE[standing] ?? "waiting"}>{codes("standing", standing)}</Status>{state === "draining" && <Status tone="attention">{t("trunk.state.draining")}</Status>}</Group>
      {refused !== null && refused !== undefined && <Text size="xs" c="dimmed" maw={260}>{codes("sip", String(refused))} <Ltr>{`(SIP ${refused})`}</Ltr></Text>}
      {standing === "off" && <Text size="xs" c="dimmed" maw={260}>{t("standing.off.text")}</Text>}
    </Stack>
  );
}

function Actions({ trunk, edit }: { trunk: Trunk; edit: () => void }) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const format = useFormat();
  const name = apart(trunk.name);
  const put = (state: "active" | "draining" | "paused") => void saveTrunk(trunk.id, { state }).then(() => told(t(`trunk.now.${state}`, { name })), refused);
  const remove = () => confirm({
    title: t("trunk.delete.title", { name }), button: t("app_shell:delete"), destroys: true,
    text: <Stack gap="xs"><Text size="sm">{t("trunk.delete.text")}</Text>{trunk.calls > 0 && <Text size="sm" fw={600}>{t("trunk.delete.calls", { count: trunk.calls, n: format.number(trunk.calls) })}</Text>}</Stack>,
    act: async () => { await dropTrunk(trunk.id); told(t("trunk.deleted", { name })); },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name: trunk.name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={edit}>{t("app_shell:edit")}</Menu.Item>
        {trunk.state !== "active" && <Menu.Item leftSection={<CirclePlay aria-hidden size={16} />} onClick={() => put("active")}>{t("trunk.resume")}</Menu.Item>}
        {trunk.state === "active" && <Menu.Item leftSection={<Waypoints aria-hidden size={16} />} onClick={() => put("draining")}>{t("trunk.drain")}</Menu.Item>}
        {trunk.state !== "paused" && <Menu.Item leftSection={<CirclePause aria-hidden size={16} />} onClick={() => put("paused")}>{t("trunk.pause")}</Menu.Item>}
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={remove}>{t("app_shell:delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
