import { ActionIcon, Anchor, Group, Menu, Stack, Text } from "@mantine/core";
import { Ellipsis, KeyRound, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { apart, useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { LanguageName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { When } from "@/ui/text";
import { useCodes } from "../codes";
import { dropService, useServices, type Service } from "./server";
import { DEFAULTS, minutesText } from "./service";

const placeOf = ({ id }: Service) => to(`/messaging/verify/${id}`);

/** Settings of codes under names: what each application of the organisation asks for. */
export function Services() {
  const { t } = useTranslation("app_verify");
  const codes = useCodes("app_verify");
  const format = useFormat();
  const navigate = useNavigate();
  const writes = useMay()("routes:write");
  const services = useServices();
  const columns = [
    { key: "name", title: t("name"), cell: (service: Service) => <Anchor component={Link} to={placeOf(service)} fw={600}><bdi>{service.name}</bdi></Anchor> },
    { key: "channels", title: t("channels"), cell: ({ settings: { channels = ["sms"] } }: Service) => <Text size="sm">{channels.map((channel) => codes("channel", channel)).join(t("then"))}</Text> },
    { key: "languages", title: t("texts"), cell: ({ settings: { texts = {} } }: Service) => (Object.keys(texts).length === 0 ? <Text size="sm" c="dimmed">{t("texts.own")}</Text> : <Group gap={6}>{Object.keys(texts).map((code) => <Text key={code} size="sm" span><LanguageName code={code} /></Text>)}</Group>) },
    { key: "length", title: t("code_length.short"), numeric: true, cell: ({ settings }: Service) => format.number(settings.code_length ?? DEFAULTS.code_length) },
    { key: "life", title: t("expires_in.short"), numeric: true, cell: ({ settings }: Service) => format.number(Number(minutesText(settings.expires_in ?? DEFAULTS.expires_in))) },
    { key: "attempts", title: t("max_attempts.short"), numeric: true, wideOnly: true, cell: ({ settings }: Service) => format.number(settings.max_attempts ?? DEFAULTS.max_attempts) },
    { key: "changed", title: t("changed"), wideOnly: true, cell: ({ updated_at }: Service) => <When at={updated_at} /> },
    ...(writes ? [{ key: "actions", title: t("actions"), width: 56, cell: (service: Service) => <Actions service={service} /> }] : []),
  ];
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw={680}>{t("services.about")}</Text>
      <Loaded query={services}>
        {({ items }) => (
          <DataTable label={t("services")} columns={columns} rows={items} rowKey={({ id }) => id} open={(service) => void navigate(placeOf(service))}
            empty={<Nothing icon={KeyRound} title={t("services.none")} text={t("services.none.text")} action={writes ? { label: t("service.new"), href: to("/messaging/verify/new") } : undefined} />} />
        )}
      </Loaded>
    </Stack>
  );
}

function Actions({ service }: { service: Service }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const navigate = useNavigate();
  const remove = useRemove(service);
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name: service.name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={() => void navigate(placeOf(service))}>{t("app_shell:edit")}</Menu.Item>
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => remove()}>{t("app_shell:delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Asks whether a service shall go; what it began goes on. */
export function useRemove(service: Service): (then?: () => void) => void {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const name = apart(service.name);
  return (then) => confirm({
    title: t("service.delete.title", { name }), text: t("service.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropService(service.id); told(t("service.deleted", { name })); then?.(); },
  });
}
