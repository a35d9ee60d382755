import { Button, Checkbox, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Bookmark, BookmarkPlus, Trash2, UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { refused, told, undoable } from "@/ui/notify";
import type { View } from "../shapes";

const SCREEN = "audience";
const PATH = "/v1/views";

function SaveView({ query, close }: { query: string; close: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const form = useServerForm({ initialValues: { name: "", shared: false } });
  const save = form.send(async ({ name, shared }) => {
    const { error } = await fetchClient.POST(PATH, { body: { screen: SCREEN, name, query, shared } });
    if (error) throw error;
    await stale(PATH);
    told(t("views.saved"));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("views.save")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required maxLength={100} dir="auto" label={t("views.name")} {...form.getInputProps("name")} />
          <Checkbox label={t("views.shared")} {...form.getInputProps("shared", { type: "checkbox" })} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Filters that somebody gave a name, their own and those of the team. */
export function SavedViews({ query }: { query: string }) {
  const { t } = useTranslation("app_audience");
  const navigate = useNavigate();
  const views = api.useQuery("get", PATH, { params: { query: { screen: SCREEN } } });
  const [saving, { open, close }] = useDisclosure(false);
  const remove = async ({ id, name, query: kept, shared }: View) => {
    const { error } = await fetchClient.DELETE("/v1/views/{id}", { params: { path: { id } } });
    if (error) return refused(error);
    await stale(PATH);
    undoable(t("views.deleted", { name }), () => void fetchClient.POST(PATH, { body: { screen: SCREEN, name, query: kept, shared } }).then(() => stale(PATH)));
  };
  const items = views.data?.items ?? [];
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target><Button variant="default" leftSection={<Bookmark aria-hidden size={16} />}>{t("views")}</Button></Menu.Target>
        <Menu.Dropdown miw={220}>
          {items.length === 0 && <Menu.Label>{t("views.none")}</Menu.Label>}
          {items.map((view) => (
            <Menu.Item key={view.id} leftSection={view.shared ? <UsersRound aria-label={t("views.is_shared")} size={14} /> : <Bookmark aria-hidden size={14} />} onClick={() => void navigate(to(`/audience?${view.query}`))}><bdi>{view.name}</bdi></Menu.Item>
          ))}
          {query && <><Menu.Divider /><Menu.Item leftSection={<BookmarkPlus aria-hidden size={14} />} onClick={open}>{t("views.save")}</Menu.Item></>}
          {items.some(({ mine }) => mine) && <Menu.Divider />}
          {items.filter(({ mine }) => mine).map((view) => (
            <Menu.Item key={view.id} color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => void remove(view)}>{t("views.delete", { name: view.name })}</Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {saving && <SaveView query={query} close={close} />}
    </>
  );
}
