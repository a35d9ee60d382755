//! Incidents and their clocks.

use privacy::announcements;
use privacy::facts::SubjectFacts;
use privacy::incidents::{self, Audience, Details, Kind, Risk, RiskLevel, Settle};
use store::Ctx;
use testkit::Fixture;

use crate::people::Person;

fn details() -> Details {
    Details {
        title: "A lost laptop".into(),
        description: "A laptop with an export was left on a train.".into(),
        data_categories: vec!["addresses".into()],
        ..Details::default()
    }
}

async fn alarms(ctx: &Ctx) -> Vec<String> {
    let all = announcements::list(ctx, None, 100).await.unwrap();
    let mut out: Vec<String> =
        all.into_iter().filter(|one| one.kind == "incident_clock").map(|one| one.letter.en.text).collect();
    out.sort();
    out
}

testkit::each_engine! {
    async fn a_mere_exposure_starts_the_clocks_too(t: Fixture) {
        let ctx = t.workspace().await;
        let start = ctx.now();
        let incident = incidents::create(&ctx, Kind::ExposureRisk, None, details()).await.unwrap();
        let due: Vec<i64> = incident.clocks.iter().map(|clock| (clock.due_at.0 - start.0) / 3_600_000_000).collect();
        assert_eq!(due, [24, 48, 72]);
        let tomorrow = Some(ctx.now().plus_seconds(86_400));
        assert!(incidents::create(&ctx, Kind::Breach, tomorrow, details()).await.is_err());
    }

    async fn clocks_alarm_at_half_four_fifths_and_the_end(t: Fixture) {
        let ctx = t.workspace().await;
        let incident = incidents::create(&ctx, Kind::Breach, None, details()).await.unwrap();
        assert_eq!(incidents::tick(&ctx).await.unwrap(), 0);
        let mut levels = Vec::new();
        for _ in 0..73 {
            t.clock.advance(3_600);
            if incidents::tick(&ctx).await.unwrap() > 0 {
                let now = incidents::get(&ctx, incident.id).await.unwrap();
                levels.push(((ctx.now().0 - incident.discovered_at.0) / 3_600_000_000, now.clocks[2].level));
            }
            assert_eq!(incidents::tick(&ctx).await.unwrap(), 0, "no alarm is told twice");
        }
        let hours: Vec<i64> = levels.iter().map(|(hour, _)| *hour).collect();
        assert_eq!(hours, [12, 20, 24, 36, 39, 48, 58, 72]);
        assert_eq!(alarms(&ctx).await.len(), 9);
        assert!(alarms(&ctx).await.iter().any(|text| text.contains("80 %") && text.contains("supervisory authority")));
    }

    async fn a_late_notice_needs_a_reason(t: Fixture) {
        let ctx = t.workspace().await;
        let incident = incidents::create(&ctx, Kind::Breach, None, details()).await.unwrap();
        let notice = incidents::draft(&ctx, incident.id, Audience::Authority).await.unwrap();
        assert!(notice.letter.en.text.contains("left on a train") && notice.letter.ar.text.contains("left on a train"));
        assert!(notice.letter.en.text.contains("not known yet"));
        assert!(incidents::draft(&ctx, incident.id, Audience::Authority).await.is_err(), "one draft waits");
        t.clock.advance(72 * 3_600);
        let said = Settle { reference: "web form".into(), ..Settle::default() };
        let problem = incidents::send(&ctx, notice.id, said.clone()).await.unwrap_err().problem();
        assert_eq!(problem.fields[0].field, "late_reason");
        let said = Settle { late_reason: "The loss was noticed during a holiday.".into(), ..said };
        let sent = incidents::send(&ctx, notice.id, said.clone()).await.unwrap();
        assert!(sent.late && sent.state == "sent");
        assert!(incidents::send(&ctx, notice.id, said).await.is_err());
        let update = incidents::draft(&ctx, incident.id, Audience::Authority).await.unwrap();
        assert_eq!((update.stage, update.letter.en.subject.contains("supplement 2")), (2, true));
        let after = incidents::send(&ctx, update.id, Settle { reference: "mail".into(), ..Settle::default() }).await.unwrap();
        assert!(!after.late, "the clock was stopped by the first notice");
    }

    async fn people_concerned_are_told_and_the_incident_is_closed(t: Fixture) {
        let ctx = t.workspace().await;
        let incident = incidents::create(&ctx, Kind::Breach, None, details()).await.unwrap();
        let person = Person::known(&ctx, "sara@example.com", SubjectFacts::default()).await;
        let notice = incidents::draft(&ctx, incident.id, Audience::Subjects).await.unwrap();
        assert!(incidents::send(&ctx, notice.id, Settle::default()).await.is_err(), "nobody is on the list");
        let unknown = kernel::ContactId([7; 16]);
        let count = incidents::affect(&ctx, incident.id, &[person.id, person.id, unknown], "everybody in the export").await;
        assert_eq!(count.unwrap(), 1);
        let sent = incidents::send(&ctx, notice.id, Settle::default()).await.unwrap();
        let announcement = sent.announcement.unwrap();
        let waiting = announcements::waiting(&ctx, announcement, kernel::ContactId([0; 16]), 10).await.unwrap();
        assert_eq!(waiting, [person.id]);
        assert_eq!(store::jobs::pending(&ctx.db, announcements::QUEUE).await.unwrap(), 1);
        let answer = privacy::answer::answer(&ctx, person.id).await.unwrap();
        let section = answer.sections.iter().find(|section| section.table == "incident_subject").unwrap();
        assert_eq!(section.records[0]["concerned"]["how"], "everybody in the export");

        let problem = incidents::close(&ctx, incident.id, "Disks are encrypted now.").await.unwrap_err().problem();
        assert_eq!(problem.fields.len(), 3, "{problem:?}");
        assert!(incidents::waive(&ctx, incident.id, Audience::Authority, "nothing could be read").await.is_err());
        let risk = Risk { level: RiskLevel::Unlikely, reasoning: "The disk was encrypted.".into() };
        let assessed = Details { risk: Some(risk), ..details() };
        incidents::update(&ctx, incident.id, incident.version, incident.kind, assessed).await.unwrap();
        assert!(incidents::waive(&ctx, incident.id, Audience::Authority, " ").await.is_err());
        for audience in [Audience::Authority, Audience::Customers] {
            incidents::waive(&ctx, incident.id, audience, "nothing could be read").await.unwrap();
        }
        let closed = incidents::close(&ctx, incident.id, "Disks are encrypted now.").await.unwrap();
        assert_eq!(closed.state, "closed");
        let kinds: Vec<String> = incidents::timeline(&ctx, incident.id).await.unwrap().into_iter().map(|one| one.kind).collect();
        assert_eq!(kinds, ["recorded", "notice", "changed", "waived", "waived", "closed"]);
        assert!(incidents::affect(&ctx, incident.id, &[person.id], "late").await.is_err());
    }
}
