import { Alert, Button, Group, Select, Stack, Switch, Text, Textarea, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { entries } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { CopyText } from "@/ui/text";
import { embedOf, renewWidgetSecret } from "../server";
import type { Work } from "./WidgetPage";

interface Notice {
  id: string;
  notice: string;
  version: number;
}

function Part({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return <Stack gap={6} component="section"><Title order={3}>{title}</Title><Text size="sm" c="dimmed">{about}</Text>{children}</Stack>;
}

/** On which sites, the code for them, and how a site names its visitors. */
export function Install({ id, work: { draft, put, wrong }, unsaved }: { id: string; work: Work; unsaved: boolean }) {
  const { t } = useTranslation("app_chat");
  const may = useMay();
  const embed = useQuery(embedOf(id));
  const notices = api.useQuery("get", "/v1/privacy/notices", {}, { enabled: may("privacy:read"), select: ({ items }) => items as unknown as Notice[] });
  const [secret, setSecret] = useState<string | null>(null);
  const renew = () => confirm({
    title: t("secret.new"), text: t("secret.text"), button: t("secret.new"), destroys: true,
    act: async () => setSecret((await renewWidgetSecret(id)).secret),
  });
  return (
    <Stack gap="xl">
      <Part title={t("sites")} about={t("sites.about")}>
        <Textarea aria-label={t("sites")} dir="ltr" autosize minRows={2} maxRows={8} defaultValue={draft.origins.join("\n")} onBlur={(event) => put({ origins: entries(event.currentTarget.value) })} error={wrong("origins")} />
        {draft.origins.length === 0 && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("sites.missing")}</Alert>}
      </Part>
      <Loaded query={embed}>
        {({ snippet }) => (
          <Part title={t("install.code")} about={t("install.code.about")}>
            {unsaved && <Text size="sm" c="dimmed">{t("install.unsaved")}</Text>}
            <CopyText block value={snippet} label={t("install.code")} />
          </Part>
        )}
      </Loaded>
      <Part title={t("install.livechat")} about={t("install.livechat.about")}>
        <CopyText block value={`<script>window.__lc = { organizationId: "${id}" }</script>\n<script async src="${location.origin}/w/livechat.js"></script>`} label={t("install.livechat")} />
      </Part>
      {may("privacy:read") && (
        <Part title={t("install.notice")} about={t("install.notice.about")}>
          <Select aria-label={t("install.notice")} clearable data={(notices.data ?? []).map(({ id, notice, version }) => ({ value: id, label: `${notice} ${version}` }))} value={draft.notice} onChange={(notice) => put({ notice })} error={wrong("notice")} />
        </Part>
      )}
      <Part title={t("identity")} about={t("identity.about")}>
        <Switch label={t("identity.required")} description={t("identity.required.about")} checked={draft.identity_required} onChange={(event) => put({ identity_required: event.currentTarget.checked })} />
        {embed.data?.identity_example && <CopyText block value={embed.data.identity_example} label={t("identity.example")} />}
        <Group><Button variant="default" size="xs" leftSection={<KeyRound aria-hidden size={14} />} onClick={renew}>{t("secret.new")}</Button></Group>
        {secret && <Alert color="teal" title={t("secret.once")}><CopyText value={secret} label={t("secret")} /></Alert>}
      </Part>
    </Stack>
  );
}
