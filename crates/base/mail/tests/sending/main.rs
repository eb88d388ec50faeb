//! Messages on their way: written with their cause, sent by a job over a real connection, retried or given up.

use std::sync::Arc;
use std::time::Duration;

use rampart_aws::AwsSettings;
use rampart_jobs::{Handlers, JobId, Jobs, Status, Worker};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_mail::{Address, Error, Link, Locale, MIGRATIONS, Mail, MailSettings, Message, Name};
use rampart_store::Migration;
use rampart_testkit::{SmtpOptions, SmtpSink, TestStore, on_both};

mod services;

/// The secret of AWS's documentation; it opens nothing.
const AWS_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const TOKEN: &str = "a-token-that-opens-the-account";

fn migrations() -> Vec<Migration> {
    [rampart_jobs::MIGRATIONS, MIGRATIONS].concat()
}

fn settings(variables: &[(&str, &str)]) -> MailSettings {
    let mut loader = Loader::new(Sources::of_variables(variables.iter().copied()));
    let settings = loader.group();
    loader.finish().unwrap();
    settings.unwrap()
}

/// The key of AWS's documentation; it opens nothing.
fn aws() -> AwsSettings {
    let variables =
        [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", AWS_SECRET), ("AWS_REGION", "eu-west-1")];
    let mut loader = Loader::new(Sources::of_variables(variables));
    loader.group().unwrap()
}

struct Office {
    mail: Mail,
    jobs: Jobs,
    worker: Worker,
}

fn office(test: &TestStore, settings: &MailSettings) -> Office {
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let jobs = Jobs::new(test.store.clone());
    let mail = Mail::new(test.store.clone(), jobs.clone(), keys, settings, &aws()).unwrap();
    let worker = Worker::new(jobs.clone(), mail.handlers(Handlers::new()), test.origin.clone());
    Office { mail, jobs, worker }
}

fn plain(sink: &SmtpSink) -> MailSettings {
    settings(&[
        ("EMAIL_PROVIDER", "smtp"),
        ("EMAIL_FROM", "Rampart <rampart@rampart.example>"),
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", &sink.address.port().to_string()),
        ("SMTP_TLS", "none"),
    ])
}

fn message() -> Message {
    Message::ResetPassword {
        name: Name::new("Ada"),
        link: Link::parse(&format!("https://rampart.example/app/reset?token={TOKEN}")).unwrap(),
        minutes: 60,
    }
}

async fn write(test: &TestStore, office: &Office) -> JobId {
    let to: Address = "ada@example.org".parse().unwrap();
    let mut tx = test.store.begin(&test.origin).await.unwrap();
    let job = office.mail.send(&mut tx, &to, Locale::En, message()).await.unwrap();
    tx.commit().await.unwrap();
    job
}

async fn waiting(test: &TestStore) -> i64 {
    let row = test.store.read().await.unwrap().get("SELECT COUNT(*) AS count FROM mails", &[]).await.unwrap();
    row.get("count").unwrap()
}

#[test]
fn a_message_is_sent_when_and_only_when_its_cause_is_durable() {
    on_both(&migrations(), async |test| {
        let sink = SmtpSink::start(SmtpOptions::default()).await;
        let office = office(&test, &plain(&sink));
        let mut lost = test.store.begin(&test.origin).await.unwrap();
        office.mail.send(&mut lost, &"eve@example.org".parse().unwrap(), Locale::En, message()).await.unwrap();
        drop(lost);
        let job = write(&test, &office).await;
        office.worker.drain().await.unwrap();

        let [received] = &sink.messages()[..] else { panic!("{:?}", sink.messages()) };
        assert_eq!(
            (received.from.as_str(), &received.to[..]),
            ("rampart@rampart.example", &["ada@example.org".to_owned()][..])
        );
        assert_eq!(received.subject, "Set a new password");
        assert_eq!(received.message_id, format!("{job}@rampart.example"));
        assert!(received.text.contains(TOKEN) && received.html.contains(TOKEN));
        assert!(received.raw.contains("Auto-Submitted: auto-generated"));
        assert_eq!(waiting(&test).await, 0);
        // Once more, as after a crash behind the sending: there is nothing left to send.
        office.worker.drain().await.unwrap();
        assert_eq!(sink.messages().len(), 1);
    });
}

#[test]
fn a_waiting_message_is_sealed() {
    on_both(&migrations(), async |test| {
        let sink = SmtpSink::start(SmtpOptions::default()).await;
        let office = office(&test, &plain(&sink));
        write(&test, &office).await;
        let mut reader = test.store.read().await.unwrap();
        let mail: String = reader.get("SELECT message FROM mails", &[]).await.unwrap().get("message").unwrap();
        let job: serde_json::Value = reader.get("SELECT payload FROM jobs", &[]).await.unwrap().get("payload").unwrap();
        for text in [mail, job.to_string()] {
            assert!(!text.contains(TOKEN) && !text.contains("ada@example.org"), "{text}");
        }
    });
}

#[test]
fn what_is_not_taken_now_is_sent_later_and_is_the_same_message() {
    on_both(&migrations(), async |test| {
        let sink = SmtpSink::start(SmtpOptions::default()).await;
        let office = office(&test, &plain(&sink));
        sink.refuse("RCPT", "451 4.7.1 come back later");
        let job = write(&test, &office).await;
        office.worker.drain().await.unwrap();
        let info = office.jobs.find(job).await.unwrap().unwrap();
        assert_eq!((info.status, info.attempts), (Status::Queued, 1));
        assert!(info.last_error.as_deref().unwrap().contains("come back later"), "{info:?}");
        assert!(sink.messages().is_empty());
        test.clock.advance(Duration::from_secs(20));
        office.worker.drain().await.unwrap();
        assert_eq!(sink.messages()[0].message_id, format!("{job}@rampart.example"));
    });
}

#[test]
fn what_is_refused_for_good_is_given_up_with_the_reason_and_can_be_put_back() {
    on_both(&migrations(), async |test| {
        let sink = SmtpSink::start(SmtpOptions::default()).await;
        let office = office(&test, &plain(&sink));
        sink.refuse("RCPT", "550 5.1.1 nobody of that name");
        let job = write(&test, &office).await;
        office.worker.drain().await.unwrap();
        let [letter] = &office.jobs.dead_letters(Some("notifications"), 10, 0).await.unwrap()[..] else { panic!() };
        assert_eq!((letter.job, letter.attempts), (job, 1));
        assert!(letter.error.contains("nobody of that name") && !letter.error.contains(TOKEN), "{}", letter.error);
        assert!(office.jobs.requeue(&test.origin, job).await.unwrap());
        office.worker.drain().await.unwrap();
        assert_eq!(sink.messages().len(), 1);
    });
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_again() {
    let test = TestStore::new(rampart_store::Dialect::Sqlite, &migrations()).await;
    let sink = SmtpSink::start(SmtpOptions::default()).await;
    let settings = plain(&sink);
    drop(sink);
    let office = office(&test, &settings);
    let job = write(&test, &office).await;
    office.worker.drain().await.unwrap();
    let info = office.jobs.find(job).await.unwrap().unwrap();
    assert_eq!(info.status, Status::Queued, "{info:?}");
}

fn protected(sink: &SmtpSink, tls: &str, authority: Option<&str>, password: &str) -> MailSettings {
    let port = sink.address.port().to_string();
    let mut variables = vec![
        ("EMAIL_PROVIDER", "smtp"),
        ("SMTP_HOST", "localhost"),
        ("SMTP_PORT", &port),
        ("SMTP_TLS", tls),
        ("SMTP_USERNAME", "rampart"),
        ("SMTP_PASSWORD", password),
    ];
    variables.extend(authority.map(|path| ("SMTP_CA", path)));
    settings(&variables)
}

/// A server with a login, and the file with what its clients must trust.
async fn guarded(test: &TestStore, options: SmtpOptions) -> (SmtpSink, String) {
    let login = Some(("rampart".to_owned(), "correct".to_owned()));
    let sink = SmtpSink::start(SmtpOptions { login, ..options }).await;
    let path = test.folder().join("authority.pem");
    std::fs::write(&path, &sink.authority).unwrap();
    (sink, path.to_str().unwrap().to_owned())
}

async fn outcome(test: &TestStore, settings: &MailSettings) -> (Status, String) {
    let office = office(test, settings);
    let job = write(test, &office).await;
    office.worker.drain().await.unwrap();
    let info = office.jobs.find(job).await.unwrap().unwrap();
    (info.status, info.last_error.unwrap_or_default())
}

#[tokio::test]
async fn connections_are_protected_and_signed_in() {
    let test = TestStore::new(rampart_store::Dialect::Sqlite, &migrations()).await;
    let modes = [
        ("starttls", SmtpOptions { start_tls: true, ..Default::default() }),
        ("tls", SmtpOptions { tls: true, ..Default::default() }),
    ];
    for (tls, options) in modes {
        let (sink, authority) = guarded(&test, options).await;
        let (status, error) = outcome(&test, &protected(&sink, tls, Some(&authority), "correct")).await;
        assert_eq!(status, Status::Completed, "{tls}: {error}");
        assert!(sink.messages()[0].protected);
    }
}

#[tokio::test]
async fn a_wrong_password_is_given_up() {
    let test = TestStore::new(rampart_store::Dialect::Sqlite, &migrations()).await;
    let (sink, authority) = guarded(&test, SmtpOptions { start_tls: true, ..Default::default() }).await;
    let (status, error) = outcome(&test, &protected(&sink, "starttls", Some(&authority), "wrong")).await;
    assert_eq!(status, Status::Dead);
    assert!(error.contains("wrong name or password"), "{error}");
    assert!(sink.messages().is_empty());
}

#[tokio::test]
async fn nothing_is_told_to_a_server_that_cannot_be_protected_or_believed() {
    let test = TestStore::new(rampart_store::Dialect::Sqlite, &migrations()).await;
    // It offers no STARTTLS; it refuses it; its certificate is nobody's.
    let (bare, authority) = guarded(&test, SmtpOptions::default()).await;
    let (refusing, refusing_authority) = guarded(&test, SmtpOptions { start_tls: true, ..Default::default() }).await;
    refusing.refuse("STARTTLS", "454 4.7.0 not now");
    let (stranger, _) = guarded(&test, SmtpOptions { start_tls: true, ..Default::default() }).await;
    for (sink, authority) in [(bare, Some(authority)), (refusing, Some(refusing_authority)), (stranger, None)] {
        let (status, error) = outcome(&test, &protected(&sink, "starttls", authority.as_deref(), "correct")).await;
        assert_eq!(status, Status::Queued, "{error}");
        let told = sink.lines().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"));
        assert!(!told && sink.messages().is_empty(), "{:?}", sink.lines());
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_the_start() {
    let test = TestStore::new(rampart_store::Dialect::Sqlite, &migrations()).await;
    let refused = |variables: &[(&str, &str)], name: &str| {
        let all: Vec<_> = [("EMAIL_PROVIDER", "smtp")].iter().chain(variables).copied().collect();
        let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
        match Mail::new(test.store.clone(), Jobs::new(test.store.clone()), keys, &settings(&all), &aws()) {
            Err(Error::Setting { setting, .. }) => assert_eq!(setting, name),
            other => panic!("{name}: {}", other.err().map_or("accepted".to_owned(), |error| error.to_string())),
        }
    };
    refused(&[], "SMTP_HOST");
    refused(&[("SMTP_HOST", "mail.example.org"), ("SMTP_TLS", "none")], "SMTP_TLS");
    refused(&[("SMTP_HOST", "localhost"), ("SMTP_USERNAME", "x")], "SMTP_PASSWORD");
    refused(&[("SMTP_HOST", "localhost"), ("SMTP_PASSWORD", "x")], "SMTP_USERNAME");
    refused(&[("SMTP_HOST", "localhost"), ("SMTP_CA", "/nowhere.pem")], "SMTP_CA");
}

#[test]
fn what_could_not_be_sent_is_forgotten_in_the_end() {
    on_both(&migrations(), async |test| {
        let sink = SmtpSink::start(SmtpOptions::default()).await;
        let office = office(&test, &plain(&sink));
        write(&test, &office).await;
        assert_eq!(office.mail.clean(&test.origin).await.unwrap(), 0);
        test.clock.advance(Duration::from_secs(31 * 24 * 3_600));
        assert_eq!(office.mail.clean(&test.origin).await.unwrap(), 1);
        assert_eq!(waiting(&test).await, 0);
    });
}
