import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay, useSession } from "@/app/session";
import { LANGUAGES } from "@/i18n";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { Section } from "@/ui/Section";
import type { components } from "@/api/schema";

type Member = components["schemas"]["Member"];

const ROLES = ["owner", "admin", "author", "analyst", "agent"] as const;

/** Who works here, and as what. */
export default function Members() {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const [inviting, { open, close }] = useDisclosure(false);
  const members = api.useQuery("get", "/v1/members", { params: { query: { limit: 200 } } });
  return (
    <Section title={t("members.title")} about={t("members.about")}
      actions={may("members:write") && <Button leftSection={<UserPlus aria-hidden size={16} />} onClick={open}>{t("members.invite")}</Button>}>
      <Loaded query={members}>
        {({ items }) => (
          <DataTable label={t("members.title")} rows={items} rowKey={({ id }) => id} columns={[
            { key: "name", title: t("members.name"), cell: (member) => <Person member={member} /> },
            { key: "role", title: t("members.role"), cell: (member) => <Role member={member} /> },
            { key: "state", title: t("members.state"), cell: ({ invited, confirmed }) => <Status tone={invited || !confirmed ? "waiting" : "good"}>{t(invited ? "members.invited" : confirmed ? "members.active" : "members.unconfirmed")}</Status> },
            { key: "factor", title: t("members.second_factor"), cell: ({ second_factor }) => <Status tone={second_factor ? "good" : "off"}>{t(second_factor ? "members.with" : "members.without")}</Status> },
            { key: "since", title: t("members.since"), cell: ({ created_at }) => <When at={created_at} />, wideOnly: true },
            { key: "actions", title: "", cell: (member) => <Remove member={member} /> },
          ]} />
        )}
      </Loaded>
      <Text size="sm" c="dimmed">{t("members.roles_note")}</Text>
      {inviting && <Invite close={close} />}
    </Section>
  );
}

function Person({ member }: { member: Member }) {
  return <><bdi>{member.name}</bdi>{member.name && <br />}<Text span size="sm" c="dimmed"><Ltr>{member.email}</Ltr></Text></>;
}

function Role({ member }: { member: Member }) {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const change = async (role: string | null) => {
    if (!role || role === member.role) return;
    const { error } = await fetchClient.PATCH("/v1/members/{id}", { params: { path: { id: member.id } }, body: { role } });
    if (error) return refused(error);
    await stale("/v1/members", "/v1/session");
    told(t("members.role_changed"));
  };
  if (!may("members:write")) return <span>{t(`role.${member.role as "owner"}`)}</span>;
  return (
    <Select aria-label={t("members.role_of", { who: member.name || member.email })} size="xs" w={150} allowDeselect={false} value={member.role} onChange={(role) => void change(role)}
      data={ROLES.filter((role) => role !== "owner" || may("members:own") || member.role === "owner").map((value) => ({ value, label: t(`role.${value}`) }))} />
  );
}

function Remove({ member }: { member: Member }) {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const { user } = useSession();
  if (!may("members:write") || member.user === user.id) return null;
  const ask = () =>
    confirm({
      title: t("members.remove"), text: t("members.remove_text", { who: member.name || member.email }), button: t("members.remove"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/members/{id}", { params: { path: { id: member.id } } });
        if (error) throw error;
        await stale("/v1/members");
      },
    });
  return <Button size="compact-sm" variant="subtle" color="red" onClick={ask}>{t("members.remove")}</Button>;
}

function Invite({ close }: { close: () => void }) {
  const { t, i18n } = useTranslation(["app_settings", "app_shell"]);
  const may = useMay();
  const form = useServerForm({ initialValues: { email: "", role: "author", language: i18n.language } });
  const send = form.send(async ({ email, role, language }) => {
    const { error } = await fetchClient.POST("/v1/members", { body: { email: email.trim(), role, language } });
    if (error) throw error;
    await stale("/v1/members");
    told(t("members.invitation_sent"));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("members.invite")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("members.email")} type="email" dir="ltr" data-autofocus required {...form.getInputProps("email")} />
          <Select label={t("members.role")} allowDeselect={false} description={t(`role_note.${form.values.role as "owner"}`)} {...form.getInputProps("role")}
            data={ROLES.filter((role) => role !== "owner" || may("members:own")).map((value) => ({ value, label: t(`role.${value}`) }))} />
          <Select label={t("members.language")} allowDeselect={false} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("language")} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy}>{t("members.send")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
