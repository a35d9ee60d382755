import { ActionIcon, Badge, Box, Card, Collapse, Group, Menu, Stack, Text, UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronDown, ChevronUp, Copy, Ellipsis, Trash2, TriangleAlert } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { ActionFields } from "./ActionFields";
import { Conditions } from "./Conditions";
import type { Complaint, Step } from "./flow";
import { ICONS, useSentence } from "./words";

export interface StepProps {
  step: Step;
  at: number;
  steps: readonly Step[];
  /** The flow's language, for words that name none. */
  language: string;
  complaints: readonly Complaint[];
  readOnly: boolean;
  put: (change: Partial<Step>) => void;
}

interface StepCardProps extends StepProps {
  anchor: string;
  open: boolean;
  toggle: () => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
  copy: () => void;
}

/** A step: closed it says what it does in a sentence, open it can be changed. Alt and an arrow move it. */
export function StepCard(props: StepCardProps) {
  const { step, at, steps, complaints, anchor, open, readOnly, toggle, move, remove, copy } = props;
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const format = useFormat();
  const sentence = useSentence();
  const Icon = ICONS[step.action];
  const name = t("step.name", { n: format.number(at + 1) });
  const shown = open || complaints.length > 0;
  const press = (event: KeyboardEvent) => {
    if (readOnly || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <Card id={anchor} data-step={step.id} padding={0} component="section" aria-label={name} onKeyDown={press}>
      <Group wrap="nowrap" gap={0} align="stretch">
        <UnstyledButton data-head onClick={toggle} aria-expanded={shown} px="md" py="sm" style={{ flex: 1, minWidth: 0, borderRadius: 12 }}>
          <Group wrap="nowrap" gap="sm" align="flex-start">
            <Badge color={complaints.length > 0 ? "red" : "gray"} className="tabular" leftSection={complaints.length > 0 ? <TriangleAlert aria-label={t("step.wrong")} size={12} /> : undefined}>{format.number(at + 1)}</Badge>
            <Icon aria-hidden size={18} style={{ flexShrink: 0, marginBlockStart: 2 }} />
            <Box style={{ minWidth: 0, flex: 1 }}>
              <Group gap={6}><Text size="sm" fw={600} span>{t(`action.${step.action}`)}</Text>{step.when.length > 0 && <Badge color="amber">{t("when.some")}</Badge>}</Group>
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>{sentence(step)}</Text>
              {!shown && <Leads step={step} steps={steps} />}
            </Box>
            {shown ? <ChevronUp aria-hidden size={16} /> : <ChevronDown aria-hidden size={16} />}
          </Group>
        </UnstyledButton>
        {!readOnly && (
          <Group gap={0} wrap="nowrap" pe="xs" align="center">
            <ActionIcon visibleFrom="sm" aria-label={t("up", { name })} disabled={at === 0} onClick={() => move(-1)}><ArrowUp aria-hidden size={16} /></ActionIcon>
            <ActionIcon visibleFrom="sm" aria-label={t("down", { name })} disabled={at === steps.length - 1} onClick={() => move(1)}><ArrowDown aria-hidden size={16} /></ActionIcon>
            <Menu position="bottom-end">
              <Menu.Target><ActionIcon aria-label={t("more", { name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item disabled={at === 0} leftSection={<ArrowUp aria-hidden size={16} />} onClick={() => move(-1)}>{t("step.up")}</Menu.Item>
                <Menu.Item disabled={at === steps.length - 1} leftSection={<ArrowDown aria-hidden size={16} />} onClick={() => move(1)}>{t("step.down")}</Menu.Item>
                <Menu.Item leftSection={<Copy aria-hidden size={16} />} onClick={copy}>{t("copy")}</Menu.Item>
                <Menu.Item color="red" disabled={steps.length === 1} leftSection={<Trash2 aria-hidden size={16} />} onClick={remove}>{t("app_shell:delete")}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        )}
      </Group>
      <Collapse expanded={shown}>
        <Stack px="md" pb="md" gap="sm">
          <ActionFields {...props} />
          <Conditions {...props} />
        </Stack>
      </Collapse>
    </Card>
  );
}

/** Where keys and everything else lead, at a glance. */
function Leads({ step, steps }: Pick<StepProps, "step" | "steps">) {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const at = (id: string) => steps.findIndex((one) => one.id === id);
  const place = (id: string) => (at(id) < 0 ? t("leads.nowhere") : t("step.name", { n: format.number(at(id) + 1) }));
  const branches = step.action === "gather" ? step.branches : ["say", "play", "pause"].includes(step.action) ? step.keys : [];
  const leads = [
    ...branches.map(({ keys, step }) => ({ what: t("leads.key", { keys: `\u2066${keys}\u2069` }), where: place(step) })),
    ...(["gather", "transfer"].includes(step.action) && step.otherwise ? [{ what: t("leads.otherwise"), where: place(step.otherwise) }] : []),
    ...(step.action === "goto" && step.step ? [{ what: "", where: place(step.step) }] : []),
  ];
  if (leads.length === 0) return null;
  return <Group gap={6} mt={4}>{leads.map(({ what, where }, key) => <Badge key={key} color="gray">{what ? t("leads.to", { what, where }) : where}</Badge>)}</Group>;
}
