import { Alert, Anchor, Button, Card, Group, List, Menu, Modal, Select, SimpleGrid, Stack, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { CircleCheck, PhoneOutgoing, Plus, Trash2, TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { moved } from "@/screens/chat-settings/order";
import { Failed } from "@/ui/Failed";
import { named } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { told, undoable } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { useLeaving } from "@/ui/useLeaving";
import { useCodes } from "../../codes";
import { stale } from "@/api/client";
import { useFlow, type Flow } from "../server";
import { TestCall } from "../TestCall";
import { Answered } from "./Answered";
import { ACTIONS, blankDraft, copied, definitionOf, freshStep, LANGUAGES, MOST_STEPS, withoutStep, type Action, type Complaint, type Step } from "./flow";
import { useRemoveFlow } from "./Flows";
import { StepCard } from "./StepCard";
import { useFlowWork, type FlowWork } from "./useFlowWork";
import { ICONS, useComplaint } from "./words";

/** One call flow, step by step. */
export default function FlowPage() {
  const { t, i18n } = useTranslation("app_calls");
  const { id = "" } = useParams();
  const fresh = id === "new";
  const flow = useFlow(id, !fresh);
  // What is being edited is not replaced under somebody's hands: another version is another start.
  const [round, setRound] = useState(0);
  if (fresh) return <Work key="new" flow={null} language={i18n.language} again={() => {}} />;
  if (flow.data) return <Work key={`${id}-${round}`} flow={flow.data} language={i18n.language} again={() => void flow.refetch().then(() => setRound(round + 1))} />;
  return <Page title={t("flow")} above={[{ label: t("part.flows"), href: to("/messaging/flows") }]} permission="calls:read"><Loaded query={flow} lines={8}>{() => null}</Loaded></Page>;
}

function Work({ flow, language, again }: { flow: Flow | null; language: string; again: () => void }) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const navigate = useNavigate();
  const writes = useMay()("calls:write");
  const remove = useRemoveFlow();
  const [blank] = useState(() => blankDraft(language));
  const work = useFlowWork(flow, blank);
  const [calling, setCalling] = useState(false);
  const { draft, unsaved, busy } = work;
  useLeaving(writes && unsaved, work.discard);
  const save = async (over = false) => {
    const kept = await work.save(over);
    if (!kept) return;
    told(t(flow ? "app_shell:saved" : "flow.made"));
    if (!flow) void navigate(to(`/messaging/flows/${kept.id}`), { replace: true });
    else await stale("/v1/call-flows");
  };
  const check = async () => { if (await work.check()) told(t("check.fine")); };
  useShortcuts({ "Mod+KeyS": () => void save() }, writes);
  const actions = (
    <>
      {writes && flow && <Button variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => remove(flow, () => { work.discard(); void navigate(to("/messaging/flows")); })}>{t("app_shell:delete")}</Button>}
      {writes && <Button variant="default" leftSection={<PhoneOutgoing aria-hidden size={16} />} onClick={() => void work.check().then((sound) => sound && setCalling(true))}>{t("test")}</Button>}
      <Button variant="default" leftSection={<CircleCheck aria-hidden size={16} />} loading={busy} onClick={() => void check()}>{t("check")}</Button>
      {writes && <Button loading={busy} disabled={flow !== null && !unsaved} onClick={() => void save()}>{t("app_shell:save")}</Button>}
    </>
  );
  return (
    <Page title={draft.title.trim() || (flow ? t("flow.untitled") : t("flow.new"))} about={t("flow.about")} above={[{ label: t("part.flows"), href: to("/messaging/flows") }]} permission={flow ? "calls:read" : "calls:write"} actions={actions}>
      <Stack gap="lg" maw={920}>
        {work.trouble !== null && <Failed error={work.trouble} />}
        <Complaints complaints={work.complaints} />
        <Card component="section">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput data-autofocus={flow === null || undefined} dir="auto" readOnly={!writes} maxLength={100} label={t("flow.title")} description={t("flow.title.note")} value={draft.title} onChange={(event) => work.put({ title: event.currentTarget.value })} />
            <Spoken value={draft.language} readOnly={!writes} change={(language) => work.put({ language })} />
          </SimpleGrid>
        </Card>
        <Steps work={work} readOnly={!writes} />
        {flow && <Answered id={flow.id} />}
      </Stack>
      {calling && <TestCall flow={unsaved || !flow ? definitionOf(draft) : undefined} flow_id={unsaved ? undefined : flow?.id} draft={draft} close={() => setCalling(false)} />}
      <Modal opened={work.conflict} onClose={work.discard} withCloseButton={false} title={<Text fw={600}>{t("conflict")}</Text>}>
        <Stack>
          <Text size="sm">{t("conflict.text")}</Text>
          <Group justify="flex-end"><Button variant="default" onClick={again}>{t("conflict.theirs")}</Button><Button color="red" loading={busy} onClick={() => void save(true)}>{t("conflict.mine")}</Button></Group>
        </Stack>
      </Modal>
    </Page>
  );
}

function Spoken({ value, change, readOnly }: { value: string; change: (language: string) => void; readOnly: boolean }) {
  const { t, i18n } = useTranslation("app_calls");
  return <Select allowDeselect={false} readOnly={readOnly} label={t("flow.language")} description={t("flow.language.note")} data={LANGUAGES.map((value) => ({ value, label: named("language", i18n.language, value) }))} value={value} onChange={(code) => code && change(code)} />;
}

export const anchorOf = (at: number) => `step-${at + 1}`;

/** Everything that is wrong in one place; each leads to where it is. */
function Complaints({ complaints }: { complaints: readonly Complaint[] }) {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const words = useComplaint();
  const codes = useCodes("app_calls");
  if (complaints.length === 0) return null;
  const go = (at: number) => {
    const card = document.getElementById(anchorOf(at));
    card?.scrollIntoView({ block: "center" });
    (card?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? card?.querySelector<HTMLElement>("button"))?.focus();
  };
  return (
    <Alert color="red" icon={<TriangleAlert aria-hidden />} role="alert" title={t("wrong", { count: complaints.length, n: format.number(complaints.length) })}>
      <List size="sm">
        {complaints.map((one, place) => (
          <List.Item key={place}>
            {one.at !== null && <><Anchor component="button" type="button" inherit underline="always" onClick={() => go(one.at ?? 0)}>{t("step.name", { n: format.number(one.at + 1) })}</Anchor>{" · "}</>}
            {one.field && <>{codes("field", one.field.split(/[.[]/)[0])}: </>}<bdi>{words(one)}</bdi>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Steps({ work, readOnly }: { work: FlowWork; readOnly: boolean }) {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const { steps, language } = work.draft;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(steps.length === 1 ? steps.map(({ id }) => id) : []));
  const [said, setSaid] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const set = (steps: Step[]) => work.put({ steps });
  const toggle = (id: string, shown: boolean) => setOpen((now) => { const next = new Set(now); if (shown) next.add(id); else next.delete(id); return next; });
  const focus = (id: string) => requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-step="${id}"] [data-head]`)?.focus());
  const move = (at: number, by: -1 | 1) => {
    const one = steps[at];
    if (!one || at + by < 0 || at + by >= steps.length) return;
    set(moved(steps, at, by));
    setSaid(t("step.moved", { from: format.number(at + 1), to: format.number(at + by + 1) }));
    focus(one.id);
  };
  const remove = (at: number) => {
    const before = steps;
    set(withoutStep(steps, at));
    undoable(t("step.removed", { n: format.number(at + 1) }), () => work.put({ steps: before }));
    const next = steps[at + 1] ?? steps[at - 1];
    if (next) focus(next.id);
  };
  const add = (action: Action) => {
    const fresh = freshStep(action, steps);
    set([...steps, fresh]);
    toggle(fresh.id, true);
    focus(fresh.id);
  };
  const copy = (at: number) => {
    const next = copied(steps, at);
    set(next);
    const fresh = next[at + 1];
    if (fresh) { toggle(fresh.id, true); focus(fresh.id); }
  };
  return (
    <Stack gap="sm" ref={list} component="section" aria-label={t("flow.steps")}>
      <Group justify="space-between" align="baseline"><Title order={2}>{t("flow.steps")}</Title>{!readOnly && <Text size="xs" c="dimmed" visibleFrom="sm">{t("step.hint")}</Text>}</Group>
      <VisuallyHidden aria-live="assertive">{said}</VisuallyHidden>
      {steps.map((step, at) => (
        <StepCard key={step.id} anchor={anchorOf(at)} step={step} at={at} steps={steps} language={language} open={open.has(step.id)} readOnly={readOnly} complaints={work.complaints.filter((one) => one.at === at)}
          toggle={() => toggle(step.id, !open.has(step.id))} put={(change) => set(steps.map((one, place) => (place === at ? { ...one, ...change } : one)))} move={(by) => move(at, by)} remove={() => remove(at)} copy={() => copy(at)} />
      ))}
      {!readOnly && steps.length < MOST_STEPS && (
        <Group>
          <Menu position="bottom-start" width={340}>
            <Menu.Target><Button variant="default" leftSection={<Plus aria-hidden size={16} />}>{t("step.add")}</Button></Menu.Target>
            <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
              {ACTIONS.map((action) => { const Icon = ICONS[action]; return (
                <Menu.Item key={action} leftSection={<Icon aria-hidden size={18} />} onClick={() => add(action)}><Text size="sm" fw={600} span display="block">{t(`action.${action}`)}</Text><Text size="xs" c="dimmed" span display="block">{t(`action.about.${action}`)}</Text></Menu.Item>
              ); })}
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </Stack>
  );
}
