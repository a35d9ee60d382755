import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Menu, Stack, Text } from "@mantine/core";
import { Archive, ArchiveRestore, ClipboardList, Copy, Ellipsis, ExternalLink, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told, undoable } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { DirIcon } from "@/ui/text";
import { BookingsPage } from "../BookingsPage";
import { makeEventType, saveEventType, useEventTypes, useHosts } from "../server";
import type { EventType } from "../shapes";
import { useLength, useTitle } from "../words";
import { complete, draftOf, kindOf } from "./draft";

/** Everything that can be booked. */
export default function EventTypes() {
  const { t } = useTranslation("app_bookings");
  const manages = useMay()("bookings:manage");
  const navigate = useNavigate();
  const types = useEventTypes();
  const columns = useColumns();
  const [archived, setArchived] = useUrlState("archived");
  useShortcuts({ KeyC: () => void navigate(to("/bookings/types/new")) }, manages);
  return (
    <BookingsPage code="types" actions={manages && <Button component={Link} to={to("/bookings/types/new")} leftSection={<Plus aria-hidden size={16} />}>{t("type.new")}</Button>}>
      <Loaded query={types}>
        {({ items }) => (
          <Stack gap="sm">
            {items.some(({ state }) => state === "archived") && <Checkbox label={t("archived.show")} checked={archived === "yes"} onChange={(event) => setArchived(event.currentTarget.checked ? "yes" : "")} />}
            <DataTable label={t("place.types")} columns={columns} rows={items.filter(({ state }) => archived === "yes" || state !== "archived")} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/bookings/types/${id}`))}
              empty={<Nothing icon={ClipboardList} title={t("types.none")} text={t("types.none.text")} action={manages ? { label: t("type.new"), href: to("/bookings/types/new") } : undefined} />} />
          </Stack>
        )}
      </Loaded>
    </BookingsPage>
  );
}

function useColumns(): Array<Column<EventType>> {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const title = useTitle();
  const length = useLength();
  const hosts = useHosts();
  const host = (id: string) => hosts.data?.items.find((one) => one.id === id)?.name ?? t("host.gone");
  return [
    { key: "title", title: t("column.what"), cell: (type) => (
      <Group gap="xs"><Anchor component={Link} to={to(`/bookings/types/${type.id}`)} fw={600} size="sm"><bdi>{title(type)}</bdi></Anchor>{type.state !== "active" && <Status tone={type.state === "hidden" ? "held" : "off"}>{t(`type.${type.state}`)}</Status>}</Group>
    ) },
    { key: "kind", title: t("type.kind"), cell: ({ definition }) => <Badge color="gray">{t(`kind.${kindOf(complete(definition))}`)}</Badge> },
    { key: "length", title: t("new.duration"), cell: ({ definition }) => { const { duration, durations } = complete(definition); return [...new Set([duration, ...durations])].map((minutes) => length(minutes, "short")).join(" / "); } },
    { key: "hosts", title: t("hosts"), cell: ({ definition }) => { const all = complete(definition).hosts; return <Text size="sm"><bdi>{format.list(all.slice(0, 3).map((one) => host(one.host)))}</bdi>{all.length > 3 && ` +${format.number(all.length - 3)}`}</Text>; }, wideOnly: true },
    { key: "page", title: t("type.page"), cell: (type) => type.state === "archived" ? "–" : <Anchor href={type.url} target="_blank" rel="noreferrer" size="sm" aria-label={t("type.open", { name: title(type) })}><Group gap={4} wrap="nowrap" component="span"><span>{t("type.open.short")}</span><DirIcon icon={ExternalLink} size={14} /></Group></Anchor> },
    { key: "actions", title: t("actions"), width: 56, cell: (type) => <RowMenu type={type} /> },
  ];
}

function RowMenu({ type }: { type: EventType }) {
  const { t } = useTranslation("app_bookings");
  const manages = useMay()("bookings:manage");
  const navigate = useNavigate();
  const title = useTitle();
  if (!manages) return null;
  const name = title(type);
  const copy = async () => {
    const { slug, definition } = draftOf(type);
    const named = (text: string) => (text ? t("copy_of", { name: text }) : "");
    const made = await makeEventType({ slug: `${slug}-${Date.now().toString(36).slice(-4)}`, state: "hidden", definition: { ...definition, en: { ...definition.en, title: named(definition.en.title) }, ar: { ...definition.ar, title: named(definition.ar.title) } } });
    told(t("type.copied"));
    void navigate(to(`/bookings/types/${made.id}`));
  };
  const put = (state: EventType["state"], version: number) => saveEventType(type.id, { state, version });
  const change = (state: EventType["state"], said: string) => put(state, type.version).then(({ version }) => undoable(said, () => void put(type.state, version).catch(refused)), refused);
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("type.more", { name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Copy aria-hidden size={16} />} onClick={() => void copy().catch(refused)}>{t("duplicate")}</Menu.Item>
        {type.state === "archived"
          ? <Menu.Item leftSection={<ArchiveRestore aria-hidden size={16} />} onClick={() => void change("active", t("type.restored", { name }))}>{t("restore")}</Menu.Item>
          : <Menu.Item leftSection={<Archive aria-hidden size={16} />} onClick={() => void change("archived", t("type.archived.done", { name }))}>{t("archive")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
