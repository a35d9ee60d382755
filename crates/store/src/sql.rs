//! Statements: declared once, registered, prepared on both engines by a test.

/// A statement, the same text for both engines, with parameters `$1`, `$2`, …
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// The constant's name, for error texts.
    pub name: &'static str,
    /// The SQL.
    pub text: &'static str,
}

/// Which database a statement belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// The data.
    Main,
    /// The key store.
    Keys,
}

/// A statement as registered by [`sql!`](crate::sql).
pub struct Registered {
    /// The statement.
    pub sql: Sql,
    /// Where it runs.
    pub database: Database,
    /// Declared in this file.
    pub file: &'static str,
}

inventory::collect!(Registered);

/// Every statement of every linked crate.
pub fn registered() -> impl Iterator<Item = &'static Registered> {
    inventory::iter::<Registered>()
}

/// Declares statements: `sql! { pub(crate) INSERT_TAG = "INSERT INTO tag …"; }`.
#[macro_export]
macro_rules! sql {
    (@keys $($(#[$meta:meta])* $vis:vis $name:ident = $text:expr;)*) => {
        $crate::sql!(@in Keys; $($(#[$meta])* $vis $name = $text;)*);
    };
    (@in $database:ident; $($(#[$meta:meta])* $vis:vis $name:ident = $text:expr;)*) => {$(
        $(#[$meta])*
        $vis const $name: $crate::Sql = $crate::Sql { name: stringify!($name), text: $text };
        $crate::inventory::submit! {
            $crate::Registered {
                sql: $crate::Sql { name: stringify!($name), text: $text },
                database: $crate::Database::$database,
                file: file!(),
            }
        }
    )*};
    ($($(#[$meta:meta])* $vis:vis $name:ident = $text:expr;)*) => {
        $crate::sql!(@in Main; $($(#[$meta])* $vis $name = $text;)*);
    };
}
