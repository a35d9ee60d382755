import { Button, Menu, NumberInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronDown, Circle, CircleCheck, CirclePause } from "lucide-react";
import { useTranslation } from "react-i18next";
import { fetchClient, got, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { refused } from "@/ui/notify";
import { me, statusOf, type Agent } from "./api";

const LOOK = { accepting: CircleCheck, not_accepting: CirclePause, offline: Circle } as const;
const COLOR = { accepting: "teal", not_accepting: "amber", offline: "gray" } as const;
const STATES = ["accepting", "not_accepting", "offline"] as const;

/** Whether new chats may come to the signed-in member, and how many at once. */
export function MyStatus() {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const may = useMay();
  const { data } = useQuery(me());
  if (!data || !may("conversations:write")) return null;
  const Icon = LOOK[statusOf(data)];
  const put = async (change: Partial<Pick<Agent, "status" | "limit">>) => {
    try {
      await got(fetchClient.PUT("/v1/agents/me", { body: change }));
    } catch (error) {
      refused(error);
    }
    await stale("/v1/agents");
  };
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="light" color={COLOR[statusOf(data)]} leftSection={<Icon aria-hidden size={16} />} rightSection={<ChevronDown aria-hidden size={14} />}>
          {t(`status.${statusOf(data)}`)} · {t("status.load", { n: format.number(data.chats), of: format.number(data.limit) })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("status.about")}</Menu.Label>
        {STATES.map((status) => {
          const State = LOOK[status];
          return <Menu.Item key={status} leftSection={<State aria-hidden size={16} />} rightSection={status === data.status && <Check aria-label={t("chosen")} size={14} />} onClick={() => void put({ status })}>{t(`status.${status}`)}</Menu.Item>;
        })}
        <Menu.Divider />
        <NumberInput px="sm" pb="xs" size="xs" label={t("status.limit")} min={1} max={50} value={data.limit} onBlur={(event) => {
          const limit = Number(event.currentTarget.value);
          if (limit >= 1 && limit !== data.limit) void put({ limit });
        }} />
        <Text size="xs" c="dimmed" px="sm" pb="xs" maw={240}>{t("status.limit.about")}</Text>
      </Menu.Dropdown>
    </Menu>
  );
}
