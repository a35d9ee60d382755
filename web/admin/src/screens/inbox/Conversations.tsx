import { Box, Drawer, Paper } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams } from "react-router";
import { to } from "@/app/place";
import { Nothing } from "@/ui/Nothing";
import { ListPane } from "./ListPane";
import { PersonPanel } from "./PersonPanel";
import { Thread } from "./Thread";

/** What the panes leave for the frame around them. */
const HEIGHT = "calc(100dvh - 172px)";
const PHONE_HEIGHT = "calc(100dvh - 88px)";

/** The list, the open conversation, and the person it is with; one at a time on a phone. */
export default function Conversations() {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const { id } = useParams();
  const navigate = useNavigate();
  const { search } = useLocation();
  const phone = useMediaQuery("(max-width: 48em)");
  const wide = useMediaQuery("(min-width: 80em)");
  const [panel, { open, close }] = useDisclosure(false);
  const choose = (next: string | null) => void navigate(to(`/inbox/conversations${next ? `/${next}` : ""}`) + search);
  if (phone) {
    return id ? (
      <Box style={{ height: PHONE_HEIGHT, display: "flex", flexDirection: "column" }}>
        <Thread key={id} id={id} back={() => choose(null)} showPerson={open} />
        <Drawer opened={panel} onClose={close} title={t("person")} size="100%" closeButtonProps={{ "aria-label": t("app_shell:close") }}><PersonPanel id={id} /></Drawer>
      </Box>
    ) : <Box style={{ height: PHONE_HEIGHT, display: "flex", flexDirection: "column" }}><ListPane open={null} choose={choose} /></Box>;
  }
  return (
    <Paper withBorder style={{ display: "grid", gridTemplateColumns: `minmax(250px, 320px) minmax(0, 1fr)${wide && id ? " 300px" : ""}`, gridTemplateRows: "minmax(0, 1fr)", height: HEIGHT, minHeight: 420, overflow: "hidden" }}>
      <Box style={{ borderInlineEnd: "1px solid var(--mantine-color-default-border)", display: "flex", flexDirection: "column", minHeight: 0 }}><ListPane open={id ?? null} choose={choose} /></Box>
      {id ? <Thread key={id} id={id} showPerson={wide ? undefined : open} /> : <Nothing icon={MessagesSquare} title={t("choose.title")} text={t("choose.text")} />}
      {id && wide && (
        <Box component="aside" aria-label={t("person")} style={{ borderInlineStart: "1px solid var(--mantine-color-default-border)", overflowY: "auto" }} p="md" tabIndex={0}><PersonPanel id={id} /></Box>
      )}
      {id && !wide && <Drawer opened={panel} onClose={close} title={t("person")} closeButtonProps={{ "aria-label": t("app_shell:close") }}><PersonPanel id={id} /></Drawer>}
    </Paper>
  );
}
