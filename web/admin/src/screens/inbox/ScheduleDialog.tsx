import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, fetchClient, got, stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { LANGUAGES } from "@/i18n";
import { Dialog, entries } from "@/ui/Dialog";
import { told } from "@/ui/notify";
import { Waiting } from "@/ui/Waiting";
import { agents } from "./api";

const PATH = "/v1/conversation-reports/schedule";
const EVERY = ["day", "week", "month"] as const;

/** Who gets the report by mail, and how often. */
export function ScheduleDialog({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const format = useFormat();
  const { data } = api.useQuery("get", PATH);
  const members = useQuery(agents());
  if (!data || !members.data) return <Modal opened onClose={close} title={t("report.schedule")} closeButtonProps={{ "aria-label": t("app_shell:close") }}><Waiting /></Modal>;
  const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: format.time(new Date(2026, 0, 1, hour)) }));
  return (
    <Dialog title={t("report.schedule")} about={t("report.schedule.about", { zone: data.zone })} close={close} button={t("app_shell:save")}
      initial={{ every: data.every ?? "", to: data.to.join("\n"), language: data.language, hour: String(data.hour) }}
      fields={[
        { name: "every", label: t("report.every"), kind: "choice", choices: EVERY.map((value) => ({ value, label: t(`report.every.${value}`) })) },
        { name: "to", label: t("report.recipients"), kind: "many", choices: members.data.items.map(({ id, name }) => ({ value: id, label: name })) },
        { name: "language", label: t("language"), kind: "choice", needed: true, choices: Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })) },
        { name: "hour", label: t("report.hour"), kind: "choice", needed: true, choices: hours },
      ]}
      send={async ({ every, to, language, hour }) => {
        await got(fetchClient.PUT(PATH, { body: { every: every || null, to: entries(to), language, hour: Number(hour), zone: data.zone } }));
        await stale(PATH);
        told(t("app_shell:saved"));
      }} />
  );
}
