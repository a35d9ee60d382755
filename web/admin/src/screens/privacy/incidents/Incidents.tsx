import { Anchor, Stack, Text } from "@mantine/core";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { Adding } from "@/ui/Adding";
import { DataTable } from "@/ui/DataTable";
import { Dialog, instantOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import { useChoices, useCodes } from "../registers/codes";
import { Clocks } from "./Clocks";
import { BLANK, type IncidentView } from "./model";

/** What went wrong with personal data, and by when whom to tell. */
export default function Incidents() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const navigate = useNavigate();
  const may = useMay()("privacy:write");
  const [cursor, setCursor] = useUrlState("from");
  const incidents = api.useQuery("get", "/v1/privacy/incidents", { params: { query: { limit: 25, cursor: cursor || undefined } } });
  return (
    <Adding title={t("incidents.title")} about={t("incidents.about")} add={t("incidents.add")} may={may} dialogue={(close) => <Add close={close} />}>
      <Loaded query={incidents}>
        {({ items, next }) => (
          <DataTable label={t("incidents.title")} rows={items as IncidentView[]} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/privacy/incidents/${id}`))}
            empty={<Nothing icon={ShieldCheck} title={t("incidents.none")} text={t("incidents.none_text")} />}
            footer={(next || cursor) && <Pager back={cursor ? () => setCursor("") : undefined} on={next ? () => setCursor(next) : undefined} />} columns={[
              { key: "title", title: t("incidents.what"), cell: ({ id, title, kind }) => <Stack gap={0}><Anchor component={Link} to={to(`/privacy/incidents/${id}`)} size="sm"><bdi>{title}</bdi></Anchor><Text size="xs" c="dimmed">{say("incident", kind)}</Text></Stack> },
              { key: "state", title: t("state"), cell: ({ state }) => <Status tone={state === "closed" ? "off" : "attention"}>{say("state", state)}</Status> },
              { key: "clocks", title: t("incidents.clocks"), cell: ({ clocks, state }) => state === "closed" ? "–" : <Clocks clocks={clocks} /> },
              { key: "at", title: t("incidents.discovered"), cell: ({ discovered_at }) => <When at={discovered_at} /> },
            ]} />
        )}
      </Loaded>
    </Adding>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation("app_registers");
  const choices = useChoices();
  const navigate = useNavigate();
  const send = async ({ title, description, kind, discovered_at }: Record<"title" | "description" | "kind" | "discovered_at", string>) => {
    const { data, error } = await fetchClient.POST("/v1/privacy/incidents", { body: { kind, discovered_at: instantOf(discovered_at), details: { ...BLANK, title, description } } });
    if (error) throw error;
    await stale("/v1/privacy");
    void navigate(to(`/privacy/incidents/${(data as IncidentView).id}`));
  };
  return (
    <Dialog title={t("incidents.add")} about={t("incidents.add_about")} initial={{ title: "", description: "", kind: "breach", discovered_at: "" }} button={t("incidents.add")} send={send} close={close} fields={[
      { name: "title", label: t("incidents.what"), needed: true },
      { name: "kind", label: t("incidents.kind"), kind: "choice", choices: choices("incident", ["breach", "exposure_risk"]), needed: true },
      { name: "discovered_at", label: t("incidents.discovered"), note: t("incidents.discovered_note"), kind: "moment" },
      { name: "description", label: t("incidents.description"), kind: "text" },
    ]} />
  );
}
