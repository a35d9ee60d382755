import { Badge, Button, Group, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Bookmark, BookmarkPlus, Check, ChevronDown, Trash2, UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { Dialog } from "@/ui/Dialog";
import { refused, told, undoable } from "@/ui/notify";
import { VIEWS } from "./api";
import type { Filter } from "./ListPane";

const PATH = "/v1/views";
const SCREEN = "inbox";

/** The queues with how many wait in each, and filters that somebody gave a name. */
export function QueueMenu({ filter, counts }: { filter: Filter; counts: Record<string, number> | undefined }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const format = useFormat();
  const navigate = useNavigate();
  const { search } = useLocation();
  const [saving, { open, close }] = useDisclosure(false);
  const views = api.useQuery("get", PATH, { params: { query: { screen: SCREEN } } });
  const saved = views.data?.items ?? [];
  const query = search.replace(/^\?/, "");
  const { view } = filter.values;
  const count = (code: string) => counts?.[code];
  const remove = async (id: string, name: string, kept: string, shared: boolean) => {
    const { error } = await fetchClient.DELETE("/v1/views/{id}", { params: { path: { id } } });
    if (error) return refused(error);
    await stale(PATH);
    undoable(t("views.deleted", { name }), () => void fetchClient.POST(PATH, { body: { screen: SCREEN, name, query: kept, shared } }).then(() => stale(PATH)));
  };
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" rightSection={<ChevronDown aria-hidden size={14} />} style={{ minWidth: 0 }}>
            <Group gap={6} wrap="nowrap">{t(`view.${view}`)}{count(view) !== undefined && <Badge size="sm" color="gray">{format.number(count(view) ?? 0)}</Badge>}</Group>
          </Button>
        </Menu.Target>
        <Menu.Dropdown miw={220}>
          <Menu.Label>{t("queues")}</Menu.Label>
          {VIEWS.map((code) => (
            <Menu.Item key={code} aria-current={code === view ? "true" : undefined} leftSection={code === view ? <Check aria-hidden size={14} /> : <span style={{ width: 14, display: "inline-block" }} />}
              rightSection={count(code) !== undefined && <Badge size="sm" color="gray">{format.number(count(code) ?? 0)}</Badge>} onClick={() => filter.set.view(code)}>{t(`view.${code}`)}</Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t("views")}</Menu.Label>
          {saved.map((one) => (
            <Menu.Item key={one.id} leftSection={one.shared ? <UsersRound aria-label={t("views.is_shared")} size={14} /> : <Bookmark aria-hidden size={14} />} onClick={() => void navigate(to(`/inbox/conversations?${one.query}`))}><bdi>{one.name}</bdi></Menu.Item>
          ))}
          <Menu.Item leftSection={<BookmarkPlus aria-hidden size={14} />} onClick={open}>{t("views.save")}</Menu.Item>
          {saved.filter(({ mine }) => mine).map((one) => (
            <Menu.Item key={one.id} color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => void remove(one.id, one.name, one.query, one.shared)}>{t("views.delete", { name: one.name })}</Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {saving && (
        <Dialog title={t("views.save")} close={close} button={t("app_shell:save")} initial={{ name: "", shared: "" }}
          fields={[{ name: "name", label: t("views.name"), needed: true }, { name: "shared", label: t("views.shared"), kind: "check" }]}
          send={async ({ name, shared }) => {
            const { error } = await fetchClient.POST(PATH, { body: { screen: SCREEN, name, query: query || "view=open", shared: shared === "yes" } });
            if (error) throw error;
            await stale(PATH);
            told(t("views.saved"));
          }} />
      )}
    </>
  );
}
