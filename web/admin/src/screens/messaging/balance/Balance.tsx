import { Alert, Button, SimpleGrid, Stack } from "@mantine/core";
import { Plus, Settings2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Tabs } from "@/ui/Tabs";
import { MessagingPage } from "../MessagingPage";
import { moneyOf } from "../money";
import { useBalance, type Balance as Known } from "../server";
import { Movements } from "./Movements";
import { PriceList } from "./PriceList";
import { Recharge } from "./recharge/Recharge";
import { Terms } from "./Terms";
import { TopUp } from "./TopUp";

/** What messages cost, what was paid, and what is left. */
export default function Balance() {
  const { t } = useTranslation("app_messaging");
  const writes = useMay()("balance:write");
  const balance = useBalance();
  const [open, setOpen] = useState<"terms" | "top_up" | null>(null);
  const close = () => setOpen(null);
  const actions = writes && balance.data && (
    <>
      <Button variant="default" leftSection={<Settings2 aria-hidden size={16} />} onClick={() => setOpen("terms")}>{t("terms")}</Button>
      <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen("top_up")}>{t("top_up")}</Button>
    </>
  );
  return (
    <MessagingPage code="balance" actions={actions}>
      <Loaded query={balance}>
        {(known) => (
          <Stack gap="lg">
            <Standing balance={known} />
            <Tabs label={t("place.balance")} tabs={[
              { code: "movements", label: t("movements"), body: () => <Movements currency={known.currency} /> },
              { code: "recharge", label: t("recharge"), body: () => <Recharge balance={known} /> },
              { code: "prices", label: t("prices"), body: () => <PriceList currency={known.currency} /> },
            ]} />
            {open === "terms" && <Terms balance={known} close={close} />}
            {open === "top_up" && <TopUp balance={known} close={close} />}
          </Stack>
        )}
      </Loaded>
    </MessagingPage>
  );
}

function Standing({ balance }: { balance: Known }) {
  const { t } = useTranslation("app_messaging");
  const { tag } = useFormat();
  const { currency, available_micros, reserved_micros, spent_micros, credit_micros, low_at_micros } = balance;
  const money = (micros: number) => <bdi>{moneyOf(tag, micros, currency)}</bdi>;
  const limited = credit_micros !== null && credit_micros !== undefined;
  const left = limited ? available_micros + credit_micros : null;
  return (
    <Stack>
      {left !== null && left <= 0 ? <Alert color="red" icon={<TriangleAlert aria-hidden />}>{t("balance.empty")}</Alert>
        : low_at_micros > 0 && available_micros < low_at_micros && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("balance.low")}</Alert>}
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label={t("balance.available")} value={money(available_micros)} note={limited ? (credit_micros > 0 ? <>{t("balance.credit")} {money(credit_micros)}</> : t("balance.prepaid")) : t("balance.counted")} />
        <Figure label={t("balance.reserved")} hint={t("balance.reserved.hint")} value={money(reserved_micros)} />
        <Figure label={t("balance.spent")} value={money(spent_micros)} />
        <Figure label={t("balance.low_at")} value={low_at_micros > 0 ? money(low_at_micros) : "–"} note={low_at_micros > 0 ? t("balance.low_at.note") : t("balance.low_at.never")} />
      </SimpleGrid>
    </Stack>
  );
}
