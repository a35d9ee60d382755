import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { nameOf } from "@/screens/audience/contact/person";

const KEPT = 300_000;

export function usePerson(id: string | null | undefined) {
  const may = useMay()("contacts:read");
  return api.useQuery("get", "/v1/contacts/{id}", { params: { path: { id: id ?? "" } } }, { enabled: may && Boolean(id), staleTime: KEPT, retry: false });
}

/** Who a message is about, by name where one may know it, and a way to them. */
export function PersonName({ id }: { id: string }) {
  const { t } = useTranslation("app_messaging");
  const may = useMay()("contacts:read");
  const { data, error } = usePerson(id);
  const name = data && nameOf(data);
  if (!may || error) return <Text size="sm" c="dimmed" span>{error ? t("person.gone") : t("person.hidden")}</Text>;
  return <Anchor component={Link} to={to(`/audience/people/${id}`)} size="sm"><bdi dir={name?.startsWith("+") ? "ltr" : undefined}>{name ?? t("person")}</bdi></Anchor>;
}
