import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Tabs } from "@/ui/Tabs";
import { Waiting } from "@/ui/Waiting";

const Recipients = lazy(() => import("./Recipients"));
const Activities = lazy(() => import("./Activities"));
const Responsible = lazy(() => import("./Responsible"));
const Purposes = lazy(() => import("./Purposes"));
const Documents = lazy(() => import("./Documents"));
const Reviews = lazy(() => import("./Reviews"));
const Announcements = lazy(() => import("./Announcements"));
const Transparency = lazy(() => import("./Transparency"));

/** What law has an organisation write down: who receives data, what is done with them, who answers for it. */
export default function Registers() {
  const { t } = useTranslation("app_registers");
  return (
    <Suspense fallback={<Waiting />}>
      <Tabs name="register" label={t("registers.title")} tabs={[
        { code: "recipients", label: t("recipients.title"), body: () => <Recipients /> },
        { code: "activities", label: t("activities.title"), body: () => <Activities /> },
        { code: "responsible", label: t("responsible.title"), body: () => <Responsible /> },
        { code: "purposes", label: t("purposes.title"), body: () => <Purposes /> },
        { code: "documents", label: t("documents.title"), body: () => <Documents /> },
        { code: "reviews", label: t("reviews.title"), body: () => <Reviews /> },
        { code: "announcements", label: t("announcements.title"), body: () => <Announcements /> },
        { code: "transparency", label: t("transparency.title"), body: () => <Transparency /> },
      ]} />
    </Suspense>
  );
}
