use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// `nobody`: initdb refuses to run as root.
const UNPRIVILEGED: u32 = 65534;

/// Starts the server, says "ready", waits until its own input ends (the test process is gone, however
/// it went) and then stops the server and deletes the cluster.
const KEEPER: &str = r#"
"$1/initdb" -D "$2/data" -U barid -A trust -N -E UTF8 --locale=C >"$2/log" 2>&1 || { cat "$2/log" >&2; exit 1; }
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=400 -c synchronous_commit=off -c shared_buffers=32MB >>"$2/log" 2>&1 &
server=$!
for attempt in $(seq 1 200); do
    "$1/pg_isready" -h "$2" -U barid -d postgres >/dev/null 2>&1 && break
    kill -0 $server 2>/dev/null || { cat "$2/log" >&2; exit 1; }
    sleep 0.05
done
echo ready
cat >/dev/null
kill -INT $server
wait $server
rm -rf "$2"
"#;

/// A throw-away PostgreSQL cluster on a Unix socket.
pub struct Cluster {
    url: String,
    /// Holds the pipe whose end stops the server.
    _keeper: Child,
}

fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|path| path.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether a missing server is a failure is told to the test run from outside"
)]
fn must_have() -> bool {
    std::env::var("BARID_TEST_ALL").is_ok_and(|value| value == "1")
}

impl Cluster {
    /// The test binary's cluster, started at first use; `None`, said loudly, when the machine has
    /// no PostgreSQL.
    ///
    /// # Panics
    /// When PostgreSQL is there but does not start, or is missing while `BARID_TEST_ALL=1`.
    pub fn shared() -> Option<&'static Self> {
        static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
        CLUSTER
            .get_or_init(|| {
                let Some(binaries) = binaries() else {
                    assert!(!must_have(), "PostgreSQL is not installed (Debian: postgresql)");
                    eprintln!("SKIPPED: PostgreSQL is not installed (Debian: postgresql)");
                    return None;
                };
                Some(Self::start(&binaries))
            })
            .as_ref()
    }

    fn start(binaries: &Path) -> Self {
        // Kept: the keeper deletes it, which it still can when this process was killed.
        let directory = tempfile::Builder::new().prefix("barid-pg").tempdir().expect("a temporary directory").keep();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(binaries).arg(&directory);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).current_dir("/");
        let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&directory).expect("the directory is there"));
        if owner == 0 {
            std::os::unix::fs::chown(&directory, Some(UNPRIVILEGED), Some(UNPRIVILEGED)).expect("root may give away");
            command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
        }
        let mut keeper = command.spawn().expect("sh starts");
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().expect("piped")).read_line(&mut line).expect("the keeper speaks");
        assert_eq!(line.trim(), "ready", "PostgreSQL did not start; its log is above");
        Self { url: format!("host={} user=barid dbname=postgres", directory.display()), _keeper: keeper }
    }

    /// How to connect.
    pub fn url(&self) -> &str {
        &self.url
    }
}
