import { Button, Center, Code, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, fetchClient } from "@/api/client";
import { useMay } from "@/app/session";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Ltr, Moment } from "@/ui/text";
import { Section } from "@/ui/Section";

/** Who did it: a member by name, a key, the operator, or the program itself. */
function Actor({ id }: { id: string }) {
  const { t } = useTranslation("app_settings");
  const may = useMay()("members:read");
  const members = api.useQuery("get", "/v1/members", {}, { enabled: may, staleTime: 300_000 });
  if (id === "system" || id === "console") return <Text size="sm">{t(`audit.${id}`)}</Text>;
  const member = members.data?.items.find(({ user }) => user === id);
  return (
    <Stack gap={0}>
      {member && <Text size="sm"><bdi>{member.name || member.email}</bdi></Text>}
      {id.startsWith("key_") && <Text size="sm">{t("audit.key")}</Text>}
      <Text size="xs" c={member ? "dimmed" : undefined} style={{ overflowWrap: "anywhere" }}><Ltr>{id}</Ltr></Text>
    </Stack>
  );
}

/** What was done, in words, and the code under which programs know it. */
function Action({ code }: { code: string }) {
  const { t, i18n } = useTranslation("app_audit");
  const known = i18n.exists(code, { ns: "app_audit" });
  return (
    <Stack gap={0}>
      {known && <Text size="sm">{t(code as "session.opened")}</Text>}
      <Code fz="xs" w="fit-content"><Ltr>{code}</Ltr></Code>
    </Stack>
  );
}

/** Who did what, newest first. Nobody can change it, here or anywhere. */
export default function Audit() {
  const { t } = useTranslation("app_settings");
  const audit = useInfiniteQuery({
    queryKey: ["get", "/v1/audit", "all"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      const { data, error } = await fetchClient.GET("/v1/audit", { params: { query: { limit: 50, cursor: pageParam } } });
      if (error) throw error;
      return data;
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return (
    <Section title={t("audit.title")} about={t("audit.about")}>
      <Loaded query={audit}>
        {({ pages }) => (
          <DataTable label={t("audit.title")} rows={pages.flatMap(({ items }) => items)} rowKey={({ id }) => id} empty={<Nothing icon={ScrollText} title={t("audit.none")} text={t("audit.none_text")} />} columns={[
            { key: "at", title: t("audit.at"), cell: ({ at }) => <Moment at={at} /> },
            { key: "actor", title: t("audit.actor"), cell: ({ actor }) => <Actor id={actor} /> },
            { key: "action", title: t("audit.action"), cell: ({ action }) => <Action code={action} /> },
            { key: "objects", title: t("audit.objects"), cell: ({ objects }) => <Text span size="xs" style={{ overflowWrap: "anywhere" }}><Ltr>{objects.join(" ")}</Ltr></Text> },
          ]} footer={audit.hasNextPage && <Center><Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>{t("audit.more")}</Button></Center>} />
        )}
      </Loaded>
    </Section>
  );
}
