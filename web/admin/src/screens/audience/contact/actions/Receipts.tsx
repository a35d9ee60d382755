import { Button, Group, Stack, Text } from "@mantine/core";
import { Download, FileBadge } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { CopyText } from "@/ui/text";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { download } from "@/ui/download";
import { Dialogue } from "./Dialogue";

/** Signed receipts (ISO/IEC TS 27560) of what a person agreed to, refused or took back. */
export function Receipts({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation("app_contact");
  const format = useFormat();
  const query = api.useQuery("get", "/v1/contacts/{id}/receipts", { params: { path: { id } } });
  return (
    <Dialogue title={t("receipts")} close={close} size="xl">
      <Loaded query={query}>
        {(receipts) => receipts.length === 0 ? <Nothing icon={FileBadge} title={t("receipts.none.title")} text={t("receipts.none.text")} /> : (
          <Stack>
            <Group justify="space-between">
              <Text size="sm">{t("receipts.count", { count: receipts.length, n: format.number(receipts.length) })}</Text>
              <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={() => download(`receipts-${id}.json`, JSON.stringify(receipts, null, 2), "application/json")}>{t("receipts.download")}</Button>
            </Group>
            {receipts.map((receipt, place) => <CopyText key={place} block value={JSON.stringify(receipt, null, 2)} label={t("receipts.one", { n: format.number(place + 1) })} />)}
          </Stack>
        )}
      </Loaded>
    </Dialogue>
  );
}
