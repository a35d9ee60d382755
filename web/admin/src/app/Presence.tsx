import { Avatar, Group, Text, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { onPresence, type Here } from "./live";

const EVERY = 12_000;

/** Says that this member is at an object, and shows who else is: `object` is `campaign:cmp_…`. */
export function Presence({ object, mode }: { object: string; mode: "viewing" | "editing" }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [here, setHere] = useState<Here[]>([]);
  useEffect(() => {
    const say = () => void fetchClient.PUT("/v1/presence", { body: { object, mode } }).then(({ data }) => data && setHere(data.here as Here[]), () => {});
    say();
    const timer = setInterval(say, EVERY);
    const stop = onPresence(object, setHere);
    return () => {
      clearInterval(timer);
      stop();
      void fetchClient.DELETE("/v1/presence", { body: { object } }).catch(() => {});
    };
  }, [object, mode]);
  const others = here.filter(({ me }) => !me);
  const editing = others.filter((other) => other.mode === "editing");
  return (
    <Group gap="xs" aria-live="polite">
      {others.map(({ user, name }) => <Tooltip key={user} label={name}><Avatar size="sm" radius="xl" color="teal" name={name} alt={name} /></Tooltip>)}
      {editing.length > 0 && <Text size="sm">{t("presence.editing", { count: editing.length, who: format.list(editing.map(({ name }) => name)) })}</Text>}
    </Group>
  );
}
