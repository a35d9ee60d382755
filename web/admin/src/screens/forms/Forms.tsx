import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Menu, Stack, Text } from "@mantine/core";
import { Archive, ArchiveRestore, Copy, Ellipsis, FormInput, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Page } from "@/ui/Page";
import { Status } from "@/ui/Status";
import { refused, undoable } from "@/ui/notify";
import { complete, conversion } from "./definition";
import { archive, draftOfForm, make, useForms, useTopics, type Form } from "./server";

/** Every form with what it brought in the last 30 days. */
export default function Forms() {
  const { t } = useTranslation("app_forms");
  const may = useMay();
  const navigate = useNavigate();
  const writes = may("forms:write");
  useShortcuts({ KeyC: () => void navigate(to("/forms/new")) }, writes);
  const actions = writes && <Button component={Link} to={to("/forms/new")} leftSection={<Plus aria-hidden size={16} />}>{t("new")}</Button>;
  return (
    <Page title={t("title")} about={t("about")} permission="forms:read" actions={actions}>
      <FormTable />
    </Page>
  );
}

const ORDERS: Record<string, (form: Form) => string | number> = {
  name: ({ name }) => name,
  views: ({ last_30_days }) => last_30_days.views,
  submissions: ({ last_30_days }) => last_30_days.submissions,
  confirmed: ({ last_30_days }) => last_30_days.confirmed,
  conversion: ({ last_30_days }) => conversion(last_30_days) ?? -1,
};

function sorted(forms: Form[], sort: string, tag: string): Form[] {
  const down = sort.startsWith("-");
  const by = ORDERS[down ? sort.slice(1) : sort];
  if (!by) return [...forms].reverse();
  const order = (one: Form, other: Form) => {
    const [a, b] = [by(one), by(other)];
    return typeof a === "string" ? a.localeCompare(String(b), tag) : a - Number(b);
  };
  return [...forms].sort((one, other) => (down ? order(other, one) : order(one, other)));
}

function FormTable() {
  const { t } = useTranslation("app_forms");
  const may = useMay();
  const format = useFormat();
  const navigate = useNavigate();
  const forms = useForms();
  const columns = useColumns();
  const [archived, setArchived] = useUrlState("archived");
  const [sort, setSort] = useUrlState("sort");
  const all = archived === "yes";
  return (
    <Loaded query={forms}>
      {({ items }) => {
        const shown = items.filter(({ archived_at }) => all || !archived_at);
        const away = items.filter(({ archived_at }) => archived_at).length;
        const empty = <Nothing icon={FormInput} title={t("none")} text={t("none.text")} action={may("forms:write") ? { label: t("new"), href: to("/forms/new") } : undefined} />;
        return (
          <Stack gap="sm">
            {away > 0 && <Checkbox label={t("archived.show", { count: away, n: format.number(away) })} checked={all} onChange={(event) => setArchived(event.currentTarget.checked ? "yes" : "")} />}
            <DataTable label={t("title")} columns={columns} rows={sorted(shown, sort, format.tag)} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/forms/${id}`))} sort={sort} onSort={setSort} empty={empty}
              footer={<Text size="xs" c="dimmed">{t("last_30_days")}</Text>} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function useColumns(): Array<Column<Form>> {
  const { t } = useTranslation("app_forms");
  const format = useFormat();
  const topics = useTopics();
  const names = new Map(topics.data?.items.map(({ id, name }) => [id, name]));
  return [
    {
      key: "name", title: t("column.name"), sort: "name",
      cell: ({ id, name, archived_at }) => (
        <Group gap="xs"><Anchor component={Link} to={to(`/forms/${id}`)} fw={600}><bdi>{name}</bdi></Anchor>{archived_at && <Status tone="off">{t("archived")}</Status>}</Group>
      ),
    },
    { key: "kind", title: t("column.kind"), cell: ({ definition }) => <Badge color="gray">{t(`kind.${complete(definition).kind}`)}</Badge> },
    { key: "topic", title: t("column.topic"), wideOnly: true, cell: ({ topic }) => <bdi>{names.get(topic) ?? "–"}</bdi> },
    { key: "views", title: t("views"), numeric: true, sort: "views", cell: ({ last_30_days }) => format.number(last_30_days.views) },
    { key: "submissions", title: t("submissions"), numeric: true, sort: "submissions", cell: ({ last_30_days }) => format.number(last_30_days.submissions) },
    { key: "confirmed", title: t("confirmed"), numeric: true, sort: "confirmed", cell: ({ last_30_days }) => format.number(last_30_days.confirmed) },
    { key: "conversion", title: t("conversion"), numeric: true, sort: "conversion", cell: ({ last_30_days }) => { const share = conversion(last_30_days); return share === null ? "–" : format.percent(share); } },
    { key: "actions", title: t("column.actions"), width: 56, cell: (form) => <RowMenu form={form} /> },
  ];
}

function RowMenu({ form }: { form: Form }) {
  const { t } = useTranslation("app_forms");
  const writes = useMay()("forms:write");
  const navigate = useNavigate();
  const { id, name, archived_at } = form;
  if (!writes) return null;
  const copy = () => make({ ...draftOfForm(form), name: t("copy_of", { name }) }).then((made) => navigate(to(`/forms/${made.id}`)), refused);
  const away = () => archive(id, true).then(() => undoable(t("archive.done", { name }), () => void archive(id, false).catch(refused)), refused);
  const back = () => archive(id, false).then(() => undoable(t("restore.done", { name }), () => void archive(id, true).catch(refused)), refused);
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Copy aria-hidden size={16} />} onClick={() => void copy()}>{t("duplicate")}</Menu.Item>
        {archived_at
          ? <Menu.Item leftSection={<ArchiveRestore aria-hidden size={16} />} onClick={() => void back()}>{t("restore")}</Menu.Item>
          : <Menu.Item leftSection={<Archive aria-hidden size={16} />} onClick={() => void away()}>{t("archive")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
