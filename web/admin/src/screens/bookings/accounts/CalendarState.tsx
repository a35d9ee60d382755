import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import { useAccounts } from "../server";
import type { Booking } from "../shapes";

/** Which calendars of its hosts a booking is written to, and whether these can be reached. */
export function CalendarState({ booking }: { booking: Booking }) {
  const { t } = useTranslation("app_bookings");
  const accounts = useAccounts();
  if (!accounts.data) return null;
  const mine = booking.hosts.map(({ id, name }) => ({ id, name, target: accounts.data.items.filter(({ host }) => host === id).flatMap(({ calendars }) => calendars).find(({ target }) => target) }));
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed">{t("copies")}</Text>
      {mine.map(({ id, name, target }) => (
        <Group key={id} gap="xs">
          {target ? <Status tone={target.error ? "bad" : target.stale ? "attention" : "good"}>{t(target.error ? "copies.failing" : target.stale ? "copies.stale" : "copies.written")}</Status> : <Status tone="off">{t("copies.none")}</Status>}
          <Text size="sm"><bdi>{target?.name ?? name ?? t("host.gone")}</bdi>{target?.synced_at && <> · <When at={target.synced_at} /></>}</Text>
        </Group>
      ))}
    </Stack>
  );
}
