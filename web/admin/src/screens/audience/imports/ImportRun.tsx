import { Button } from "@mantine/core";
import { FileUp, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { Page } from "@/ui/Page";
import { Outcome } from "./Outcome";

/** One import: it goes on without this page, and is found again here. */
export default function ImportRun() {
  const { t } = useTranslation("app_import");
  const { id = "" } = useParams();
  const one = api.useQuery("get", "/v1/imports/{id}", { params: { path: { id } } });
  const actions = (
    <>
      <Button variant="default" component={Link} to={to("/audience/import")} leftSection={<FileUp aria-hidden size={16} />}>{t("another")}</Button>
      {one.data && !one.data.dry_run && <Button component={Link} to={to(`/audience?topic=${one.data.topic}`)} leftSection={<Users aria-hidden size={16} />}>{t("show_people")}</Button>}
    </>
  );
  return (
    <Page title={t("run")} about={t("run.about")} above={[{ label: t("title"), href: to("/audience/import") }]} permission="contacts:import" actions={actions}>
      <Outcome id={id} />
    </Page>
  );
}
