import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { Rss, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import { CopyText, When } from "@/ui/text";
import { dropFeed, makeFeed, useFeeds, useHosts } from "../server";
import type { Feed } from "../shapes";

/** Secret addresses from which other calendars read a host's bookings. */
export function Feeds() {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const feeds = useFeeds();
  const hosts = useHosts();
  const [adding, setAdding] = useState(false);
  const nameOf = (host: string) => hosts.data?.items.find(({ id }) => id === host)?.name ?? t("host.gone");
  const drop = ({ id, host }: Feed) => confirm({ title: t("feed.drop.title", { name: nameOf(host) }), text: t("feed.drop.text"), button: t("feed.drop"), destroys: true, act: () => dropFeed(id) });
  return (
    <Section title={t("feeds")} about={t("feeds.about")} actions={writes && <Button variant="default" leftSection={<Rss aria-hidden size={16} />} onClick={() => setAdding(true)}>{t("feed.new")}</Button>}>
      <Loaded query={feeds} lines={2}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("feeds.none")}</Text> : (
          <Stack gap="md">
            <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("feeds.secret")}</Alert>
            {items.map((feed) => (
              <div key={feed.id}>
                <Group justify="space-between" mb={4}>
                  <Text size="sm"><Text span fw={600}><bdi>{nameOf(feed.host)}</bdi></Text> · {t(`feed.${feed.detail}`)} · {feed.read_at ? <>{t("calendar.read")} <When at={feed.read_at} /></> : t("feed.unread")}</Text>
                  {writes && <Button size="compact-sm" variant="subtle" color="red" onClick={() => drop(feed)}>{t("feed.drop")}</Button>}
                </Group>
                <CopyText value={feed.url} label={t("feed.url")} />
              </div>
            ))}
          </Stack>
        )}
      </Loaded>
      {adding && (
        <Dialog title={t("feed.new")} button={t("feed.new.button")} close={() => setAdding(false)} initial={{ host: hosts.data?.items[0]?.id ?? "", detail: "busy" }}
          fields={[
            { name: "host", label: t("column.host"), kind: "choice", needed: true, choices: (hosts.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") })) },
            { name: "detail", label: t("feed.detail"), note: t("feed.detail.note"), kind: "choice", needed: true, choices: (["busy", "full"] as const).map((value) => ({ value, label: t(`feed.${value}`) })) },
          ]}
          send={({ host, detail }) => makeFeed({ host, detail: detail === "full" ? "full" : "busy" })} />
      )}
    </Section>
  );
}
