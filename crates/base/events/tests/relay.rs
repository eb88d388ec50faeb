//! Every committed event is told, and what is subscribed to it happens once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rampart_events::{Bus, Caused, Heard, Relay, Subscriptions};
use rampart_kernel::{Origin, RequestId, WorkspaceId};
use rampart_store::{Error, Event, Migration, params};
use rampart_testkit::{TestStore, on_both};

const SCHEMA: &[Migration] = &[Migration::new(
    "test/0001-effects",
    "CREATE TABLE effects (name TEXT NOT NULL, workspace_id {uuid}, request_id TEXT)",
)];

#[derive(serde::Serialize, serde::Deserialize)]
struct Happened {
    name: String,
}

impl Event for Happened {
    const NAME: &'static str = "test.happened";
}

async fn emit(test: &TestStore, origin: &Origin, names: &[&str]) {
    let mut tx = test.store.begin(origin).await.unwrap();
    for name in names {
        tx.emit(&Happened { name: (*name).to_owned() });
    }
    tx.commit().await.unwrap();
}

/// Writes what it was told; of `broken` it wants to know nothing.
fn subscriptions() -> Subscriptions {
    Subscriptions::new().on::<Happened, _>(|tx, envelope| {
        Box::pin(async move {
            let name = envelope.data["name"].as_str().unwrap();
            if name == "broken" {
                return Err(Error::NotFound);
            }
            let (workspace, request) = (tx.origin().workspace, tx.origin().request_id.to_string());
            let sql = "INSERT INTO effects (name, workspace_id, request_id) VALUES ($1, $2, $3)";
            tx.execute(sql, &params![name, workspace, request]).await?;
            Ok(())
        })
    })
}

async fn effects(test: &TestStore) -> Vec<String> {
    let mut reader = test.store.read().await.unwrap();
    let rows = reader.list("SELECT name FROM effects ORDER BY name", &[]).await.unwrap();
    rows.iter().map(|row| row.get("name").unwrap()).collect()
}

#[test]
fn an_event_is_told_once_with_its_cause() {
    on_both(SCHEMA, async |test| {
        let bus = Bus::new();
        let mut listener = bus.listen();
        let relay = Relay::new(test.store.clone(), subscriptions(), bus);
        let workspace: WorkspaceId = test.origin.new_id();
        let cause = test.origin.caused_by(None).in_workspace(Some(workspace));
        emit(&test, &cause, &["a"]).await;
        assert_eq!(relay.relay(&test.origin).await.unwrap(), 1);
        assert_eq!(relay.relay(&test.origin).await.unwrap(), 0);

        let mut reader = test.store.read().await.unwrap();
        let row = reader.get("SELECT * FROM effects", &[]).await.unwrap();
        assert_eq!(row.get::<WorkspaceId>("workspace_id").unwrap(), workspace);
        assert_eq!(row.get::<String>("request_id").unwrap(), cause.request_id.as_str());
        let Some(Heard::Event(envelope)) = listener.next().await else { panic!("nothing was heard") };
        assert_eq!((envelope.name.as_str(), envelope.workspace_id), ("test.happened", Some(workspace)));
    });
}

#[test]
fn an_event_that_cannot_be_told_holds_up_no_other() {
    on_both(SCHEMA, async |test| {
        let relay = Relay::new(test.store.clone(), subscriptions(), Bus::new());
        emit(&test, &test.origin, &["a", "broken", "b"]).await;
        assert_eq!(relay.relay(&test.origin).await.unwrap(), 2);
        assert_eq!(effects(&test).await, ["a", "b"]);
        let patient = Relay::new(test.store.clone(), Subscriptions::new(), Bus::new());
        assert_eq!(patient.relay(&test.origin).await.unwrap(), 1, "it was kept");
    });
}

#[test]
fn several_relays_tell_each_event_once() {
    on_both(SCHEMA, async |test| {
        let relay = Relay::new(test.store.clone(), subscriptions(), Bus::new());
        let names: Vec<String> = (0..300).map(|number| format!("{number:03}")).collect();
        emit(&test, &test.origin, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let (relay, origin) = (relay.clone(), test.origin.clone());
                tokio::spawn(async move { relay.relay(&origin).await.unwrap() })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        relay.relay(&test.origin).await.unwrap();
        assert_eq!(effects(&test).await, names);
    });
}

#[test]
fn a_running_relay_is_woken_by_the_commit() {
    on_both(SCHEMA, async |test| {
        let bus = Bus::new();
        let mut listener = bus.listen();
        let stop = tokio_util::sync::CancellationToken::new();
        let relay = Relay::new(test.store.clone(), subscriptions(), bus);
        let running = tokio::spawn(relay.run(test.origin.clone(), stop.clone()));
        emit(&test, &test.origin, &["a"]).await;
        // Without being woken it would look again after five seconds.
        tokio::time::timeout(Duration::from_secs(3), listener.next()).await.expect("it was woken").unwrap();
        stop.cancel();
        running.await.unwrap();
    });
}

#[test]
fn told_events_are_forgotten_after_a_week() {
    on_both(SCHEMA, async |test| {
        let relay = Relay::new(test.store.clone(), Subscriptions::new(), Bus::new());
        emit(&test, &test.origin, &["a"]).await;
        relay.relay(&test.origin).await.unwrap();
        emit(&test, &test.origin, &["untold"]).await;
        assert_eq!(relay.forget(&test.origin).await.unwrap(), 0);
        // The database's clock tells when; it cannot be moved.
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        let long_ago = test.origin.now() - Duration::from_secs(8 * 86_400);
        let sql = "UPDATE event_outbox SET published_at = $1 WHERE published_at IS NOT NULL";
        tx.execute(sql, &params![long_ago]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(relay.forget(&test.origin).await.unwrap(), 1);
    });
}

/// What follows from what happened.
#[derive(serde::Serialize)]
struct Followed {
    name: String,
}

impl Event for Followed {
    const NAME: &'static str = "test.followed";
}

#[test]
fn those_that_follow_one_another_are_taken_together_and_what_they_tell_is_told_at_once() {
    on_both(SCHEMA, async |test| {
        let runs = Arc::new(Mutex::new(Vec::new()));
        let seen = runs.clone();
        let subscriptions = Subscriptions::new().take_all::<Happened, _>(move |tx, events| {
            seen.lock().unwrap().push(events.len());
            Box::pin(async move {
                for Caused { origin, event } in events {
                    tx.as_caused_by(origin.request_id.as_str(), origin.workspace);
                    tx.emit(&Followed { name: event.name });
                }
                Ok(())
            })
        });
        let bus = Bus::new();
        let mut listener = bus.listen();
        let relay = Relay::new(test.store.clone(), subscriptions, bus);
        let causes = ["first", "second"].map(|name| test.origin.caused_by(RequestId::parse(name)));
        emit(&test, &causes[0], &["a", "b"]).await;
        emit(&test, &causes[1], &["c"]).await;
        assert_eq!(relay.relay(&test.origin).await.unwrap(), 6);
        assert_eq!(relay.relay(&test.origin).await.unwrap(), 0, "all of them were told");
        assert_eq!(*runs.lock().unwrap(), [3]);
        let mut told = Vec::new();
        for _ in 0..6 {
            let Some(Heard::Event(envelope)) = listener.next().await else { panic!("nothing was heard") };
            told.push((envelope.name.clone(), envelope.data["name"].clone(), envelope.request_id.clone()));
        }
        let each = |name: &str, data: &str, cause: &str| (name.to_owned(), data.into(), cause.to_owned());
        let [one, two] = ["test.happened", "test.followed"];
        let expected = [
            each(one, "a", "first"),
            each(one, "b", "first"),
            each(one, "c", "second"),
            each(two, "a", "first"),
            each(two, "b", "first"),
            each(two, "c", "second"),
        ];
        assert_eq!(told, expected);
    });
}
