//! The use cases of artifacts.

use bytes::Bytes;
use rampart_access::Ctx;

use super::model::{Artifact, ArtifactType, Kept};
use super::store;
use crate::access::ReadScans;
use crate::model::{ArtifactId, ScanId};
use crate::service::{Analysis, Result};

impl Analysis {
    /// The newest first, at most a hundred.
    ///
    /// # Errors
    /// When there is no such session in the caller's workspace.
    pub async fn artifacts(&self, ctx: &Ctx, session: ScanId, kind: Option<ArtifactType>) -> Result<Vec<Artifact>> {
        let granted = ctx.require::<ReadScans>()?;
        let mut reader = self.store.read().await?;
        crate::store::get(&mut reader, &granted, session).await?;
        let kept = store::list(&mut reader, &granted, session, kind).await?;
        Ok(kept.into_iter().map(|kept| Artifact::new(kept, &self.objects)).collect())
    }

    /// An artifact with its bytes.
    ///
    /// # Errors
    /// When there is none in the caller's workspace; [`crate::Error::ReportExpired`] when it is kept no more.
    pub(super) async fn artifact(&self, ctx: &Ctx, id: ArtifactId) -> Result<(Kept, Bytes)> {
        let granted = ctx.require::<ReadScans>()?;
        let kept = store::get(&mut self.store.read().await?, &granted, id).await?;
        let bytes = self.kept_bytes(ctx, &kept.object, kept.expires_at).await?;
        Ok((kept, bytes))
    }
}
