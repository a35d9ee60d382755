import { Button } from "@mantine/core";
import { ClipboardPaste, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useUrlState } from "@/app/place";
import { useShortcuts } from "@/app/shortcuts";
import { Tabs } from "@/ui/Tabs";
import { MessagingPage } from "../MessagingPage";
import { Elsewhere } from "./Elsewhere";
import { ImportDialog } from "./ImportDialog";
import { Inventory } from "./Inventory";
import { LookUp } from "./LookUp";
import { NumberDialog } from "./NumberDialog";
import type { OwnNumber } from "./server";

/** The organisation's own numbers, where what comes to them goes, and what is known of anybody's number. */
export default function Numbers() {
  const { t } = useTranslation("app_numbers");
  const may = useMay();
  const writes = may("routes:write");
  const [tab] = useUrlState("tab", may("routes:read") ? "inventory" : "lookup");
  const [open, setOpen] = useState<OwnNumber | "new" | "import" | null>(null);
  const close = () => setOpen(null);
  useShortcuts({ KeyC: () => setOpen("new") }, writes);
  const actions = writes && tab === "inventory" && (
    <>
      <Button variant="default" leftSection={<ClipboardPaste aria-hidden size={16} />} onClick={() => setOpen("import")}>{t("import")}</Button>
      <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen("new")}>{t("add")}</Button>
    </>
  );
  return (
    <MessagingPage code="numbers" actions={actions}>
      <Tabs label={t("tabs")} tabs={[
        ...(may("routes:read") ? [{ code: "inventory", label: t("inventory"), body: () => <Inventory edit={setOpen} add={() => setOpen("new")} /> }] : []),
        ...(may("messages:send") ? [{ code: "lookup", label: t("lookup"), body: () => <LookUp /> }] : []),
        ...(may("routes:read") ? [{ code: "elsewhere", label: t("elsewhere"), body: () => <Elsewhere /> }] : []),
      ]} />
      {open === "import" && <ImportDialog close={close} />}
      {open !== null && open !== "import" && <NumberDialog number={open === "new" ? null : open} close={close} />}
    </MessagingPage>
  );
}
