import { ActionIcon, Anchor, Group, Menu, Stack, Text } from "@mantine/core";
import { CirclePause, CirclePlay, Ellipsis, Pencil, Plus, Route, Trash2, Waypoints } from "lucide-react";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { apart, useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { dropWay, saveWay, useWays, type Way } from "../server";
import { WayDialog } from "./WayDialog";

/** The accounts at operators, with how their sessions stand. */
export function WayList() {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const writes = useMay()("routes:write");
  const ways = useWays();
  const [editing, setEditing] = useState<Way | "new" | null>(null);
  const columns = [
    { key: "name", title: t("route.name"), cell: (way: Way) => (
      <Stack gap={0}>
        {writes ? <Anchor component="button" type="button" fw={600} ta="start" onClick={() => setEditing(way)}><bdi>{way.name}</bdi></Anchor> : <Text fw={600}><bdi>{way.name}</bdi></Text>}
        <Text size="xs" c="dimmed"><Ltr>{`${way.access.system_id}@${way.access.host}:${way.access.port}`}</Ltr></Text>
      </Stack>
    ) },
    { key: "state", title: t("column.state"), cell: (way: Way) => <Standing way={way} /> },
    { key: "numbers", title: t("route.takes"), cell: ({ rules }: Way) => (
      <Stack gap={0}>
        {(rules.prefixes ?? []).length === 0 && (rules.networks ?? []).length === 0 && <Text size="sm">{t("route.takes.all")}</Text>}
        {(rules.prefixes ?? []).length > 0 && <Text size="sm">{t("route.prefixes")}: <Ltr>{(rules.prefixes ?? []).map((prefix) => `+${prefix}`).join(", ")}</Ltr></Text>}
        {(rules.networks ?? []).length > 0 && <Text size="sm">{t("route.networks")}: <Ltr>{(rules.networks ?? []).join(", ")}</Ltr></Text>}
      </Stack>
    ) },
    { key: "priority", title: t("route.priority"), numeric: true, cell: ({ rules }: Way) => format.number(rules.priority ?? 10) },
    { key: "weight", title: t("route.weight"), numeric: true, wideOnly: true, cell: ({ rules }: Way) => format.number(rules.weight ?? 1) },
    { key: "pace", title: t("route.per_second"), numeric: true, wideOnly: true, cell: ({ access }: Way) => format.number(access.per_second) },
    { key: "since", title: t("changed"), wideOnly: true, cell: ({ updated_at }: Way) => <When at={updated_at} /> },
    ...(writes ? [{ key: "actions", title: t("actions"), width: 56, cell: (way: Way) => <Actions way={way} edit={() => setEditing(way)} /> }] : []),
  ];
  return (
    <Stack>
      {writes && <Group justify="flex-end"><Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("route.new")}</Button></Group>}
      <Loaded query={ways}>
        {({ items }) => (
          <DataTable label={t("routes")} columns={columns} rows={items} rowKey={({ id }) => id} open={writes ? setEditing : undefined}
            empty={<Nothing icon={Route} title={t("routes.none")} text={t("routes.none.text")} action={writes ? { label: t("route.new"), act: () => setEditing("new") } : undefined} />} />
        )}
      </Loaded>
      {editing && <WayDialog way={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </Stack>
  );
}

/** Whether a route carries anything at this moment, and if not, what the operator said. */
function Standing({ way }: { way: Way }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  if (way.state === "paused") return <Status tone="held">{t("route.state.paused")}</Status>;
  const up = way.binds_up > 0;
  return (
    <Stack gap={2}>
      <Group gap={4}>
        <Status tone={up ? "good" : way.refused ? "bad" : "waiting"}>{up ? t("route.up", { count: way.binds_up, n: format.number(way.binds_up) }) : way.refused ? t("route.refused") : t("route.down")}</Status>
        {way.state === "draining" && <Status tone="attention">{t("route.state.draining")}</Status>}
      </Group>
      {!up && way.refused && <Text size="xs" c="dimmed" maw={260}><Ltr>{way.refused}</Ltr></Text>}
    </Stack>
  );
}

function Actions({ way, edit }: { way: Way; edit: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const put = (state: "active" | "draining" | "paused") => void saveWay(way.id, { state }).then(() => told(t(`route.now.${state}`, { name: apart(way.name) })), refused);
  const remove = () => confirm({
    title: t("route.delete.title", { name: apart(way.name) }), text: t("route.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropWay(way.id); told(t("route.deleted", { name: apart(way.name) })); },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name: way.name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={edit}>{t("app_shell:edit")}</Menu.Item>
        {way.state !== "active" && <Menu.Item leftSection={<CirclePlay aria-hidden size={16} />} onClick={() => put("active")}>{t("route.resume")}</Menu.Item>}
        {way.state === "active" && <Menu.Item leftSection={<Waypoints aria-hidden size={16} />} onClick={() => put("draining")}>{t("route.drain")}</Menu.Item>}
        {way.state !== "paused" && <Menu.Item leftSection={<CirclePause aria-hidden size={16} />} onClick={() => put("paused")}>{t("route.pause")}</Menu.Item>}
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={remove}>{t("app_shell:delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
