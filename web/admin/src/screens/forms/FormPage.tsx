import { useParams } from "react-router";
import { useTranslation } from "react-i18next";
import { to } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { useMay } from "@/app/session";
import { Builder } from "./Builder";
import { useForm } from "./server";

/** One form: its builder beside a live preview. */
export default function FormPage() {
  const { t } = useTranslation("app_forms");
  const { id = "" } = useParams();
  const form = useForm(id);
  const may = useMay();
  if (form.data && may("forms:read")) return <Builder key={id} form={form.data} />;
  return (
    <Page title={t("form")} above={[{ label: t("title"), href: to("/forms") }]} permission="forms:read">
      <Loaded query={form}>{() => null}</Loaded>
    </Page>
  );
}
