import { ActionIcon, Anchor, Badge, Group, Menu, Stack, Text } from "@mantine/core";
import { CirclePause, CirclePlay, Ellipsis, Hash, MessageSquareText, Pencil, Phone, Search, Trash2, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { apart } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told, undoable } from "@/ui/notify";
import { Pager } from "@/ui/Pager";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { useCodes } from "../codes";
import { usePages } from "../usePages";
import { changeNumber, releaseNumber, useFlowChoices, useNumbers, type OwnNumber } from "./server";

interface InventoryProps {
  edit: (number: OwnNumber) => void;
  add: () => void;
}

/** The numbers that operators gave the organisation, and what happens to what comes in. */
export function Inventory({ edit, add }: InventoryProps) {
  const { t } = useTranslation("app_numbers");
  const codes = useCodes("app_numbers");
  const may = useMay();
  const writes = may("routes:write");
  const pages = usePages();
  const numbers = useNumbers(pages.cursor);
  const flows = useFlowChoices(may("calls:read"));
  const flowName = (id: string) => flows.data?.items.find((flow) => flow.id === id)?.flow.title || t("flow");
  const columns = [
    { key: "number", title: t("number"), cell: (number: OwnNumber) => (
      <Stack gap={2}>
        {writes ? <Anchor component="button" type="button" fw={600} ta="start" onClick={() => edit(number)}><Ltr>{number.number}</Ltr></Anchor> : <Text fw={600}><Ltr>{number.number}</Ltr></Text>}
        <Text size="xs" c="dimmed">{codes("kind", number.kind)}{number.country && <> · <CountryName code={number.country} /></>}</Text>
      </Stack>
    ) },
    { key: "can", title: t("can"), cell: ({ capabilities, originator }: OwnNumber) => (
      <Group gap={4}>{capabilities.map((one) => <Badge key={one} color="gray">{codes("can", one)}</Badge>)}{originator && <Badge color="teal">{t("sends")}</Badge>}</Group>
    ) },
    { key: "leads", title: t("leads"), cell: (number: OwnNumber) => <Leads number={number} flowName={flowName} /> },
    { key: "route", title: t("route"), wideOnly: true, cell: ({ route }: OwnNumber) => (route ? <bdi>{route}</bdi> : "–") },
    { key: "tags", title: t("tags"), wideOnly: true, cell: ({ tags }: OwnNumber) => <Group gap={4}>{tags.map((tag) => <Badge key={tag} color="gray"><bdi>{tag}</bdi></Badge>)}</Group> },
    { key: "state", title: t("state"), cell: ({ state }: OwnNumber) => <Status tone={state === "active" ? "good" : "held"}>{codes("state", state)}</Status> },
    { key: "changed", title: t("changed"), wideOnly: true, cell: ({ updated_at }: OwnNumber) => <When at={updated_at} /> },
    { key: "actions", title: t("actions"), width: 56, cell: (number: OwnNumber) => <Actions number={number} edit={() => edit(number)} /> },
  ];
  return (
    <Loaded query={numbers}>
      {({ items, next }) => (
        <DataTable label={t("inventory")} columns={columns} rows={items} rowKey={({ id }) => id} open={writes ? edit : undefined}
          empty={pages.back ? undefined : <Nothing icon={Hash} title={t("none")} text={t("none.text")} action={writes ? { label: t("add"), act: add } : undefined} />}
          footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
      )}
    </Loaded>
  );
}

function Way({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return <Group gap={6} wrap="nowrap" align="center">{icon}<Text size="sm" span>{children}</Text></Group>;
}

/** Where messages and calls to a number go, each in a word. */
function Leads({ number: { capabilities, forward }, flowName }: { number: OwnNumber; flowName: (id: string) => string }) {
  const { t } = useTranslation("app_numbers");
  const codes = useCodes("app_numbers");
  const sees = useMay()("calls:read");
  const { sms = "conversation", voice } = forward;
  return (
    <Stack gap={2}>
      {capabilities.some((one) => one !== "voice") && <Way icon={<MessageSquareText aria-label={t("messages")} size={15} />}>{codes("forward", sms)}</Way>}
      {capabilities.includes("voice") && (
        <Way icon={voice ? <Workflow aria-label={t("calls")} size={15} /> : <Phone aria-label={t("calls")} size={15} />}>
          {!voice ? t("nobody") : sees ? <Anchor component={Link} to={to(`/messaging/flows/${voice}`)} size="sm"><bdi>{flowName(voice)}</bdi></Anchor> : t("flow")}
        </Way>
      )}
    </Stack>
  );
}

function Actions({ number, edit }: { number: OwnNumber; edit: () => void }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const navigate = useNavigate();
  const may = useMay();
  const name = apart(number.number);
  const put = async (state: "active" | "paused") => {
    try {
      await changeNumber(number.id, { state });
      undoable(t(`now.${state}`, { name }), () => void changeNumber(number.id, { state: number.state }).catch(refused));
    } catch (error) {
      refused(error);
    }
  };
  const release = () => confirm({
    title: t("release.title", { name }), button: t("release"), destroys: true,
    text: <Stack gap="xs"><Text size="sm">{t("release.text")}</Text>{number.originator && <Text size="sm">{t("release.sender")}</Text>}{number.forward.voice && <Text size="sm">{t("release.calls")}</Text>}</Stack>,
    act: async () => { await releaseNumber(number.id); told(t("released", { name })); },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name: number.number })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {may("messages:send") && <Menu.Item leftSection={<Search aria-hidden size={16} />} onClick={() => void navigate(to("/messaging/numbers?tab=lookup"), { state: { number: number.number } })}>{t("lookup.this")}</Menu.Item>}
        {may("routes:write") && (
          <>
            <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={edit}>{t("app_shell:edit")}</Menu.Item>
            {number.state === "active"
              ? <Menu.Item leftSection={<CirclePause aria-hidden size={16} />} onClick={() => void put("paused")}>{t("pause")}</Menu.Item>
              : <Menu.Item leftSection={<CirclePlay aria-hidden size={16} />} onClick={() => void put("active")}>{t("resume")}</Menu.Item>}
            <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={release}>{t("release")}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
