//! scratch
use kernel::{Clock, Rng, Timestamp, WorkspaceId};
use people::import::job::{self, Imports, Settings, Upload};
use people::import::{Basis, Origin};
use people::segments::live::Live;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use store::jobs::Handler;
use store::{Actor, Core, Db, Vault};

struct Sys;
impl Clock for Sys {
    fn now(&self) -> Timestamp {
        Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as i64)
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let rt = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    rt.block_on(go(&args[1], &args[2], args.get(3).is_some()));
    std::process::exit(0);
}
async fn go(dir: &str, file: &str, follow: bool) {
    std::fs::create_dir_all(dir).unwrap();
    let p = std::path::Path::new(dir);
    let (data, keys) = (Db::open_sqlite(&p.join("barid.db")).unwrap(), Db::open_sqlite(&p.join("keys.db")).unwrap());
    let clock: Arc<dyn Clock> = Arc::new(Sys);
    let rng: Arc<dyn Rng> = Arc::new(testkit::SeededRng::new(clock.now().0 as u64));
    data.migrate(clock.now()).await.unwrap();
    let vault = Vault::open(keys, [7; 32], clock.clone(), rng.clone()).await.unwrap();
    let core = Core::new(data, vault, clock, rng);
    let ws: WorkspaceId = core.ids.next();
    core.vault.create_workspace(ws).await.unwrap();
    let ctx = core.ctx(ws, Actor::Console);
    let keys = ctx.keys().await.unwrap();
    let _ = keys;
    let topic = people::topics::create(&ctx, people::topics::TopicDraft { name: "News".into(), ..Default::default() })
        .await
        .unwrap()
        .id;
    let origin = Origin {
        basis: Basis::ConsentDoi,
        source: "web shop".into(),
        collected_on: "2026-10-01".parse().unwrap(),
        sale_date: None,
        assessment: None,
        reason: None,
    };
    let settings =
        Settings { topic, origin, attributes: Vec::new(), purchased: false, tracking: false, dry_run: false };
    let bytes = std::fs::read(file).unwrap();
    let t0 = Instant::now();
    let mut upload = Upload::begin(&ctx).await.unwrap();
    for piece in bytes.chunks(65536) {
        upload.write(piece).await.unwrap();
    }
    let staged = upload.finish().await.unwrap();
    let id = job::start(&ctx, staged, settings).await.unwrap();
    println!("staged {:.2}", t0.elapsed().as_secs_f64());
    if follow {
        let live = Live::new();
        live.warm(&ctx).await.unwrap();
        let core2 = core.clone();
        tokio::spawn(async move { live.follow(&core2).await });
    }
    let handler: Arc<dyn Handler> = Arc::new(Imports);
    let (_s, stop) = tokio::sync::watch::channel(false);
    tokio::spawn(store::jobs::run(core.clone(), vec![handler], stop));
    loop {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let i = job::get(&ctx, id).await.unwrap();
        if i.state != job::State::Running {
            let s = t0.elapsed().as_secs_f64();
            println!("{:?} added {} in {:.2}s: {:.0} rows/s", i.state, i.report.added, s, i.report.added as f64 / s);
            let stat = std::fs::read_to_string("/proc/self/status").unwrap();
            for l in stat.lines().filter(|l| l.starts_with("VmHWM")) {
                println!("{l}");
            }
            break;
        }
    }
}
