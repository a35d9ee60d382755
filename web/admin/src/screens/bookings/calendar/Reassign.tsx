import { Button, Group, Select, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refused, told } from "@/ui/notify";
import { reassign, useHosts } from "../server";
import type { Booking } from "../shapes";

/** Hands a booking to another host; the time stays. */
export function Reassign({ booking, back }: { booking: Booking; back: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const hosts = useHosts();
  const [from, setFrom] = useState(booking.hosts[0]?.id ?? "");
  const [into, setInto] = useState<string | null>(null);
  const go = () => into && reassign(booking.id, { from, to: into }).then(() => { told(t("reassign.done")); back(); }, refused);
  const others = (hosts.data?.items ?? []).filter(({ id, left_at }) => !left_at && !booking.hosts.some((host) => host.id === id));
  return (
    <Stack gap="xs">
      {booking.hosts.length > 1 && <Select label={t("reassign.from")} allowDeselect={false} data={booking.hosts.map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") }))} value={from} onChange={(value) => value && setFrom(value)} />}
      <Select label={t("reassign.to")} data-autofocus data={others.map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") }))} value={into} onChange={setInto} nothingFoundMessage={t("reassign.nobody")} />
      <Group gap="xs"><Button size="xs" variant="default" onClick={back}>{t("app_shell:back")}</Button><Button size="xs" disabled={!into} onClick={() => void go()}>{t("reassign.button")}</Button></Group>
    </Stack>
  );
}
