//! Nodes wake each other, over a server that is there, that goes, and that comes back.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use store::wake::{self, InProcess, Nats, Wake};
use store::{Ctx, Feed, Vault};
use testkit::Fixture;
use tokio::time::timeout;

/// Long enough for a machine that does much else.
const SOON: Duration = Duration::from_secs(20);

async fn commits(ctx: &Ctx) {
    let mut batch = ctx.batch();
    batch.feed(Feed { kind: "test.woken", entity: [1; 16], data: serde_json::json!({}) });
    ctx.db.apply(batch).await.unwrap();
}

/// Two databases stand for two nodes: what one commits must wake the other one, and only the other one.
async fn wakes((one, other): (Arc<dyn Wake>, Arc<dyn Wake>)) {
    let (here, there) = (Fixture::sqlite().await, Fixture::sqlite().await);
    let ctx = here.workspace().await;
    let tasks =
        [tokio::spawn(wake::run(here.core.db.clone(), one)), tokio::spawn(wake::run(there.core.db.clone(), other))];
    let mut woken = there.core.db.feed_changed();
    let mut jobs = there.core.db.jobs_changed();
    // A connection that is still being made loses the first ones; later, never lost.
    timeout(SOON, async {
        loop {
            commits(&ctx).await;
            if timeout(Duration::from_millis(300), woken.changed()).await.is_ok() {
                break;
            }
        }
    })
    .await
    .unwrap();
    timeout(SOON, jobs.changed()).await.unwrap().unwrap();
    // Being woken is no commit: it wakes nobody in turn, or this would never end. A connection that has just been
    // made still says "look" once.
    let mut own = here.core.db.feed_changed();
    own.mark_unchanged();
    timeout(SOON, async { while timeout(Duration::from_millis(300), own.changed()).await.is_ok() {} }).await.unwrap();
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
}

fn pair(nodes: Vec<InProcess>) -> (Arc<dyn Wake>, Arc<dyn Wake>) {
    let mut nodes = nodes.into_iter().map(|node| Arc::new(node) as Arc<dyn Wake>);
    (nodes.next().unwrap(), nodes.next().unwrap())
}

#[test]
fn nodes_of_one_process() {
    testkit::run(wakes(pair(InProcess::nodes(2))));
}

/// A NATS server of its own; none where none is installed.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(port: u16) -> Option<Self> {
        let args = ["--addr", "127.0.0.1", "--port", &port.to_string(), "--user", "barid", "--pass", "s3cret"];
        let program = if Command::new("nats-server").arg("--version").output().is_ok() {
            "nats-server"
        } else {
            "/usr/sbin/nats-server"
        };
        let child = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        Some(Self { child, port })
    }

    fn url(&self) -> String {
        format!("nats://barid:s3cret@127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

fn both(url: &str, vault: &Vault) -> (Arc<dyn Wake>, Arc<dyn Wake>) {
    (Arc::new(Nats::connect(url, vault).unwrap()), Arc::new(Nats::connect(url, vault).unwrap()))
}

#[test]
fn nodes_over_a_nats_server_that_comes_and_goes() {
    testkit::run(async {
        let port = free_port().await;
        let Some(server) = Server::start(port) else {
            eprintln!("SKIPPED: nats-server is not installed; nodes were not tried over a real one");
            return;
        };
        let fixture = Fixture::sqlite().await;
        let nodes = both(&server.url(), &fixture.core.vault);
        wakes((Arc::clone(&nodes.0), Arc::clone(&nodes.1))).await;
        // The server goes and another one comes in its place: both find it.
        let url = server.url();
        drop(server);
        let again = Server::start(port).unwrap();
        assert_eq!(again.url(), url);
        wakes(nodes).await;
        // Somebody with the wrong word is told nothing, and nobody else's installation is heard.
        let wrong = Nats::connect(&format!("nats://barid:wrong@127.0.0.1:{port}"), &fixture.core.vault).unwrap();
        assert!(timeout(Duration::from_secs(1), wrong.heard()).await.is_err());
        assert!(Nats::connect("http://127.0.0.1", &fixture.core.vault).is_err());
    });
}

#[test]
fn what_is_no_nats_server_does_no_harm() {
    use tokio::io::AsyncWriteExt as _;
    testkit::run(async {
        let endless = vec![b'x'; 200_000];
        for greeting in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"INFO {}\r\n-ERR 'no'\r\n", b"", &endless] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("nats://{}", listener.local_addr().unwrap());
            let fixture = Fixture::sqlite().await;
            let nats = Nats::connect(&url, &fixture.core.vault).unwrap();
            for _ in 0..2 {
                let (mut stream, _) = timeout(SOON, listener.accept()).await.unwrap().unwrap();
                let _ = stream.write_all(greeting).await;
            }
            nats.tell();
            assert!(timeout(Duration::from_millis(50), nats.heard()).await.is_err());
        }
    });
}
