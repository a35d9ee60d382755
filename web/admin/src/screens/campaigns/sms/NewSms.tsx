import { Alert, Anchor, Button, Card, Group, Select, Stack, TextInput } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMembership } from "@/app/session";
import { isLanguage, LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { useTopics } from "../server";
import { TextBox } from "./TextBox";

/** Asks for a name, a topic and the words; everything else comes afterwards. */
export default function NewSms() {
  const { t, i18n } = useTranslation(["app_messaging", "app_campaigns"]);
  const navigate = useNavigate();
  const { language: home } = useMembership();
  const topics = useTopics();
  const open = (topics.data?.items ?? []).filter(({ archived_at }) => !archived_at);
  const form = useServerForm({ initialValues: { name: "", topic: "", text: "", language: isLanguage(home) ? home : i18n.language } });
  const { values } = form;
  const topic = values.topic || open[0]?.id || "";
  const make = form.send(async ({ name, text, language }) => {
    const { data, error } = await fetchClient.POST("/v1/campaigns", { body: { channel: "sms", name: name.trim(), topic, text, language } });
    if (error) throw error;
    await stale("/v1/campaigns");
    if (data) void navigate(to(`/campaigns/${data.id}`));
  });
  return (
    <form noValidate onSubmit={make}>
      <Stack gap="lg" maw={860}>
        {form.trouble !== null && <Failed error={form.trouble} />}
        {topics.data && open.length === 0 && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("app_campaigns:new.no_topic")} <Anchor component={Link} to={to("/audience/topics")}>{t("app_campaigns:new.to_topics")}</Anchor></Alert>}
        <TextInput data-autofocus required dir="auto" size="md" maw={520} label={t("app_campaigns:name")} description={t("app_campaigns:name.about")} {...form.getInputProps("name")} />
        <Group align="flex-start" grow maw={520}>
          <Select allowDeselect={false} searchable label={t("app_campaigns:who.topic")} data={open.map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("topic")} value={topic || null} />
          <Select allowDeselect={false} label={t("sms.language")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("language")} />
        </Group>
        <Card><TextBox label={t("words")} text={values.text} language={values.language} shorten error={form.errors.text} change={(text) => form.setFieldValue("text", text)} /></Card>
        <Group><Button type="submit" size="md" loading={form.busy} disabled={values.name.trim() === "" || values.text.trim() === "" || topic === ""}>{t("app_campaigns:new.make")}</Button></Group>
      </Stack>
    </form>
  );
}
