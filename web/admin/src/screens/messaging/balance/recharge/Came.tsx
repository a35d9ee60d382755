import { Alert, CloseButton, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Status } from "@/ui/Status";
import { useCodes } from "../../codes";
import { moneyOf } from "../../money";
import { usePayment } from "./server";
import { toneOf } from "./states";

const NAMES = ["paid", "saved", "turned_back"] as const;

/** What became of it, for who comes back from a page of the payment provider. */
export function Came() {
  const { t } = useTranslation(["app_money", "app_shell"]);
  const [parameters, change] = useSearchParams();
  const kind = NAMES.find((name) => parameters.get(name));
  const id = kind ? (parameters.get(kind) ?? "") : "";
  useEffect(() => { if (kind) void stale("/v1/balance"); }, [kind]);
  if (!kind) return null;
  const close = () => change((now) => { const next = new URLSearchParams(now); for (const name of NAMES) next.delete(name); return next; }, { replace: true });
  return (
    <Alert color={kind === "turned_back" ? "gray" : "teal"} role="status">
      <Group justify="space-between" wrap="nowrap">
        {kind === "paid" ? <Paid id={id} /> : <Text size="sm">{t(kind === "saved" ? "came.saved" : "came.turned_back")}</Text>}
        <CloseButton aria-label={t("app_shell:close")} onClick={close} />
      </Group>
    </Alert>
  );
}

function Paid({ id }: { id: string }) {
  const { t } = useTranslation("app_money");
  const { tag } = useFormat();
  const codes = useCodes("app_money");
  const { data, error, refetch } = usePayment(id);
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Text size="sm">{t("came.asking")}</Text>;
  return <Group gap="sm"><Status tone={toneOf(data.state)}>{codes("state", data.state)}</Status><Text size="sm"><bdi>{moneyOf(tag, data.amount_micros, data.currency)}</bdi></Text></Group>;
}
