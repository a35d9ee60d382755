import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Bookmark, BookmarkPlus, Trash2, UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { to } from "@/app/place";
import { Failed } from "./Failed";
import { useServerForm } from "./form";
import { refused, told, undoable } from "./notify";

const PATH = "/v1/views";
type View = components["schemas"]["SavedView"];

interface SavedViewsProps {
  /** The list's name on the server. */
  screen: "audience" | "campaigns";
  /** Where the list is, such as `/audience`. */
  place: string;
  /** The list's address as it is now, without the question mark; nothing to save when empty. */
  query: string;
  /** Only a picture on the button. */
  small?: boolean;
}

function Save({ screen, query, close }: { screen: string; query: string; close: () => void }) {
  const { t } = useTranslation();
  const form = useServerForm({ initialValues: { name: "", shared: false } });
  const save = form.send(async ({ name, shared }) => {
    const { error } = await fetchClient.POST(PATH, { body: { screen, name, query, shared } });
    if (error) throw error;
    await stale(PATH);
    told(t("views.saved"));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600} component="span">{t("views.save")}</Text>} closeButtonProps={{ "aria-label": t("close") }}>
      <form noValidate onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required maxLength={100} dir="auto" label={t("views.name")} {...form.getInputProps("name")} />
          <Checkbox label={t("views.shared")} {...form.getInputProps("shared", { type: "checkbox" })} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A list's filters under a name: one's own, and those of the team. */
export function SavedViews({ screen, place, query, small }: SavedViewsProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const views = api.useQuery("get", PATH, { params: { query: { screen } } });
  const [saving, { open, close }] = useDisclosure(false);
  const items = views.data?.items ?? [];
  const mine = items.filter((view) => view.mine);
  const remove = async ({ id, name, query: kept, shared }: View) => {
    const { error } = await fetchClient.DELETE("/v1/views/{id}", { params: { path: { id } } });
    if (error) return refused(error);
    await stale(PATH);
    undoable(t("views.deleted", { name }), () => void fetchClient.POST(PATH, { body: { screen, name, query: kept, shared } }).then(() => stale(PATH)));
  };
  const button = small
    ? <ActionIcon variant="default" size={36} aria-label={t("views")} title={t("views")}><Bookmark aria-hidden size={16} /></ActionIcon>
    : <Button variant="default" leftSection={<Bookmark aria-hidden size={16} />}>{t("views")}</Button>;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>{button}</Menu.Target>
        <Menu.Dropdown miw={220}>
          {items.length === 0 && <Menu.Label>{t("views.none")}</Menu.Label>}
          {items.map((view) => (
            <Menu.Item key={view.id} leftSection={view.shared ? <UsersRound aria-label={t("views.is_shared")} size={14} /> : <Bookmark aria-hidden size={14} />} onClick={() => void navigate(to(`${place}?${view.query}`))}><bdi>{view.name}</bdi></Menu.Item>
          ))}
          {query && <><Menu.Divider /><Menu.Item leftSection={<BookmarkPlus aria-hidden size={14} />} onClick={open}>{t("views.save")}</Menu.Item></>}
          {mine.length > 0 && <Menu.Divider />}
          {mine.map((view) => (
            <Menu.Item key={view.id} color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => void remove(view)}>{t("views.delete", { name: view.name })}</Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {saving && <Save screen={screen} query={query} close={close} />}
    </>
  );
}
