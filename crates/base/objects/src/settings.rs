//! Where objects are.

use rampart_egress::Endpoint;

rampart_kernel::named! {
    /// What holds objects.
    pub enum Kind {
        /// A folder of this machine.
        Folder = "fs",
        S3 = "s3",
    }
}

rampart_kernel::settings! {
    /// Where objects are.
    pub struct ObjectSettings {
        /// What holds reports, uploads and backups: fs (below DATA_DIR) or s3.
        kind: Kind = "fs" from "OBJECT_STORE",
        /// Bucket.
        bucket: Option<String> = "" from "S3_BUCKET_NAME" | "S3_BUCKET",
        /// Address of a store that speaks S3 and is not AWS.
        endpoint: Option<Endpoint> = "" from "S3_ENDPOINT",
        /// Name the bucket in the path, not in the host: most stores that are not AWS want that.
        path_style: bool = "false" from "S3_FORCE_PATH_STYLE",
    }
}
