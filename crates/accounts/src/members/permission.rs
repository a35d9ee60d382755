//! What may be done (`area:verb`) and which role may do it: one table.

use std::fmt;
use std::str::FromStr;

/// What a member is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers for the workspace; may do everything. There is always at least one.
    Owner,
    /// Runs the workspace: everything but closing it and making owners.
    Admin,
    /// Writes content and prepares campaigns; does not send to people, import or export.
    Author,
    /// Reads figures, never people.
    Analyst,
    /// Answers people: sees and corrects contacts, handles their requests.
    Agent,
}

impl Role {
    /// Every role, from the most to the least powerful.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Admin, Self::Author, Self::Analyst, Self::Agent];

    /// The role as written in responses and rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Author => "author",
            Self::Analyst => "analyst",
            Self::Agent => "agent",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// What the role may do.
    pub fn permissions(self) -> Permissions {
        TABLE
            .iter()
            .filter(|row| row.roles & self.bit() != 0)
            .fold(Permissions::NONE, |all, row| Permissions(all.0 | row.permission.bit()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of owner, admin, author, analyst, agent")]
pub struct ParseRoleError;

impl FromStr for Role {
    type Err = ParseRoleError;
    fn from_str(text: &str) -> Result<Self, ParseRoleError> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(ParseRoleError)
    }
}

struct Row {
    permission: Permission,
    roles: u8,
}

macro_rules! permissions {
    ($($name:ident = $text:literal [$($role:ident)*];)*) => {
        /// One thing that may be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission { $(#[doc = concat!("`", $text, "`")] $name,)* }

        impl Permission {
            /// Every permission there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The permission as `area:verb`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        const TABLE: &[Row] = &[$(Row { permission: Permission::$name, roles: 0 $(| Role::$role.bit())* },)*];
    };
}

permissions! {
    WorkspaceRead = "workspace:read" [Owner Admin Author Analyst Agent];
    WorkspaceWrite = "workspace:write" [Owner Admin];
    WorkspaceClose = "workspace:close" [Owner];
    MembersRead = "members:read" [Owner Admin];
    MembersWrite = "members:write" [Owner Admin];
    MembersOwn = "members:own" [Owner];
    KeysRead = "keys:read" [Owner Admin];
    KeysWrite = "keys:write" [Owner Admin];
    AuditRead = "audit:read" [Owner Admin];
    ContactsRead = "contacts:read" [Owner Admin Author Agent];
    ContactsWrite = "contacts:write" [Owner Admin Agent];
    ContactsImport = "contacts:import" [Owner Admin];
    ContactsExport = "contacts:export" [Owner Admin];
    ContactsErase = "contacts:erase" [Owner Admin];
    FieldsRead = "fields:read" [Owner Admin Author Analyst Agent];
    FieldsWrite = "fields:write" [Owner Admin];
    TagsRead = "tags:read" [Owner Admin Author Analyst Agent];
    TagsWrite = "tags:write" [Owner Admin Author Agent];
    TopicsRead = "topics:read" [Owner Admin Author Analyst Agent];
    TopicsWrite = "topics:write" [Owner Admin];
    SegmentsRead = "segments:read" [Owner Admin Author Analyst];
    SegmentsWrite = "segments:write" [Owner Admin Author];
    FormsRead = "forms:read" [Owner Admin Author Analyst];
    FormsWrite = "forms:write" [Owner Admin Author];
    TemplatesRead = "templates:read" [Owner Admin Author Analyst];
    TemplatesWrite = "templates:write" [Owner Admin Author];
    TemplatesLock = "templates:lock" [Owner Admin];
    CampaignsRead = "campaigns:read" [Owner Admin Author Analyst];
    CampaignsWrite = "campaigns:write" [Owner Admin Author];
    CampaignsTest = "campaigns:test" [Owner Admin Author];
    CampaignsSend = "campaigns:send" [Owner Admin];
    MessagesRead = "messages:read" [Owner Admin Agent];
    ReportsRead = "reports:read" [Owner Admin Author Analyst];
    DomainsRead = "domains:read" [Owner Admin Author];
    DomainsWrite = "domains:write" [Owner Admin];
    WebhooksRead = "webhooks:read" [Owner Admin];
    WebhooksWrite = "webhooks:write" [Owner Admin];
    PrivacyRead = "privacy:read" [Owner Admin Agent];
    PrivacyWrite = "privacy:write" [Owner Admin];
    LedgerRead = "ledger:read" [Owner Admin];
    CatcherRead = "catcher:read" [Owner Admin];
    ConversationsRead = "conversations:read" [Owner Admin Agent];
    ConversationsWrite = "conversations:write" [Owner Admin Agent];
    ConversationsManage = "conversations:manage" [Owner Admin];
    BookingsRead = "bookings:read" [Owner Admin Agent];
    BookingsWrite = "bookings:write" [Owner Admin Agent];
    BookingsManage = "bookings:manage" [Owner Admin];
    MessagesSend = "messages:send" [Owner Admin Agent];
    CallsRead = "calls:read" [Owner Admin Agent];
    CallsWrite = "calls:write" [Owner Admin];
    RoutesRead = "routes:read" [Owner Admin];
    RoutesWrite = "routes:write" [Owner Admin];
    BalanceRead = "balance:read" [Owner Admin Analyst];
    BalanceWrite = "balance:write" [Owner Admin];
}

const _: () = assert!(Permission::ALL.len() <= 128, "Permissions is a set of 128 bits");

/// What an account may not do before its e-mail address is confirmed: everything that makes Barid
/// write to somebody, or that gives access away.
const NOT_WHILE_PENDING: &[Permission] = &[
    Permission::CampaignsSend,
    Permission::CampaignsTest,
    Permission::ContactsImport,
    Permission::KeysWrite,
    Permission::MembersWrite,
    Permission::MembersOwn,
    Permission::WebhooksWrite,
    Permission::MessagesSend,
    Permission::CallsWrite,
];

impl Permission {
    const fn bit(self) -> u128 {
        1 << self as u128
    }

    /// The part before the colon.
    pub fn area(self) -> &'static str {
        self.as_str().split(':').next().unwrap_or_default()
    }

    /// The part after the colon.
    pub fn verb(self) -> &'static str {
        self.as_str().rsplit(':').next().unwrap_or_default()
    }

    /// Whether an account whose address is not confirmed yet may do it.
    pub fn while_pending(self) -> bool {
        !NOT_WHILE_PENDING.contains(&self)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a permission such as contacts:read, contacts:*, *:read or *")]
pub struct ParsePermissionError;

impl FromStr for Permission {
    type Err = ParsePermissionError;
    fn from_str(text: &str) -> Result<Self, ParsePermissionError> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text).ok_or(ParsePermissionError)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u128);

impl Permissions {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// Every permission.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the set has `permission`.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// What is in both sets.
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether everything of `other` is in this set.
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Reads scopes: `contacts:read`, `contacts:*`, `*:read` or `*`. A scope that matches nothing is
    /// an error, so that a typing mistake does not silently give less.
    pub fn from_scopes<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Result<Self, ParsePermissionError> {
        let mut out = Self::NONE;
        for scope in scopes {
            let (area, verb) =
                if scope == "*" { ("*", "*") } else { scope.split_once(':').ok_or(ParsePermissionError)? };
            let matching: Self = Permission::ALL
                .iter()
                .copied()
                .filter(|p| (area == "*" || p.area() == area) && (verb == "*" || p.verb() == verb))
                .collect();
            if matching.is_empty() {
                return Err(ParsePermissionError);
            }
            out = Self(out.0 | matching.0);
        }
        Ok(out)
    }

    /// The members of the set, in the table's order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(items: I) -> Self {
        Self(items.into_iter().fold(0, |all, permission| all | permission.bit()))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::as_str)).finish()
    }
}

impl serde::Serialize for Permissions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Permission::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every role against every permission, written out a second time by hand: a change of the
    /// table has to be made twice, knowingly.
    #[test]
    fn every_role_and_every_permission() {
        let admin_lacks = ["workspace:close", "members:own"];
        let author = [
            "workspace:read",
            "contacts:read",
            "fields:read",
            "tags:read",
            "tags:write",
            "topics:read",
            "segments:read",
            "segments:write",
            "forms:read",
            "forms:write",
            "templates:read",
            "templates:write",
            "campaigns:read",
            "campaigns:write",
            "campaigns:test",
            "reports:read",
            "domains:read",
        ];
        let analyst = [
            "workspace:read",
            "fields:read",
            "tags:read",
            "topics:read",
            "segments:read",
            "forms:read",
            "templates:read",
            "campaigns:read",
            "reports:read",
            "balance:read",
        ];
        let agent = [
            "workspace:read",
            "contacts:read",
            "contacts:write",
            "fields:read",
            "tags:read",
            "tags:write",
            "topics:read",
            "messages:read",
            "messages:send",
            "privacy:read",
            "conversations:read",
            "conversations:write",
            "bookings:read",
            "bookings:write",
            "calls:read",
        ];
        for role in Role::ALL {
            for permission in Permission::ALL {
                let text = permission.as_str();
                let expected = match role {
                    Role::Owner => true,
                    Role::Admin => !admin_lacks.contains(&text),
                    Role::Author => author.contains(&text),
                    Role::Analyst => analyst.contains(&text),
                    Role::Agent => agent.contains(&text),
                };
                assert_eq!(role.permissions().has(*permission), expected, "{role} {text}");
            }
        }
    }

    #[test]
    fn permissions_are_area_and_verb_and_read_back() {
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(*permission));
            assert_eq!(format!("{}:{}", permission.area(), permission.verb()), permission.as_str());
        }
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
    }

    #[test]
    fn scopes_widen_but_never_by_mistake() {
        let read = Permissions::from_scopes(["*:read"]).unwrap();
        assert!(read.has(Permission::CampaignsRead) && !read.has(Permission::CampaignsSend));
        assert_eq!(Permissions::from_scopes(["*"]).unwrap(), Permissions::all());
        let contacts = Permissions::from_scopes(["contacts:*"]).unwrap();
        assert!(contacts.iter().all(|p| p.area() == "contacts") && contacts.has(Permission::ContactsErase));
        for wrong in ["contact:read", "contacts:send", "contacts", "", "*:", "owner"] {
            assert!(Permissions::from_scopes([wrong]).is_err(), "{wrong}");
        }
    }
}
