import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useMay, useSession } from "@/app/session";
import { useFormat } from "@/i18n/format";

/** Who agreed and when, and where it is proven. */
export function Agreed({ consent: { at, by } }: { consent: { event: string; at: string; by: string } }) {
  const { t } = useTranslation("app_money");
  const format = useFormat();
  const { user } = useSession();
  const sees = useMay()("privacy:read");
  return (
    <Text size="xs" c="dimmed">
      {t(by === user.id ? "agreed.you" : "agreed.other", { when: format.dateTime(at) })} {sees && <Anchor component={Link} to={to("/privacy/ledger")} inherit underline="always">{t("agreed.ledger")}</Anchor>}
    </Text>
  );
}
