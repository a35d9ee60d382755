use booking::calendars::{
    AccountState, CalendarChange, ChangeAccount, Checked, Settings, Unreachable, Wanted, choose, save_settings,
};
use kernel::Patch;
use testkit::Fixture;

use super::{HOST, Server, TYPE, blocked, caldav, calendars, connected, sync, wanted};

/// The fixture's clock stands at some day; events are written relative to it.
fn day(fixture: &Fixture, days: i64) -> String {
    let at = fixture.core.now().plus_seconds(days * 86_400).to_jiff();
    at.strftime("%Y%m%d").to_string()
}

fn iso(fixture: &Fixture, days: i64, time: &str) -> String {
    let at = fixture.core.now().plus_seconds(days * 86_400).to_jiff();
    format!("{}T{time}Z", at.strftime("%Y-%m-%d"))
}

testkit::each_engine! {
    async fn events_block_and_changes_are_followed(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        server.event("a", &format!("DTSTART:{}T100000Z\r\nDTEND:{}T110000Z", day(&t, 2), day(&t, 2)));
        server.event("free", &format!("DTSTART:{}T100000Z\r\nDURATION:PT1H\r\nTRANSP:TRANSPARENT", day(&t, 3)));
        let account = connected(&ctx, &calendars, &server).await;
        assert_eq!(account.calendars.len(), 1, "a list of tasks is no calendar");
        assert_eq!(account.calendars[0].name, "Work & co");
        assert!(account.calendars[0].target && account.calendars[0].conflicts);
        assert_eq!(account.addresses, ["host@example.com"]);
        let a = format!("{} {}", iso(&t, 2, "10:00:00"), iso(&t, 2, "11:00:00"));
        assert_eq!(blocked(&ctx).await, std::slice::from_ref(&a));

        // A change, an addition in the host's zone, a removal; told by the list of changes.
        server.event("b", &format!("DTSTART;VALUE=DATE:{}", day(&t, 5)));
        sync(&ctx, &calendars, &account).await;
        let b = format!("{} {}", iso(&t, 4, "21:00:00"), iso(&t, 5, "21:00:00"));
        assert_eq!(blocked(&ctx).await, [a, b.clone()]);
        server.state.lock().delete("/me/cal/work/a.ics");
        sync(&ctx, &calendars, &account).await;
        assert_eq!(blocked(&ctx).await, std::slice::from_ref(&b));
        assert_eq!(server.seen("calendar-query"), 1);

        // The server forgets where Barid was, in either way: everything is read anew.
        for status in [403, 412] {
            server.state.lock().delete("/me/cal/work/b.ics");
            server.event("c", &format!("DTSTART:{}T100000Z\r\nDURATION:PT30M", day(&t, 6)));
            {
                let mut state = server.state.lock();
                state.forgets_with = status;
                state.forgotten = state.log.len();
            }
            sync(&ctx, &calendars, &account).await;
            assert_eq!(blocked(&ctx).await, [format!("{} {}", iso(&t, 6, "10:00:00"), iso(&t, 6, "10:30:00"))]);
        }
        assert_eq!(server.seen("calendar-query"), 3);
        let shown = calendars.account(&ctx, account.id).await.unwrap();
        assert_eq!((shown.state, shown.calendars[0].stale), (AccountState::Active, false));
    }

    async fn the_horizon_moves(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        server.event("w", &format!("DTSTART:{}T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY", day(&t, 0)));
        let account = connected(&ctx, &calendars, &server).await;
        t.clock.advance(40 * 86_400);
        let short = blocked(&ctx).await.len();
        sync(&ctx, &calendars, &account).await;
        assert!(short < 40 && blocked(&ctx).await.len() >= 59);
    }

    async fn failures_are_told_and_end(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let account = connected(&ctx, &calendars, &server).await;
        let id = account.calendars[0].id;
        let mut pauses = Vec::new();
        for status in [500, 503, 500] {
            server.state.lock().broken = Some(status);
            pauses.push(calendars.sync(&ctx, id).await.unwrap().unwrap().0 - ctx.now().0);
        }
        assert!(pauses.is_sorted() && pauses[0] < pauses[2], "{pauses:?}");
        let shown = calendars.account(&ctx, account.id).await.unwrap();
        assert_eq!((shown.state, shown.calendars[0].error.as_deref()), (AccountState::Failing, Some("status")));
        server.state.lock().broken = Some(401);
        calendars.sync(&ctx, id).await.unwrap();
        assert_eq!(calendars.account(&ctx, account.id).await.unwrap().state, AccountState::Unauthorised);
        server.state.lock().broken = None;
        let wrong = ChangeAccount { password: Some("wrong".into()), ..ChangeAccount::default() };
        assert!(calendars.change(&ctx, account.id, wrong).await.is_err());
        let right = ChangeAccount { password: Some("secret".into()), time_zone: Patch::Null, ..ChangeAccount::default() };
        let shown = calendars.change(&ctx, account.id, right).await.unwrap();
        assert_eq!((shown.state, shown.time_zone), (AccountState::Active, None));
    }

    async fn the_booking_path_asks_once_more(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        server.event("old", &format!("DTSTART:{}T080000Z\r\nDURATION:PT1H", day(&t, 2)));
        let account = connected(&ctx, &calendars, &server).await;
        t.clock.advance(30);
        // Edited a moment ago: no synchronisation has seen it.
        server.event("new", &format!("DTSTART:{}T100000Z\r\nDURATION:PT1H", day(&t, 2)));
        server.state.lock().delete("/me/cal/work/old.ics");
        let want = wanted(&ctx);
        assert_eq!(calendars.recheck(&ctx, &want).await.unwrap(), Checked::Current);
        assert_eq!(blocked(&ctx).await, [format!("{} {}", iso(&t, 2, "10:00:00"), iso(&t, 2, "11:00:00"))]);
        // It does not answer: what is known is good enough for an hour, then the host is closed, or open by setting.
        server.state.lock().broken = Some(500);
        assert_eq!(calendars.recheck(&ctx, &want).await.unwrap(), Checked::Current);
        t.clock.advance(3600);
        assert_eq!(calendars.recheck(&ctx, &want).await.unwrap(), Checked::Stale);
        save_settings(&ctx, Settings { when_unreachable: Unreachable::Open, stale_after_minutes: 60 }).await.unwrap();
        assert_eq!(calendars.recheck(&ctx, &want).await.unwrap(), Checked::Current);
        save_settings(&ctx, Settings::default()).await.unwrap();
        // A calendar that does not count is not asked.
        choose(&ctx, TYPE, HOST, Some(Vec::new())).await.unwrap();
        assert_eq!(calendars.recheck(&ctx, &want).await.unwrap(), Checked::Current);
        assert!(blocked(&ctx).await.is_empty());
        choose(&ctx, TYPE, HOST, None).await.unwrap();
        let off = CalendarChange { conflicts: Some(false), target: None };
        calendars.use_calendar(&ctx, account.calendars[0].id, off).await.unwrap();
        assert!(blocked(&ctx).await.is_empty());
        choose(&ctx, TYPE, HOST, Some(vec![account.calendars[0].id])).await.unwrap();
        assert_eq!(blocked(&ctx).await.len(), 1);
    }

    async fn answers_of_the_host_decide(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        for (name, answer, hour) in [("yes", "ACCEPTED", 10), ("no", "DECLINED", 12), ("perhaps", "TENTATIVE", 14)] {
            let lines = format!("DTSTART:{}T{hour}0000Z\r\nDURATION:PT1H\r\nATTENDEE;PARTSTAT={answer}:mailto:host@example.com", day(&t, 2));
            server.event(name, &lines);
        }
        connected(&ctx, &calendars, &server).await;
        assert_eq!(blocked(&ctx).await.len(), 2);
        let firm = Wanted { tentative: false, ..wanted(&ctx) };
        assert_eq!(booking::calendars::busy(&ctx, &firm).await.unwrap().len(), 1);
    }

    async fn nothing_is_contacted_that_may_not_be(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        for url in ["http://10.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "https://example.com/"] {
            let mut new = caldav(&server);
            new.url = url.into();
            let tested = calendars.test(&new).await.unwrap();
            assert_eq!((tested.ok, tested.error.as_deref()), (false, Some("blocked")), "{url}");
            assert!(calendars.connect(&ctx, new).await.is_err());
        }
        let mut new = caldav(&server);
        new.password = Some("wrong".into());
        assert_eq!(calendars.test(&new).await.unwrap().error.as_deref(), Some("unauthorised"));
        new = caldav(&server);
        new.password = None;
        assert!(calendars.test(&new).await.is_err());
    }

    async fn another_workspace_sees_nothing(t: Fixture) {
        let (ctx, other) = (t.workspace().await, t.workspace().await);
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        server.event("a", &format!("DTSTART:{}T100000Z\r\nDURATION:PT1H", day(&t, 2)));
        let account = connected(&ctx, &calendars, &server).await;
        assert_eq!(blocked(&ctx).await.len(), 1);
        assert!(blocked(&other).await.is_empty());
        assert!(calendars.account(&other, account.id).await.is_err());
        assert!(calendars.leave(&other, account.id).await.is_err());
        assert!(calendars.sync(&other, account.calendars[0].id).await.is_err());
        assert!(choose(&other, TYPE, HOST, Some(vec![account.calendars[0].id])).await.is_err());
        calendars.leave(&ctx, account.id).await.unwrap();
        assert!(blocked(&ctx).await.is_empty());
    }
}
