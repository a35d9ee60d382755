import { ActionIcon, Button, Menu } from "@mantine/core";
import { Archive, ArchiveRestore, Download, EllipsisVertical, Eraser, FileBadge, Hand, Merge as MergeIcon, Scale } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { refused, undoable } from "@/ui/notify";
import type { Contact } from "../../shapes";
import { Basis } from "./Basis";
import { Erase } from "./Erase";
import { Export } from "./Export";
import { Merge } from "./Merge";
import { Objection } from "./Objection";
import { Receipts } from "./Receipts";

type Dialogue = "export" | "receipts" | "merge" | "basis" | "object" | "erase";

async function putAside(id: string, archived: boolean) {
  const { error } = await fetchClient.PATCH("/v1/contacts/{id}", { params: { path: { id } }, body: { archived } });
  if (error) refused(error);
  await stale("/v1/contacts");
  return !error;
}

/** What can be done about one person, by what the member may do. */
export function Actions({ person }: { person: Contact }) {
  const { t } = useTranslation(["app_contact", "app_shell"]);
  const may = useMay();
  const [open, setOpen] = useState<Dialogue | null>(null);
  const close = () => setOpen(null);
  const archive = async () => {
    const next = !person.archived;
    if (await putAside(person.id, next)) undoable(t(next ? "archived" : "unarchived"), () => void putAside(person.id, !next));
  };
  const privacy = may("privacy:write");
  const reads = may("privacy:read");
  return (
    <>
      {reads && <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={() => setOpen("export")}>{t("export")}</Button>}
      <Menu position="bottom-end" width={260}>
        <Menu.Target><ActionIcon variant="default" aria-label={t("app_shell:more")}><EllipsisVertical aria-hidden size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {may("contacts:write") && <Menu.Item leftSection={<Scale aria-hidden size={16} />} onClick={() => setOpen("basis")}>{t("basis")}</Menu.Item>}
          {reads && <Menu.Item leftSection={<FileBadge aria-hidden size={16} />} onClick={() => setOpen("receipts")}>{t("receipts")}</Menu.Item>}
          {privacy && <Menu.Item leftSection={<Hand aria-hidden size={16} />} onClick={() => setOpen("object")}>{t("object")}</Menu.Item>}
          {may("contacts:write") && <>
            <Menu.Item leftSection={<MergeIcon aria-hidden size={16} className="dir-icon" />} onClick={() => setOpen("merge")}>{t("merge")}</Menu.Item>
            <Menu.Item leftSection={person.archived ? <ArchiveRestore aria-hidden size={16} /> : <Archive aria-hidden size={16} />} onClick={() => void archive()}>{t(person.archived ? "unarchive" : "archive")}</Menu.Item>
          </>}
          {may("contacts:erase") && <><Menu.Divider /><Menu.Item color="red" leftSection={<Eraser aria-hidden size={16} />} onClick={() => setOpen("erase")}>{t("erase")}</Menu.Item></>}
        </Menu.Dropdown>
      </Menu>
      {open === "export" && <Export person={person} close={close} />}
      {open === "receipts" && <Receipts id={person.id} close={close} />}
      {open === "merge" && <Merge person={person} close={close} />}
      {open === "basis" && <Basis id={person.id} close={close} />}
      {open === "object" && <Objection id={person.id} close={close} />}
      {open === "erase" && <Erase person={person} close={close} />}
    </>
  );
}
