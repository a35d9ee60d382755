//! Who may do what: every operation of the document with every role.

use accounts::members::Role;
use testkit::Fixture;

use super::operations::{Operation, all};
use super::world::World;

/// Those that take the ground from under the others.
const LAST: [&str; 1] = ["workspace_close"];

/// Those that are a person's own: no key can, whatever it may do.
const PERSONS_OWN: [&str; 2] = ["balance_payments_agree", "balance_payments_save_method"];

fn operations() -> impl Iterator<Item = Operation> {
    all().into_iter().filter(|operation| !LAST.contains(&operation.id.as_str()))
}

testkit::each_engine! {
    async fn every_operation_asks_for_the_permission_it_names(t: Fixture) {
        let world = World::new(t).await;
        for role in Role::ALL {
            let client = world.role(role).await;
            for operation in operations() {
                let Some(permission) = &operation.permission else { continue };
                let may = role.permissions().has(permission.parse().unwrap());
                let answer = operation.send(&client, &operation.filled(None)).await;
                let code = answer.code();
                assert!(answer.status.as_u16() < 500 || code.as_deref() == Some("unavailable"),
                    "{role} {}: {}", operation.id, answer.text());
                let may = may && !PERSONS_OWN.contains(&operation.id.as_str());
                assert_eq!(code.as_deref() != Some("forbidden"), may, "{role} {}: {}", operation.id, answer.text());
                assert_ne!(code.as_deref(), Some("unauthenticated"), "{role} {}", operation.id);
            }
        }
    }
}

#[test]
fn nobody_gets_in_without_a_key() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let wrong = world.anonymous().bearer("barid_00000000000000000000000001_nothing");
        for operation in all() {
            if operation.permission.is_none() && !operation.browser {
                continue;
            }
            for client in [world.anonymous(), wrong.clone()] {
                let answer = operation.send(&client, &operation.filled(None)).await;
                assert_eq!(answer.status.as_u16(), 401, "{}: {}", operation.id, answer.text());
            }
        }
    });
}

#[test]
fn a_key_does_nothing_beyond_its_scopes() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let client = world.scoped(&["catcher:read"]).await;
        for operation in all() {
            let answer = operation.send(&client, &operation.filled(None)).await;
            match (&operation.permission, operation.browser) {
                (Some(_), _) => assert_eq!(answer.code().as_deref(), Some("forbidden"), "{}", operation.id),
                (None, true) => assert_eq!(answer.status.as_u16(), 401, "{}", operation.id),
                (None, false) => {}
            }
        }
    });
}

#[test]
fn a_session_acts_like_a_key_with_its_role() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let browser = world.browser().await;
        let mine =
            ["session_read", "account_read", "account_sessions", "workspace_mine", "tags_list", "workspace_read"];
        for operation in all().into_iter().filter(|operation| mine.contains(&operation.id.as_str())) {
            let answer = operation.send(&browser, &operation.filled(None)).await;
            assert_eq!(answer.status.as_u16(), 200, "{}: {}", operation.id, answer.text());
        }
    });
}
