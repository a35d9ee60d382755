import { useTranslation } from "react-i18next";
import { useCountries } from "@/screens/start/countries";
import { Dialog, instantOf } from "@/ui/Dialog";
import { latinDigits } from "@/i18n/format";
import { amountText, microsOf } from "../money";
import { savePrices, type Price } from "../server";
import { useTexts } from "../useTexts";
import { SENDER_KINDS, SERVICES } from "./prices";

/** One price. A changed price is a new one from its instant on: what was accepted before keeps the old. */
export function PriceDialog({ price, service, currency, close }: { price: Price | null; service: string; currency: string; close: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const texts = useTexts();
  const countries = useCountries();
  const amountWrong = { type: "about:blank", status: 422, code: "invalid_input", title: "", detail: t("amount.wrong"), fields: [{ field: "amount", detail: t("amount.wrong") }] };
  return (
    <Dialog title={price ? t("price.change") : t("price.new")} about={t("price.about")} button={t("app_shell:save")} close={close}
      initial={{ service: price?.service ?? service, country: price?.country ?? "", network: price?.network ?? "", sender: price?.sender ?? "", amount: price ? amountText(price.amount_micros) : "", since: "" }}
      fields={[
        { name: "service", label: t("price.service"), kind: "choice", needed: true, choices: SERVICES.map((value) => ({ value, label: texts("service", value) })) },
        { name: "country", label: t("price.country"), note: t("price.country.note"), kind: "choice", choices: countries },
        { name: "network", label: t("price.network"), note: t("price.network.note"), code: true },
        { name: "sender", label: t("price.sender"), note: t("price.sender.note"), kind: "choice", choices: SENDER_KINDS.map((value) => ({ value, label: texts("sender.kind", value) })) },
        { name: "amount", label: t("price.amount", { currency }), note: t("price.amount.note"), needed: true, code: true },
        { name: "since", label: t("price.since"), note: t("price.since.note"), kind: "moment" },
      ]}
      send={async ({ service, country, network, sender, amount, since }) => {
        const amount_micros = microsOf(amount);
        if (amount_micros === null || amount_micros < 0) throw amountWrong;
        await savePrices([{ service, country, network: latinDigits(network.trim()), sender, amount_micros, since: instantOf(since) }]);
      }} />
  );
}
