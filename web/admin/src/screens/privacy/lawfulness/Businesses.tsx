import { Button, Text } from "@mantine/core";
import { BriefcaseBusiness } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { Adding } from "@/ui/Adding";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { useCodes } from "../registers/codes";

/** The business activities that campaigns to people who did not ask belong to. */
export default function Businesses() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write");
  const activities = api.useQuery("get", "/v1/privacy/business-activities", {});
  const retire = (id: string, code: string) =>
    confirm({
      title: t("businesses.retire"), text: t("businesses.retire_text", { code }), button: t("businesses.retire"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.POST("/v1/privacy/business-activities/{id}/retire", { params: { path: { id } } });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  const send = async (body: Record<"code" | "description" | "register", string>) => {
    const { error } = await fetchClient.POST("/v1/privacy/business-activities", { body });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Adding title={t("businesses.title")} about={t("businesses.about")} add={t("businesses.add")} may={may} dialogue={(close) => (
      <Dialog title={t("businesses.add")} initial={{ code: "", description: "", register: "" }} button={t("businesses.add")} send={send} close={close} fields={[
        { name: "code", label: t("businesses.code"), note: t("businesses.code_note"), code: true, needed: true },
        { name: "description", label: t("businesses.description"), kind: "text", needed: true },
        { name: "register", label: t("businesses.register"), note: t("businesses.register_note") },
      ]} />
    )}>
      <Loaded query={activities}>
        {({ items }) => (
          <DataTable label={t("businesses.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={BriefcaseBusiness} title={t("businesses.none")} text={t("businesses.none_text")} />} columns={[
            { key: "code", title: t("businesses.code"), cell: ({ code, description }) => <><Ltr>{code}</Ltr><Text size="xs" c="dimmed" dir="auto">{description}</Text></> },
            { key: "register", title: t("businesses.register"), cell: ({ register }) => <bdi>{register || "–"}</bdi> },
            { key: "state", title: t("state"), cell: ({ retired_at }) => <Status tone={retired_at ? "off" : "good"}>{say("state", retired_at ? "retired" : "active")}</Status> },
            { key: "act", title: "", cell: ({ id, code, retired_at }) => may && !retired_at && <Button size="compact-sm" variant="subtle" color="red" onClick={() => retire(id, code)}>{t("businesses.retire")}</Button> },
          ]} />
        )}
      </Loaded>
    </Adding>
  );
}
