//! `barid doctor`: what is wrong, where, and what to do.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng, Timestamp};
use privacy::rules::{ReviewWarning, RulePack};
use serde_json::json;
use store::{Actor, Core, Db, Vault};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::migrate::open;
use crate::config::{Config, Database, MasterKey, SCHEMAS};
use crate::machine::{OsRandom, SystemClock};
use crate::outcome::{Done, Failure, Report, Result};

const WAIT: Duration = Duration::from_secs(5);
/// Below this many free octets sending still works, but not for long.
const LITTLE_SPACE: u64 = 1 << 30;
/// Below this many, writing is about to fail.
const NO_SPACE: u64 = 100 << 20;
/// 2026-01-01 and 2100-01-01: a clock outside of them is wrong.
const SANE: (Timestamp, Timestamp) = (Timestamp(1_767_225_600_000_000), Timestamp(4_102_444_800_000_000));

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// One thing looked at.
#[derive(Debug, serde::Serialize)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    /// Where.
    place: String,
    /// What was found.
    detail: String,
    /// What to do.
    advice: Option<&'static str>,
}

struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, check: &'static str, place: impl ToString, detail: impl ToString) {
        let (place, detail) = (place.to_string(), detail.to_string());
        self.0.push(Finding { check, verdict: Verdict::Ok, place, detail, advice: None });
    }

    fn bad(&mut self, verdict: Verdict, check: &'static str, (place, detail): (String, String), advice: &'static str) {
        self.0.push(Finding { check, verdict, place, detail, advice: Some(advice) });
    }

    fn fail(&mut self, check: &'static str, found: (String, String), advice: &'static str) {
        self.bad(Verdict::Fail, check, found, advice);
    }

    fn warn(&mut self, check: &'static str, found: (String, String), advice: &'static str) {
        self.bad(Verdict::Warn, check, found, advice);
    }
}

fn is_private(path: &Path) -> Option<bool> {
    std::fs::metadata(path).ok().map(|meta| meta.permissions().mode().trailing_zeros() >= 6)
}

fn data_directory(config: &Config, found: &mut Findings) {
    let (path, place) = (&config.data, config.data.display().to_string());
    match std::fs::metadata(path) {
        Err(error) => found.fail(
            "data directory",
            (place, error.to_string()),
            "name it with --data, or make it with `barid init`",
        ),
        Ok(meta) if !meta.is_dir() => {
            found.fail("data directory", (place, "not a directory".into()), "name a directory with --data");
        }
        Ok(meta) if meta.permissions().readonly() => {
            found.fail(
                "data directory",
                (place, "not writable".into()),
                "make it writable for the user that runs Barid",
            );
        }
        Ok(_) if is_private(path) == Some(false) => {
            found.warn(
                "data directory",
                (place, "other users of this machine can look into it".into()),
                "chmod 700 the directory",
            );
        }
        Ok(_) => found.ok("data directory", place, "present, for its owner only"),
    }
}

fn disk_space(config: &Config, found: &mut Findings) {
    let place = config.data.display().to_string();
    let Ok(free) = fs4::available_space(&config.data) else { return };
    let detail = format!("{} MiB free", free >> 20);
    match free {
        0..NO_SPACE => found.fail("disk space", (place, detail), "free some space: writing is about to fail"),
        NO_SPACE..LITTLE_SPACE => {
            found.warn("disk space", (place, detail), "free some space, or move the data directory");
        }
        _ => found.ok("disk space", place, detail),
    }
}

fn master_key(config: &Config, found: &mut Findings) {
    let place = match &config.master_key {
        MasterKey::File(path) => path.display().to_string(),
        MasterKey::Environment(_) => "BARID_MASTER_KEY".to_owned(),
        MasterKey::Command(_) => "master_key_command".to_owned(),
    };
    if let Err(failure) = config.master_key.fetch() {
        return found.fail(
            "master key",
            (place, failure.detail),
            "bring it back from where it is kept; without it nothing can be read",
        );
    }
    if let MasterKey::File(path) = &config.master_key
        && is_private(path) == Some(false)
    {
        return found.fail("master key", (place, "other users can read it".into()), "chmod 600 the file");
    }
    found.ok("master key", place, "present");
}

fn clock(config: &Config, found: &mut Findings) {
    let now = SystemClock.now();
    let place = "this machine".to_owned();
    if now < SANE.0 || now >= SANE.1 {
        return found.fail("clock", (place, now.to_string()), "set the clock; run a time service (NTP)");
    }
    let written = std::fs::metadata(config.data_file()).and_then(|meta| meta.modified()).ok();
    let written =
        written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map(|since| since.as_secs() as i64);
    if written.is_some_and(|at| at > now.as_seconds() + 60) {
        let detail = format!("{now}, yet the database was written later than that");
        return found.fail("clock", (place, detail), "set the clock; run a time service (NTP)");
    }
    found.ok("clock", place, now);
}

/// Whether somebody stands in the register of recipients for each way by which this configuration lets data
/// leave to others. Looked at only when the schema is up to date, because looking changes nothing.
async fn connectors(config: &Config, data: Db, found: &mut Findings) {
    let relay = config.smtp_relay.as_deref().and_then(relay_address).filter(|(host, ..)| !is_here(host));
    let ways = [
        (relay.is_some(), mail::connectors::RELAY),
        (config.resolver.is_some_and(|resolver| !resolver.ip().is_loopback()), mail::connectors::RESOLVER),
        (!config.webhook_allowed_hosts.is_empty(), outbound::webhooks::CONNECTOR),
        (!config.calendar_allowed_hosts.is_empty(), booking::calendars::CONNECTOR),
        (!config.push_allowed_hosts.is_empty(), conversations::push::CONNECTOR),
        (!config.payment_allowed_hosts.is_empty(), booking::payments::CONNECTOR),
        (config.recharge.is_some(), outbound::till::CONNECTOR),
        (!config.lookup_allowed_hosts.is_empty(), calls::lookup::CONNECTOR),
        (config.sip_listen.is_some(), calls::trunks::CONNECTOR),
        (!config.call_allowed_hosts.is_empty(), calls::voice::FETCH_CONNECTOR),
        (!config.chat_app_hosts.is_empty(), telecom::chat_apps::CONNECTOR),
    ];
    let in_use: Vec<&str> = ways.into_iter().filter(|(used, _)| *used).map(|(_, code)| code).collect();
    if in_use.is_empty() {
        return found.ok("connectors", "register of recipients", "nothing is configured that hands data to others");
    }
    match missing(config, data, &in_use).await {
        Ok(missing) if missing.is_empty() => {
            found.ok("connectors", "register of recipients", "every way that is configured has its recipient");
        }
        Ok(missing) => {
            let detail = format!("no recipient is enabled for {}", missing.join(", "));
            let advice = "add the recipient with its agreement and enable it (POST /v1/privacy/processors)";
            found.warn("connectors", ("register of recipients".into(), detail), advice);
        }
        Err(failure) => {
            let advice = "see the checks of the master key and the database";
            found.warn("connectors", ("register of recipients".into(), failure.detail), advice);
        }
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// The ways without a recipient, each with the workspace that lacks it.
async fn missing(config: &Config, data: Db, in_use: &[&str]) -> Result<Vec<String>> {
    let keys = match &config.database {
        Database::Sqlite if !config.keys_file().is_file() => {
            return Err(Failure::failed(format_args!("{} is not there", config.keys_file().display())));
        }
        Database::Sqlite => Db::open_sqlite(&config.keys_file())?,
        Database::Postgres(url) => Db::open_postgres(url, SCHEMAS.1).await?,
    };
    let (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>) = (Arc::new(SystemClock), Arc::new(OsRandom));
    let vault = Vault::open(keys, config.master_key.fetch()?, Arc::clone(&clock), Arc::clone(&rng)).await?;
    let core = Core::new(data, vault, clock, rng);
    let mut out = Vec::new();
    for workspace in core.vault.workspaces().await? {
        let ctx = core.ctx(workspace, Actor::Console);
        let lacking = privacy::connectors::unassigned(&ctx, in_use).await.map_err(Failure::failed)?;
        out.extend(lacking.into_iter().map(|code| format!("{code} ({workspace})")));
    }
    Ok(out)
}

/// Answers the database when its schema is this program's.
async fn database(config: &Config, found: &mut Findings) -> Option<Db> {
    let place = match &config.database {
        Database::Sqlite => config.data_file().display().to_string(),
        // The URL may hold a password.
        Database::Postgres(_) => "PostgreSQL".to_owned(),
    };
    let db = match timeout(WAIT * 2, open(config)).await {
        Ok(Ok(db)) => db,
        Ok(Err(failure)) => {
            let advice = "check --data or --database; is the server running and reachable?";
            found.fail("database", (place, failure.detail), advice);
            return None;
        }
        Err(_) => {
            found.fail("database", (place, "no answer".into()), "is the database server running and reachable?");
            return None;
        }
    };
    found.ok("database", &place, "reachable");
    match db.plan_migrations().await {
        Ok(steps) if steps.is_empty() => {
            found.ok("schema", place, "up to date");
            return Some(db);
        }
        Ok(steps) => {
            let detail = format!("{} steps behind this program", steps.len());
            found.warn("schema", (place, detail), "`barid migrate` (or the next start of the server) takes them");
        }
        Err(error) => found.fail("schema", (place, error.to_string()), "use the program that this database belongs to"),
    }
    None
}

/// Host and port of a relay's URL, which may hold a password that must not be shown.
fn relay_address(url: &str) -> Option<(String, u16, bool)> {
    let url = reqwest::Url::parse(url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let tls = url.scheme() == "smtps";
    let login = !url.username().is_empty();
    let default = if tls {
        465
    } else if login {
        587
    } else {
        25
    };
    Some((host, url.port().unwrap_or(default), tls))
}

async fn greeting(stream: TcpStream) -> std::io::Result<String> {
    let mut line = String::new();
    BufReader::new(tokio::io::AsyncReadExt::take(stream, 1000)).read_line(&mut line).await?;
    Ok(line)
}

async fn relay(config: &Config, found: &mut Findings) {
    let Some(url) = &config.smtp_relay else {
        return found.ok(
            "relay",
            "none",
            "mail goes directly to the recipients' servers (outgoing port 25 must be open)",
        );
    };
    let Some((host, port, tls)) = relay_address(url) else {
        return found.fail(
            "relay",
            ("smtp_relay".into(), "not a relay's URL".into()),
            "write smtp://[user:password@]host:port",
        );
    };
    let place = format!("{host}:{port}");
    let stream = match timeout(WAIT, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return found.fail("relay", (place, error.to_string()), "check host, port and firewall"),
        Err(_) => return found.fail("relay", (place, "no answer".into()), "check host, port and firewall"),
    };
    if tls {
        return found.ok("relay", place, "reachable (TLS from the start)");
    }
    match timeout(WAIT, greeting(stream)).await {
        Ok(Ok(line)) if line.starts_with("220") => found.ok("relay", place, "reachable and ready"),
        Ok(Ok(_)) => found.fail("relay", (place, "it does not greet like a mail server".into()), "check the port"),
        _ => found.fail(
            "relay",
            (place, "it accepts the connection but does not greet".into()),
            "check the port; smtps:// for TLS from the start",
        ),
    }
}

/// A question for the name servers of the root, which every resolver can answer.
const ROOT_QUESTION: [u8; 17] = [0x42, 0x64, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];

async fn ask(resolver: SocketAddr) -> std::io::Result<()> {
    let any: SocketAddr = if resolver.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(resolver).await?;
    socket.send(&ROOT_QUESTION).await?;
    let mut answer = [0; 512];
    let length = socket.recv(&mut answer).await?;
    let right = length >= 12 && answer[..2] == ROOT_QUESTION[..2] && answer[2] & 0x80 != 0;
    right.then_some(()).ok_or_else(|| std::io::Error::other("the answer is no DNS answer"))
}

async fn resolver(config: &Config, found: &mut Findings) {
    const ADVICE: &str = "name a DNS server with --resolver HOST:PORT, or repair /etc/resolv.conf";
    if let Some(resolver) = config.resolver {
        match timeout(WAIT, ask(resolver)).await {
            Ok(Ok(())) => found.ok("resolver", resolver, "answers"),
            Ok(Err(error)) => found.fail("resolver", (resolver.to_string(), error.to_string()), ADVICE),
            Err(_) => found.fail("resolver", (resolver.to_string(), "no answer".into()), ADVICE),
        }
    } else if Path::new("/etc/resolv.conf").is_file() {
        found.ok("resolver", "/etc/resolv.conf", "the system's");
    } else {
        found.warn("resolver", ("/etc/resolv.conf".into(), "not there".into()), ADVICE);
    }
}

async fn public_url(config: &Config, found: &mut Findings) {
    let place = config.public_url.clone();
    let Some(url) = reqwest::Url::parse(&place).ok() else { return };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    if is_here(&host) {
        let detail = "people outside of this machine cannot follow links in messages".into();
        return found.warn("public URL", (place, detail), "set --public-url to how people reach this server");
    }
    if url.scheme() != "https" {
        let detail = "not https: mail programs refuse one-click unsubscribe over plain http (RFC 8058)".into();
        return found.fail("public URL", (place, detail), "serve https, directly (--tls-cert) or through a proxy");
    }
    match timeout(WAIT, tokio::net::lookup_host((host, 443))).await {
        Ok(Ok(_)) => found.ok("public URL", place, "its name resolves"),
        _ => found.fail(
            "public URL",
            (place, "its name does not resolve".into()),
            "publish the name's address, or correct --public-url",
        ),
    }
}

/// Law changes; rules that nobody has looked at for long are not to be relied on.
fn rules(now: Timestamp, found: &mut Findings) {
    let pack = RulePack::current();
    let place = format!("rule pack {}", pack.version());
    let due = pack.stale(now);
    let rows = due.iter().filter(|warning| matches!(warning, ReviewWarning::RowDue { .. })).count();
    let old = due.iter().find_map(|warning| match warning {
        ReviewWarning::PackStale { days, .. } => Some(*days),
        ReviewWarning::RowDue { .. } => None,
    });
    let detail = match (old, rows) {
        (None, 0) => return found.ok("rules", place, "fresh; they are data, not legal advice"),
        (None, rows) => format!("{rows} rows were to be reviewed by now"),
        (Some(days), rows) => format!("{days} days old, {rows} rows were to be reviewed by now"),
    };
    found.warn("rules", (place, detail), "update Barid, or have counsel review the rules (GET /v1/privacy/pack)");
}

fn text(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let mark = match finding.verdict {
            Verdict::Ok => "ok  ",
            Verdict::Warn => "warn",
            Verdict::Fail => "FAIL",
        };
        let advice = finding.advice.map_or_else(String::new, |advice| format!("      {advice}\n"));
        format!("{mark}  {}: {} ({})\n{advice}", finding.check, finding.detail, finding.place)
    };
    findings.iter().map(line).collect()
}

/// Looks at everything the configuration names; nothing is changed, and no host is contacted that it
/// does not name.
///
/// # Errors
/// Never: what is wrong is in the report, which is bad (exit 1) when something fails.
pub async fn doctor(config: Config) -> Result<Done> {
    let mut found = Findings(Vec::new());
    data_directory(&config, &mut found);
    disk_space(&config, &mut found);
    master_key(&config, &mut found);
    clock(&config, &mut found);
    rules(SystemClock.now(), &mut found);
    if let Some(db) = database(&config, &mut found).await {
        connectors(&config, db, &mut found).await;
    }
    relay(&config, &mut found).await;
    resolver(&config, &mut found).await;
    public_url(&config, &mut found).await;
    let bad = found.0.iter().any(|finding| finding.verdict == Verdict::Fail);
    Ok(Done::Report(Report { json: json!({ "ok": !bad, "checks": found.0 }), text: text(&found.0), bad }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_rules_are_a_warning_and_never_a_failure() {
        let verdict = |days: i64| {
            let mut found = Findings(Vec::new());
            rules(RulePack::current().released().plus_seconds(days * 86_400), &mut found);
            (found.0[0].verdict, found.0[0].detail.clone())
        };
        assert_eq!(verdict(1).0, Verdict::Ok);
        assert_eq!(verdict(100).0, Verdict::Warn);
        let (old, detail) = verdict(200);
        assert_eq!((old, detail.starts_with("200 days old")), (Verdict::Warn, true), "{detail}");
    }

    #[test]
    fn a_relays_address_comes_without_its_password() {
        assert_eq!(relay_address("smtp://u:p@relay.example:2525"), Some(("relay.example".into(), 2525, false)));
        assert_eq!(relay_address("smtp://u:p@relay.example"), Some(("relay.example".into(), 587, false)));
        assert_eq!(relay_address("smtps://[::1]"), Some(("::1".into(), 465, true)));
        assert_eq!(relay_address("relay"), None);
    }
}
