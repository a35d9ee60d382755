import { Button, Checkbox, Group, Text } from "@mantine/core";
import { DoorOpen, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useMembership } from "@/app/session";
import { useUrlState } from "@/app/place";
import { DataTable } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, undoable } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { BookingsPage } from "./BookingsPage";
import { makeResource, saveResource, useResources } from "./server";
import type { Resource } from "./shapes";
import { homeZone, isZone, zones } from "./zone";

/** Rooms, chairs, cars: what a booking needs besides people, each with a calendar of its own. */
export default function Resources() {
  const { t } = useTranslation("app_bookings");
  const manages = useMay()("bookings:manage");
  const resources = useResources();
  const [editing, setEditing] = useState<Resource | "new" | null>(null);
  const [archived, setArchived] = useUrlState("archived");
  const put = (resource: Resource, away: boolean) => saveResource(resource.id, { name: resource.name, timezone: resource.timezone, archived: away });
  const archive = (resource: Resource, away: boolean) => put(resource, away).then(() => undoable(t(away ? "resource.archived" : "resource.restored", { name: resource.name }), () => void put(resource, !away).catch(refused)), refused);
  return (
    <BookingsPage code="resources" actions={manages && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("resource.new")}</Button>}>
      <Loaded query={resources}>
        {({ items }) => (
          <>
            {items.some(({ archived_at }) => archived_at) && <Checkbox label={t("archived.show")} checked={archived === "yes"} onChange={(event) => setArchived(event.currentTarget.checked ? "yes" : "")} />}
            <DataTable label={t("place.resources")} rows={items.filter(({ archived_at }) => archived === "yes" || !archived_at)} rowKey={({ id }) => id}
              empty={<Nothing icon={DoorOpen} title={t("resources.none")} text={t("resources.none.text")} action={manages ? { label: t("resource.new"), act: () => setEditing("new") } : undefined} />} columns={[
                { key: "name", title: t("resource.name"), cell: ({ name, archived_at }) => <Group gap="xs"><Text size="sm" fw={600}><bdi>{name}</bdi></Text>{archived_at && <Status tone="off">{t("archived")}</Status>}</Group> },
                { key: "zone", title: t("schedule.zone"), cell: ({ timezone }) => <Ltr>{timezone.replaceAll("_", " ")}</Ltr> },
                { key: "since", title: t("since"), cell: ({ created_at }) => <When at={created_at} />, wideOnly: true },
                ...(manages ? [{ key: "actions", title: t("actions"), cell: (resource: Resource) => (
                  <Group gap={4}>
                    {!resource.archived_at && <Button size="compact-sm" variant="subtle" aria-label={`${t("change")} ${resource.name}`} onClick={() => setEditing(resource)}>{t("change")}</Button>}
                    <Button size="compact-sm" variant="subtle" color="gray" aria-label={`${t(resource.archived_at ? "restore" : "archive")} ${resource.name}`} onClick={() => void archive(resource, !resource.archived_at)}>{t(resource.archived_at ? "restore" : "archive")}</Button>
                  </Group>
                ) }] : []),
              ]} />
          </>
        )}
      </Loaded>
      {editing && <Edit resource={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </BookingsPage>
  );
}

function Edit({ resource, close }: { resource: Resource | null; close: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const { time_zone } = useMembership();
  const own = resource?.timezone ?? (time_zone && isZone(time_zone) ? time_zone : homeZone());
  return (
    <Dialog title={resource?.name ?? t("resource.new")} button={t("app_shell:save")} close={close} initial={{ name: resource?.name ?? "", timezone: own }}
      fields={[
        { name: "name", label: t("resource.name"), note: t("resource.name.note"), needed: true },
        { name: "timezone", label: t("schedule.zone"), kind: "choice", needed: true, choices: zones(own).map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })) },
      ]}
      send={(body) => (resource ? saveResource(resource.id, { ...body, archived: false }) : makeResource(body))} />
  );
}
