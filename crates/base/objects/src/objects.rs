//! Putting, getting, listing and deleting.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{ClientOptions, HttpClient, HttpConnector};
use object_store::local::LocalFileSystem;
use object_store::path::Path as StorePath;
use object_store::signer::Signer;
use object_store::{GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use rampart_aws::AwsSettings;
use rampart_kernel::{Secret, Timestamp};
use reqwest::{Client, Method};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::name::{ObjectName, ObjectPrefix};
use crate::settings::{Kind, ObjectSettings};

/// What is held in memory of a stream; at least 5 MiB, as S3 takes no smaller parts.
const PART_BYTES: usize = 8 << 20;

/// For one request to S3: a part of a large object over a slow line.
const REQUEST_LIMIT: Duration = Duration::from_secs(120);

/// For all tries of a request together: whoever waits gives up, and a job comes back.
const RETRY_LIMIT: Duration = Duration::from_secs(60);
const RETRIES: usize = 4;

/// Longer ones outlive the session of whoever got them.
const LONGEST_SIGNED: Duration = Duration::from_secs(3_600);

/// Below the data folder.
const FOLDER: &str = "objects";

/// The store of objects. Clones are the same store.
#[derive(Clone, Debug)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Present when clients can be sent to the store themselves.
    s3: Option<Arc<AmazonS3>>,
    bucket: Option<String>,
    /// For people: where it is.
    place: String,
}

/// What was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub size_bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// What a list tells of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: ObjectName,
    pub size_bytes: u64,
    pub modified_at: Timestamp,
}

/// An object, or a range of it, on its way.
pub struct Object {
    /// Of the whole object.
    pub size_bytes: u64,
    /// Which bytes come.
    pub range: Range<u64>,
    stream: BoxStream<'static, object_store::Result<Bytes>>,
}

impl Object {
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
        self.stream.map_err(Error::from)
    }

    /// All of it.
    ///
    /// # Errors
    /// When it is longer than `limit` bytes, or breaks off.
    pub async fn bytes(mut self, limit: u64) -> Result<Bytes> {
        if self.range.end - self.range.start > limit {
            return Err(Error::TooLarge(limit));
        }
        let mut all = BytesMut::new();
        while let Some(chunk) = self.stream.try_next().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }
}

/// The clients of the program, for the store: the store's own would read the environment.
#[derive(Debug)]
struct Connector(Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

impl Objects {
    /// Connects to nobody yet; makes the folder when it is missing.
    ///
    /// # Errors
    /// When a setting is missing or the folder cannot be made.
    pub fn open(settings: &ObjectSettings, aws: &AwsSettings, data_dir: &Path) -> Result<Objects> {
        match settings.kind {
            Kind::Folder => Objects::in_folder(&data_dir.join(FOLDER)),
            Kind::S3 => Objects::in_bucket(settings, aws),
        }
    }

    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Objects> {
        let bad = |what: String| Error::Setting { setting: "DATA_DIR", what };
        rampart_kernel::make_private_folder(folder).map_err(|error| bad(error.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| bad(error.to_string()))?;
        let store = store.with_fsync(true).with_automatic_cleanup(true);
        Ok(Objects { store: Arc::new(store), s3: None, bucket: None, place: folder.display().to_string() })
    }

    fn in_bucket(settings: &ObjectSettings, aws: &AwsSettings) -> Result<Objects> {
        let missing =
            || Error::Setting { setting: "S3_BUCKET_NAME", what: "is needed when OBJECT_STORE is s3".to_owned() };
        let bucket = settings.bucket.clone().ok_or_else(missing)?;
        let client = rampart_egress::client(REQUEST_LIMIT);
        let client = client.map_err(|error| Error::Setting { setting: "OBJECT_STORE", what: error.to_string() })?;
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_LIMIT, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket)
            .with_region(&aws.region)
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_retry(retry)
            .with_http_connector(Connector(client));
        if let Some(endpoint) = &settings.endpoint {
            // In clear to this machine only, as the type says.
            builder = builder.with_endpoint(&endpoint.0).with_allow_http(true);
        }
        if let (Some(id), Some(secret)) = (&aws.access_key_id, &aws.secret_access_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose());
        }
        if let Some(token) = &aws.session_token {
            builder = builder.with_token(token.expose());
        }
        let built = builder.build();
        let s3 = Arc::new(built.map_err(|error| Error::Setting { setting: "OBJECT_STORE", what: error.to_string() })?);
        Ok(Objects { store: s3.clone(), s3: Some(s3), place: format!("bucket {bucket}"), bucket: Some(bucket) })
    }

    /// For people: which folder or bucket.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// `s3://…`; nothing where objects are files of the server.
    pub fn uri(&self, name: &ObjectName) -> Option<String> {
        self.bucket.as_ref().map(|bucket| format!("s3://{bucket}/{}", name.as_str()))
    }

    /// Puts a stream under a name; what was there is replaced. When the stream breaks off nothing changes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when there are more than `limit` bytes; [`Error::Source`] when the stream breaks off.
    pub async fn put<S>(&self, name: &ObjectName, stream: S, limit: u64) -> Result<Stored>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send,
    {
        let path = StorePath::from(name.as_str());
        let mut upload: Option<Box<dyn MultipartUpload>> = None;
        let mut writing = Writing::default();
        let outcome = self.write(&path, stream, limit, &mut upload, &mut writing).await;
        match (&outcome, upload) {
            (Err(_), Some(mut upload)) => {
                // What is left of it is removed now, or by the bucket's own rule.
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%name, %error, "an unfinished upload stays behind");
                }
            }
            (Ok(()), Some(mut upload)) => drop(upload.complete().await?),
            (_, None) => {}
        }
        outcome?;
        let sha256 = writing.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Stored { size_bytes: writing.size_bytes, sha256 })
    }

    async fn write<S>(
        &self,
        path: &StorePath,
        stream: S,
        limit: u64,
        upload: &mut Option<Box<dyn MultipartUpload>>,
        writing: &mut Writing,
    ) -> Result<()>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send,
    {
        let mut stream = std::pin::pin!(stream);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(Error::Source)?;
            writing.size_bytes += chunk.len() as u64;
            if writing.size_bytes > limit {
                return Err(Error::TooLarge(limit));
            }
            writing.hash.update(&chunk);
            writing.part.extend_from_slice(&chunk);
            while writing.part.len() >= PART_BYTES {
                let part = writing.part.split_to(PART_BYTES).freeze();
                if upload.is_none() {
                    *upload = Some(self.store.put_multipart(path).await?);
                }
                if let Some(upload) = upload {
                    upload.put_part(part.into()).await?;
                }
            }
        }
        let rest = PutPayload::from(std::mem::take(&mut writing.part).freeze());
        match upload {
            Some(upload) if rest.content_length() > 0 => upload.put_part(rest).await?,
            Some(_) => {}
            None => drop(self.store.put(path, rest).await?),
        }
        Ok(())
    }

    /// As [`Objects::put`], of what is in memory.
    ///
    /// # Errors
    /// As [`Objects::put`].
    pub async fn put_bytes(&self, name: &ObjectName, bytes: Bytes) -> Result<Stored> {
        let limit = bytes.len() as u64;
        self.put(name, futures_util::stream::iter([Ok(bytes)]), limit).await
    }

    /// The object, or the bytes of `range`; a range that goes beyond the end is cut.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Range`] when nothing of the range is there.
    pub async fn get(&self, name: &ObjectName, range: Option<Range<u64>>) -> Result<Object> {
        let path = StorePath::from(name.as_str());
        if let Some(range) = &range {
            // What stores say of a range that lies outside differs.
            let size = self.store.head(&path).await?.size;
            if range.start >= size || range.is_empty() {
                return Err(Error::Range);
            }
        }
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let result = self.store.get_opts(&path, options).await?;
        Ok(Object { size_bytes: result.meta.size, range: result.range.clone(), stream: result.into_stream() })
    }

    /// Whether there was one is not told: S3 does not know it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delete(&self, name: &ObjectName) -> Result<()> {
        match self.store.delete(&StorePath::from(name.as_str())).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Objects below `prefix`, in the order of their names, at most `limit`, from behind `after`. What is there and has no
    /// [`ObjectName`] was put by somebody else and is left out.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list(&self, prefix: &ObjectPrefix, after: Option<&ObjectName>, limit: usize) -> Result<Vec<Entry>> {
        let prefix = StorePath::from(prefix.as_str());
        let mut found = match after {
            Some(after) => self.store.list_with_offset(Some(&prefix), &StorePath::from(after.as_str())),
            None => self.store.list(Some(&prefix)),
        };
        let mut first = BTreeMap::new();
        while let Some(meta) = found.try_next().await? {
            let Ok(name) = meta.location.as_ref().parse::<ObjectName>() else { continue };
            let modified_at = Timestamp::from_millis(meta.last_modified.timestamp_millis());
            first.insert(name.clone(), Entry { name, size_bytes: meta.size, modified_at });
            if first.len() > limit {
                first.pop_last();
            }
            // A bucket lists in order, a folder does not.
            if self.s3.is_some() && first.len() == limit {
                break;
            }
        }
        Ok(first.into_values().collect())
    }

    /// An address under which anybody can get the object for a while, at most an hour; nothing when the program must hand it
    /// out itself.
    ///
    /// # Errors
    /// When there are no credentials.
    pub async fn signed_url(&self, name: &ObjectName, lifetime: Duration) -> Result<Option<Secret>> {
        let Some(s3) = &self.s3 else { return Ok(None) };
        let path = StorePath::from(name.as_str());
        let url = s3.signed_url(Method::GET, &path, lifetime.min(LONGEST_SIGNED)).await?;
        Ok(Some(Secret::new(String::from(url))))
    }

    /// Whether the store answers, to who we are.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<()> {
        let mut found = self.store.list(Some(&StorePath::from("probe")));
        found.try_next().await.map(drop).map_err(Error::from)
    }
}

/// A stream on its way into the store.
#[derive(Default)]
struct Writing {
    part: BytesMut,
    hash: Sha256,
    size_bytes: u64,
}
