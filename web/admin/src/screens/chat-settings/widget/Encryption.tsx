import { Alert, Anchor, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { devices } from "@/screens/inbox/sealed/device";
import { BOTH_ENDS_OFF, type WidgetDraft } from "../shapes";
import type { Work } from "./WidgetPage";

/** Whether only the two ends read what is written, and what that costs. */
export function Encryption({ work: { draft, put, wrong } }: { work: Work }) {
  const { t } = useTranslation("app_chat");
  const known = useQuery(devices());
  const on = draft.encryption === "end_to_end";
  const nobody = known.data !== undefined && !known.data.items.some(({ state }) => state === "approved");
  const turn = (wanted: boolean) => put(wanted ? withoutPlain(draft) : { encryption: "off" });
  return (
    <Stack gap="md">
      <Switch label={t("encryption.on")} description={t("encryption.about")} checked={on} onChange={({ currentTarget: { checked } }) => turn(checked)} error={wrong("encryption")} />
      <Text size="sm">{t("encryption.off")}</Text>
      {nobody && <Alert color="amber" icon={<KeyRound aria-hidden />}>{t("encryption.devices")} <Anchor component={Link} to={to("/inbox/settings/devices")} c="inherit" td="underline">{t("part.devices")}</Anchor></Alert>}
    </Stack>
  );
}

/** What reads along, or lets others, is switched off together with it; the rest stays as it was. */
export function withoutPlain(draft: WidgetDraft): Partial<WidgetDraft> {
  const forms = Object.fromEntries(Object.entries(draft.forms).map(([name, form]) => [name, { ...form, enabled: form.enabled && name !== "offline", fields: form.fields.filter(({ kind }) => kind !== "text" && kind !== "textarea") }])) as WidgetDraft["forms"];
  return { encryption: "end_to_end", bot: null, features: { ...draft.features, ...BOTH_ENDS_OFF }, forms };
}
