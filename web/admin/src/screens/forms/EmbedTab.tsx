import { Alert, Anchor, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { ExternalLink, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { isLanguage, LANGUAGES } from "@/i18n";
import { Loaded } from "@/ui/Loaded";
import { DirIcon, CopyText, Ltr } from "@/ui/text";
import { complete, type Language } from "./definition";
import { useEmbed, type Form } from "./server";

/** What to put on a site's pages, ready to be copied. */
export function EmbedTab({ form, unsaved }: { form: Form; unsaved: boolean }) {
  const { t, i18n } = useTranslation("app_forms");
  const embed = useEmbed(form.id);
  const [language, setLanguage] = useState<Language>(isLanguage(i18n.language) ? i18n.language : "en");
  const inline = complete(form.definition).kind === "inline";
  return (
    <Loaded query={embed}>
      {(told) => {
        const snippets = told[language];
        const ways = [["popup", snippets.popup], ["inline", snippets.inline]] as const;
        return (
          <Stack gap="xl" maw={860}>
            {unsaved && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("embed.unsaved")}</Alert>}
            {told.needs_origins && (
              <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("embed.origins")}>
                <Text size="sm">{t("embed.origins.text")}</Text>
                <Anchor component={Link} size="sm" to={to(`/forms/${form.id}?tab=protection`)}>{t("embed.origins.go")}</Anchor>
              </Alert>
            )}
            <Group>
              <Text size="sm" fw={500}>{t("embed.language")}</Text>
              <SegmentedControl size="xs" aria-label={t("embed.language")} value={language} onChange={(value) => setLanguage(value === "ar" ? "ar" : "en")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label: <span lang={value}>{label}</span> }))} />
            </Group>
            <Way title={t("embed.link")} about={t("embed.link.about")}>
              <CopyText block value={snippets.hosted_url} label={t("embed.link")} />
              <Anchor size="sm" href={snippets.hosted_url} target="_blank" rel="noreferrer"><Group gap={4} component="span">{t("embed.link.open")}<DirIcon icon={ExternalLink} size={14} /></Group></Anchor>
            </Way>
            {(inline ? [...ways].reverse() : ways).map(([way, code]) => <Way key={way} title={t(`embed.${way}`)} about={t(`embed.${way}.about`)}><CopyText block value={code} label={t(`embed.${way}`)} /></Way>)}
            <Way title={t("embed.html")} about={t("embed.html.about")}><CopyText block value={snippets.html} label={t("embed.html")} /></Way>
            <Way title={t("embed.anchor")} about={t("embed.anchor.about")}><CopyText block value={snippets.link} label={t("embed.anchor")} /></Way>
            <Way title={t("embed.policy")} about={t("embed.policy.about")}><CopyText block value={told.content_security_policy} label={t("embed.policy")} /></Way>
            {told.origins.length > 0 && <Text size="sm" c="dimmed">{t("embed.allowed")} {told.origins.map((origin) => <span key={origin}><Ltr>{origin}</Ltr> </span>)}</Text>}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Way({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <Stack gap={6} component="section">
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed">{about}</Text>
      {children}
    </Stack>
  );
}
