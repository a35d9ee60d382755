//! What tests share: a manual clock, seeded randomness, and databases of both engines.
//!
//! [`each_engine!`] runs a test on a fresh SQLite database and on a fresh schema of a throw-away
//! PostgreSQL cluster that the test binary starts itself and that ends with it.

#![expect(clippy::expect_used, reason = "what cannot be set up fails the test that asked for it")]

mod clock;
mod fixture;
mod postgres;
mod rng;
mod statements;

pub use clock::ManualClock;
pub use fixture::Fixture;
pub use postgres::Cluster;
pub use rng::SeededRng;
pub use statements::statements_prepare_alike;

#[doc(hidden)]
pub use tokio;

/// Runs the body on both engines:
///
/// ```ignore
/// testkit::each_engine! {
///     async fn a_tag_is_kept(t: testkit::Fixture) {
///         let ctx = t.workspace().await;
///         …
///     }
/// }
/// ```
#[macro_export]
macro_rules! each_engine {
    ($($(#[$meta:meta])* async fn $name:ident($fixture:ident: $type:ty) $body:block)*) => {$(
        mod $name {
            #[expect(unused_imports, reason = "the body decides what it needs")]
            use super::*;

            $(#[$meta])*
            async fn body($fixture: $type) $body

            #[test]
            fn sqlite() {
                $crate::run(async { body($crate::Fixture::sqlite().await).await });
            }

            #[test]
            fn postgres() {
                $crate::run(async {
                    if let Some(fixture) = $crate::Fixture::postgres().await {
                        body(fixture).await;
                    }
                });
            }
        }
    )*};
}

/// Runs a test's future on a small runtime.
///
/// # Panics
/// When the runtime cannot start, or the test panics.
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a test's runtime starts")
        .block_on(test);
}
