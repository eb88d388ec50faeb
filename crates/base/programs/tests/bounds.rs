//! Programs keep to their bounds, and end with whoever started them.

use std::time::Duration;

use rampart_programs::{Error, Limits, Program};

const PATH: &str = "/usr/bin:/bin";
const LONG: Duration = Duration::from_secs(60);

fn shell(script: &str) -> Program {
    Program::new("sh", PATH).arg("-c").arg(script)
}

#[tokio::test]
async fn the_environment_is_its_own() {
    let output = shell("env").env("GIVEN", "yes").output(10_000, LONG).await.unwrap();
    let output = String::from_utf8(output).unwrap();
    assert!(output.contains("GIVEN=yes") && !output.contains("CARGO"), "{output}");
}

#[tokio::test]
async fn failure_has_its_last_words() {
    let failed = shell("echo no such thing >&2; exit 3").output(10, LONG).await.unwrap_err();
    assert!(
        matches!(&failed, Error::Failed { words, status, .. } if words == "no such thing" && status.code() == Some(3))
    );
}

#[tokio::test]
async fn input_goes_in_while_output_comes_out() {
    // More than the pipes hold, in both directions.
    let input = vec![b'x'; 1_000_000];
    assert_eq!(Program::new("cat", PATH).output_of(&input, 2_000_000, LONG).await.unwrap(), input);
}

#[tokio::test]
async fn who_says_too_much_or_takes_too_long_is_ended() {
    let much = shell("yes").output(1_000, LONG).await.unwrap_err();
    assert!(matches!(much, Error::TooMuch { .. }));
    let long = shell("cat; sleep 600 & wait").output(1_000, Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(long, Error::TookTooLong { .. }));
}

#[tokio::test]
async fn dropped_it_ends_with_all_that_it_started() {
    // The grandchild holds the other end of a pipe: its end is what the reader waits for.
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    Program::new("mkfifo", PATH).arg(&pipe).output(0, LONG).await.unwrap();
    let mut running = shell("exec 3> \"$0\"; sleep 600 & echo started; wait").arg(&pipe).start().unwrap();
    let mut reader = tokio::net::unix::pipe::OpenOptions::new().open_receiver(&pipe).unwrap();
    let mut said = [0; 7];
    tokio::io::AsyncReadExt::read_exact(&mut running.stdout().unwrap(), &mut said).await.unwrap();
    drop(running);
    let mut rest = Vec::new();
    tokio::time::timeout(LONG, tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut rest)).await.unwrap().unwrap();
}

#[tokio::test]
async fn files_are_no_larger_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large");
    let limits = Limits { file_bytes: Some(10_240), ..Limits::default() };
    let script = "head -c 1000000 /dev/zero > \"$0\"";
    assert!(shell(script).arg(&file).limits(limits).output(0, LONG).await.is_err());
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 10_240);
    shell(script).arg(&file).output(0, LONG).await.unwrap();
}

#[tokio::test]
async fn processor_time_is_limited() {
    let limits = Limits { processor: Some(Duration::from_secs(1)), ..Limits::default() };
    assert!(shell("while :; do :; done").limits(limits).output(0, LONG).await.is_err());
}
