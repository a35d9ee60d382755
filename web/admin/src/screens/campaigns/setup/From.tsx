import { Alert, Anchor, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { Ltr } from "@/ui/text";
import { useDomains } from "../server";
import type { Part } from "./part";

/** Who it comes from. Addresses are of domains that were proved to be the organisation's own. */
export function From({ draft, locked, errors }: Part) {
  const { t } = useTranslation("app_campaigns");
  const domains = useDomains();
  const { fields, change } = draft;
  const [local = "", domain = ""] = fields.from_email.split("@");
  const verified = (domains.data?.items ?? []).filter((one) => one.verified).map((one) => one.domain);
  const known = domain === "" || verified.includes(domain) ? verified : [domain, ...verified];
  const unproved = domains.data !== undefined && domain !== "" && !verified.includes(domain);
  return (
    <Stack>
      <TextInput dir="auto" label={t("from.name")} description={t("from.name.about")} value={fields.from_name} readOnly={locked} onChange={({ currentTarget: { value } }) => change({ from_name: value })} />
      <Group gap={6} wrap="nowrap" align="flex-end" dir="ltr">
        <TextInput style={{ flex: 1 }} miw={0} label={t("from.local")} value={local} readOnly={locked} error={errors.from} autoComplete="off" spellCheck={false} onChange={({ currentTarget: { value } }) => change({ from_email: `${value.replace(/@.*/, "")}@${domain}` })} />
        <Text pb={6} aria-hidden>@</Text>
        <Select style={{ flex: 1 }} miw={0} label={t("from.domain")} data={known} value={domain || null} allowDeselect={false} disabled={locked} onChange={(value) => value && change({ from_email: `${local}@${value}` })} />
      </Group>
      {unproved && (
        <Alert color="amber" icon={<TriangleAlert aria-hidden />}>
          {t("from.unproved")} <Ltr>{domain}</Ltr> <Anchor component={Link} to={to("/settings/sending")}>{t("from.prove")}</Anchor>
        </Alert>
      )}
      <TextInput type="email" dir="ltr" label={t("from.reply_to")} description={t("from.reply_to.about")} value={fields.reply_to ?? ""} readOnly={locked} error={errors.reply_to} styles={{ label: { direction: "inherit" } }}
        onChange={({ currentTarget: { value } }) => change({ reply_to: value === "" ? null : value })} />
    </Stack>
  );
}
