import { Box, Drawer, Paper } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { MessagesSquare } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams } from "react-router";
import { to } from "@/app/place";
import { Nothing } from "@/ui/Nothing";
import { ListPane } from "./ListPane";
import { PersonPanel } from "./PersonPanel";
import { Thread } from "./Thread";

/** Below the panes. */
const MARGIN = 20;

/** How high the panes are: whatever the window has below whatever stands above them. */
function useRoom() {
  const ref = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(160);
  useLayoutEffect(() => {
    const look = () => setAbove(Math.round((ref.current?.getBoundingClientRect().top ?? 160) + window.scrollY));
    look();
    const seen = new ResizeObserver(look);
    seen.observe(document.body);
    if (ref.current?.parentElement) seen.observe(ref.current.parentElement);
    return () => seen.disconnect();
  }, []);
  return { ref, height: `max(420px, calc(100dvh - ${above + MARGIN}px))` };
}

/** The list, the open conversation, and the person it is with; one at a time on a phone. */
export default function Conversations() {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const { id } = useParams();
  const navigate = useNavigate();
  const { search } = useLocation();
  const phone = useMediaQuery("(max-width: 48em)");
  const wide = useMediaQuery("(min-width: 80em)");
  const [panel, { open, close }] = useDisclosure(false);
  const { ref, height } = useRoom();
  const choose = (next: string | null) => void navigate(to(`/inbox/conversations${next ? `/${next}` : ""}`) + search);
  if (phone) {
    return id ? (
      <Box ref={ref} style={{ height, display: "flex", flexDirection: "column" }}>
        <Thread key={id} id={id} back={() => choose(null)} showPerson={open} />
        <Drawer opened={panel} onClose={close} title={t("person")} size="100%" closeButtonProps={{ "aria-label": t("app_shell:close") }}><PersonPanel id={id} /></Drawer>
      </Box>
    ) : <Box ref={ref} style={{ height, display: "flex", flexDirection: "column" }}><ListPane open={null} choose={choose} /></Box>;
  }
  return (
    <Paper ref={ref} withBorder style={{ display: "grid", gridTemplateColumns: `minmax(220px, 28%) minmax(0, 1fr)${wide && id ? " 27%" : ""}`, gridTemplateRows: "minmax(0, 1fr)", height, overflow: "hidden" }}>
      <Box style={{ borderInlineEnd: "1px solid var(--mantine-color-default-border)", display: "flex", flexDirection: "column", minHeight: 0 }}><ListPane open={id ?? null} choose={choose} /></Box>
      {id ? <Thread key={id} id={id} showPerson={wide ? undefined : open} /> : <Nothing icon={MessagesSquare} title={t("choose.title")} text={t("choose.text")} />}
      {id && wide && (
        <Box component="aside" aria-label={t("person")} style={{ borderInlineStart: "1px solid var(--mantine-color-default-border)", overflowY: "auto" }} p="md" tabIndex={0}><PersonPanel id={id} /></Box>
      )}
      {id && !wide && <Drawer opened={panel} onClose={close} title={t("person")} closeButtonProps={{ "aria-label": t("app_shell:close") }}><PersonPanel id={id} /></Drawer>}
    </Paper>
  );
}
