import { Anchor, Text } from "@mantine/core";
import { Cookie } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Adding } from "@/ui/Adding";
import { DataTable } from "@/ui/DataTable";
import { Dialog, entries } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { useCodes } from "../registers/codes";
import { BLANK } from "./design";

/** The web sites whose visitors are asked about cookies. */
export default function Cookies() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const navigate = useNavigate();
  const may = useMay()("privacy:write");
  const sites = api.useQuery("get", "/v1/cookie-sites", {});
  const send = async ({ name, hosts }: Record<"name" | "hosts", string>) => {
    const { data, error } = await fetchClient.POST("/v1/cookie-sites", { body: { name, design: { ...BLANK, hosts: entries(hosts) } } });
    if (error) throw error;
    await stale("/v1/cookie-sites");
    void navigate(to(`/privacy/cookies/${data.id}`));
  };
  return (
    <Adding title={t("cookies.title")} about={t("cookies.about")} add={t("cookies.add")} may={may} dialogue={(close) => (
      <Dialog title={t("cookies.add")} initial={{ name: "", hosts: "" }} button={t("cookies.add")} send={send} close={close} fields={[
        { name: "name", label: t("cookies.name"), needed: true },
        { name: "hosts", label: t("cookies.hosts"), note: t("cookies.hosts_note"), kind: "lines", code: true, needed: true },
      ]} />
    )}>
      <Loaded query={sites}>
        {({ items }) => (
          <DataTable label={t("cookies.title")} rows={items} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/privacy/cookies/${id}`))} empty={<Nothing icon={Cookie} title={t("cookies.none")} text={t("cookies.none_text")} />} columns={[
            { key: "name", title: t("cookies.name"), cell: ({ id, name, design }) => <><Anchor component={Link} to={to(`/privacy/cookies/${id}`)} size="sm"><bdi>{name}</bdi></Anchor><Text size="xs" c="dimmed"><Ltr>{design.hosts.join(", ")}</Ltr></Text></> },
            { key: "services", title: t("cookies.services"), numeric: true, cell: ({ design }) => format.number(design.services.length) },
            { key: "state", title: t("state"), cell: ({ archived_at }) => <Status tone={archived_at ? "off" : "good"}>{say("state", archived_at ? "retired" : "active")}</Status> },
            { key: "at", title: t("changed"), cell: ({ updated_at }) => <When at={updated_at} /> },
          ]} />
        )}
      </Loaded>
    </Adding>
  );
}
