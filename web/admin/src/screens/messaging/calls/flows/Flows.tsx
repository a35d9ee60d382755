import { ActionIcon, Anchor, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { Copy, Ellipsis, Pencil, Plus, Trash2, Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { apart, useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { LanguageName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Ltr, When } from "@/ui/text";
import { CallsPage } from "../CallsPage";
import { dropFlow, makeFlow, useFlowNumbers, useFlows, type Flow } from "../server";

const placeOf = ({ id }: Flow) => to(`/messaging/flows/${id}`);
const NEW = "/messaging/flows/new";

/** What happens in calls: every flow, and whose calls it answers. */
export default function Flows() {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const navigate = useNavigate();
  const writes = useMay()("calls:write");
  const flows = useFlows();
  useShortcuts({ KeyC: () => void navigate(to(NEW)) }, writes);
  const columns = [
    { key: "title", title: t("flow.title"), cell: (flow: Flow) => <Anchor component={Link} to={placeOf(flow)} fw={600}><bdi>{flow.flow.title || t("flow.untitled")}</bdi></Anchor> },
    { key: "steps", title: t("flow.steps"), numeric: true, cell: ({ flow }: Flow) => format.number(flow.steps.length) },
    { key: "language", title: t("flow.language"), cell: ({ flow }: Flow) => <LanguageName code={flow.language ?? "en"} /> },
    { key: "numbers", title: t("flow.numbers"), cell: (flow: Flow) => <Numbers id={flow.id} /> },
    { key: "changed", title: t("changed"), wideOnly: true, cell: ({ updated_at }: Flow) => <When at={updated_at} /> },
    ...(writes ? [{ key: "actions", title: t("actions"), width: 56, cell: (flow: Flow) => <Actions flow={flow} /> }] : []),
  ];
  return (
    <CallsPage part="flows" actions={writes && <Button component={Link} to={to(NEW)} leftSection={<Plus aria-hidden size={16} />}>{t("flow.new")}</Button>}>
      <Loaded query={flows}>
        {({ items }) => (
          <DataTable label={t("part.flows")} columns={columns} rows={items} rowKey={({ id }) => id} open={(flow) => void navigate(placeOf(flow))}
            empty={<Nothing icon={Workflow} title={t("flows.none")} text={t("flows.none.text")} action={writes ? { label: t("flow.new"), href: to(NEW) } : undefined} />} />
        )}
      </Loaded>
    </CallsPage>
  );
}

function Numbers({ id }: { id: string }) {
  const { t } = useTranslation("app_calls");
  const { data } = useFlowNumbers(id);
  if (!data) return null;
  if (data.numbers.length === 0) return <Text size="sm" c="dimmed">{t("flow.numbers.none")}</Text>;
  return <Stack gap={0}>{data.numbers.map((number) => <Ltr key={number}>{number}</Ltr>)}</Stack>;
}

function Actions({ flow }: { flow: Flow }) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const navigate = useNavigate();
  const remove = useRemoveFlow();
  const name = flow.flow.title || t("flow.untitled");
  const copy = () => void makeFlow({ ...flow.flow, title: t("flow.copy.title", { name }) }).then((made) => { told(t("flow.copied")); void navigate(placeOf(made)); }, refused);
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={() => void navigate(placeOf(flow))}>{t("app_shell:edit")}</Menu.Item>
        <Menu.Item leftSection={<Copy aria-hidden size={16} />} onClick={copy}>{t("copy")}</Menu.Item>
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => remove(flow)}>{t("app_shell:delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Asks whether a flow shall go; nobody answers its numbers then. */
export function useRemoveFlow(): (flow: Flow, then?: () => void) => void {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const format = useFormat();
  return ({ id, flow }, then) => {
    const name = apart(flow.title || t("flow.untitled"));
    confirm({
      title: t("flow.delete.title", { name }), button: t("app_shell:delete"), destroys: true,
      text: <Group><Text size="sm">{t("flow.delete.text", { count: flow.steps.length, n: format.number(flow.steps.length) })}</Text></Group>,
      act: async () => { await dropFlow(id); told(t("flow.deleted", { name })); then?.(); },
    });
  };
}
