import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Tabs } from "@/ui/Tabs";
import { Waiting } from "@/ui/Waiting";

const Assessments = lazy(() => import("./Assessments"));
const Approvals = lazy(() => import("./Approvals"));
const Businesses = lazy(() => import("./Businesses"));
const Screenings = lazy(() => import("./Screenings"));
const Gate = lazy(() => import("./Gate"));
const Prospects = lazy(() => import("./Prospects"));

/** What lawful sending rests on, and what the workspace forbids itself beyond the law. */
export default function Lawfulness() {
  const { t } = useTranslation("app_registers");
  return (
    <Suspense fallback={<Waiting />}>
      <Tabs name="about" label={t("lawfulness.title")} tabs={[
        { code: "gate", label: t("gate.title"), body: () => <Gate /> },
        { code: "assessments", label: t("assessments.title"), body: () => <Assessments /> },
        { code: "approvals", label: t("approvals.title"), body: () => <Approvals /> },
        { code: "businesses", label: t("businesses.title"), body: () => <Businesses /> },
        { code: "screenings", label: t("screenings.title"), body: () => <Screenings /> },
        { code: "prospects", label: t("prospects.title"), body: () => <Prospects /> },
      ]} />
    </Suspense>
  );
}
