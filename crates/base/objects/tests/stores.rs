//! The same promises of a folder and of a bucket.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use rampart_kernel::config::{Loader, Sources};
use rampart_objects::{Error, ObjectName, ObjectPrefix, Objects};

/// S3 on a free port of this machine, for one test.
struct S3 {
    process: Child,
    endpoint: String,
}

impl S3 {
    fn start() -> S3 {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/s3/.venv/bin/moto_server");
        assert!(program.exists(), "the S3 server is not installed: sh xtask/setup.sh test");
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", "0"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            if let Some((_, address)) = line.split_once("Running on ") {
                return S3 { process, endpoint: address.trim().to_owned() };
            }
        }
        let _ = process.kill();
        panic!("the S3 server ended before it answered: {:?}", process.wait());
    }

    async fn bucket(&self) -> Objects {
        let client = rampart_egress::client(Duration::from_secs(30)).unwrap();
        let made = client.put(format!("{}/rampart", self.endpoint)).send().await.unwrap();
        assert!(made.status().is_success());
        self.objects("rampart")
    }

    fn objects(&self, bucket: &str) -> Objects {
        let mut loader = Loader::new(Sources::of_variables([
            ("OBJECT_STORE", "s3"),
            ("S3_BUCKET_NAME", bucket),
            ("S3_ENDPOINT", &self.endpoint),
            ("S3_FORCE_PATH_STYLE", "true"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ]));
        let (settings, aws) = (loader.group().unwrap(), loader.group().unwrap());
        Objects::open(&settings, &aws, &PathBuf::new()).unwrap()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn on_both(test: impl AsyncFn(Objects)) {
    let folder = tempfile::tempdir().unwrap();
    test(Objects::in_folder(folder.path()).unwrap()).await;
    let s3 = S3::start();
    test(s3.bucket().await).await;
}

fn name(text: &str) -> ObjectName {
    text.parse().unwrap()
}

#[tokio::test]
async fn what_is_put_is_got_in_whole_or_in_part() {
    on_both(async |objects| {
        let name = name("reports/2026/one.txt");
        assert!(matches!(objects.get(&name, None).await.err(), Some(Error::NotFound)));
        let stored = objects.put_bytes(&name, Bytes::from("hello, store")).await.unwrap();
        assert_eq!(stored.size_bytes, 12);
        // Of `printf 'hello, store' | sha256sum`.
        assert_eq!(stored.sha256, "dc65b907380db5876cc5c953af9f2b621e7c7ae6b944cb36c2982e71f8d574d6");
        let got = objects.get(&name, Some(7..100)).await.unwrap();
        assert_eq!((got.size_bytes, got.range.clone()), (12, 7..12));
        assert_eq!(got.bytes(100).await.unwrap(), "store");
        assert!(matches!(objects.get(&name, Some(12..20)).await.err(), Some(Error::Range)));
        assert!(matches!(objects.get(&name, None).await.unwrap().bytes(5).await, Err(Error::TooLarge(5))));
        objects.put_bytes(&name, Bytes::from("again")).await.unwrap();
        assert_eq!(objects.get(&name, None).await.unwrap().bytes(100).await.unwrap(), "again");
        objects.delete(&name).await.unwrap();
        objects.delete(&name).await.unwrap();
        assert!(matches!(objects.get(&name, None).await.err(), Some(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_large_stream_is_put_in_parts_and_one_that_breaks_off_or_is_too_long_not_at_all() {
    on_both(async |objects| {
        let name = name("uploads/large.bin");
        let chunk = Bytes::from(vec![7_u8; 1 << 20]);
        let chunks = |count: usize| {
            let chunk = chunk.clone();
            stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(chunk.clone())))
        };
        let stored = objects.put(&name, chunks(20), 64 << 20).await.unwrap();
        assert_eq!(stored.size_bytes, 20 << 20);
        assert_eq!(objects.get(&name, None).await.unwrap().bytes(64 << 20).await.unwrap().len(), 20 << 20);

        let other: ObjectName = "uploads/other.bin".parse().unwrap();
        for (limit, good) in [(64 << 20, 10), (9 << 20, 20)] {
            let broken = futures_util::StreamExt::chain(
                chunks(good),
                stream::iter([Err(std::io::Error::other("the line went dead"))]),
            );
            let error = objects.put(&other, broken, limit).await.unwrap_err();
            assert!(matches!(error, Error::Source(_) | Error::TooLarge(_)), "{error}");
        }
        let left = objects.list(&"uploads".parse().unwrap(), None, 10).await.unwrap();
        assert_eq!(left.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["uploads/large.bin"]);
    })
    .await;
}

#[tokio::test]
async fn lists_are_ordered_and_limited_and_stay_below_their_prefix() {
    on_both(async |objects| {
        for text in ["a/3", "a/1", "a/2/x", "ab/1", "b/1", "a/4"] {
            objects.put_bytes(&name(text), Bytes::from("x")).await.unwrap();
        }
        let names = async |after: Option<&str>, limit: usize| {
            let after = after.map(name);
            let entries = objects.list(&"a".parse::<ObjectPrefix>().unwrap(), after.as_ref(), limit).await.unwrap();
            entries.into_iter().map(|entry| entry.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(None, 2).await, ["a/1", "a/2/x"]);
        assert_eq!(names(Some("a/2/x"), 10).await, ["a/3", "a/4"]);
    })
    .await;
}

#[tokio::test]
async fn a_bucket_can_be_read_by_a_signed_address_and_a_folder_not() {
    let folder = tempfile::tempdir().unwrap();
    let local = Objects::in_folder(folder.path()).unwrap();
    assert!(local.signed_url(&name("a"), Duration::from_secs(60)).await.unwrap().is_none());

    let s3 = S3::start();
    let objects = s3.bucket().await;
    objects.put_bytes(&name("a"), Bytes::from("signed")).await.unwrap();
    let url = objects.signed_url(&name("a"), Duration::from_secs(86_400)).await.unwrap().unwrap();
    assert!(url.expose().contains("X-Amz-Expires=3600"), "an hour at most");
    let client = rampart_egress::client(Duration::from_secs(30)).unwrap();
    assert_eq!(client.get(url.expose()).send().await.unwrap().text().await.unwrap(), "signed");
}

#[tokio::test]
async fn a_store_that_is_not_there_is_said_to_be_not_there() {
    let s3 = S3::start();
    assert!(s3.bucket().await.check().await.is_ok());
    assert!(s3.objects("nowhere").check().await.is_err());
    let folder = tempfile::tempdir().unwrap();
    assert!(Objects::in_folder(folder.path()).unwrap().check().await.is_ok());
    assert!(Objects::in_folder(&PathBuf::from("/proc/nowhere")).is_err());
}

/// A process that dies in the middle leaves its unfinished file, under a name that is none.
#[tokio::test]
async fn an_unfinished_file_is_no_object() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::in_folder(folder.path()).unwrap();
    objects.put_bytes(&name("a/whole"), Bytes::from("x")).await.unwrap();
    std::fs::write(folder.path().join("a/part#1"), "half").unwrap();
    let names = objects.list(&"a".parse().unwrap(), None, 10).await.unwrap();
    assert_eq!(names.len(), 1);
    assert!(matches!(objects.get(&name("a/part"), None).await.err(), Some(Error::NotFound)));
}
