import { Badge, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ClipboardPaste, Download, Plus, Tags } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { download } from "@/ui/download";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Ltr, Moment } from "@/ui/text";
import { moneyOf } from "../money";
import { everyPrice, type Price } from "../server";
import { useTexts } from "../useTexts";
import { PasteDialog } from "./PasteDialog";
import { PriceDialog } from "./PriceDialog";
import { asCsv, SERVICES } from "./prices";

const PAGE = 100;
const keyOf = ({ service, country, network, sender, since }: Price) => [service, country, network, sender, since].join("|");

/** What a part or a minute costs by destination. Prices are added; older ones stay on record. */
export function PriceList({ currency }: { currency: string }) {
  const { t } = useTranslation("app_messaging");
  const { tag } = useFormat();
  const texts = useTexts();
  const writes = useMay()("balance:write");
  const list = useQuery({ queryKey: ["get", "/v1/prices", "all"], queryFn: everyPrice });
  const [open, setOpen] = useState<Price | "new" | "paste" | null>(null);
  const [service, setService] = useState("sms");
  const [page, setPage] = useState(0);
  const close = () => setOpen(null);
  const any = <Text size="sm" c="dimmed" span>{t("price.any")}</Text>;
  const columns = [
    { key: "country", title: t("price.country"), cell: ({ country }: Price) => (country ? <CountryName code={country} /> : any) },
    { key: "network", title: t("price.network"), cell: ({ network }: Price) => (network ? <Ltr>{network}</Ltr> : any) },
    { key: "sender", title: t("price.sender"), cell: ({ sender }: Price) => (sender ? texts("sender.kind", sender) : any) },
    { key: "amount", title: t(service === "sms" ? "price.part" : "price.minute"), numeric: true, cell: ({ amount_micros }: Price) => <Text size="sm" fw={600}><bdi>{moneyOf(tag, amount_micros, currency)}</bdi></Text> },
    { key: "since", title: t("price.since"), cell: ({ since }: Price) => <Group gap={4}><Moment at={since} />{since && new Date(since) > new Date() && <Badge color="gray">{t("price.later")}</Badge>}</Group> },
    ...(writes ? [{ key: "actions", title: t("actions"), cell: (price: Price) => <Button size="compact-sm" variant="subtle" onClick={() => setOpen(price)}>{t("price.change")}</Button> }] : []),
  ];
  return (
    <Stack>
      <Loaded query={list}>
        {({ items }) => {
          const rows = items.filter((price) => price.service === service);
          return (
            <Stack>
              <Group justify="space-between">
                <SegmentedControl aria-label={t("price.service")} value={service} onChange={(code) => { setService(code); setPage(0); }} data={SERVICES.map((code) => ({ value: code, label: texts("service", code) }))} />
                <Group gap="xs">
                  {items.length > 0 && <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={() => download("prices.csv", asCsv(items), "text/csv")}>{t("price.download")}</Button>}
                  {writes && <Button variant="default" leftSection={<ClipboardPaste aria-hidden size={16} />} onClick={() => setOpen("paste")}>{t("price.paste")}</Button>}
                  {writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen("new")}>{t("price.new")}</Button>}
                </Group>
              </Group>
              <DataTable label={t("prices")} columns={columns} rows={rows.slice(page * PAGE, (page + 1) * PAGE)} rowKey={keyOf}
                empty={<Nothing icon={Tags} title={t("prices.none")} text={t("prices.none.text")} action={writes ? { label: t("price.new"), act: () => setOpen("new") } : undefined} />}
                footer={rows.length > PAGE ? <Pager total={rows.length} back={page > 0 ? () => setPage(page - 1) : undefined} on={(page + 1) * PAGE < rows.length ? () => setPage(page + 1) : undefined} /> : undefined} />
            </Stack>
          );
        }}
      </Loaded>
      {open === "paste" && <PasteDialog currency={currency} close={close} />}
      {open !== null && open !== "paste" && <PriceDialog price={open === "new" ? null : open} service={service} currency={currency} close={close} />}
    </Stack>
  );
}
