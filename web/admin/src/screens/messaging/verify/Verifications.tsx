import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import { useCodes } from "../codes";
import { PersonName } from "../PersonName";
import { usePages } from "../usePages";
import { useServiceNames } from "./names";
import { useVerifications, type Verification } from "./server";
import { toneOf } from "./states";
import { VerificationDrawer } from "./VerificationDrawer";

/** Every verification, newest first. Addresses are shown one at a time. */
export function Verifications({ begin }: { begin: () => void }) {
  const { t } = useTranslation("app_verify");
  const codes = useCodes("app_verify");
  const format = useFormat();
  const nameOf = useServiceNames();
  const pages = usePages();
  const list = useVerifications(pages.cursor);
  const [open, setOpen] = useUrlState("verification");
  const columns = [
    { key: "at", title: t("at"), cell: ({ id, created_at }: Verification) => <Anchor component="button" type="button" size="sm" fw={600} onClick={() => setOpen(id)}><When at={created_at} /></Anchor> },
    { key: "person", title: t("person"), cell: ({ contact, country }: Verification) => <Stack gap={0}>{contact ? <PersonName id={contact} /> : <Text size="sm" c="dimmed">–</Text>}{country && <Text size="xs" c="dimmed"><CountryName code={country} /></Text>}</Stack> },
    { key: "service", title: t("service"), wideOnly: true, cell: ({ service }: Verification) => (service ? <bdi>{nameOf(service)}</bdi> : <Text size="sm" c="dimmed">{t("service.none")}</Text>) },
    { key: "channel", title: t("channel"), cell: ({ channel }: Verification) => codes("channel", channel) },
    { key: "attempts", title: t("attempts"), numeric: true, wideOnly: true, cell: ({ attempts }: Verification) => format.number(attempts) },
    { key: "state", title: t("state"), cell: ({ state, reason, test }: Verification) => (
      <Stack gap={2} align="flex-start"><Group gap={4}><Status tone={toneOf(state)}>{codes("state", state)}</Status>{test && <Badge color="gray">{t("test")}</Badge>}</Group>{reason && <Text size="xs" c="dimmed">{codes("why", reason)}</Text>}</Stack>
    ) },
  ];
  return (
    <>
      <Loaded query={list}>
        {({ items, next }) => (
          <DataTable label={t("log")} columns={columns} rows={items} rowKey={({ id }) => id} open={({ id }) => setOpen(id)}
            empty={pages.back ? undefined : <Nothing icon={KeyRound} title={t("none")} text={t("none.text")} action={{ label: t("try"), act: begin }} />}
            footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
        )}
      </Loaded>
      {open !== "" && <VerificationDrawer id={open} close={() => setOpen("")} />}
    </>
  );
}
