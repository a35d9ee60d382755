use booking::calendars::{AccountKind, AccountState, ProviderChange};
use store::{Actor, Ctx};
use testkit::Fixture;

use super::{HOST, Server, blocked, calendars, sync};

fn application(server: &Server) -> ProviderChange {
    ProviderChange {
        client_id: "id".into(),
        client_secret: "hush".into(),
        api_url: Some(server.url("/api")),
        auth_url: Some(server.url("/auth")),
        token_url: Some(server.url("/token")),
    }
}

fn at(ctx: &Ctx, days: i64, time: &str) -> String {
    format!("{}T{time}", ctx.now().plus_seconds(days * 86_400).to_jiff().strftime("%Y-%m-%d"))
}

fn state_of(url: &str) -> String {
    let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap();
    state.to_owned()
}

fn script(server: &Server, answers: &[(&str, u16, String)]) {
    server.state.lock().json =
        answers.iter().map(|(part, status, body)| ((*part).to_owned(), *status, body.clone())).collect();
}

const TOKEN: &str = r#"{"access_token":"one","refresh_token":"again","expires_in":3600}"#;

testkit::each_engine! {
    async fn google_is_connected_read_and_refreshed(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        assert!(calendars.begin(&ctx, (HOST, AccountKind::Google), None, None).await.is_err(), "no application yet");
        calendars.save_provider(&ctx, AccountKind::Google, application(&server)).await.unwrap();
        let (_, url) = calendars.begin(&ctx, (HOST, AccountKind::Google), None, Some("Asia/Riyadh".into())).await.unwrap();
        assert!(url.contains("code_challenge_method=S256") && url.contains("access_type=offline"), "{url}");
        let list = r#"{"items":[{"id":"host@example.com","summary":"Mine","accessRole":"owner","primary":true},{"id":"hol","summary":"Holidays","accessRole":"reader"}]}"#;
        let event = |id: &str, from: String, to: String, more: &str| format!(r#"{{"id":"{id}","status":"confirmed","iCalUID":"{id}@google.com","start":{{"dateTime":"{from}"}},"end":{{"dateTime":"{to}"}}{more}}}"#);
        let declined = r#","attendees":[{"email":"Host@example.com","responseStatus":"declined"}]"#;
        let first = format!(
            r#"{{"items":[{},{},{{"id":"day","status":"confirmed","iCalUID":"d","start":{{"date":"{}"}},"end":{{"date":"{}"}}}}],"nextSyncToken":"s1"}}"#,
            event("a", at(&ctx, 2, "10:00:00+03:00"), at(&ctx, 2, "11:00:00+03:00"), ""),
            event("no", at(&ctx, 2, "12:00:00Z"), at(&ctx, 2, "13:00:00Z"), declined),
            &at(&ctx, 4, "")[..10],
            &at(&ctx, 5, "")[..10],
        );
        script(&server, &[("POST /token", 200, TOKEN.into()), ("/users/me/calendarList", 200, list.into()), ("/events?timeMin", 200, first)]);
        // Nobody else may finish it, and nobody twice.
        let other = t.core.ctx(ctx.workspace, Actor::System);
        assert!(calendars.finish(&other, "code", &state_of(&url)).await.is_err());
        assert!(calendars.finish(&ctx, "code", "forged").await.is_err());
        let account = calendars.finish(&ctx, "code", &state_of(&url)).await.unwrap();
        assert!(calendars.finish(&ctx, "code", &state_of(&url)).await.is_err());
        assert_eq!((account.state, account.label.as_str()), (AccountState::Active, "host@example.com"));
        assert!(account.calendars[0].target && !account.calendars[1].conflicts);
        assert!(server.seen("code_verifier=") == 1);
        calendars.sync(&ctx, account.calendars[0].id).await.unwrap();
        assert_eq!(
            blocked(&ctx).await,
            [
                format!("{} {}", at(&ctx, 2, "07:00:00Z"), at(&ctx, 2, "08:00:00Z")),
                format!("{} {}", at(&ctx, 3, "21:00:00Z"), at(&ctx, 4, "21:00:00Z"))
            ]
        );
        // An hour later: new tokens, then only what changed.
        t.clock.advance(3700);
        let gone = r#"{"items":[{"id":"a","status":"cancelled"}],"nextSyncToken":"s2"}"#;
        script(&server, &[("POST /token", 200, TOKEN.replace("one", "two")), ("syncToken=s1", 200, gone.into())]);
        calendars.sync(&ctx, account.calendars[0].id).await.unwrap();
        assert_eq!(server.seen("grant_type=refresh_token"), 1);
        assert_eq!(blocked(&ctx).await.len(), 1);
        // The token of changes is too old: everything anew.
        script(&server, &[("syncToken=s2", 410, String::new()), ("/events?timeMin", 200, r#"{"items":[],"nextSyncToken":"s3"}"#.into())]);
        calendars.sync(&ctx, account.calendars[0].id).await.unwrap();
        assert!(blocked(&ctx).await.is_empty());
        // The host withdrew the consent at the vendor.
        t.clock.advance(3700);
        script(&server, &[("POST /token", 400, r#"{"error":"invalid_grant"}"#.into())]);
        calendars.sync(&ctx, account.calendars[0].id).await.unwrap();
        assert_eq!(calendars.account(&ctx, account.id).await.unwrap().state, AccountState::Unauthorised);
    }

    async fn microsoft_is_connected_and_followed(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        calendars.save_provider(&ctx, AccountKind::Microsoft, application(&server)).await.unwrap();
        let (_, url) = calendars.begin(&ctx, (HOST, AccountKind::Microsoft), Some("Office".into()), None).await.unwrap();
        let list = r#"{"value":[{"id":"c1","name":"Calendar","canEdit":true,"isDefaultCalendar":true,"owner":{"address":"Host@example.com"}}]}"#;
        let event = |id: &str, hour: u32, more: &str| {
            format!(
                r#"{{"id":"{id}","iCalUId":"{id}","showAs":"busy","start":{{"dateTime":"{}","timeZone":"UTC"}},"end":{{"dateTime":"{}","timeZone":"UTC"}}{more}}}"#,
                at(&ctx, 2, &format!("{hour:02}:00:00.0000000")),
                at(&ctx, 2, &format!("{:02}:00:00.0000000", hour + 1))
            )
        };
        let first = format!(r#"{{"value":[{}],"@odata.nextLink":"{}"}}"#, event("a", 8, ""), server.url("/api/next"));
        let second = format!(
            r#"{{"value":[{},{}],"@odata.deltaLink":"{}"}}"#,
            event("b", 10, r#","responseStatus":{"response":"declined"}"#),
            event("c", 12, r#","isCancelled":true"#),
            server.url("/api/delta1")
        );
        script(&server, &[("POST /token", 200, TOKEN.into()), ("calendarView/delta", 200, first), ("/api/next", 200, second), ("/me/calendars?", 200, list.into())]);
        let account = calendars.finish(&ctx, "code", &state_of(&url)).await.unwrap();
        sync(&ctx, &calendars, &account).await;
        assert_eq!(blocked(&ctx).await, [format!("{} {}", at(&ctx, 2, "08:00:00Z"), at(&ctx, 2, "09:00:00Z"))]);
        let delta = format!(r#"{{"value":[{{"id":"a","@removed":{{"reason":"deleted"}}}},{}],"@odata.deltaLink":"{}"}}"#, event("d", 14, ""), server.url("/api/delta2"));
        script(&server, &[("/api/delta1", 200, delta)]);
        sync(&ctx, &calendars, &account).await;
        assert_eq!(blocked(&ctx).await, [format!("{} {}", at(&ctx, 2, "14:00:00Z"), at(&ctx, 2, "15:00:00Z"))]);
        // A link that leads elsewhere is not followed with the token.
        script(&server, &[("/api/delta2", 200, r#"{"value":[],"@odata.nextLink":"https://evil.example.net/x"}"#.into())]);
        sync(&ctx, &calendars, &account).await;
        assert_eq!(calendars.account(&ctx, account.id).await.unwrap().calendars[0].error.as_deref(), Some("blocked"));
    }
}
