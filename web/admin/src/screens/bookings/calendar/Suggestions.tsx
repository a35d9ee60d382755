import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { CalendarSync } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { refused, told } from "@/ui/notify";
import { dismiss, reschedule, useBooking, useHosts, useSuggestions } from "../server";
import type { Suggestion } from "../shapes";
import { useClock } from "../words";
import { useShownZone } from "../ZoneSelect";

/** What hosts did to bookings in their own calendars. A member decides; nothing is cancelled by itself. */
export function Suggestions() {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const suggestions = useSuggestions();
  const items = suggestions.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Alert color="amber" icon={<CalendarSync aria-hidden />} title={t("suggestions", { count: items.length, n: format.number(items.length) })}>
      <Stack gap="sm">
        <Text size="sm">{t("suggestions.text")}</Text>
        {items.map((item) => <One key={item.booking} item={item} />)}
      </Stack>
    </Alert>
  );
}

function One({ item }: { item: Suggestion }) {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const [zone] = useShownZone();
  const clock = useClock(zone);
  const [, show] = useUrlState("booking");
  const hosts = useHosts();
  const booking = useBooking(item.booking);
  const host = hosts.data?.items.find(({ id }) => id === item.host)?.name ?? t("host.gone");
  const who = booking.data?.name ?? booking.data?.title ?? "";
  const keep = () => dismiss(item.booking).then(() => told(t("suggestions.kept")), refused);
  const follow = () => reschedule(item.booking, { start: item.start }).then(() => told(t("move.done")), refused);
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" style={{ flex: "1 1 18rem" }}>
        {t(item.kind === "deleted" ? "suggestion.deleted" : "suggestion.moved", { host, who, when: clock.moment(item.start) })}{" "}
        <Anchor component="button" type="button" size="sm" onClick={() => show(item.booking)}>{t("suggestion.open")}</Anchor>
      </Text>
      {writes && (
        <Group gap="xs">
          {item.kind === "moved"
            ? <Button size="xs" variant="default" onClick={() => void follow()}>{t("suggestion.follow")}</Button>
            : <Button size="xs" variant="default" color="red" onClick={() => show(item.booking)}>{t("suggestion.cancel")}</Button>}
          <Button size="xs" variant="default" onClick={() => void keep()}>{t("suggestion.keep")}</Button>
        </Group>
      )}
    </Group>
  );
}
